"""Initial contacts of walking from a sensor at the low back.

A step is one rise and fall of the vertical specific force, low-passed at about 2.5 Hz. Its contact is where the force
that pushes up and backwards (braking) rises most steeply, corrected with the instant of the loading peak that follows.
Where forward is not known it is learnt: the horizontal acceleration turns backwards at every contact, while sideways
pushes alternate and cancel. Short losses of samples are bridged with a straight line; after a longer one everything
starts afresh, so that a gap never becomes a step.
"""

from __future__ import annotations

import math

from imu.kernels import rows
from imu.kernels import still as quiet
from imu.kernels._jit import inner, njit
from imu.kernels.still import still_sample

# Parameters (samples and m/s2; imu.events.walking turns seconds and Hz into these).
P_STEP_SECTION = 0  # b0 b1 b2 a1 a2 of the step filter
P_CONTACT_SECTION = 5  # the same of the contact filter
P_STEP_DELAY = 10
P_CONTACT_DELAY = 11
P_HYSTERESIS = 12
P_MIN_RISE = 13  # m/s3
P_BACK = 14  # before the step's peak, where the contact is looked for
P_AHEAD = 15  # after it
P_PEAK_WEIGHT = 16  # share of the loading peak in the contact's instant
P_SHIFT_BOTH = 17  # that instant minus the contact
P_SHIFT_VERTICAL = 18  # loading peak minus the contact, where forward is not known
P_MIN_STEP = 19
P_BRIDGE = 20
P_BRAKING = 21  # weight of the backward against the upward rise
P_GRAVITY = 22
P_FORWARD_KNOWN = 23
P_TURN = 24  # half of the stretch over which the horizontal acceleration turns backwards
P_MIN_TURN = 25  # m/s2, mean turn that tells forward
P_TURN_STEPS = 26  # memory of that mean, steps
P_WAIT = 27  # longest wait for the fall after a step's peak
P_FLIGHT_G = 28  # a vertical minimum below this is a flight: running turns the other way, so forward is not learnt
N_PARAMS = 29

# Integer state.
I_NEXT = 0  # stream index expected next
I_START = 1  # stream index where the present stretch began; -1 = none yet
I_RISING = 2
I_EXTREME = 3  # stream index of the running maximum
N_ISTATE = 4

# Float state; the histories of the filtered vertical, ml and pa follow.
F_STEP = 0  # filter memories, two each
F_VERTICAL = 2
F_ML = 4
F_PA = 6
F_LOW = 8  # minimum before the present rise
F_BEST = 9  # running maximum or minimum
F_LAST_IC = 10
F_RAW_IS = 11  # last good sample, for the bridge
F_RAW_ML = 12
F_RAW_PA = 13
F_TURN_ML = 14  # mean turn of the horizontal acceleration at contact (kept over gaps)
F_TURN_PA = 15
F_TURN_N = 16
N_FSTATE = 17

# Output row.
OUT_IC = 0
OUT_TC = 1  # NaN: no toe-off in walking
OUT_REPORT = 2
OUT_RISE = 3  # m/s3, steepness at contact; NaN where forward is not known
OUT_AMPLITUDE = 4  # m/s2, rise of the step
OUT_LOW_G = 5  # lowest and highest vertical since the contact before, contact filter
OUT_PEAK_G = 6
OUT_FORWARD_ML = 7  # forward as a direction in the ring's (ml, pa) plane; NaN while it is not known
OUT_FORWARD_PA = 8
N_OUT = 9

_NAN = float("nan")


@inner
def _start(index, ml, pa, params, f, i):
    """Begin a stretch: the vertical as if it had stood at 1 g, the horizontal as if it had stood where it is."""
    b2, a2 = params[P_CONTACT_SECTION + 2], params[P_CONTACT_SECTION + 4]
    gain = 1.0 - params[P_CONTACT_SECTION]
    f[F_STEP] = 0.0
    f[F_STEP + 1] = 0.0
    f[F_VERTICAL] = 0.0
    f[F_VERTICAL + 1] = 0.0
    f[F_ML] = gain * ml
    f[F_ML + 1] = (b2 - a2) * ml
    f[F_PA] = gain * pa
    f[F_PA + 1] = (b2 - a2) * pa
    f[F_LOW] = 0.0
    f[F_BEST] = 0.0
    f[F_LAST_IC] = -1e18
    i[I_START] = index
    i[I_RISING] = 1
    i[I_EXTREME] = index


