"""Finished recordings: read and analyse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imu.errors import RecordingError
from imu.exchange.kinds import LOG_SUFFIXES
from imu.frames import turned_round
from imu.metrics.movement import movement
from imu.metrics.summary import summarise
from imu.settings import Settings
from imu.types import Analysis, Anchor, Recording, Step

if TYPE_CHECKING:
    from imu.store.reader import StoredSession


def read(
    path: str | Path,
    *,
    profile: str | None = None,
    options: dict[str, int] | None = None,
    measured_rate: bool = False,
) -> Recording:
    """Read a recording: `.stride` (our own session file), `.npz` (arrays), or a log of another program (`.csv` ...).

    Parameters
    ----------
    path : str or Path
    profile, options : str or None, dict or None
        For a session file whose sensor was not what, or not set as, was noted while recording: decode its stored
        packets again with this firmware profile and these options; see `imu.exchange.redecode.read_again`.
    measured_rate : bool
        For a session file: compute times with the rate at which the sensor really sampled.

    Raises
    ------
    ProfileError
        There is no such profile or option.
    RecordingError
        The file is missing, damaged, empty, or holds no usable acceleration; the message says which and what to do.
    """
    path = Path(path)
    if profile is not None or options or measured_rate:
        if path.suffix.lower() != ".stride" and path.exists():
            raise RecordingError(
                f"{path} holds no packets that a profile could decode.",
                hint="Only sessions (.stride) keep packets; leave out --profile, --set and --measured-rate.",
            )
        from imu.exchange.redecode import read_again

        return read_again(path, profile, options, measured_rate=measured_rate)
    if path.suffix.lower() == ".stride":
        from imu.exchange.stride import read_stride

        return read_stride(path)
    if path.suffix.lower() == ".npz":
        from imu.exchange.npz import read_npz

        return read_npz(path)
    if path.suffix.lower() in LOG_SUFFIXES:
        from imu.exchange.logs import read_log

        return read_log(path)
    if not path.exists():
        raise RecordingError(f"There is no file {path}.", hint="Check the name and the folder.")
    if path.is_dir():
        raise RecordingError(f"{path} is a folder.", hint="Name the recordings in it.")
    raise RecordingError(
        f"{path} is of a kind that cannot be read.",
        hint="Recordings end in .stride (sessions), .npz (arrays), or .csv, .txt, .json (logs of other programs).",
    )


def stored_session(path: str | Path) -> StoredSession:
    """Return a session file as it was recorded: when, by which version, its markers and stored steps.

    Raises
    ------
    RecordingError
        The file is missing, damaged, or no session file.
    """
    from imu.store.reader import read_session

    return read_session(path)


def read_as_recorded(source: str | Path | StoredSession) -> Recording:
    """Read a session without the edits that were made after the run, as its stored steps were computed.

    Raises
    ------
    RecordingError
        As `read`.
    """
    from imu.exchange.stride import to_recording
    from imu.store.reader import StoredSession, read_session

    stored = source if isinstance(source, StoredSession) else read_session(source)
    return to_recording(stored, as_recorded=True)


def settings_of(recording: Recording, typed: Mapping[str, Any] | None = None) -> Settings:
    """Settle the settings of a recording: what was typed, also where it equals a default, then what its header states.

    Raises
    ------
    SettingsError
        A setting is out of range.
    """
    typed = dict(typed or {})
    open_ones = {k: v for k, v in recording.suggested.items() if k not in typed}
    if "mounting" in typed:
        open_ones.pop("axis_hints", None)
    return Settings(**typed).with_suggestions(open_ones)


def analyze(recording: Recording, settings: Settings | None = None) -> Analysis:
    """Run the pipeline over a whole recording at full speed.

    Raises
    ------
    RecordingError
        The recording cannot be analysed (too slow, constant, gravity-free, all NaN).
    """
    from imu.api.warm import compile_once
    from imu.exchange.check import check_recording
    from imu.exchange.stride import ANCHORS, CUTS, SIDE_SWAPS, SPEED_CHANGES
    from imu.pipeline import run

    check_recording(recording)
    settings = (settings or Settings()).with_suggestions(recording.suggested)
    compile_once(settings.place)
    suggested = recording.suggested
    anchors = suggested.get(ANCHORS, ())
    result = run(recording, settings, speed_changes=suggested.get(SPEED_CHANGES, ()), anchors=anchors)
    tell_anchor(result.summary, anchors)
    swaps, cuts = recording.suggested.get(SIDE_SWAPS), recording.suggested.get(CUTS)
    if not swaps and not cuts:
        return result
    steps = tuple(
        swapped(step, swaps or ())
        for step in result.steps
        if not any(start_s <= step.ic_s < stop_s for start_s, stop_s in cuts or ())
    )
    summary = summarise(steps, recording.stream, settings)
    tell_anchor(summary, anchors)
    return replace(result, steps=steps, summary=summary)


def tell_anchor(summary: dict[str, Any], anchors: Sequence[Anchor]) -> None:
    """Write into a summary's "side" what the last knee lift has shown: "anchor", None without one."""
    last = anchors[-1] if anchors else None
    summary["side"]["anchor"] = None if last is None else {"as_stated": last.as_stated, "confidence": last.confidence}


def full_summary(recording: Recording, analysis: Analysis, settings: Settings) -> dict[str, Any]:
    """Return the summary with what the signal says beside the steps: see `imu.metrics.movement.Movement`.

    The wander of gravity in the sensor's frame is in the intervals of the left-right differences of peaks. Where a knee
    lift has shown that the sensor is worn back to front, its axes are taken so.

    Returns
    -------
    dict
        As `Analysis.summary`, and "movement".
    """
    from imu.exchange.stride import ANCHORS, SPEED_CHANGES

    one_speed = not recording.suggested.get(SPEED_CHANGES)
    anchors: Sequence[Anchor] = recording.suggested.get(ANCHORS, ())
    if anchors and not anchors[-1].as_stated and settings.mounting is not None:
        settings = replace(settings, mounting=turned_round(settings.mounting))
    found = movement(recording, analysis.steps, settings, one_speed=one_speed)
    summary = summarise(analysis.steps, recording.stream, settings, tilt_pct=found.tilt_pct)
    tell_anchor(summary, anchors)
    return {**summary, "movement": found.as_dict()}


def swapped(step: Step, swaps: Sequence[float]) -> Step:
    """Exchange the step's side if it began after an odd number of swaps."""
    odd = sum(time_s <= step.ic_s for time_s in swaps) % 2
    return replace(step, side=step.side.other) if odd else step
