"""Agreement of two series of the same quantity: bias, spread, limits, relative error."""

from __future__ import annotations

from typing import Any

import numpy as np

from imu.types import FloatArray


def agreement(estimate: FloatArray, truth: FloatArray, *, scale: float = 1.0) -> dict[str, Any]:
    """Bias, SD, 95 % limits of agreement (bias +- 1.96 SD, Bland-Altman), RMSE, and RMSE without the bias.

    Parameters
    ----------
    estimate, truth : ndarray, shape (n,)
    scale : float
        Factor for the output, such as 1000 for milliseconds.

    Returns
    -------
    dict
        n, bias, sd, loa_low, loa_high, rmse, rmse_bias_removed; None where n is too small (SD needs 2).
    """
    d = (np.asarray(estimate) - np.asarray(truth)) * scale
    n = len(d)
    if n == 0:
        keys = ("bias", "sd", "loa_low", "loa_high", "rmse", "rmse_bias_removed")
        return {"n": 0, **dict.fromkeys(keys)}
    bias = float(d.mean())
    sd = float(d.std(ddof=1)) if n > 1 else None
    return {
        "n": n,
        "bias": bias,
        "sd": sd,
        "loa_low": None if sd is None else bias - 1.96 * sd,
        "loa_high": None if sd is None else bias + 1.96 * sd,
        "rmse": float(np.sqrt((d * d).mean())),
        "rmse_bias_removed": float(d.std()),
    }


def mape_pct(estimate: FloatArray, truth: FloatArray) -> float | None:
    """Mean of 100 |estimate - truth| / |truth|; None without a pair."""
    if len(truth) == 0:
        return None
    return float((100.0 * np.abs(np.asarray(estimate) - truth) / np.abs(truth)).mean())


def spread(values: FloatArray) -> dict[str, Any]:
    """Median, 95th percentile and maximum; None without values."""
    if len(values) == 0:
        return {"n": 0, "median": None, "p95": None, "max": None}
    return {
        "n": len(values),
        "median": float(np.median(values)),
        "p95": float(np.percentile(values, 95)),
        "max": float(values.max()),
    }
