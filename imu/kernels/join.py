"""Two sensors that come apart, each packet with the device's time: from bytes to joined SI columns, time checked.

`take_half` is the quick way of `imu.acquisition.decode_join`: what `firmware_profiles.joining` does in Python, of
packets that plainly come next, with the same arithmetic in the same order, so that the results are the same bit for
bit. All else is refused untouched, and the slow way explains it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from imu.kernels import clock, packet
from imu.kernels._jit import inner, njit
from imu.kernels.delta import undo

# Whole numbers: first the state of the order as in `packet`, up to and with packet.PERIOD; then the layout.
IS_COMPRESSED: Final = 18
AT: Final = 19
TIME_AT: Final = 20
TIME_BYTES: Final = 21
UNIT: Final = 22
"""Ticks of the join in one of the device time."""
STAMPS_FIRST: Final = 23
MOST: Final = 24
"""Rows of a slot: samples of the longest packet."""
PERIOD: Final = 25
"""Ticks of the join between samples at the nominal rate."""
# The state of the join.
UNEVEN_TO: Final = 26
SENSORS: Final = 27
"""For acceleration, then for angular rate: what follows."""
KIND_AT: Final = 0
KIND: Final = 1
FORM_AT: Final = 2
FORM: Final = 3
"""-1 = what this sensor sends is not read here."""
LINE_LAST: Final = 4
IS_MEASURED: Final = 5
LAST: Final = 6
HAS_LAST: Final = 7
HEAD: Final = 8
"""Slot of the oldest packet that is kept."""
COUNT: Final = 9
SLOT: Final = 10
"""For each slot: tick of the last sample, of the first one, number of samples, and the tick before which samples are
not used any more."""
SLOT_INTS: Final = 4
SLOTS: Final = 8
SENSOR_INTS: Final = SLOT + SLOT_INTS * SLOTS
INTS: Final = SENSORS + 2 * SENSOR_INTS + clock.INTS
"""With the numbers of `clock` at the end."""

# Numbers: the state of the order; then these.
SPAN: Final = 8
"""Where first samples are stamped: ticks of the join between two."""
SENSOR_FLOATS_AT: Final = 9
FACTOR: Final = 0
LIMIT: Final = 1
LINE_PERIOD: Final = 2
SLOT_PERIOD: Final = 3
SENSOR_FLOATS: Final = SLOT_PERIOD + SLOTS
FLOATS: Final = SENSOR_FLOATS_AT + 2 * SENSOR_FLOATS + clock.FLOATS

REFUSED: Final = 0
KEPT: Final = -1
SHIFT: Final = 3
SAID: Final = (1 << SHIFT) - 1
"""What else is said of samples that are complete: packet.TAKEN, and packet.NOTE."""

_NEVER: Final = -(1 << 63)
_MOST_TICKS_TOP: Final = 0x40
# As in `firmware_profiles.stamps` and `firmware_profiles.pairing`.
_NEAR_PACKET: Final = 0.05
_NEAR_SAMPLES: Final = 0.6
_NEAR_START: Final = 0.25
_SLACK_RATE: Final = 0.15


@inner
def ints_at(sensor):
    """Return where the whole numbers of a sensor begin."""
    return SENSORS + SENSOR_INTS * sensor


@inner
def floats_at(sensor):
    """Return where the other numbers of a sensor begin."""
    return SENSOR_FLOATS_AT + SENSOR_FLOATS * sensor


@inner
def slot_of(plan, sensor, k):
    """Return the slot of the k-th oldest packet that is kept."""
    return (plan[ints_at(sensor) + HEAD] + k) % SLOTS


@inner
def entry_of(plan, sensor, k):
    """Return where the numbers of the k-th oldest packet that is kept begin."""
    return ints_at(sensor) + SLOT + SLOT_INTS * slot_of(plan, sensor, k)


@inner
def span_of(n, plan, floats):
    """Ticks of the join from the sample that the device stamps to the last one."""
    return int(np.rint((n - 1) * floats[SPAN])) if plan[STAMPS_FIRST] else 0


@inner
def sensor_of(buffer, plan):
    """Return which sensor a packet is of; -1 = none that is read here."""
    if len(buffer) < plan[AT]:
        return -1
    for sensor in range(2):
        a = ints_at(sensor)
        if int(buffer[plan[a + KIND_AT]]) == plan[a + KIND] and int(buffer[plan[a + FORM_AT]]) == plan[a + FORM]:
            return sensor
    return -1


@inner
def read_floats(buffer, limit, rows, row, column, plan):
    """Write a packet's values into three columns from a row on; return the number of samples, 0 = look closer."""
    at, size = plan[AT], len(buffer) - plan[AT]
    n = size // 12
    if n == 0 or 12 * n != size or n > plan[MOST]:
        return 0
    for i in range(n):
        for c in range(3):
            k = at + 12 * i + 4 * c
            value = float(np.uint32(packet.read_bits(buffer, k, 4, False)).view(np.float32))
            if not abs(value) <= limit:  # or it is no number
                return 0
            rows[row + i, column + c] = value
    return n


