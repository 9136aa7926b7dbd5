"""The live trace: vertical acceleration raw and low-passed, contacts, toe-offs, gaps, and contact bars in two lanes."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from typing_extensions import override

from gui.look import Look
from gui.numbers import number
from gui.paint import Canvas, font, hatch, side_colours
from gui.plots.base import PlotBase
from gui.plots.curves import Curves
from gui.scroll_back import VIEW_SECONDS
from gui.shown import GapShown, PlotShown, StepMark
from imu.types import FloatArray, Side, Snapshot

TRACE_SECONDS: Final = VIEW_SECONDS
_TOPS: Final = (5.0, 8.0, 12.0, 17.0)
"""Upper ends of the g axis; the smallest that holds the newest seconds is used."""
_LANES: Final = 66.0
_LANE_GAP: Final = 18.0
_MOST_SPRITES: Final = 400


class TracePlot(PlotBase):
    """Raw and 10 Hz vertical acceleration of the newest seconds, with events.

    Feed it with `set_plot` (from the view model) or `set_snapshot` (signals alone, as a benchmark does).
    """

    MARGINS = (76.0, 12.0, 28.0, 48.0 + _LANES + _LANE_GAP)

    def __init__(self, look: Look, seconds: float = TRACE_SECONDS) -> None:
        self.seconds = seconds
        self.shown = PlotShown()
        self._t_rel: FloatArray = np.empty(0)
        self._sprites: dict[tuple[object, ...], QPixmap] = {}
        super().__init__(look, (-seconds, 0.0), (-1.0, _TOPS[0]))
        self.curves = Curves(2)
        self.restyle()

    def restyle(self) -> None:
        """Take over colours and language."""
        self._sprites.clear()
        super().restyle()
        if hasattr(self, "curves"):
            tokens = self.look.tokens
            self.curves.set_pens([(tokens.raw, False), (tokens.ink, True)])

    def place(self) -> None:
        """Recompute the plot area from size, scale and margins."""
        super().place()
        if hasattr(self, "curves"):
            self.curves.place(self.area, self.x_range, self.y_range, self.devicePixelRatioF())

    @override
    def paint_ground(self, painter: QPainter, exposed: QRectF) -> None:
        self.curves.paint(painter, exposed, self.backdrop())

    @override
    def moving(self) -> QRectF:
        return QRectF(self.area.left(), 0.0, self.area.width(), self._lane_top() + _LANES * self.scale + 1.0)

    # -- data --------------------------------------------------------------------------------------------------------

    def set_snapshot(self, snapshot: Snapshot) -> None:
        """Show signals without steps."""
        now = float(snapshot.t_s[-1]) if len(snapshot.t_s) else 0.0
        self.set_plot(PlotShown(now_s=now, t_s=snapshot.t_s, raw_g=snapshot.acc_is_g, load_g=snapshot.load_g))

    def set_plot(self, shown: PlotShown) -> None:
        """Show the newest seconds."""
        ground_changed = (shown.line_g, shown.edge) != (self.shown.line_g, self.shown.edge)
        self.shown = shown
        t, raw, load = shown.t_s, shown.raw_g, shown.load_g
        if t is None or raw is None or load is None or len(t) < 2:
            self._t_rel = np.empty(0)
            self.curves.set_data(np.empty(0), [np.empty(0), np.empty(0)])
        else:
            start = int(np.searchsorted(t, shown.now_s - self.seconds - 0.1))
            self._t_rel = t[start:] - shown.now_s
            rate = (len(t) - 1) / max(float(t[-1] - t[0]), 1e-9)
            self._fit(raw[start:])
            first = round(float(t[start]) * rate) if start < len(t) else 0
            self.curves.set_data(self._t_rel, [raw[start:], load[start:]], first)
        if ground_changed:
            self.redraw_back()
        self.front.update()

    def _fit(self, raw: FloatArray) -> None:
        highest = float(np.fmax.reduce(raw)) if len(raw) else math.nan
        lowest = float(np.fmin.reduce(raw)) if len(raw) else math.nan
        top = next((t for t in _TOPS if not highest > t), _TOPS[-1])
        bottom = -1.0 if not lowest < -1.0 else -2.0 if lowest > -2.0 else -4.0
        if (bottom, top) != self.y_range:
            self.y_range = (bottom, top)
            self.place()

    # -- painting ----------------------------------------------------------------------------------------------------

    def paint_back(self, canvas: Canvas) -> None:
        """Paint grid, axes and the ground of the lanes."""
        tokens, s, area = self.look.tokens, self.scale, self.area
        texts, language = self.look.texts, self.look.texts.language
        left, right = area.left() / s, area.right() / s
        bottom, top = self.y_range
        step = 1.0 if top - bottom <= 7.0 else 2.0
        value = bottom
        while value <= top + 1e-9:
            y = self.py(value) / s
            strong = abs(value) < 1e-9
            canvas.line(left, y, right, y, tokens.ink3 if strong else tokens.grid, 1.0)
            label = number(value, 0, language)
            if value == top:
                label = f"{label} {texts('unit.g')}"
            canvas.text(left - 12, y + 6, label, 18, tokens.ink2, align="right")
            value += step
        lane = self._lane_top() / s
        canvas.box(left, lane, right - left, _LANES, fill=tokens.sub)
        for word, offset in (("word.lane_left", 22.0), ("word.lane_right", 54.0)):
            canvas.text(left - 12, lane + offset, texts(word), 18, tokens.ink2, bold=True, align="right")
        base = lane + _LANES + 28
        for second in range(-int(self.seconds), 1):
            x = self.px(float(second)) / s
            if second == 0:
                canvas.text(right, base, self.shown.edge or texts("word.now"), 18, tokens.ink2, align="right")
                continue
            label = texts("unit.seconds", n=number(float(second), 0, language))
            align = "left" if second == -int(self.seconds) else "center"
            canvas.text(x, base, label, 18, tokens.ink2, align=align)
            canvas.line(x, area.top() / s, x, area.bottom() / s, tokens.grid, 1.0)
        line = self.shown.line_g
        if line is not None and bottom < line < top:
            pen = QPen(QColor(tokens.ink), max(1.5 * s, 1.0))
            pen.setDashPattern([6.0, 4.0])
            canvas.painter.setPen(pen)
            canvas.painter.drawLine(QLineF(area.left(), self.py(line), area.right(), self.py(line)))

    def _lane_top(self) -> float:
        return self.area.bottom() + _LANE_GAP * self.scale

    def paint_front(self, canvas: Canvas) -> None:
        """Paint gaps, contacts, toe-offs, lanes and marks."""
        painter, s = canvas.painter, self.scale
        lanes_bottom = self._lane_top() + _LANES * s
        painter.save()
        painter.setClipRect(self.moving())
        now = self.shown.now_s
        for gap in self.shown.gaps:
            self._paint_gap(canvas, gap, lanes_bottom)
        for mark in self.shown.marks:
            self._paint_mark(canvas, mark.time_s - now, mark.text)
        for step in self.shown.steps:
            if step.ic_s >= now - self.seconds - 1.0:
                self._paint_step(painter, step)
        painter.restore()

    def _paint_gap(self, canvas: Canvas, gap: GapShown, bottom: float) -> None:
        painter, s, tokens = canvas.painter, self.scale, self.look.tokens
        x0 = max(self.px(gap.start_s - self.shown.now_s), self.area.left())
        x1 = min(self.px(gap.end_s - self.shown.now_s), self.area.right())
        if x1 <= self.area.left() or x0 >= self.area.right():
            return
        x1 = max(x1, x0 + 2.0)
        rect = QRectF(x0, self.area.top(), x1 - x0, bottom - self.area.top())
        painter.fillRect(rect, QColor(tokens.panel))
        painter.drawTiledPixmap(rect, hatch(tokens.hatch))
        painter.setPen(QPen(QColor(tokens.ink2), max(1.5 * s, 1.0)))
        painter.drawLine(QLineF(x0, rect.top(), x0, rect.bottom()))
        painter.drawLine(QLineF(x1, rect.top(), x1, rect.bottom()))
        width = canvas.width_of(gap.text, 18, bold=True) + 24
        middle = (x0 + x1) / 2.0 / s
        left, right = self.area.left() / s, self.area.right() / s
        x = min(max(middle - width / 2.0, left + 4), right - width - 4)
        y = self.area.top() / s + 8
        canvas.box(x, y, width, 34, fill=tokens.panel, edge=tokens.ink3, radius=4)
        canvas.text(x + width / 2.0, y + 24, gap.text, 18, tokens.ink, bold=True, align="center")

    def _paint_mark(self, canvas: Canvas, at: float, text: str) -> None:
        painter, s, tokens = canvas.painter, self.scale, self.look.tokens
        x = self.px(at)
        pen = QPen(QColor(tokens.ink), max(2.0 * s, 1.0), Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.drawLine(QLineF(x, self.area.top(), x, self.area.bottom()))
        width = canvas.width_of(text, 16) + 16
        canvas.box(x / s + 4, self.area.top() / s + 46, width, 28, fill=tokens.panel, edge=tokens.ink3, radius=4)
        canvas.text(x / s + 12, self.area.top() / s + 66, text, 16, tokens.ink)

    def _value_at(self, t_rel: float) -> float:
        load = self.shown.load_g
        if load is None or not len(self._t_rel):
            return math.nan
        i = int(np.searchsorted(self._t_rel, t_rel))
        i = min(i, len(self._t_rel) - 1)
        return float(load[len(load) - len(self._t_rel) + i])

    def _paint_step(self, painter: QPainter, step: StepMark) -> None:
        s, tokens, now = self.scale, self.look.tokens, self.shown.now_s
        _, ink = side_colours(tokens, step.side)
        at = step.ic_s - now
        x = self.px(at)
        lane_height = _LANES * s / 2.0
        lane = self._lane_top() + {Side.LEFT: 0.0, Side.RIGHT: 1.0}.get(step.side, 0.5) * lane_height
        value = self._value_at(at)
        if math.isfinite(x):
            y = self.py(value) if math.isfinite(value) else self.py(0.0)
            drop, length = self._drop(ink), round(lane + lane_height * 0.2) - round(y)
            ratio = drop.devicePixelRatio()
            if length > 0:
                painter.drawPixmap(
                    QPointF(round(x - drop.width() / ratio / 2.0), round(y)),
                    drop,
                    QRectF(0.0, 0.0, drop.width(), length * ratio),
                )
            glyph = self.glyph(step.side)
            half = glyph.width() / glyph.devicePixelRatio() / 2.0
            painter.drawPixmap(QPointF(x - half, y - half), glyph)
        if math.isfinite(step.tc_s):
            x_off = self.px(step.tc_s - now)
            value = self._value_at(step.tc_s - now)
            y = self.py(value) if math.isfinite(value) else self.py(0.0)
            toe = self._toe()
            half = toe.width() / toe.devicePixelRatio() / 2.0
            painter.drawPixmap(QPointF(round(x_off - half), round(y - half)), toe)
            if math.isfinite(x):
                width, height = max(round(x_off - x), 1), max(round(0.72 * lane_height), 1)
                painter.drawPixmap(QPointF(round(x), round(lane + 0.14 * lane_height)), self._bar(step, width, height))

    # What looks the same in every frame is painted once: text and dots cost more than the curves.

    def _drop(self, ink: str) -> QPixmap:
        """Return the dotted line under a contact, longer than any of them."""
        drop, fresh = self._sprite(("drop", ink), math.ceil(1.5 * self.scale) + 2, self.moving().height())
        if fresh:
            pen = QPen(QColor(ink), max(1.5 * self.scale, 1.0))
            pen.setDashPattern([1.5, 2.5])
            middle = drop.width() / drop.devicePixelRatio() / 2.0
            self._paint_lines(drop, pen, QLineF(middle, 0.0, middle, self.moving().height()))
        return drop

    def _toe(self) -> QPixmap:
        """Return the mark of a toe-off, its middle in the middle."""
        s = self.scale
        size = 2 * math.ceil(10.5 * s) + 1
        toe, fresh = self._sprite(("toe",), size, size)
        if fresh:
            m = toe.width() / toe.devicePixelRatio() / 2.0
            pen = QPen(QColor(self.look.tokens.ink), max(2.0 * s, 1.0))
            bar = QLineF(m - 7 * s, m - 9 * s, m + 7 * s, m - 9 * s)
            self._paint_lines(toe, pen, bar, QLineF(m, m - 9 * s, m, m + 9 * s))
        return toe

    @staticmethod
    def _paint_lines(picture: QPixmap, pen: QPen, *lines: QLineF) -> None:
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.drawLines(lines)
        painter.end()

    def _sprite(self, key: tuple[object, ...], width: float, height: float) -> tuple[QPixmap, bool]:
        key = (*key, self.scale, self.devicePixelRatioF())
        known = self._sprites.get(key)
        if known is not None:
            return known, False
        if len(self._sprites) > _MOST_SPRITES:
            self._sprites.clear()
        ratio = self.devicePixelRatioF()
        made = QPixmap(max(math.ceil(width * ratio), 1), max(math.ceil(height * ratio), 1))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        self._sprites[key] = made
        return made, True

    def _bar(self, step: StepMark, width: int, height: int) -> QPixmap:
        label = number(step.contact_ms, 0, self.look.texts.language) if math.isfinite(step.contact_ms) else ""
        bar, fresh = self._sprite((step.side, width, height, label), width + 1, height + 1)
        if fresh:
            painter = QPainter(bar)
            self._paint_bar(painter, step.side, label, QRectF(0.5, 0.5, width, height))
            painter.end()
        return bar

    def _paint_bar(self, painter: QPainter, side: Side, label: str, rect: QRectF) -> None:
        tokens = self.look.tokens
        fill, ink = side_colours(tokens, side)
        painter.setPen(QPen(QColor(ink), 1.0))
        painter.setBrush(QColor(fill))
        painter.drawRect(rect)
        face, metrics = font(self.look.family, round(15 * self.scale), True)
        if not label or metrics.horizontalAdvance(label) + 4 > rect.width():
            return
        on = {Side.LEFT: tokens.on_left, Side.RIGHT: tokens.on_right}.get(side, tokens.panel)
        painter.setFont(face)
        painter.setPen(QColor(on))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), label)
