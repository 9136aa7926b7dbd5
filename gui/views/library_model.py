"""What the library page shows, as texts; no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gui.i18n import Texts
from gui.numbers import clock
from gui.review.explained import Shown
from gui.review.words import METRICS, estimate_texts, short_speed, whole, with_unit
from gui.speed import unit_word
from imu.types import Client, SessionRow

_CADENCE = next(m for m in METRICS if m.name == "cadence_spm")
_LOAD = METRICS[0]
_PLACES = ("sacrum", "hip", "foot", "shank")

COLUMNS = ("date", "client", "speeds", "load", "cadence", "duration", "steps", "place", "shoe", "tags", "state")
FEW = ("date", "client", "load", "more")
"""Columns where text has grown: what the others say stands together in the last."""
WORDS = frozenset({"date", "client", "place", "shoe", "tags", "state", "more"})
"""Columns of words, not of numbers."""


def heads(t: Texts, columns: Sequence[str] = COLUMNS) -> tuple[str, ...]:
    """Headings of the list of sessions."""
    named = {"place": t("card.sensor"), "speeds": unit_word(t)}
    return tuple(named[name] if name in named else t(f"library.col_{name}") for name in columns)


def local(utc: str) -> datetime:
    """Local time of a stored moment."""
    return datetime.fromisoformat(utc).astimezone()


def session_cells(row: SessionRow, t: Texts, columns: Sequence[str] = COLUMNS) -> tuple[str, ...]:
    """One line of the list of sessions; what is not known is blank."""
    cells = dict(zip(COLUMNS, _cells(row, t), strict=True))
    units = {"speeds": unit_word(t), "cadence": t("unit.per_min"), "steps": t("library.col_steps").lower()}
    rest = [f"{cells[name]} {units.get(name, '')}".strip() for name in COLUMNS if name not in FEW and cells[name]]
    cells["more"] = " · ".join(rest)
    return tuple(cells[name] for name in columns)


def _cells(row: SessionRow, t: Texts) -> tuple[str, ...]:
    headline: dict[str, Any] = dict(row.headline)
    load, interval = estimate_texts(headline.get("load_peak_g"), _LOAD, t)
    cadence, cadence_interval = estimate_texts(headline.get("cadence_spm"), _CADENCE, t)
    state = ""
    if row.unfinished:
        state = t("library.unfinished")
    elif row.cut_off:
        state = t("library.cut_off")
    return (
        local(row.started_utc).strftime("%d-%m-%Y %H:%M"),
        row.client_code or "",
        " · ".join(short_speed(speed, t) for speed in row.speeds_mps),
        f"{load} {interval}".strip(),
        f"{cadence} {cadence_interval}".strip(),
        clock(row.duration_s) if row.duration_s is not None else "",
        whole(row.n_steps) if row.n_steps is not None else "",
        t(f"library.place_{row.place}") if row.place in _PLACES else "",
        row.shoe or "",
        ", ".join(row.tags),
        state,
    )


def number_at(row: SessionRow, column: str, t: Texts) -> Shown | None:
    """Return the number in a cell of the list of sessions; None where there is none."""
    metric = {"load": _LOAD, "cadence": _CADENCE}.get(column)
    if metric is None:
        return None
    value, interval = estimate_texts(dict(row.headline).get(metric.name), metric, t)
    return Shown(metric.name, t(metric.text_key), with_unit(value, metric, t), interval) if value else None


def client_line(client: Client, t: Texts) -> str:
    """One line of the list of clients."""
    if client.n_sessions == 0 or client.last_session_utc is None:
        return t("library.client_none", code=client.code)
    last = local(client.last_session_utc).strftime("%d-%m-%Y")
    key = "library.client_one" if client.n_sessions == 1 else "library.client"
    return t(key, code=client.code, n=client.n_sessions, last=last)


def empty_words(search: str, clients: Sequence[Client], chosen: Client | None, t: Texts) -> tuple[str, str]:
    """Title and sentence where there is no session to list: what it means and what to do."""
    if search:
        return t("library.nothing_found", search=search), t("library.nothing_found_do")
    if chosen is not None:
        return t("library.client_empty", code=chosen.code), t("library.client_empty_do")
    if clients:
        return t("library.no_sessions"), t("library.no_sessions_do")
    return t("library.empty"), t("library.empty_do")


def count_words(n: int, most: int, t: Texts) -> str:
    """Heading of the list: how many sessions it shows."""
    if n == most:
        return t("library.first_of", n=n)
    return t("library.count_one", n=n) if n == 1 else t("library.count", n=n)
