"""Numbers over many steps, each with its 95 % interval: of a whole recording, and of the window on the screen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from imu.constants import FILTER_VERSION, S_PER_MIN
from imu.dsp import design
from imu.metrics.asymmetry import (
    LATERAL_SENSOR,
    ONE_LEG_SENSOR,
    Symmetry,
    refused,
    symmetry_index,
)
from imu.metrics.columns import AMPLITUDES, Columns, columns
from imu.metrics.force import shipped_model
from imu.metrics.intervals import NO_MEAN, STEPS, STRIDES, Drift, Mean, known, mean_of, ratio_of
from imu.settings import Settings
from imu.types import ActivityKind, Estimate, FloatArray, Place, Quality, Side, Step, StreamInfo
from imu.types.step_table import StepTable, numbers_of, of_activity

METRICS = (
    "step_time_s",
    "stride_time_s",
    "contact_time_s",
    "flight_time_s",
    "duty_factor",
    "load_peak_g",
    "shock_peak_g",
    "vgrf_peak_bw",
)
"""Fields of `Step` that are summarised, per side too."""

COMPARED = ("step_time_s", "contact_time_s", "flight_time_s", "load_peak_g", "shock_peak_g", "vgrf_peak_bw")
"""Fields whose left and right are compared."""

WINDOW_STEPS = 100
"""Steps of the live window: about 35 s of running, +-2 % for a quantity that varies by 7 % from step to step."""

_LATENCIES = ("ic_latency_s", "tc_latency_s", "load_latency_s")


def _cadence(time: Mean, steps_per_time: float) -> Mean:
    """Turn a mean step (1) or stride (2) time into steps per minute: 60 k / T, error by the delta method."""
    if not time.value > 0.0:
        return NO_MEAN
    value = S_PER_MIN * steps_per_time / time.value
    return Mean(value, value * time.standard_error / time.value, time.dof, time.n)


def cadence_of(data: Columns) -> Mean:
    """Cadence from step times; from stride times where only one leg is seen."""
    step = mean_of(data.values["step_time_s"])
    return _cadence(step, 1.0) if step.n else _cadence(mean_of(data.values["stride_time_s"], STRIDES), 2.0)


def drift_of(place: Place) -> Drift:
    """Usual shape of a series of all steps: a sensor on one leg has a value per stride."""
    return STRIDES if place in {Place.FOOT, Place.SHANK} else STEPS


def _symmetry(data: Columns, name: str, place: Place, tilt_pct: float = 0.0) -> Symmetry:
    left, right = data.of(name, Side.LEFT), data.of(name, Side.RIGHT)
    n_left, n_right = int(np.isfinite(left).sum()), int(np.isfinite(right).sum())
    if place in {Place.FOOT, Place.SHANK}:
        return refused(ONE_LEG_SENSOR, n_left, n_right)
    if name not in AMPLITUDES:
        return symmetry_index(left, right)
    if place is Place.HIP:
        return refused(LATERAL_SENSOR, n_left, n_right)
    return symmetry_index(left, right, tilt_pct=tilt_pct)


def summarise(
    steps: Sequence[Step], stream: StreamInfo, settings: Settings, *, tilt_pct: float = 0.0
) -> dict[str, Any]:
    """Summarise steps of one recording; JSON-ready, the unit in every name, None where unknown.

    Means are over running steps, in the order of time, without steps after a gap, frozen or (amplitudes) at the range
    limit, and without the times of missed contacts. Each is {"value", "half_width_95", "n"}.

    Parameters
    ----------
    steps : sequence of Step
    stream : StreamInfo
    settings : Settings
    tilt_pct : float
        Symmetry index that the sensor's residual tilt could fake, added to the half-width of every amplitude's
        symmetry index (see `imu.metrics.asymmetry.tilt_error_pct`); 0 = unknown or none.

    Returns
    -------
    dict
        Keys: counts (n_steps, n_running, n_walking), duration_s (first to last contact), running_time_s, one mean per
        name of `METRICS`, cadence_spm, mean_vertical_bw (impulse over time: 1 for a level, true sensor),
        walking_cadence_spm, walking_step_time_s, left and right (the same means per side), symmetry_index_pct (per
        name of `COMPARED`), side, quality (steps per flag), ic_/tc_/load_latency_s (median, p95, max), method
        (filter cut-offs in Hz, model, version). The half-width of vgrf_peak_bw is its variation from step to step;
        the error of the model for this person is method's vgrf_peak_model_half_width_95_bw.
    """
    running, walking = (of_activity(steps, kind) for kind in (ActivityKind.RUNNING, ActivityKind.WALKING))
    data = columns(running, (*METRICS, "impulse_bw_s"))
    slow = columns(walking, ("step_time_s", "stride_time_s"))
    times = data.values["step_time_s"]
    out: dict[str, Any] = {
        "n_steps": len(steps),
        "n_running": len(running),
        "n_walking": len(walking),
        "duration_s": steps[-1].ic_s - steps[0].ic_s if steps else 0.0,
        "running_time_s": float(np.nansum(times)),
        "cadence_spm": cadence_of(data).as_estimate().as_dict(),
    }
    for name in METRICS:
        out[name] = mean_of(data.values[name], drift_of(settings.place)).as_estimate().as_dict()
    out["mean_vertical_bw"] = ratio_of(data.values["impulse_bw_s"], times).as_estimate().as_dict()
    out["walking_cadence_spm"] = cadence_of(slow).as_estimate().as_dict()
    out["walking_step_time_s"] = mean_of(slow.values["step_time_s"]).as_estimate().as_dict()
    for side in (Side.LEFT, Side.RIGHT):
        out[side.name.lower()] = {
            name: mean_of(data.of(name, side), STRIDES).as_estimate().as_dict() for name in METRICS
        }
    out["symmetry_index_pct"] = {name: _symmetry(data, name, settings.place, tilt_pct).as_dict() for name in COMPARED}
    out["side"] = _sides(steps)
    out["quality"] = _flags(steps)
    for name in _LATENCIES:
        out[name] = _spread(numbers_of(steps, name))
    out["method"] = _method(stream, settings)
    return out


def _sides(steps: Sequence[Step]) -> dict[str, Any]:
    side, confidence = numbers_of(steps, "side").copy(), numbers_of(steps, "side_confidence")  # a column in one piece
    counts = [int(np.count_nonzero(side == one)) for one in Side]
    sure = confidence[side != Side.UNKNOWN].tolist()
    return {
        "left": counts[Side.LEFT],
        "right": counts[Side.RIGHT],
        "unknown": counts[Side.UNKNOWN],
        "mean_confidence": known(math.fsum(sure) / len(sure)) if sure else None,
    }


def _flags(steps: Sequence[Step]) -> dict[str, int]:
    bits = numbers_of(steps, "quality").astype(np.int64)
    return {str(flag.name).lower(): int(np.count_nonzero(bits & int(flag))) for flag in Quality if flag}


def _spread(values: FloatArray) -> dict[str, float | int | None]:
    x = values[np.isfinite(values)]
    if len(x) == 0:
        return {"median": None, "p95": None, "max": None, "n": 0}
    x.sort()  # the same percentiles in half the time
    median, high, most = np.percentile(x, [50.0, 95.0, 100.0], overwrite_input=True)
    return {"median": float(median), "p95": float(high), "max": float(most), "n": len(x)}


def _method(stream: StreamInfo, settings: Settings) -> dict[str, Any]:
    """List the filters and models behind the numbers: a value without them cannot be compared with another."""
    fs = stream.sampling_rate_hz
    model = shipped_model()
    used = model.holds_for(settings.place)
    return {
        "version": FILTER_VERSION,
        "sampling_rate_hz": fs,
        "detection_cutoff_hz": design.low_pass(design.DETECTION_HZ, fs).cutoff_hz,
        "load_peak_cutoff_hz": design.low_pass(design.LOAD_HZ, fs).cutoff_hz,
        "shock_peak_cutoff_hz": design.low_pass(design.SHOCK_HZ, fs).cutoff_hz,
        "vgrf_peak_cutoff_hz": model.cutoff_hz if used else None,
        "vgrf_peak_model": f"{model.name}, {model.version}" if used else None,
        "vgrf_peak_model_half_width_95_bw": (model.coefficients(settings.speed_mps).half_width_95_bw if used else None),
    }


_WINDOW = ("step_time_s", "stride_time_s", "contact_time_s", "flight_time_s", "load_peak_g")


def _newest(steps: Sequence[Step], n: int) -> Sequence[Step]:
    """Return the last n running steps; of a table without making one."""
    if isinstance(steps, StepTable):
        running = of_activity(steps, ActivityKind.RUNNING)
        return running[max(len(running) - n, 0) :]
    newest: list[Step] = []
    for step in reversed(steps):
        if len(newest) == n:
            break
        if step.activity is ActivityKind.RUNNING:
            newest.append(step)
    newest.reverse()
    return newest


def _by_side(data: Columns, name: str, place: Place) -> dict[str, Estimate]:
    """Means of one quantity: of all steps, of the left ones, of the right ones."""
    stem, unit = name.rsplit("_", 1)
    return {
        name: mean_of(data.values[name], drift_of(place)).as_estimate(),
        f"{stem}_left_{unit}": mean_of(data.of(name, Side.LEFT), STRIDES).as_estimate(),
        f"{stem}_right_{unit}": mean_of(data.of(name, Side.RIGHT), STRIDES).as_estimate(),
    }


def window_loads(steps: Sequence[Step], *, place: Place = Place.SACRUM) -> dict[str, Estimate]:
    """Return the loads of `window` over all running steps, and nothing else of it: for many windows of a long run.

    Parameters
    ----------
    steps : sequence of Step
        In the order of time; quickest as a `StepTable`.
    place : Place

    Returns
    -------
    dict
        load_peak_g, load_peak_left_g, load_peak_right_g : Estimate.
    """
    return _by_side(columns(_newest(steps, len(steps)), ("load_peak_g",)), "load_peak_g", place)


def window(
    steps: Sequence[Step],
    n: int = WINDOW_STEPS,
    *,
    place: Place = Place.SACRUM,
    sides_from: int = 0,
    tilt_pct: float = 0.0,
) -> dict[str, Estimate | Symmetry]:
    """Summarise the newest running steps for the live screen: every number of a view from one and the same window.

    Parameters
    ----------
    steps : sequence of Step
        In the order of time; only its end is looked at.
    n : int
        Running steps in the window.
    place : Place
        A lateral hip sensor gets no amplitude asymmetry, a foot or shank sensor none at all.
    sides_from : int
        Steps with a smaller index do not count for left and right (the sides were swapped since).
    tilt_pct : float
        As in `summarise`.

    Returns
    -------
    dict
        load_peak_g, cadence_spm, contact_time_s, flight_time_s : Estimate; load_peak_left_g, load_peak_right_g,
        contact_time_left_s, contact_time_right_s : Estimate; load_peak_symmetry_pct, contact_time_symmetry_pct,
        step_time_symmetry_pct : Symmetry.
    """
    newest = _newest(steps, n)
    data = columns(newest, _WINDOW)
    if sides_from > 0:
        swapped = numbers_of(newest, "index") < sides_from
        data = Columns(np.where(swapped, int(Side.UNKNOWN), data.side), data.values)
    out: dict[str, Estimate | Symmetry] = {"cadence_spm": cadence_of(data).as_estimate()}
    out["flight_time_s"] = mean_of(data.values["flight_time_s"], drift_of(place)).as_estimate()
    for name in ("load_peak_g", "contact_time_s"):
        out |= _by_side(data, name, place)
    for name in ("load_peak_g", "contact_time_s", "step_time_s"):
        stem = name.rsplit("_", 1)[0]
        out[f"{stem}_symmetry_pct"] = _symmetry(data, name, place, tilt_pct)
    return out
