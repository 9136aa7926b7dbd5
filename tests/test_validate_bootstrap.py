"""Bootstrap intervals, leave-one-out errors and left/right differences, against slow twins and by their meaning."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from imu.validate import bootstrap
from imu.validate.asymmetry import symmetry_index
from imu.validate.bootstrap import error_sums, interval, leave_one_out_rmse
from tests import naive_validate

ERRORS = st.lists(
    st.lists(st.floats(-50.0, 50.0).map(lambda x: round(x, 3)), min_size=1, max_size=6), min_size=2, max_size=5
)


@settings(deadline=None, max_examples=25)
@given(errors=ERRORS, seed=st.integers(0, 99))
def test_an_interval_of_the_rmse_equals_the_one_from_drawing_the_errors_themselves(
    errors: list[list[float]], seed: int
) -> None:
    sums = error_sums([np.array(e) for e in errors])
    for removed, statistic in ((False, bootstrap.rmse), (True, bootstrap.rmse_bias_removed)):
        limits = interval(sums, statistic, draws=40, seed=seed)
        assert limits is not None
        tail = bootstrap.tail_share(len(errors))  # compared with Student's t below
        slow = naive_validate.bootstrap_rmse(errors, draws=40, seed=seed, tail=tail, bias_removed=removed)
        # a variance from sums of squares is exact to about 1e-8 of the square's size
        assert limits == pytest.approx(slow, rel=1e-6, abs=1e-5)


@settings(deadline=None)
@given(errors=ERRORS)
def test_leaving_one_recording_out_equals_doing_it_by_hand(errors: list[list[float]]) -> None:
    fast = leave_one_out_rmse(error_sums([np.array(e) for e in errors]))
    assert fast == pytest.approx(naive_validate.leave_one_out_rmse(errors), rel=1e-6, abs=1e-5)


def test_an_interval_of_f1_and_of_a_share_by_hand() -> None:
    counts = np.array([[10.0, 10.0, 10.0], [10.0, 10.0, 0.0]])
    assert interval(counts, bootstrap.f1) == [0.0, 1.0]
    assert interval(np.tile([10.0, 10.0, 9.0], (5, 1)), bootstrap.f1) == [0.9, 0.9]
    assert interval(np.array([[3.0, 1.0], [3.0, 1.0]]), bootstrap.share) == [0.75, 0.75]


@pytest.mark.parametrize("n", [3, 5, 15, 60, 100000])
def test_fewer_recordings_leave_less_out(n: int) -> None:
    exact = stats.norm.cdf(-np.sqrt(n / (n - 1)) * stats.t.ppf(0.975, n - 1))
    assert bootstrap.tail_share(n) == pytest.approx(exact, abs=2e-4)


def test_what_cannot_be_known_is_none() -> None:
    assert interval(np.zeros((0, 3)), bootstrap.rmse) is None
    assert interval(error_sums([np.ones(9)]), bootstrap.rmse) is None
    assert interval(np.zeros((4, 3)), bootstrap.rmse) is None
    assert interval(error_sums([np.ones(9), np.zeros(0)]), bootstrap.rmse) is None
    assert leave_one_out_rmse(error_sums([np.ones(9)])) is None


def test_the_same_seed_gives_the_same_interval() -> None:
    sums = error_sums(list(np.random.default_rng(1).normal(size=(9, 12))))
    assert interval(sums, bootstrap.rmse) == interval(sums, bootstrap.rmse)
    assert interval(sums, bootstrap.rmse) != interval(sums, bootstrap.rmse, seed=1)


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Recordings with own levels: a 95 % interval from 20 of them holds the true RMSE in 85 to 99 % of worlds.

    An interval of a spread from so few stays somewhat short: squares are skewed.
    """
    rng = np.random.default_rng(3)
    true = math.hypot(5.0, 3.0)
    held = 0
    for _ in range(200):
        errors = rng.normal(0.0, 5.0, (20, 1)) + rng.normal(0.0, 3.0, (20, 12))
        limits = interval(error_sums(list(errors)), bootstrap.rmse, draws=300)
        assert limits is not None
        held += limits[0] <= true <= limits[1]
    assert 170 <= held <= 198


def test_drawing_events_instead_of_recordings_would_be_too_sure() -> None:
    """Steps of one recording err together; the interval must know that."""
    errors = np.random.default_rng(4).normal(0.0, 5.0, (10, 1)) + np.zeros((10, 40))
    by_recording = interval(error_sums(list(errors)), bootstrap.rmse)
    by_event = interval(error_sums(list(errors.reshape(-1, 1))), bootstrap.rmse)
    assert by_recording is not None
    assert by_event is not None
    assert by_recording[1] - by_recording[0] > 3.0 * (by_event[1] - by_event[0])


def test_symmetry_index_by_hand() -> None:
    values = np.array([0.9, 1.1, 0.9, 1.1])
    second = np.array([False, True, False, True])
    assert symmetry_index(values, second) == pytest.approx(20.0)
    assert symmetry_index(values, ~second) == pytest.approx(-20.0)
    assert symmetry_index(np.ones(4), second) == 0.0
