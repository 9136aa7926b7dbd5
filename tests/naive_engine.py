"""Slow, obvious twins of the kernels: plain Python, one sample after the other, nothing clever."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from imu.frames import rotation_to_up
from imu.kernels import level as slots
from imu.kernels import rows

Array = npt.NDArray[np.float64]
NAN = float("nan")


class NaiveRing:
    """Every sample ever written, by its stream index; what falls out of the capacity is simply not asked for."""

    def __init__(self, channels: int, capacity: int) -> None:
        self.channels = channels
        self.capacity = capacity
        self.rows: list[list[float]] = []

    def append(self, block: Array) -> None:
        for row in block:
            self.rows.append([float(v) for v in row])

    def skip(self, n: int) -> None:
        for _ in range(n):
            self.rows.append([NAN] * self.channels)

    def newest(self, n: int) -> Array:
        """Shape (channels, m)."""
        kept = self.rows[max(0, len(self.rows) - min(n, self.capacity)) :] if n > 0 else []
        return np.array(kept, dtype=float).reshape(len(kept), self.channels).T


def biquad(sos: Sequence[float], x: Sequence[float], before: tuple[float, float, float, float]) -> list[float]:
    """y[k] = b0 x[k] + b1 x[k-1] + b2 x[k-2] - a1 y[k-1] - a2 y[k-2]; before = x[-1], x[-2], y[-1], y[-2]."""
    b0, b1, b2, _, a1, a2 = sos
    x1, x2, y1, y2 = before
    out = []
    for value in x:
        y = b0 * value + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
        x1, x2, y1, y2 = value, x1, y, y1
        out.append(y)
    return out


class NaiveLevel:
    """Mounting, slow mean of gravity, and the shortest rotation that takes it up, with matrices."""

    def __init__(self, params: Array, state: Array) -> None:
        self.p = params
        self.gravity = state[slots.UP : slots.UP + 3].copy()
        self.weight = float(state[slots.WEIGHT])
        self.last = state[slots.LAST : slots.LAST + 3].copy()
        self.frozen_s = float(state[slots.FROZEN_S])
        self.saturated = 0

    def sample(self, sample: Array, fs: float) -> dict[int, float]:
        p = self.p
        mounting = p[:9].reshape(3, 3)
        acc = np.where(p[slots.P_MASK : slots.P_MASK + 3] > 0, sample[:3], 0.0)
        fault = 0
        if np.any(np.abs(acc) >= p[slots.P_RANGE]):
            fault += 1
            self.saturated += 1
        self.frozen_s = self.frozen_s + 1.0 / fs if np.array_equal(acc, self.last) else 0.0
        if self.frozen_s > p[slots.P_FROZEN]:
            fault += 2
        self.last = acc
        body = mounting @ acc
        if fault < 2:
            self.weight = min(self.weight + 1.0 / fs, float(p[slots.P_TIME_CONSTANT]))
            self.gravity = self.gravity + (body - self.gravity) / fs / self.weight
        turn = rotation_to_up(self.gravity) if np.linalg.norm(self.gravity) > 0 else np.eye(3)
        out = dict(zip((rows.IS, rows.ML, rows.PA), turn @ body, strict=True))
        gyr = turn @ mounting @ sample[3:6] if len(sample) >= 6 else np.full(3, NAN)
        out |= dict(zip((rows.GYR_IS, rows.GYR_ML, rows.GYR_PA), gyr, strict=True))
        out[rows.RESULTANT] = math.sqrt(float(acc @ acc))
        out[rows.FAULT] = float(fault)
        return out


# -- look-backs on a plain sequence, index = stream index ---------------------------------------------------------


def crossing(x: Sequence[float], k: int, level: float) -> float:
    if x[k] == x[k - 1]:
        return float(k)
    return float(np.interp(level, *zip(*sorted([(x[k - 1], k - 1.0), (x[k], float(k))]), strict=True)))


def highest(x: Sequence[float], first: int, last: int) -> tuple[float, float]:
    numbers = [(x[k], -k) for k in range(first, last + 1) if not math.isnan(x[k])]
    if not numbers:
        return NAN, float(first)
    best, at = max(numbers)
    at = -at
    if first < at < last:
        a, b, c = np.polyfit([-1.0, 0.0, 1.0], [x[at - 1], x[at], x[at + 1]], 2) if _all_numbers(x, at) else (0, 0, 0)
        if a < 0.0:
            shift = -b / (2.0 * a)
            return float(np.polyval([a, b, c], shift)), at + float(shift)
    return best, float(at)


def _all_numbers(x: Sequence[float], at: int) -> bool:
    return all(math.isfinite(v) for v in (x[at - 1], x[at], x[at + 1]))


def steepest(x: Sequence[float], first: int, last: int, sign: float) -> tuple[int, float]:
    best, found = -math.inf, first
    for k in range(first, last):
        slope = sign * (x[k + 1] - x[k - 1]) / 2.0
        if slope > best:
            best, found = slope, k
    return found, sign * best


def foot_of_rise(x: Sequence[float], at: int, slope: float, back: int) -> float:
    window = [v for v in x[at - back : at + 1] if not math.isnan(v)]
    if slope == 0.0 or not window:
        return float(at)
    level = min(window) if slope > 0 else max(window)
    return at - (x[at] - level) / slope


def mean_of(x: Sequence[float], first: int, last: int) -> float:
    values = x[first:last]
    return math.fsum(values) / len(values) if len(values) else NAN
