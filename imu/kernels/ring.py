"""Mirrored ring: every sample is written at i and i + capacity, so any window is one contiguous view.

The layout is one row per channel, `store` of shape (channels, 2 * capacity); the sample with stream index k stands in
column k % capacity and again `capacity` columns further.
"""

from __future__ import annotations

import numpy as np

from imu.kernels._jit import njit


@njit
def ring_append(store, head, block):
    """Write a block of samples behind the newest one.

    Parameters
    ----------
    store : ndarray, shape (channels, 2 * capacity)
    head : int
        Stream index of the block's first sample.
    block : ndarray, shape (n, channels), n <= capacity

    Returns
    -------
    int
        Stream index after the block.
    """
    n, channels = block.shape
    capacity = store.shape[1] // 2
    start = head % capacity
    first = min(n, capacity - start)  # samples before the seam
    for c in range(channels):
        row = store[c]
        for i in range(first):
            value = block[i, c]
            row[start + i] = value
            row[start + capacity + i] = value
        for i in range(first, n):
            value = block[i, c]
            row[start + i] = value
            row[start + i - capacity] = value
    return head + n


@njit
def ring_mirror(store, head, n):
    """Copy the columns just written at head % capacity ... + n to their mirror places."""
    rows, width = store.shape
    capacity = width // 2
    start = head % capacity
    first = min(n, capacity - start)
    for r in range(rows):
        # Slices that begin at 0: the compiler then sees that no index is negative, and copies four values at a time.
        written = store[r, start : start + first]
        mirror = store[r, start + capacity : start + capacity + first]
        for i in range(first):
            mirror[i] = written[i]
        for i in range(n - first):  # across the seam
            store[r, i] = store[r, i + capacity]
    return head + n


def ring_skip(store: np.ndarray, head: int, n: int) -> int:
    """Leave a hole of n missing samples: NaN in every row (at most one capacity is written).

    Plain Python, since losses are rare: not worth compiling.
    """
    capacity = store.shape[1] // 2
    missing = min(max(n, 0), capacity)
    start = (head + n - missing) % capacity
    first = min(missing, capacity - start)  # samples before the seam
    for begin, stop in ((start, start + first), (0, missing - first)):
        store[:, begin:stop] = float("nan")
        store[:, begin + capacity : stop + capacity] = float("nan")
    return head + n
