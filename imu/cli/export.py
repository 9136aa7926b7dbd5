"""`stride export` and `stride import`: recordings in other forms, and logs of other programs."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typer

from imu import api
from imu.cli import fail
from imu.cli.analyze import open_recording
from imu.cli.text import console, require_path
from imu.errors import RecordingError
from imu.exchange.columns import ACC_UNITS, GYR_UNITS, TIME_UNITS
from imu.exchange.kinds import LOG_SUFFIXES


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
    said = api.export_recording(recording, target, settings, what=what, started_utc=_date(started), overwrite=overwrite)
    typer.echo(f"{said}.")
    return 0


def import_file(source: Path, target: Path | None, given: dict[str, Any], *, look: bool, overwrite: bool) -> int:
    """Read a log of another program; show it, or write it as .npz.

    Raises
    ------
    ImuError
        One sentence: what is wrong, and what to do.
    """
    require_path(source, suffixes=LOG_SUFFIXES)
    if source.suffix.lower() not in LOG_SUFFIXES:
        raise RecordingError(
            f"{source.name} is no log that can be imported.", hint=f"Logs end in {', '.join(LOG_SUFFIXES)}."
        )
    is_json = source.suffix.lower() == ".json"
    if not is_json:
        try:
            kind, rows, columns = api.preview_log(source, given)
        except RecordingError as error:
            if "acc" in given or not sys.stdin.isatty():
                raise
            fail(error)
            given = {**given, **_asked(source)}
            kind, rows, columns = api.preview_log(source, given)
        if look:
            _show(kind, rows, columns)
            return 0
    target = target or source.with_suffix(".npz")
    recording = api.import_log(source, target, given, overwrite=overwrite)
    for warning in recording.warnings:
        typer.echo(f"note: {warning}")
    typer.echo(
        f"{recording.n_samples} samples at {recording.stream.sampling_rate_hz:.4g} Hz written to {target}. "
        f"Next: stride analyze {target}"
    )
    return 0


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
    for name, units in (("acc_unit", ACC_UNITS), ("gyr_unit", GYR_UNITS), ("time_unit", {**TIME_UNITS, "date": 0.0})):
        if name in given and given[name] not in units:
            raise RecordingError(
                f"--{name.replace('_', '-')}: '{given[name]}' is no unit known here.", hint=f"Use {', '.join(units)}."
            )
    return given


def _asked(source: Path) -> dict[str, Any]:
    """Ask which column is what, showing the first rows."""
    from imu.exchange.text_table import open_table

    table = open_table(source)
    _rows([list(table.names), *(table.cells(i) for i in range(min(5, len(table.lines))))], {})
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


def _show(kind: str, rows: Any, columns: Any) -> None:
    meaning = dict(zip(columns.acc, ("acc x", "acc y", "acc z"), strict=True))
    meaning |= dict(zip(columns.gyr, ("gyr x", "gyr y", "gyr z"), strict=bool(columns.gyr)))
    if columns.time is not None:
        meaning[columns.time] = "time"
    typer.echo(f"Log of {kind}." if kind != "table" else "Columns are told by their names.")
    _rows(rows, meaning)
    units = [
        f"acceleration in {columns.acc_unit or 'a unit told from its size'}",
        *([f"angular rate in {columns.gyr_unit or 'dps'}"] if columns.gyr else []),
        f"time in {columns.time_unit or 'a unit told from its spacing'}"
        if columns.time is not None
        else f"no time: {columns.rate_hz:g} Hz as stated",
    ]
    typer.echo("; ".join(units) + ". Wrong? Use --acc, --gyr, --time, --acc-unit, --gyr-unit, --time-unit, --rate-hz.")


def _rows(rows: Any, meaning: dict[int, str]) -> None:
    from rich.table import Table

    table = Table(show_lines=False)
    for c, name in enumerate(rows[0]):
        table.add_column(f"{c + 1} {name}" + (f"\n= {meaning[c]}" if c in meaning else ""))
    for row in rows[1:]:
        table.add_row(*row)
    console().print(table)


def _date(text: str | None) -> datetime | None:
    from imu.exchange.provenance import parse_utc

    if text is None:
        return None
    try:
        return parse_utc(text)
    except ValueError:
        raise RecordingError(
            f"'{text}' is no date with time.", hint="Write it as 2026-11-27T10:30:00 (UTC), or with +01:00 behind it."
        ) from None
