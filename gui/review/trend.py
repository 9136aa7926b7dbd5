"""What the trend shows: one number of a client over sessions at one speed, like with like; others hollow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gui.i18n import Texts
from gui.numbers import contrast, half_width, number
from gui.reports.shown import TrendChart, TrendPoint
from gui.review.blocks import AtSpeed
from gui.review.history import SIDES, History, Past, estimate_of
from gui.review.words import METRICS, Metric, metric_name, short_speed, speed_words
from imu.api import Change
from imu.types import Place

SIDES_METRIC: Final = Metric(SIDES, "review.difference_load", "unit.pct", 1.0, 1)
TREND_METRICS: Final = (*METRICS, SIDES_METRIC)
_STEPS: Final = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@dataclass(frozen=True, slots=True)
class Trend:
    """A trend with the sentence that belongs to it and its rows.

    Attributes
    ----------
    chart : TrendChart
    sentence, note : str
        Today against the earlier sessions; how it was judged, or why it was not.
    rows : tuple of tuple of str
        Date, speed, value, interval, steps, why it is not compared.
    """

    chart: TrendChart
    sentence: str
    note: str
    rows: tuple[tuple[str, ...], ...]


def trend_of(pasts: Sequence[Past], speed_mps: float | None, metric: Metric, history: History, t: Texts) -> Trend:
    """Collect a trend.

    Parameters
    ----------
    pasts : sequence of Past
        The client's sessions, the oldest first; the last one is today.
    speed_mps : float or None
        Speed at which it is looked at; None = no speed is known.
    metric : Metric
    history : History
        Of the last session: what it is compared with.
    t : Texts
    """
    today = next((p for p in reversed(pasts) if p.at(speed_mps) is not None), None)
    points: list[TrendPoint] = []
    rows: list[tuple[str, ...]] = []
    for past in pasts:
        at = past.at(speed_mps) or (past.speeds[0] if past.speeds else None)
        if at is None:
            continue
        found = estimate_of(at.summary, metric.name)
        if found.value is None:
            continue
        why = _why(past, at, today, speed_mps, t)
        value = found.value * metric.factor
        half = None if found.half_width is None else found.half_width * metric.factor
        points.append(TrendPoint(past.started.strftime("%d-%m"), value, half, bool(why), why))
        rows.append(
            (
                past.started.strftime("%d-%m-%Y"),
                short_speed(at.speed_mps, t),
                number(value, metric.decimals, t.language),
                half_width(half, metric.decimals, t.language),
                str(at.n_steps),
                why,
            )
        )
    usual = None
    sentence, note = t("trend.none"), ""
    if today is not None:
        at = today.at(speed_mps)
        assert at is not None
        usual_range = history.usual(today, at, metric.name)
        if usual_range.low is not None and usual_range.high is not None:
            usual = (usual_range.low * metric.factor, usual_range.high * metric.factor)
        change = history.change(today, at, metric.name)
        if change is not None:
            sentence, note = change_words(change, metric, t)
    low, high = _range(points, usual)
    chart = TrendChart(
        title=t(
            "trend.title", metric=t(metric.text_key), speed="–" if speed_mps is None else speed_words(speed_mps, t)
        ),
        note=t("trend.note"),
        points=tuple(points),
        usual=usual,
        usual_word=t("trend.usual"),
        low=low,
        high=high,
        unit=t(metric.unit_key),
    )
    return Trend(chart, sentence, note, tuple(rows))


def _why(past: Past, at: AtSpeed, today: Past | None, speed_mps: float | None, t: Texts) -> str:
    """Say why a session is not comparable with today; empty where it is."""
    if past.at(speed_mps) is None:
        return t("trend.other_speed", speed="?" if at.speed_mps is None else speed_words(at.speed_mps, t))
    if today is not None and past.place is not today.place:
        return t("trend.other_place")
    if today is not None and past.filter_version != today.filter_version:
        return t("trend.other_filter", version=past.filter_version)
    return ""


def usual_text(past: tuple[Past, History], at: AtSpeed, metric: Metric, t: Texts) -> str:
    """Return where the client's earlier sessions lie at this speed, "low – high" without unit; empty = not known."""
    found = past[1].usual(past[0], at, metric.name)
    if found.low is None or found.high is None:
        return ""
    signed = metric.name == SIDES
    low, high = (number(x * metric.factor, metric.decimals, t.language, plus=signed) for x in (found.low, found.high))
    return f"{low} – {high}"


