"""`stride import`: logs of other programs, shown, written as a file, or taken into the library."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from imu import api
from imu.cli import fail
from imu.cli.text import console, require_path
from imu.errors import ImuError, RecordingError
from imu.exchange.kinds import LOG_SUFFIXES, RECORDING_SUFFIXES
from imu.types import LOG_ACC_UNITS, LOG_GYR_UNITS, LOG_TIME_UNITS, LogPreview, LogProblem

_MOST_SAID = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `stride import` was asked for.

    Attributes
    ----------
    columns : dict
        What was stated of the columns; see `stated_columns`.
    settings : dict
        Settings that were typed.
    look : bool
        Show, and write nothing.
    out : Path or None
    overwrite : bool
    in_library : bool
    client : str or None
        Code of the client whose it is.
    sensor : str or None
    started : datetime or None
    """

    columns: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    look: bool = False
    out: Path | None = None
    overwrite: bool = False
    in_library: bool = False
    client: str | None = None
    sensor: str | None = None
    started: datetime | None = None


def import_files(sources: Sequence[Path], wanted: Wanted) -> int:
    """Read logs of other programs one by one; a bad one gets its sentence and does not stop the others.

    Returns
    -------
    int
        0, or 2 if any of them could not be imported.

    Raises
    ------
    ImuError
        The options contradict each other, or there is no such client.
    """
    _check(sources, wanted)
    if wanted.in_library and not wanted.look:
        return _into_library(sources, wanted)
    failed = False
    for source in sources:
        try:
            failed |= not _into_file(source, wanted)
        except ImuError as error:
            _fail_of(source, error)
            failed = True
    return 2 if failed else 0


def _check(sources: Sequence[Path], wanted: Wanted) -> None:
    if wanted.in_library and (wanted.out is not None or wanted.overwrite):
        raise RecordingError(
            "--library and --out are two different things.", hint="Leave one of them out; both can be done in turn."
        )
    alone = {"--client": wanted.client, "--sensor": wanted.sensor, "--started": wanted.started}
    needless = next((name for name, value in alone.items() if value is not None), None)
    if not wanted.in_library and needless:
        raise RecordingError(f"{needless} is for the library.", hint="Add --library, or leave it out.")
    if wanted.out is not None and len(sources) > 1:
        raise RecordingError(f"{len(sources)} files cannot be written to one.", hint="Leave out --out.")


def _into_file(source: Path, wanted: Wanted) -> bool:
    require_path(source, suffixes=LOG_SUFFIXES)
    if source.suffix.lower() not in LOG_SUFFIXES:
        raise RecordingError(
            f"{source.name} is no log of another program.",
            hint=f"Logs end in {', '.join(LOG_SUFFIXES)}; with --library, .npz and .stride can be taken in too.",
        )
    columns = _columns(source, wanted)
    if columns is None:
        return False
    if wanted.look:
        return True
    target = wanted.out or source.with_suffix(".npz")
    recording = api.import_log(source, target, columns, wanted.settings, overwrite=wanted.overwrite)
    for warning in recording.warnings:
        typer.echo(f"note: {warning}")
    typer.echo(
        f"{recording.n_samples} samples at {recording.stream.sampling_rate_hz:.4g} Hz written to {target}. "
        f"Next: stride analyze {target}"
    )
    return True


def _into_library(sources: Sequence[Path], wanted: Wanted) -> int:
    from imu.cli.library import client_id_of

    failed = False
    with api.Library.open() as library:
        client_id = None if wanted.client is None else client_id_of(library, wanted.client)
        for source in sources:
            try:
                require_path(source, suffixes=RECORDING_SUFFIXES)
                columns = _columns(source, wanted) if source.suffix.lower() in LOG_SUFFIXES else wanted.columns
                if columns is None:
                    failed = True
                    continue
                row = api.import_to_library(
                    library,
                    source,
                    wanted.settings,
                    client_id=client_id,
                    columns=columns,
                    sensor=wanted.sensor,
                    started_utc=wanted.started,
                )
                for warning in library.session(row.id).warnings:
                    typer.echo(f"note: {warning}")
            except ImuError as error:
                _fail_of(source, error)
                failed = True
                continue
            whose = f" of {row.client_code}" if row.client_code else ""
            typer.echo(
                f"{source}: session {row.id}{whose}, {row.n_steps or 0} steps in {row.duration_s or 0.0:.1f} s. "
                f"Next: stride analyze {row.id}"
            )
    return 2 if failed else 0


