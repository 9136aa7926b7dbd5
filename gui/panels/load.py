"""The big number: load at the pelvis with its interval, and the newest step under it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPolygonF

from gui.numbers import NOTHING
from gui.paint import Canvas
from gui.panels.card import Card, value_ink
from gui.shown import ChangeShown, LoadShown
from imu.types import Side


class LoadCard(Card[LoadShown]):
    """Readable from 3 m: the number is the largest thing in the window."""

    DESIGN = (768.0, 536.0)

    def describe(self) -> None:
        """Say the content to screen readers."""
        self.setAccessibleName(self.content.title)
        change = self.content.change
        words = f"{change.value} {change.interval} {change.words}, {change.note}" if change else ""
        self.setAccessibleDescription(f"{self.content.value.sentence()}, {self.content.window}, {words}".rstrip(", "))

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the inside."""
        shown, tokens = self.content, self.look.tokens
        width = self.design_width
        up, low = self._spread
        self.paint_title(canvas, shown.title, shown.window)
        value = shown.value
        ink = value_ink(value, tokens.ink, tokens.ink3)
        # the number shrinks before the unit and interval beside it are pushed out of the card
        room = width - 64 - 170
        used = canvas.text(28, 318 + up, value.value, 264, ink, bold=True, width=room)
        x = 28 + used + 24
        canvas.text(x, 238 + up, value.unit, 80, tokens.ink2)
        canvas.text(x, 318 + up, value.interval, 44, tokens.ink if value.firm else tokens.ink3, width=width - x - 16)
        if value.note:
            canvas.text(32, 99, value.note, 28, tokens.ink2, width=width - 64)
        canvas.line(32, 374 + low, width - 32, 374 + low, tokens.line, 1.0)
        if shown.change is not None and shown.change.value:
            self._paint_change(canvas, shown.change)
            return
        x = 32.0
        if shown.newest != NOTHING and shown.newest_side is not Side.UNKNOWN:
            canvas.side(shown.newest_side, x + 24, 434 + low, 44)
            x += 66
        newest_ink = tokens.ink if shown.newest_firm and shown.newest != NOTHING else tokens.ink3
        used = canvas.text(x, 466 + low, shown.newest, 88, newest_ink, bold=True)
        x += used + 14
        if shown.newest != NOTHING:
            x += canvas.text(x, 466 + low, value.unit, 44, tokens.ink2) + 40
        else:
            x += 24
        canvas.text(x, 450 + low, shown.newest_words, 30, tokens.ink2, width=width - x - 28)
        note = shown.newest_note if shown.change is None else shown.change.note
        canvas.text(32, 512 + low, note, 24, tokens.ink3, width=width - 64)

    @property
    def _spread(self) -> tuple[float, float]:
        """How far the number and what is under it move down where the card is higher than its design."""
        spare = max(self.design_height - self.DESIGN[1], 0.0)
        return 0.4 * spare, 0.75 * spare

    def _paint_change(self, canvas: Canvas, change: ChangeShown) -> None:
        """Paint the change against the client's own baseline; the arrow says the direction without colour."""
        tokens, width, s = self.look.tokens, self.design_width, canvas.scale
        ink = tokens.ink if change.firm else tokens.ink3
        low = self._spread[1]
        x = 32.0
        if change.direction:
            tip, base = (462.0 + low, 424.0 + low) if change.direction < 0 else (424.0 + low, 462.0 + low)
            corners = [QPointF(x * s, base * s), QPointF((x + 50) * s, base * s), QPointF((x + 25) * s, tip * s)]
            canvas.painter.setPen(Qt.PenStyle.NoPen)
            canvas.painter.setBrush(QColor(ink))
            canvas.painter.drawPolygon(QPolygonF(corners))
            x += 64
        x += canvas.text(x, 466 + low, change.value, 88, ink, bold=True) + 24
        x += canvas.text(x, 466 + low, change.interval, 40, ink) + 32
        canvas.paragraph(x, 440 + low, width - x - 24, change.words, 30, tokens.ink2, centred=True)
        canvas.text(32, 512 + low, change.note, 24, tokens.ink3, width=width - 64)
