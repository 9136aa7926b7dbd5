"""Slow, obvious twins of the matching and the agreement figures of imu.validate."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def match_nearest(found: Sequence[float], true: Sequence[float], tolerance: float) -> list[tuple[int, int]]:
    """Again and again, take the closest pair that is left."""
    left = set(range(len(found)))
    right = set(range(len(true)))
    pairs = []
    while True:
        best = None
        for j in sorted(right):
            for i in sorted(left):
                distance = abs(found[i] - true[j])
                if distance <= tolerance + 1e-12 and (best is None or distance < best[0]):
                    best = (distance, i, j)
        if best is None:
            return sorted(pairs)
        pairs.append(best[1:])
        left.remove(best[1])
        right.remove(best[2])


def agreement(estimate: Sequence[float], truth: Sequence[float]) -> dict[str, float]:
    """Bland and Altman by the book; two values or more."""
    d = [e - t for e, t in zip(estimate, truth, strict=True)]
    n = len(d)
    bias = sum(d) / n
    sd = math.sqrt(sum((x - bias) ** 2 for x in d) / (n - 1))
    return {
        "n": n,
        "bias": bias,
        "sd": sd,
        "loa_low": bias - 1.96 * sd,
        "loa_high": bias + 1.96 * sd,
        "rmse": math.sqrt(sum(x * x for x in d) / n),
        "rmse_bias_removed": math.sqrt(sum((x - bias) ** 2 for x in d) / n),
    }


def bootstrap_rmse(errors: list[list[float]], *, draws: int, seed: int, tail: float, bias_removed: bool) -> list[float]:
    """Draw recordings with replacement, pool their errors, take the root mean square; percentiles of that."""
    values = []
    for draw in np.random.default_rng(seed).integers(0, len(errors), (draws, len(errors))):
        pooled = [x for k in draw for x in errors[k]]
        centre = sum(pooled) / len(pooled) if bias_removed else 0.0
        values.append(math.sqrt(sum((x - centre) ** 2 for x in pooled) / len(pooled)))
    return [float(np.percentile(values, 100 * tail)), float(np.percentile(values, 100 * (1 - tail)))]


def leave_one_out_rmse(errors: list[list[float]]) -> float:
    """Take off each recording the mean error of all the others."""
    left = []
    for k, own in enumerate(errors):
        others = [x for i, e in enumerate(errors) if i != k for x in e]
        bias = sum(others) / len(others)
        left += [x - bias for x in own]
    return math.sqrt(sum(x * x for x in left) / len(left))
