"""The card of the newest steps laid over each other: thin lines, a bold mean per side, and the same as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from gui.look import Look
from gui.numbers import number
from gui.paint import Canvas, side_colours
from gui.panels.card import Card
from gui.panels.databutton import ROOM, DataButton
from gui.panels.table import PlotTable
from gui.shown import CurvesShown
from imu.types import FloatArray, Side

_TOPS: Final = (3.0, 4.0, 5.0, 6.0, 8.0, 12.0, 17.0)
_TABLE: Final = 266.0
_DASH: Final = {Side.RIGHT: [4.0, 2.5]}
"""The right side is dashed as well as orange."""


class CurvesCard(Card[CurvesShown]):
    """Vertical acceleration from contact to contact."""

    DESIGN = (580.0, 438.0)

    def __init__(self, look: Look, content: CurvesShown, parent: QWidget | None = None) -> None:
        super().__init__(look, content, parent)
        self.table = PlotTable(look, self, shares=(0.2, 0.4, 0.4))
        self.data_button = DataButton(look, self)
        self.restyle()

    def describe(self) -> None:
        """Say the content to screen readers, and fill the table."""
        c = self.content
        self.setAccessibleName(c.title)
        self.setAccessibleDescription(", ".join(w for w in (c.note, c.key, *c.heads[1:], c.remark) if w))
        if hasattr(self, "table"):
            self.data_button.say(c.title)
            self.table.setAccessibleName(f"{c.title}, {c.axis}")
            self.table.set_rows(c.heads, c.rows)

    def restyle(self) -> None:
        """Take over colours, language and size."""
        super().restyle()
        self.arrange()

    def arrange(self) -> None:
        """Lay the table beside the plot."""
        if hasattr(self, "table"):
            left, height = self.design_width - _TABLE - 16, self.design_height - 60 - 36
            self.table.place(left, 60, _TABLE, height, self.scale)
            self.data_button.place(self.design_width - 12, 34, self.scale)

    def data(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return headings and rows of what is shown now."""
        return self.content.heads, self.content.rows

    # -- painting ----------------------------------------------------------------------------------------------------

    def paint_content(self, canvas: Canvas) -> None:
        """Paint title, plot and legend."""
        c, tokens, width = self.content, self.look.tokens, self.design_width
        used = canvas.text(24, 40, c.title, 20, tokens.ink, bold=True)
        canvas.text(24 + used + 16, 40, c.note, 18, tokens.ink3, width=width - used - 64 - ROOM)
        area = QRectF(60.0, 66.0, width - _TABLE - 40 - 60, self.design_height - 66 - 104)
        curves = [s.curves for s in c.sides if len(s.curves)]
        low, high = _range(curves)
        self._paint_grid(canvas, area, low, high)
        if not curves:
            words = c.remark or c.empty
            canvas.paragraph(
                area.left() + 8, area.center().y(), area.width() - 16, words, 18, tokens.ink3, centred=True
            )
        painter = canvas.painter
        painter.save()
        painter.setClipRect(canvas.rect(area.left(), area.top(), area.width(), area.height()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for bold in (False, True):
            for side in c.sides:
                shown = side.curves if not bold else None if side.mean is None else side.mean[None, :]
                if shown is not None and len(shown):
                    painter.setPen(self._pen(side.side, canvas.scale, bold))
                    painter.drawPath(_lines(shown, area, low, high, canvas.scale))
        painter.restore()
        self._paint_legend(canvas, area)

    def _pen(self, side: Side, scale: float, bold: bool) -> QPen:
        tokens = self.look.tokens
        fill_colour, ink = side_colours(tokens, side)
        colour = QColor(ink if bold else fill_colour)
        if not bold:
            colour.setAlphaF(0.55)
        pen = QPen(colour, max(3.0 * scale, 2.0) if bold else 1.0)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if bold and side in _DASH:  # dashes of a hairline cost ten times a solid one, and cannot be told apart
            pen.setDashPattern(_DASH[side])
        return pen

    def _paint_grid(self, canvas: Canvas, area: QRectF, low: float, high: float) -> None:
        tokens, texts = self.look.tokens, self.look.texts
        step = 1.0 if high - low <= 7.0 else 2.0 if high - low <= 12.0 else 4.0
        value = low
        while value <= high + 1e-9:
            y = area.bottom() - (value - low) / (high - low) * area.height()
            canvas.line(area.left(), y, area.right(), y, tokens.grid if value else tokens.ink3, 1.0)
            label = number(value, 0, texts.language)
            if value + step > high + 1e-9:
                label = f"{label} {texts('unit.g')}"
            canvas.text(area.left() - 8, y + 6, label, 16, tokens.ink2, align="right")
            value += step
        for percent in (0, 50, 100):
            x = area.left() + area.width() * percent / 100.0
            canvas.line(x, area.top(), x, area.bottom(), tokens.grid, 1.0)
            word = f"{percent} {texts('unit.pct')}" if percent == 100 else str(percent)
            align = "right" if percent == 100 else "center"
            canvas.text(x, area.bottom() + 22, word, 16, tokens.ink2, align=align)
        canvas.text(area.left(), area.bottom() + 46, self.content.axis, 15, tokens.ink3, width=area.width())

    def _paint_legend(self, canvas: Canvas, area: QRectF) -> None:
        c, tokens, s = self.content, self.look.tokens, canvas.scale
        x, y = area.left(), area.bottom() + 74
        for side in c.sides:
            canvas.painter.setPen(self._pen(side.side, s, bold=True))
            canvas.painter.drawLine(QPointF(x * s, (y - 6) * s), QPointF((x + 36) * s, (y - 6) * s))
            canvas.side(side.side, x + 48, y - 6, 16)
            x += 62 + canvas.text(x + 62, y, side.word, 16, tokens.ink2) + 16
        canvas.text(
            self.design_width - 24, self.design_height - 14, c.key, 15, tokens.ink3, align="right", width=_TABLE
        )
        if c.remark and any(len(side.curves) for side in c.sides):
            canvas.text(24, self.design_height - 10, c.remark, 14, tokens.ink2, width=area.right() - 24)


def _range(curves: list[FloatArray]) -> tuple[float, float]:
    """Return the ends of the g axis: whole numbers that hold all curves."""
    if not curves:
        return -1.0, _TOPS[0]
    lowest = min(float(c.min()) for c in curves)
    highest = max(float(c.max()) for c in curves)
    return min(math.floor(lowest), -1.0), next((t for t in _TOPS if highest <= t), _TOPS[-1])


def _lines(curves: FloatArray, area: QRectF, low: float, high: float, scale: float) -> QPainterPath:
    """Return curves of shape (n, k) as one path; point by point would take three times as long."""
    n, k = curves.shape
    x = np.tile(np.linspace(area.left(), area.right(), k) * scale, n)
    y = (area.bottom() - (curves - low) / (high - low) * area.height()) * scale
    joined = np.ones((n, k), dtype=np.int32)
    joined[:, -1] = 0  # the last point of a curve is not joined to the first of the next
    path: QPainterPath = pg.arrayToQPath(x, y.ravel(), connect=joined.ravel())
    return path
