"""Sensor frame -> levelled body frame, sample by sample, with gravity tracked as the slow mean of the specific force.

Over whole strides the mean specific force of a runner at constant speed is gravity, so the slow mean points up whether
the runner stands, walks or runs. At the start, while there is little data, a stated mounting has a say in where up is;
it has none once the memory is full, for no sensor sits as stated.
"""

from __future__ import annotations

import math

from imu.constants import G_MPS2
from imu.kernels import rows
from imu.kernels._jit import inner, njit

# Slots of the level state.
UP = 0  # 0-2: slow mean of the mounted acceleration, m/s2
WEIGHT = 3  # seconds of data behind that mean, grows to the time constant
LAST = 4  # 4-6: last raw sample, to see frozen ones
FROZEN_S = 7  # how long the sample has repeated, s
STRETCH = 16
"""Samples turned at a time: what follows gravity goes from sample to sample, the turning itself four at a time."""

SCRATCH = 8  # 9 rows of STRETCH: mounted acceleration, gravity, angular rate
N_STATE = SCRATCH + 9 * STRETCH

# Slots of the level parameters.
P_MATRIX = 0  # 0-8: mounting, rows is ml pa
P_TIME_CONSTANT = 9  # s
P_RANGE = 10  # m/s2, saturation level (inf = unknown)
P_FROZEN = 11  # s, repeats longer than this count as frozen
P_MASK = 12  # 12-14: 1 = sensor axis is measured, 0 = it is not (NaN column)
P_STATED = 15  # seconds of data that the stated up axis counts as at first; 0 = none is stated
N_PARAMS = 16

_NAN = float("nan")


@inner
def _turn(s, m):
    """Turn a stretch into the levelled frame, in place; each sample by itself, so the compiler takes four at a time."""
    m0, m1, m2, m3, m4, m5, m6, m7, m8 = m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]
    for j in range(STRETCH):
        # Shortest rotation that takes gravity (u) to the up axis: v' = v - (p + c) parts of the Rodrigues formula.
        u0, u1, u2 = s[3 * STRETCH + j], s[4 * STRETCH + j], s[5 * STRETCH + j]
        norm = math.sqrt(u0 * u0 + u1 * u1 + u2 * u2)
        known = norm > 0.0
        c = u0 / norm if known else 1.0
        s1 = u1 / norm if known else 0.0
        s2 = u2 / norm if known else 0.0
        down = c < -0.999999
        c = -0.999999 if down else c
        s1 = 0.0014142 if down else s1
        s2 = 0.0 if down else s2
        h = 1.0 / (1.0 + c)
        a0, a1, a2 = s[j], s[STRETCH + j], s[2 * STRETCH + j]
        b1 = s1 * a1 + s2 * a2
        s[j] = c * a0 + b1
        s[STRETCH + j] = a1 - s1 * a0 - s1 * b1 * h
        s[2 * STRETCH + j] = a2 - s2 * a0 - s2 * b1 * h
        gx, gy, gz = s[6 * STRETCH + j], s[7 * STRETCH + j], s[8 * STRETCH + j]
        w0 = m0 * gx + m1 * gy + m2 * gz
        w1 = m3 * gx + m4 * gy + m5 * gz
        w2 = m6 * gx + m7 * gy + m8 * gz
        d1 = s1 * w1 + s2 * w2
        s[6 * STRETCH + j] = c * w0 + d1
        s[7 * STRETCH + j] = w1 - s1 * w0 - s1 * d1 * h
        s[8 * STRETCH + j] = w2 - s2 * w0 - s2 * d1 * h


@inner
def _stated(weight, params):
    """Return what the stated up axis adds to the mean along itself, m/s2, after so many seconds of data."""
    left = 1.0 - weight / params[P_TIME_CONSTANT]
    return G_MPS2 * params[P_STATED] * left / weight if weight > 0.0 else 0.0


