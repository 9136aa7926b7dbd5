"""The overview of a run, painted: dots for steps (stems when near), mean lines, bands, gaps, marks, cuts."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.i18n import Texts
from gui.numbers import clock, number
from gui.paint import Canvas, side_colours
from gui.reports.charts import draw_hatch
from gui.review.overview import MeanLine, Overview
from gui.views.session_dots import paint_dots
from imu.types import FloatArray, Side

LEFT: Final = 84.0
RIGHT: Final = 28.0
TOP: Final = 44.0
BOTTOM: Final = 46.0
STEMS_BELOW_S: Final = 25.0
"""Shorter stretches show stems with the glyph of the side, longer ones dots."""
_VALUES_BELOW_S: Final = 7.0
_TICKS_S: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
_SHORT_GAP_S: Final = 0.3
_MANY: Final = 3000
"""More dots than this (a quarter of an hour) are counted per pixel and painted without smooth edges."""


class Area(NamedTuple):
    """Plot area in design units and the stretch of time and load that it spans."""

    x: float
    y: float
    w: float
    h: float
    t0: float
    t1: float
    low: float
    high: float

    def px(self, t_s: float) -> float:
        """Horizontal place of a time."""
        return self.x + (t_s - self.t0) / (self.t1 - self.t0) * self.w

    def py(self, g: float) -> float:
        """Vertical place of a load; what lies outside is kept at the edge."""
        return self.y + self.h - (min(max(g, self.low), self.high) - self.low) / (self.high - self.low) * self.h


def area_of(shown: Overview, width: float, height: float, t0: float, t1: float) -> Area:
    """Return the plot area of a widget of this size in design units."""
    w, h = max(width - LEFT - RIGHT, 10.0), max(height - TOP - BOTTOM, 10.0)
    low = min(shown.low_g, 1.0) if t1 - t0 < STEMS_BELOW_S else shown.low_g
    return Area(LEFT, TOP, w, h, t0, t1, low, shown.high_g)


def paint_overview(canvas: Canvas, shown: Overview, area: Area, t: Texts) -> None:
    """Paint everything but the cursor."""
    tokens, s = canvas.tokens, canvas.scale
    _bands(canvas, shown, area)
    _grid(canvas, shown, area, t.language)
    canvas.painter.save()
    canvas.painter.setClipRect(QRectF(area.x * s, 0, area.w * s, (area.y + area.h + 2) * s))
    for cut in shown.cuts:
        x0, x1 = area.px(cut.start_s), area.px(cut.end_s)
        canvas.box(x0, area.y, x1 - x0, area.h, fill=tokens.sub)
        _tag(canvas, (x0 + x1) / 2, area.y + area.h - 16, t("review.cut"), tokens.ink2)
    near = area.t1 - area.t0 < STEMS_BELOW_S
    if near:
        _stems(canvas, shown, area, t.language)
    else:
        _dots(canvas, shown, area)
        lines = [line for line in shown.lines if line.t_s[0] <= area.t1 and line.t_s[-1] >= area.t0]
        # a band is faint: its edges need no smoothing
        canvas.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for line in lines:
            _mean_band(canvas, line, area)
        canvas.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line in lines:
            _mean_line(canvas, line, area)
    _feedback(canvas, shown, area, t)
    _cues(canvas, shown, area)
    _gaps(canvas, shown, area, t)
    _marks(canvas, shown, area)
    canvas.painter.restore()


def _bands(canvas: Canvas, shown: Overview, area: Area) -> None:
    tokens = canvas.tokens
    for band in shown.bands:
        x0, x1 = max(area.px(band.start_s), area.x), min(area.px(band.end_s), area.x + area.w)
        if x1 - x0 < 2:
            continue
        canvas.box(x0, 0, x1 - x0 - 2, 32, fill=tokens.accbg if band.running else tokens.sub)
        if not band.running:
            canvas.box(x0, area.y, x1 - x0 - 2, area.h, fill=tokens.sub)
        if canvas.width_of(band.text, 17, bold=band.running) < x1 - x0 - 8:
            ink = tokens.acc if band.running else tokens.ink2
            canvas.text((x0 + x1) / 2, 22, band.text, 17, ink, bold=band.running, align="center")


def _grid(canvas: Canvas, shown: Overview, area: Area, language: str) -> None:
    tokens = canvas.tokens
    step = 0.5 if area.high - area.low <= 4 else 1.0
    k = np.ceil(area.low / step)
    while k * step <= area.high + 1e-9:
        value = float(k * step)
        y = area.py(value)
        canvas.line(area.x, y, area.x + area.w, y, tokens.grid, 1.0)
        words = number(value, 1, language) + ("\u00a0g" if value + step > area.high + 1e-9 else "")
        canvas.text(area.x - 12, y + 6, words, 17, tokens.ink2, align="right")
        k += 1
    foot = area.y + area.h
    canvas.line(area.x, foot, area.x + area.w, foot, tokens.ink3, 1.5)
    every = next((e for e in _TICKS_S if (area.t1 - area.t0) / e <= 13), _TICKS_S[-1])
    first = int(np.ceil((area.t0 - shown.start_s) / every))
    last = int(np.floor((area.t1 - shown.start_s) / every))
    for k in range(first, last + 1):
        x = area.px(shown.start_s + k * every)
        canvas.line(x, foot, x, foot + 7, tokens.ink3, 1.2)
        canvas.text(x, foot + 30, clock(k * every), 17, tokens.ink2, align="center")


def _visible(shown: Overview, area: Area) -> slice:
    low, high = np.searchsorted(shown.t_s, [area.t0, area.t1])
    return slice(max(int(low) - 1, 0), int(high) + 1)


def _dots(canvas: Canvas, shown: Overview, area: Area) -> None:
    tokens, s = canvas.tokens, canvas.scale
    part = _visible(shown, area)
    x = (area.x + (shown.t_s[part] - area.t0) / (area.t1 - area.t0) * area.w) * s
    load = np.clip(shown.load_g[part], area.low, area.high)
    y = (area.y + area.h - (load - area.low) / (area.high - area.low) * area.h) * s
    sides, unsure = shown.side[part], shown.unsure[part]
    many = len(x) > _MANY
    canvas.painter.setRenderHint(QPainter.RenderHint.Antialiasing, not many)
    for side in (Side.UNKNOWN, Side.LEFT, Side.RIGHT):
        fill, ink = side_colours(tokens, side)
        if tokens.name == "dark":
            fill = ink  # the blue fill is hardly seen as a small dot on the dark panel
        for flagged, alpha in ((False, 120), (True, 50)):
            chosen = np.flatnonzero((sides == int(side)) & (unsure == flagged))
            colour = QColor(fill)
            colour.setAlpha(alpha)
            if many and len(chosen):
                box = (area.x * s, area.y * s, area.w * s, area.h * s)
                paint_dots(canvas.painter, x[chosen], y[chosen], box, max(round(4.0 * s), 2), colour)
            elif len(chosen):
                pen = QPen(colour, 4.6 * s)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                canvas.painter.setPen(pen)
                canvas.painter.drawPoints(pg.functions.arrayToQPolygonF(x[chosen], y[chosen]))
    canvas.painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _stems(canvas: Canvas, shown: Overview, area: Area, language: str) -> None:
    tokens = canvas.tokens
    part = _visible(shown, area)
    base = area.py(1.0)
    values = area.t1 - area.t0 < _VALUES_BELOW_S
    for k in range(part.start, min(part.stop, len(shown.t_s))):
        side = Side(int(shown.side[k]))
        fill, ink = side_colours(tokens, side)
        x, y = area.px(float(shown.t_s[k])), area.py(float(shown.load_g[k]))
        hollow = bool(shown.unsure[k])
        canvas.box(x - 3, y, 6, max(base - y, 1.0), fill=None if hollow else fill, edge=ink, edge_width=1.2)
        canvas.side(side, x, y, 17, hollow)
        if values:
            canvas.text(x, y - 16, number(float(shown.load_g[k]), 2, language), 16, tokens.ink, align="center")


def _curve(canvas: Canvas, line: MeanLine, area: Area, side: float) -> tuple[FloatArray, FloatArray]:
    """Points in view (and one beyond each end) of the mean plus `side` times its half-width, in pixels."""
    s = canvas.scale
    low, high = np.searchsorted(line.t_s, [area.t0, area.t1])
    part = slice(max(int(low) - 1, 0), int(high) + 1)
    values = np.clip((line.mean + side * line.half)[part], area.low, area.high)
    x = area.x + (line.t_s[part] - area.t0) / (area.t1 - area.t0) * area.w
    y = area.y + area.h - (values - area.low) / (area.high - area.low) * area.h
    return x * s, y * s


def _mean_band(canvas: Canvas, line: MeanLine, area: Area) -> None:
    colour = QColor(side_colours(canvas.tokens, line.side)[0])
    colour.setAlpha(48)
    canvas.painter.setPen(Qt.PenStyle.NoPen)
    canvas.painter.setBrush(colour)
    (x, top), (_, foot) = (_curve(canvas, line, area, side) for side in (1.0, -1.0))
    outline = (np.concatenate([x, x[::-1]]), np.concatenate([top, foot[::-1]]))
    canvas.painter.drawPolygon(pg.functions.arrayToQPolygonF(*outline))


def _mean_line(canvas: Canvas, line: MeanLine, area: Area) -> None:
    tokens, s = canvas.tokens, canvas.scale
    _, ink = side_colours(tokens, line.side)
    x, y = _curve(canvas, line, area, 0.0)
    pen = QPen(QColor(ink), 3.2 * s)
    if line.side is Side.RIGHT:
        pen.setDashPattern([3.2, 1.6])
    canvas.painter.setPen(pen)
    canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
    canvas.painter.drawPolyline(pg.functions.arrayToQPolygonF(x, y))
    canvas.side(line.side, x[-1] / s, y[-1] / s, 17)


def _feedback(canvas: Canvas, shown: Overview, area: Area, t: Texts) -> None:
    """Paint the feedback line, stretch by stretch, with its value where it begins; beyond the axis only the value."""
    tokens, s = canvas.tokens, canvas.scale
    before: tuple[float, float] | None = None
    for span, line_g in shown.feedback:
        x0, x1 = max(area.px(span.start_s), area.x), min(area.px(span.end_s), area.x + area.w)
        inside, y = area.low <= line_g <= area.high, area.py(line_g)
        pen = QPen(QColor(tokens.ink), 1.5 * s)
        pen.setDashPattern([6.0, 4.0])
        canvas.painter.setPen(pen)
        if before is not None and before[0] == span.start_s and area.x <= x0:
            canvas.painter.drawLine(QPointF(x0 * s, area.py(before[1]) * s), QPointF(x0 * s, y * s))
        before = (span.end_s, line_g)
        if x1 <= x0:
            continue
        if inside:
            canvas.painter.drawLine(QPointF(x0 * s, y * s), QPointF(x1 * s, y * s))
        words = t("review.line_at", value=number(line_g, 2, t.language))
        width = canvas.width_of(words, 15)
        if width + 16 <= x1 - x0:
            foot = y - 7 if y - 26 > area.y else y + 20
            canvas.box(x0 + 4, foot - 15, width + 8, 20, fill=tokens.panel)
            canvas.text(x0 + 8, foot, words, 15, tokens.ink2)


def _cues(canvas: Canvas, shown: Overview, area: Area) -> None:
    """Blocks of the cue tests as brackets at the top."""
    tokens = canvas.tokens
    for band in shown.cues:
        x0, x1 = area.px(band.start_s) + 2, area.px(band.end_s) - 2
        if x1 < area.x or x0 > area.x + area.w:
            continue
        y = area.y + 10
        canvas.line(x0, y, x1, y, tokens.ink, 3.0)
        for x in (x0, x1):
            canvas.line(x, y - 6, x, y + 6, tokens.ink, 2.0)
        left, right = max(x0, area.x), min(x1, area.x + area.w)  # the word stays in view
        canvas.text(
            (left + right) / 2, y + 22, band.text, 15, tokens.ink, bold=band.running, align="center", width=right - left
        )


def _gaps(canvas: Canvas, shown: Overview, area: Area, t: Texts) -> None:
    tokens = canvas.tokens
    for gap in shown.gaps:
        seconds = gap.end_s - gap.start_s
        if seconds < _SHORT_GAP_S and area.t1 - area.t0 > STEMS_BELOW_S:
            continue
        x0 = area.px(gap.start_s)
        w = max(area.px(gap.end_s) - x0, 4.0)
        canvas.box(x0, area.y, w, area.h, fill=tokens.panel)
        draw_hatch(canvas, x0, area.y, w, area.h)
        if seconds >= 1.0 or area.t1 - area.t0 < STEMS_BELOW_S:
            words = t("word.no_data_s", seconds=number(seconds, 1, t.language))
            _tag(canvas, x0 + w / 2, area.y + 20, words, tokens.ink)


def _tag(canvas: Canvas, x: float, middle: float, text: str, ink: str) -> None:
    """Paint a word in a small box around a centre."""
    width = canvas.width_of(text, 16) + 20
    canvas.box(x - width / 2, middle - 14, width, 27, fill=canvas.tokens.panel, edge=canvas.tokens.ink3, radius=3)
    canvas.text(x, middle + 6, text, 16, ink, align="center")


def _marks(canvas: Canvas, shown: Overview, area: Area) -> None:
    tokens, s = canvas.tokens, canvas.scale
    count = 0
    for mark, text in zip(shown.marks, shown.labels, strict=True):
        x = area.px(mark.time_s)
        if mark.kind == "mark":
            count += 1
        if not area.x - 40 <= x <= area.x + area.w:
            continue
        pen = QPen(QColor(tokens.ink2), 1.8 * s)
        pen.setDashPattern([1.0, 2.4])
        canvas.painter.setPen(pen)
        canvas.painter.drawLine(QPointF(x * s, area.y * s), QPointF(x * s, (area.y + area.h) * s))
        if mark.kind == "swap_sides":
            canvas.icon("swap", x + 12, area.y + area.h - 13, 17, tokens.ink2)
            continue
        label = text if mark.kind == "note" or text else str(count)
        width = min(canvas.width_of(label, 15, bold=True) + 14, 280.0)
        canvas.box(x, area.y + area.h - 25, width, 24, fill=tokens.ink2)
        canvas.text(x + 7, area.y + area.h - 8, label, 15, tokens.panel, bold=True, width=width - 12)
