"""Stability of the movement: how alike steps and strides are, and where the pelvis shakes."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from imu.types import FloatArray


def _centred(signal: npt.ArrayLike) -> FloatArray:
    x: FloatArray = np.asarray(signal, dtype=float)
    centred: FloatArray = x - x.mean()
    return centred


def regularity(signal: npt.ArrayLike, lag_samples: int) -> float | None:
    """Unbiased autocorrelation of a signal at one lag, 1 = repeats exactly (Moe-Nilssen and Helbostad 2004).

    A(lag) = [sum x_i x_(i+lag) / (n - lag)] / [sum x_i^2 / n] with x about its mean. At the step time of the vertical
    acceleration it is the step regularity Ad1, at the stride time the stride regularity Ad2; Ad1 / Ad2 tells the
    symmetry. doi:10.1016/S0021-9290(03)00233-1.

    Parameters
    ----------
    signal : array_like, shape (n,)
        Evenly sampled, without gaps; at least two lags long.
    lag_samples : int

    Returns
    -------
    float or None
        None for a signal that is too short, constant, or holds a value that is not a number.
    """
    x = _centred(signal) if np.size(signal) else np.empty(0)
    n = len(x)
    if lag_samples < 1 or n < 2 * lag_samples:
        return None
    power = float(x @ x) / n
    if not (math.isfinite(power) and power > 0.0):
        return None
    return float(x[: n - lag_samples] @ x[lag_samples:]) / (n - lag_samples) / power


def step_and_stride_regularity(
    acc_is: npt.ArrayLike, step_time_s: float, sampling_rate_hz: float
) -> tuple[float | None, float | None]:
    """Step and stride regularity of the vertical acceleration (Ad1, Ad2).

    The autocorrelation is taken at its highest value within 10 % around the step time and twice that.

    Parameters
    ----------
    acc_is : array_like, shape (n,)
        Vertical acceleration over several strides, any unit.
    step_time_s : float
        Mean step time of the same stretch.
    sampling_rate_hz : float

    Returns
    -------
    step, stride : float or None
    """
    if not (math.isfinite(step_time_s) and step_time_s > 0.0):
        return None, None
    out: list[float | None] = []
    for steps in (1, 2):
        centre = steps * step_time_s * sampling_rate_hz
        lags = range(max(1, math.floor(0.9 * centre)), math.ceil(1.1 * centre) + 1)
        known = [a for a in (regularity(acc_is, lag) for lag in lags) if a is not None]
        out.append(max(known) if known else None)
    return out[0], out[1]


def rms_ratio(acc: npt.ArrayLike) -> tuple[float, float, float] | None:
    """RMS of each axis about its mean over the RMS of all three together (Sekine et al. 2013).

    The squares of the three add up to 1. A larger part to the side or forward goes with fatigue (Schuette et al. 2015,
    doi:10.1371/journal.pone.0141957). Use accelerations low-passed at 20 Hz.

    Parameters
    ----------
    acc : array_like, shape (n, 3)
        Columns is, ml, pa, any unit.

    Returns
    -------
    tuple of float or None
        Ratios of is, ml, pa; None when an axis is not measured or nothing moves.
    """
    x = np.asarray(acc, dtype=float)
    if x.ndim != 2 or x.shape[1] != 3 or len(x) == 0:
        return None
    power = np.mean(np.square(x - x.mean(axis=0)), axis=0)
    total = float(power.sum())
    if not (math.isfinite(total) and total > 0.0):
        return None
    up, side, forward = np.sqrt(power / total).tolist()
    return up, side, forward
