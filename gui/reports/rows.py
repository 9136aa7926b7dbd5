"""The table of a report: one group per speed, each number today and against the earlier sessions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from gui.i18n import Texts
from gui.numbers import number
from gui.reports.shown import Cell, Group
from gui.review.blocks import AtSpeed
from gui.review.explained import in_line_texts
from gui.review.history import History, Past
from gui.review.run import Run
from gui.review.trend import SIDES_METRIC, change_texts, reads_larger, usual_text
from gui.review.words import (
    METRICS,
    MOVEMENT,
    Metric,
    estimate_texts,
    metric_name,
    percent_texts,
    speed_words,
    whole,
    with_unit,
)
from imu import api
from imu.api import Change, Movement
from imu.types import Side

_SHORT: Final = ("load_peak_g", "cadence_spm", "contact_time_s")
"""Rows of a further speed where the page has no room for all."""
_SIGNAL: Final = ("vertical_oscillation_m", "step_regularity")
"""Rows from the samples."""


def change_of(past: tuple[Past, History] | None, at: AtSpeed, name: str) -> Change | None:
    """Today against the earlier sessions at this speed; None = there is nothing to compare with."""
    if past is None:
        return None
    change = past[1].change(past[0], at, name)
    return None if change is None or change.change is None else change


def groups_of(
    run: Run, speeds: Sequence[AtSpeed], past: tuple[Past, History] | None, room: int, t: Texts
) -> tuple[tuple[Group, ...], int]:
    """Return the rows per speed, as many as the page holds, and the number of speeds that are not on it."""
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
    parts = [t("report.steps", n=whole(at.n_steps))]
    if not at.settled:
        parts.append(t("report.not_settled"))
    elif at.left_out:
        parts.append(t("report.settling" if len(at.blocks) == 1 else "report.settling_blocks"))
    else:
        parts.append(t("report.running_before"))
    return " · ".join(parts)


def _rows(
    run: Run, at: AtSpeed, metrics: Sequence[Metric], past: tuple[Past, History] | None, t: Texts
) -> tuple[Cell, ...]:
    rows = [_row(run, at, metric, past, t) for metric in metrics if at.summary[metric.name]["value"] is not None]
    if metrics is METRICS:
        rows += _sides_row(at, past, t)
        rows += _line_row(run, at, t)
    if metrics is METRICS and at.movement is not None:
        rows += _signal_rows(at.movement, t)
    return tuple(rows)


def _sides_row(at: AtSpeed, past: tuple[Past, History] | None, t: Texts) -> list[Cell]:
    """Left-right difference of the load against the earlier sessions; without any it stands beside the load alone."""
    if past is None or change_of(past, at, SIDES_METRIC.name) is None:
        return []
    sides = at.summary["symmetry_index_pct"]["load_peak_g"]
    value, interval = percent_texts(sides["value"], sides["half_width_95"], t)
    usual, change, error, verdict, larger = _compared(at, SIDES_METRIC, past, t)
    change = change.replace(t("trend.points"), t("report.points"))
    name = t(SIDES_METRIC.text_key)
    return [Cell(name, value, interval, "", "", "", "", usual, change, error, verdict, larger)]


def _line_row(run: Run, at: AtSpeed, t: Texts) -> list[Cell]:
    """Return the row of the steps in the feedback line, both sides and each; none where there was no line."""
    value, _ = in_line_texts(api.count_in_line(at.steps, run.lines), t)
    if not value:
        return []
    left, right = (
        in_line_texts(api.count_in_line([s for s in at.steps if s.side is side], run.lines), t)[0] if known else ""
        for side, known in ((Side.LEFT, run.sides_known), (Side.RIGHT, run.sides_known))
    )
    heights = {x for x in api.lines_at(run.lines, np.array([s.ic_s for s in at.steps])).tolist() if math.isfinite(x)}
    one = heights.pop() if len(heights) == 1 else None
    name = t("report.in_lines") if one is None else t("report.in_line", value=number(one, 2, t.language))
    return [Cell(name, value, "", left, right, *("",) * 6, larger=False)]


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
    change = change_of(past, at, metric.name)
    if past is None or change is None:
        return "", "", "", "", False
    usual = usual_text(past, at, metric, t)
    value, error, _ = change_texts(change, metric, t)
    if change.larger_than_error is None:
        return usual, value, "", t("report.verdict_few"), False
    larger = reads_larger(change, metric)
    return usual, value, error, t("report.verdict_yes" if larger else "report.verdict_no"), larger


def table_note(groups: Sequence[Group], left_out: int, t: Texts) -> str:
    """Return what is said under the table: what is not on the page, and how to read a change."""
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
