"""Packets without counter or device time: the sample index is the clock, and arrivals only bound it.

No packet arrives before it was sampled, so the earliest packets (the lower envelope of arrivals) show the sampling
rate. A late packet is made up for by the next ones; a lost one is not: from then on everything is late. So a packet
that comes late is kept back until one comes in time (then nothing was lost), or until a second has passed in which
none did (then the samples are missing, and the gap lies where the delay began). Nothing is declared missing while the
rate is still being learnt, unless the delay is longer than a radio's. Latency: none while packets come in time.

What this cannot see: a lost packet whose delay is within the scatter of the envelope; where exactly within a bunch of
late packets the lost ones were.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Final

import numpy as np

from imu.acquisition.envelope import Envelope, Line
from imu.acquisition.order import Arrived, Placed, Tally
from imu.constants import NS_PER_S
from imu.kernels import packet as kernel
from imu.types import FloatArray, IntArray

_STRETCH_S: Final = 0.5
_POINTS: Final = 32
_SETTLED: Final = 10
"""So many stretches make a line that a loss can be read from."""
_FIT_EVERY: Final = 4
"""Stretches between two fits of the line."""
_PACKET_PART: Final = 0.6
_NOISE_FACTOR: Final = 5.0
_LEAST_S: Final = 0.008
"""Half the longest connection interval that sensors ask for while streaming (15 ms)."""
_UNSETTLED_S: Final = 0.3
_UNSETTLED_PART: Final = 0.1
"""Before the line is known: the longest hold-up by a radio, and a rate that is 10 % off."""
_WAIT_S: Final = 1.0
_LONGEST_WAIT_S: Final = 5.0
"""A device that delivers what it had stored catches up slowly; it is given so long."""
_SILENCE_S: Final = 0.1
"""A pause between two packets counts as no more waiting than this: a radio may hold everything back for seconds."""
_TRANSIENT_S: Final = 0.3
_REPEAT_PART: Final = 0.5
_NOTHING: Final = np.empty((0, 3))


class ArrivalOrder:
    """Follows the arrivals of one stream.

    Parameters
    ----------
    sampling_rate_hz : float
        Nominal; the true one is learnt.
    """

    def __init__(self, *, sampling_rate_hz: float) -> None:
        self.tally = Tally()
        self.index = 0
        """Samples placed so far, missing ones included."""
        self._period_s = 1.0 / sampling_rate_hz
        self._envelope = Envelope(stretch_s=_STRETCH_S, keep=_POINTS, thin=False)
        self._line = Line(0.0, 0.0, 0.0)
        self._start_ns = 0
        self._limit_s = _UNSETTLED_S
        self._settled = False
        self._points_since = _FIT_EVERY
        self._held: deque[Arrived] = deque()
        self._held_n = 0
        self._waited_s = 0.0
        self._n = 0
        self._last: Arrived | None = None
        self._before: Arrived | None = None
        self._one_size = True
        self._epoch = False

    def fits(self, arrived: Arrived) -> bool:
        """Take the packet if it plainly comes next and in time; the quick way, which `place` ends in as well."""
        last = self._last
        if last is None or self._held or self._epoch or arrived[4]:
            return False
        arrival_ns = arrived[0]
        n = len(arrived[1])
        period_s = self._period_s
        stop = self.index + n
        stream_s = stop * period_s
        late_s = (arrival_ns - self._start_ns) / NS_PER_S - stream_s
        line = self._line
        if late_s - line[2] - line[0] * (stream_s - line[1]) > self._limit_s:
            return False
        if (arrival_ns - last[0]) / NS_PER_S < _REPEAT_PART * n * period_s and self._is_repeat(last, arrived):
            return False
        if n != self._n:
            self._one_size = False
            self._n = n
        self.index = stop
        self._before, self._last = last, arrived
        self._note(stream_s, late_s)
        return True

    def give_state(self, ints: IntArray, floats: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Tell the kernel what has to come next, if that is plain; return the samples of the last two packets."""
        last, before = self._last, self._before
        if last is None:
            return _NOTHING, _NOTHING
        if not self._held and not self._epoch:
            ints[: kernel.STATE_INTS] = (
                1, self._n, 0, last.arrival_ns, 0, self.index, 0,
                0, 0, 0, 0, 0 if self._one_size else -1, self._start_ns, self._settled,
            )  # fmt: skip
            line, envelope = self._line, self._envelope
            floats[:8] = (
                line.slope, line.at_s, line.level_s, self._limit_s,
                envelope.end_s, envelope.best_at_s, envelope.best_s, self._period_s,
            )  # fmt: skip
        return _NOTHING if before is None else before.samples, last.samples

    def take_state(self, ints: IntArray, floats: FloatArray, older: FloatArray, last: FloatArray) -> None:
        """Take over what the kernel has made of packets since."""
        state = ints[: kernel.STATE_INTS].tolist()
        self._n, self.index, self._one_size = state[kernel.N], state[kernel.INDEX], state[kernel.FIRST_SIZE] == 0
        self._before, self._last = Arrived(0, older), Arrived(state[kernel.ARRIVAL], last)
        envelope = self._envelope
        _, at_s, level_s, _, _, envelope.best_at_s, envelope.best_s, _ = floats[:8].tolist()
        self._line = self._line._replace(at_s=at_s, level_s=level_s)

    def note_last(self, ints: IntArray, floats: FloatArray) -> None:
        """Note the last packet that the kernel took, which completed a stretch, and tell it the line from then on.

        What has nothing to do with the line stays with the kernel.
        """
        envelope, line = self._envelope, self._line
        _, at_s, level_s, _, _, envelope.best_at_s, envelope.best_s, period_s = floats[:8].tolist()
        if line[1:3] != (at_s, level_s):
            self._line = line._replace(at_s=at_s, level_s=level_s)
        self._n = ints.item(kernel.N)
        stream_s = ints.item(kernel.INDEX) * period_s
        self._note(stream_s, (ints.item(kernel.ARRIVAL) - self._start_ns) / NS_PER_S - stream_s)
        line = self._line
        floats[:7] = (
            line.slope, line.at_s, line.level_s, self._limit_s, envelope.end_s, envelope.best_at_s, envelope.best_s,
        )  # fmt: skip
        ints[kernel.SETTLED] = self._settled

    def place(self, arrived: Arrived) -> list[Placed]:
        """Take a packet; return what has its place now.

        A packet that equals the one before and came too soon after it is counted as a duplicate.
        """
        if self._last is None:
            self._start_ns = arrived.arrival_ns - round(_span(arrived) * self._period_s * NS_PER_S)
            return [self._take(arrived, 0)]
        before = self._held[-1] if self._held else self._last
        passed_s = (arrived.arrival_ns - before.arrival_ns) / NS_PER_S
        if passed_s < _REPEAT_PART * len(arrived.samples) * self._period_s and self._is_repeat(before, arrived):
            self.tally.duplicates += 1
            return []
        if self._epoch:
            self._epoch = False
            return [self._take_after_link_loss(arrived)]
        if not self._held and self._excess_s(arrived) <= self._limit_s:
            return [self._take(arrived, 0)]
        self._held.append(arrived)
        if self._excess_s(arrived, self._held_n) <= self._limit_s:
            out = self._release(len(self._held))
        else:
            self._waited_s += min(passed_s, _SILENCE_S) if len(self._held) > 1 else 0.0
            out = self._decide() if self._waited_s >= _WAIT_S else []
        self._held_n = sum(map(_span, self._held)) if out else self._held_n + _span(arrived)
        if not self._held:
            self._waited_s = 0.0
        return out

    def flush(self) -> list[Placed]:
        """Return what was kept back: no loss was proved."""
        self._held_n, self._waited_s = 0, 0.0
        return self._release(len(self._held))

    def new_epoch(self) -> None:
        """Note that the link was lost."""
        self._epoch = self._last is not None

    # -- deciding ----------------------------------------------------------------------------------------------------

    def _decide(self) -> list[Placed]:
        """Put a gap before what is kept back, once enough packets have passed without one in time."""
        out: list[Placed] = []
        while self._held:
            excess, waited = self._look()
            in_time = [k for k, seconds in enumerate(excess) if seconds <= self._limit_s]
            if in_time:
                out += self._release(in_time[-1] + 1)
                continue
            floor, lowest_at = math.inf, 0.0
            for seconds, at in zip(excess, waited, strict=True):
                if seconds < floor - 0.5 * self._limit_s:
                    floor, lowest_at = seconds, at
            is_settled = waited[-1] - lowest_at >= _WAIT_S or waited[-1] >= _LONGEST_WAIT_S
            if not is_settled:
                return out
            half = 0.5 * waited[-1]
            floor = min(seconds for seconds, at in zip(excess, waited, strict=True) if at >= half)
            early = next(k for k, seconds in enumerate(excess) if seconds >= floor - 0.5 * self._limit_s)
            if early and waited[early] < _TRANSIENT_S:  # late ones just before the loss
                out += self._release(early)
                continue
            lowest = min(excess[:early]) if early else floor
            first = self._held.popleft()
            out.append(self._take(first, self._missing(lowest, len(first.samples))))
        return out

    def _look(self) -> tuple[list[float], list[float]]:
        """Excess of each packet that is kept back, and the time waited until it; silence is no waiting."""
        excess, waited, ahead, total = [], [], 0, 0.0
        before_ns = self._held[0].arrival_ns
        for arrived in self._held:
            total += min((arrived.arrival_ns - before_ns) / NS_PER_S, _SILENCE_S)
            before_ns = arrived.arrival_ns
            excess.append(self._excess_s(arrived, ahead))
            waited.append(total)
            ahead += _span(arrived)
        return excess, waited

    def _release(self, count: int) -> list[Placed]:
        """Let go of the first of what is kept back: late, but nothing was lost."""
        return [self._take(self._held.popleft(), 0) for _ in range(count)]

    def _missing(self, excess_s: float, n: int) -> int:
        missing = excess_s / (self._period_s * (1.0 + self._line.slope))
        if self._one_size and n == self._n:
            return max(1, round(missing / n)) * n
        return max(1, round(missing))

    def _take_after_link_loss(self, arrived: Arrived) -> Placed:
        """Place the first packet after a lost link by the host's clock."""
        missing = max(1, round(self._excess_s(arrived) / (self._period_s * (1.0 + self._line.slope))))
        self._envelope.forget()
        self._settled = False
        self._points_since = _FIT_EVERY
        self._limit_s = _UNSETTLED_S
        self._line = self._line._replace(at_s=math.inf)
        return self._take(arrived, missing)

    # -- the line ----------------------------------------------------------------------------------------------------

    def _late_s(self, arrived: Arrived, ahead: int = 0) -> float:
        """Arrival against the sample index, at the nominal rate."""
        stream_s = (self.index + ahead + _span(arrived)) * self._period_s
        return (arrived.arrival_ns - self._start_ns) / NS_PER_S - stream_s

    def _excess_s(self, arrived: Arrived, ahead: int = 0) -> float:
        """How much later than the envelope a packet came, if it came next."""
        stream_s = (self.index + ahead + _span(arrived)) * self._period_s
        return self._late_s(arrived, ahead) - self._line.at(stream_s)

    def _take(self, arrived: Arrived, missing: int) -> Placed:
        n = len(arrived.samples)
        missing += arrived.missing
        self._one_size = self._one_size and n == (self._n or n)
        self._n = n
        self.index += missing
        late_s = self._late_s(arrived)
        self.index += n
        if self._last is None or math.isinf(self._line.at_s):
            self._line = self._line._replace(at_s=self.index * self._period_s, level_s=late_s)
        self._before, self._last = self._last, arrived
        self._note(self.index * self._period_s, late_s)
        return Placed(missing, arrived.samples, arrived.arrival_ns)

    def _note(self, stream_s: float, late_s: float) -> None:
        if not self._settled and late_s < self._line.at(stream_s):
            self._line = self._line._replace(at_s=stream_s, level_s=late_s)
        if late_s - self._line.at(stream_s) <= self._limit_s and self._envelope.note(stream_s, late_s):
            self._settle(stream_s)

    def _settle(self, stream_s: float) -> None:
        self._settled = len(self._envelope) >= _SETTLED
        if not self._settled:
            self._limit_s = _UNSETTLED_S + _UNSETTLED_PART * max(0.0, stream_s - self._line.at_s)
            return
        self._points_since += 1
        if self._points_since < _FIT_EVERY:
            return
        self._points_since = 0
        line = self._envelope.line()
        assert line is not None  # it has points enough
        self._line = line
        packet_s = self._n * self._period_s
        self._limit_s = max(_PACKET_PART * packet_s, _NOISE_FACTOR * line.noise_s, _LEAST_S)

    def _is_repeat(self, before: Arrived, arrived: Arrived) -> bool:
        """Whether this is the packet before once more; a sensor that keeps repeating one value has frozen instead."""
        if not np.array_equal(before.samples, arrived.samples):
            return False
        older = self._held[-2] if len(self._held) > 1 else self._last if self._held else self._before
        return older is None or not np.array_equal(older.samples, before.samples)


def _span(arrived: Arrived) -> int:
    """Return the number of samples, those before them that are known to be lost included."""
    return len(arrived.samples) + arrived.missing
