"""The card of two sensors: their signals over each other, their numbers side by side, and what they say together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget

from gui.look import Look
from gui.numbers import number
from gui.paint import Canvas
from gui.panels.buttons import Button
from gui.panels.card import Card
from gui.panels.databutton import ROOM
from gui.panels.table import PlotTable
from gui.plots.decimate import min_max
from gui.shown import PairShown
from imu.types import FloatArray

_TOP: Final = 62.0
_LANE: Final = 62.0


class PairCard(Card[PairShown]):
    """Two sensors at once.

    Attributes
    ----------
    add : Button
        Adds a second sensor, or takes it away; whoever owns the run connects it.
    """

    DESIGN = (644.0, 438.0)

    def __init__(self, look: Look, content: PairShown, parent: QWidget | None = None) -> None:
        super().__init__(look, content, parent)
        self.table = PlotTable(look, self, left=frozenset({0}), shares=(0.3, 0.35, 0.35))
        self.add = Button(look, "outline", parent=self)
        self.restyle()

    def describe(self) -> None:
        """Say the content to screen readers, and fill the table."""
        c = self.content
        self.setAccessibleName(c.title)
        self.setAccessibleDescription(", ".join(w for w in (c.together, c.note, c.empty, c.hint) if w))
        if hasattr(self, "add"):
            self.table.setAccessibleName(c.title)
            self.table.setVisible(bool(c.rows))
            self.table.set_rows(c.heads, c.rows)

    def restyle(self) -> None:
        """Take over colours, language and size."""
        super().restyle()
        self.arrange()

    def arrange(self) -> None:
        """Lay table and button."""
        if not hasattr(self, "add"):
            return
        there = bool(self.content.rows)
        s, texts = self.scale, self.look.texts
        if there:
            self.add.set_words(texts("pair.remove"), texts("pair.remove_name"))
        else:
            self.add.set_words(texts("pair.add"))
        self.add.set_scale(s * (0.66 if there else 1.0))
        if there:
            self.add.move(round((self.design_width - 20 - ROOM) * s) - self.add.width(), round(14 * s))
        else:
            self.add.move(round(24 * s), round(258 * s))
        top = _TOP + 2 * _LANE + 8
        self.table.place(22, top, self.design_width - 44, self.design_height - top - 58, s, size=13.0)

    def set_content(self, content: PairShown) -> None:
        """Show something else."""
        changed = bool(content.rows) != bool(self.content.rows)
        super().set_content(content)
        if changed:
            self.arrange()

    def data(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return headings and rows of what is shown now."""
        return self.content.heads, self.content.rows

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the signals and the words around the table."""
        c, tokens, width = self.content, self.look.tokens, self.design_width
        if not c.rows:
            y = 110.0
            y += canvas.paragraph(24, y, width - 48, c.empty, 20, tokens.ink) + 10
            canvas.paragraph(24, y, width - 48, c.hint, 17, tokens.ink2)
            return
        for i, ((t, g), word) in enumerate(zip(c.traces, c.trace_words, strict=True)):
            area = QRectF(136.0, _TOP + i * _LANE, width - 136 - 24, _LANE - 8)
            canvas.text(24, area.center().y() + 6, word, 16, tokens.ink, bold=True, width=104)
            self._paint_trace(canvas, area, t, g, c.seconds)
        canvas.text(24, self.design_height - 36, c.together, 18, tokens.ink, bold=True, width=width - 48)
        canvas.text(24, self.design_height - 14, c.note, 14, tokens.ink3, width=width - 48)

    def _paint_trace(self, canvas: Canvas, area: QRectF, t: FloatArray, g: FloatArray, seconds: float) -> None:
        tokens, s, painter = self.look.tokens, canvas.scale, canvas.painter
        canvas.box(area.left(), area.top(), area.width(), area.height(), edge=tokens.grid)
        if len(t) < 2 or np.isnan(g).all():
            return
        low, high = min(float(np.nanmin(g)), 0.0), max(float(np.nanmax(g)), 2.0)
        x, y = min_max(t, g, 2000)
        x_px = (area.right() + x / seconds * area.width()) * s
        y_px = (area.bottom() - 2.0 - (y - low) / (high - low) * (area.height() - 4.0)) * s
        painter.setPen(QPen(QColor(tokens.acc), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(pg.arrayToQPath(x_px, y_px, connect="finite" if np.isnan(y_px).any() else "all"))
        scale = f"{number(high, 1, self.look.texts.language)} {self.look.texts('unit.g')}"
        canvas.text(area.left() - 6, area.top() + 11, scale, 13, tokens.ink3, align="right")
