"""One-to-one nearest matching of found events to true ones, and the counts that follow from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu.types import FloatArray, IntArray


def match_nearest(found: FloatArray, true: FloatArray, tolerance_s: float) -> IntArray:
    """Pair each true event with at most one found event, closest pairs first.

    Parameters
    ----------
    found, true : ndarray, shapes (n,), (m,)
        Seconds, ascending.
    tolerance_s : float
        Pairs further apart (by more than a rounding error) are not made.

    Returns
    -------
    ndarray, shape (k, 2), int64
        Rows (index into found, index into true), ascending in time. Of two equally close pairs the one with the
        earlier true event, then the earlier found event, is made.
    """
    low = np.searchsorted(found, true - tolerance_s - 1e-12, side="left")
    high = np.searchsorted(found, true + tolerance_s + 1e-12, side="right")
    counts = high - low
    j = np.repeat(np.arange(len(true)), counts)
    offsets = np.arange(len(j)) - np.repeat(np.cumsum(counts) - counts, counts)
    i = np.repeat(low, counts) + offsets
    distance = np.abs(found[i] - true[j])
    used_found = np.zeros(len(found), dtype=bool)
    used_true = np.zeros(len(true), dtype=bool)
    pairs: list[tuple[int, int]] = []
    for k in np.lexsort((i, j, distance)):
        a, b = int(i[k]), int(j[k])
        if not used_found[a] and not used_true[b]:
            used_found[a] = used_true[b] = True
            pairs.append((a, b))
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class Counts:
    """Matched, missed and extra events; counts of several recordings add up."""

    true: int = 0
    found: int = 0
    matched: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.true + other.true, self.found + other.found, self.matched + other.matched)

    @property
    def precision(self) -> float | None:
        """Share of found events that are true; None where nothing was found."""
        return self.matched / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Share of true events that were found; None where there are none."""
        return self.matched / self.true if self.true else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of the two = 2 matched / (true + found)."""
        return 2 * self.matched / (self.true + self.found) if self.true + self.found else None


def inside(times: FloatArray, regions: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each time lies in one of the regions.

    Parameters
    ----------
    times : ndarray, shape (n,)
    regions : ndarray, shape (r, 2)
        Start and end in seconds, both included.
    """
    out = np.zeros(len(times), dtype=np.bool_)
    for start, end in regions:
        out |= (times >= start) & (times <= end)
    return out


def count_events(found: FloatArray, true: FloatArray, tolerance_s: float, regions: FloatArray) -> Counts:
    """Count matches over the whole record, but only events inside the regions.

    A found event outside that matches a true one inside counts as its match; a found event inside that matches a
    true one outside is neither right nor wrong.
    """
    pairs = match_nearest(found, true, tolerance_s)
    true_in = inside(true, regions)
    matched = int(true_in[pairs[:, 1]].sum())
    lone = np.ones(len(found), dtype=bool)
    lone[pairs[:, 0]] = False
    extra = int((lone & inside(found, regions)).sum())
    return Counts(true=int(true_in.sum()), found=matched + extra, matched=matched)


def constant_bias(found: list[FloatArray], true: list[FloatArray], reach_s: float = 0.15) -> float | None:
    """One shift (found - true) for a whole set of recordings: median over nearest matches within `reach_s`.

    Returns
    -------
    float or None
        Seconds; None without a single match.
    """
    differences = []
    for f, t in zip(found, true, strict=True):
        pairs = match_nearest(f, t, reach_s)
        differences.append(f[pairs[:, 0]] - t[pairs[:, 1]])
    pooled = np.concatenate(differences) if differences else np.zeros(0)
    return float(np.median(pooled)) if len(pooled) else None
