"""Charts of the report, painted as lines and text: sharp at any size, in PDF, SVG and on the screen."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from gui.paint import Canvas, side_colours
from gui.reports.charts_data import axis_ticks
from gui.reports.shown import Labelled, MinutesChart, Point, SidesChart, TrendChart
from imu.types import Side

_LABEL: Final = 15.0
_CAP: Final = 6.0
_HATCH: Final = 9.0


class Frame(NamedTuple):
    """A plot area in design units and what it spans."""

    x: float
    y: float
    w: float
    h: float
    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def px(self, x: float) -> float:
        """Horizontal place of a value."""
        return self.x + (x - self.x_low) / (self.x_high - self.x_low) * self.w

    def py(self, y: float) -> float:
        """Vertical place of a value."""
        return self.y + self.h - (y - self.y_low) / (self.y_high - self.y_low) * self.h


def draw_minutes(canvas: Canvas, box: tuple[float, float, float, float], chart: MinutesChart, language: str) -> None:
    """Paint the load per minute into a box (x, y, width, height)."""
    x, y, w, h = box
    tokens = canvas.tokens
    _title(canvas, x, y, w, chart.title)
    if chart.left or chart.right:
        end = x + w
        for side, word in ((Side.RIGHT, chart.right_word), (Side.LEFT, chart.left_word)):
            end -= canvas.text(end, y + 22, word, 16, tokens.ink2, align="right") + 18
            canvas.side(side, end, y + 16, 17)
            end -= 26
    frame = Frame(x + 62, y + 74, w - 62, h - 74 - 62, 0.0, chart.minutes, chart.low, chart.high)
    for band in chart.bands:
        _band(canvas, frame, band)
    _grid(canvas, frame, chart.unit, language)
    for gap in chart.gaps:
        draw_hatch(canvas, frame.px(gap.start), frame.y, max(frame.px(gap.end) - frame.px(gap.start), 4.0), frame.h)
    shift = 5.0 if chart.left and chart.right else 0.0
    for side, points, dx in (
        (Side.LEFT, chart.left, -shift),
        (Side.RIGHT, chart.right, shift),
        (Side.UNKNOWN, chart.both, 0.0),
    ):
        _series(canvas, frame, side, points, dx)
    _feedback(canvas, frame, chart)
    _minute_labels(canvas, frame)
    canvas.text(x + w, y + h - 8, chart.note, _LABEL, tokens.ink3, align="right", width=w)


def _title(canvas: Canvas, x: float, y: float, w: float, title: str) -> None:
    canvas.text(x, y + 22, title, 20, canvas.tokens.ink, bold=True, width=w - 170)


def _band(canvas: Canvas, frame: Frame, band: Labelled) -> None:
    left, right = frame.px(band.start), frame.px(band.end)
    if right - left < 3:
        return
    canvas.box(left, frame.y - 34, right - left, 24, fill=canvas.tokens.accbg)
    if canvas.width_of(band.text, _LABEL, bold=True) < right - left - 6:
        canvas.text((left + right) / 2, frame.y - 16, band.text, _LABEL, canvas.tokens.acc, bold=True, align="center")


def _grid(canvas: Canvas, frame: Frame, unit: str, language: str) -> None:
    tokens = canvas.tokens
    ticks = axis_ticks(frame.y_low, frame.y_high, language)
    for value, label in ticks:
        at = frame.py(value)
        canvas.line(frame.x, at, frame.x + frame.w, at, tokens.grid, 1.2)
        words = f"{label}\u00a0{unit}" if value == ticks[-1][0] else label
        canvas.text(frame.x - 12, at + 5, words, _LABEL, tokens.ink2, align="right")


def _feedback(canvas: Canvas, frame: Frame, chart: MinutesChart) -> None:
    tokens, s = canvas.tokens, canvas.scale
    pen = QPen(QColor(tokens.ink), 1.4 * s)
    pen.setDashPattern([6.0, 4.0])
    for start, end, line_g, words in chart.feedback:
        x0, x1, y = frame.px(start), frame.px(end), frame.py(line_g)
        canvas.painter.setPen(pen)
        canvas.painter.drawLine(QPointF(x0 * s, y * s), QPointF(x1 * s, y * s))
        wide = canvas.width_of(words, 13) + 12
        if wide <= x1 - x0:
            spots = [(x, foot) for foot in (y - 6, y + 16) for x in (x0 + 6, x1 - wide + 6)]
            x, foot = min(spots, key=lambda spot: _covered(frame, chart, spot, wide))
            canvas.text(x, foot, words, 13, tokens.ink2)


def _covered(frame: Frame, chart: MinutesChart, spot: tuple[float, float], wide: float) -> int:
    """Count the means whose signs would lie over a word that begins at a spot."""
    x, foot = spot
    means = ((frame.px(p.x), frame.py(p.value)) for p in (*chart.left, *chart.right, *chart.both))
    return sum(x - 10 < at < x + wide and foot - 22 < y < foot + 10 for at, y in means)


def _minute_labels(canvas: Canvas, frame: Frame) -> None:
    """Label the minutes, each at its middle where there are few, else at round numbers."""
    every = next((k for k in (1, 2, 5, 10, 20, 30, 60) if frame.x_high / k <= 13), 120)
    tokens = canvas.tokens
    for minute in range(0, int(frame.x_high) + 1, every):
        canvas.text(frame.px(minute), frame.y + frame.h + 24, str(minute), _LABEL, tokens.ink2, align="center")
        canvas.line(frame.px(minute), frame.y + frame.h, frame.px(minute), frame.y + frame.h + 6, tokens.ink3, 1.2)
    canvas.line(frame.x, frame.y + frame.h, frame.x + frame.w, frame.y + frame.h, tokens.ink3, 1.2)


def _series(canvas: Canvas, frame: Frame, side: Side, points: tuple[Point, ...], dx: float) -> None:
    tokens, s = canvas.tokens, canvas.scale
    _, ink = side_colours(tokens, side)
    pen = QPen(QColor(ink), 2.0 * s)
    if side is Side.RIGHT:
        pen.setDashPattern([4.0, 2.5])
    places = [(frame.px(p.x) + dx, frame.py(p.value)) for p in points]
    canvas.painter.setPen(pen)
    for k in range(1, len(points)):
        if points[k].joined:
            (x0, y0), (x1, y1) = places[k - 1], places[k]
            canvas.painter.drawLine(QPointF(x0 * s, y0 * s), QPointF(x1 * s, y1 * s))
    for point, (at, y) in zip(points, places, strict=True):
        if point.half is not None:
            canvas.line(at, frame.py(point.value - point.half), at, frame.py(point.value + point.half), ink, 2.2)
        canvas.side(side, at, y, 17)


def draw_sides(
    canvas: Canvas, box: tuple[float, float, float, float], chart: SidesChart, *, titled: bool = True
) -> list[tuple[float, float]]:
    """Paint left-right differences into a box; left is negative and lies left. Return top and foot of each row."""
    places = []
    x, y, w, h = box
    tokens = canvas.tokens
    if titled:
        _title(canvas, x, y, w + 100, chart.title)
    narrow = w < 330.0
    label_w, text_w = (56.0, 112.0) if narrow else (92.0, 128.0)
    frame = Frame(x + label_w, y, w - label_w - text_w, h, -chart.limit_pct, chart.limit_pct, 0.0, 1.0)
    n_rows = sum(len(rows) for _, rows in chart.groups)
    top, foot = y + 44, y + h - 58
    row_h = min((foot - top - 28.0 * len(chart.groups)) / max(n_rows, 1), 38.0)
    spare = (foot - top - 28.0 * len(chart.groups) - row_h * n_rows) / len(chart.groups)
    at = top
    for k, (title, rows) in enumerate(chart.groups):
        used = canvas.text(x, at + 18, title, 16, tokens.ink, bold=True, width=w)
        if k == 0:
            canvas.text(x + w, at + 18, chart.usual_words, 14, tokens.acc, align="right", width=w - used - 16)
        at += 28
        canvas.box(frame.x, at, frame.w, row_h * len(rows) - 4, fill=tokens.sub)
        canvas.line(frame.px(0), at - 4, frame.px(0), at + row_h * len(rows), tokens.ink2, 1.4)
        for row in rows:
            middle = at + row_h / 2 - 2
            canvas.text(x, middle + 5, row.label, _LABEL, tokens.ink2, width=label_w - 10)
            if row.usual is not None:
                _usual(canvas, frame, row.usual, at - 2, row_h)
            if row.value is not None:
                canvas.text(x + w, middle + 5, row.text, _LABEL, tokens.ink, align="right", width=text_w - 10)
                _whisker(canvas, frame, row.value, row.half, middle)
            else:  # why there is none needs the room of the whisker too
                room = x + w - frame.x
                canvas.box(frame.x, at + 2, room, row_h - 8, fill=tokens.sub)
                canvas.text(frame.x + 8, middle + 5, row.text, _LABEL, tokens.ink2, width=room - 16)
            places.append((at, at + row_h))
            at += row_h
        at += spare
    limit = f"{chart.limit_pct:g}\u00a0%"
    base = y + h - 34
    canvas.side(Side.LEFT, frame.x + 8, base - 5, 15)
    canvas.text(frame.x + 22, base, limit, _LABEL, tokens.ink2)
    if not narrow:
        canvas.text(frame.px(0), base, "0", _LABEL, tokens.ink2, align="center")
    canvas.side(Side.RIGHT, frame.x + frame.w - 8, base - 5, 15)
    canvas.text(frame.x + frame.w - 22, base, limit, _LABEL, tokens.ink2, align="right")
    canvas.text(x + w, y + h - 8, chart.note, _LABEL, tokens.ink3, align="right", width=w)
    return places


def _usual(canvas: Canvas, frame: Frame, usual: tuple[float, float], top: float, height: float) -> None:
    """Paint the usual range of a row: a field between two lines."""
    low, high = (frame.px(min(max(v, frame.x_low), frame.x_high)) for v in usual)
    canvas.box(low, top, high - low, height, fill=canvas.tokens.accbg)
    for edge in (low, high):
        canvas.line(edge, top, edge, top + height, canvas.tokens.acc, 1.6)


def _whisker(canvas: Canvas, frame: Frame, value: float, half: float | None, y: float) -> None:
    def inside(v: float) -> float:
        return frame.px(min(max(v, frame.x_low), frame.x_high))

    if half is not None:
        low, high = inside(value - half), inside(value + half)
        canvas.line(low, y, high, y, canvas.tokens.ink, 2.2)
        for end in (low, high):
            canvas.line(end, y - _CAP, end, y + _CAP, canvas.tokens.ink, 2.0)
    # what reads 0.0 points nowhere
    side = Side.UNKNOWN if round(value, 1) == 0.0 else Side.LEFT if value < 0.0 else Side.RIGHT
    canvas.side(side, inside(value), y, 15)


def draw_trend(
    canvas: Canvas, box: tuple[float, float, float, float], chart: TrendChart, language: str, *, titled: bool = True
) -> None:
    """Paint one quantity over sessions; what was measured in another way is hollow and not joined."""
    x, y, w, h = box
    tokens, s = canvas.tokens, canvas.scale
    if titled:
        _title(canvas, x, y, w + 170, chart.title)
    frame = Frame(x + 62, y + 74, w - 62, h - 74 - 62, -0.5, len(chart.points) - 0.5, chart.low, chart.high)
    if chart.usual is not None:
        top, foot = frame.py(chart.usual[1]), frame.py(chart.usual[0])
        canvas.box(frame.x, top, frame.w, foot - top, fill=tokens.accbg)
    _grid(canvas, frame, chart.unit, language)
    if chart.usual is not None:
        foot = frame.py(chart.usual[0])
        # no line of the grid goes through the word
        canvas.box(frame.x + 4, foot + 3, canvas.width_of(chart.usual_word, _LABEL) + 8, 19, fill=tokens.panel)
        canvas.text(frame.x + 8, foot + 18, chart.usual_word, _LABEL, tokens.acc)
    places = [(frame.px(k), frame.py(p.value)) for k, p in enumerate(chart.points)]
    solid = [place for place, p in zip(places, chart.points, strict=True) if not p.hollow]
    canvas.painter.setPen(QPen(QColor(tokens.ink2), 1.6 * s))
    for (x0, y0), (x1, y1) in pairwise(solid):
        canvas.painter.drawLine(QPointF(x0 * s, y0 * s), QPointF(x1 * s, y1 * s))
    every = max(1, -(-len(chart.points) // 8))
    for k, (point, (at, py)) in enumerate(zip(chart.points, places, strict=True)):
        last = k == len(chart.points) - 1
        if point.half is not None:
            low, high = frame.py(point.value - point.half), frame.py(point.value + point.half)
            canvas.line(at, low, at, high, tokens.ink, 2.0)
            for end in (low, high):
                canvas.line(at - _CAP, end, at + _CAP, end, tokens.ink, 2.0)
        radius = 8.0 if last else 6.5
        canvas.painter.setPen(QPen(QColor(tokens.ink), 2.0 * s))
        canvas.painter.setBrush(QColor(tokens.panel if point.hollow else tokens.ink))
        canvas.painter.drawEllipse(QPointF(at * s, py * s), radius * s, radius * s)
        if last or (len(chart.points) - 1 - k) % every == 0:
            canvas.text(at, frame.y + frame.h + 24, point.label, _LABEL, tokens.ink, bold=last, align="center")
    canvas.text(x + w, y + h - 8, chart.note, _LABEL, tokens.ink3, align="right", width=w)


def draw_hatch(canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """Paint a stretch without data: diagonal lines between two edges."""
    painter, s = canvas.painter, canvas.scale
    painter.save()
    painter.setClipRect(QRectF(x * s, y * s, w * s, h * s), Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(QColor(canvas.tokens.hatch), 1.2 * s))
    start = x - h
    while start < x + w:
        painter.drawLine(QPointF(start * s, (y + h) * s), QPointF((start + h) * s, y * s))
        start += _HATCH
    painter.restore()
    for edge in (x, x + w):
        canvas.line(edge, y, edge, y + h, canvas.tokens.ink3, 1.2)
