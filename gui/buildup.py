"""Distances recorded here: the longest run of 30 days as a reminder, and the kilometres of a shoe. No Qt."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from gui.i18n import Texts
from gui.numbers import number
from imu.api import Run, longest_run_reminder
from imu.types import SessionRow


def runs_of(rows: Iterable[SessionRow]) -> list[Run]:
    """Return the runs whose distance is known: running time times the speed, where there was one speed."""
    runs = []
    for row in rows:
        seconds = row.headline.get("running_time_s")
        if not row.unfinished and len(row.speeds_mps) == 1 and seconds:
            day = datetime.fromisoformat(row.started_utc).astimezone().date()
            runs.append(Run(day, seconds * row.speeds_mps[0] / 1000.0))
    return runs


def buildup_words(rows: Iterable[SessionRow], today: date, texts: Texts) -> str:
    """Say the longest run and the reminder; empty where no run of the last 30 days has a known distance."""
    found = longest_run_reminder(runs_of(rows), today)
    if found.longest_km is None or found.limit_km is None or found.longest_day is None:
        return ""
    return texts(
        "wizard.buildup",
        km=number(found.longest_km, 1, texts.language),
        day=f"{found.longest_day:%d-%m}",
        limit=number(found.limit_km, 1, texts.language),
    )


def plan_line(rows: Iterable[SessionRow], day: date, texts: Texts) -> str:
    """Say the same as a line of a plan made on `day`, whose runs count; empty where nothing is known."""
    found = longest_run_reminder(runs_of(rows), day + timedelta(days=1))
    if found.longest_km is None or found.limit_km is None:
        return ""
    longest, limit = (number(km, 1, texts.language) for km in (found.longest_km, found.limit_km))
    return texts("report.plan_longest", limit=limit, km=longest)


def shoe_words(name: str, stated_km: float | None, rows: Iterable[SessionRow], texts: Texts) -> str:
    """Name a shoe with its kilometres: what was stated, and what was recorded here; each only where it is known.

    The two are not added up: nothing tells which of the recorded runs were in what was stated.
    """
    parts = [] if stated_km is None else [texts("report.shoe_stated", km=number(stated_km, 0, texts.language))]
    recorded = [run.distance_km for run in runs_of(row for row in rows if row.shoe == name)]
    if recorded:
        parts.append(texts("report.shoe_recorded", km=number(math.fsum(recorded), 1, texts.language)))
    return f"{name} ({', '.join(parts)})" if parts else name
