"""Which shocks of a leg are contacts: what a hump is worth, which one counts, what is learned from it."""

from __future__ import annotations

import math

from imu.kernels import foot_slots as s
from imu.kernels import rows
from imu.kernels._jit import inner, njit
from imu.kernels.window import highest

_NAN = float("nan")
_RISE = 0.5  # weight of a contact stronger than typical
_FALL = 0.15  # ... and of a weaker one: the typical contact is a strong one


@inner
def _mean(row, capacity, first, last):
    """Mean of the finite samples first ... last - 1; NaN where there is none."""
    total, n = 0.0, 0
    for k in range(first, last):
        value = row[k % capacity]
        if math.isfinite(value):
            total += value
            n += 1
    return total / n if n > 0 else _NAN


@inner
def _turning(sig, capacity, first, last):
    """Mean magnitude of the angular rate over samples first ... last - 1; NaN without gyroscope."""
    total, n = 0.0, 0
    for k in range(first, last):
        c = k % capacity
        g0, g1, g2 = sig[rows.GYR_IS, c], sig[rows.GYR_ML, c], sig[rows.GYR_PA, c]
        value = math.sqrt(g0 * g0 + g1 * g1 + g2 * g2)
        if math.isfinite(value):
            total += value
            n += 1
    return total / n if n > 0 else _NAN


@inner
def _contact_time(sig, capacity, params, f, top, first):
    """Time the initial contact that belongs to the hump with its top at sample `top`."""
    start = max(first, top - int(params[s.P_SEARCH]))
    if params[s.P_ON_FOOT] == 0.0:
        _, at = highest(sig[rows.RESULTANT], capacity, start, top)
        return at - params[s.P_LEAD]
    most = 0.0
    for k in range(start, top + 1):
        most = max(most, f[s.F_RING + k % s.N_RING])
    level = params[s.P_RISE] * most
    at = start
    while at < top and f[s.F_RING + at % s.N_RING] < level:
        at += 1
    after, before = f[s.F_RING + at % s.N_RING], f[s.F_RING + (at - 1) % s.N_RING]
    part = (after - level) / (after - before) if at > start and after > before else 0.0
    return at - part - params[s.P_LEAD]


@inner
def _learn(params, f, i, first):
    """Let the contact that becomes final shape the typical score and stride.

    Strides are learned between strong contacts only (a weak one may be something else): the median of the last three,
    so that one missed or doubled contact changes nothing; the longer of two. None is measured across a gap, which ends
    at sample `first`.
    """
    score = f[s.F_SCORE]
    late = f[s.F_STRIDE] > 0.0 and i[s.I_CONTACT] - max(i[s.I_FINAL], first) > 1.5 * f[s.F_STRIDE]
    if late and score < params[s.P_SURE] * f[s.F_TYPICAL]:  # running has become walking: learn anew
        f[s.F_TYPICAL] = 0.0
    if score >= params[s.P_SURE] * f[s.F_TYPICAL]:
        stride = float(i[s.I_CONTACT] - i[s.I_STRONG])
        latest = float(i[s.I_CONTACT] - i[s.I_FINAL])
        if f[s.F_STRIDE] > 0.0 and abs(latest - f[s.F_STRIDE]) < abs(stride - f[s.F_STRIDE]):
            stride = latest  # the weak one between was a contact
        seen = i[s.I_STRONG] >= first
        if f[s.F_TYPICAL] == 0.0 or (seen and stride > params[s.P_LONGEST_STRIDE]):
            f[s.F_STRIDES] = 0.0
            f[s.F_STRIDES + 1] = 0.0
            f[s.F_STRIDE] = 0.0
        elif seen:
            a, b = f[s.F_STRIDES], f[s.F_STRIDES + 1]
            f[s.F_STRIDE] = max(stride, b) if a == 0.0 else max(min(a, b), min(max(a, b), stride))
            f[s.F_STRIDES] = b
            f[s.F_STRIDES + 1] = stride
        i[s.I_STRONG] = i[s.I_CONTACT]
    weight = 1.0 if f[s.F_TYPICAL] == 0.0 else (_RISE if score > f[s.F_TYPICAL] else _FALL)
    f[s.F_TYPICAL] += weight * (score - f[s.F_TYPICAL])


@njit
def finish(sig, capacity, k, params, f, i, row):
    """Write the pending contact's row and learn from it."""
    first = k - i[s.I_SEEN] + 1
    ic = f[s.F_IC]
    found = i[s.I_FOUND] == 1
    start = min(max(first, math.floor(ic)), k)
    stop = min(math.ceil(ic + params[s.P_SHOCK]), k)
    shock, peak_at = highest(sig[rows.RESULTANT], capacity, start, max(start, stop))
    faults = 0
    for j in range(max(first, start - int(params[s.P_SEARCH])), stop + 1):
        fault = sig[rows.FAULT, j % capacity]
        if fault > 0.0:  # not so for NaN
            faults |= int(fault)
    if params[s.P_ON_FOOT] == 1.0:
        usual = f[s.F_SWING_TYPICAL]
        f[s.F_SWING_TYPICAL] += (1.0 if usual == 0.0 else 0.5) * (f[s.F_SWING] - usual)
        i[s.I_RUN] = 1 if f[s.F_SWING_TYPICAL] >= params[s.P_RUN_SWING] else 0
    elif found:
        i[s.I_RUN] = 1 if f[s.F_TC] - ic < params[s.P_RUN_CONTACT] else 0
    row[s.R_IC] = ic
    row[s.R_TC] = _NAN
    if found:
        row[s.R_TC] = f[s.F_TC] - (params[s.P_TC_LAG_RUN] if i[s.I_RUN] == 1 else params[s.P_TC_LAG_WALK])
    row[s.R_PEAK_AT] = peak_at
    row[s.R_SHOCK] = shock
    row[s.R_RUNNING] = i[s.I_RUN]
    row[s.R_REPORT] = k
    row[s.R_IC_REPORT] = f[s.F_IC_REPORT]
    row[s.R_FLAGS] = (faults & 3) + (0 if found else s.FLAG_NO_TOE_OFF)

    _learn(params, f, i, first)
    i[s.I_FINAL] = i[s.I_CONTACT]
    i[s.I_PENDING] = 0


