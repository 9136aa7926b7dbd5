"""Steps turned into columns for statistics: one pass, NaN for what is unknown or must not be averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from imu.types import FloatArray, IntArray, Quality, Side, Step
from imu.types.step_table import numbers_of

AMPLITUDES = ("load_peak_g", "shock_peak_g", "vgrf_peak_bw")
"""Quantities read off the height of the signal: a tilted or lateral sensor and a range limit falsify them."""

TIMES = ("step_time_s", "stride_time_s", "contact_time_s", "flight_time_s", "duty_factor")
"""Quantities read off the contacts."""

_NO_TIME = int(Quality.AFTER_GAP | Quality.FROZEN)
_NO_AMPLITUDE = int(Quality.AFTER_GAP | Quality.FROZEN | Quality.SATURATED)

MISSED = 1.6
"""A step time above 1.6 times the median is a step that was missed, below 1 / 1.6 one too many: no running or walking
bout varies that much (150 to 234 steps per minute over all speeds, slopes and cadences of the recordings tried)."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Steps as columns; a value that must not enter a mean is NaN.

    Attributes
    ----------
    side : ndarray of int64, shape (n,)
        Values of `Side`.
    values : dict of ndarray, float64, shape (n,)
        One per name asked for; unit in the name.
    """

    side: IntArray
    values: dict[str, FloatArray]
    _places: dict[Side, IntArray] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, name: str, side: Side) -> FloatArray:
        """Return the values of one side, in the order of time."""
        if side not in self._places:  # looked for once, for all names
            self._places[side] = np.flatnonzero(self.side == side)
        mine: FloatArray = self.values[name].take(self._places[side])
        return mine


def _doubtful(times: FloatArray) -> npt.NDArray[np.bool_]:
    """Mark times that can only come from a missed or an invented contact."""
    good = times[np.isfinite(times)]
    if len(good) == 0:
        return np.zeros(len(times), dtype=bool)
    typical = float(np.median(good))
    marks: npt.NDArray[np.bool_] = (times > MISSED * typical) | (times * MISSED < typical)
    return marks


def columns(steps: Sequence[Step], names: Sequence[str]) -> Columns:
    """Collect columns of steps.

    Left out (NaN): amplitudes of steps that stand at the range limit; everything of steps after a gap or with frozen
    samples; the times of a step whose duration shows that a contact was missed or invented.

    Parameters
    ----------
    steps : sequence of Step
        In the order of time, all of one activity.
    names : sequence of str
        Fields of `Step`.
    """
    quality = numbers_of(steps, "quality").astype(np.int64)
    side = numbers_of(steps, "side").astype(np.int64)
    bad_time = (quality & _NO_TIME) != 0
    bad_amplitude = (quality & _NO_AMPLITUDE) != 0
    values: dict[str, FloatArray] = {}
    for name in names:
        column = numbers_of(steps, name).copy()
        column[bad_amplitude if name in AMPLITUDES else bad_time] = np.nan
        values[name] = column
    for clock in ("step_time_s", "stride_time_s"):
        if clock in values:
            doubtful = _doubtful(values[clock])
            for name in ("step_time_s", "stride_time_s", "flight_time_s", "duty_factor", "impulse_bw_s"):
                if name in values:
                    values[name][doubtful] = np.nan
    return Columns(side, values)
