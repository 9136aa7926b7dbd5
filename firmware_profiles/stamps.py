"""Whether the time of a packet is believed: a damaged one must not move the packets around it."""

from __future__ import annotations

from typing import NamedTuple

from firmware_profiles.readings import FloatArray

_NEAR_PACKET = 0.05
_NEAR_SAMPLES = 0.6
"""A time follows the one before within 5 % of the packet (rates drift) and half a sample (times are uneven)."""
_NEAR_START = 0.25


class Stamped(NamedTuple):
    """A packet of one stream: the tick of its last sample, and its values."""

    last: int
    values: FloatArray


class LineState(NamedTuple):
    """What a line through the times of a stream is, while no packet waits.

    Attributes
    ----------
    last : int
        Tick of the last sample.
    period : float
        Ticks between samples.
    is_measured : bool
        Else it is the nominal one.
    """

    last: int
    period: float
    is_measured: bool


class StampLine:
    """Lets packets of one stream through in order; one whose time does not follow waits until the next has come.

    If the next follows the time of the one that waits, there was a gap (or the clock was set anew), and both go
    through; if it follows the times before, the one that waits was damaged and is dropped; where it follows neither,
    nothing is dropped. What has the very time of the one before is a repeated packet and goes through.

    Parameters
    ----------
    period : int
        Ticks between samples at the nominal rate; the true one is measured from packet to packet.
    """

    def __init__(self, period: int) -> None:
        self._nominal = self._period = float(period)
        self._is_measured = False
        self._last: int | None = None
        self._held: Stamped | None = None

    def give_state(self) -> LineState | None:
        """Return what the next packet has to follow; None = there was none yet, or one waits."""
        if self._last is None or self._held is not None:
            return None
        return LineState(self._last, self._period, self._is_measured)

    def take_state(self, state: LineState) -> None:
        """Go on from there."""
        self._last, self._period, self._is_measured = state

    def push(self, packet: Stamped) -> list[Stamped]:
        """Add a packet and return those that are believed now."""
        last, held, n = self._last, self._held, len(packet.values)
        if last is None or packet.last == last:
            self._last = packet.last
            return [packet]
        if self._follows(last, packet.last, n):
            self._held = None
            return [self._take(packet)]
        if held is None:
            self._held = packet
            return []
        if self._follows(held.last, packet.last, n):
            self._held = None
            self._last = held.last
            return [held, self._take(packet)]
        if self._follows(last, packet.last, n + len(held.values)):
            self._held = None
            self._last = packet.last
            return [packet]
        self._last, self._held = held.last, packet  # whoever orders the packets will have to judge
        return [held]

    def flush(self) -> list[Stamped]:
        """Return the packet that was kept back, at the end of a stream."""
        held, self._held = self._held, None
        return [] if held is None else [held]

    def _take(self, packet: Stamped) -> Stamped:
        assert self._last is not None  # it follows one
        period = (packet.last - self._last) / len(packet.values)
        if abs(period - self._nominal) <= _NEAR_START * self._nominal:
            self._period, self._is_measured = period, True
        self._last = packet.last
        return packet

    def _follows(self, before: int, last: int, n: int) -> bool:
        near = n * (_NEAR_PACKET if self._is_measured else _NEAR_START) + _NEAR_SAMPLES
        return abs(last - before - n * self._period) <= near * self._period
