"""Running contacts at the pelvis: initial contact, toe-off and peaks, online, from vertical and fore-aft acceleration.

The vertical specific force, low-passed at 20 Hz, is near 0 g in flight and 2-3 g in stance. A step is one excursion
above 1 g that starts from a flight. Times are refined on the ring around these crossings:

* initial contact: where the steepest rise of the vertical and the steepest braking fall of the fore-aft acceleration
  begin (foot of the tangent), and the braking's steepest point; their mean, minus a constant;
* toe-off: a constant unloading time after the 10 Hz load signal has fallen through 1.5 g; believed once the body is in
  flight.
"""

from __future__ import annotations

import math

import numpy as np

from imu.kernels import rows
from imu.kernels._jit import inner, njit
from imu.kernels.window import column, crossing, foot_of_rise, highest, highest_between, mean_of, steepest

# Phases.
AIR = 0
RISE = 1
STANCE = 2
FALL = 3
LANDED = 4  # within one sample only: a contact without flight is being dealt with

# Integer state.
I_PHASE = 0
I_UP = 1  # sample at or after the upward 1 g crossing of the step in progress
I_DOWN = 2  # sample at or after its downward crossing
I_OPEN = 3  # 1 = a finished contact waits for the next one
I_HOLD = 4  # samples that must still pass before a contact may start (filters settle)
I_LINKED = 5  # 1 = the step given out before points at the contact in progress, which is then a step in any case
N_ISTATE = 6

# Float state.
F_BEFORE = 0  # detection signal one sample ago
F_LOW = 1  # its minimum since the last downward crossing
F_LAST_IC = 2  # initial contact of the last accepted step
F_BRAKE_ML = 3  # mean change of the horizontal acceleration at contact (kept over gaps)
F_BRAKE_PA = 4
F_BRAKE_N = 5  # steps behind it
F_STEP = 6  # then one output row: the step in progress or waiting

# Output row (one per step).
R_IC = 0
R_TC = 1
R_LOAD = 2  # m/s2
R_LOAD_AT = 3
R_SHOCK = 4  # m/s2
R_ACTIVE = 5  # m/s2
R_FLIGHT_MIN = 6  # m/s2, lowest detection signal in the flight before contact
R_FAULT = 7  # bits: 1 saturated, 2 frozen, 4 samples missing, within the stance or just before it
R_NEXT_IC = 8  # NaN when the bout ended
R_MEAN_IS = 9  # m/s2, mean vertical specific force from ic to next ic
R_IC_REPORT = 10
R_TC_REPORT = 11
R_LOAD_REPORT = 12
R_STEP_REPORT = 13
R_FORWARD_ML = 14  # forward axis in the horizontal plane when the contact was timed; NaN = unknown
R_FORWARD_PA = 15
N_ROW = 16
N_FSTATE = F_STEP + N_ROW

MISSING = 4

# Live row.
L_KIND = 0  # 1 initial contact, 2 load peak, 3 toe-off
L_INDEX = 1
L_VALUE = 2
L_REPORT = 3
N_LIVE = 4

# Parameters (samples and m/s2; imu.events.sacral turns seconds and g into these).
P_ONE_G = 0
P_FLIGHT = 1  # detection signal must fall below this between steps
P_PEAK = 2  # ... and rise above this in stance
P_SURE = 3  # level that a contact must reach to be believed
P_MIN_STEP = 4
P_MIN_STANCE = 5
P_AHEAD = 6  # samples after the upward crossing that are awaited before the contact is timed
P_BACK = 7  # samples before it that are searched
P_NO_FLIGHT = 8  # no flight within this after the downward crossing: no running step
P_TIMEOUT = 9  # a contact without successor is given up after this
P_SHOCK = 10  # window of the shock peak after contact
P_UNLOAD = 11  # load signal at which unloading is timed
P_UNLOAD_SHARE = 12  # ... or this share of its peak, where that is lower
P_UNLOAD_TIME = 13  # from there to toe-off
P_BRAKE_MIN = 14  # mean braking that tells the forward axis
P_BRAKE_STEPS = 15  # memory of that mean, steps
P_DELAY_DET = 16  # filter delays, samples
P_DELAY_LOAD = 17
P_DELAY_SHOCK = 18
P_DELAY_ACTIVE = 19
P_IC_BIAS_PA = 20  # constants, samples
P_IC_BIAS = 21
P_FORWARD_KNOWN = 22  # 1 = the mounting says which way is forward
P_SETTLE = 23
N_PARAMS = 24

