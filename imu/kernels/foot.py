"""Contacts of one leg from a sensor at the shank or the foot, walking and running, online.

A contact shakes the leg: the 15-45 Hz part of the acceleration vector, which no mounting and no tilt changes, makes
one hump per stride that stands out over the other foot's landing and over the push-off. On a foot, toe-off shakes as
well; but only contact follows a swing, so there the hump is weighted by the resultant above gravity that led up to it.

* A hump counts if it reaches a fraction of the typical one; within part of a stride only the strongest counts.
* Initial contact at the shank: the peak of the resultant minus a constant, the time from 5 % of body weight on the
  ground to the transient's peak at the shank. At the foot: the band's first rise to half of its maximum.
* Toe-off at the shank: the slow axial acceleration, high while the leg carries, falls below 1 g (running) or from the
  height that it reaches in push-off (walking). At the foot: the peak of the angular rate's magnitude as the foot tips
  over its toes (needs a gyroscope).

References: published shank methods search the axial peak and the minimum before it (compared by Kiernan et al. 2023,
doi 10.3390/s23115022); the angular rate of the foot is extreme at toe-off (Falbriard et al. 2018,
doi 10.3389/fphys.2018.00610). The hump, its selection and the constants are our own.
"""

from __future__ import annotations

import math

from imu.kernels import foot_slots as s
from imu.kernels import rows
from imu.kernels._jit import inner, njit
from imu.kernels.foot_hump import finish, judge
from imu.kernels.foot_slots import (
    FLAG_FROZEN,
    FLAG_NO_TOE_OFF,
    FLAG_SATURATED,
    N_FSTATE,
    N_ISTATE,
    N_PARAMS,
    N_ROW,
    R_FLAGS,
    R_IC,
    R_IC_REPORT,
    R_PEAK_AT,
    R_REPORT,
    R_RUNNING,
    R_SHOCK,
    R_TC,
)

__all__ = [
    "FLAG_FROZEN",
    "FLAG_NO_TOE_OFF",
    "FLAG_SATURATED",
    "N_FSTATE",
    "N_ISTATE",
    "N_PARAMS",
    "N_ROW",
    "R_FLAGS",
    "R_IC",
    "R_IC_REPORT",
    "R_PEAK_AT",
    "R_REPORT",
    "R_RUNNING",
    "R_SHOCK",
    "R_TC",
    "foot_events",
    "foot_flush",
    "foot_gap",
    "reset",
]

_NAN = float("nan")


@njit
def reset(fstate, istate):
    """Forget everything: at the start, and after a long gap."""
    fstate[:] = 0.0
    istate[:] = 0


@inner
def _push_off(k, params, f, i):
    """Follow the push-off of the pending contact until toe-off is passed."""
    slow, before = f[s.F_SLOW], f[s.F_SLOW_BEFORE]
    if k < f[s.F_IC] + params[s.P_STANCE_MIN] or not math.isfinite(slow):
        return
    if f[s.F_IC] < k - i[s.I_SEEN] + 1 + params[s.P_SETTLE]:
        return  # the levelling has not seen enough to know the long axis
    on_foot = params[s.P_ON_FOOT] == 1.0
    if on_foot and slow < f[s.F_PUSH_LOW]:
        f[s.F_PUSH_LOW] = slow
        f[s.F_PUSH_HIGH] = slow
    if i[s.I_PUSH_AT] == k - 1:
        f[s.F_PUSH_RIGHT] = slow
    if slow > f[s.F_PUSH_HIGH]:
        f[s.F_PUSH_HIGH] = slow
        f[s.F_PUSH_LEFT] = before
        f[s.F_PUSH_RIGHT] = _NAN
        i[s.I_PUSH_AT] = k
        return
    height = f[s.F_PUSH_HIGH] - f[s.F_PUSH_LOW]
    level = f[s.F_PUSH_LOW] + params[s.P_PUSH_FALL] * height
    early = not on_foot and k < f[s.F_IC] + params[s.P_RUN_CONTACT]
    if early and height >= params[s.P_RUN_PUSH]:
        level = 0.0  # running: the leg no longer carries more than its weight
    if slow >= level:
        return
    if height < (params[s.P_RUN_PUSH] if early else params[s.P_PUSH_MIN]):
        if early:  # the loading of a walking step: the push-off is still to come
            f[s.F_PUSH_HIGH] = slow
        return
    i[s.I_FOUND] = 1
    if on_foot:
        bend = f[s.F_PUSH_LEFT] - 2.0 * f[s.F_PUSH_HIGH] + f[s.F_PUSH_RIGHT]
        f[s.F_TC] = i[s.I_PUSH_AT] + (0.5 * (f[s.F_PUSH_LEFT] - f[s.F_PUSH_RIGHT]) / bend if bend < 0.0 else 0.0)
    else:
        f[s.F_TC] = k - 1 + ((before - level) / (before - slow) if before > level else 0.0)


