"""Contacts of one leg from a sensor at the shank or the foot, walking and running, online.

A contact shakes the leg: the 15-45 Hz part of the acceleration vector, which no mounting and no tilt changes, makes
one hump per stride that stands out over the other foot's landing and over the push-off. On a foot, toe-off shakes as
well; but only contact follows a swing, so there the hump is weighted by the resultant above gravity that led up to it.

* A hump counts if it reaches a fraction of the typical one; within part of a stride only the strongest counts.
* Initial contact at the shank: the peak of the resultant minus a constant, the time from 5 % of body weight on the
  ground to the transient's peak at the shank. At the foot: the band's first rise to half of its maximum.
* Toe-off at the shank: the slow axial acceleration, highest in push-off, has fallen to half of its height. At the
  foot: the peak of the angular rate's magnitude as the foot tips over its toes (needs a gyroscope).

References: published shank methods search the axial peak and the minimum before it (compared by Kiernan et al. 2023,
doi 10.3390/s23115022); the angular rate of the foot is extreme at toe-off (Falbriard et al. 2018,
doi 10.3389/fphys.2018.00610). The hump, its selection and the constants are our own.
"""

from __future__ import annotations

import math

from imu.kernels import rows
from imu.kernels._jit import njit
from imu.kernels.window import highest

# Parameters (imu.events.foot turns seconds into samples).
P_ON_FOOT = 0
P_BAND = 1  # b0 b1 b2 a1 a2
P_SMOOTH = 6  # b0 b1 a1
P_PUSH = 9  # b0 b1 b2 a1 a2
P_CONFIRM = 14
P_SEARCH = 15
P_LEAD = 16
P_SWING_START = 17
P_SWING_END = 18
P_FIRST_REFRACTORY = 19
P_STANCE_MIN = 20
P_RUN_CONTACT = 21
P_TC_LAG_RUN = 22
P_TC_LAG_WALK = 23
P_GIVE_UP = 24
P_SHOCK = 25
P_LONGEST_STRIDE = 26
P_RISE = 27
P_RATIO = 28
P_MIN_IMPACT = 29
P_RUN_SWING = 30
P_REFRACTORY = 31
P_HOLD = 32
P_PUSH_MIN = 33
P_PUSH_FALL = 34
P_ONE_G = 35
P_SURE = 36
P_FIRST_STRIDE = 37
P_TURN_START = 38
P_TURN_END = 39
P_SETTLE = 40
P_RUN_PUSH = 41
N_PARAMS = 42

# Integer state.
I_SEEN = 0  # samples since the last reset
I_RISING = 1  # 1 = the hump's top has not been confirmed yet
I_TOP = 2  # sample of its highest value
I_PENDING = 3  # 1 = a contact waits for its toe-off
I_CONTACT = 4  # sample of the hump's top of the newest contact, pending or final
I_FINAL = 5  # same of the newest final contact
I_COUNT = 6  # contacts since the last reset, pending one included
I_RUN = 7  # 1 = the newest final contact was running
I_FOUND = 8  # 1 = toe-off of the pending contact is known
I_PUSH_AT = 9  # sample of the push-off's highest value
I_STRONG = 10  # sample of the hump's top of the newest strong contact
N_ISTATE = 11

# Float state.
F_LAST = 0  # 0-2: newest finite acceleration
F_BAND = 3  # 3-8: band-pass states
F_SMOOTH = 9
F_PUSH = 10  # 10-11: push filter states
F_SHAKE = 12  # smoothed band, newest
F_HUMP = 13  # its highest value since it last rose
F_SLOW = 14  # push signal, newest
F_SLOW_BEFORE = 15
F_TYPICAL = 16  # typical score; 0 = unknown
F_STRIDE = 17  # typical stride in samples; 0 = unknown
F_SCORE = 18  # the pending contact: score,
F_IC = 19  # time,
F_SWING = 20  # swing before it (foot),
F_TC = 21  # toe-off,
F_PUSH_HIGH = 22  # highest push signal since,
F_PUSH_LOW = 23  # lowest before it,
F_PUSH_LEFT = 24  # neighbours of the highest
F_PUSH_RIGHT = 25
F_STRIDES = 26  # 26-27: the two newest strides before the typical one was taken
F_SWING_TYPICAL = 28
F_RING = 29  # the band's magnitude, newest N_RING samples
N_RING = 512
N_FSTATE = F_RING + N_RING