def _columns(source: Path, wanted: Wanted) -> dict[str, Any] | None:
    """Return what to believe of a log's columns, shown or asked where that is wanted; None = it cannot be read."""
    columns = wanted.columns
    seen = api.preview_log(source, columns)
    if seen.problems and not wanted.look and not seen.mapping.acc and sys.stdin.isatty():
        _say(seen.problems[:1])
        columns = {**columns, **_asked(seen)}
        seen = api.preview_log(source, columns)
    if wanted.look:
        _show(seen)
    _say(seen.problems)
    return None if seen.problems else columns


def _fail_of(source: Path, error: ImuError) -> None:
    text = str(error)
    fail(text if source.name in text else f"{source.name}: {text}")


def stated_columns(**options: Any) -> dict[str, Any]:
    """Check what the user states of a log's columns; what was left out is not in it.

    Raises
    ------
    RecordingError
        Not three columns, or an unknown unit.
    """
    given = {k: v for k, v in options.items() if v is not None}
    for name in ("acc", "gyr"):
        if name in given:
            given[name] = tuple(given[name].split(","))
            if len(given[name]) != 3:
                raise RecordingError(
                    f"--{name} needs three columns, x, y and z, but has {len(given[name])}.",
                    hint=f"Write --{name} X,Y,Z with the names or numbers of the columns.",
                )
    for name, units in (("acc_unit", LOG_ACC_UNITS), ("gyr_unit", LOG_GYR_UNITS), ("time_unit", LOG_TIME_UNITS)):
        if name in given and given[name] not in units:
            raise RecordingError(
                f"--{name.replace('_', '-')}: '{given[name]}' is no unit known here.", hint=f"Use {', '.join(units)}."
            )
    return given


def _asked(seen: LogPreview) -> dict[str, Any]:
    """Ask which column is what, showing the first rows."""
    _rows(seen, {})
    answers: dict[str, Any] = {
        "acc": tuple(
            typer.prompt("Acceleration x, y, z: three columns (names, or numbers from 1), with commas").split(",")
        )
    }
    gyr = typer.prompt("Angular rate x, y, z (Enter = none)", default="", show_default=False)
    if gyr:
        answers["gyr"] = tuple(gyr.split(","))
    time = typer.prompt("Time (Enter = none)", default="", show_default=False)
    if time:
        answers["time"] = time
    else:
        answers["rate_hz"] = typer.prompt("Sampling rate in Hz", type=float)
    return answers


def _say(problems: Sequence[LogProblem]) -> None:
    for problem in problems[:_MOST_SAID]:
        fail(problem.text, problem.hint)
    if len(problems) > _MOST_SAID:
        fail(f"there are more than {_MOST_SAID} such places.")


def _show(seen: LogPreview) -> None:
    at = seen.mapping
    meaning = dict(zip(at.acc, ("acc x", "acc y", "acc z"), strict=False))
    meaning |= dict(zip(at.gyr, ("gyr x", "gyr y", "gyr z"), strict=False))
    if at.time is not None:
        meaning[at.time] = "time"
    typer.echo(f"Log of {seen.kind}." if seen.kind else "Columns are told by their names.")
    if seen.names:
        _rows(seen, meaning)
    if seen.problems:
        return
    for note in seen.notes:
        typer.echo(f"note: {note}")
    said = [f"{seen.n_samples} samples at {seen.sampling_rate_hz:.4g} Hz, {seen.duration_s:.1f} s"]
    if seen.n_missing:
        said.append(f"{seen.n_missing} missing")
    if seen.acc_size_g is not None:
        said.append(f"acceleration is {seen.acc_size_g:.2f} g in size (about 1 g if it is read right)")
    if at.acc:
        said.append(f"acceleration in {at.acc_unit}")
        said += [f"angular rate in {at.gyr_unit}"] if at.gyr else []
        said.append(f"time in {at.time_unit}" if at.time is not None else "no time: evenly spaced as stated")
    typer.echo("; ".join(said) + ".")
    if at.acc:
        typer.echo("Wrong? Use --acc, --gyr, --time, --acc-unit, --gyr-unit, --time-unit, --rate-hz.")


def _rows(seen: LogPreview, meaning: dict[int, str]) -> None:
    from rich.table import Table

    table = Table(show_lines=False)
    for c, name in enumerate(seen.names):
        table.add_column(f"{c + 1} {name}" + (f"\n= {meaning[c]}" if c in meaning else ""))
    for row in seen.rows:
        table.add_row(*row)
    console().print(table)
