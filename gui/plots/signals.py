"""Several signals over one time axis: the bare plot, for benchmarks and for looking at channels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gui.look import Look
from gui.plots.base import PlotBase
from gui.plots.curves import Curves
from imu.types import FloatArray


class SignalPlot(PlotBase):
    """Curves without axes, in fixed ranges.

    Parameters
    ----------
    look : Look
    n : int
        Number of curves.
    seconds : float
        Time span; the newest sample stands at the right edge.
    y_range : tuple of float
    """

    MARGINS = (0.0, 0.0, 0.0, 0.0)

    def __init__(self, look: Look, n: int, seconds: float = 10.0, y_range: tuple[float, float] = (-2.0, 2.0)) -> None:
        super().__init__(look, (-seconds, 0.0), y_range)
        self.seconds = seconds
        self.curves = Curves(self.view, n)
        tokens = look.tokens
        colours = (tokens.ink, tokens.left_ink, tokens.right_ink, tokens.acc, tokens.raw, tokens.ok)
        self.curves.set_pens([(colours[i % len(colours)], False) for i in range(n)], smooth=False)
        self.place()

    def place(self) -> None:
        """Recompute the plot area."""
        super().place()
        if hasattr(self, "curves"):
            self.curves.place(self.area, self.x_range, self.y_range)

    def set_signals(self, t_s: FloatArray, ys: Sequence[FloatArray]) -> None:
        """Show the newest `seconds` of signals on one clock (s); NaN is a hole."""
        if len(t_s) < 2:
            self.curves.set_data(np.empty(0), [np.empty(0)] * len(ys))
            return
        start = int(np.searchsorted(t_s, t_s[-1] - self.seconds))
        rate = (len(t_s) - 1) / float(t_s[-1] - t_s[0])
        first = round(float(t_s[start]) * rate)
        self.curves.set_data(t_s[start:] - t_s[-1], [y[start:] for y in ys], first)
