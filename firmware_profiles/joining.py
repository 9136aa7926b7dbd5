"""Two sensors that come apart, acceleration and angular rate: each kept in order by its times, then joined by them."""

from __future__ import annotations

import math
from typing import Final, NamedTuple, Protocol, runtime_checkable

from firmware_profiles.layout import Halves
from firmware_profiles.pairing import PairingState, TimePairing
from firmware_profiles.readings import Codec, FloatArray
from firmware_profiles.stamps import LineState, Stamped, StampLine

ACCELERATION: Final = 0
RATES: Final = 1


class JoinState(NamedTuple):
    """All that a join remembers: what a compiled one goes on from, and gives back."""

    lines: tuple[LineState, LineState]
    pairing: PairingState


class TimeJoin:
    """Gives each sample of acceleration the angular rate nearest in time; see `StampLine` and `TimePairing`.

    Parameters
    ----------
    period : int
        Ticks between samples at the nominal rate.
    """

    def __init__(self, period: int) -> None:
        self.period = period
        self._pairing = TimePairing(period)
        self._lines = StampLine(period), StampLine(period)

    def push(self, sensor: int, last: int, values: FloatArray) -> list[tuple[int, FloatArray]]:
        """Add a packet of a sensor whose last sample was taken at tick `last`.

        Returns
        -------
        list of (int, ndarray of shape (n, 6))
            What is complete now, each with the tick of its last sample.
        """
        self._add(sensor, self._lines[sensor].push(Stamped(last, values)))
        return self._pairing.ready()

    def flush(self) -> list[tuple[int, FloatArray]]:
        """Return what waits, at the end of a stream."""
        for sensor in (RATES, ACCELERATION):
            self._add(sensor, self._lines[sensor].flush())
        return self._pairing.ready(all_of_them=True)

    def give_state(self) -> JoinState | None:
        """Return all that is remembered; None = a packet waits for the next to show whether its time is believed."""
        acceleration, rates = (line.give_state() for line in self._lines)
        if acceleration is None or rates is None:
            return None
        return JoinState((acceleration, rates), self._pairing.give_state())

    def take_state(self, state: JoinState) -> None:
        """Go on from there."""
        for line, one in zip(self._lines, state.lines, strict=True):
            line.take_state(one)
        self._pairing.take_state(state.pairing)

    def _add(self, sensor: int, believed: list[Stamped]) -> None:
        add = self._pairing.add_acceleration if sensor == ACCELERATION else self._pairing.add_rates
        for packet in believed:
            add(*packet)


@runtime_checkable
class JoiningCodec(Codec, Protocol):
    """A codec whose sensors may come apart, so that it joins them."""

    joining: TimeJoin

    def halves(self) -> Halves | None:
        """Return what the usual notifications are like, as it is known now; None = its sensors do not come apart."""


def is_whole(samples: FloatArray) -> bool:
    """Whether both ends have an angular rate: a packet of it that was lost leaves whole ends without."""
    return not (math.isnan(samples[0, 3]) or math.isnan(samples[-1, 3]))
