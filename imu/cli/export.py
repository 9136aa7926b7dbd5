"""`stride export`: recordings in other forms."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typer

from imu import api
from imu.cli.analyze import open_recording
from imu.cli.stored import number_of, open_library
from imu.errors import RecordingError


def export_file(
    source: Path,
    target: Path,
    given: dict[str, Any],
    *,
    sensor: str | None,
    raw: bool | None,
    started: str | None,
    overwrite: bool,
) -> int:
    """Write one recording in another form.

    Raises
    ------
    ImuError
        One sentence: what is wrong, and what to do.
    """
    recording, settings = open_recording(source, given, sensor)
    what: Literal["steps", "raw"] | None = None if raw is None else "raw" if raw else "steps"
    since = date_of(started)
    if (number := number_of(source)) is not None and since is None:
        with open_library() as library:
            since = date_of(library.session_row(number).started_utc)
    said = api.export_recording(recording, target, settings, what=what, started_utc=since, overwrite=overwrite)
    typer.echo(f"{said}.")
    return 0


def date_of(text: str | None) -> datetime | None:
    """Read a date with time that the user typed; None = none was typed.

    Raises
    ------
    RecordingError
        It is none.
    """
    from imu.exchange.provenance import parse_utc

    if text is None:
        return None
    try:
        return parse_utc(text)
    except ValueError:
        raise RecordingError(
            f"'{text}' is no date with time.", hint="Write it as 2026-11-27T10:30:00 (UTC), or with +01:00 behind it."
        ) from None
