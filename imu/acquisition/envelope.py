"""The lower envelope of arrivals: the earliest packets show the clock, all others are late.

Points are the earliest arrival of each short stretch of the stream; the line through them is found by medians, so that
stretches in which every packet was late, and steps where packets were lost, do not turn it.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from imu.types import FloatArray, IntArray

_MAD_TO_SD: Final = 1.4826  # of a normal distribution


class Line(NamedTuple):
    """How lateness grows along the stream.

    Attributes
    ----------
    slope : float
        Seconds of lateness per second of stream.
    at_s, level_s : float
        A point of the line: stream time and lateness.
    noise_s : float
        Spread of the points about the line (robust standard deviation).
    spread_s2 : float
        Sum of squares of the points' stream times about their mean: noise / sqrt(spread) is the slope's standard
        error, as of least squares; Theil-Sen is about as efficient (Sen 1968).
    """

    slope: float
    at_s: float
    level_s: float
    noise_s: float = 0.0
    spread_s2: float = 1.0

    def at(self, stream_s: float) -> float:
        """Lateness of the envelope at a stream time."""
        return self.level_s + self.slope * (stream_s - self.at_s)


class Envelope:
    """Earliest arrivals of equal stretches of the stream.

    Parameters
    ----------
    stretch_s : float
        Stream time per point.
    keep : int
        Number of points. When it is reached, `thin` decides.
    thin : bool
        True = neighbouring points are joined, so that the points span everything; False = the oldest is forgotten.

    Attributes
    ----------
    end_s : float
        End of the stretch that is not complete yet.
    best_at_s, best_s : float
        Its earliest packet so far: stream time and lateness.
    """

    __slots__ = ("_keep", "_points", "_stretch_s", "_thin", "best_at_s", "best_s", "end_s")

    def __init__(self, *, stretch_s: float, keep: int, thin: bool) -> None:
        self._stretch_s = stretch_s
        self._keep = keep
        self._thin = thin
        self._points: list[tuple[float, float]] = []
        self.end_s = -math.inf
        self.best_at_s, self.best_s = 0.0, math.inf

    def note(self, stream_s: float, late_s: float) -> bool:
        """Note a packet: stream time of its end, arrival minus stream time; True when a point was completed.

        A caller in a hurry does by itself what comes first, of a packet that completes nothing.
        """
        if stream_s < self.end_s:
            if late_s < self.best_s:
                self.best_at_s, self.best_s = stream_s, late_s
            return False
        complete = self.best_s < math.inf
        if complete:
            self._points.append((self.best_at_s, self.best_s))
            if len(self._points) > self._keep:
                self._forget()
        self.end_s = stream_s + self._stretch_s
        self.best_at_s, self.best_s = stream_s, late_s
        return complete

    def forget(self) -> None:
        """Drop all points: the level may have changed."""
        self._points = []
        self.end_s, self.best_at_s, self.best_s = -math.inf, 0.0, math.inf

    def __len__(self) -> int:
        return len(self._points)

    def line(self) -> Line | None:
        """Return the line through the points: median of all slopes (Theil-Sen), then median level; None below three.

        Source: Sen 1968, doi:10.1080/01621459.1968.10480934.
        """
        points = tuple(self._points)  # another thread may be adding to them
        if len(points) < 3:
            return None
        x, y = np.array(points).T
        return fit_line(x, y)

    def _forget(self) -> None:
        if not self._thin:
            del self._points[0]
            return
        pairs = zip(self._points[::2], self._points[1::2], strict=False)
        odd = self._points[-1:] if len(self._points) % 2 else []
        self._points = [min(pair, key=lambda point: point[1]) for pair in pairs] + odd
        self._stretch_s *= 2.0


def fit_line(x: FloatArray, y: FloatArray) -> Line:
    """Fit a line by medians to at least two points, x ascending."""
    first, second = _pairs(len(x))
    slope = _median((y[second] - y[first]) / (x[second] - x[first]))
    middle = _median(x)
    level = _median(y - slope * (x - middle))
    off = y - level - slope * (x - middle)
    noise = _MAD_TO_SD * _median(np.abs(off))
    return Line(slope, middle, level, noise, float(((x - x.mean()) ** 2).sum()))


@lru_cache(maxsize=64)
def _pairs(n: int) -> tuple[IntArray, IntArray]:
    """Return the places of all pairs of n points; nobody writes to them."""
    first, second = np.triu_indices(n, 1)
    return first, second


def _median(values: FloatArray) -> float:
    """Return what `np.median` does of numbers, in a tenth of the time: this runs while a sensor streams."""
    at = len(values) // 2
    ordered = np.sort(values)
    return float(ordered[at]) if len(values) % 2 else float((ordered[at - 1] + ordered[at]) / 2.0)
