"""The client's usual range beside the numbers of a session: where his earlier ones at the same speed lie. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gui.i18n import Texts
from gui.reports.shown import SidesChart
from gui.review.blocks import AtSpeed
from gui.review.explained import Shown
from gui.review.history import SIDES, History, Past
from gui.review.trend import SIDES_METRIC, usual_text
from gui.review.words import METRICS, metric_name
from imu.types import Place


def with_usual(
    shown: Sequence[Shown], past: tuple[Past, History] | None, at: AtSpeed, place: Place, t: Texts
) -> list[Shown]:
    """Put the usual range beside each number of one speed that has one; the others stay as they are."""
    if past is None:
        return list(shown)
    metrics = {metric_name(metric, place, t): metric for metric in METRICS} | {t(SIDES_METRIC.text_key): SIDES_METRIC}
    return [
        s._replace(usual=usual_text(past, at, metrics[s.name], t)) if s.value and s.name in metrics else s
        for s in shown
    ]


def sides_with_usual(
    chart: SidesChart, past: tuple[Past, History] | None, speeds: Sequence[AtSpeed], t: Texts
) -> SidesChart:
    """Put the usual range of the left-right difference of the load behind its rows, speed by speed."""
    if past is None or not chart.groups:
        return chart
    (title, rows), *others = chart.groups
    found = [past[1].usual(past[0], at, SIDES) for at in speeds[: len(rows)]]
    ranges = [None if u.low is None or u.high is None else (u.low, u.high) for u in found]
    words = next((usual_text(past, at, SIDES_METRIC, t) for at, r in zip(speeds, ranges, strict=False) if r), "")
    load = tuple(row._replace(usual=usual) for row, usual in zip(rows, ranges, strict=True))
    said = t("review.usual", range=words) if words else ""
    return replace(chart, groups=((title, load), *others), usual_words=said)