@inner
def _vertex(before, at, after):
    """Vertex of the parabola through three equidistant values, in samples from the middle one."""
    bend = before - 2.0 * at + after
    if not bend < 0.0:
        return 0.0
    return min(0.5, max(-0.5, 0.5 * (before - after) / bend))


@inner
def _rise(k, brake_ml, brake_pa, size, f):
    """Rise of the push up and backwards from sample k - 1 to k; NaN where forward is not known."""
    c = N_FSTATE + (k & (size - 1))
    b = N_FSTATE + ((k - 1) & (size - 1))
    up = f[c] - f[b]
    if brake_ml == 0.0:
        return up + brake_pa * (f[c + 2 * size] - f[b + 2 * size])
    return up + brake_ml * (f[c + size] - f[b + size]) + brake_pa * (f[c + 2 * size] - f[b + 2 * size])


@inner
def _learn_forward(k_top, index, params, f, i, size):
    """Average how the horizontal acceleration turns about the loading peak."""
    first = k_top - int(params[P_TURN])
    last = k_top + int(params[P_TURN])
    if first < max(i[I_START], index - size + 1) or last > index:
        return
    a = N_FSTATE + size + (first & (size - 1))
    b = N_FSTATE + size + (last & (size - 1))
    turn_ml, turn_pa = f[b] - f[a], f[b + size] - f[a + size]
    if math.isnan(turn_ml) or math.isnan(turn_pa):
        return
    f[F_TURN_N] = min(f[F_TURN_N] + 1.0, params[P_TURN_STEPS])
    f[F_TURN_ML] += (turn_ml - f[F_TURN_ML]) / f[F_TURN_N]
    f[F_TURN_PA] += (turn_pa - f[F_TURN_PA]) / f[F_TURN_N]


@inner
def _braking(params, f):
    """Weights of ml and pa in the push up and backwards; NaN, NaN while forward is not known."""
    if params[P_FORWARD_KNOWN] > 0.0:
        return -0.0, -params[P_BRAKING]
    size = math.sqrt(f[F_TURN_ML] ** 2 + f[F_TURN_PA] ** 2)
    if 2.0 * f[F_TURN_N] < params[P_TURN_STEPS] or size < params[P_MIN_TURN]:
        return _NAN, _NAN
    return params[P_BRAKING] * f[F_TURN_ML] / size, params[P_BRAKING] * f[F_TURN_PA] / size


