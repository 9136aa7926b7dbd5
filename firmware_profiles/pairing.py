"""Acceleration and angular rate that come in packets of their own, each with the device's time: joined by that time."""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from firmware_profiles.readings import FloatArray

_SLACK_RATE: Final = 0.15

_MOST_WAITING: Final = 8
"""So many packets of acceleration wait for the angular rate; then they are passed on without it."""


class TimePairing:
    """Gives each sample of acceleration the angular rate nearest in time; NaN where none is within half a sample.

    Parameters
    ----------
    period : int
        Ticks between samples at the nominal rate; the true one is taken from packet to packet, within 15 %.
    """

    def __init__(self, period: int) -> None:
        self._period = period
        self._last_acceleration: int | None = None
        self._last_rates: int | None = None
        self._waiting: deque[tuple[npt.NDArray[np.int64], FloatArray]] = deque()
        self._times: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._rates: FloatArray = np.empty((0, 3))
        self._uneven_to: int | None = None  # where packets of angular rate came closer together than their samples

    def add_rates(self, last: int, values: FloatArray) -> None:
        """Add a packet of angular rate whose last sample was taken at tick `last`."""
        times = self._times_of(self._last_rates, last, len(values))
        self._last_rates = last
        if len(self._times) and times[0] <= self._times[-1]:  # the clock went back: what was kept is of no use
            self._times, self._rates = self._times[:0], self._rates[:0]
            self._uneven_to = None
        if len(self._times) and times[0] - self._times[-1] <= self._period // 2:
            self._uneven_to = int(times[0])
        self._times = np.concatenate([self._times, times])
        self._rates = np.concatenate([self._rates, values])

    def add_acceleration(self, last: int, values: FloatArray) -> None:
        """Add a packet of acceleration whose last sample was taken at tick `last`."""
        self._waiting.append((self._times_of(self._last_acceleration, last, len(values)), values))
        self._last_acceleration = last

    def ready(self, *, all_of_them: bool = False) -> list[tuple[int, FloatArray]]:
        """Return the packets that can be completed (or all that wait), each with the tick of its last sample."""
        out = []
        while self._waiting:
            times, acceleration = self._waiting[0]
            covered = len(self._times) > 0 and self._times[-1] + self._period // 2 >= times[-1]
            if not covered and not all_of_them and len(self._waiting) <= _MOST_WAITING:
                break
            self._waiting.popleft()
            samples = np.empty((len(times), 6))
            samples[:, :3] = acceleration
            samples[:, 3:] = self._nearest(times)
            out.append((int(times[-1]), samples))
            keep = int(self._times.searchsorted(times[-1] - self._period))
            self._times, self._rates = self._times[keep:], self._rates[keep:]
        return out

    def _times_of(self, before: int | None, last: int, n: int) -> npt.NDArray[np.int64]:
        period = float(self._period)
        if before is not None and abs((last - before) / n - period) <= _SLACK_RATE * period:
            period = (last - before) / n
        times: npt.NDArray[np.int64] = last - np.rint(period * _downwards(n)).astype(np.int64)
        return times

    def _nearest(self, times: npt.NDArray[np.int64]) -> FloatArray:
        first = int(self._times.searchsorted(times[0] - self._period // 4))
        last = first + len(times)
        if last <= len(self._times) and (self._uneven_to is None or times[0] - self._period > self._uneven_to):
            apart = self._times[first:last] - times
            if max(int(apart.max()), -int(apart.min())) <= self._period // 4:
                return self._rates[first:last]  # in step, as nearly always: no other is nearer
        return self._nearest_slowly(times)

    def _nearest_slowly(self, times: npt.NDArray[np.int64]) -> FloatArray:
        if not len(self._times):
            return np.full((len(times), 3), np.nan)
        right = np.clip(np.searchsorted(self._times, times), 0, len(self._times) - 1)
        left = np.maximum(right - 1, 0)
        nearest = np.where(np.abs(self._times[left] - times) <= np.abs(self._times[right] - times), left, right)
        rates = self._rates[nearest].copy()
        rates[np.abs(self._times[nearest] - times) > self._period // 2 + 1] = np.nan
        return rates


@lru_cache(maxsize=64)
def _downwards(n: int) -> npt.NDArray[np.int64]:
    """Return n - 1, n - 2 ... 0; nobody writes to it."""
    return np.arange(n - 1, -1, -1)