# Output row (one per contact).
R_IC = 0
R_TC = 1
R_PEAK_AT = 2
R_SHOCK = 3  # m/s2
R_RUNNING = 4
R_REPORT = 5
R_FLAGS = 6
N_ROW = 7
FLAG_SATURATED = 1
FLAG_FROZEN = 2
FLAG_NO_TOE_OFF = 4

_NAN = float("nan")
_RISE = 0.5  # weight of a contact stronger than typical
_FALL = 0.15  # ... and of a weaker one: the typical contact is a strong one


@njit
def reset(fstate, istate):
    """Forget everything: at the start, and after a gap."""
    fstate[:] = 0.0
    istate[:] = 0


@njit
def _mean(row, capacity, first, last):
    """Mean of the finite samples first ... last - 1; NaN where there is none."""
    total, n = 0.0, 0
    for k in range(first, last):
        value = row[k % capacity]
        if math.isfinite(value):
            total += value
            n += 1
    return total / n if n > 0 else _NAN


@njit
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


@njit
def _contact_time(sig, capacity, params, f, top, first):
    """Time the initial contact that belongs to the hump with its top at sample `top`."""
    start = max(first, top - int(params[P_SEARCH]))
    if params[P_ON_FOOT] == 0.0:
        _, at = highest(sig[rows.RESULTANT], capacity, start, top)
        return at - params[P_LEAD]
    most = 0.0
    for k in range(start, top + 1):
        most = max(most, f[F_RING + k % N_RING])
    level = params[P_RISE] * most
    at = start
    while at < top and f[F_RING + at % N_RING] < level:
        at += 1
    after, before = f[F_RING + at % N_RING], f[F_RING + (at - 1) % N_RING]
    part = (after - level) / (after - before) if at > start and after > before else 0.0
    return at - part - params[P_LEAD]


@njit
def _learn(params, f, i):
    """Let the contact that becomes final shape the typical score and stride.

    Strides are learned between strong contacts only (a weak one may be something else): the median of the last three,
    so that one missed or doubled contact changes nothing; the longer of two.
    """
    score = f[F_SCORE]
    if score >= params[P_SURE] * f[F_TYPICAL]:
        stride = float(i[I_CONTACT] - i[I_STRONG])
        latest = float(i[I_CONTACT] - i[I_FINAL])
        if f[F_STRIDE] > 0.0 and abs(latest - f[F_STRIDE]) < abs(stride - f[F_STRIDE]):
            stride = latest  # the weak one between was a contact
        if f[F_TYPICAL] == 0.0 or stride > params[P_LONGEST_STRIDE]:
            f[F_STRIDES] = 0.0
            f[F_STRIDES + 1] = 0.0
            f[F_STRIDE] = 0.0
        else:
            a, b = f[F_STRIDES], f[F_STRIDES + 1]
            f[F_STRIDE] = max(stride, b) if a == 0.0 else max(min(a, b), min(max(a, b), stride))
            f[F_STRIDES] = b
            f[F_STRIDES + 1] = stride
        i[I_STRONG] = i[I_CONTACT]
    weight = 1.0 if f[F_TYPICAL] == 0.0 else (_RISE if score > f[F_TYPICAL] else _FALL)
    f[F_TYPICAL] += weight * (score - f[F_TYPICAL])


