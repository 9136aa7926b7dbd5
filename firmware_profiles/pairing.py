"""Acceleration and angular rate that come in packets of their own, each with the device's time: joined by that time."""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from firmware_profiles.readings import FloatArray

_SLACK_RATE: Final = 0.15

_MOST_WAITING: Final = 8
"""So many packets of acceleration wait for the angular rate; then they are passed on without it."""

_MOST_KEPT: Final = 64
"""So many packets of angular rate are kept for acceleration to come: should none come any more, memory stays flat."""

NEVER: Final = -(1 << 63)
"""A time before all others."""


class Packet:
    """Samples at even times: of the first, of the last, and between two, in ticks.

    Samples before `forgotten_to` are not used any more.
    """

    __slots__ = ("first", "forgotten_to", "last", "period", "values")

    def __init__(self, last: int, period: float, values: FloatArray, forgotten_to: int = NEVER) -> None:
        self.last, self.period, self.values = last, period, values
        self.first = last - round(period * (len(values) - 1))
        self.forgotten_to = forgotten_to

    def times(self) -> npt.NDArray[np.int64]:
        """Return the tick of each sample."""
        times: npt.NDArray[np.int64] = self.last - np.rint(self.period * _downwards(len(self.values))).astype(np.int64)
        return times


class PairingState(NamedTuple):
    """All that a pairing remembers: what a compiled one goes on from, and gives back.

    Attributes
    ----------
    last : tuple of (int or None)
        Tick of the last sample of acceleration, and of angular rate.
    uneven_to : int
        Up to this tick, packets of angular rate came closer together than their samples; `NEVER` = nowhere.
    waiting, rates : tuple of Packet
        Acceleration that waits, and angular rate that is kept; oldest first.
    """

    last: tuple[int | None, int | None]
    uneven_to: int
    waiting: tuple[Packet, ...]
    rates: tuple[Packet, ...]


class TimePairing:
    """Gives each sample of acceleration the angular rate nearest in time; NaN where none is within half a sample.

    Packets that run in step, as nearly always, are recognised by their ends; only others are searched sample by sample.

    Parameters
    ----------
    period : int
        Ticks between samples at the nominal rate; the true one is taken from packet to packet, within 15 %.
    """

    def __init__(self, period: int) -> None:
        self._period = period
        self._last_acceleration: int | None = None
        self._last_rates: int | None = None
        self._waiting: deque[Packet] = deque()
        self._rates: deque[Packet] = deque()
        self._uneven_to = NEVER  # where packets of angular rate came closer together than their samples

    def give_state(self) -> PairingState:
        """Return all that is remembered."""
        last = self._last_acceleration, self._last_rates
        return PairingState(last, self._uneven_to, tuple(self._waiting), tuple(self._rates))

    def take_state(self, state: PairingState) -> None:
        """Go on from there."""
        self._last_acceleration, self._last_rates = state.last
        self._uneven_to = state.uneven_to
        self._waiting, self._rates = deque(state.waiting), deque(state.rates)

    def add_rates(self, last: int, values: FloatArray) -> None:
        """Add a packet of angular rate whose last sample was taken at tick `last`."""
        packet = Packet(last, self._period_to(self._last_rates, last, len(values)), values)
        self._last_rates = last
        rates = self._rates
        if rates and packet.first <= rates[-1].last:  # the clock went back: what was kept is of no use
            rates.clear()
            self._uneven_to = NEVER
        if rates and packet.first - rates[-1].last <= self._period // 2:
            self._uneven_to = packet.first
        rates.append(packet)
        if len(rates) > _MOST_KEPT:
            rates.popleft()

    def add_acceleration(self, last: int, values: FloatArray) -> None:
        """Add a packet of acceleration whose last sample was taken at tick `last`."""
        self._waiting.append(Packet(last, self._period_to(self._last_acceleration, last, len(values)), values))
        self._last_acceleration = last

    def ready(self, *, all_of_them: bool = False) -> list[tuple[int, FloatArray]]:
        """Return the packets that can be completed (or all that wait), each with the tick of its last sample."""
        out = []
        while self._waiting:
            packet, rates = self._waiting[0], self._rates
            covered = bool(rates) and rates[-1].last + self._period // 2 >= packet.last
            if not covered and not all_of_them and len(self._waiting) <= _MOST_WAITING:
                break
            self._waiting.popleft()
            samples = np.empty((len(packet.values), 6))
            samples[:, :3] = packet.values
            found = self._in_step(packet)
            samples[:, 3:] = self._nearest(packet.times()) if found is None else found
            out.append((packet.last, samples))
            self._forget(packet.last - self._period)
        return out

    def _period_to(self, before: int | None, last: int, n: int) -> float:
        period = float(self._period)
        if before is not None and abs((last - before) / n - period) <= _SLACK_RATE * period:
            return (last - before) / n
        return period

    def _forget(self, time: int) -> None:
        """Drop the angular rates before a time."""
        rates = self._rates
        while rates and rates[0].last < time:
            rates.popleft()
        for packet in rates:
            packet.forgotten_to = max(packet.forgotten_to, time)

    def _in_step(self, packet: Packet) -> FloatArray | None:
        """Return the angular rates of a packet that runs in step with this one; None = there is none."""
        near = self._period // 4
        for rates in self._rates:
            if (
                abs(rates.last - packet.last) <= near
                and abs(rates.first - packet.first) <= near
                and len(rates.values) == len(packet.values)
                and rates.forgotten_to <= rates.first
                and packet.first - self._period > self._uneven_to
            ):
                return rates.values  # no other is nearer
        return None

    def _nearest(self, times: npt.NDArray[np.int64]) -> FloatArray:
        if not self._rates:
            return np.full((len(times), 3), np.nan)
        rate_times, values = self.rates()
        right = np.clip(np.searchsorted(rate_times, times), 0, len(rate_times) - 1)
        left = np.maximum(right - 1, 0)
        nearest = np.where(np.abs(rate_times[left] - times) <= np.abs(rate_times[right] - times), left, right)
        rates = values[nearest].copy()
        rates[np.abs(rate_times[nearest] - times) > self._period // 2 + 1] = np.nan
        return rates

    def rates(self) -> tuple[npt.NDArray[np.int64], FloatArray]:
        """Return the angular rates that are kept, and their times."""
        times = [packet.times() for packet in self._rates]
        kept = [t >= packet.forgotten_to for packet, t in zip(self._rates, times, strict=True)]
        values = [packet.values[k] for packet, k in zip(self._rates, kept, strict=True)]
        return np.concatenate([t[k] for t, k in zip(times, kept, strict=True)]), np.concatenate(values)


@lru_cache(maxsize=64)
def _downwards(n: int) -> npt.NDArray[np.int64]:
    """Return n - 1, n - 2 ... 0; nobody writes to it."""
    return np.arange(n - 1, -1, -1)
