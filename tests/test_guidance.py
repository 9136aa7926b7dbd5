"""Reminders, list and diary: exact arithmetic at the edges, and no word too many."""

from __future__ import annotations

import inspect
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu.errors import SettingsError
from imu.guidance import checklist
from imu.guidance.buildup import ABOVE, NO_PLAN, NO_RUNS, WITHIN, Run, longest_run_reminder, week_reminder
from imu.guidance.pain import Band, PainRules, Settled, next_morning

TODAY = date(2026, 3, 15)


def ago(days: int, km: float) -> Run:
    return Run(TODAY - timedelta(days=days), km)


def test_longest_run_of_thirty_days() -> None:
    runs = [ago(31, 12.0), ago(30, 6.0), ago(3, 5.0), ago(0, 20.0), ago(-1, 30.0), ago(5, float("nan")), ago(6, 0.0)]
    found = longest_run_reminder(runs, TODAY)
    assert (found.key, found.longest_km, found.longest_day) == (NO_PLAN, 6.0, TODAY - timedelta(days=30))
    assert found.limit_km == pytest.approx(6.6)
    assert longest_run_reminder(runs, TODAY, 6.6).key == WITHIN
    above = longest_run_reminder(runs, TODAY, 6.7)
    assert above.key == ABOVE
    assert above.rise_pct == pytest.approx(100 * 0.7 / 6.0)
    assert longest_run_reminder([ago(0, 9.0)], TODAY, 5.0).key == NO_RUNS
    assert longest_run_reminder(runs, TODAY, 7.0, most_rise_pct=20.0).key == WITHIN


@given(st.lists(st.tuples(st.integers(1, 30), st.floats(0.1, 60.0)), min_size=1, max_size=20))
def test_a_run_of_ten_percent_more_is_within(runs: list[tuple[int, float]]) -> None:
    diary = [ago(d, km) for d, km in runs]
    longest = max(km for _, km in runs)
    assert longest_run_reminder(diary, TODAY, 1.1 * longest).key == WITHIN
    assert longest_run_reminder(diary, TODAY, 1.101 * longest).key == ABOVE
    assert longest_run_reminder(list(reversed(diary)), TODAY) == longest_run_reminder(diary, TODAY)


def test_weeks() -> None:
    found = week_reminder([ago(0, 6.0), ago(6, 5.0), ago(7, 9.0), ago(13, 1.0), ago(14, 50.0)], TODAY)
    assert (found.this_week_km, found.week_before_km, found.above) == (11.0, 10.0, False)
    assert week_reminder([ago(0, 12.0), ago(7, 10.0)], TODAY).above is True
    assert week_reminder([ago(0, 12.0)], TODAY).rise_pct is None


def test_pain_bands_are_the_therapists() -> None:
    assert [PainRules().band(k) for k in (0, 2, 3, 5, 6, 10)] == [
        Band.LOW, Band.LOW, Band.MIDDLE, Band.MIDDLE, Band.HIGH, Band.HIGH,
    ]  # fmt: skip
    assert PainRules(3, 7).band(7) is Band.MIDDLE
    for low, middle in ((5, 5), (-1, 4), (2, 11)):
        with pytest.raises(SettingsError):
            PainRules(low, middle)
    for score in (-1, 11):
        with pytest.raises(SettingsError):
            PainRules().band(score)


def test_next_morning() -> None:
    assert next_morning(2, 2) is Settled.YES
    assert next_morning(2, 3) is Settled.NO
    assert next_morning(None, 3) is next_morning(2, None) is Settled.OPEN


def test_the_list_holds_keys_and_no_rule() -> None:
    assert len(set(checklist.ITEMS)) == len(checklist.ITEMS) == 6
    assert not [v for v in vars(checklist).values() if inspect.isfunction(v) or inspect.isclass(v)]
