"""Slow, obvious twin of the gap search in imu.timebase: the definition, one stamp at a time."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import pairwise


def grid_index(t: Sequence[float], period: float) -> list[int]:
    """Stamps that lie on a grid: count whole periods."""
    index = [0]
    for before, now in pairwise(t):
        index.append(index[-1] + round((now - before) / period))
    return index


def tracked_index(t: Sequence[float], period: float, width: int, threshold: float, last: int) -> list[int]:
    """A gap is where even the earliest of the next `width` stamps is later than the level by more than `threshold`."""
    late = [t[k] - period * k for k in range(len(t))]
    clean = [
        statistics.median([late[max(k - 1, 0)], late[k], late[min(k + 1, len(late) - 1)]]) for k in range(len(late))
    ]
    level = min(clean[:width])
    index: list[int] = []
    missing = 0
    for k in range(len(clean)):
        ahead = min(clean[k : k + width]) - level
        if ahead > threshold and k < last:
            count = round(ahead / period)
            if k > 0:
                missing += count
            level += count * period
            ahead = min(clean[k : k + width]) - level
        level += ahead * (max(1.0 / width, 0.25) if ahead < 0 else 1.0 / width)
        index.append(k + missing)
    return index
