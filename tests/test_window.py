"""Look-backs on the mirrored ring against the same on a plain list, at any head, seam and length."""

from __future__ import annotations

import math

import naive_engine as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import MODEST, arrays, finite, reading

from imu.kernels import window
from imu.kernels.ring import ring_append


@st.composite
def ringed(draw, elements=reading):
    """A list of all samples, the ring row that holds the newest of them, and how far back it may be read."""
    x = draw(arrays(elements, min_size=4, max_size=70))
    capacity = draw(st.integers(4, 40))
    store = np.full((1, 2 * capacity), np.nan)
    head = 0
    for start in range(0, len(x), capacity):
        head = ring_append(store, head, x[start : start + capacity, None])
    return x, store[0], capacity, max(0, len(x) - capacity)


def same(a: float, b: float, size: float = 1e3) -> bool:
    return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9 * size)


@MODEST
@given(ringed(), st.data())
def test_highest(case, data):
    x, row, capacity, oldest = case
    first = data.draw(st.integers(oldest, len(x)))
    last = data.draw(st.integers(first - 1, len(x) - 1)) if first <= len(x) - 1 else len(x) - 1
    value, at = window.highest(row, capacity, first, last)
    wanted, wanted_at = naive.highest(x, first, last)
    assert same(value, wanted)
    # A top as flat as the rounding has no certain vertex: the time may then differ within its own sample.
    flat = first < round(at) < last and abs(np.diff(x[round(at) - 1 : round(at) + 2], 2)[0]) < 1e-6
    assert same(at, wanted_at) or (flat and abs(at - wanted_at) < 0.51)


@MODEST
@given(ringed(), st.data())
def test_value_at_and_highest_between_fractional_indices(case, data):
    x, row, capacity, oldest = case
    begin = data.draw(st.floats(oldest, len(x) - 1))
    end = data.draw(st.floats(begin, len(x) - 1))
    assert same(window.value_at(row, capacity, begin), naive.value_at(x, begin))
    assert same(window.highest_between(row, capacity, begin, end), naive.highest_between(x, begin, end))


def test_highest_between_moves_smoothly_with_its_end():
    row, capacity = on_ring(np.arange(20.0))  # a flank: the highest value is the one at the end itself
    for end in (10.0, 10.25, 10.999, 11.0):
        assert window.highest_between(row, capacity, 4.0, end) == pytest.approx(end)
    assert window.highest_between(row, capacity, 7.25, 7.75) == pytest.approx(7.75)  # no sample inside at all


@MODEST
@given(ringed(), st.sampled_from([1.0, -1.0]), st.data())
def test_steepest(case, sign, data):
    x, row, capacity, oldest = case
    first = data.draw(st.integers(oldest + 1, len(x) - 1))
    last = data.draw(st.integers(first, len(x) - 1))
    at, slope = window.steepest(row, capacity, first, last, sign)
    wanted_at, wanted = naive.steepest(x, first, last, sign)
    assert (at, slope) == (wanted_at, wanted)


@MODEST
@given(ringed(), st.sampled_from([0.0, 50.0, 0.02, -0.02, -3.3]), st.data())
def test_foot_of_rise(case, slope, data):
    x, row, capacity, oldest = case
    at = data.draw(st.integers(oldest, len(x) - 1))
    back = data.draw(st.integers(0, at - oldest))
    if math.isnan(x[at]):
        assert slope == 0.0 or math.isnan(window.foot_of_rise(row, capacity, at, slope, back))
        return
    assert same(window.foot_of_rise(row, capacity, at, slope, back), naive.foot_of_rise(x, at, slope, back))


@MODEST
@given(ringed(), st.data())
def test_mean_of(case, data):
    x, row, capacity, oldest = case
    first = data.draw(st.integers(oldest, len(x)))
    last = data.draw(st.integers(oldest, len(x)))
    assert same(window.mean_of(row, capacity, first, last), naive.mean_of(x, first, last))


@MODEST
@given(ringed(finite), st.data())
def test_crossing(case, data):
    x, row, capacity, oldest = case
    k = data.draw(st.integers(oldest + 1, len(x) - 1))
    share = data.draw(st.floats(0.0, 1.0))
    level = x[k - 1] + share * (x[k] - x[k - 1])
    at = window.crossing(row, capacity, k, level)
    assert k - 1 - 1e-9 <= at <= k + 1e-9
    if abs(x[k] - x[k - 1]) > 1e-3:
        assert same(at, naive.crossing(x, k, level))


def on_ring(values):
    x = np.array(values, dtype=float)
    store = np.full((1, 2 * len(x)), np.nan)
    ring_append(store, 0, x[:, None])
    return store[0], len(x)


def test_a_parabola_is_located_between_the_samples():
    k = np.arange(20)
    row, capacity = on_ring(5.0 - 0.25 * (k - 9.3) ** 2)
    value, at = window.highest(row, capacity, 0, 19)
    assert at == pytest.approx(9.3)
    assert value == pytest.approx(5.0)


def test_a_maximum_at_the_window_edge_is_not_refined():
    row, capacity = on_ring([1.0, 5.0, 4.0, 0.0])
    assert window.highest(row, capacity, 1, 3) == (5.0, 1.0)


def test_a_window_of_nothing_but_nan_has_no_maximum():
    row, capacity = on_ring([np.nan] * 6)
    value, _ = window.highest(row, capacity, 0, 5)
    assert math.isnan(value)
    assert math.isnan(window.mean_of(row, capacity, 3, 3))


def test_a_constant_signal_has_slope_zero_and_its_foot_where_it_stands():
    row, capacity = on_ring([9.81] * 10)
    at, slope = window.steepest(row, capacity, 2, 8, 1.0)
    assert (at, slope) == (2, 0.0)
    assert window.foot_of_rise(row, capacity, 5, 0.0, 3) == 5.0


def test_the_foot_of_a_ramp_is_where_the_ramp_begins():
    x = np.concatenate([np.zeros(10), 2.0 * np.arange(1, 8)])
    row, capacity = on_ring(x)
    at, slope = window.steepest(row, capacity, 5, 15, 1.0)
    assert slope == pytest.approx(2.0)
    assert window.foot_of_rise(row, capacity, at, slope, 8) == pytest.approx(9.0)
