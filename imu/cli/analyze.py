"""`stride analyze`: recordings in; steps as a table, JSON lines or CSV out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from imu import api
from imu.acquisition.profiles import choose_options, get_profile, profile_path
from imu.cli import fail
from imu.cli.machine import say_first_start
from imu.cli.profiles import read_settings
from imu.cli.steps_table import legend_lines, step_lines, summary_lines
from imu.cli.stored import number_of, stored_session
from imu.cli.text import require_path, require_writable, speed_words, to_json
from imu.errors import ImuError, RecordingError, StoreError
from imu.exchange.csv import COLUMNS, rows_of, write_steps_csv
from imu.settings import Settings
from imu.types import Analysis, Recording

_HEAD_CHARS = 100_000
"""So much of an existing file's first lines is looked at."""


def open_recording(
    path: Path,
    given: dict[str, Any],
    sensor: str | None = None,
    *,
    profile: str | None = None,
    options: dict[str, int] | None = None,
    measured_rate: bool = False,
) -> tuple[Recording, Settings]:
    """Read a recording, or a session of the library by its number, and settle the settings.

    What was typed counts, then what the header states. With a profile or options, a session's stored packets are
    decoded again.

    Raises
    ------
    ImuError
        The file cannot be read, or a setting is out of range.
    """
    settings = Settings(**given)
    number = number_of(path)
    if number is None:
        require_path(path)
    if path.is_dir():
        raise RecordingError(f"{path} is a folder.", hint=f"Name its recordings, such as {path / '*.npz'}.")
    if number is not None and sensor is None:
        recording = _of_library(number, profile, options, measured_rate=measured_rate)
    elif sensor is None:
        recording = api.read(path, profile=profile, options=options, measured_rate=measured_rate)
    elif path.suffix == ".npz":
        from imu.exchange.npz import read_npz

        recording = read_npz(path, sensor)
    else:
        raise RecordingError(f"{path.name} holds one sensor only.", hint="Leave out --sensor.")
    # typed settings win also where they equal the defaults
    open_ones = {k: v for k, v in recording.suggested.items() if k not in given}
    if "mounting" in given:
        open_ones.pop("axis_hints", None)
    warnings = recording.warnings
    if "place" not in given and "place" not in open_ones:
        assumed = f"Where the sensor was worn is not stated: {settings.place.value} is assumed (see --place)."
        warnings = (*warnings, assumed)
    return replace(recording, suggested=open_ones, warnings=warnings), settings


def _of_library(number: int, profile: str | None, options: dict[str, int] | None, *, measured_rate: bool) -> Recording:
    from imu.exchange.redecode import read_again
    from imu.exchange.stride import to_recording

    stored = stored_session(number)
    if profile is None and not options and not measured_rate:
        return to_recording(stored)
    return read_again(stored, profile, options, measured_rate=measured_rate)


def analyze_files(
    paths: Sequence[Path],
    given: dict[str, Any],
    *,
    sensor: str | None,
    as_json: bool,
    csv: Path | None,
    profile: str | None = None,
    device: Sequence[str] = (),
    measured_rate: bool = False,
    speed_unit: str | None = None,
) -> int:
    """Analyse recordings one by one; a bad one gets its sentence and does not stop the others.

    Returns
    -------
    int
        0, or 2 if any recording could not be answered.
    """
    Settings(**given)  # a wrong option is said once, not once per recording
    options = read_settings(device)
    if profile is not None:
        profile_path(profile)  # a typing mistake is said with the nearest name
        choose_options(get_profile(profile), options)
    if sensor is not None and (profile is not None or options or measured_rate):
        raise RecordingError(
            "--sensor is not for sessions.", hint="Leave it out, or leave out --profile, --set and --measured-rate."
        )
    _check_table(csv, paths)
    say_first_start()
    failed = False
    rows: list[tuple[str, Iterable[dict[str, Any]]]] = []
    for path in _expanded(paths):
        try:
            recording, settings = open_recording(
                path, given, sensor, profile=profile, options=options, measured_rate=measured_rate
            )
            result = _with_movement(recording, api.analyze(recording, settings), settings)
        except ImuError as error:
            text = str(error)
            fail(text if path.name in text else f"{_label(path)}: {text}")
            failed = True
            continue
        used = settings.with_suggestions(recording.suggested)
        if as_json:
            typer.echo(to_json(as_object(_label(path), recording, result, used, sensor)))
        elif csv is None:
            _print_table(_label(path), recording, result, used, sensor, speed_unit)
        rows.append((_label(path), rows_of(recording, result.steps)))
    if csv is not None:
        count = write_steps_csv(csv, rows)
        if not as_json:
            typer.echo(f"{count} steps of {len(rows)} recording{'s' * (len(rows) != 1)} written to {csv}")
    return 2 if failed else 0


