"""Small look-backs over a mirrored ring row: crossings, extrema and tangents, at fractional sample indices.

A loop that carries both a value and its place waits for the comparison at every sample. So the value is found first,
without a branch, and its place in a second loop.
"""

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
    n = last - first + 1
    if n <= 0:
        return float("nan"), float(first)
    stop = column(last, capacity) + 1
    window = row[stop - n : stop]
    # Four greatest values side by side, so that none waits for the last; then where the greatest stands first.
    a = b = c = d = -math.inf
    whole = n - n % 4
    for k in range(0, whole, 4):
        p, q, r, s = window[k], window[k + 1], window[k + 2], window[k + 3]
        a = p if p > a else a
        b = q if q > b else b
        c = r if r > c else c
        d = s if s > d else d
    for k in range(whole, n):
        p = window[k]
        a = p if p > a else a
    a = b if b > a else a
    c = d if d > c else c
    a = c if c > a else a
    place = 0
    while place < n and window[place] != a:
        place += 1
    if place == n:  # no number
        return float("nan"), float(first)
    best, at = window[place], first + place
    if first < at < last:
        left, right = window[place - 1], window[place + 1]
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
    n = last - first
    stop = column(last, capacity) + 1
    window = row[stop - n - 2 : stop]  # one more on either side
    half = sign * 0.5
    best = -math.inf
    for k in range(n):
        slope = half * (window[k + 2] - window[k])
        steeper = slope if slope > best else best
        best = best if math.isnan(window[k + 1]) else steeper
    at = 0
    while at < n and (half * (window[at + 2] - window[at]) != best or math.isnan(window[at + 1])):
        at += 1
    return first + at if best > -math.inf else first, sign * best


@njit
def foot_of_rise(row, capacity, at, slope, back):
    """Index where the tangent at `at` meets the extreme level of the `back` samples before it, the level it left.

    Not before these samples: a tangent that is too flat (samples are missing) would lead anywhere.
    """
    base = column(at, capacity) - at
    value = row[base + at]
    if slope == 0.0:
        return float(at)
    # Signs are turned where the slope falls, so that the lowest value is looked for in either case.
    sign = 1.0 if slope > 0.0 else -1.0
    low = sign * value
    window = row[base + at - back : base + at]
    for k in range(back):
        other = sign * window[k]
        low = other if other < low else low
    start = sign * low
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
