"""Matching and agreement, the ground of every validation figure, against slow twins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu.validate.agreement import agreement, mape_pct, spread
from imu.validate.matching import Counts, constant_bias, count_events, inside, match_nearest
from tests import naive_validate

# a grid of 1/64 s makes ties and doubles likely, and all distances exact
TIMES = st.lists(st.integers(0, 400), max_size=25).map(lambda x: np.sort(np.array(x, dtype=float)) / 64.0)
TOLERANCE = st.integers(0, 20).map(lambda k: k / 64.0)


@settings(deadline=None)
@given(found=TIMES, true=TIMES, tolerance=TOLERANCE)
def test_matching_equals_its_twin(found: np.ndarray, true: np.ndarray, tolerance: float) -> None:
    pairs = match_nearest(found, true, tolerance)
    assert [tuple(p) for p in pairs.tolist()] == naive_validate.match_nearest(found, true, tolerance)


@settings(deadline=None)
@given(found=TIMES, true=TIMES, tolerance=TOLERANCE)
def test_matching_is_one_to_one_and_within_reach(found: np.ndarray, true: np.ndarray, tolerance: float) -> None:
    pairs = match_nearest(found, true, tolerance)
    assert len(set(pairs[:, 0])) == len(set(pairs[:, 1])) == len(pairs)
    assert (np.abs(found[pairs[:, 0]] - true[pairs[:, 1]]) <= tolerance + 1e-12).all()


@settings(deadline=None)
@given(true=TIMES, tolerance=TOLERANCE)
def test_truth_matches_itself(true: np.ndarray, tolerance: float) -> None:
    assert len(match_nearest(true, true, tolerance)) == len(true)


def test_the_nearer_of_two_is_taken_and_each_only_once() -> None:
    true = np.array([1.0, 1.3])
    assert match_nearest(np.array([0.97, 1.01, 1.33]), true, 0.05).tolist() == [[1, 0], [2, 1]]
    assert match_nearest(np.array([1.0, 1.0]), np.array([1.0]), 0.05).tolist() == [[0, 0]]
    assert match_nearest(np.zeros(0), true, 0.05).shape == (0, 2)
    assert match_nearest(true, np.zeros(0), 0.05).shape == (0, 2)


def test_the_limit_itself_counts() -> None:
    assert len(match_nearest(np.array([0.35]), np.array([0.3]), 0.05)) == 1
    assert len(match_nearest(np.array([0.3501]), np.array([0.3]), 0.05)) == 0


def test_counts() -> None:
    c = Counts(true=10, found=8, matched=6) + Counts(true=2, found=4, matched=2)
    assert (c.precision, c.recall, c.f1) == (8 / 12, 8 / 12, 16 / 24)
    assert Counts().precision is Counts().recall is Counts().f1 is None
    assert Counts(true=5).f1 == 0.0


def test_events_count_inside_the_regions_only_but_match_across_their_edges() -> None:
    true = np.array([0.1, 1.0, 2.0, 9.9])
    found = np.array([0.12, 1.04, 1.5, 2.06, 9.0])
    window = np.array([[0.4, 9.8]])
    # 2.06 is 60 ms late, 1.5 and 9.0 are extra; 0.12 belongs to a contact outside and is neither right nor wrong
    assert count_events(found, true, 0.05, window) == Counts(true=2, found=4, matched=1)
    # a contact inside may be found just outside
    assert count_events(np.array([0.38]), np.array([0.41]), 0.05, window) == Counts(1, 1, 1)
    # and the other way round
    assert count_events(np.array([0.41]), np.array([0.38]), 0.05, window) == Counts(0, 0, 0)


@settings(deadline=None)
@given(found=TIMES, true=TIMES)
def test_counting_everywhere_is_plain_matching(found: np.ndarray, true: np.ndarray) -> None:
    everywhere = np.array([[-1.0, 1e6]])
    matched = len(match_nearest(found, true, 0.05))
    assert count_events(found, true, 0.05, everywhere) == Counts(len(true), len(found), matched)


def test_inside() -> None:
    regions = np.array([[1.0, 2.0], [5.0, 6.0]])
    assert inside(np.array([0.9, 1.0, 2.0, 2.1, 5.5]), regions).tolist() == [False, True, True, False, True]
    assert not inside(np.array([1.0]), np.zeros((0, 2))).any()


@settings(deadline=None)
@given(shift=st.floats(-0.12, 0.12), seed=st.integers(0, 2**32 - 1))
def test_one_constant_shift_is_found(shift: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    true = [np.cumsum(rng.uniform(0.31, 0.4, 30)) for _ in range(3)]
    found = [t + shift + rng.normal(0.0, 0.002, len(t)) for t in true]
    assert constant_bias(found, true) == pytest.approx(shift, abs=0.004)
    assert constant_bias([], []) is None
    assert constant_bias([np.array([1.0])], [np.array([7.0])]) is None


FLOATS = st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=2, max_size=40)


@settings(deadline=None)
@given(pairs=FLOATS)
def test_agreement_equals_its_twin(pairs: list[tuple[float, float]]) -> None:
    estimate, truth = (np.array([p[k] for p in pairs]) for k in (0, 1))
    assert agreement(estimate, truth) == pytest.approx(naive_validate.agreement(estimate, truth), rel=1e-9, abs=1e-9)


def test_agreement_of_too_little() -> None:
    nothing = agreement(np.zeros(0), np.zeros(0))
    assert nothing.pop("n") == 0
    assert set(nothing.values()) == {None}
    one = agreement(np.array([1.2]), np.array([1.0]), scale=1000.0)
    assert one["bias"] == pytest.approx(200.0)
    assert one["sd"] is None
    assert one["loa_low"] is None


def test_relative_error_and_spread() -> None:
    assert mape_pct(np.array([1.1, 1.8]), np.array([1.0, 2.0])) == pytest.approx(10.0)
    assert mape_pct(np.zeros(0), np.zeros(0)) is None
    assert spread(np.array([1.0, 2.0, 10.0]))["median"] == 2.0
    assert spread(np.zeros(0)) == {"n": 0, "median": None, "p95": None, "max": None}
