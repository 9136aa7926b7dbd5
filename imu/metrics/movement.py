"""Numbers that need the signal beside the steps, over a run: bounce, regularity, tilt of the sensor, stiffness."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from imu.frames import parse_mounting
from imu.metrics.columns import columns
from imu.metrics.intervals import STEPS, STRIDES, Drift, mean_of
from imu.metrics.load import SessionLoad, session_load
from imu.metrics.segment import STEPS_PER_SEGMENT, Segment, describe
from imu.metrics.stiffness import leg_stiffness
from imu.metrics.worn import Pieces, fake_difference_pct, mean_up, piece_indices, piece_span, wander, worn_warnings
from imu.settings import Settings
from imu.types import ActivityKind, Estimate, FloatArray, Place, Recording, Step

SEGMENTS = Drift(STEPS.share, STEPS.memory**STEPS_PER_SEGMENT)


@dataclass(frozen=True, slots=True)
class Movement:
    """Result over a run; an `Estimate` without a value = cannot be known.

    Attributes
    ----------
    vertical_oscillation_m : Estimate
        Of the sensor, an estimate of the body's; n = strides.
    step_regularity, stride_regularity : Estimate
        n = segments of 16 steps.
    rms_ratio_is, rms_ratio_ml, rms_ratio_pa : Estimate
    leg_stiffness_kn_m : Estimate
        Trend only.
    load : SessionLoad or None
        None for a sensor on a leg.
    lean_right_deg, lean_forward_deg : float or None
        How the sensor leans, against the stated mounting.
    residual_tilt_deg : float or None
        How far gravity wanders in the sensor's frame about its mean over the run (root mean square of segments): what
        levelling may be off by.
    moved_deg : float or None
        Between the first and the last three segments.
    tilt_pct : float
        Left-right difference of a peak that `residual_tilt_deg`, or the setting `least_tilt_deg`, could fake; 0 where
        unknown.
    warnings : tuple of str
        Text keys: worn_upside_down, worn_back_to_front, sensor_slipped.
    """

    vertical_oscillation_m: Estimate
    step_regularity: Estimate
    stride_regularity: Estimate
    rms_ratio_is: Estimate
    rms_ratio_ml: Estimate
    rms_ratio_pa: Estimate
    leg_stiffness_kn_m: Estimate
    load: SessionLoad | None
    lean_right_deg: float | None
    lean_forward_deg: float | None
    residual_tilt_deg: float | None
    moved_deg: float | None
    tilt_pct: float
    warnings: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values."""
        out: dict[str, Any] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            as_dict: Callable[[], Any] | None = getattr(value, "as_dict", None)
            out[name] = as_dict() if as_dict is not None else list(value) if isinstance(value, tuple) else value
        return out


def segments(recording: Recording, steps: Sequence[Step], mounting: FloatArray | None) -> list[Segment]:
    """Describe every segment of a recording.

    Parameters
    ----------
    recording : Recording
    steps : sequence of Step
        As analysed from it.
    mounting : ndarray, shape (3, 3), or None
    """
    return [segment for _, segment in _described(recording, steps, mounting)]


def oscillation_of_steps(recording: Recording, steps: Sequence[Step], settings: Settings) -> dict[int, float]:
    """Return the vertical movement of the sensor in metres by the number of each step, that of the stride it is in.

    A step outside the segments of 16 has none; a sensor on a leg has none at all.
    """
    if settings.place in {Place.FOOT, Place.SHANK}:
        return {}
    mounting = None if settings.mounting is None else parse_mounting(settings.mounting)
    return {
        step.index: metres
        for piece, segment in _described(recording, steps, mounting)
        for k, metres in enumerate(segment.oscillation_m)
        for step in piece[2 * k : 2 * k + 2]
    }


def _described(
    recording: Recording, steps: Sequence[Step], mounting: FloatArray | None
) -> Iterator[tuple[list[Step], Segment]]:
    if not recording.blocks:
        return
    stream = recording.stream
    first = recording.blocks[0].start_index
    acc = np.full((recording.blocks[-1].stop_index - first, 3), np.nan)
    for block in recording.blocks:
        acc[block.start_index - first : block.stop_index - first] = block.acc
    pieces = Pieces()
    for step in steps:
        piece = pieces.push(step)
        if piece is None:
            continue
        contacts, tops = piece_indices(piece, stream, first)
        start, stop = piece_span(contacts)
        segment = describe(acc[start:stop], contacts - start, tops - start, stream.sampling_rate_hz, mounting)
        if segment is not None:
            yield piece, segment


def movement(recording: Recording, steps: Sequence[Step], settings: Settings, *, one_speed: bool = True) -> Movement:
    """Collect what the signal of a finished recording says beside the contacts.

    Parameters
    ----------
    recording : Recording
    steps : sequence of Step
        As analysed from it.
    settings : Settings
    one_speed : bool
        Whether the settings' speed held all the time; without it there is no leg stiffness.
    """
    limb = settings.place in {Place.FOOT, Place.SHANK}
    mounting = None if settings.mounting is None else parse_mounting(settings.mounting)
    of_run = [] if limb else segments(recording, steps, mounting)
    ratios = [s.rms_ratio or (math.nan,) * 3 for s in of_run]
    lean = _lean(of_run, mounting)
    off, moved = wander(of_run)
    loads = (s.load_peak_g for s in steps if s.load_peak_g is not None)
    return Movement(
        vertical_oscillation_m=mean_of([v for s in of_run for v in s.oscillation_m], STRIDES).as_estimate(),
        step_regularity=_mean([s.step_regularity for s in of_run]),
        stride_regularity=_mean([s.stride_regularity for s in of_run]),
        rms_ratio_is=_mean([r[0] for r in ratios]),
        rms_ratio_ml=_mean([r[1] for r in ratios]),
        rms_ratio_pa=_mean([r[2] for r in ratios]),
        leg_stiffness_kn_m=_stiffness(steps, settings) if one_speed and not limb else Estimate(None, None, 0),
        load=None if limb else session_load(steps, settings.place),
        lean_right_deg=lean[0],
        lean_forward_deg=lean[1],
        residual_tilt_deg=off,
        moved_deg=moved,
        tilt_pct=0.0 if limb else fake_difference_pct(of_run, loads, off, settings.least_tilt_deg),
        warnings=worn_warnings(of_run, settings, mounting, moved),
    )


def _mean(values: Sequence[float | None]) -> Estimate:
    return mean_of(np.array(values, dtype=float), SEGMENTS).as_estimate()


def _stiffness(steps: Sequence[Step], settings: Settings) -> Estimate:
    mass, height, speed = settings.body_mass_kg, settings.body_height_m, settings.speed_mps
    if mass is None or height is None or speed is None:
        return Estimate(None, None, 0)
    running = [s for s in steps if s.activity is ActivityKind.RUNNING]
    data = columns(running, ("step_time_s", "contact_time_s", "flight_time_s"))
    pairs = zip(data.values["contact_time_s"].tolist(), data.values["flight_time_s"].tolist(), strict=True)
    values = [leg_stiffness(tc, tf, speed, mass, height) for tc, tf in pairs]
    return mean_of(np.array(values, dtype=float)).as_estimate()


def _lean(of_run: Sequence[Segment], mounting: FloatArray | None) -> tuple[float | None, float | None]:
    """How the sensor leans to the right and forward: gravity, in its axes, then leans to the left and backward."""
    if not of_run or mounting is None:
        return None, None
    up, right, forward = (mounting @ mean_up(of_run)).tolist()
    return math.degrees(math.atan2(-right, up)), math.degrees(math.atan2(-forward, up))
