"""`stride export` and `stride import`: recordings in other forms, and logs of other programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typer

from imu import api
from imu.cli import fail
from imu.cli.analyze import open_recording
from imu.cli.text import console, require_path
from imu.errors import RecordingError
from imu.exchange.kinds import LOG_SUFFIXES
from imu.types import LOG_ACC_UNITS, LOG_GYR_UNITS, LOG_TIME_UNITS, LogPreview, LogProblem

_MOST_SAID = 5


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
    seen = api.preview_log(source, given)
    if seen.problems and not look and not seen.mapping.acc and sys.stdin.isatty():
        _say(seen.problems[:1])
        given = {**given, **_asked(seen)}
        seen = api.preview_log(source, given)
    if look:
        _show(seen)
    if seen.problems:
        _say(seen.problems)
        return 2
    if look:
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
