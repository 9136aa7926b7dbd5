"""Packets without a counter, in the order of their device time: what is missing is a gap in that time.

The sensor's true rate is a few per cent off the nominal one, and stamps may be coarse (milliseconds), so the ticks per
sample are measured all the time, and a stamp is compared with the line through the stamps before it. A stamp that
does not follow is kept back until the next packet shows whether the stamp or the stream was wrong: one damaged stamp
costs its own packet and shifts nothing. Latency: one packet where something was lost, four at the very start.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from statistics import median
from typing import Final

import numpy as np

from imu.acquisition.order import Arrived, Placed, Tally
from imu.constants import NS_PER_S
from imu.kernels import packet as kernel
from imu.types import FloatArray, IntArray

_START_PACKETS: Final = 5
"""So many packets tell the rate before the first one is placed."""
_ALIKE: Final = 0.1
"""Steps of the device time that agree within this part are one rate and no loss."""
_NEAR: Final = 0.15
_MOST: Final = 0.6
"""A sensor's own rate is within 15 % of the nominal one; if no step is, most must be alike to be another rate."""
_SLACK_SAMPLES: Final = 0.5
_SLACK_TICKS: Final = 2.0
_SLACK_RATE: Final = 0.05
_SLACK_PACKET: Final = 0.9
"""A stamp follows the one before within half a sample, two ticks and 5 % of the packet; never a whole packet."""
_GAIN: Final = 0.25
_MIN_SPAN_S: Final = 1.0
_SPAN_S: Final = 10.0
"""Device time over which the ticks per sample are measured: rates drift with temperature, in minutes."""
_MAX_LATE_S: Final = 20.0
"""Radios hold packets back for up to 15 s; a stamp that is older has nothing to do with the stream."""
_MAX_EARLY_S: Final = 1.0
"""Nothing arrives before it was sampled; the earliest packets so far say when that is, give or take the clocks."""
_CLOCKS_PART: Final = 5e-4
_BY_EITHER_CLOCK: Final = 1 + _CLOCKS_PART
_RESTART_PACKETS: Final = 3
_GAPS_KEPT: Final = 16
_MOST_TICKS: Final = 1 << 62
_NOTHING: Final = np.empty((0, 3))


