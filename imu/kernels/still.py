"""Stillness: stretches in which the specific force hardly varies, online."""

from __future__ import annotations

import numpy as np

from imu.kernels._jit import inner

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


@inner
def still_sample(k, value, mean, variance, age, start, params, limit, out, count):
    """Follow mean and variance of the resultant acceleration over sample k, and note a stretch that ends with it.

    Parameters
    ----------
    k : int
    value : float
        Resultant in m/s2, a number.
    mean, variance, age, start : float
        State, in the order of the slots named above.
    params : ndarray
    limit : float
        Square of the spread in `params`.
    out : ndarray, shape (many, 2)
        First sample and sample after the last of each stretch that has ended.
    count : int
        Rows filled.

    Returns
    -------
    mean, variance, age, start, count
        As they are after the sample.
    """
    age = min(age + 1.0, params[P_TIME_CONSTANT])
    apart = value - mean
    mean += apart / age
    variance += (apart * (value - mean) - variance) / age
    if age >= params[P_TIME_CONSTANT] and variance < limit:
        if start < 0.0:
            start = float(k)
    elif start >= 0.0:
        if k - start >= params[P_SHORTEST] and count < out.shape[0]:
            out[count, 0] = start
            out[count, 1] = k
            count += 1
        start = -1.0
    return mean, variance, age, start, count
