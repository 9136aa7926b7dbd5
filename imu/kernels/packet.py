"""Notifications of any plain layout, from bytes to SI columns, with device time or arrival checked in the same call.

`take_packet` is the quick way of `imu.acquisition.decode_quick`: it takes a notification that is plainly the next one,
and refuses everything else untouched, so that the slow way can explain it. Results are those of the slow way, bit for
bit: the arithmetic is the same, in the same order.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from imu.kernels import clock
from imu.kernels._jit import inner, njit

# Whole numbers: first the state, then the layout that the profile states.
READY: Final = 0
"""0 = nothing is expected: every packet is refused."""
N: Final = 1
TICKS: Final = 2
ARRIVAL: Final = 3
DEVICE_TICKS: Final = 4
INDEX: Final = 5
MEASURE_AT: Final = 6
ANCHORS: Final = 7
"""Four: index and ticks of the older anchor, then of the newer."""
FIRST_SIZE: Final = 11
"""-1 = packets were not all of one size."""
START: Final = 12
SETTLED: Final = 13
"""Whether the line through the arrivals is drawn, or still follows the earliest one."""
STATE_INTS: Final = 14
ORDER: Final = 14
"""0 = none: the values alone; 1 = by device time; 2 = by arrival."""
STAMPS_LAST: Final = 15
PERIOD: Final = 16
"""Ticks after which device time rolls over; 0 = it never does."""
KIND: Final = 17
VALUE_BYTES: Final = 18
IS_BIG: Final = 19
AT: Final = 20
STEP: Final = 21
TIME_AT: Final = 22
TIME_BYTES: Final = 23
CRC_AT: Final = 24
"""Where a CRC-32 of everything behind it and one more byte stands; -1 = nowhere."""
REPEATS: Final = 25
"""1 = the fixed bytes stand before every sample, `step` bytes apart."""
FIXED: Final = 26
"""Number of fixed bytes."""
COLUMNS: Final = 27
"""Number of columns. Behind it three numbers for each: its place in `out`, its first byte, and its bytes per sample
before that (where all values of one axis, or of one sensor, stand together). Then the fixed bytes: place (negative =
from the end) and value. At the end the numbers of `clock`."""

SIGNED: Final = 0
UNSIGNED: Final = 1
FLOAT: Final = 2
KINDS: Final = {
    "b": SIGNED,
    "h": SIGNED,
    "t": SIGNED,
    "i": SIGNED,
    "B": UNSIGNED,
    "H": UNSIGNED,
    "I": UNSIGNED,
    "f": FLOAT,
}

BY_TIME: Final = 1
BY_ARRIVAL: Final = 2

REFUSED: Final = 0
TAKEN: Final = 1
COMPLETE: Final = 2
"""To that, by arrival: this packet completes a stretch, so that the line may be drawn anew. The caller notes it."""
NOTE: Final = 4
"""To that: the caller notes it with the sample clock."""

# Numbers: the state of the order by device time, or by arrival; then for each column its factor and its limit, then the
# numbers of `clock`.
PER_SAMPLE: Final = 0
AHEAD: Final = 1
LATE: Final = 2
TICK_S: Final = 3
SLOPE: Final = 0
LINE_AT: Final = 1
LEVEL: Final = 2
LIMIT: Final = 3
END: Final = 4
BEST_AT: Final = 5
BEST: Final = 6
PERIOD_S: Final = 7
FACTORS: Final = 8

_MOST_TICKS_TOP: Final = 0x40
"""A time of 8 bytes whose first byte is this or more leaves no room to count in."""
_NS: Final = 1e9


def _crc_table() -> np.ndarray:
    table = np.arange(256, dtype=np.int64)
    for _ in range(8):
        table = np.where(table & 1, table >> 1 ^ 0xEDB88320, table >> 1)
    return table


_CRC_TABLE: Final = _crc_table()


@inner
def crc32(buffer, start, stop):
    """Return the CRC-32 (IEEE 802.3, as zlib's) of some bytes."""
    crc = 0xFFFFFFFF
    for i in range(start, stop):
        crc = _CRC_TABLE[(crc ^ int(buffer[i])) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


@inner
def read_bits(buffer, at, size, is_big):
    """Return `size` bytes as an unsigned number; of eight bytes, the caller has looked at the first."""
    value = 0
    for i in range(size):
        k = at + (size - 1 - i if is_big else i)
        value |= int(buffer[k]) << (8 * i)
    return value


@inner
def is_as_fixed(buffer, n, plan):
    """Whether all bytes that are always the same are so."""
    first = COLUMNS + 1 + 3 * plan[COLUMNS]
    for k in range(plan[FIXED]):
        at, value = plan[first + 2 * k], plan[first + 2 * k + 1]
        if at < 0:
            at += len(buffer)
        if plan[REPEATS] == 0:
            if int(buffer[at]) != value:
                return False
        else:
            for i in range(n):
                if int(buffer[at + i * plan[STEP]]) != value:
                    return False
    return plan[CRC_AT] < 0 or crc32(buffer, plan[CRC_AT] + 5, len(buffer)) == read_bits(buffer, plan[CRC_AT], 4, False)


@inner
def read_values(buffer, n, plan, floats, out):
    """Write the scaled values into their columns; False = one is no number or beyond the sensor's range."""
    columns, kind, size, is_big = plan[COLUMNS], plan[KIND], plan[VALUE_BYTES], plan[IS_BIG] != 0
    step = plan[STEP]
    is_fine = True
    for c in range(columns):
        column = plan[COLUMNS + 1 + 3 * c]
        start = plan[AT] + plan[COLUMNS + 2 + 3 * c] + n * plan[COLUMNS + 3 + 3 * c]
        factor, limit = floats[FACTORS + 2 * c], floats[FACTORS + 2 * c + 1]
        for i in range(n):
            k = start + i * step
            if kind == SIGNED and size == 2 and not is_big:
                bits = int(buffer[k]) | int(buffer[k + 1]) << 8
                value = float(bits - ((bits & 0x8000) << 1))
            else:
                bits = read_bits(buffer, k, size, is_big)
                if kind == FLOAT:
                    value = float(np.uint32(bits).view(np.float32))
                elif kind == SIGNED:
                    value = float(bits - ((bits & (1 << (8 * size - 1))) << 1))
                else:
                    value = float(bits)
            value = value * factor
            out[i, column] = value
            is_fine = is_fine and abs(value) <= limit  # not where it is no number
    return is_fine


@inner
def measure(plan, floats):
    """Ticks per sample between now and an anchor 10 to 20 s back; `StampOrder` says more."""
    index = plan[INDEX] - (0 if plan[STAMPS_LAST] else plan[N])
    ticks = plan[DEVICE_TICKS]
    tick_s = floats[TICK_S]
    second = max(1, int(np.rint(1.0 / (floats[PER_SAMPLE] * tick_s))))
    plan[MEASURE_AT] = plan[INDEX] + max(1, second // 4)
    a = ANCHORS
    old_index, old_ticks = plan[a], plan[a + 1]
    if old_index == 0 and old_ticks == 0 and plan[a + 2] == 0 and plan[a + 3] == 0:
        plan[a], plan[a + 1], plan[a + 2], plan[a + 3] = index, ticks, index, ticks
        return
    if (ticks - plan[a + 3]) * tick_s >= 10.0:
        plan[a], plan[a + 1], plan[a + 2], plan[a + 3] = plan[a + 2], plan[a + 3], index, ticks
    samples, ticks = index - old_index, ticks - old_ticks
    if ticks * tick_s >= 1.0 and samples > 0:
        floats[PER_SAMPLE] = ticks / samples


@inner
def follows_in_time(ticks, arrival_ns, n, plan, floats):
    """Take a packet whose device time says that it is the next one; as `StampOrder.fits`."""
    moved = ticks - plan[TICKS]
    if plan[PERIOD]:
        moved %= plan[PERIOD]
    elif moved < 0:
        return REFUSED
    per_sample, ahead = floats[PER_SAMPLE], floats[AHEAD]
    before_n = plan[N]
    step = (n if plan[STAMPS_LAST] else before_n) * per_sample
    off = ahead + moved - step
    slack = min(0.5 * per_sample + 2.0 + 0.05 * step, 0.9 * step)
    if not (-0.5 * step <= off <= slack):
        return REFUSED
    late = floats[LATE] + (arrival_ns - plan[ARRIVAL]) / _NS - moved * floats[TICK_S] * (1 + 5e-4)
    floats[LATE] = late if late > 0.0 else 0.0
    floats[AHEAD] = off - 0.25 * off
    plan[ARRIVAL] = arrival_ns
    plan[TICKS] = ticks
    if n != before_n:
        plan[FIRST_SIZE] = -1
        plan[N] = n
    plan[DEVICE_TICKS] += moved
    plan[INDEX] += n
    if plan[INDEX] >= plan[MEASURE_AT]:
        measure(plan, floats)
    return TAKEN


@inner
def is_same(before, out):
    """Whether two arrays hold the same numbers."""
    if before.shape != out.shape:
        return False
    for i in range(out.shape[0]):
        for c in range(out.shape[1]):
            if before[i, c] != out[i, c]:
                return False
    return True


@inner
def comes_in_time(arrival_ns, n, plan, floats, out, before):
    """Take a packet that came when the next one had to come; as `ArrivalOrder.fits`."""
    period_s = floats[PERIOD_S]
    stop = plan[INDEX] + n
    stream_s = stop * period_s
    late_s = (arrival_ns - plan[START]) / _NS - stream_s
    slope, line_at, level, limit = floats[SLOPE], floats[LINE_AT], floats[LEVEL], floats[LIMIT]
    if late_s - level - slope * (stream_s - line_at) > limit:
        return REFUSED
    if plan[SETTLED] == 0 and late_s < level + slope * (stream_s - line_at):
        line_at, level = stream_s, late_s
    is_noted = late_s - (level + slope * (stream_s - line_at)) <= limit
    if (arrival_ns - plan[ARRIVAL]) / _NS < 0.5 * n * period_s and is_same(before, out):
        return REFUSED
    if n != plan[N]:
        plan[FIRST_SIZE] = -1
        plan[N] = n
    plan[INDEX] = stop
    plan[ARRIVAL] = arrival_ns
    floats[LINE_AT], floats[LEVEL] = line_at, level
    if is_noted and stream_s >= floats[END]:
        return TAKEN | COMPLETE
    if is_noted and late_s < floats[BEST]:
        floats[BEST_AT], floats[BEST] = stream_s, late_s
    return TAKEN


@njit
def take_packet(buffer, arrival_ns, plan, floats, out, before):
    """Decode a notification if it is plainly the next one.

    Parameters
    ----------
    buffer : bytes
        Its length is one that a packet of `len(out)` samples has: the caller has looked.
    arrival_ns : int
    plan : ndarray of int64
        State and layout; see the constants of this module.
    floats : ndarray of float64
        State, factors and limits.
    out : ndarray of float64, shape (n, 3 or 6)
        Written even where the packet is refused then.
    before : ndarray of float64
        Samples of the packet before: where nothing else numbers packets, an equal one that comes too soon is refused.

    Returns
    -------
    int
        TAKEN, perhaps with COMPLETE or NOTE = decoded into `out`, state moved on. REFUSED = anything else; the state
        was not touched.
    """
    n = out.shape[0]
    if plan[READY] == 0 or not is_as_fixed(buffer, n, plan) or not read_values(buffer, n, plan, floats, out):
        return REFUSED
    if plan[ORDER] == BY_TIME:
        at, size, is_big = plan[TIME_AT], plan[TIME_BYTES], plan[IS_BIG] != 0
        if size == 8 and int(buffer[at if is_big else at + 7]) >= _MOST_TICKS_TOP:
            return REFUSED
        taken = follows_in_time(read_bits(buffer, at, size, is_big), arrival_ns, n, plan, floats)
    elif plan[ORDER] == BY_ARRIVAL:
        taken = comes_in_time(arrival_ns, n, plan, floats, out, before)
    else:
        return TAKEN
    if taken and clock.note(arrival_ns, n, plan[TICKS], plan, floats):
        taken |= NOTE
    return taken