def _check_table(csv: Path | None, paths: Sequence[Path]) -> None:
    """Refuse a table in the place of anything but an earlier table: `--csv` is not to cost a recording."""
    require_writable(csv, ".csv")
    if csv is None or not csv.exists():
        return
    if any(path.exists() and path.samefile(csv) for path in paths):
        raise StoreError(f"{csv} is one of the recordings.", hint="Choose another name for the table.")
    with csv.open(encoding="utf-8", errors="replace") as file:
        head = [file.readline(_HEAD_CHARS) for _ in range(2)]  # an exported table has a line of settings before it
    if not any(line.startswith(",".join(COLUMNS[:2])) for line in head):
        raise StoreError(f"{csv} exists already and is no table of steps.", hint="Choose another name for the table.")


WORN = {
    "worn_upside_down": "The sensor was worn upside down, against its stated axes.",
    "worn_back_to_front": "The sensor was worn back to front, against its axes as stated: sides may be exchanged.",
    "sensor_slipped": "The sensor turned during the run: compare its peaks with care.",
}


def _with_movement(recording: Recording, result: Analysis, settings: Settings) -> Analysis:
    """Add what the signal says beside the steps, and say how the sensor was worn."""
    summary = api.full_summary(recording, result, settings.with_suggestions(recording.suggested))
    said = tuple(WORN[key] for key in summary["movement"]["warnings"])
    return replace(result, summary=summary, warnings=(*result.warnings, *said))


def _expanded(paths: Sequence[Path]) -> Iterator[Path]:
    """Expand * and ? where the shell has not (Windows)."""
    for path in paths:
        found = sorted(path.parent.glob(path.name)) if set(path.name) & set("*?") and not path.exists() else []
        yield from found or [path]


def as_object(
    label: str, recording: Recording, result: Analysis, settings: Settings, sensor: str | None
) -> dict[str, Any]:
    """Return the JSON object of one recording."""
    return {
        "recording": label,
        "sensor": sensor,
        "activity": [span.as_dict() for span in result.activity],
        "summary": result.summary,
        "steps": [step.as_dict() for step in result.steps],
        "settings": settings_dict(settings),
        "sampling_rate_hz": recording.stream.sampling_rate_hz,
        "measured_rate_hz": None if recording.clock is None else recording.clock.rate_hz,
        "measured_rate_error_hz": None if recording.clock is None else recording.clock.rate_error_hz,
        "duration_s": recording.duration_s,
        "missing_samples": sum(g.stop_index - g.start_index for g in recording.gaps),
        "warnings": list(dict.fromkeys((*recording.warnings, *result.warnings))),
    }


def settings_dict(settings: Settings) -> dict[str, Any]:
    """Return the settings that were used, JSON-ready."""
    return {
        "place": settings.place.value,
        "mounting": settings.mounting,
        "sensor_side": settings.sensor_side.name.lower(),
        "first_side": settings.first_side.name.lower(),
        "body_mass_kg": settings.body_mass_kg,
        "body_height_m": settings.body_height_m,
        "speed_mps": settings.speed_mps,
    }


def _print_table(
    label: str,
    recording: Recording,
    result: Analysis,
    settings: Settings,
    sensor: str | None,
    speed_unit: str | None,
) -> None:
    lines: Iterable[str] = [
        f"{label}{f' [{sensor}]' if sensor else ''}",
        _describe(recording, settings, speed_unit),
        *(f"note: {w}" for w in dict.fromkeys((*recording.warnings, *result.warnings))),
        *step_lines(result.steps),
        *summary_lines(result, settings),
        *legend_lines(settings.place),
        "",
    ]
    for line in lines:
        typer.echo(line)


def _label(path: Path) -> str:
    number = number_of(path)
    return str(path) if number is None else f"session {number}"


def _describe(recording: Recording, settings: Settings, speed_unit: str | None) -> str:
    stream = recording.stream
    missing = sum(g.stop_index - g.start_index for g in recording.gaps)
    parts = [
        f"{recording.duration_s:.1f} s at {stream.sampling_rate_hz:.4g} Hz"
        + (f" ({recording.clock.measured})" if recording.clock is not None and recording.clock.measured else ""),
        f"sensor at the {settings.place.value}"
        + (f", {settings.sensor_side.name.lower()}" if settings.sensor_side else ""),
    ]
    if missing:
        share = 100.0 * missing / (missing + recording.n_samples)
        parts.append(
            f"{missing} samples missing ({share:.1f} %) in {len(recording.gaps)} gap{'s' * (len(recording.gaps) > 1)}"
        )
    if settings.body_mass_kg:
        parts.append(f"{settings.body_mass_kg:g} kg")
    parts.append(speed_words(settings.speed_mps, speed_unit) if settings.speed_mps else "speed not known")
    return "; ".join(parts)