@inner
def fill_in_step(plan, rows, n, wanted):
    """Join with a packet of angular rate that runs in step with this one; False = there is none."""
    near = plan[PERIOD] // 4
    last, first = plan[wanted], plan[wanted + 1]
    if first - plan[PERIOD] <= plan[UNEVEN_TO]:
        return False
    for k in range(plan[ints_at(1) + COUNT]):
        e = entry_of(plan, 1, k)
        if abs(plan[e] - last) > near or abs(plan[e + 1] - first) > near or plan[e + 2] != n:
            continue
        if plan[e + 3] <= plan[e + 1]:
            row = (1 + slot_of(plan, 1, k)) * plan[MOST]
            for i in range(n):
                for c in range(3, 6):
                    rows[i, c] = rows[row + i, c]
            return True
    return False


@inner
def fill_nearest(plan, floats, rows, n, wanted, period):
    """Join each sample with the angular rate nearest in time; none within half a sample: NaN."""
    half = plan[PERIOD] // 2
    g = ints_at(1)
    k, j, size = -1, 0, 0  # the angular rate that comes next: packet, sample
    e, row, rate_period = 0, 0, 0.0
    left_row, left_time = -1, 0
    right_row, right_time = -1, 0
    for i in range(n):
        time = plan[wanted] - int(np.rint(period * (n - 1 - i)))
        while right_row < 0 or right_time < time:
            if right_row >= 0:
                left_row, left_time = right_row, right_time
            j += 1
            is_kept = False
            while not is_kept:
                if j >= size:
                    k += 1
                    if k >= plan[g + COUNT]:
                        break
                    slot = slot_of(plan, 1, k)
                    e, row, j = g + SLOT + SLOT_INTS * slot, (1 + slot) * plan[MOST], 0
                    size, rate_period = plan[e + 2], floats[floats_at(1) + SLOT_PERIOD + slot]
                rate_time = plan[e] - int(np.rint(rate_period * (size - 1 - j)))
                is_kept = rate_time >= plan[e + 3]
                if not is_kept:
                    j += 1
            if not is_kept:
                k, j = plan[g + COUNT], size  # it stays so
                break
            right_row, right_time = row + j, rate_time
        best, at = right_row, right_time
        if left_row >= 0 and abs(left_time - time) <= abs(right_time - time):
            best, at = left_row, left_time
        for c in range(3, 6):
            rows[i, c] = rows[best, c] if abs(at - time) <= half + 1 else np.nan


@inner
def forget(plan, time):
    """Drop the angular rates before a time."""
    g = ints_at(1)
    while plan[g + COUNT] and plan[entry_of(plan, 1, 0)] < time:
        plan[g + HEAD] = (plan[g + HEAD] + 1) % SLOTS
        plan[g + COUNT] -= 1
    for k in range(plan[g + COUNT]):
        e = entry_of(plan, 1, k)
        plan[e + 3] = max(plan[e + 3], time)


@inner
def join_oldest(arrival_ns, plan, floats, rows):
    """Join the oldest acceleration, if its angular rate has come; REFUSED = more than one is complete, or not whole."""
    a, g = ints_at(0), ints_at(1)
    if plan[a + COUNT] == 0 or plan[g + COUNT] == 0:
        return KEPT
    covered_to = plan[entry_of(plan, 1, plan[g + COUNT] - 1)] + plan[PERIOD] // 2
    wanted = entry_of(plan, 0, 0)
    if covered_to < plan[wanted]:
        return KEPT
    if plan[a + COUNT] > 1 and covered_to >= plan[entry_of(plan, 0, 1)]:
        return REFUSED
    n = plan[wanted + 2]
    slot = slot_of(plan, 0, 0)
    if not fill_in_step(plan, rows, n, wanted):
        fill_nearest(plan, floats, rows, n, wanted, floats[floats_at(0) + SLOT_PERIOD + slot])
        if np.isnan(rows[0, 3]) or np.isnan(rows[n - 1, 3]):
            return REFUSED
    row = (1 + slot) * plan[MOST]
    for i in range(n):
        for c in range(3):
            rows[i, c] = rows[row + i, c]
    ticks = (plan[wanted] - span_of(n, plan, floats)) // plan[UNIT]
    if packet.follows_in_time(ticks, arrival_ns, n, plan, floats) == packet.REFUSED:
        return REFUSED
    forget(plan, plan[wanted] - plan[PERIOD])
    plan[a + HEAD] = (plan[a + HEAD] + 1) % SLOTS
    plan[a + COUNT] -= 1
    said = packet.TAKEN
    if clock.note(arrival_ns, n, ticks, plan, floats):
        said |= packet.NOTE
    return n << SHIFT | said