@inner
def _contact(index, fs, params, f, i, size, row):
    """Locate the contact of the step that has just fallen; True when it is accepted."""
    start = i[I_START]
    peak = i[I_EXTREME] - params[P_STEP_DELAY] + params[P_CONTACT_DELAY]
    first = max(math.ceil(peak - params[P_BACK]), start + 2, index - size + 3)
    last = min(math.floor(peak + params[P_AHEAD]), index - 1)
    if last < first:
        return False
    brake_ml, brake_pa = _braking(params, f)
    high = steepest = -math.inf
    for k in range(first, last + 1):  # the values first, then their places: see `imu.kernels.window`
        value = f[N_FSTATE + (k & (size - 1))]
        high = value if value > high else high
        rise = _rise(k, brake_ml, brake_pa, size, f)
        steepest = rise if rise > steepest else steepest
    k_top = k_rise = first
    while k_top < last and f[N_FSTATE + (k_top & (size - 1))] != high:
        k_top += 1
    while k_rise < last and _rise(k_rise, brake_ml, brake_pa, size, f) != steepest:
        k_rise += 1
    t_top = k_top + _vertex(f[N_FSTATE + ((k_top - 1) & (size - 1))], high, f[N_FSTATE + ((k_top + 1) & (size - 1))])
    steepness = _NAN
    if steepest > -math.inf:
        steepness = steepest * fs / math.sqrt(1.0 + params[P_BRAKING] ** 2)
        if steepness < params[P_MIN_RISE]:
            return False
        before = _rise(k_rise - 1, brake_ml, brake_pa, size, f)
        after = _rise(k_rise + 1, brake_ml, brake_pa, size, f)
        # a difference of two samples belongs half a sample before the later one
        t_rise = k_rise - 0.5 + _vertex(before, steepest, after)
        w = params[P_PEAK_WEIGHT]
        ic = (1.0 - w) * t_rise + w * t_top - params[P_CONTACT_DELAY] - params[P_SHIFT_BOTH]
    else:
        ic = t_top - params[P_CONTACT_DELAY] - params[P_SHIFT_VERTICAL]
    if ic - f[F_LAST_IC] < params[P_MIN_STEP] or ic < start:
        return False
    low = other = high
    for k in range(max(start, index - size + 1, math.ceil(f[F_LAST_IC] + params[P_CONTACT_DELAY])), k_top, 2):
        value = f[N_FSTATE + (k & (size - 1))]
        low = value if value < low else low
        value = f[N_FSTATE + ((k + 1) & (size - 1))]  # at the end the top itself: never lower
        other = value if value < other else other
    low = min(low, other)
    low_g = low / params[P_GRAVITY] + 1.0
    row[OUT_IC] = ic
    row[OUT_TC] = _NAN
    row[OUT_REPORT] = index
    row[OUT_RISE] = steepness
    row[OUT_AMPLITUDE] = f[F_BEST] - f[F_LOW]
    row[OUT_LOW_G] = low_g
    row[OUT_PEAK_G] = high / params[P_GRAVITY] + 1.0
    row[OUT_FORWARD_ML] = -brake_ml / params[P_BRAKING]
    row[OUT_FORWARD_PA] = -brake_pa / params[P_BRAKING]
    f[F_LAST_IC] = ic
    if low_g > params[P_FLIGHT_G]:
        _learn_forward(k_top, index, params, f, i, size)
    return True


