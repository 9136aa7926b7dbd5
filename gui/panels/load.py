"""The big number: load at the pelvis with its interval, and the newest step under it."""

from __future__ import annotations

from gui.numbers import NOTHING
from gui.paint import Canvas
from gui.panels.card import Card, value_ink
from gui.shown import LoadShown
from imu.types import Side


class LoadCard(Card[LoadShown]):
    """Readable from 3 m: the number is the largest thing in the window."""

    DESIGN = (768.0, 536.0)

    def describe(self) -> None:
        """Say the content to screen readers."""
        self.setAccessibleName(self.content.title)
        self.setAccessibleDescription(f"{self.content.value.sentence()}, {self.content.window}")

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the inside."""
        shown, tokens = self.content, self.look.tokens
        width = self.design_width
        self.paint_title(canvas, shown.title, shown.window)
        value = shown.value
        ink = value_ink(value, tokens.ink, tokens.ink3)
        # the number shrinks before the unit and interval beside it are pushed out of the card
        room = width - 64 - 170
        used = canvas.text(28, 318, value.value, 264, ink, bold=True, width=room)
        x = 28 + used + 24
        canvas.text(x, 238, value.unit, 80, tokens.ink2)
        canvas.text(x, 318, value.interval, 44, tokens.ink if value.firm else tokens.ink3, width=width - x - 16)
        if value.note:
            canvas.text(32, 99, value.note, 28, tokens.ink2, width=width - 64)
        canvas.line(32, 374, width - 32, 374, tokens.line, 1.0)
        x = 32.0
        if shown.newest != NOTHING and shown.newest_side is not Side.UNKNOWN:
            canvas.side(shown.newest_side, x + 24, 434, 44)
            x += 66
        newest_ink = tokens.ink if shown.newest_firm else tokens.ink3
        used = canvas.text(x, 466, shown.newest, 88, newest_ink, bold=True)
        x += used + 14
        if shown.newest != NOTHING:
            x += canvas.text(x, 466, value.unit, 44, tokens.ink2) + 40
        else:
            x += 24
        canvas.text(x, 450, shown.newest_words, 30, tokens.ink2, width=width - x - 28)
        canvas.text(32, 512, shown.newest_note, 24, tokens.ink3, width=width - 64)
