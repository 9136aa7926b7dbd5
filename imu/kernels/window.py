"""Small look-backs over a mirrored ring row: crossings, extrema and tangents, at fractional sample indices."""

from __future__ import annotations

import math

from imu.kernels._jit import njit


@njit
def column(index, capacity):
    """Column from which the window that ENDS at `index` can be read backwards without meeting the seam."""
    return index % capacity + capacity


@njit
def crossing(row, capacity, k, level):
    """Fractional index between samples k - 1 and k at which the row passes a level."""
    c = column(k, capacity)
    before, after = row[c - 1], row[c]
    if after == before:
        return float(k)
    return k - 1 + (level - before) / (after - before)


@njit
def highest(row, capacity, first, last):
    """Greatest value of samples first ... last (both included) and its index, refined by a parabola through three.

    Returns
    -------
    value : float
        NaN when the window holds no number.
    index : float
    """
    base = column(last, capacity) - last
    best, at = float("nan"), first
    for k in range(first, last + 1):
        value = row[base + k]
        if not (value <= best) and not math.isnan(value):
            best, at = value, k
    if math.isnan(best):
        return best, float(first)
    if first < at < last:
        left, right = row[base + at - 1], row[base + at + 1]
        bend = left - 2.0 * best + right
        if bend < 0.0:
            shift = 0.5 * (left - right) / bend
            return best - 0.25 * (left - right) * shift, at + shift
    return best, float(at)


@njit
def value_at(row, capacity, index):
    """Value at a fractional index, linear between its neighbours."""
    first = math.floor(index)
    share = index - first
    left = row[first % capacity]
    return left if share == 0.0 else left + share * (row[(first + 1) % capacity] - left)


@njit
def highest_between(row, capacity, begin, end):
    """Greatest value between two fractional indices, both ends included; NaN when the window holds no number.

    The ends are read between samples, so that the result does not jump when the window moves by less than one sample.
    """
    best, _ = highest(row, capacity, math.ceil(begin), math.floor(end))
    for value in (value_at(row, capacity, begin), value_at(row, capacity, end)):
        if not (value <= best) and not math.isnan(value):
            best = value
    return best


@njit
def steepest(row, capacity, first, last, sign):
    """Index with the greatest central slope in the direction of `sign` (+1 up, -1 down), and that slope per sample.

    Where samples are missing throughout, the slope is infinite against the sign.
    """
    base = column(last, capacity) - last
    best, at = -math.inf, first
    for k in range(first, last):
        slope = sign * 0.5 * (row[base + k + 1] - row[base + k - 1])
        if slope > best and not math.isnan(row[base + k]):
            best, at = slope, k
    return at, sign * best


@njit
def foot_of_rise(row, capacity, at, slope, back):
    """Index where the tangent at `at` meets the extreme level of the `back` samples before it, the level it left.

    Not before these samples: a tangent that is too flat (samples are missing) would lead anywhere.
    """
    base = column(at, capacity) - at
    value = row[base + at]
    start = value
    for k in range(at - back, at):
        other = row[base + k]
        if (slope > 0.0 and other < start) or (slope < 0.0 and other > start):
            start = other
    if slope == 0.0:
        return float(at)
    foot = at - (value - start) / slope
    return float(at - back) if foot < at - back else foot


@njit
def mean_of(row, capacity, first, last):
    """Mean of samples first ... last - 1; NaN when empty."""
    if last <= first:
        return float("nan")
    base = column(last - 1, capacity) - (last - 1)
    total = 0.0
    for k in range(first, last):
        total += row[base + k]
    return total / (last - first)