@njit
def level(samples, params, state, sig, start, fs):
    """Write rows 0-6 and the fault row of a block.

    Parameters
    ----------
    samples : ndarray, shape (n, 3) or (n, 6)
        Sensor frame, m/s2 and deg/s.
    params, state : ndarray
        Slots as named above; state is updated in place.
    sig : ndarray, shape (rows, 2 * capacity)
        Columns start ... start + n are written (not yet mirrored).
    start : int
    fs : float
        Sampling rate in Hz.

    Returns
    -------
    int
        Number of samples at the range limit; -1 when a measured acceleration is not a number: the state is then as it
        was, and what stands in the columns has no meaning.
    """
    n, channels = samples.shape
    m = params
    k0, k1, k2 = m[P_MASK], m[P_MASK + 1], m[P_MASK + 2]
    limit = params[P_RANGE]
    tau = params[P_TIME_CONSTANT]
    frozen_after = params[P_FROZEN]
    u0, u1, u2, weight = state[UP], state[UP + 1], state[UP + 2], state[WEIGHT]
    l0, l1, l2, frozen_s = state[LAST], state[LAST + 1], state[LAST + 2], state[FROZEN_S]
    dt = 1.0 / fs
    share = dt / tau  # once the memory is full
    stated = _stated(weight, params)
    saturated = 0
    nought = 0.0
    s = state[SCRATCH:]
    for first in range(0, n, STRETCH):
        size = min(STRETCH, n - first)
        col = start + first
        for j in range(size):
            # A missing axis counts as zero: a tilt of the other two is then the best that can be known.
            i = first + j
            x = samples[i, 0] if k0 > 0.0 else 0.0
            y = samples[i, 1] if k1 > 0.0 else 0.0
            z = samples[i, 2] if k2 > 0.0 else 0.0
            nought += (x - x) + (y - y) + (z - z)  # NaN from the first infinite value or NaN on
            a0 = m[0] * x + m[1] * y + m[2] * z
            a1 = m[3] * x + m[4] * y + m[5] * z
            a2 = m[6] * x + m[7] * y + m[8] * z

            fault = 0.0
            if abs(x) >= limit or abs(y) >= limit or abs(z) >= limit:
                fault = 1.0
                saturated += 1
            frozen_s = frozen_s + dt if (x == l0 and y == l1 and z == l2) else 0.0
            if frozen_s > frozen_after:
                fault += 2.0
            l0, l1, l2 = x, y, z

            if fault < 2.0:  # a frozen sensor tells nothing about gravity
                if weight != tau:
                    weight = min(weight + dt, tau)
                    share = dt / weight
                    stated = _stated(weight, params)
                u0 += share * (a0 - u0)
                u1 += share * (a1 - u1)
                u2 += share * (a2 - u2)
            s[j], s[STRETCH + j], s[2 * STRETCH + j] = a0, a1, a2
            s[3 * STRETCH + j], s[4 * STRETCH + j], s[5 * STRETCH + j] = u0 + stated, u1, u2
            sig[rows.RESULTANT, col + j] = math.sqrt(x * x + y * y + z * z)
            sig[rows.FAULT, col + j] = fault
            if channels >= 6:
                gx, gy, gz = samples[i, 3], samples[i, 4], samples[i, 5]
                s[6 * STRETCH + j], s[7 * STRETCH + j], s[8 * STRETCH + j] = gx, gy, gz
        _turn(s, m)  # all of the stretch: what stands beyond `size` is left from before
        for j in range(size):
            sig[rows.IS, col + j] = s[j]
            sig[rows.ML, col + j] = s[STRETCH + j]
            sig[rows.PA, col + j] = s[2 * STRETCH + j]
            sig[rows.GYR_IS, col + j] = s[6 * STRETCH + j] if channels >= 6 else _NAN
            sig[rows.GYR_ML, col + j] = s[7 * STRETCH + j] if channels >= 6 else _NAN
            sig[rows.GYR_PA, col + j] = s[8 * STRETCH + j] if channels >= 6 else _NAN
    if nought != 0.0:
        return -1
    state[UP], state[UP + 1], state[UP + 2], state[WEIGHT] = u0, u1, u2, weight
    state[LAST], state[LAST + 1], state[LAST + 2], state[FROZEN_S] = l0, l1, l2, frozen_s
    return saturated