@inner
def _filter(sig, column, k, params, f, i):
    """Advance the filters by one sample; a missing value repeats the newest finite one."""
    fresh = i[s.I_SEEN] == 0
    total = 0.0
    p = s.P_BAND
    for c in range(3):
        x = sig[c, column]
        if math.isfinite(x):
            f[s.F_LAST + c] = x
        else:
            x = f[s.F_LAST + c]
        z = s.F_BAND + 2 * c
        if fresh:  # as if this value had stood there for ever
            f[z + 1] = params[p + 2] * x
            f[z] = params[p + 1] * x + f[z + 1]
        y = params[p] * x + f[z]
        f[z] = params[p + 1] * x - params[p + 3] * y + f[z + 1]
        f[z + 1] = params[p + 2] * x - params[p + 4] * y
        total += y * y
    band = math.sqrt(total)
    f[s.F_RING + k % s.N_RING] = band
    f[s.F_SHAKE] = params[s.P_SMOOTH] * band + f[s.F_SMOOTH]
    f[s.F_SMOOTH] = params[s.P_SMOOTH + 1] * band - params[s.P_SMOOTH + 2] * f[s.F_SHAKE]

    u = f[s.F_LAST] - params[s.P_ONE_G]
    if params[s.P_ON_FOOT] == 1.0:
        g0, g1, g2 = sig[rows.GYR_IS, column], sig[rows.GYR_ML, column], sig[rows.GYR_PA, column]
        u = math.sqrt(g0 * g0 + g1 * g1 + g2 * g2)
    p = s.P_PUSH
    if not math.isfinite(f[s.F_SLOW]) or fresh:
        f[s.F_PUSH + 1] = params[p + 2] * u - params[p + 4] * u
        f[s.F_PUSH] = params[p + 1] * u - params[p + 3] * u + f[s.F_PUSH + 1]
    f[s.F_SLOW_BEFORE] = f[s.F_SLOW]
    y = params[p] * u + f[s.F_PUSH]
    f[s.F_PUSH] = params[p + 1] * u - params[p + 3] * y + f[s.F_PUSH + 1]
    f[s.F_PUSH + 1] = params[p + 2] * u - params[p + 4] * y
    f[s.F_SLOW] = y


