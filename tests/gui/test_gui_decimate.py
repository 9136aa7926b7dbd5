"""Two points per pixel column keep every peak."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.decimate import min_max


def naive(x: list[float], y: list[float], columns: int, first_index: int) -> tuple[list[float], list[float]]:
    size = math.ceil(len(y) / max(columns, 1))
    if size < 2:
        return x, y
    bins: list[list[int]] = []
    for i in range(len(y)):
        if (first_index + i) % size == 0:
            bins.append([])
        if bins:
            bins[-1].append(i)
    whole = [b for b in bins if len(b) == size]
    if not whole:
        return x, y
    out_x, out_y = [], []
    for k, members in enumerate(whole):
        known = [y[i] for i in members if not math.isnan(y[i])]
        low, high = (min(known), max(known)) if known else (math.nan, math.nan)
        out_x += [x[members[size // 2]]] * 2
        out_y += [low, high] if k % 2 == 0 else [high, low]
    for i in range(whole[-1][-1] + 1, len(y)):
        out_x.append(x[i])
        out_y.append(y[i])
    return out_x, out_y


VALUES = st.lists(st.one_of(st.floats(-20, 20), st.just(math.nan)), max_size=120)


@given(VALUES, st.integers(1, 40), st.integers(0, 10**6))
def test_equals_the_obvious_way(values: list[float], columns: int, first_index: int) -> None:
    y = np.array(values, dtype=float)
    x = np.arange(len(y), dtype=float)
    got_x, got_y = min_max(x, y, columns, first_index)
    want_x, want_y = naive(list(x), values, columns, first_index)
    np.testing.assert_array_equal(got_x, want_x)
    np.testing.assert_array_equal(got_y, want_y)


@pytest.mark.parametrize("shift", [0, 1, 7, 123])
def test_a_scrolling_curve_keeps_its_bins(shift: int) -> None:
    rng = np.random.default_rng(3)
    y = rng.normal(size=5000)
    x = np.arange(5000.0)
    whole_x, whole_y = min_max(x[:4000], y[:4000], 400, 0)
    part_x, part_y = min_max(x[shift : shift + 4000], y[shift : shift + 4000], 400, shift)
    whole = {(a, b) for a, b in zip(whole_x, whole_y, strict=True)}
    part = [(a, b) for a, b in zip(part_x, part_y, strict=True) if a < 3900]
    assert part
    assert all(p in whole for p in part)


def test_a_spike_of_one_sample_stays() -> None:
    y = np.zeros(10_000)
    y[4321] = 9.0
    _, shown = min_max(np.arange(10_000.0), y, 800)
    assert shown.max() == 9.0
    assert len(shown) <= 2 * 1000