_NAN = float("nan")


def sacral_reset(istate: np.ndarray, fstate: np.ndarray, params: np.ndarray) -> None:
    """Start anew, as after a gap; a step in progress is forgotten. Plain Python: rarely called, not worth compiling."""
    istate[:] = 0
    istate[I_HOLD] = int(params[P_SETTLE])
    brake_ml, brake_pa, brake_n = fstate[F_BRAKE_ML], fstate[F_BRAKE_PA], fstate[F_BRAKE_N]
    fstate[:] = _NAN
    fstate[F_BRAKE_ML], fstate[F_BRAKE_PA], fstate[F_BRAKE_N] = brake_ml, brake_pa, brake_n
    fstate[F_LOW] = math.inf
    fstate[F_LAST_IC] = -1e18


@inner
def _forward_axis(sig, capacity, up, now, params, fstate):
    """Learn from this contact which horizontal direction brakes; returns forward as (ml, pa), or zeros if unknown.

    Contact brakes the body: within some 40 ms the horizontal acceleration turns backwards. Sideways pushes alternate
    from step to step and cancel in the mean.
    """
    if params[P_FORWARD_KNOWN] > 0.0:
        return 0.0, 1.0
    back = int(params[P_BACK])
    ml = mean_of(sig[rows.DET_ML], capacity, up, now + 1)
    ml -= mean_of(sig[rows.DET_ML], capacity, up - back, up - back // 2)
    pa = mean_of(sig[rows.DET_PA], capacity, up, now + 1)
    pa -= mean_of(sig[rows.DET_PA], capacity, up - back, up - back // 2)
    if math.isfinite(ml) and math.isfinite(pa):
        n = min(fstate[F_BRAKE_N] + 1.0, params[P_BRAKE_STEPS])
        fstate[F_BRAKE_N] = n
        fstate[F_BRAKE_ML] += (ml - fstate[F_BRAKE_ML]) / n
        fstate[F_BRAKE_PA] += (pa - fstate[F_BRAKE_PA]) / n
    size = math.sqrt(fstate[F_BRAKE_ML] ** 2 + fstate[F_BRAKE_PA] ** 2)
    if fstate[F_BRAKE_N] < 2.0 or not (size >= params[P_BRAKE_MIN]):
        return 0.0, 0.0
    return -fstate[F_BRAKE_ML] / size, -fstate[F_BRAKE_PA] / size


@inner
def _contact(sig, capacity, up, now, params, fstate):
    """Time of initial contact around an upward crossing at sample `up`, knowing samples up to `now`; forward axis."""
    back = int(params[P_BACK])
    row = sig[rows.DET_IS]
    at, slope = steepest(row, capacity, up - back, now, 1.0)
    vertical = float(up)  # all that is left when the rise itself is missing
    if math.isfinite(slope):
        vertical = foot_of_rise(row, capacity, at, slope, back)
    toward_ml, toward_pa = _forward_axis(sig, capacity, up, now, params, fstate)
    if toward_ml == 0.0 and toward_pa == 0.0:
        return vertical - params[P_DELAY_DET] - params[P_IC_BIAS], _NAN, _NAN
    row = sig[rows.FORWARD]
    at = (up - 2 * back - 1) % capacity
    for _ in range(now - up + 2 * back + 2):
        value = toward_ml * sig[rows.DET_ML, at] + toward_pa * sig[rows.DET_PA, at]
        row[at] = value
        row[at + capacity] = value
        at = at + 1 if at + 1 < capacity else 0
    at, slope = steepest(row, capacity, up - back, now, -1.0)
    if not math.isfinite(slope):
        return vertical - params[P_DELAY_DET] - params[P_IC_BIAS], toward_ml, toward_pa
    braking = foot_of_rise(row, capacity, at, slope, back)
    ic = (vertical + braking + at) / 3.0 - params[P_DELAY_DET] - params[P_IC_BIAS_PA]
    return ic, toward_ml, toward_pa


@inner
def _last_fall(row, capacity, first, last, level):
    """Fractional index of the last downward crossing of a level in first ... last; NaN if there is none."""
    shift = column(last, capacity) - last
    for k in range(last, first, -1):
        if row[k - 1 + shift] >= level > row[k + shift]:
            return crossing(row, capacity, k, level)
    return _NAN


@inner
def _load_peak(sig, capacity, now, step, params, live, n_live):
    """Report the load peak of the stance so far, if it is higher than what was reported before."""
    first = math.ceil(step[R_IC]) + round(params[P_DELAY_LOAD])
    peak, at = highest(sig[rows.LOAD], capacity, first, now)
    if peak <= step[R_LOAD] or math.isnan(peak):
        return n_live
    step[R_LOAD], step[R_LOAD_AT], step[R_LOAD_REPORT] = peak, at - params[P_DELAY_LOAD], now
    live[n_live, L_KIND] = 2.0
    live[n_live, L_INDEX] = step[R_LOAD_AT]
    live[n_live, L_VALUE] = peak
    live[n_live, L_REPORT] = now
    return n_live + 1


@inner
def _toe_off(sig, capacity, now, step, params, live, n_live):
    """Complete the step in progress: the body is in flight at sample `now`."""
    start = math.ceil(step[R_IC])
    delay = round(params[P_DELAY_LOAD])
    row = sig[rows.LOAD]
    peak, at = highest(row, capacity, start + delay, now)
    level = min(params[P_UNLOAD], params[P_UNLOAD_SHARE] * peak)
    tc = _last_fall(row, capacity, int(at), now, level) - params[P_DELAY_LOAD] + params[P_UNLOAD_TIME]
    step[R_LOAD], step[R_LOAD_AT] = peak, at - params[P_DELAY_LOAD]
    step[R_TC], step[R_TC_REPORT] = tc, now
    begin = step[R_IC] + params[P_DELAY_SHOCK]
    step[R_SHOCK] = highest_between(sig[rows.SHOCK], capacity, begin, begin + params[P_SHOCK])
    delay = round(params[P_DELAY_ACTIVE])
    step[R_ACTIVE], _ = highest(sig[rows.ACTIVE], capacity, start + delay, now)
    step[R_FAULT] = _faults(sig, capacity, max(0, start - int(params[P_BACK])), now)
    live[n_live, L_KIND] = 3.0
    live[n_live, L_INDEX] = tc
    live[n_live, L_VALUE] = _NAN
    live[n_live, L_REPORT] = now
    return n_live + 1


@inner
def _faults(sig, capacity, first, last):
    bits = 0
    stop = column(last, capacity) + 1
    window = sig[rows.FAULT, stop - (last + 1 - first) : stop]
    faulty = 0
    for k in range(window.shape[0]):
        faulty += window[k] != 0.0
    if faulty == 0:  # nearly always
        return 0.0
    for k in range(window.shape[0]):
        value = window[k]
        bits |= MISSING if math.isnan(value) else int(value)
    return float(bits)


@inner
def _emit(sig, capacity, step, next_ic, report, out, count):
    """Write the waiting step."""
    for c in range(N_ROW):
        out[count, c] = step[c]
    out[count, R_NEXT_IC] = next_ic
    out[count, R_STEP_REPORT] = report
    if not math.isnan(next_ic):
        first = math.ceil(step[R_IC])
        out[count, R_MEAN_IS] = mean_of(sig[rows.IS], capacity, first, math.ceil(next_ic))
    return count + 1


@njit
def sacral_finish(sig, istate, fstate, head, params, out):
    """Give out the step that waits for a successor, or whose toe-off is still to come (end of the stream, or a gap).

    Returns
    -------
    int
        Rows written: 0 or 1.
    """
    capacity = sig.shape[1] // 2
    waiting = istate[I_OPEN]
    if istate[I_PHASE] == STANCE or istate[I_PHASE] == FALL:
        peak, _ = highest(sig[rows.DET_IS], capacity, istate[I_UP], head - 1)
        if peak >= params[P_PEAK] or istate[I_LINKED] == 1:
            waiting = 1
    if waiting == 0:
        return 0
    return _emit(sig, capacity, fstate[F_STEP:], _NAN, float(head), out, head - head)  # not the literal 0, see below


@njit
def sacral_events(sig, head, n, params, istate, fstate, out, live):
    """Run the detector over the newest n samples.

    Parameters
    ----------
    sig : ndarray, shape (rows, 2 * capacity)
        Detector ring, filtered and mirrored up to sample head + n - 1.
    head, n : int
    params, istate, fstate : ndarray
    out : ndarray, shape (many, N_ROW)
        Finished steps.
    live : ndarray, shape (many, N_LIVE)
        Events as soon as they are known.

    Returns
    -------
    steps, events : int
        Rows written.
    """
    capacity = sig.shape[1] // 2
    one_g = params[P_ONE_G]
    row = sig[rows.DET_IS]
    step = fstate[F_STEP:]
    phase = istate[I_PHASE]
    up, down = istate[I_UP], istate[I_DOWN]
    waiting, hold, linked = istate[I_OPEN], istate[I_HOLD], istate[I_LINKED]
    before, low = fstate[F_BEFORE], fstate[F_LOW]
    last_ic = fstate[F_LAST_IC]
    n_out = n_live = n - n  # a plain integer: the literal 0 would have three functions compiled twice
    shift = head % capacity - head  # beyond the capacity stands the mirror
    for k in range(head, head + n):
        v = row[k + shift]
        if hold > 0:
            hold -= 1
            before = v
            low = min(low, v)
            continue
        rising = before < one_g <= v
        falling = before >= one_g > v
        unloading = before >= params[P_UNLOAD] > v
        before = v

        if phase == FALL:
            low = min(low, v)
            if low < params[P_FLIGHT]:
                n_live = _toe_off(sig, capacity, k, step, params, live, n_live)
                last_ic = step[R_IC]
                waiting, linked = 1, 0
                phase = AIR
            elif rising:
                phase = STANCE  # a dip within the stance
            elif k - down >= params[P_NO_FLIGHT]:
                phase = LANDED  # without a flight it was no running step
        elif phase == RISE:
            if falling:
                phase = AIR  # a bump in flight, no contact
                low = v
            elif k - up >= params[P_AHEAD] and highest(row, capacity, up, k)[0] >= params[P_SURE]:
                ic, toward_ml, toward_pa = _contact(
                    sig, capacity, up, min(k, up + int(params[P_AHEAD])), params, fstate
                )
                linked = waiting
                if waiting == 1:
                    n_out = _emit(sig, capacity, step, ic, float(k), out, n_out)
                    waiting = 0
                for c in range(N_ROW):
                    step[c] = _NAN
                step[R_IC] = ic
                step[R_FLIGHT_MIN] = low
                step[R_FORWARD_ML], step[R_FORWARD_PA] = toward_ml, toward_pa
                step[R_IC_REPORT] = k
                live[n_live, L_KIND] = 1.0
                live[n_live, L_INDEX] = ic
                live[n_live, L_VALUE] = _NAN
                live[n_live, L_REPORT] = k
                n_live += 1
                phase = STANCE
        elif phase == STANCE:
            if unloading and not falling and k - up >= params[P_MIN_STANCE]:
                n_live = _load_peak(sig, capacity, k, step, params, live, n_live)
            if falling and k - up >= params[P_MIN_STANCE]:
                peak, _ = highest(row, capacity, up, k)
                if peak >= params[P_PEAK]:
                    n_live = _load_peak(sig, capacity, k, step, params, live, n_live)
                    phase = FALL
                    down, low = k, v
                else:
                    phase = LANDED
                    low = v
            elif k - up > params[P_TIMEOUT]:
                phase = LANDED  # stands on one leg, or was no step
                low = math.inf
        else:  # AIR
            low = v if falling else min(low, v)
            if rising:
                if k - last_ic < params[P_MIN_STEP]:
                    if waiting == 1:
                        phase, waiting = STANCE, 0  # too soon for another foot: the stance goes on
                elif low < params[P_FLIGHT]:
                    phase, up = RISE, k
            elif waiting == 1 and k - last_ic > params[P_TIMEOUT]:
                n_out = _emit(sig, capacity, step, _NAN, float(k), out, n_out)
                waiting = 0
        if phase == LANDED:  # forgotten, unless it ends a run: then it is a step without toe-off
            phase = AIR
            if linked == 1:
                last_ic = step[R_IC]
                waiting, linked = 1, 0
    istate[I_PHASE] = phase
    istate[I_UP], istate[I_DOWN] = up, down
    istate[I_OPEN], istate[I_HOLD], istate[I_LINKED] = waiting, hold, linked
    fstate[F_BEFORE], fstate[F_LOW] = before, low
    fstate[F_LAST_IC] = last_ic
    return n_out, n_live
