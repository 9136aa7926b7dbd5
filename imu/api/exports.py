"""Recordings written in other forms: steps, activity, observations, samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from imu.api.files import analyze, read, settings_of
from imu.errors import StoreError
from imu.settings import Settings
from imu.store.connect import remove
from imu.types import ColumnMapping, Recording


def export_recording(
    source: str | Path | Recording,
    target: str | Path,
    settings: Settings | None = None,
    *,
    what: Literal["steps", "raw"] | None = None,
    started_utc: datetime | None = None,
    overwrite: bool = False,
) -> str:
    """Analyse a recording and write it in another form, told by the ending of `target`.

    Parameters
    ----------
    source : path or Recording
    target : path
        .csv, .parquet, .fit, .json (FHIR) hold steps or means; .npz, and .csv with `what` = "raw", hold samples.
    settings : Settings or None
    what : "steps", "raw" or None
        None = what the ending usually holds.
    started_utc : datetime or None
        Date and time of the first sample; None = as stored in a session file, else not known and not written.
    overwrite : bool
        Whether `target` may be replaced.

    Returns
    -------
    str
        One sentence: what was written.

    Raises
    ------
    ImuError
        The source cannot be read, the ending is unknown, the target exists or cannot be written, or a package that
        the form needs is missing.
    """
    from imu.exchange.export import form_for
    from imu.exchange.provenance import Export

    target = Path(target)
    form = form_for(target, what)
    check_free(target, overwrite=overwrite)
    recording = source if isinstance(source, Recording) else read(source)
    used = (settings or Settings()).with_suggestions(recording.suggested)
    result = analyze(recording, settings)
    started = started_utc or _stored_start(recording)
    with whole_or_gone(target):
        rows = form.write(target, Export(recording, result, used, started))
    return f"{rows} {form.rows} written to {target}"


def import_log(
    source: str | Path,
    target: str | Path,
    given: Mapping[str, Any] | ColumnMapping | None = None,
    typed: Mapping[str, Any] | None = None,
    *,
    overwrite: bool = False,
) -> Recording:
    """Read a log of another program and write it as .npz, which everything else reads.

    Parameters
    ----------
    source, target : path
    given : dict or ColumnMapping, optional
        What the user states of the columns, as of `preview_log`.
    typed : dict, optional
        Settings that the user states; they are written into the file's header.
    overwrite : bool

    Raises
    ------
    ImuError
        The log cannot be understood (with line and column), or the target exists or cannot be written.
    """
    from imu.exchange.logs import read_log
    from imu.exchange.provenance import Export
    from imu.exchange.raw import write_raw_npz
    from imu.types import Analysis

    target = Path(target)
    check_free(target, overwrite=overwrite)
    recording = read_log(source, given)
    nothing = Analysis((), (), {}, recording.stream)
    with whole_or_gone(target):
        write_raw_npz(target, Export(recording, nothing, settings_of(recording, typed)))
    return replace(recording, path=str(target))


@contextmanager
def whole_or_gone(target: Path) -> Iterator[None]:
    """Take away half a file where writing it failed."""
    existed = target.exists()
    try:
        yield
    except BaseException:
        if not existed:
            remove(target)
        raise


def check_free(target: Path, *, overwrite: bool) -> None:
    """Say before the work, not after it, that the target cannot be made.

    Raises
    ------
    StoreError
        It exists and may not be replaced, or its folder does not exist.
    """
    if target.exists() and not overwrite:
        raise StoreError(f"{target} exists already.", hint="Choose another name, or add --overwrite to replace it.")
    if not target.parent.is_dir():
        raise StoreError(f"There is no folder {target.parent}.", hint="Create it, or choose another one.")


def _stored_start(recording: Recording) -> datetime | None:
    from imu.exchange.provenance import parse_utc
    from imu.store.reader import read_session

    if not recording.path.endswith(".stride"):
        return None
    try:
        return parse_utc(read_session(recording.path).started_utc)
    except ValueError:
        return None
