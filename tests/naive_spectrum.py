"""A power spectral density with sines, cosines and loops only."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence


def density(signal: Sequence[float], rate: float, frequency: float, n: int) -> float | None:
    """One-sided density at one frequency: mean over windows of n samples, half overlapping, the newest one first."""
    windows = []
    stop = len(signal)
    while stop - n >= 0:
        window = signal[stop - n : stop]
        stop -= n // 2
        if any(math.isnan(v) for v in window):
            continue
        mean = math.fsum(window) / n
        weights = [math.sin(math.pi * i / n) ** 2 for i in range(n)]
        total = sum(
            w * (v - mean) * cmath.exp(-2j * math.pi * frequency * i / rate)
            for i, (w, v) in enumerate(zip(weights, window, strict=True))
        )
        both_signs = 1.0 if frequency == 0.0 or abs(frequency - rate / 2.0) < 1e-9 else 2.0
        windows.append(both_signs * abs(total) ** 2 / (rate * math.fsum(w * w for w in weights)))
    return math.fsum(windows) / len(windows) if windows else None
