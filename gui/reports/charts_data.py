"""What the charts of a report show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from gui.i18n import Texts
from gui.numbers import number
from gui.reports.shown import Difference, Labelled, MinutesChart, Point, SidesChart
from gui.review.blocks import AtSpeed, Minute, blocks_of
from gui.review.run import Run
from gui.review.words import REASONS, percent_texts, short_speed, speed_words
from imu.constants import S_PER_MIN
from imu.types import Estimate

_SIDES: Final = (
    ("load_peak_g", "report.sides_load"),
    ("contact_time_s", "report.sides_contact"),
    ("step_time_s", "report.sides_step"),
)
_SPEEDS: Final = 3
_LONG_GAP_S: Final = 1.0
_TICKS: Final = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
_LIMITS: Final = (10.0, 20.0, 40.0)


def minutes_chart(run: Run, minutes: Sequence[Minute], t: Texts) -> MinutesChart:
    """Load per minute of the run's own clock."""
    sides = run.sides_known and any(_known(m, "load_peak_left_g") for m in minutes)
    left = _points(run, minutes, "load_peak_left_g") if sides else ()
    right = _points(run, minutes, "load_peak_right_g") if sides else ()
    both = () if sides else _points(run, minutes, "load_peak_g")
    points = [*left, *right, *both]
    feedback = tuple(
        (
            (span.start_s - run.start_s) / S_PER_MIN,
            (span.end_s - run.start_s) / S_PER_MIN,
            line_g,
            t("review.line_at", value=number(line_g, 2, t.language)),
        )
        for span, line_g in run.line_spans
    )
    low, high = value_range(points, [line_g for _, _, line_g, _ in feedback])
    return MinutesChart(
        title=t("report.load_per_minute"),
        note=t("report.minutes_note"),
        left_word=t("word.left"),
        right_word=t("word.right"),
        left=left,
        right=right,
        both=both,
        bands=tuple(
            Labelled(
                (b.span.start_s - run.start_s) / S_PER_MIN,
                (b.span.end_s - run.start_s) / S_PER_MIN,
                speed_words(b.speed_mps, t) if b.speed_mps else "",
            )
            for b in blocks_of(run)
        ),
        gaps=tuple(
            Labelled((g.start_s - run.start_s) / S_PER_MIN, (g.end_s - run.start_s) / S_PER_MIN, "")
            for g in run.gaps
            if g.end_s - g.start_s >= _LONG_GAP_S
        ),
        minutes=max(run.duration_s / S_PER_MIN, 0.1),
        low=low,
        high=high,
        unit=t("unit.g"),
        feedback=tuple(line for line in feedback if low <= line[2] <= high),
    )


def _known(minute: Minute, name: str) -> bool:
    estimate = minute.numbers[name]
    return isinstance(estimate, Estimate) and estimate.value is not None


def _points(run: Run, minutes: Sequence[Minute], name: str) -> tuple[Point, ...]:
    out: list[Point] = []
    before: Minute | None = None
    for minute in minutes:
        estimate = minute.numbers[name]
        if not isinstance(estimate, Estimate) or estimate.value is None:
            continue
        joined = before is not None and before.number + 1 == minute.number and before.speed_mps == minute.speed_mps
        middle = ((minute.span.start_s + minute.span.end_s) / 2.0 - run.start_s) / S_PER_MIN
        out.append(Point(middle, estimate.value, estimate.half_width, joined))
        before = minute
    return tuple(out)


def value_range(points: Sequence[Point], lines: Sequence[float] = ()) -> tuple[float, float]:
    """Range of the vertical axis, in steps of 0.2: all points with their intervals, and lines within 1 g of them."""
    if not points:
        return 1.0, 3.0
    lows = [p.value - (p.half or 0.0) for p in points]
    highs = [p.value + (p.half or 0.0) for p in points]
    near = [line for line in lines if min(lows) - 1.0 <= line <= max(highs) + 1.0]
    lows, highs = [*lows, *near], [*highs, *near]
    low = math.floor((min(lows) - 0.05) / 0.2) * 0.2
    high = math.ceil((max(highs) + 0.05) / 0.2) * 0.2
    return low, max(high, low + 0.8)


def sides_chart(speeds: Sequence[AtSpeed], t: Texts) -> SidesChart:
    """Left-right differences of three quantities at up to three speeds."""
    groups = tuple((t(key), tuple(_difference(at, name, t) for at in speeds[:_SPEEDS])) for name, key in _SIDES)
    reach = max((abs(d.value) + (d.half or 0.0) for _, rows in groups for d in rows if d.value is not None), default=0)
    limit = next((x for x in _LIMITS if reach <= x), _LIMITS[-1])
    return SidesChart(t("report.sides_title"), t("report.sides_note"), groups, limit)


def _difference(at: AtSpeed, name: str, t: Texts) -> Difference:
    label = short_speed(at.speed_mps, t) or t("report.speed_short_unknown")
    sides = at.summary["symmetry_index_pct"][name]
    if sides["value"] is None:
        return Difference(label, None, None, t(REASONS.get(sides["reason"] or "", "report.why_few")))
    value, interval = percent_texts(sides["value"], sides["half_width_95"], t)
    return Difference(label, sides["value"], sides["half_width_95"], f"{value} {interval}".strip())


def axis_ticks(low: float, high: float, language: str) -> tuple[tuple[float, str], ...]:
    """Values and labels of a vertical axis, about five."""
    step = next((s for s in _TICKS if (high - low) / s <= 6.01), _TICKS[-1])
    decimals = 2 if step < 0.1 else 1 if step < 1.0 or high - low < 4.0 else 0
    first = math.ceil(round(low / step, 6))
    ticks = [k * step for k in range(first, math.floor(round(high / step, 6)) + 1)]
    return tuple((x, number(x, decimals, language)) for x in ticks)