class StampOrder:
    """Follows the device time of one stream.

    Parameters
    ----------
    ticks_period : int
        Device time rolls over at this number of ticks.
    ticks_per_sample : float
        At the nominal rate.
    tick_s : float
        Seconds per tick.
    stamps_last : bool
        Whether a packet's stamp is that of its last sample; else of its first.
    """

    def __init__(self, *, ticks_period: int, ticks_per_sample: float, tick_s: float, stamps_last: bool) -> None:
        self.tally = Tally()
        self.ticks_per_sample = ticks_per_sample
        self.device_ticks = 0
        """Ticks since the first packet, rollovers undone, gaps included."""
        self.index = 0
        """Samples up to the end of the last packet, missing ones included."""
        self.period = ticks_period
        self._tick_s = tick_s
        self.stamps_last = stamps_last
        self._start: list[Arrived] | None = []
        self._last = Arrived(0, _NOTHING, 0)
        self._ticks = 0
        self._n = 0
        self._ahead = 0.0  # of the last stamp before the line through the stamps
        self._held: Arrived | None = None
        self._suspect: Arrived | None = None
        self._suspects = 0
        self._epoch = False
        self._late_s = 0.0  # of the last packet, against the earliest ones
        self._gaps: deque[tuple[int, int]] = deque(maxlen=_GAPS_KEPT)  # in device ticks, for what arrives late
        self._first_size: int | None = 0  # None once sizes have differed
        self._anchors = ((0, 0), (0, 0))
        self._measure_at = 0

    def fits(self, arrived: Arrived) -> bool:
        """Take the packet if it is plainly the next one; the quick way, which `place` ends in as well."""
        before_n = self._n
        if before_n == 0 or self._held is not None or self._epoch:
            return False
        moved = (arrived[2] - self._ticks) % self.period  # type: ignore[operator]  # a stamped stream has ticks
        step = (len(arrived[1]) if self.stamps_last else before_n) * self.ticks_per_sample
        off = self._ahead + moved - step
        if not -0.5 * step <= off <= self._slack(step):
            return False
        self._accept(arrived, moved, 0, off)
        return True

    def give_state(self, ints: IntArray, floats: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Tell the kernel what has to come next, if that is plain; return the samples of the last two packets."""
        if self._n and self._held is None and self._start is None and not self._epoch and self._ticks < _MOST_TICKS:
            (old_index, old_ticks), (new_index, new_ticks) = self._anchors
            size = -1 if self._first_size is None else self._first_size
            ints[: kernel.STATE_INTS] = (
                1, self._n, self._ticks, self._last.arrival_ns, self.device_ticks, self.index, self._measure_at,
                old_index, old_ticks, new_index, new_ticks, size, 0, 0,
            )  # fmt: skip
            floats[:4] = self.ticks_per_sample, self._ahead, self._late_s, self._tick_s
        return _NOTHING, self._last.samples

    def take_state(self, ints: IntArray, floats: FloatArray, older: FloatArray, last: FloatArray) -> None:
        """Take over what the kernel has made of packets since."""
        _, self._n, self._ticks, arrival_ns, self.device_ticks, self.index, self._measure_at, *rest = ints[
            : kernel.STATE_INTS
        ].tolist()
        self._anchors = (rest[0], rest[1]), (rest[2], rest[3])
        self._first_size = None if rest[4] < 0 else rest[4]
        self._last = Arrived(arrival_ns, last, self._ticks)
        self.ticks_per_sample, self._ahead, self._late_s, _ = floats[:4].tolist()
        self._suspect, self._suspects = None, 0

    def place(self, arrived: Arrived) -> list[Placed]:
        """Take a packet; return what has its place now.

        Counts duplicates, late packets and packets whose time contradicts the others; those are not returned.
        """
        if arrived.ticks is None:
            self.tally.errors += 1
            return []
        if self._start is not None:
            self._start.append(arrived)
            return self._begin() if len(self._start) >= _START_PACKETS else []
        return self._place(arrived)

    def flush(self) -> list[Placed]:
        """Return what was kept back, each where its own stamp puts it."""
        out = self._begin() if self._start else []
        held, self._held = self._held, None
        if held is not None:
            is_uneven = self._off(self._last, held) <= 0.5 * self._ticks_of(len(held.samples))
            taken = self._take(held, self._moved(self._last, held), 0) if is_uneven else self._take_with_gap(held)
            out.append(taken)
        return out

    def new_epoch(self) -> None:
        """Note that the link was lost."""
        self._epoch = self._n > 0
        self._suspect, self._suspects = None, 0

    # -- the start ---------------------------------------------------------------------------------------------------

    def _begin(self) -> list[Placed]:
        """Learn the rate from the first packets, then place them."""
        start, self._start = self._start or [], None
        steps = []
        for before, after in pairwise(start):
            n = len((after if self.stamps_last else before).samples)
            steps.append((self._stamp(after) - self._stamp(before)) % self.period / n)
        nominal = self.ticks_per_sample
        near = [step for step in steps if abs(step - nominal) <= _NEAR * nominal]
        if near:  # any longer ones are losses
            self.ticks_per_sample = median(near)
        elif len(steps) > 1:
            middle = median(steps)
            alike = sum(abs(step - middle) <= _ALIKE * middle for step in steps)
            if alike > _MOST * len(steps) and 0 < middle * self._tick_s < 1.0:
                self.ticks_per_sample = middle
        return [placed for arrived in start for placed in self._place(arrived)]

    # -- one packet --------------------------------------------------------------------------------------------------

    def _place(self, arrived: Arrived) -> list[Placed]:
        if self._n == 0:
            self._accept(arrived, 0, 0, 0.0)
            return [Placed(0, arrived.samples, arrived.arrival_ns)]
        if self._epoch:
            return [self._take_after_link_loss(arrived)]
        if self._held is not None:
            return self._place_after_held(self._held, arrived)
        if self.fits(arrived):
            return [Placed(0, arrived.samples, arrived.arrival_ns)]
        if self._is_elsewhere(arrived):
            return self._place_suspect(arrived)
        if self._off(self._last, arrived) <= 0:
            return self._place_past(arrived)
        self._held = arrived
        return []

    def _place_after_held(self, held: Arrived, arrived: Arrived) -> list[Placed]:
        """Decide what the packet that was kept back is, by the one after it."""
        self._held = None
        between = self._off(held, arrived)
        if self._follows(held, arrived, between):
            return [self._take_with_gap(held), *self._place(arrived)]
        # As if the stamp that was kept back were any: does the new one follow two packets after the last?
        skipped = len((arrived if self.stamps_last else held).samples)
        over = self._off(self._last, arrived) - self._ticks_of(skipped)
        if abs(over) <= self._slack(self._ticks_of(skipped)):
            if self._off(self._last, held) <= 0.5 * self._ticks_of(len(held.samples)):  # only an uneven stamp
                taken = self._take(held, self._moved(self._last, held), 0)
                return [taken, *self._place(arrived)]
            self.tally.errors += 1
            return [self._take(arrived, self._moved(self._last, arrived), len(held.samples))]
        if self._is_elsewhere(arrived):
            self._held = held
            return self._place_suspect(arrived)
        if between > 0:
            return [self._take_with_gap(held), *self._place(arrived)]
        if self._moved(held, arrived) == 0:
            self._held = held
            self.tally.duplicates += 1
            return []
        if self._off(self._last, arrived) < -0.5 * self._ticks_of(self._n):
            self._held = held
            return self._place_past(arrived)
        # It belongs between the two: the one that was kept back came too early.
        return [self._take_with_gap(arrived), *self._place(held)]

    def _take_with_gap(self, arrived: Arrived) -> Placed:
        off = self._off(self._last, arrived)
        missing = self._missing(off, len(arrived.samples))
        return self._take(arrived, self._moved(self._last, arrived), missing)

    def _missing(self, off_ticks: float, n: int) -> int:
        """Whole samples in so many ticks; whole packets where all are of one size and the time does not say no."""
        missing = off_ticks / self.ticks_per_sample
        size = self._first_size
        if size is not None and size == n:
            packets = round(missing / size)
            if packets and abs(missing - packets * size) <= max(0.5, 0.25 * size):
                return packets * size
        return max(0, round(missing))

    def _take(self, arrived: Arrived, moved: int, missing: int) -> Placed:
        n = len(arrived.samples)
        step = self._ticks_of((n if self.stamps_last else self._n) + missing)
        if missing:
            self._gaps.append((self.device_ticks, self.device_ticks + moved))
        # What the rate is off adds up over a gap: the line begins anew after it.
        self._accept(arrived, moved, missing, 0.0 if missing else self._ahead + moved - step)
        return Placed(missing, arrived.samples, arrived.arrival_ns)

    def _accept(self, arrived: Arrived, moved: int, missing: int, off: float) -> None:
        # Plain index access and few looks at self: this runs for every packet.
        arrival_ns, samples, ticks, _, _ = arrived
        n, before_n = len(samples), self._n
        late = self._late_s + (arrival_ns - self._last[0]) / NS_PER_S - moved * self._tick_s * _BY_EITHER_CLOCK
        self._late_s = late if late > 0.0 and before_n else 0.0
        self._last = arrived
        self._ticks = ticks or 0
        if n != before_n:
            if n != self._first_size and self._first_size is not None:
                self._first_size = n if before_n == 0 else None
            self._n = n
        self._ahead = off - _GAIN * off
        self.device_ticks += moved
        self.index = index = self.index + missing + n
        if self._suspects:
            self._suspect, self._suspects = None, 0
        if index >= self._measure_at:
            self._measure()

    def _measure(self) -> None:
        """Ticks per sample between now and an anchor that lies 10 to 20 s back; at the start, the first packet."""
        # With stamps of first samples the place of a stamp is the packet's start.
        at = (self.index - (0 if self.stamps_last else self._n), self.device_ticks)
        second = max(1, round(_MIN_SPAN_S / (self.ticks_per_sample * self._tick_s)))
        self._measure_at = self.index + max(1, second // 4)
        old, new = self._anchors
        if old == new == (0, 0):
            self._anchors = (at, at)
            return
        if (at[1] - new[1]) * self._tick_s >= _SPAN_S:
            self._anchors = (new, at)
        samples, ticks = at[0] - old[0], at[1] - old[1]
        if ticks * self._tick_s >= _MIN_SPAN_S and samples > 0:
            self.ticks_per_sample = ticks / samples

    # -- what does not fit -------------------------------------------------------------------------------------------

    def _place_past(self, arrived: Arrived) -> list[Placed]:
        """Take a stamp that is not beyond the last one: a repeated packet, a late one, or a clock that was set back."""
        moved = self._moved(self._last, arrived)
        if moved == 0:
            self.tally.duplicates += 1
            return []
        at = self.device_ticks + moved
        if any(start < at < stop for start, stop in self._gaps):
            self.tally.late += 1
            return []
        return self._place_suspect(arrived, is_late=moved < 0)

    def _place_suspect(self, arrived: Arrived, *, is_late: bool = False) -> list[Placed]:
        """Take a stamp that contradicts the others: damaged or, where the next ones follow it, a clock set anew."""
        suspect = self._suspect
        follows = suspect is not None and self._follows(suspect, arrived, self._off(suspect, arrived))
        self._suspects = self._suspects + 1 if follows else 1
        self._suspect = arrived
        if self._suspects < _RESTART_PACKETS:
            self.tally.late += is_late
            self.tally.errors += not is_late
            return []
        held, self._held = self._held, None
        out = [] if held is None else [self._take_with_gap(held)]
        self.tally.restarts += 1
        return [*out, self._take_by_host_time(arrived)]

    def _take_after_link_loss(self, arrived: Arrived) -> Placed:
        self._epoch = False
        moved = self._moved(self._last, arrived)
        if moved > 0 and not self._is_elsewhere(arrived):
            missing = max(1, self._missing(self._off(self._last, arrived), len(arrived.samples)))
            return self._take(arrived, moved, missing)
        self.tally.restarts += 1
        return self._take_by_host_time(arrived)

    def _take_by_host_time(self, arrived: Arrived) -> Placed:
        """Place a packet of a device that began anew: only the host's clock knows for how long it was away."""
        passed_s = (arrived.arrival_ns - self._last.arrival_ns) / NS_PER_S
        ticks = passed_s / self._tick_s
        n = len(arrived.samples)
        missing = max(1, round(ticks / self.ticks_per_sample) - n)
        self._ahead = 0.0
        self._accept(arrived, round(self._ticks_of(missing + n)), missing, 0.0)
        self._anchors = ((0, 0), (0, 0))
        self._measure_at = 0
        return Placed(missing, arrived.samples, arrived.arrival_ns)

    # -- arithmetic --------------------------------------------------------------------------------------------------

    @staticmethod
    def _stamp(arrived: Arrived) -> int:
        return arrived.ticks or 0

    def _ticks_of(self, n: int) -> float:
        return n * self.ticks_per_sample

    def _slack(self, step: float) -> float:
        slack = _SLACK_SAMPLES * self.ticks_per_sample + _SLACK_TICKS + _SLACK_RATE * step
        return min(slack, _SLACK_PACKET * step)

    def _moved(self, old: Arrived, new: Arrived) -> int:
        """Ticks from old to new; the rollovers in between are those that arrival times say."""
        arrival = (new.arrival_ns - old.arrival_ns) / NS_PER_S / self._tick_s
        ticks = (self._stamp(new) - self._stamp(old)) % self.period
        return ticks + self.period * round((arrival - ticks) / self.period)

    def _off(self, old: Arrived, new: Arrived) -> float:
        """Ticks between old and new beyond those of the samples in between."""
        n = len((new if self.stamps_last else old).samples)
        ahead = self._ahead if old is self._last else 0.0
        return ahead + self._moved(old, new) - self._ticks_of(n)

    def _follows(self, old: Arrived, new: Arrived, off: float) -> bool:
        step = self._ticks_of(len((new if self.stamps_last else old).samples))
        return abs(off) <= self._slack(step)

    def _is_elsewhere(self, new: Arrived) -> bool:
        """Whether its device time cannot be true, given when it arrived."""
        passed_s = (new.arrival_ns - self._last.arrival_ns) / NS_PER_S
        late_s = self._late_s + passed_s - self._moved(self._last, new) * self._tick_s
        return not -_MAX_EARLY_S <= late_s <= self._late_s + _MAX_LATE_S
