"""From a run to what its report says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gui.buildup import plan_line, shoe_words
from gui.i18n import Texts
from gui.numbers import clock, contrast, half_width, number
from gui.reports.charts_data import minutes_chart, sides_chart
from gui.reports.events import events_of, most_of
from gui.reports.method import method_of
from gui.reports.rows import change_of, groups_of, table_note
from gui.reports.shown import Report, TrendChart
from gui.review.blocks import AtSpeed, by_speed, minutes_of
from gui.review.cues import cue_texts, cue_title, cues_of
from gui.review.history import History, Past
from gui.review.run import Run
from gui.review.signal import signal_of
from gui.review.trend import change_words, trend_of
from gui.review.warnings import warnings_of
from gui.review.words import (
    METRICS,
    REASONS,
    date_words,
    estimate_texts,
    rate_words,
    speeds_words,
    whole,
)
from gui.speed import speed_text
from imu.api import Movement
from imu.errors import RecordingError
from imu.types import Place

COPIES: Final = ("client", "record")
_ROOM: Final = 19
"""Lines of the table that fit on the page."""
_WARNINGS: Final = 3
_EVENTS: Final = 5
_TREND: Final = 8
"""Sessions in the chart."""
_COLUMNS: Final = ("today", "left", "right", "difference", "usual", "change", "error", "verdict")
_LINES: Final = 3
"""Of the plan, where none were typed."""
_PAIN: Final = ("before", "during", "after", "morning")


@dataclass(frozen=True, slots=True)
class Typed:
    """What only a person can say, and whom the page is for.

    Attributes
    ----------
    copy : str
        client or record.
    client, practice : str
        Empty = the run's own, or not known.
    plan : tuple of str
        Lines of the plan until next time; empty = lines to write on.
    longest : bool
        Whether the longest run of 30 days, as far as it is known, comes before them.
    """

    copy: str = "record"
    client: str = ""
    practice: str = ""
    plan: tuple[str, ...] = ()
    longest: bool = True


def compose(run: Run, t: Texts, typed: Typed | None = None, past: tuple[Past, History] | None = None) -> Report:
    """Write every text of the report.

    Parameters
    ----------
    run : Run
    t : Texts
        In the language of the report.
    typed : Typed or None
    past : tuple of Past and History, or None
        This session and the client's earlier ones, as of `gui.review.history.history_of`; None = a recording alone.

    Raises
    ------
    RecordingError
        The run holds no running step: there is nothing to report.
    """
    typed = typed or Typed()
    speeds = by_speed(run)
    if not speeds:
        raise RecordingError(*_nothing(run))
    signal = signal_of(run, speeds)
    if signal is not None:
        speeds = signal.speeds
    minutes = minutes_of(run)
    tests = cues_of(run)
    cue, cue_said = cue_texts(tests[-1], t) if tests else ((), "")
    warnings = _most(warnings_of(run, None if signal is None else signal.whole, t), _WARNINGS, t)
    room = _ROOM - (len(warnings) + 3 if cue and len(warnings) > 1 else 0)  # of the same page
    groups, left_out = groups_of(run, speeds, past, room, t)
    main = speeds[0]
    load = METRICS[0]
    value, interval = estimate_texts(main.summary["load_peak_g"], load, t)
    return Report(
        copy=typed.copy,
        language=t.language,
        title=t("report.title"),
        client=typed.client or run.title,
        practice=typed.practice or str(run.facts.get("practice", "")),
        date=date_words(run, t),
        conditions=_conditions(run, speeds, None if signal is None else signal.whole, t),
        warnings_title=t("warnings.title"),
        warnings=warnings,
        headline_title=t("report.one_line"),
        value=value or "–",
        unit=t("unit.g"),
        interval=interval,
        sentence=_sentence(run, main, value, t),
        sentence_note=_sentence_note(main, past, t),
        sentences=_sentences(main, t),
        how_to_read=t("report.how_to_read"),
        table_title=t("report.per_speed"),
        columns=tuple(t(f"report.col_{name}") for name in _COLUMNS),
        compared=any(row.change for group in groups for row in group.rows),
        groups=groups,
        table_note=table_note(groups, left_out, t),
        first_chart=minutes_chart(run, minutes, t),
        second_chart=_trend_chart(main, past, t) or sides_chart(speeds, t),
        cue_title=cue_title(tests[-1], t("report.cue"), t) if tests else "",
        cue=cue,
        cue_said=cue_said,
        events_title=t("report.events"),
        events=most_of(events_of(run, t), _EVENTS - 3 if cue else _EVENTS, t),
        pain_title=t("report.pain"),
        pain_note=_pain_note(run, t),
        pain=tuple((t(f"report.pain_{when}"), str(run.facts.get(f"pain_{when}", ""))) for when in _PAIN),
        pain_advice=t("report.pain_advice"),
        plan_title=t("report.plan"),
        plan=_plan(run, typed, t),
        method_title=t("report.method"),
        method=method_of(run, t),
        purpose=t("report.purpose"),
        foot=t(f"report.foot_{typed.copy}"),
    )


def _nothing(run: Run) -> tuple[str]:
    name = run.provenance.file or run.title
    if run.cuts:
        return (f"{name} holds no running steps outside the parts that were cut: there is nothing to report.",)
    if run.steps:
        return (f"{name} holds {len(run.steps)} walking steps and no running steps: there is nothing to report.",)
    return (f"{name} holds no steps: there is nothing to report.",)


def _most(sentences: Sequence[str], room: int, t: Texts) -> tuple[str, ...]:
    """Return as many sentences as there is room for; the last one then says how many there are more."""
    if len(sentences) <= room:
        return tuple(sentences)
    return (*sentences[: room - 1], t("report.event_more", n=len(sentences) - room + 1))


def _conditions(run: Run, speeds: Sequence[AtSpeed], movement: Movement | None, t: Texts) -> str:
    known = speeds_words([at.speed_mps for at in speeds if at.speed_mps is not None], t)
    parts = [known] if known else []
    if run.facts.get("surface"):
        parts.append(t("report.surface", text=run.facts["surface"]))
    if run.facts.get("shoe"):
        shoe = shoe_words(run.facts["shoe"], run.facts.get("shoe_km"), run.facts.get("sessions", ()), t)
        parts.append(t("report.shoe", text=shoe))
    parts.append(t(f"report.place_{run.settings.place.value}"))
    if movement is not None and movement.lean_right_deg is not None:
        parts.append(t("report.tilt", deg=number(abs(movement.lean_right_deg), 1, t.language)))
    parts += [
        t("report.lost", pct=number(run.lost_pct, 1, t.language)),
        t("report.duration", time=clock(run.duration_s)),
        t("report.running_steps", n=whole(len(run.running))),
        rate_words(run, t),  # last: the line ends where the page does
    ]
    return " · ".join(parts)


def _what(run: Run, t: Texts) -> str:
    limb = run.settings.place in {Place.FOOT, Place.SHANK}
    return t("report.load_sensor" if limb else "report.load_pelvis")


def _sentence(run: Run, main: AtSpeed, value: str, t: Texts) -> str:
    if main.speed_mps is None:
        return t("report.sentence_no_speed", what=_what(run, t), value=value)
    speed = speed_text(main.speed_mps, t)
    return t("report.sentence", speed=speed, what=_what(run, t), value=value)


def _sentences(main: AtSpeed, t: Texts) -> tuple[str, ...]:
    """Further sentences for the runner."""
    out = []
    cadence, interval = estimate_texts(main.summary["cadence_spm"], METRICS[3], t)
    if cadence:
        out.append(t("report.sentence_cadence", cadence=cadence, interval=interval))
    sides = main.summary["symmetry_index_pct"]["load_peak_g"]
    if sides["value"] is None or sides["half_width_95"] is None:
        why = REASONS.get(sides["reason"] or "", "report.why_few")
        out.append(t("report.sentence_sides_unknown", why=t(why)))
    else:
        value, half = sides["value"], sides["half_width_95"]
        decimals, larger = contrast(value, half, 1, larger=bool(sides["larger_than_error"]))
        out.append(
            t(
                "report.sentence_sides" if larger else "report.sentence_sides_equal",
                pct=number(abs(value), decimals, t.language),
                side=t("report.side_left" if value < 0 else "report.side_right"),
                interval=half_width(half, decimals, t.language),
            )
        )
    return tuple(out)


def _sentence_note(main: AtSpeed, past: tuple[Past, History] | None, t: Texts) -> str:
    if main.speed_mps is None:
        return t("report.speed_needed")
    change = change_of(past, main, "load_peak_g")
    if change is None:
        return t("report.first_time")
    return " ".join(change_words(change, METRICS[0], t))


def _trend_chart(main: AtSpeed, past: tuple[Past, History] | None, t: Texts) -> TrendChart | None:
    """Trend of the load at the main speed; None where there is no earlier session to put beside it."""
    if past is None or not past[1].earlier:
        return None
    newest = (*past[1].earlier, past[0])[-_TREND:]
    chart = trend_of(newest, main.speed_mps, METRICS[0], past[1], t).chart
    return chart if sum(not p.hollow for p in chart.points) > 1 else None


def _pain_note(run: Run, t: Texts) -> str:
    place = run.facts.get("pain_place")
    return ", ".join(part for part in (t("report.pain_note"), place) if part)


def _plan(run: Run, typed: Typed, t: Texts) -> tuple[str, ...]:
    """Lines of the plan; an empty one is to be written on."""
    longest = longest_line(run, t) if typed.longest else ""
    lines = tuple(line for line in (longest, *typed.plan) if line)
    return lines if typed.plan or not lines else (*lines, *("",) * (_LINES - len(lines)))


def longest_line(run: Run, t: Texts) -> str:
    """Say the longest run of the 30 days up to this one and 10 % more; empty where that is not known."""
    return "" if run.started is None else plan_line(run.facts.get("sessions", ()), run.started.date(), t)
