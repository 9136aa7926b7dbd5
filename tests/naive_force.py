"""Mean vertical specific force over whole strides: the personal calibration of the force model."""

from __future__ import annotations

import math


class StrideMean:
    """Mean vertical specific force over whole strides, followed with an exponential window; deterministic, causal.

    Two neighbouring steps make a stride (strides overlap by one step), so that a left-right difference of the single
    steps is not in it.

    Parameters
    ----------
    time_constant_s : float
        As long as the levelling remembers gravity (8 s, about 11 strides).
    """

    def __init__(self, time_constant_s: float = 8.0) -> None:
        self._tau = time_constant_s
        self.restart()

    def restart(self) -> None:
        """Forget everything: the sensor may sit differently now."""
        self._sum = 0.0
        self._weight = 0.0
        self.interrupt()

    def interrupt(self) -> None:
        """Tell that the next step does not follow the last one; the mean is kept."""
        self._last_sum = 0.0
        self._last_time = 0.0

    def push(self, step_mean_g: float, step_time_s: float) -> float | None:
        """Add one step; return the mean in g so far, None before the first whole stride.

        Parameters
        ----------
        step_mean_g : float
            Mean vertical specific force from this contact to the next; NaN interrupts.
        step_time_s : float
            NaN interrupts.
        """
        area = step_mean_g * step_time_s
        if not math.isfinite(area):
            self.interrupt()
        elif self._last_time > 0.0:
            fade = math.exp(-step_time_s / self._tau)
            self._sum = fade * self._sum + self._last_sum + area
            self._weight = fade * self._weight + self._last_time + step_time_s
            self._last_sum, self._last_time = area, step_time_s
        else:
            self._last_sum, self._last_time = area, step_time_s
        return self._sum / self._weight if self._weight > 0.0 else None