@njit
def take_half(buffer, arrival_ns, plan, floats, rows):
    """Decode a packet of either sensor if it is plainly the next one, and join what is complete with it.

    Parameters
    ----------
    buffer : bytes
    arrival_ns : int
    plan : ndarray of int64, shape (INTS,)
        State and layout; see the constants of this module.
    floats : ndarray of float64, shape (FLOATS,)
    rows : ndarray of float64, shape ((1 + SLOTS) * plan[MOST], 6)
        The joined samples come first; then the slots, acceleration in the first three columns and angular rate in
        the others.

    Returns
    -------
    int
        Number of samples that are complete, in the first rows, times 2 ** SHIFT, and what `packet.take_packet` says of
        them. KEPT = the packet waits for its other half. REFUSED = anything else; the state was not touched.
    """
    if plan[packet.READY] == 0:
        return REFUSED
    sensor = sensor_of(buffer, plan)
    if sensor < 0:
        return REFUSED
    at, size = plan[TIME_AT], plan[TIME_BYTES]
    if size == 8 and int(buffer[at + 7]) >= _MOST_TICKS_TOP:
        return REFUSED
    a, f = ints_at(sensor), floats_at(sensor)
    count = plan[a + COUNT]
    if count >= SLOTS:
        return REFUSED
    row = (1 + slot_of(plan, sensor, count)) * plan[MOST]
    if plan[IS_COMPRESSED]:
        n = undo(buffer, floats[f + FACTOR], floats[f + LIMIT], rows, row, 3 * sensor, plan[MOST])
    else:
        n = read_floats(buffer, floats[f + LIMIT], rows, row, 3 * sensor, plan)
    if n == 0:
        return REFUSED
    last = packet.read_bits(buffer, at, size, False) * plan[UNIT] + span_of(n, plan, floats)
    # Does its time follow? As StampLine.
    line_period = floats[f + LINE_PERIOD]
    moved = last - plan[a + LINE_LAST]
    near = n * (_NEAR_PACKET if plan[a + IS_MEASURED] else _NEAR_START) + _NEAR_SAMPLES
    if abs(moved - n * line_period) > near * line_period:
        return REFUSED
    # Where does it lie? As TimePairing.
    nominal = float(plan[PERIOD])
    period = nominal
    if plan[a + HAS_LAST] and abs((last - plan[a + LAST]) / n - nominal) <= _SLACK_RATE * nominal:
        period = (last - plan[a + LAST]) / n
    first = last - int(np.rint(period * (n - 1)))
    uneven_to = plan[UNEVEN_TO]
    if sensor == 1 and count:
        before = plan[entry_of(plan, 1, count - 1)]
        if first <= before:
            return REFUSED
        if first - before <= plan[PERIOD] // 2:
            plan[UNEVEN_TO] = first
    e = entry_of(plan, sensor, count)
    plan[e], plan[e + 1], plan[e + 2], plan[e + 3] = last, first, n, _NEVER
    floats[f + SLOT_PERIOD + slot_of(plan, sensor, count)] = period
    plan[a + COUNT] = count + 1
    taken = join_oldest(arrival_ns, plan, floats, rows)
    if taken == REFUSED:
        plan[a + COUNT] = count
        plan[UNEVEN_TO] = uneven_to
        return REFUSED
    if abs(moved / n - nominal) <= _NEAR_START * nominal:
        floats[f + LINE_PERIOD] = moved / n
        plan[a + IS_MEASURED] = 1
    plan[a + LINE_LAST] = plan[a + LAST] = last
    plan[a + HAS_LAST] = 1
    return taken
