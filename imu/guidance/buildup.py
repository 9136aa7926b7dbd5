"""Build-up reminder: one run against the longest of the 30 days before.

588,071 sessions of 5,205 runners (Br J Sports Med 2025;59:1203): a single run more than 10 % longer than the longest of
the 30 days before went with more injuries; week-to-week ratios did not. An association, so this is a reminder of the
person's own numbers and no more. The clinic's 10 % per week is kept as an option.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

WINDOW_DAYS = 30
MOST_RISE_PCT = 10.0

WITHIN = "guidance.buildup.within"
ABOVE = "guidance.buildup.above"
NO_RUNS = "guidance.buildup.no_runs"
NO_PLAN = "guidance.buildup.longest"


class Run(NamedTuple):
    """One run of the diary."""

    day: date
    distance_km: float


@dataclass(frozen=True, slots=True)
class Reminder:
    """What the diary says about a planned run.

    Attributes
    ----------
    key : str
        Text key: WITHIN, ABOVE, NO_PLAN (only the longest run and the plan's limit) or NO_RUNS.
    longest_km, longest_day : float or None, date or None
        Longest run of the window.
    limit_km : float or None
        `longest_km` + 10 %.
    planned_km, rise_pct : float or None
        The planned run and how much longer than the longest it is.
    """

    key: str
    longest_km: float | None
    longest_day: date | None
    limit_km: float | None
    planned_km: float | None
    rise_pct: float | None


def longest_run_reminder(
    runs: Sequence[Run],
    today: date,
    planned_km: float | None = None,
    *,
    window_days: int = WINDOW_DAYS,
    most_rise_pct: float = MOST_RISE_PCT,
) -> Reminder:
    """Compare a planned run with the longest one of the days before `today`.

    Parameters
    ----------
    runs : sequence of Run
        Any order; runs outside the window, of `today` or later, and without a distance do not count.
    today : date
    planned_km : float or None
    window_days : int
    most_rise_pct : float
    """
    first = today - timedelta(days=window_days)
    counted = [r for r in runs if first <= r.day < today and math.isfinite(r.distance_km) and r.distance_km > 0.0]
    if not counted:
        return Reminder(NO_RUNS, None, None, None, planned_km, None)
    longest = max(counted, key=lambda r: (r.distance_km, r.day))
    limit = longest.distance_km * (1.0 + most_rise_pct / 100.0)
    if planned_km is None:
        return Reminder(NO_PLAN, longest.distance_km, longest.day, limit, None, None)
    rise = 100.0 * (planned_km / longest.distance_km - 1.0)
    key = ABOVE if planned_km > limit + 1e-9 else WITHIN
    return Reminder(key, longest.distance_km, longest.day, limit, planned_km, rise)


@dataclass(frozen=True, slots=True)
class WeekReminder:
    """Distance of the last seven days against the seven before; None where one of them has no run."""

    this_week_km: float
    week_before_km: float
    rise_pct: float | None
    above: bool | None


def week_reminder(runs: Sequence[Run], today: date, *, most_rise_pct: float = MOST_RISE_PCT) -> WeekReminder:
    """Compare the seven days up to and with `today` with the seven before them (optional rule of the clinic)."""
    totals = []
    for back in (0, 7):
        last = today - timedelta(days=back)
        first = last - timedelta(days=6)
        totals.append(math.fsum(r.distance_km for r in runs if first <= r.day <= last and r.distance_km > 0.0))
    this, before = totals
    if this == 0.0 or before == 0.0:
        return WeekReminder(this, before, None, None)
    rise = 100.0 * (this / before - 1.0)
    return WeekReminder(this, before, rise, rise > most_rise_pct + 1e-9)
