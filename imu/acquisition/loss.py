"""Where a packet belongs in the stream: its counter against the device's time, rollovers of both undone.

The counter says how many packets are missing, the device's time says whether that is possible. A packet whose counter
and time contradict each other is refused, so one flipped bit cannot shift the stream.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from imu.constants import NS_PER_S

_SLACK_PACKETS: Final = 0.5
_SLACK_RATE: Final = 0.15
"""A sensor's own rate may differ from the nominal one: data sheets of MEMS sensors state up to 10 %."""

_RESTART_PACKETS: Final = 3
"""So many consecutive packets that fit each other, but not what went before: the device has started anew."""


class Stamp(NamedTuple):
    """What a packet says of its place: counter and device time as sent, host time of arrival, number of samples."""

    counter: int
    ticks: int
    arrival_ns: int
    n: int


class Placement(NamedTuple):
    """Result of placing a packet.

    Attributes
    ----------
    kind : str
        "next" (in order, `missing` samples before it), "duplicate", "late", "restart" (the device began anew;
        `missing` is then estimated from arrival times) or "contradiction" (counter and time do not go together).
    missing : int
    """

    kind: str
    missing: int = 0


class PacketOrder:
    """Follows one stream's counter and device time.

    Parameters
    ----------
    counter_bytes, ticks_bytes : int
        Sizes of the two fields: they roll over at 256 ** size.
    ticks_per_sample : float
        Ticks between two samples at the nominal rate.
    tick_s : float
        Seconds per tick.
    """

    def __init__(self, *, counter_bytes: int, ticks_bytes: int, ticks_per_sample: float, tick_s: float) -> None:
        self._counter_period = 256**counter_bytes
        self._ticks_period = 256**ticks_bytes
        self._ticks_per_sample = ticks_per_sample
        self._tick_s = tick_s
        self.last: Stamp | None = None
        self._suspect: Stamp | None = None
        self._suspects = 0

    def tick_bounds(self, n: int) -> tuple[int, int]:
        """Smallest and greatest move of the device time from one packet of `n` samples to the next."""
        packet = n * self._ticks_per_sample
        low = packet * (1.0 - _SLACK_PACKETS) / (1.0 + _SLACK_RATE)
        high = packet * (1.0 + _SLACK_PACKETS) / (1.0 - _SLACK_RATE)
        return int(low), int(high) + 1

    def place(self, stamp: Stamp) -> Placement:
        """Say where the packet belongs; a packet that is "next" or a "restart" becomes the new last one."""
        if self.last is None:
            self._accept(stamp)
            return Placement("next")
        packets, moved = self._distance(self.last, stamp)
        if packets is not None:
            if packets <= 0:
                return Placement("late" if packets < 0 else "duplicate")
            missing = (packets - 1) * self.last.n
            if stamp.n != self.last.n and packets > 1:
                # The sizes of the lost packets are unknown, so the device's time has to say it.
                missing = max(0, round(moved / self._ticks_per_sample) - self.last.n)
            self._accept(stamp)
            return Placement("next", missing)
        follows = self._suspect is not None and self._distance(self._suspect, stamp)[0] == 1
        self._suspects = self._suspects + 1 if follows else 1
        self._suspect = stamp
        if self._suspects < _RESTART_PACKETS:
            return Placement("contradiction")
        passed_s = (stamp.arrival_ns - self.last.arrival_ns) / NS_PER_S
        missing = max(1, round(passed_s / (self._ticks_per_sample * self._tick_s)) - stamp.n)
        self._accept(stamp)
        return Placement("restart", missing)

    def _accept(self, stamp: Stamp) -> None:
        self.last = stamp
        self._suspect = None
        self._suspects = 0

    def _distance(self, old: Stamp, new: Stamp) -> tuple[int | None, float]:
        """Packets from old to new (None = counter and time contradict each other), and ticks from old to new."""
        arrival = (new.arrival_ns - old.arrival_ns) / NS_PER_S / self._tick_s
        ticks = (new.ticks - old.ticks) % self._ticks_period
        moved = ticks + self._ticks_period * round((arrival - ticks) / self._ticks_period)
        packet = old.n * self._ticks_per_sample
        counted = (new.counter - old.counter) % self._counter_period
        packets = counted + self._counter_period * round((moved / packet - counted) / self._counter_period)
        fits = abs(packets * packet - moved) <= _SLACK_PACKETS * packet + _SLACK_RATE * abs(moved)
        return (packets if fits else None), moved
