"""From a run to what its report says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from gui.buildup import plan_line, shoe_words
from gui.i18n import Texts
from gui.numbers import clock, half_width, number
from gui.reports.charts_data import minutes_chart, sides_chart
from gui.reports.events import events_of, most_of
from gui.reports.method import method_of
from gui.reports.shown import Cell, Group, Report, TrendChart
from gui.review.blocks import AtSpeed, by_speed, minutes_of
from gui.review.cues import cue_texts, cue_title, cues_of
from gui.review.history import History, Past
from gui.review.run import Run
from gui.review.signal import signal_of
from gui.review.trend import SIDES_METRIC, change_texts, change_words, trend_of
from gui.review.warnings import warnings_of
from gui.review.words import (
    METRICS,
    MOVEMENT,
    REASONS,
    Metric,
    date_words,
    estimate_texts,
    metric_name,
    percent_texts,
    rate_words,
    speed_words,
    speeds_words,
    whole,
    with_unit,
)
from gui.speed import speed_text
from imu.api import Change, Movement
from imu.errors import RecordingError
from imu.types import Place

COPIES: Final = ("client", "record")
_SHORT: Final = ("load_peak_g", "cadence_spm", "contact_time_s")
"""Rows of a further speed where the page has no room for all."""
_SIGNAL: Final = ("vertical_oscillation_m", "step_regularity")
"""Rows from the samples."""
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
    groups, left_out = _groups(run, speeds, past, room, t)
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
        table_note=_table_note(groups, left_out, t),
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
        out.append(
            t(
                "report.sentence_sides" if sides["larger_than_error"] else "report.sentence_sides_equal",
                pct=number(abs(sides["value"]), 1, t.language),
                side=t("report.side_left" if sides["value"] < 0 else "report.side_right"),
                interval=half_width(sides["half_width_95"], 1, t.language),
            )
        )
    return tuple(out)


def _change(past: tuple[Past, History] | None, at: AtSpeed, name: str) -> Change | None:
    """Today against the earlier sessions at this speed; None = there is nothing to compare with."""
    if past is None:
        return None
    change = past[1].change(past[0], at, name)
    return None if change is None or change.change is None else change


def _sentence_note(main: AtSpeed, past: tuple[Past, History] | None, t: Texts) -> str:
    if main.speed_mps is None:
        return t("report.speed_needed")
    change = _change(past, main, "load_peak_g")
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


def _groups(
    run: Run, speeds: Sequence[AtSpeed], past: tuple[Past, History] | None, room: int, t: Texts
) -> tuple[tuple[Group, ...], int]:
    """Rows per speed, as many as the page holds, and the number of speeds that are not on it."""
    full = [_rows(run, at, METRICS, past, t) for at in speeds]
    if sum(len(rows) + 1 for rows in full) > room:
        short = tuple(m for m in METRICS if m.name in _SHORT)
        full[1:] = [_rows(run, at, short, past, t) for at in speeds[1:]]
    groups: list[Group] = []
    used = 0
    for at, rows in zip(speeds, full, strict=True):
        if groups and used + len(rows) + 1 > room:
            break
        used += len(rows) + 1
        groups.append(Group(speed_words(at.speed_mps, t), _group_note(at, t), rows))
    return tuple(groups), len(speeds) - len(groups)


def _group_note(at: AtSpeed, t: Texts) -> str:
    settling = t("report.settling" if at.settled else "report.not_settled")
    return f"{t('report.steps', n=whole(at.n_steps))} · {settling}"


def _rows(
    run: Run, at: AtSpeed, metrics: Sequence[Metric], past: tuple[Past, History] | None, t: Texts
) -> tuple[Cell, ...]:
    rows = [_row(run, at, metric, past, t) for metric in metrics if at.summary[metric.name]["value"] is not None]
    if metrics is METRICS:
        rows += _sides_row(at, past, t)
    if metrics is METRICS and at.movement is not None:
        rows += _signal_rows(at.movement, t)
    return tuple(rows)


def _sides_row(at: AtSpeed, past: tuple[Past, History] | None, t: Texts) -> list[Cell]:
    """Left-right difference of the load against the earlier sessions; without any it stands beside the load alone."""
    if past is None or _change(past, at, SIDES_METRIC.name) is None:
        return []
    sides = at.summary["symmetry_index_pct"]["load_peak_g"]
    value, interval = percent_texts(sides["value"], sides["half_width_95"], t)
    usual, change, error, verdict, larger = _compared(at, SIDES_METRIC, past, t)
    change = change.replace(t("trend.points"), t("report.points"))
    name = t(SIDES_METRIC.text_key)
    return [Cell(name, value, interval, "", "", "", "", usual, change, error, verdict, larger)]


def _signal_rows(movement: Movement, t: Texts) -> list[Cell]:
    """Rows of what the samples say; earlier sessions are not read that deep, so nothing is compared."""
    out = []
    for metric in MOVEMENT:
        value, interval = estimate_texts(getattr(movement, metric.name), metric, t)
        if value and metric.name in _SIGNAL:
            out.append(Cell(t(metric.text_key), with_unit(value, metric, t), interval, *("",) * 8, larger=False))
    return out


def _row(run: Run, at: AtSpeed, metric: Metric, past: tuple[Past, History] | None, t: Texts) -> Cell:
    summary: dict[str, Any] = at.summary
    shown = dict(summary[metric.name])
    if metric.name == "vgrf_peak_bw":
        shown["half_width_95"] = summary["method"]["vgrf_peak_model_half_width_95_bw"]
    value, interval = estimate_texts(shown, metric, t)
    left, _ = estimate_texts(summary["left"].get(metric.name), metric, t)
    right, _ = estimate_texts(summary["right"].get(metric.name), metric, t)
    sides = summary["symmetry_index_pct"].get(metric.name) or {"value": None, "half_width_95": None}
    difference, difference_interval = percent_texts(sides["value"], sides["half_width_95"], t)
    if not difference:
        left = right = ""
    usual, change, error, verdict, larger = _compared(at, metric, past, t)
    return Cell(
        name=metric_name(metric, run.settings.place, t),
        value=with_unit(value, metric, t),
        interval=interval,
        left=left,
        right=right,
        difference=difference,
        difference_interval=difference_interval,
        usual=usual,
        change=change,
        error=error,
        verdict=verdict,
        larger=larger,
    )


def _compared(
    at: AtSpeed, metric: Metric, past: tuple[Past, History] | None, t: Texts
) -> tuple[str, str, str, str, bool]:
    """Usual range, change, its error and the verdict; the error is blank while it is not known how sessions differ."""
    change = _change(past, at, metric.name)
    if past is None or change is None:
        return "", "", "", "", False
    range_ = past[1].usual(past[0], at, metric.name)
    usual = ""
    if range_.low is not None and range_.high is not None:
        signed = metric is SIDES_METRIC
        low, high = (
            number(x * metric.factor, metric.decimals, t.language, plus=signed) for x in (range_.low, range_.high)
        )
        usual = f"{low} – {high}"
    value, error, _ = change_texts(change, metric, t)
    larger = change.larger_than_error
    if larger is None:
        return usual, value, "", t("report.verdict_few"), False
    return usual, value, error, t("report.verdict_yes" if larger else "report.verdict_no"), larger


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


def _table_note(groups: Sequence[Group], left_out: int, t: Texts) -> str:
    parts = [t("report.more_rows", n=left_out)] if left_out else []
    rows = [row for group in groups for row in group.rows]
    if not any(row.change for row in rows):
        parts.append(t("report.no_history"))
    elif not any(row.error for row in rows):
        parts.append(t("trend.too_few"))
    else:
        points = any(row.change.endswith(t("report.points")) for row in rows)
        parts += [t("report.bold_note"), *([t("report.points_note")] if points else [])]
    return " ".join(parts)