@njit
def walk_events(sig, head, n, fs, params, fstate, istate, out, still):
    """Find initial contacts, and stretches of stillness, in `n` new samples.

    The two have nothing to do with each other but the loop: stillness waits a division long for its own last sample,
    and what the steps compute fills that wait.

    Parameters
    ----------
    sig : ndarray, shape (>= 4, 2 * capacity)
        Mirrored ring, rows as in `imu.kernels.rows`: is, ml, pa, resultant in m/s2. A NaN in `is` is a missing sample,
        and so is a jump of `head`; a row of NaN in ml or pa is an axis that is not measured.
    head, n : int
        Stream index of the first new sample; their number (n <= capacity).
    fs : float
        Samples per second.
    params, fstate, istate : ndarray
        As made by `imu.events.walking`.
    out : ndarray, shape (rows, 9)
        Filled with one row per contact, columns OUT_*; contacts come at least `min_step_s` apart.
    still : tuple of ndarray
        Parameters, state and output rows of `imu.kernels.still`.

    Returns
    -------
    contacts, stretches : int
        Numbers of rows written (contacts beyond the rows of `out` are lost).
    """
    capacity = sig.shape[1] // 2
    size = (len(fstate) - N_FSTATE) // 3  # a power of two
    f, i = fstate, istate
    b0, b1, b2 = params[P_STEP_SECTION], params[P_STEP_SECTION + 1], params[P_STEP_SECTION + 2]
    a1, a2 = params[P_STEP_SECTION + 3], params[P_STEP_SECTION + 4]
    d0, d1, d2 = params[P_CONTACT_SECTION], params[P_CONTACT_SECTION + 1], params[P_CONTACT_SECTION + 2]
    c1, c2 = params[P_CONTACT_SECTION + 3], params[P_CONTACT_SECTION + 4]
    gravity, hysteresis, bridge, wait = params[P_GRAVITY], params[P_HYSTERESIS], params[P_BRIDGE], params[P_WAIT]
    # Everything that changes with each sample in locals: in arrays the loop took three times as long.
    s0, s1, v0, v1 = f[F_STEP], f[F_STEP + 1], f[F_VERTICAL], f[F_VERTICAL + 1]
    m0, m1, p0, p1 = f[F_ML], f[F_ML + 1], f[F_PA], f[F_PA + 1]
    low, best, rising, extreme = f[F_LOW], f[F_BEST], i[I_RISING], i[I_EXTREME]
    raw_is, raw_ml, raw_pa, expected = f[F_RAW_IS], f[F_RAW_ML], f[F_RAW_PA], i[I_NEXT]
    still_params, state, stretches = still
    limit = still_params[quiet.P_SPREAD] ** 2
    mean, variance, age, since = state[quiet.F_MEAN], state[quiet.F_VARIANCE], state[quiet.F_AGE], state[quiet.F_START]
    count, n_still = 0, 0
    shift = head % capacity - head  # beyond the capacity stands the mirror
    begun = i[I_START]
    now = index = head - 1
    while True:
        if now < index:
            now += 1  # the next one of those that are bridged, at last the sample itself
        else:
            index += 1
            if index == head + n:
                break
            column = index + shift
            resultant = sig[rows.RESULTANT, column]
            if not math.isnan(resultant):
                mean, variance, age, since, n_still = still_sample(
                    index, resultant, mean, variance, age, since, still_params, limit, stretches, n_still
                )
            up, ml, pa = sig[rows.IS, column], sig[rows.ML, column], sig[rows.PA, column]
            if math.isnan(up):
                now = index
                continue
            if begun < 0 or index - expected > bridge:
                _start(index, ml, pa, params, f, i)
                s0, s1, v0, v1 = f[F_STEP], f[F_STEP + 1], f[F_VERTICAL], f[F_VERTICAL + 1]
                m0, m1, p0, p1 = f[F_ML], f[F_ML + 1], f[F_PA], f[F_PA + 1]
                low, best, rising, extreme = f[F_LOW], f[F_BEST], i[I_RISING], i[I_EXTREME]
                begun = expected = index
            now = expected
        x, y, z = up, ml, pa
        if now < index:
            share = (now - expected + 1.0) / (index - expected + 1.0)
            x = raw_is + (up - raw_is) * share
            y = raw_ml + (ml - raw_ml) * share
            z = raw_pa + (pa - raw_pa) * share
        x -= gravity
        slow = b0 * x + s0
        s0 = b1 * x - a1 * slow + s1
        s1 = b2 * x - a2 * slow
        vertical = d0 * x + v0
        v0 = d1 * x - c1 * vertical + v1
        v1 = d2 * x - c2 * vertical
        lateral = d0 * y + m0
        m0 = d1 * y - c1 * lateral + m1
        m1 = d2 * y - c2 * lateral
        forward = d0 * z + p0
        p0 = d1 * z - c1 * forward + p1
        p1 = d2 * z - c2 * forward
        slot = N_FSTATE + (now & (size - 1))
        f[slot], f[slot + size], f[slot + 2 * size] = vertical, lateral, forward
        if rising == 1:
            if slow > best:
                best, extreme = slow, now
            elif slow < best - hysteresis or now - extreme > wait:
                if best - low >= hysteresis:
                    f[F_LOW], f[F_BEST], i[I_EXTREME] = low, best, extreme
                    at = min(count, len(out) - 1)
                    if _contact(now, fs, params, f, i, size, out[at]):
                        out[at, OUT_REPORT] = index
                        count += 1
                rising, best = 0, slow
        elif slow < best:
            best = slow
        elif slow > best + hysteresis:
            low, rising, best, extreme = best, 1, slow, now
        if now == index:
            raw_is, raw_ml, raw_pa, expected = up, ml, pa, index + 1
    f[F_STEP], f[F_STEP + 1], f[F_VERTICAL], f[F_VERTICAL + 1] = s0, s1, v0, v1
    f[F_ML], f[F_ML + 1], f[F_PA], f[F_PA + 1] = m0, m1, p0, p1
    f[F_LOW], f[F_BEST], i[I_RISING], i[I_EXTREME] = low, best, rising, extreme
    f[F_RAW_IS], f[F_RAW_ML], f[F_RAW_PA], i[I_NEXT] = raw_is, raw_ml, raw_pa, expected
    state[quiet.F_MEAN], state[quiet.F_VARIANCE], state[quiet.F_AGE], state[quiet.F_START] = mean, variance, age, since
    return min(count, len(out)), n_still
