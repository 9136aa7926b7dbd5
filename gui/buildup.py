"""The build-up reminder of a client: the longest run recorded here in 30 days, and 10 % more. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

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
