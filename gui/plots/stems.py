"""Each step of the last 20 s as a stem above standing (1 g), against a feedback line that the therapist drags."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from typing_extensions import override

from gui.live_state import PLOT_SECONDS
from gui.look import Look
from gui.numbers import number
from gui.paint import Canvas, hatch, side_colours
from gui.plots.base import PlotBase
from gui.plots.flag import LineFlag
from gui.shown import GapShown, PlotShown, StepMark
from imu.types import Side

STANDING_G: Final = 1.0
_LOWEST_TOP_G: Final = 3.5
SHORT_GAP_S: Final = 0.2
"""Shorter gaps are hatched without words: those would cover more steps than were lost."""
_STEM_S: Final = 0.18
"""Widest stem on the axis of time: half of a quick step, so that two do not touch."""
_GRAB_PX: Final = 10.0


class StemPlot(PlotBase):
    """Stems of the newest steps with the feedback line.

    Signals
    -------
    line_moved : float or None
        The user moved the line (g) or removed it.
    """

    MARGINS = (84.0, 46.0, 172.0, 52.0)
    line_moved = Signal(object)

    def __init__(self, look: Look) -> None:
        self.shown = PlotShown()
        self.line_g: float | None = None
        self._dragging = False
        super().__init__(look, (-PLOT_SECONDS - 0.25, 0.25), (STANDING_G, _LOWEST_TOP_G))
        self.flag = LineFlag(look, self)
        self.flag.dragged.connect(self._flag_dragged)
        self.flag.stepped.connect(self._flag_stepped)
        self.flag.removed.connect(lambda: self._user_line(None))
        self.setMouseTracking(True)

    # -- data --------------------------------------------------------------------------------------------------------

    def set_plot(self, shown: PlotShown) -> None:
        """Show the newest steps."""
        self.shown = shown
        if shown.line_g != self.line_g and not self._dragging:
            self._show_line(shown.line_g)
        self._fit()
        self.front.update()

    def _fit(self) -> None:
        oldest = self.shown.now_s - PLOT_SECONDS
        loads = [m.load_g for m in self.shown.steps if m.load_s >= oldest and math.isfinite(m.load_g)]
        # a spike does not squeeze the others: beyond twice the middle value it is cut and marked
        middle = sorted(loads)[len(loads) // 2] if loads else 0.0
        highest = max([min(v, 2.0 * middle) for v in loads] + [self.line_g or 0.0, _LOWEST_TOP_G - 0.25])
        top = math.ceil((highest + 0.2) * 2.0) / 2.0
        low, high = self.y_range
        if top > high or top < high - 0.75:  # shrink late, so that the axis does not flutter
            self.y_range = (low, top)
            self.redraw_back()
            self._place_flag()

    def place(self) -> None:
        """Recompute the plot area from size, scale and margins."""
        super().place()
        self._place_flag()

    @override
    def moving(self) -> QRectF:
        # up to the flag, so that it is not painted with every frame; Qt adds two pixels on each side
        left, right = self.area.left() - 4, math.floor(self.area.right() + 4 * self.scale) - 3
        return QRectF(left, 0.0, right - left, self.area.bottom() + 1)

    def restyle(self) -> None:
        """Take over colours and language."""
        super().restyle()
        if hasattr(self, "flag"):
            self.flag.restyle()

    # -- feedback line -----------------------------------------------------------------------------------------------

    def _show_line(self, value_g: float | None) -> None:
        self.line_g = value_g
        self.redraw_back()
        self.front.update()
        self._place_flag()

    def _user_line(self, value_g: float | None) -> None:
        if value_g is not None:
            value_g = round(min(max(value_g, 1.1), 15.0) * 20.0) / 20.0
        if value_g != self.line_g:
            self._show_line(value_g)
            self.line_moved.emit(value_g)

    def _flag_dragged(self, y: float, done: bool) -> None:
        self._dragging = not done
        low, high = self.y_range
        y = min(max(y, self.area.top()), self.area.bottom())
        self._user_line(low + (self.area.bottom() - y) / self.area.height() * (high - low))

    def _flag_stepped(self, steps: int) -> None:
        start = self.line_g if self.line_g is not None else self.y_range[1] - 0.5
        self._user_line(start if self.line_g is None else start + 0.05 * steps)

    def _place_flag(self) -> None:
        if hasattr(self, "flag"):
            y = self.area.top() + 8 * self.scale if self.line_g is None else self.py(self.line_g)
            self.flag.place(self.area.right() + 4 * self.scale, y, self.scale, self.line_g)

    def _near_line(self, event: QMouseEvent) -> bool:
        p = event.position()
        if self.line_g is None or not self.area.left() <= p.x() <= self.width():
            return False
        return abs(p.y() - self.py(self.line_g)) <= _GRAB_PX

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._near_line(event):
            self._dragging = True

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._flag_dragged(event.position().y(), done=False)
        shape = Qt.CursorShape.SizeVerCursor if self._dragging or self._near_line(event) else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._flag_dragged(event.position().y(), done=True)

    # -- painting ----------------------------------------------------------------------------------------------------

    def paint_back(self, canvas: Canvas) -> None:
        """Paint grid, axes, and the hatched zone above the line."""
        tokens, s, area = self.look.tokens, self.scale, self.area
        texts, language = self.look.texts, self.look.texts.language
        left, right = area.left() / s, area.right() / s
        low, high = self.y_range
        if self.line_g is not None and self.line_g < high:
            zone = QRectF(area.left(), area.top(), area.width(), self.py(self.line_g) - area.top())
            canvas.painter.setOpacity(0.5)
            canvas.painter.drawTiledPixmap(zone, hatch(tokens.hatch))
            canvas.painter.setOpacity(1.0)
        half_steps = round((high - low) * 2.0)
        for i in range(1, half_steps + 1):
            y = self.py(low + 0.5 * i) / s
            canvas.line(left, y, right, y, tokens.grid, 1.0)
        every = 1 if high - low <= 4.0 else 2
        value = low
        while value <= high + 1e-9:
            y = self.py(value) / s
            canvas.text(left - 16, y + 8, number(value, 1, language), 24, tokens.ink2, align="right")
            value += every
        canvas.text(left - 16, area.top() / s - 22, texts("unit.g"), 24, tokens.ink2, align="right")
        base = area.bottom() / s
        canvas.line(left, base, right, base, tokens.ink3, 2.0)
        canvas.text(right + 14, base - 10, texts("word.standing"), 22, tokens.ink3, width=self.MARGINS[2] - 18)
        for second in (-20, -15, -10, -5, 0):
            x = self.px(float(second)) / s
            label = texts("unit.seconds", n=number(float(second), 0, language)) if second else texts("word.now")
            canvas.text(x, base + 36, label, 24, tokens.ink2, align="center")

    def paint_front(self, canvas: Canvas) -> None:
        """Paint gaps, stems, marks and the line."""
        painter, area = canvas.painter, self.area
        painter.save()
        painter.setClipRect(QRectF(area.left() - 4, 0.0, area.width() + 8, area.bottom() + 1))
        for gap in self.shown.gaps:
            self._paint_gap(canvas, gap)
        for mark in self.shown.marks:
            self._paint_mark(canvas, mark.time_s - self.shown.now_s, mark.text)
        tokens = self.look.tokens
        inks = {side: side_colours(tokens, side) for side in Side}
        colours = {side: (QColor(fill), QColor(ink)) for side, (fill, ink) in inks.items()}
        seen = [place for step in self.shown.steps if (place := self._place_of(painter, step)) is not None]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for step, x, y in seen:
            self._paint_stem(painter, step, x, y, *colours[step.side])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for step, x, y in seen:
            self._paint_tip(painter, step, x, y)
        if self.line_g is not None and self.line_g <= self.y_range[1]:
            y = self.py(self.line_g)
            painter.setPen(QPen(QColor(self.look.tokens.ink), max(3.0 * self.scale, 1.5)))
            painter.drawLine(QLineF(area.left(), y, area.right() + 4, y))
        self._paint_gap_words(canvas)
        painter.restore()

    def _place_of(self, painter: QPainter, step: StepMark) -> tuple[StepMark, float, float] | None:
        """Return where the tip of a step's stem is; None = it has none, or lies outside."""
        if step.walking and math.isfinite(step.ic_s):
            # a walking step has no load: a short tick says that it was seen
            x, base = self.px(step.ic_s - self.shown.now_s), self.area.bottom()
            painter.setPen(QPen(QColor(self.look.tokens.ink3), max(2.0 * self.scale, 1.0)))
            painter.drawLine(QLineF(x, base - 14 * self.scale, x, base))
            return None
        if not math.isfinite(step.load_g) or not math.isfinite(step.load_s):
            return None
        at = step.load_s - self.shown.now_s
        if at < self.x_range[0] or at > self.x_range[1]:
            return None
        return step, self.px(at), self.py(min(step.load_g, self.y_range[1]))

    def _paint_stem(self, painter: QPainter, step: StepMark, x: float, y: float, fill: QColor, ink: QColor) -> None:
        second = self.area.width() / (self.x_range[1] - self.x_range[0])
        width = max(round(min(7.0 * self.scale, _STEM_S * second)), 3)  # narrower beside the table
        stem = QRectF(round(x - width / 2.0), y, width, max(self.area.bottom() - y, 0.0))
        if step.flagged:
            painter.setPen(QPen(ink, 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(stem)
        else:
            painter.fillRect(stem, ink)
            painter.fillRect(stem.adjusted(1, 0, -1, 0), fill)

    def _paint_tip(self, painter: QPainter, step: StepMark, x: float, y: float) -> None:
        glyph, s = self.glyph(step.side, hollow=step.flagged), self.scale
        half = glyph.width() / glyph.devicePixelRatio() / 2.0
        painter.drawPixmap(QPointF(x - half, y - half), glyph)
        if step.load_g > self.y_range[1]:
            painter.setPen(QPen(QColor(self.look.tokens.ink), max(2.0 * s, 1.0)))
            tip = self.area.top() - 14 * s
            painter.drawLine(QLineF(x - 6 * s, tip + 7 * s, x, tip))
            painter.drawLine(QLineF(x + 6 * s, tip + 7 * s, x, tip))

    def _paint_gap(self, canvas: Canvas, gap: GapShown) -> None:
        painter, s, tokens = canvas.painter, self.scale, self.look.tokens
        x0 = max(self.px(gap.start_s - self.shown.now_s), self.area.left())
        x1 = min(self.px(gap.end_s - self.shown.now_s), self.area.right())
        if x1 <= self.area.left() or x0 >= self.area.right():
            return
        x1 = max(x1, x0 + 2.0)
        rect = QRectF(x0, self.area.top(), x1 - x0, self.area.height())
        painter.fillRect(rect, QColor(tokens.panel))
        painter.drawTiledPixmap(rect, hatch(tokens.hatch))
        painter.setPen(QPen(QColor(tokens.ink2), max(1.5 * s, 1.0)))
        painter.drawLine(QLineF(x0, rect.top(), x0, rect.bottom()))
        painter.drawLine(QLineF(x1, rect.top(), x1, rect.bottom()))

    def _paint_gap_words(self, canvas: Canvas) -> None:
        """Say how long the gaps were, the longest first, none over another; short ones only in the events."""
        s, tokens = self.scale, self.look.tokens
        left, right, y = self.area.left() / s, self.area.right() / s, self.area.bottom() / s - 60
        taken: list[tuple[float, float]] = []
        for gap in sorted(self.shown.gaps, key=lambda g: g.start_s - g.end_s):
            x0, x1 = (self.px(t - self.shown.now_s) / s for t in (gap.start_s, gap.end_s))
            if gap.end_s - gap.start_s < SHORT_GAP_S or x1 <= left or x0 >= right:
                continue
            width = canvas.width_of(gap.text, 22, bold=True) + 24
            x = min(max((max(x0, left) + min(x1, right)) / 2.0 - width / 2.0, left + 4), right - width - 4)
            if any(x < b and x + width > a for a, b in taken):
                continue
            taken.append((x, x + width))
            canvas.box(x, y, width, 40, fill=tokens.panel, edge=tokens.ink3, radius=4)
            canvas.text(x + width / 2.0, y + 28, gap.text, 22, tokens.ink, bold=True, align="center")

    def _paint_mark(self, canvas: Canvas, at: float, text: str) -> None:
        painter, s, tokens = canvas.painter, self.scale, self.look.tokens
        x = self.px(at)
        if not self.area.left() <= x <= self.area.right():
            return
        painter.setPen(QPen(QColor(tokens.ink), max(2.0 * s, 1.0), Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(x, self.area.top(), x, self.area.bottom()))
        width = canvas.width_of(text, 20) + 18
        left = min(max(x / s - width / 2.0, self.area.left() / s), self.area.right() / s - width)
        canvas.box(left, self.area.top() / s - 36, width, 32, fill=tokens.sub, edge=tokens.ink3, radius=4)
        canvas.text(left + width / 2.0, self.area.top() / s - 13, text, 20, tokens.ink, align="center")
