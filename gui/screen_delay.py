"""How long a packet takes from arrival to the screen: decoding, detection, waiting for the poll, painting. No Qt."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np

_WINDOW_S: Final = 5.0
_MOST: Final = 4096


class ScreenDelay:
    """Collects arrivals until they are painted.

    Parameters
    ----------
    clock : callable
        The clock that arrivals are stamped with.

    Attributes
    ----------
    newest : float
        Arrival of the newest packet taken so far.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self.newest = -math.inf
        self._waiting: deque[float] = deque(maxlen=_MOST)
        self._painted: deque[tuple[float, float]] = deque(maxlen=_MOST)  # when, and delay in seconds

    def took(self, arrivals: Iterable[float]) -> None:
        """Packets whose results have been handed to the window, ascending."""
        for at in arrivals:
            self._waiting.append(at)
            self.newest = at

    def painted(self) -> None:
        """All that was taken has just been painted."""
        now = self._clock()
        self._painted.extend((now, now - at) for at in self._waiting)
        self._waiting.clear()

    def forget(self) -> None:
        """Nothing was painted for a while, because nothing could be seen."""
        self._waiting.clear()

    def p95_ms(self) -> float | None:
        """95th percentile of the delay of the packets painted in the last 5 s; None without one."""
        oldest = self._clock() - _WINDOW_S
        while self._painted and self._painted[0][0] < oldest:
            self._painted.popleft()
        if not self._painted:
            return None
        return 1000.0 * float(np.percentile([delay for _, delay in self._painted], 95))
