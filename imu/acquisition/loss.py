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

_ALIKE: Final = 0.1
"""Steps of the device time that agree within this part are one rate, though it may not be the one that was set."""

_MAX_LATE_S: Final = 20.0
"""After a lost link, device time that differs by more from the host's has begun anew."""

_WENT_ON_S: Final = 2.0
"""Where the counter begins with each stream, device time that differs by less from the host's has gone on."""

_SPAN_S: Final = 10.0
"""Device time that is needed to measure the ticks per sample: sensors' own rates differ from the nominal one."""


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
    counter_period, ticks_period : int
        The two roll over at these numbers.
    ticks_per_sample : float
        Ticks between two samples at the nominal rate.
    tick_s : float
        Seconds per tick.
    """

    def __init__(self, *, counter_period: int, ticks_period: int, ticks_per_sample: float, tick_s: float) -> None:
        self._counter_period = counter_period
        self._ticks_period = ticks_period
        self._ticks_per_sample = ticks_per_sample
        self._tick_s = tick_s
        self.last: Stamp | None = None
        self._suspect: Stamp | None = None
        self._suspects = 0
        self._suspect_step = 0.0
        self._epoch = False
        self._anchor: tuple[Stamp, int] | None = None
        self._measured = ticks_per_sample

    def new_epoch(self, index: int = 0) -> None:
        """Note that the link was lost: at least one sample is missing before the next packet.

        Parameters
        ----------
        index : int
            Samples of the stream so far, missing ones included.
        """
        self._epoch = self.last is not None
        if self._anchor is not None and self.last is not None:
            (first, begin), last = self._anchor, self.last
            samples, moved = index - last.n - begin, self._moved(first, last)
            if samples > 0 and moved * self._tick_s >= _SPAN_S:
                self._measured = moved / samples

    def anchor(self, stamp: Stamp, index: int) -> None:
        """Measure the ticks per sample from this packet on, whose first sample is number `index` of the stream."""
        self._anchor = stamp, index

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
        if self._epoch:
            return self._place_after_link_loss(stamp, packets, moved)
        if packets is None:
            return self._place_suspect(stamp)
        if packets <= 0:
            return Placement("late" if packets < 0 else "duplicate")
        missing = self._missing(self.last, stamp, packets, moved)
        self._accept(stamp)
        return Placement("next", missing)

    def _missing(self, last: Stamp, stamp: Stamp, packets: int, moved: float) -> int:
        if stamp.n != last.n and packets > 1:
            # The sizes of the lost packets are unknown, so the device's time has to say it.
            return max(0, round(moved / self._ticks_per_sample) - last.n)
        return (packets - 1) * last.n

    def _place_after_link_loss(self, stamp: Stamp, packets: int | None, moved: float) -> Placement:
        """Place the first packet after a lost link: by counter and device time if they went on, else by host time.

        Where only the counter began anew, as it does with each stream of the open packet, device time says it alone.
        """
        assert self.last is not None
        passed_s = (stamp.arrival_ns - self.last.arrival_ns) / NS_PER_S
        apart_s = abs(moved * self._tick_s - passed_s)
        if packets is None or packets <= 0 or apart_s > _MAX_LATE_S:
            missing = round(moved / self._measured) - self.last.n
            if missing <= 0 or apart_s > _WENT_ON_S:
                return self._restart(stamp)
            self._accept(stamp)
            return Placement("next", missing)
        missing = max(1, self._missing(self.last, stamp, packets, moved))
        self._accept(stamp)
        return Placement("next", missing)

    def _place_suspect(self, stamp: Stamp) -> Placement:
        """Refuse a packet whose counter and time contradict each other, unless others follow it.

        Those that follow may also show that the device samples at another rate than it was set to.
        """
        assert self.last is not None
        step = 0.0
        if self._suspect is not None:
            counted = (stamp.counter - self._suspect.counter) % self._counter_period
            step = (stamp.ticks - self._suspect.ticks) % self._ticks_period / self._suspect.n if counted == 1 else 0.0
        first = self._suspects == 1
        alike = first or abs(step - self._suspect_step) <= _ALIKE * self._suspect_step
        follows = 0.0 < step * self._tick_s < 1.0 and alike
        self._suspects = self._suspects + 1 if follows else 1
        self._suspect, self._suspect_step = stamp, step
        if self._suspects < _RESTART_PACKETS:
            return Placement("contradiction")
        if abs(step - self._ticks_per_sample) > _SLACK_RATE * self._ticks_per_sample:
            self._ticks_per_sample = self._measured = step
            packets, moved = self._distance(self.last, stamp)
            if packets is not None and packets > 0:
                missing = self._missing(self.last, stamp, packets, moved)
                self._accept(stamp)
                return Placement("next", missing)
        return self._restart(stamp)

    def _restart(self, stamp: Stamp) -> Placement:
        assert self.last is not None
        passed_s = (stamp.arrival_ns - self.last.arrival_ns) / NS_PER_S
        missing = max(1, round(passed_s / (self._ticks_per_sample * self._tick_s)) - stamp.n)
        self._accept(stamp)
        return Placement("restart", missing)

    def _accept(self, stamp: Stamp) -> None:
        self.last = stamp
        self._suspect = None
        self._suspects = 0
        self._epoch = False

    def _distance(self, old: Stamp, new: Stamp) -> tuple[int | None, float]:
        """Packets from old to new (None = counter and time contradict each other), and ticks from old to new."""
        moved = self._moved(old, new)
        packet = old.n * self._ticks_per_sample
        counted = (new.counter - old.counter) % self._counter_period
        packets = counted + self._counter_period * round((moved / packet - counted) / self._counter_period)
        fits = abs(packets * packet - moved) <= _SLACK_PACKETS * packet + _SLACK_RATE * abs(moved)
        return (packets if fits else None), moved

    def _moved(self, old: Stamp, new: Stamp) -> int:
        """Ticks from old to new; the rollovers in between are those that arrival times say."""
        arrival = (new.arrival_ns - old.arrival_ns) / NS_PER_S / self._tick_s
        ticks = (new.ticks - old.ticks) % self._ticks_period
        return ticks + self._ticks_period * round((arrival - ticks) / self._ticks_period)
