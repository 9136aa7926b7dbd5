"""One door to all exports: the file's ending says the form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, NamedTuple

from imu.errors import RecordingError
from imu.exchange.provenance import Export

What = Literal["steps", "raw"]


class Form(NamedTuple):
    """One form of export: what it holds, and who writes it."""

    ending: str
    what: What
    title: str
    rows: str
    write: Callable[[Path, Export], int]


def _steps_csv(path: Path, export: Export) -> int:
    from imu.exchange.csv import rows_of, write_steps_csv

    name = Path(export.recording.path).name
    return write_steps_csv(path, [(name, rows_of(export.recording, export.result.steps))], export.provenance())


def _steps_parquet(path: Path, export: Export) -> int:
    from imu.exchange.parquet import write_steps_parquet

    return write_steps_parquet(path, export)


def _fit(path: Path, export: Export) -> int:
    from imu.exchange.fit import write_fit

    return write_fit(path, export)


def _fhir(path: Path, export: Export) -> int:
    from imu.exchange.fhir import write_fhir

    return write_fhir(path, export)


def _raw_csv(path: Path, export: Export) -> int:
    from imu.exchange.raw import write_raw_csv

    return write_raw_csv(path, export)


def _raw_npz(path: Path, export: Export) -> int:
    from imu.exchange.raw import write_raw_npz

    return write_raw_npz(path, export)


FORMS: Final = (
    Form(".csv", "steps", "steps as a table", "steps", _steps_csv),
    Form(".parquet", "steps", "steps as Parquet", "steps", _steps_parquet),
    Form(".fit", "steps", "activity with running dynamics (FIT)", "seconds", _fit),
    Form(".json", "steps", "means as FHIR Observations", "observations", _fhir),
    Form(".csv", "raw", "samples as a table", "samples", _raw_csv),
    Form(".npz", "raw", "samples as arrays", "samples", _raw_npz),
)


def form_for(path: Path, what: What | None = None) -> Form:
    """Return the form for a file's ending.

    Raises
    ------
    RecordingError
        No form has this ending, or none of what was asked for.
    """
    fitting = [f for f in FORMS if f.ending == path.suffix.lower() and what in {None, f.what}]
    if fitting:
        return fitting[0]
    endings = ", ".join(dict.fromkeys(f.ending for f in FORMS if what in {None, f.what}))
    kind = {"raw": "Samples", "steps": "Steps", None: "A recording"}[what]
    raise RecordingError(
        f"{kind} cannot be exported to '{path.suffix or path.name}'.", hint=f"Let the file end in one of: {endings}."
    )