@njit
def _finish(sig, capacity, k, params, f, i, row):
    """Write the pending contact's row and learn from it."""
    first = k - i[I_SEEN] + 1
    ic = f[F_IC]
    found = i[I_FOUND] == 1
    start = min(max(first, math.floor(ic)), k)
    stop = min(math.ceil(ic + params[P_SHOCK]), k)
    shock, peak_at = highest(sig[rows.RESULTANT], capacity, start, max(start, stop))
    faults = 0
    for j in range(max(first, start - int(params[P_SEARCH])), stop + 1):
        fault = sig[rows.FAULT, j % capacity]
        if fault > 0.0:  # not so for NaN
            faults |= int(fault)
    if params[P_ON_FOOT] == 1.0:
        usual = f[F_SWING_TYPICAL]
        f[F_SWING_TYPICAL] += (1.0 if usual == 0.0 else 0.5) * (f[F_SWING] - usual)
        i[I_RUN] = 1 if f[F_SWING_TYPICAL] >= params[P_RUN_SWING] else 0
    elif found:
        i[I_RUN] = 1 if f[F_TC] - ic < params[P_RUN_CONTACT] else 0
    row[R_IC] = ic
    row[R_TC] = _NAN
    if found:
        row[R_TC] = f[F_TC] - (params[P_TC_LAG_RUN] if i[I_RUN] == 1 else params[P_TC_LAG_WALK])
    row[R_PEAK_AT] = peak_at
    row[R_SHOCK] = shock
    row[R_RUNNING] = i[I_RUN]
    row[R_REPORT] = k
    row[R_FLAGS] = (faults & 3) + (0 if found else FLAG_NO_TOE_OFF)

    _learn(params, f, i)
    i[I_FINAL] = i[I_CONTACT]
    i[I_PENDING] = 0


@njit
def _take(sig, capacity, params, f, i, top, score, swing, first):
    """Make the hump at `top` the pending contact."""
    i[I_PENDING] = 1
    i[I_CONTACT] = top
    i[I_FOUND] = 0
    f[F_SCORE] = score
    f[F_SWING] = swing
    f[F_IC] = _contact_time(sig, capacity, params, f, top, first)
    f[F_PUSH_HIGH] = -math.inf
    f[F_PUSH_LOW] = math.inf if params[P_ON_FOOT] == 1.0 else 0.0


@njit
def _judge(sig, capacity, k, params, f, i, row):
    """Decide on the hump just confirmed; bit 1 = a row was written, bit 2 = a new contact is pending."""
    top = i[I_TOP]
    score = f[F_HUMP]
    if score < params[P_MIN_IMPACT]:
        return 0
    first = k - i[I_SEEN] + 1
    swing = 0.0
    if params[P_ON_FOOT] == 1.0:
        start = max(first, top - int(params[P_SWING_START]))
        swing = _mean(sig[rows.RESULTANT], capacity, start, top - int(params[P_SWING_END])) - params[P_ONE_G]
        if not swing > 0.0:
            return 0
        score *= swing
        turning = _turning(sig, capacity, max(first, top - int(params[P_TURN_START])), top - int(params[P_TURN_END]))
        if turning > 0.0:
            score *= turning
    if i[I_COUNT] > 0:
        since = top - i[I_CONTACT]
        stride = f[F_STRIDE]
        sure, usual = params[P_SURE], f[F_TYPICAL]
        shortest = max(params[P_FIRST_REFRACTORY], 0.45 * stride)
        refractory = max(shortest, params[P_REFRACTORY] * stride)
        if since < refractory:
            if i[I_PENDING] == 1 and score > f[F_SCORE] and (since < shortest or stride == 0.0):
                _take(sig, capacity, params, f, i, top, score, swing, first)
                return 0
            halved = since >= shortest and since < 0.55 * stride and score >= sure * usual
            faster = since >= shortest and sure * score >= usual
            mistaken = i[I_PENDING] == 0 and since >= 0.5 * shortest and sure * score > f[F_SCORE]
            if halved or faster:  # the stride was twice the true one, or running has begun
                f[F_STRIDE] = float(since)
                f[F_STRIDES] = f[F_STRIDES + 1] = float(since)
            elif mistaken:  # a clearly stronger one soon after shows that the last one was none: learn anew
                f[F_STRIDE] = f[F_STRIDES] = f[F_STRIDES + 1] = 0.0
                i[I_FINAL] = i[I_STRONG]
            else:
                if i[I_PENDING] == 1 and score > f[F_SCORE]:
                    _take(sig, capacity, params, f, i, top, score, swing, first)
                return 0
        # Before the stride is known, only an equal of the last contact counts within a walking stride of it.
        ratio = params[P_RATIO]
        if stride > 0.0:
            ratio *= min(1.0, 1.5 * stride / since)
        else:
            usual = max(usual, f[F_SCORE])
            if since < params[P_FIRST_STRIDE]:
                ratio = sure
            else:
                ratio *= min(1.0, params[P_LONGEST_STRIDE] / since)
        if score < ratio * usual:
            return 0
    written = 0
    if i[I_PENDING] == 1:
        _finish(sig, capacity, k, params, f, i, row)
        written = 1
    i[I_COUNT] += 1
    _take(sig, capacity, params, f, i, top, score, swing, first)
    return written + 2


