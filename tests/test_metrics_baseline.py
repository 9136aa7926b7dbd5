"""A person against his own sessions: what is comparable, and how often a change is claimed where there is none."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu.constants import MPS_PER_KMH
from imu.metrics.baseline import (
    NO_BASELINE,
    SPEED_MISSING,
    TOO_FEW_SESSIONS,
    BetweenSessions,
    SessionValue,
    between_sessions,
    change_from_baseline,
    comparable,
    same_speed,
    usual_range,
)
from imu.types import Estimate, Place

SPEED = 9.5 * MPS_PER_KMH


def sessions(
    rng: np.random.Generator, n: int, *, sd: float = 0.1, mean: float = 2.7, steps: float = 0.02
) -> list[SessionValue]:
    """Sessions of one person: differing by `sd`, each known from its steps to `steps` (standard error)."""
    values = mean + sd * rng.standard_normal(n) + steps * rng.standard_normal(n)
    return [SessionValue(float(v), 1.96 * steps, SPEED) for v in values]


@given(st.floats(1.0, 8.0), st.floats(-0.2, 0.2))
def test_same_speed_is_within_three_tenths_of_a_kilometre_per_hour(v: float, off: float) -> None:
    assert same_speed(v, v + off) is (abs(off) <= 0.3 * MPS_PER_KMH + 1e-6) or abs(abs(off) - 1 / 12) < 1e-5
    assert same_speed(v, v + off) is same_speed(v + off, v)
    assert not same_speed(v, None)
    assert not same_speed(None, None)


def test_typed_speeds_at_the_edge_are_the_same() -> None:
    for tenths in range(60, 150):
        assert same_speed(tenths / 36.0, (tenths + 3) / 36.0)
        assert not same_speed(tenths / 36.0, (tenths + 4) / 36.0)


def test_only_like_is_compared_with_like() -> None:
    today = SessionValue(2.7, 0.05, SPEED)
    others = [
        replace(today, speed_mps=SPEED + 0.1),
        replace(today, speed_mps=None),
        replace(today, place=Place.HIP),
        replace(today, filter_version="2020.1"),
    ]
    like = replace(today, value=2.6)
    assert comparable(today, [*others, like]) == [like]
    found = change_from_baseline(today, others)
    assert (found.change, found.reason) == (None, NO_BASELINE)
    assert change_from_baseline(replace(today, speed_mps=None), [like]).reason == SPEED_MISSING


@pytest.mark.parametrize("n", [3, 5, 12])
def test_a_person_who_did_not_change_is_seldom_called_changed(n: int) -> None:
    rng = np.random.default_rng(n)
    runs = 1500
    called = inside = 0
    for _ in range(runs):
        *past, today = sessions(rng, n + 1)
        called += bool(change_from_baseline(today, past).larger_than_error)
        usual = usual_range(past)
        assert usual.low is not None
        assert usual.high is not None
        inside += usual.low <= today.value <= usual.high
    assert called / runs <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / runs)
    assert inside / runs >= 0.95 - 2 * math.sqrt(0.05 * 0.95 / runs)


@pytest.mark.parametrize("n", [1, 2, 6])
def test_the_practices_own_clients_stand_in_while_there_are_few_sessions(n: int) -> None:
    rng = np.random.default_rng(10 + n)
    runs, called = 1200, 0
    pool = between_sessions([sessions(rng, 3, mean=2.4 + 0.1 * k) for k in range(8)])
    assert pool is not None
    assert (pool.dof, pool.people) == (16, 8)
    for _ in range(runs):
        *past, today = sessions(rng, n + 1)
        pool = between_sessions([sessions(rng, 3, mean=2.4 + 0.1 * k) for k in range(8)])
        called += bool(change_from_baseline(today, past, pooled=pool).larger_than_error)
    assert called / runs <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / runs)


def test_a_real_change_is_found() -> None:
    rng = np.random.default_rng(4)
    found = 0
    for _ in range(200):
        past = sessions(rng, 6)
        today = sessions(rng, 1, mean=2.2)[0]
        change = change_from_baseline(today, past)
        assert change.change_pct is not None
        found += bool(change.larger_than_error)
    assert found > 160


def test_few_sessions_give_a_change_but_no_decision() -> None:
    past = [SessionValue(2.8, 0.04, SPEED), SessionValue(2.9, 0.04, SPEED)]
    change = change_from_baseline(SessionValue(2.6, 0.03, SPEED), past)
    assert change.change == pytest.approx(-0.25)
    assert change.change_pct == pytest.approx(-100 * 0.25 / 2.85)
    assert change.half_width == pytest.approx(math.sqrt(0.03**2 + 2 * 0.04**2 / 4))
    assert change.larger_than_error is None
    assert (change.between_known, change.reason) == (False, TOO_FEW_SESSIONS)
    assert usual_range(past).reason == TOO_FEW_SESSIONS
    assert usual_range([]).reason == NO_BASELINE


def test_a_short_session_today_widens_the_interval() -> None:
    past = sessions(np.random.default_rng(5), 6, sd=0.02)
    sure = change_from_baseline(SessionValue(2.7, 0.01, SPEED), past)
    unsure = change_from_baseline(SessionValue(2.7, 0.8, SPEED), past)
    assert sure.half_width is not None
    assert unsure.half_width is not None
    assert unsure.half_width > 3 * sure.half_width


def test_left_right_differences_are_compared_in_points() -> None:
    pool = between_sessions([[SessionValue(1.0, None, SPEED), SessionValue(-1.0, None, SPEED)]], relative=False)
    assert pool == BetweenSessions(math.sqrt(2.0), 1, 1, False)
    zero = [SessionValue(v, 1.0, SPEED) for v in (-1.0, 0.0, 1.0)]
    change = change_from_baseline(SessionValue(2.0, 1.0, SPEED), zero)
    assert change.change == pytest.approx(2.0)
    assert change.change_pct is None
    assert between_sessions([zero[:1]]) is None


def test_a_value_of_an_estimate() -> None:
    assert SessionValue.of(Estimate(None, None, 0), SPEED) is None
    made = SessionValue.of(Estimate(2.5, None, 1), SPEED)
    assert made is not None
    assert made.standard_error == 0.0
