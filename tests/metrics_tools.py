"""Steps of a runner who is known, for the tests of comparisons and feedback."""

from __future__ import annotations

import math

import numpy as np

from imu.types import ActivityKind, Side, Step


def drifting(rng: np.random.Generator, n: int, *, slow: float = 0.37, memory: float = 0.94) -> np.ndarray:
    """Standard normal series: white scatter and a slow part with the memory that recordings show."""
    x = rng.standard_normal()
    out = np.empty(n)
    for i in range(n):
        x = memory * x + math.sqrt(1.0 - memory**2) * rng.standard_normal()
        out[i] = math.sqrt(slow) * x + math.sqrt(1.0 - slow) * rng.standard_normal()
    return out


def run_of(
    rng: np.random.Generator, seconds: float, *, start_s: float = 0.0, load_g: float = 2.7, drift_g: float = 0.0
) -> list[Step]:
    """Running steps of 0.36 s; the load drifts by `drift_g` from start to end."""
    n = int(seconds / 0.36)
    noise, contact = drifting(rng, n), drifting(rng, n)
    return [
        Step(
            index=i,
            activity=ActivityKind.RUNNING,
            side=Side.LEFT if i % 2 == 0 else Side.RIGHT,
            side_confidence=0.99,
            ic_s=start_s + 0.36 * i,
            step_time_s=0.36,
            stride_time_s=0.72,
            contact_time_s=0.24 + 0.004 * contact[i],
            load_peak_g=load_g * (1.0 + 0.05 * noise[i]) + drift_g * i / n,
        )
        for i in range(n)
    ]