@njit
def _push_off(k, params, f, i):
    """Follow the push-off of the pending contact until toe-off is passed."""
    slow, before = f[F_SLOW], f[F_SLOW_BEFORE]
    if k < f[F_IC] + params[P_STANCE_MIN] or not math.isfinite(slow):
        return
    if f[F_IC] < k - i[I_SEEN] + 1 + params[P_SETTLE]:
        return  # the levelling has not seen enough to know the long axis
    on_foot = params[P_ON_FOOT] == 1.0
    if on_foot and slow < f[F_PUSH_LOW]:
        f[F_PUSH_LOW] = slow
        f[F_PUSH_HIGH] = slow
    if i[I_PUSH_AT] == k - 1:
        f[F_PUSH_RIGHT] = slow
    if slow > f[F_PUSH_HIGH]:
        f[F_PUSH_HIGH] = slow
        f[F_PUSH_LEFT] = before
        f[F_PUSH_RIGHT] = _NAN
        i[I_PUSH_AT] = k
        return
    height = f[F_PUSH_HIGH] - f[F_PUSH_LOW]
    level = f[F_PUSH_LOW] + params[P_PUSH_FALL] * height
    if slow >= level:
        return
    early = not on_foot and k < f[F_IC] + params[P_RUN_CONTACT]
    if height < (params[P_RUN_PUSH] if early else params[P_PUSH_MIN]):
        if early:  # the loading of a walking step: the push-off is still to come
            f[F_PUSH_HIGH] = slow
        return
    i[I_FOUND] = 1
    if on_foot:
        bend = f[F_PUSH_LEFT] - 2.0 * f[F_PUSH_HIGH] + f[F_PUSH_RIGHT]
        f[F_TC] = i[I_PUSH_AT] + (0.5 * (f[F_PUSH_LEFT] - f[F_PUSH_RIGHT]) / bend if bend < 0.0 else 0.0)
    else:
        f[F_TC] = k - 1 + ((before - level) / (before - slow) if before > level else 0.0)


@njit
def _filter(sig, column, k, params, f, i):
    """Advance the filters by one sample; a missing value repeats the newest finite one."""
    fresh = i[I_SEEN] == 0
    total = 0.0
    p = P_BAND
    for c in range(3):
        x = sig[c, column]
        if math.isfinite(x):
            f[F_LAST + c] = x
        else:
            x = f[F_LAST + c]
        z = F_BAND + 2 * c
        if fresh:  # as if this value had stood there for ever
            f[z + 1] = params[p + 2] * x
            f[z] = params[p + 1] * x + f[z + 1]
        y = params[p] * x + f[z]
        f[z] = params[p + 1] * x - params[p + 3] * y + f[z + 1]
        f[z + 1] = params[p + 2] * x - params[p + 4] * y
        total += y * y
    band = math.sqrt(total)
    f[F_RING + k % N_RING] = band
    f[F_SHAKE] = params[P_SMOOTH] * band + f[F_SMOOTH]
    f[F_SMOOTH] = params[P_SMOOTH + 1] * band - params[P_SMOOTH + 2] * f[F_SHAKE]

    u = f[F_LAST] - params[P_ONE_G]
    if params[P_ON_FOOT] == 1.0:
        g0, g1, g2 = sig[rows.GYR_IS, column], sig[rows.GYR_ML, column], sig[rows.GYR_PA, column]
        u = math.sqrt(g0 * g0 + g1 * g1 + g2 * g2)
    p = P_PUSH
    if not math.isfinite(f[F_SLOW]) or fresh:
        f[F_PUSH + 1] = params[p + 2] * u - params[p + 4] * u
        f[F_PUSH] = params[p + 1] * u - params[p + 3] * u + f[F_PUSH + 1]
    f[F_SLOW_BEFORE] = f[F_SLOW]
    y = params[p] * u + f[F_PUSH]
    f[F_PUSH] = params[p + 1] * u - params[p + 3] * y + f[F_PUSH + 1]
    f[F_PUSH + 1] = params[p + 2] * u - params[p + 4] * y
    f[F_SLOW] = y


