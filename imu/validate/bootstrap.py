"""95 % intervals by resampling recordings with replacement; pure numpy, seeded.

Every statistic of the table is a function of sums (matches, errors, squares), so a draw needs the sums of its
recordings only, never the events themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from imu.types import FloatArray

DRAWS = 1000
SEED = 20261127

Statistic = Callable[[FloatArray], FloatArray]
"""Sums, shape (..., k), to a value, shape (...); NaN where it is undefined."""


def interval(sums: FloatArray, statistic: Statistic, *, draws: int = DRAWS, seed: int = SEED) -> list[float] | None:
    """95 % interval of a statistic of sums over recordings: percentiles of the draws, expanded for few recordings.

    Parameters
    ----------
    sums : ndarray, shape (n, k)
        One row per recording. Rows of nothing (all zero) are recordings too few to say anything; they are left out.
    statistic : callable
    draws, seed : int

    Returns
    -------
    [low, high], or None where there are fewer than two recordings or the statistic is undefined.

    Notes
    -----
    Recordings are drawn, not events: neighbouring steps are alike. With one person behind all recordings the interval
    speaks of that person's other recordings, not of other people.
    """
    sums = sums[(sums != 0).any(axis=1)]
    n = len(sums)
    if n < 2:
        return None
    drawn = np.random.default_rng(seed).integers(0, n, (draws, n))
    values = statistic(sums[drawn].sum(axis=1))
    values = values[np.isfinite(values)]
    if len(values) == 0:
        return None
    tail = 100.0 * tail_share(n)
    low, high = np.percentile(values, (tail, 100.0 - tail))
    return [float(low), float(high)]


def tail_share(n: int) -> float:
    """Share of draws to leave out at each end so that n recordings give a 95 % interval.

    Resampling n values knows their spread only as well as n values do: plain percentiles are too narrow by the factor
    that Student's t and n / (n - 1) correct (Hesterberg 2015, doi:10.1080/00031305.2015.1089789). t from the first
    terms of its expansion around the normal quantile, good enough from two degrees of freedom; 0.025 for many.
    """
    z, v = 1.959963985, n - 1.0
    t = z + (z**3 + z) / (4.0 * v) + (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / (96.0 * v * v)
    return 0.5 * math.erfc(t * math.sqrt(n / v) / math.sqrt(2.0))


def error_sums(errors: Sequence[FloatArray]) -> FloatArray:
    """Collect number, sum and sum of squares of each recording's errors, shape (n, 3)."""
    return np.array([[len(e), e.sum(), (e * e).sum()] for e in errors], dtype=np.float64).reshape(-1, 3)


def rmse(sums: FloatArray) -> FloatArray:
    """Root mean square from `error_sums`."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(sums[..., 2] / sums[..., 0])


def rmse_bias_removed(sums: FloatArray) -> FloatArray:
    """Root mean square around the mean from `error_sums`."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums[..., 1] / sums[..., 0]
        return np.sqrt(np.maximum(sums[..., 2] / sums[..., 0] - mean * mean, 0.0))


def f1(sums: FloatArray) -> FloatArray:
    """2 matched / (true + found) from columns true, found, matched."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(2.0 * sums[..., 2] / (sums[..., 0] + sums[..., 1]), dtype=np.float64)


def share(sums: FloatArray) -> FloatArray:
    """First column / (first + second)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[..., 0] / (sums[..., 0] + sums[..., 1]), dtype=np.float64)


def leave_one_out_rmse(sums: FloatArray) -> float | None:
    """RMSE after one constant is removed that comes from all other recordings; None below two recordings.

    For recording r with n, s, q = number, sum and squares of its errors and b = mean error of all the others, the
    remaining squares are q - 2 b s + n b^2.
    """
    sums = sums[sums[:, 0] > 0]
    if len(sums) < 2:
        return None
    others = sums.sum(axis=0) - sums
    bias = others[:, 1] / others[:, 0]
    left = sums[:, 2] - 2.0 * bias * sums[:, 1] + sums[:, 0] * bias * bias
    return float(np.sqrt(max(left.sum(), 0.0) / sums[:, 0].sum()))


def summary(parts: dict[str, Any]) -> dict[str, Any]:
    """Intervals and leave-one-out errors of the figures of one group.

    Parameters
    ----------
    parts : dict
        "ic_counts", "tc_counts", "sides": sums (n, k); "ic_ms", "tc_ms", "contact_time_ms", "peak_force_bw": errors
        of each recording.
    """
    out: dict[str, Any] = {"draws": DRAWS, "seed": SEED, "unit": "recording"}
    left_out: dict[str, Any] = {}
    for kind in ("ic", "tc"):
        out[f"{kind}_f1"] = interval(parts[f"{kind}_counts"], f1)
    for name in ("ic_ms", "tc_ms", "contact_time_ms", "peak_force_bw"):
        sums = error_sums(parts[name])
        what, unit = name.rsplit("_", 1)
        out[f"{what}_rmse_{unit}"] = interval(sums, rmse)
        out[f"{what}_rmse_bias_removed_{unit}"] = interval(sums, rmse_bias_removed)
        left_out[f"{what}_rmse_{unit}"] = leave_one_out_rmse(sums)
    out["side_accuracy"] = interval(parts["sides"], share)
    return {"intervals_95": out, "leave_one_recording_out": left_out}
