"""Stillness: stretches in which the specific force hardly varies, online."""

from __future__ import annotations

import math

import numpy as np

from imu.kernels import rows
from imu.kernels._jit import njit

# Parameters.
P_TIME_CONSTANT = 0  # samples, memory of the mean and of the spread about it
P_SPREAD = 1  # m/s2, a spread (standard deviation) below this is stillness
P_SHORTEST = 2  # samples, shorter stretches are not given out
N_PARAMS = 3

# State.
F_MEAN = 0
F_VARIANCE = 1
F_AGE = 2  # samples behind them, up to the time constant
F_START = 3  # first sample of the stretch in progress; -1 = none
N_FSTATE = 4


def still_reset(state: np.ndarray) -> None:
    """Start anew, as after a gap; a stretch in progress is forgotten. Plain Python: rarely called."""
    state[F_MEAN] = 0.0
    state[F_VARIANCE] = 0.0
    state[F_AGE] = 0.0
    state[F_START] = -1.0


def still_finish(state: np.ndarray, params: np.ndarray, head: int, out: np.ndarray) -> int:
    """Give out the stretch that lasts until sample `head`; the state stays as it is. Returns the rows written.

    Plain Python: rarely called.
    """
    start = state[F_START]
    if start < 0.0 or head - start < params[P_SHORTEST]:
        return 0
    out[0, 0] = start
    out[0, 1] = head
    return 1


@njit
def still_events(sig, head, n, params, state, out):
    """Follow mean and variance of the resultant acceleration over the newest n samples.

    Parameters
    ----------
    sig : ndarray, shape (rows, 2 * capacity)
        Detector ring, mirrored up to sample head + n - 1.
    head, n : int
    params, state : ndarray
        Slots as named above.
    out : ndarray, shape (many, 2)
        First sample and sample after the last of each stretch that has ended.

    Returns
    -------
    int
        Rows written.
    """
    capacity = sig.shape[1] // 2
    row = sig[rows.RESULTANT]
    mean, variance, age, start = state[F_MEAN], state[F_VARIANCE], state[F_AGE], state[F_START]
    limit = params[P_SPREAD] ** 2
    count = 0
    shift = head % capacity - head  # beyond the capacity stands the mirror
    for k in range(head, head + n):
        value = row[k + shift]
        if math.isnan(value):
            continue
        age = min(age + 1.0, params[P_TIME_CONSTANT])
        apart = value - mean
        mean += apart / age
        variance += (apart * (value - mean) - variance) / age
        settled = age >= params[P_TIME_CONSTANT]
        if settled and variance < limit:
            if start < 0.0:
                start = float(k)
        elif start >= 0.0:
            if k - start >= params[P_SHORTEST] and count < out.shape[0]:
                out[count, 0] = start
                out[count, 1] = k
                count += 1
            start = -1.0
    state[F_MEAN], state[F_VARIANCE], state[F_AGE], state[F_START] = mean, variance, age, start
    return count