@njit
def foot_events(sig, head, n, fs, params, fstate, istate, out, early):
    """Detect the contacts of one foot in a block of samples.

    Parameters
    ----------
    sig : ndarray, shape (rows.N_ROWS, 2 * capacity)
        Mirrored ring, levelled; capacity of at least 4 s, and n at most capacity minus 2 s.
    head : int
        Stream index of the first of the n new samples.
    n : int
    fs : float
        Sampling rate in Hz (the times in `params` are samples already).
    params : ndarray, shape (N_PARAMS,)
        From `imu.events.foot.FootParameters.pack`.
    fstate, istate : ndarray, shape (N_FSTATE,) float64, (N_ISTATE,) int64
        State, zeros at the start and after a gap (`reset`).
    out : ndarray, shape (m, N_ROW)
        Contacts, final. One row needs at least 0.2 s, so m = n / (0.2 fs) + 2 is enough.
    early : ndarray, shape (m, 2)
        ic, report: a contact as soon as it is probable; a stronger impact may still replace it.

    Returns
    -------
    rows_written, early_written : int
    """
    capacity = sig.shape[1] // 2
    count = 0
    n_early = 0
    for k in range(head, head + n):
        _filter(sig, k % capacity, k, params, fstate, istate)
        istate[I_SEEN] += 1
        shake = fstate[F_SHAKE]
        if istate[I_PENDING] == 1:
            if istate[I_FOUND] == 0:
                _push_off(k, params, fstate, istate)
            stride = fstate[F_STRIDE]
            hold = params[P_HOLD] * stride if stride > 0.0 else params[P_FIRST_REFRACTORY]
            sure = stride > 0.0 and fstate[F_SCORE] >= params[P_SURE] * fstate[F_TYPICAL]
            ready = istate[I_FOUND] == 1 and (sure or k >= istate[I_CONTACT] + hold)
            if ready or k > fstate[F_IC] + params[P_GIVE_UP]:
                _finish(sig, capacity, k, params, fstate, istate, out[count])
                count += 1
        if istate[I_RISING] == 1:
            if shake > fstate[F_HUMP]:
                fstate[F_HUMP] = shake
                istate[I_TOP] = k
            elif k - istate[I_TOP] >= params[P_CONFIRM]:
                done = _judge(sig, capacity, k, params, fstate, istate, out[count])
                count += done & 1
                if done & 2:
                    early[n_early, 0] = fstate[F_IC]
                    early[n_early, 1] = k
                    n_early += 1
                istate[I_RISING] = 0
                fstate[F_HUMP] = shake
        elif shake < fstate[F_HUMP]:
            fstate[F_HUMP] = shake
        else:
            fstate[F_HUMP] = shake
            istate[I_TOP] = k
            istate[I_RISING] = 1
    return count, n_early


@njit
def foot_flush(sig, head, params, fstate, istate, out):
    """Write the contact that still waits for its toe-off when the stream ends before sample `head`; returns 0 or 1."""
    if istate[I_PENDING] == 0:
        return 0
    _finish(sig, sig.shape[1] // 2, head - 1, params, fstate, istate, out[0])
    return 1
