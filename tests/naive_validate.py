"""Slow, obvious twins of the matching and the agreement figures of imu.validate."""

from __future__ import annotations

import math
from collections.abc import Sequence


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
