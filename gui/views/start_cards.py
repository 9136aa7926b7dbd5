"""Cards of the start page: an action with its button, where the sensor goes, how to read the live window."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from gui.look import Look
from gui.paint import Canvas, hatch
from gui.panels.buttons import Button
from gui.panels.card import Card
from imu.types import Side


@dataclass(frozen=True, slots=True)
class ActionShown:
    """Words of a card with one button."""

    title: str = ""
    text: str = ""
    key: str = ""


class ActionCard(Card[ActionShown]):
    """A title, a sentence, a button and its key."""

    DESIGN = (400.0, 264.0)

    def __init__(self, look: Look, kind: str, parent: QWidget) -> None:
        super().__init__(look, ActionShown(), parent)
        self.button = Button(look, kind, parent=self)

    def describe(self) -> None:
        """Say the content to screen readers."""
        self.setAccessibleName(self.content.title)
        self.setAccessibleDescription(self.content.text)

    def arrange(self) -> None:
        """Keep the button at the foot of the card."""
        self.button.set_scale(self.scale)
        self.button.move(round(32 * self.scale), round(self.height() - self.button.height() - 32 * self.scale))

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the inside."""
        c, tokens, width = self.content, self.look.tokens, self.design_width
        canvas.text(32, 58, c.title, 24, tokens.ink, bold=True, width=width - 64)
        room = self.button.y() / self.scale - 80 - 8
        canvas.paragraph(32, 80, width - 64, c.text, 20, tokens.ink2, room=room)
        x = (self.button.x() + self.button.width()) / self.scale + 20
        y = (self.button.y() + self.button.height() / 2) / self.scale + 7
        canvas.text(x, y, c.key, 20, tokens.ink3)


def paint_belt(canvas: Canvas, cx: float, top: float, bottom: float) -> None:
    """Paint where the sensor goes: a back seen from behind, the belt, the sensor between the two dimples."""
    tokens, s, painter = canvas.tokens, canvas.scale, canvas.painter
    half = bottom - top

    def at(x: float, y: float) -> QPointF:
        return QPointF((cx + x) * s, (top + y * half) * s)

    def pen(colour: str, width: float) -> QPen:
        return QPen(QColor(colour), width * s, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)

    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen(tokens.ink3, 2.5))
    for sign in (-1.0, 1.0):
        side = QPainterPath(at(sign * 84, 0.0))
        side.cubicTo(at(sign * 70, 0.25), at(sign * 74, 0.34), at(sign * 92, 0.52))
        side.cubicTo(at(sign * 112, 0.72), at(sign * 112, 0.85), at(sign * 104, 1.0))
        painter.drawPath(side)
    spine = QPainterPath(at(0, 0.0))
    spine.lineTo(at(0, 0.30))
    painter.drawPath(spine)
    cleft = QPainterPath(at(0, 0.74))
    cleft.lineTo(at(0, 1.0))
    painter.drawPath(cleft)
    belt = QPainterPath(at(-91, 0.44))
    belt.cubicTo(at(-40, 0.50), at(40, 0.50), at(91, 0.44))
    belt.lineTo(at(98, 0.58))
    belt.cubicTo(at(40, 0.64), at(-40, 0.64), at(-98, 0.58))
    belt.closeSubpath()
    painter.setPen(pen(tokens.line, 1.5))
    painter.setBrush(QColor(tokens.accbg))
    painter.drawPath(belt)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.ink3))
    for sign in (-1.0, 1.0):
        painter.drawEllipse(at(sign * 44, 0.555), 4.5 * s, 4.5 * s)
    painter.setPen(pen(tokens.panel, 2.0))
    painter.setBrush(QColor(tokens.acc))
    corner, opposite = at(-22, 0.475), at(22, 0.625)
    painter.drawRoundedRect(QRectF(corner, opposite), 6 * s, 6 * s)


@dataclass(frozen=True, slots=True)
class LookShown:
    """What the live window will show, and its keys."""

    title: str = ""
    rows: tuple[str, ...] = ()
    keys_title: str = ""
    keys: tuple[tuple[str, str], ...] = ()


class LookCard(Card[LookShown]):
    """How to read the live window, with the very glyphs it uses."""

    DESIGN = (880.0, 690.0)

    def describe(self) -> None:
        """Say the content to screen readers."""
        self.setAccessibleName(self.content.title)
        self.setAccessibleDescription(" ".join(self.content.rows))

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the inside."""
        c, tokens, width = self.content, self.look.tokens, self.design_width
        canvas.text(32, 58, c.title, 24, tokens.ink, bold=True)
        y = 96.0
        for i, row in enumerate(c.rows):
            self._sample(canvas, i, y + 30)
            canvas.paragraph(192, y + 30, width - 224, row, 20, tokens.ink2, centred=True)
            y += 84
            if i < len(c.rows) - 1:
                canvas.line(32, y - 14, width - 32, y - 14, tokens.grid, 1.0)
        y += 34
        canvas.line(32, y - 46, width - 32, y - 46, tokens.line, 1.0)
        canvas.text(32, y, c.keys_title, 24, tokens.ink, bold=True)
        y += 20
        for i, (key, meaning) in enumerate(c.keys):
            column, row_index = divmod(i, 4)
            x = 32 + column * (width - 64) / 2
            base = y + 32 + 40 * row_index
            cap = canvas.width_of(key, 16, bold=True) + 20
            canvas.box(x, base - 23, cap, 32, fill=tokens.sub, edge=tokens.ink3, radius=4)
            canvas.text(x + cap / 2, base - 1, key, 16, tokens.ink, bold=True, align="center")
            canvas.text(x + 112, base, meaning, 18, tokens.ink2, width=(width - 64) / 2 - 128)

    def _sample(self, canvas: Canvas, row: int, y: float) -> None:
        tokens, s = self.look.tokens, canvas.scale
        if row == 0:
            for k, (height, side) in enumerate(((34, Side.LEFT), (40, Side.RIGHT), (37, Side.LEFT), (43, Side.RIGHT))):
                x = 44 + 28 * k
                fill, ink = (tokens.left, tokens.left_ink) if side is Side.LEFT else (tokens.right, tokens.right_ink)
                canvas.box(x - 3.5, y + 22 - height, 7, height, fill=fill, edge=ink)
                canvas.side(side, x, y + 22 - height, 17)
        elif row == 1:
            used = canvas.text(32, y + 12, "2", 44, tokens.ink3, bold=True)
            canvas.text(32 + used + 8, y + 12, "±", 26, tokens.ink3)
            used = canvas.text(98, y + 12, "2", 44, tokens.ink, bold=True)
            canvas.text(98 + used + 8, y + 12, "±", 26, tokens.ink)
        elif row == 2:
            canvas.side(Side.LEFT, 56, y, 36)
            canvas.side(Side.RIGHT, 108, y, 36)
        else:
            canvas.painter.drawTiledPixmap(QRectF(36 * s, (y - 24) * s, 92 * s, 48 * s), hatch(tokens.hatch))
            canvas.line(36, y - 24, 36, y + 24, tokens.ink2, 1.5)
            canvas.line(128, y - 24, 128, y + 24, tokens.ink2, 1.5)
