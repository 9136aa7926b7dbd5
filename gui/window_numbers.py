"""The numbers of one window of steps, each with its interval: the one place where the dashboard asks for statistics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from imu.types import ActivityKind, Estimate, Quality, Side, Step

NOTHING = Estimate(None, None, 0)


@dataclass(frozen=True, slots=True)
class WindowNumbers:
    """All numbers of one view, from the same steps.

    Attributes
    ----------
    n : int
        Running steps in the window.
    load, load_left, load_right : Estimate
        Mean load peak in g.
    difference_pct : Estimate
        200 (R - L) / (R + L) of the load peak.
    cadence_spm : Estimate
    contact_ms : Estimate
    """

    n: int = 0
    load: Estimate = NOTHING
    load_left: Estimate = NOTHING
    load_right: Estimate = NOTHING
    difference_pct: Estimate = NOTHING
    cadence_spm: Estimate = NOTHING
    contact_ms: Estimate = NOTHING


def _mean(values: Sequence[float]) -> Estimate:
    n = len(values)
    if n < 2:
        return Estimate(values[0] if n else None, None, n)
    mean = sum(values) / n
    variance = sum((v - mean) ** 2 for v in values) / (n - 1)
    return Estimate(mean, 1.96 * math.sqrt(variance / n), n)


def _difference(left: Estimate, right: Estimate) -> Estimate:
    n = min(left.n, right.n)
    if left.value is None or right.value is None or left.half_width is None or right.half_width is None:
        return Estimate(None, None, n)
    total = left.value + right.value
    half = 400.0 * math.hypot(right.half_width * left.value, left.half_width * right.value) / total**2
    return Estimate(200.0 * (right.value - left.value) / total, half, n)


def window_numbers(steps: Sequence[Step], sides_from: int = 0) -> WindowNumbers:
    """Summarise the running steps of one window.

    Parameters
    ----------
    steps : sequence of Step
    sides_from : int
        Steps with a smaller index do not count for left and right (the sides were swapped since).
    """
    running = [s for s in steps if s.activity is ActivityKind.RUNNING]
    sound = [s for s in running if not s.quality & (Quality.AFTER_GAP | Quality.SATURATED)]
    loads = [s.load_peak_g for s in sound if s.load_peak_g is not None]
    sided = [s for s in sound if s.index >= sides_from]
    left = _mean([s.load_peak_g for s in sided if s.load_peak_g is not None and s.side is Side.LEFT])
    right = _mean([s.load_peak_g for s in sided if s.load_peak_g is not None and s.side is Side.RIGHT])
    times = _mean([s.step_time_s for s in sound if s.step_time_s])
    cadence = NOTHING
    if times.value:
        half = None if times.half_width is None else 60.0 * times.half_width / times.value**2
        cadence = Estimate(60.0 / times.value, half, times.n)
    return WindowNumbers(
        n=len(running),
        load=_mean(loads),
        load_left=left,
        load_right=right,
        difference_pct=_difference(left, right),
        cadence_spm=cadence,
        contact_ms=_mean([1000.0 * s.contact_time_s for s in sound if s.contact_time_s is not None]),
    )