def change_words(change: Change, metric: Metric, t: Texts) -> tuple[str, str]:
    """Return a change against the earlier sessions as a sentence, and how it was judged."""
    if change.change is None or change.baseline is None or change.half_width is None:
        return t(REASONS.get(change.reason or "", "trend.no_baseline")), ""
    value, error, unit = change_texts(change, metric, t)
    base = number(change.baseline * metric.factor, metric.decimals, t.language)
    sentence = t("trend.sentence", change=value, n=change.n_sessions, base=f"{base}\u00a0{t(metric.unit_key)}")
    if change.n_sessions == 1:
        sentence = t("trend.sentence_one", change=value, base=f"{base}\u00a0{t(metric.unit_key)}")
    if change.larger_than_error is None:
        return sentence, t(REASONS.get(change.reason or "", "trend.too_few"))
    key = "trend.larger" if reads_larger(change, metric) else "trend.not_larger"
    return sentence, t(key, error=f"{error}{unit}")


def change_texts(change: Change, metric: Metric, t: Texts) -> tuple[str, str, str]:
    """Return the change with unit, its "± error" and the error's unit: percent, or points for a difference."""
    value, half, usual = _shown(change, metric)
    decimals, _ = contrast(value, half, usual, larger=bool(change.larger_than_error))
    unit = t("trend.points") if _in_points(change, metric) else "%"
    shown = number(value, decimals, t.language, plus=True)
    return f"{shown}\u00a0{unit}", half_width(half, decimals, t.language), f"\u00a0{unit}"


def reads_larger(change: Change, metric: Metric) -> bool:
    """Whether a change is larger than its error, and reads so as it is written."""
    return contrast(*_shown(change, metric), larger=bool(change.larger_than_error))[1]


def _in_points(change: Change, metric: Metric) -> bool:
    return metric.name == SIDES or change.change_pct is None


def _shown(change: Change, metric: Metric) -> tuple[float, float | None, int]:
    """Change, error and usual decimals as they are written: in percent, a difference of sides in points."""
    assert change.change is not None
    if change.change_pct is not None and not _in_points(change, metric):
        return change.change_pct, change.half_width_pct, 1
    half = change.half_width
    return change.change * metric.factor, None if half is None else half * metric.factor, metric.decimals


REASONS: Final = {
    "no_baseline": "trend.no_baseline",
    "speed_missing": "trend.speed_missing",
    "too_few_sessions": "trend.too_few",
}


def _range(points: Sequence[TrendPoint], usual: tuple[float, float] | None) -> tuple[float, float]:
    """Range of the axis: all solid points with their intervals, and the usual range where it is not far wider."""
    if not points:
        return 0.0, 1.0
    lows = [p.value - (p.half or 0.0) for p in points]
    highs = [p.value + (p.half or 0.0) for p in points]
    if usual is not None:
        lows.append(usual[0])
        highs.append(usual[1])
    low, high = min(lows), max(highs)
    span = max(high - low, abs(high) * 0.02, 1e-6)
    step = next((s for s in _STEPS if span / s <= 6.0), _STEPS[-1])
    return math.floor((low - 0.1 * span) / step) * step, math.ceil((high + 0.1 * span) / step) * step


def metric_of(name: str) -> Metric:
    """Return how a number is shown."""
    return next(m for m in TREND_METRICS if m.name == name)


def metric_words(metric: Metric, place: Place, t: Texts) -> str:
    """Name of a number in a list of choices, without the star of a footnote."""
    return metric_name(metric, place, t).removesuffix(" *")
