"""What happened during a run, as lines of the report: gaps, cuts, marks, notes, swaps, cues, the line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gui.i18n import Texts
from gui.numbers import clock, number
from gui.review.cues import belongs_to_cue, is_verdict, mark_words
from gui.review.run import Run

_LONG_GAP_S: Final = 0.5


def events_of(run: Run, t: Texts) -> tuple[tuple[str, str], ...]:
    """Time and text of what happened, in the order of time; empty where nothing did."""
    found: list[tuple[float, str]] = []
    for gap in run.gaps:
        if gap.end_s - gap.start_s >= _LONG_GAP_S:
            seconds = number(gap.end_s - gap.start_s, 1, t.language)
            found.append((gap.start_s, t("report.event_gap", seconds=seconds)))
    found += [(cut.start_s, t("report.event_cut", end=clock(cut.end_s - run.start_s))) for cut in run.cuts]
    for mark in run.marks:
        if mark.kind == "swap_sides":
            found.append((mark.time_s, t("report.event_swap")))
        elif mark.kind == "note":
            found.append((mark.time_s, t("report.event_note", text=mark.text)))
        elif belongs_to_cue(mark):
            if not is_verdict(mark):
                found.append((mark.time_s, mark_words(mark, t)))
        elif mark.kind == "mark":
            words = t("report.event_mark_text", text=mark.text) if mark.text else t("report.event_mark")
            found.append((mark.time_s, words))
    for time_s, line_g in run.lines:
        key = "report.event_line_off" if line_g is None else "report.event_line"
        found.append((max(time_s, run.start_s), t(key, value=number(line_g, 2, t.language))))
    found.sort()
    return tuple((clock(time_s - run.start_s), text) for time_s, text in found)


def most_of(events: Sequence[tuple[str, str]], room: int, t: Texts) -> tuple[tuple[str, str], ...]:
    """Return as many events as there is room for; one line says that there are more, or none."""
    if len(events) > room:
        return (*events[: room - 1], ("", t("report.event_more", n=len(events) - room + 1)))
    return tuple(events) or (("", t("report.event_none")),)