@njit
def foot_events(sig, head, n, fs, params, fstate, istate, out, early):
    """Detect the contacts of one foot in a block of samples.

    Parameters
    ----------
    sig : ndarray, shape (rows.N_ROWS, 2 * capacity)
        Mirrored ring, levelled, NaN where nothing was measured; capacity of at least 4 s, and n at most capacity minus
        2 s.
    head : int
        Stream index of the first of the n new samples.
    n : int
    fs : float
        Sampling rate in Hz (the times in `params` are samples already).
    params : ndarray, shape (s.N_PARAMS,)
        From `imu.events.foot.FootParameters.pack`.
    fstate, istate : ndarray, shape (s.N_FSTATE,) float64, (s.N_ISTATE,) int64
        State, zeros at the start (`reset`); `foot_gap` says what a gap leaves of it.
    out : ndarray, shape (m, s.N_ROW)
        Contacts, final. One row needs at least 0.2 s, so m = n / (0.2 fs) + 2 is enough.
    early : ndarray, shape (m, 2)
        ic, report: a contact as soon as it is probable. A stronger impact soon after replaces it by another row; the
        last one before a contact's final row is equal to it.

    Returns
    -------
    rows_written, early_written : int
    """
    capacity = sig.shape[1] // 2
    count = 0
    n_early = 0
    for k in range(head, head + n):
        _filter(sig, k % capacity, k, params, fstate, istate)
        istate[s.I_SEEN] += 1
        shake = fstate[s.F_SHAKE]
        if istate[s.I_PENDING] == 1:
            if istate[s.I_FOUND] == 0:
                _push_off(k, params, fstate, istate)
            stride = fstate[s.F_STRIDE]
            hold = params[s.P_HOLD] * stride if stride > 0.0 else params[s.P_FIRST_REFRACTORY]
            sure = stride > 0.0 and fstate[s.F_SCORE] >= params[s.P_SURE] * fstate[s.F_TYPICAL]
            ready = istate[s.I_FOUND] == 1 and (sure or k >= istate[s.I_CONTACT] + hold)
            if ready or k > fstate[s.F_IC] + params[s.P_GIVE_UP]:
                finish(sig, capacity, k, params, fstate, istate, out[count])
                count += 1
        if istate[s.I_RISING] == 1:
            if shake > fstate[s.F_HUMP]:
                fstate[s.F_HUMP] = shake
                istate[s.I_TOP] = k
            elif k - istate[s.I_TOP] >= params[s.P_CONFIRM]:
                done = judge(sig, capacity, k, params, fstate, istate, out[count])
                count += done & 1
                if done & 2 and n_early < early.shape[0]:
                    early[n_early, 0] = fstate[s.F_IC]
                    early[n_early, 1] = k
                    n_early += 1
                istate[s.I_RISING] = 0
                fstate[s.F_HUMP] = shake
        elif shake < fstate[s.F_HUMP]:
            fstate[s.F_HUMP] = shake
        else:
            fstate[s.F_HUMP] = shake
            istate[s.I_TOP] = k
            istate[s.I_RISING] = 1
    return count, n_early


@njit
def foot_flush(sig, head, params, fstate, istate, out):
    """Write the contact that still waits for its toe-off when the stream ends before sample `head`; returns 0 or 1."""
    if istate[s.I_PENDING] == 0:
        return 0
    finish(sig, sig.shape[1] // 2, head - 1, params, fstate, istate, out[0])
    return 1


@njit
def foot_gap(sig, head, missing, params, fstate, istate, out):
    """Close what is open before a gap of `missing` samples from sample `head` on; returns the rows written, 0 or 1.

    What was learned of the person stays: typical contact and swing, stride, whether it was running, and when the newest
    contact was. What is being measured is dropped: filters, hump and push-off begin at the next sample.

    All is forgotten once more than `P_MEMORY` samples have been lost since the newest contact, as nobody saw what
    became of the gait; or where the gait had ended before (no contact in `P_LONGEST_STRIDE` samples that were seen),
    as the first contacts of the next one are weaker.
    """
    written = foot_flush(sig, head, params, fstate, istate, out)
    still = head - istate[s.I_CONTACT] - istate[s.I_LOST]
    lost = istate[s.I_LOST] + missing
    if lost > params[s.P_MEMORY] or still > params[s.P_LONGEST_STRIDE]:
        reset(fstate, istate)
        return written
    istate[s.I_LOST] = lost
    istate[s.I_SEEN] = 0
    istate[s.I_RISING] = 0
    istate[s.I_FOUND] = 0
    fstate[: s.F_TYPICAL] = 0.0
    fstate[s.F_RING :] = 0.0
    return written