@inner
def _take(sig, capacity, k, params, f, i, score, swing):
    """Make the hump just confirmed the pending contact."""
    top = i[s.I_TOP]
    i[s.I_PENDING] = 1
    i[s.I_CONTACT] = top
    i[s.I_LOST] = 0
    i[s.I_FOUND] = 0
    f[s.F_SCORE] = score
    f[s.F_SWING] = swing
    f[s.F_IC] = _contact_time(sig, capacity, params, f, top, k - i[s.I_SEEN] + 1)
    f[s.F_IC_REPORT] = k
    f[s.F_PUSH_HIGH] = -math.inf
    f[s.F_PUSH_LOW] = math.inf if params[s.P_ON_FOOT] == 1.0 else 0.0


@njit
def judge(sig, capacity, k, params, f, i, row):
    """Decide on the hump just confirmed; bit 1 = a row was written, bit 2 = a new contact is pending."""
    top = i[s.I_TOP]
    score = f[s.F_HUMP]
    if score < params[s.P_MIN_IMPACT]:
        return 0
    swing = 0.0
    if params[s.P_ON_FOOT] == 1.0:  # the swing is what was seen of it, on both sides of a gap
        start = top - int(params[s.P_SWING_START])
        swing = _mean(sig[rows.RESULTANT], capacity, start, top - int(params[s.P_SWING_END])) - params[s.P_ONE_G]
        if not swing > 0.0:
            return 0
        score *= swing
        turning = _turning(sig, capacity, top - int(params[s.P_TURN_START]), top - int(params[s.P_TURN_END]))
        if turning > 0.0:
            score *= turning
    if i[s.I_COUNT] > 0:
        since = top - i[s.I_CONTACT]
        stride = f[s.F_STRIDE]
        sure, usual = params[s.P_SURE], f[s.F_TYPICAL]
        shortest = max(params[s.P_FIRST_REFRACTORY], 0.45 * stride)
        refractory = max(shortest, params[s.P_REFRACTORY] * stride)
        if i[s.I_LOST] > 0 and since < refractory:
            if since < 0.5 * shortest or sure * score <= f[s.F_SCORE]:
                return 0  # the last one before the gap counts, unless this one is clearly stronger
        elif since < refractory:
            if i[s.I_PENDING] == 1 and score > f[s.F_SCORE] and (since < shortest or stride == 0.0):
                _take(sig, capacity, k, params, f, i, score, swing)
                return 2
            halved = since >= shortest and since < 0.55 * stride and score >= sure * usual
            faster = since >= shortest and sure * score >= usual
            mistaken = i[s.I_PENDING] == 0 and since >= 0.5 * shortest and sure * score > f[s.F_SCORE]
            if halved or faster:  # the stride was twice the true one, or running has begun
                f[s.F_STRIDE] = float(since)
                f[s.F_STRIDES] = f[s.F_STRIDES + 1] = float(since)
            elif mistaken:  # a clearly stronger one soon after shows that the last one was none: learn anew
                f[s.F_STRIDE] = f[s.F_STRIDES] = f[s.F_STRIDES + 1] = 0.0
                i[s.I_FINAL] = i[s.I_STRONG]
            else:
                if i[s.I_PENDING] == 0 or score <= f[s.F_SCORE]:
                    return 0
                _take(sig, capacity, k, params, f, i, score, swing)
                return 2
        # Before the stride is known, only an equal of the last contact counts within a walking stride of it.
        ratio = params[s.P_RATIO]
        # What a long gap hid was not absent; one of less than half a stride hides one contact at most.
        absent = since if i[s.I_LOST] < 0.5 * stride else max(1, since - i[s.I_LOST])
        if stride > 0.0:
            ratio *= min(1.0, (1.5 * stride / absent) ** 2)
        else:
            usual = max(usual, f[s.F_SCORE])
            if since < params[s.P_FIRST_STRIDE]:
                ratio = sure
            else:
                ratio *= min(1.0, params[s.P_LONGEST_STRIDE] / absent)
        if score < ratio * usual:
            return 0
    written = 0
    if i[s.I_PENDING] == 1:
        finish(sig, capacity, k, params, f, i, row)
        written = 1
    i[s.I_COUNT] += 1
    _take(sig, capacity, k, params, f, i, score, swing)
    return written + 2
