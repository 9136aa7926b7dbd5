"""What comes out: steps, stretches of activity, estimates, the analysis of a recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from imu.types.samples import StreamInfo
from imu.types.words import ActivityKind, Quality, Side


@dataclass(frozen=True, slots=True)
class Step:
    """One step, final: emitted once and never changed.

    Times are seconds on the recording's own clock, already corrected for the filters' delays. None = cannot be known.
    For a sensor on a foot or shank only that leg's contacts are seen; then `step_time_s` is None and
    `stride_time_s` is given.

    Attributes
    ----------
    index : int
        Counts from 0 in the stream.
    activity : ActivityKind
        RUNNING or WALKING.
    side, side_confidence : Side, float
        Foot on the ground, and the probability of the likelier foot; below 0.9 the side is UNKNOWN. A leg that is named
        in the settings has 1, one that is not has 0.
    ic_s, tc_s : float, float or None
        Initial contact and terminal contact (toe-off).
    contact_time_s, flight_time_s : float or None
        ic -> tc of this foot; tc -> next ic.
    step_time_s, stride_time_s : float or None
        ic -> next ic (other foot); ic -> next ic of the same foot, where known at emission.
    duty_factor : float or None
        contact time / stride time (twice the step time where the stride is not known).
    load_peak_g, load_peak_s : float or None
        Peak of acc_is low-passed at 10 Hz during stance, and its time. Running only.
    shock_peak_g : float or None
        Peak of acc_is low-passed at 50 Hz in the first 60 ms after contact; at foot and shank the peak of the
        resultant there. Running only. Not a force.
    vgrf_peak_bw : float or None
        Estimated peak vertical ground reaction force / body weight (model in docs/validation.md). Running only.
    impulse_bw_s : float or None
        Integral of acc_is / g over the step: body weight times step time, a check rather than a measurement.
    quality : Quality
    ic_latency_s, tc_latency_s, load_latency_s : float or None
        Stream time that passed between the event and the sample at which it was reported. Negative: reported before
        it happened (toe-off is foreseen from the unloading).
    """

    index: int
    activity: ActivityKind
    side: Side
    side_confidence: float
    ic_s: float
    tc_s: float | None = None
    contact_time_s: float | None = None
    flight_time_s: float | None = None
    step_time_s: float | None = None
    stride_time_s: float | None = None
    duty_factor: float | None = None
    load_peak_g: float | None = None
    load_peak_s: float | None = None
    shock_peak_g: float | None = None
    vgrf_peak_bw: float | None = None
    impulse_bw_s: float | None = None
    quality: Quality = Quality.OK
    ic_latency_s: float | None = None
    tc_latency_s: float | None = None
    load_latency_s: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values: names of enums in lower case, quality as a list of words."""
        row: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        row["activity"] = self.activity.value
        row["side"] = self.side.name.lower()
        row["quality"] = self.quality.words()
        return row


@dataclass(frozen=True, slots=True)
class ActivitySpan:
    """A stretch of one activity, seconds on the recording's own clock."""

    start_s: float
    end_s: float
    kind: ActivityKind

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {"start_s": self.start_s, "end_s": self.end_s, "kind": self.kind.value}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its uncertainty.

    Attributes
    ----------
    value : float or None
        None = cannot be known (too few steps).
    half_width : float or None
        Half of the 95 % interval, same unit.
    n : int
        Number of steps behind it.
    """

    value: float | None
    half_width: float | None
    n: int

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {"value": self.value, "half_width_95": self.half_width, "n": self.n}


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that came out of one recording.

    Attributes
    ----------
    steps : sequence of Step
    activity : tuple of ActivitySpan
    summary : dict
        As of `imu.metrics.summary.summarise`: JSON-ready, units in the names.
    stream : StreamInfo
    warnings : tuple of str
    """

    steps: Sequence[Step]
    activity: tuple[ActivitySpan, ...]
    summary: dict[str, Any]
    stream: StreamInfo
    warnings: tuple[str, ...] = ()

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return the steps as a dict of arrays, the unit in every name; None becomes NaN."""
        return step_columns(self.steps)


def step_columns(steps: Sequence[Step]) -> dict[str, npt.NDArray[Any]]:
    """Turn steps into arrays, one per field; None becomes NaN, enums become their names."""
    rows = [s.as_dict() for s in steps]
    out: dict[str, npt.NDArray[Any]] = {}
    for f in fields(Step):
        values = [row[f.name] for row in rows]
        if f.name in {"side", "activity"}:
            out[f.name] = np.array(values, dtype="U8")
        elif f.name == "quality":
            out[f.name] = np.array([" ".join(v) for v in values], dtype="U64")
        else:
            out[f.name] = np.array([np.nan if v is None else v for v in values], dtype=float)
    return out
