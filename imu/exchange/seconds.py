"""Steps gathered second by second, as sports watches store them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from imu.types import ActivityKind, Quality, Side, Step

_DOUBTFUL: Final = Quality.AFTER_GAP | Quality.FROZEN
_BALANCE_S: Final = 10.0
"""Left and right are compared over this long: some thirty steps, so that one step does not turn the balance."""


class Second(NamedTuple):
    """Means over the running steps that began in one second; None = not known.

    Attributes
    ----------
    time_s : float
        End of the second, on the recording's own clock.
    cadence_spm, contact_time_s, duty_factor : float or None
    balance_pct : float or None
        Share of the left contact time in left + right, over the last 10 s.
    load_peak_g, shock_peak_g : float or None
    vertical_oscillation_m : float or None
        Of the sensor, over the strides that the steps belong to.
    """

    time_s: float
    cadence_spm: float | None
    contact_time_s: float | None
    duty_factor: float | None
    balance_pct: float | None
    load_peak_g: float | None
    shock_peak_g: float | None
    vertical_oscillation_m: float | None


def per_second(
    steps: Sequence[Step], start_s: float, stop_s: float, oscillation_m: Mapping[int, float] | None = None
) -> list[Second]:
    """Return one row per whole second from `start_s` to `stop_s`; steps at a gap or a frozen reading are left out.

    `oscillation_m` is the vertical movement by the number of the step, as of
    `imu.metrics.movement.oscillation_of_steps`.
    """
    moved = oscillation_m or {}
    usable = [s for s in steps if s.activity is ActivityKind.RUNNING and not s.quality & _DOUBTFUL]
    rows = []
    first = 0
    recent: list[Step] = []
    for k in range(max(0, math.floor(stop_s - start_s))):
        end = start_s + k + 1.0
        last = first
        while last < len(usable) and usable[last].ic_s < end:
            last += 1
        now = usable[first:last]
        first = last
        recent = [s for s in (*recent, *now) if s.ic_s >= end - _BALANCE_S]
        step_time = _mean([s.step_time_s for s in now])
        stride_time = _mean([s.stride_time_s for s in now])
        cadence = 60.0 / step_time if step_time else 120.0 / stride_time if stride_time else None
        rows.append(
            Second(
                end,
                cadence,
                _mean([s.contact_time_s for s in now]),
                _mean([s.duty_factor for s in now]),
                _balance(recent),
                _mean([s.load_peak_g for s in now]),
                _mean([s.shock_peak_g for s in now]),
                _mean([moved.get(s.index) for s in now]),
            )
        )
    return rows


def _balance(steps: Sequence[Step]) -> float | None:
    left = _mean([s.contact_time_s for s in steps if s.side is Side.LEFT])
    right = _mean([s.contact_time_s for s in steps if s.side is Side.RIGHT])
    return 100.0 * left / (left + right) if left and right else None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return math.fsum(known) / len(known) if known else None
