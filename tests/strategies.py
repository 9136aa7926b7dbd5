"""Hypothesis strategies that several tests share: values, cuts of a stream into blocks, orientations, bad stretches."""

from __future__ import annotations

import itertools
import os

import numpy as np
import numpy.typing as npt
from hypothesis import settings
from hypothesis import strategies as st

from imu.frames import mounting_names

_STEADY = not os.environ.get("STRIDE_FUZZ")
"""The same examples at every run; STRIDE_FUZZ=1 draws new ones, to look for what nobody has thought of."""

MODEST = settings(deadline=None, max_examples=40, derandomize=_STEADY)
"""For tests that cost milliseconds per example."""

FEW = settings(deadline=None, max_examples=12, derandomize=_STEADY)
"""For tests that run a pipeline per example."""

finite = st.floats(min_value=-1e3, max_value=1e3, allow_nan=False, width=64)
"""A reading of any plausible size, in m/s2 or deg/s."""

reading = st.one_of(finite, st.sampled_from([0.0, 9.80665, 156.9, -156.9, float("nan")]))
"""A reading that may also be missing or stand at the range limit."""


def arrays(
    elements: st.SearchStrategy[float], min_size: int = 0, max_size: int = 60
) -> st.SearchStrategy[npt.NDArray[np.float64]]:
    return st.lists(elements, min_size=min_size, max_size=max_size).map(lambda v: np.array(v, dtype=float))


@st.composite
def cuts(draw: st.DrawFn, n: int, most: int = 12) -> list[tuple[int, int]]:
    """Cut n samples into half-open pieces: empty ones, single samples and the whole are all drawn often."""
    kind = draw(st.sampled_from(["whole", "packets", "edges"]))
    if kind == "whole":
        return [(0, n)]
    if kind == "packets":
        size = draw(st.sampled_from([1, 3, 8, 17, 64, 1000]))
        edges = [*list(range(0, n, size)), n]
        return list(itertools.pairwise(edges))
    middle = draw(st.lists(st.integers(0, n), max_size=most))
    # an edge drawn twice makes an empty block, two neighbouring ones a single sample
    singles = [min(n, e + 1) for e in middle if draw(st.booleans())]
    edges = [0, *sorted(middle + singles), n]
    return list(itertools.pairwise(edges))


mountings = st.sampled_from(mounting_names())


@st.composite
def directions(draw: st.DrawFn) -> npt.NDArray[np.float64]:
    """A unit vector, the axes themselves included."""
    v = np.array([draw(st.floats(-1.0, 1.0)) for _ in range(3)])
    size = float(np.linalg.norm(v))
    if size < 0.05:
        v = np.array(draw(st.sampled_from([(1.0, 0.0, 0.0), (-1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, -1.0)])))
        size = 1.0
    return np.asarray(v / size)


@st.composite
def rotations(draw: st.DrawFn) -> npt.NDArray[np.float64]:
    """Any rotation matrix, shape (3, 3), from a unit quaternion."""
    q = np.array([draw(st.floats(-1.0, 1.0)) for _ in range(4)])
    if np.linalg.norm(q) < 0.05:
        q = np.array([1.0, 0.0, 0.0, 0.0])
    w, x, y, z = q / np.linalg.norm(q)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
