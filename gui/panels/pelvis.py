"""The card of the pelvis: a small figure per angle, its range, and its course within a stride.

Each figure is a plain outline seen from the side, from behind and from above. The wedge is what the mean stride sweeps,
to scale; the line is its mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from gui.look import Look
from gui.numbers import number
from gui.paint import Canvas
from gui.panels.card import Card
from gui.panels.table import PlotTable
from gui.shown import AngleShown, PelvisShown
from imu.types import Side

_TOP: Final = 58.0
_FIGURE: Final = (24.0, 132.0)
_WORDS: Final = 172.0
_PLOT: Final = 416.0
_TABLE: Final = 372.0
# outlines around a centre, in a box of -1 to 1; y down
_BONE: Final[dict[str, tuple[tuple[tuple[float, float], ...], ...]]] = {
    "tilt": (
        ((-0.42, -0.2), (-0.3, -0.5), (0.05, -0.62), (0.4, -0.45), (0.5, -0.12), (0.3, 0.12), (0.42, 0.42), (0.2, 0.72),
         (0.0, 0.5), (-0.12, 0.2)),
    ),
    "lean": (
        ((-0.08, -0.3), (-0.35, -0.55), (-0.72, -0.5), (-0.82, -0.2), (-0.6, 0.12), (-0.48, 0.5), (-0.25, 0.66),
         (-0.1, 0.4), (-0.2, 0.05)),
        ((0.08, -0.3), (0.35, -0.55), (0.72, -0.5), (0.82, -0.2), (0.6, 0.12), (0.48, 0.5), (0.25, 0.66), (0.1, 0.4),
         (0.2, 0.05)),
        ((-0.08, -0.3), (0.08, -0.3), (0.12, 0.1), (0.0, 0.34), (-0.12, 0.1)),
    ),
    "rotation": (
        ((-0.12, 0.1), (-0.4, 0.2), (-0.8, -0.05), (-0.72, -0.3), (-0.45, -0.2), (-0.15, 0.0)),
        ((0.12, 0.1), (0.4, 0.2), (0.8, -0.05), (0.72, -0.3), (0.45, -0.2), (0.15, 0.0)),
        ((-0.12, 0.0), (0.12, 0.0), (0.14, 0.26), (-0.14, 0.26)),
    ),
}  # fmt: skip


class PelvisCard(Card[PelvisShown]):
    """Tilt, obliquity and rotation of the pelvis within a stride."""

    DESIGN = (644.0, 438.0)

    def __init__(self, look: Look, content: PelvisShown, parent: QWidget | None = None) -> None:
        super().__init__(look, content, parent)
        self.table = PlotTable(look, self, shares=(0.16, 0.26, 0.32, 0.26))
        self.tabled = False
        self.show_table(False)

    def show_table(self, on: bool) -> None:
        """Show the courses as a table in the place of their drawing, or not."""
        self.tabled = on
        self.describe()
        self.arrange()
        self.update()

    def restyle(self) -> None:
        """Take over colours, language and size."""
        super().restyle()
        self.arrange()

    def arrange(self) -> None:
        """Lay the table where the courses are drawn."""
        if hasattr(self, "table"):
            width, height = self.design_width - _TABLE - 20, self.design_height - _TOP - 34
            self.table.place(_TABLE, _TOP, width, height, self.scale)

    def describe(self) -> None:
        """Say the content to screen readers."""
        c = self.content
        self.setAccessibleName(c.title)
        angles = "; ".join(f"{a.name} {a.range_word} {a.value} {a.half}, {a.mean} ({a.sign})" for a in c.angles)
        self.setAccessibleDescription(", ".join(w for w in (angles, c.note, c.empty, c.hint) if w))
        if hasattr(self, "tabled"):
            self.table.setAccessibleName(f"{c.title}, {self.look.texts('pelvis.table')}")
            self.table.setVisible(self.tabled and bool(c.rows))
            if self.tabled:
                self.table.set_rows(c.heads, c.rows)

    def data(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return headings and rows of what is shown now."""
        return self.content.heads, self.content.rows

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the angles, or why there are none."""
        c, tokens, width = self.content, self.look.tokens, self.design_width
        if not c.angles:
            y = 150.0
            y += canvas.paragraph(24, y, width - 48, c.empty, 20, tokens.ink) + 10
            canvas.paragraph(24, y, width - 48, c.hint, 18, tokens.ink2)
            return
        foot = 34.0
        pitch = (self.design_height - _TOP - foot) / len(c.angles)
        for i, angle in enumerate(c.angles):
            top = _TOP + pitch * i
            if i:
                canvas.line(24, top, width - 24, top, tokens.grid, 1.0)
            self._paint_figure(canvas, angle, QRectF(_FIGURE[0], top, _FIGURE[1], pitch))
            self._paint_words(canvas, angle, top + pitch / 2.0 - 57.0)
            if not self.tabled:
                self._paint_course(canvas, angle, QRectF(_PLOT, top + 12, width - 24 - _PLOT, pitch - 38), c.by_side)
        canvas.text(24, self.design_height - 12, c.note, 14, tokens.ink3, width=width - 48)

    def _paint_words(self, canvas: Canvas, angle: AngleShown, top: float) -> None:
        tokens, room = self.look.tokens, (_TABLE - 12 if self.tabled else _PLOT - 62) - _WORDS
        x = _WORDS + 8 + canvas.text(_WORDS, top + 26, angle.name, 19, tokens.ink, bold=True, width=room * 0.58)
        canvas.text(x, top + 26, angle.sign, 14, tokens.ink3, width=_WORDS + room - x + (0 if self.tabled else 20))
        used = canvas.text(_WORDS, top + 58, angle.value, 28, tokens.ink, bold=True)
        canvas.text(_WORDS + used + 8, top + 58, angle.half, 18, tokens.ink2)
        canvas.text(_WORDS, top + 80, angle.range_word, 15, tokens.ink2, width=room)
        canvas.text(_WORDS, top + 102, angle.mean, 15, tokens.ink2, width=room)

    def _paint_figure(self, canvas: Canvas, angle: AngleShown, box: QRectF) -> None:
        tokens, painter, s = self.look.tokens, canvas.painter, canvas.scale
        size = min(box.width() * 0.5, box.height() * 0.5) - 4.0
        centre = QPointF(box.center().x(), box.center().y() + 6.0)
        mean, low, high = (float(f(angle.curve_deg)) for f in (np.mean, np.min, np.max))
        painter.save()
        painter.translate(centre.x() * s, centre.y() * s)
        # forward is to the right, the right side is on the right, and seen from above left is anticlockwise
        turn = -1.0 if angle.kind == "rotation" else 1.0
        painter.rotate(turn * mean)
        painter.setPen(QPen(QColor(tokens.ink2), max(1.3 * s, 1.0)))
        painter.setBrush(QColor(tokens.sub))
        for bone in _BONE[angle.kind]:
            painter.drawPolygon(QPolygonF([QPointF(x * size * s, y * size * s) for x, y in bone]))
        painter.restore()
        at = QPointF(centre.x(), centre.y() - size * (0.62 if angle.kind != "rotation" else 0.0))
        half = box.width() * 0.46
        fan = QColor(tokens.acc)
        fan.setAlphaF(0.25)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fan)
        for direction in (0.0, 180.0):
            points = [at, *(_ray(at, half, direction + turn * v) for v in np.linspace(low, high, 7).tolist())]
            painter.drawPolygon(QPolygonF([QPointF(p.x() * s, p.y() * s) for p in points]))
        pen = QPen(QColor(tokens.ink3), max(1.0 * s, 1.0), Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF((at.x() - half) * s, at.y() * s), QPointF((at.x() + half) * s, at.y() * s))
        painter.setPen(QPen(QColor(tokens.ink), max(2.5 * s, 1.5)))
        a, b = _ray(at, half, turn * mean), _ray(at, half, 180.0 + turn * mean)
        painter.drawLine(QPointF(a.x() * s, a.y() * s), QPointF(b.x() * s, b.y() * s))
        if angle.kind != "tilt":
            for side, x in ((Side.LEFT, box.left() + 3.0), (Side.RIGHT, box.right() - 3.0)):
                canvas.side(side, x, at.y(), 13)

    def _paint_course(self, canvas: Canvas, angle: AngleShown, area: QRectF, by_side: bool) -> None:
        tokens, painter, s = self.look.tokens, canvas.painter, canvas.scale
        language = self.look.texts.language
        upper, lower = angle.curve_deg + angle.spread_deg, angle.curve_deg - angle.spread_deg
        low, high = math.floor(float(lower.min())), math.ceil(float(upper.max()))
        high = max(high, low + 2)
        x = np.linspace(area.left(), area.right(), len(angle.curve_deg)) * s

        def y(values: object) -> object:
            return (area.bottom() - (values - low) / (high - low) * area.height()) * s  # type: ignore[operator]

        canvas.box(area.left(), area.top(), area.width(), area.height(), edge=tokens.grid)
        middle = area.center().x()
        canvas.line(middle, area.top(), middle, area.bottom(), tokens.grid, 1.0)
        if low < 0 < high:
            zero = area.bottom() + low / (high - low) * area.height()
            canvas.line(area.left(), zero, area.right(), zero, tokens.ink3, 1.0)
        band: QPainterPath = pg.arrayToQPath(
            np.concatenate([x, x[::-1]]),
            np.concatenate([y(upper), y(lower)[::-1]]),  # type: ignore[index]
        )
        fill = QColor(tokens.acc)
        fill.setAlphaF(0.2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPath(band)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.acc), max(2.5 * s, 1.5)))
        painter.drawPath(pg.arrayToQPath(x, y(angle.curve_deg)))
        for value, at in ((high, area.top() + 10), (low, area.bottom())):
            canvas.text(
                area.left() - 6, at, f"{number(value, 0, language, plus=True)}°", 14, tokens.ink2, align="right"
            )
        base = area.bottom() + 18
        first, second = (Side.LEFT, Side.RIGHT) if by_side else (Side.UNKNOWN, Side.UNKNOWN)
        canvas.side(first, area.left() + 2, base - 5, 12)
        canvas.text(area.left() + 12, base, "0", 14, tokens.ink2)
        canvas.side(second, middle - 10, base - 5, 12)
        canvas.text(middle, base, "50", 14, tokens.ink2)
        canvas.text(area.right(), base, f"100 {self.look.texts('unit.pct')}", 14, tokens.ink2, align="right")


def _ray(at: QPointF, length: float, degrees: float) -> QPointF:
    a = math.radians(degrees)
    return QPointF(at.x() + length * math.cos(a), at.y() + length * math.sin(a))
