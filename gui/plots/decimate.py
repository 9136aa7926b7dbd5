"""Reduce a signal to two points per pixel column, so that painting costs the same at any sampling rate."""

from __future__ import annotations

import numpy as np

from imu.types import FloatArray


def min_max(x: FloatArray, y: FloatArray, columns: int, first_index: int = 0) -> tuple[FloatArray, FloatArray]:
    """Return the smallest and largest value of each bin of samples, two points per bin.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Positions and values; NaN values are left out of a bin, a bin of NaN alone stays NaN.
    columns : int
        Pixel columns there are, the most bins that come out; fewer samples than columns are returned unchanged.
    first_index : int
        Index of the first sample since the start of the stream. Bins begin at multiples of their size on this count,
        so that a scrolling curve keeps its bins and does not flicker.

    Returns
    -------
    x, y : ndarray
        Both extremes stand at the middle of their bin, in alternating order, which joins the bins by short lines. The
        samples after the last whole bin follow unchanged.
    """
    n = len(y)
    size = -(-n // max(columns, 1))
    if size < 2:
        return x, y
    skip = -first_index % size
    bins = (n - skip) // size
    if bins < 1:
        return x, y
    used = slice(skip, skip + bins * size)
    block = y[used].reshape(bins, size)
    # column by column: a bin is short, and numpy's reduce along a short axis is several times slower
    low, high = block[:, 0].copy(), block[:, 0].copy()
    for k in range(1, size):
        np.fmin(low, block[:, k], out=low)
        np.fmax(high, block[:, k], out=high)
    out = np.empty(2 * bins)
    out[0::4], out[1::4] = low[0::2], high[0::2]
    out[2::4], out[3::4] = high[1::2], low[1::2]
    middle = x[used][size // 2 :: size]
    tail = slice(used.stop, n)  # less than one bin: the newest samples, as they are
    return np.concatenate((np.repeat(middle, 2), x[tail])), np.concatenate((out, y[tail]))
