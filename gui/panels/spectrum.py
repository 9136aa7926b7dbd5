"""The card of the spectrum: density over frequency with decades as lines, and bands of 5 Hz as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from gui.look import Look
from gui.numbers import number
from gui.paint import Canvas
from gui.panels.card import Card
from gui.panels.table import PlotTable
from gui.shown import SpectrumShown

_TABLE: Final = 214.0
_DECADES: Final = (-5, 1)
"""Powers of ten at the lower and the upper edge: a runner at the pelvis fills 1e-4 to 1 g2/Hz."""
_HIGHEST_HZ: Final = 50.0


class SpectrumCard(Card[SpectrumShown]):
    """How the vertical acceleration of the newest seconds is spread over frequency."""

    DESIGN = (644.0, 438.0)

    def __init__(self, look: Look, content: SpectrumShown, parent: QWidget | None = None) -> None:
        super().__init__(look, content, parent)
        self.table = PlotTable(look, self, shares=(0.3, 0.35, 0.35))
        self.restyle()

    def describe(self) -> None:
        """Say the content to screen readers, and fill the table."""
        c = self.content
        self.setAccessibleName(c.title)
        self.setAccessibleDescription(", ".join(w for w in (c.note, c.step) if w))
        if hasattr(self, "table"):
            self.table.setAccessibleName(c.title)
            self.table.set_rows(c.heads, c.rows)

    def restyle(self) -> None:
        """Take over colours, language and size."""
        super().restyle()
        self.arrange()

    def arrange(self) -> None:
        """Lay the table beside the plot."""
        if hasattr(self, "table"):
            left, height = self.design_width - _TABLE - 20, self.design_height - 66 - 20
            self.table.place(left, 66, _TABLE, height, self.scale)

    def data(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return headings and rows of what is shown now."""
        return self.content.heads, self.content.rows

    def paint_content(self, canvas: Canvas) -> None:
        """Paint grid, curve and words."""
        c, tokens = self.content, self.look.tokens
        area = QRectF(76.0, 74.0, self.design_width - _TABLE - 76 - 52, self.design_height - 74 - 92)
        self._paint_grid(canvas, area)
        if c.frequency_hz is None or c.density_g2_hz is None:
            canvas.paragraph(
                area.left() + 12, area.center().y(), area.width() - 24, c.empty, 18, tokens.ink3, centred=True
            )
            return
        painter, s = canvas.painter, canvas.scale
        if c.step_hz is not None and c.step_hz < _HIGHEST_HZ:
            x = area.left() + c.step_hz / _HIGHEST_HZ * area.width()
            pen = QPen(QColor(tokens.ink2), max(1.5 * s, 1.0), Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.drawLine(QPointF(x * s, area.top() * s), QPointF(x * s, area.bottom() * s))
            canvas.text(x + 8, area.top() + 20, c.step, 16, tokens.ink2, width=area.right() - x - 12)
        low, high = _DECADES
        lifted = np.log10(np.maximum(c.density_g2_hz[1:], 10.0**low))  # the line at 0 Hz is the mean, taken out
        x_px = (area.left() + c.frequency_hz[1:] / _HIGHEST_HZ * area.width()) * s
        y_px = (area.bottom() - (np.minimum(lifted, high) - low) / (high - low) * area.height()) * s
        path: QPainterPath = pg.arrayToQPath(x_px, y_px)
        painter.setPen(QPen(QColor(tokens.acc), max(2.0 * s, 1.5)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        canvas.text(24, self.design_height - 16, c.note, 15, tokens.ink3, width=area.right() - 24)

    def _paint_grid(self, canvas: Canvas, area: QRectF) -> None:
        tokens, texts = self.look.tokens, self.look.texts
        low, high = _DECADES
        for power in range(low, high + 1):
            y = area.bottom() - (power - low) / (high - low) * area.height()
            canvas.line(area.left(), y, area.right(), y, tokens.ink3 if power == low else tokens.grid, 1.0)
            label = number(10.0**power, max(-power, 0), texts.language)
            canvas.text(area.left() - 8, y + 5, label, 14, tokens.ink2, align="right")
        for hertz in range(0, int(_HIGHEST_HZ) + 1, 10):
            x = area.left() + hertz / _HIGHEST_HZ * area.width()
            canvas.line(x, area.top(), x, area.bottom(), tokens.grid, 1.0)
            canvas.text(x, area.bottom() + 22, str(hertz), 16, tokens.ink2, align="center")
        canvas.text(area.left(), area.bottom() + 46, self.content.axis, 15, tokens.ink3, width=area.width())
