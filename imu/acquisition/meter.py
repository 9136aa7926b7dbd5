"""How well a stream arrives: rate got, delay until results, age of the newest sample; read by another thread."""

from __future__ import annotations

from typing import Final

import numpy as np

from imu.types import FloatArray

_SIZE: Final = 4096
_WINDOW_S: Final = 5.0
_MIN_SPAN_S: Final = 1.0


class Meter:
    """Remembers the last arrivals; times are seconds of a monotonic host clock."""

    def __init__(self) -> None:
        self._at = np.full(_SIZE, -np.inf)
        self._samples = np.zeros(_SIZE)
        self._delay = np.zeros(_SIZE)
        self._next = 0
        self.newest: float | None = None

    def arrived(self, at: float, n_samples: int, done: float) -> None:
        """Note one item: arrival, samples in it or missing before it, and when its results were there."""
        i = self._next
        self._at[i] = at
        self._samples[i] = n_samples
        self._delay[i] = done - at
        self._next = (i + 1) % _SIZE
        self.newest = at

    def arrivals(self, after: float) -> FloatArray:
        """Return when the newest items arrived that arrived after a time and whose results are there."""
        at = self._at[self._at > after]
        return np.sort(at)

    def rate_hz(self, now: float) -> float | None:
        """Return the samples per second received over the last seconds; None until a second has been seen."""
        recent = self._at > now - _WINDOW_S
        if np.count_nonzero(recent) < 2:
            return None
        at = self._at[recent]
        first = int(np.argmin(at))
        span = float(at.max() - at[first])
        if span < _MIN_SPAN_S:
            return None
        # What the first item brought had gathered before it arrived.
        return float((self._samples[recent].sum() - self._samples[recent][first]) / span)

    def delay_ms(self, now: float) -> float | None:
        """95th percentile of the delay over the last seconds."""
        recent = self._at > now - _WINDOW_S
        if not recent.any():
            return None
        return float(np.percentile(self._delay[recent], 95) * 1000.0)
