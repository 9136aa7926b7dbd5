"""The three small cards of the far view: cadence, steps under the line, contact time."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPolygonF

from gui.numbers import NOTHING, number
from gui.paint import Canvas
from gui.panels.card import Card, value_ink
from gui.shown import CadenceShown, Chip, ContactShown, LineShown

_TITLE: Final = 29.0
_SCALE_SPM: Final = (140.0, 200.0)


class CadenceCard(Card[CadenceShown]):
    """Cadence on a scale of 140 to 200 steps per minute; with the target band where one is set."""

    DESIGN = (344.0, 352.0)

    def describe(self) -> None:
        """Say the content to screen readers."""
        self.setAccessibleName(self.content.title)
        self.setAccessibleDescription(self.content.value.sentence())

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the inside."""
        shown, tokens = self.content.value, self.look.tokens
        width = self.design_width
        self.paint_title(canvas, self.content.title, size=_TITLE)
        ink = value_ink(shown, tokens.ink, tokens.ink3)
        used = canvas.text(28, 178, shown.value, 104, ink, bold=True, width=width - 128)
        x = 28 + used + 16
        canvas.text(x, 132, shown.unit, 28, tokens.ink2, width=width - x - 12)
        canvas.text(x, 176, shown.interval, 36, ink, width=width - x - 12)
        left, right, y = 32.0, width - 32.0, 242.0
        low, high = _SCALE_SPM
        canvas.box(left, y - 12, right - left, 24, fill=tokens.sub)
        if self.content.band is not None:
            x0, x1 = (left + (min(max(v, low), high) - low) / (high - low) * (right - left) for v in self.content.band)
            canvas.box(x0, y - 12, x1 - x0, 24, fill=tokens.accbg)
            canvas.line(x0, y - 12, x0, y + 12, tokens.acc, 2.0)
            canvas.line(x1, y - 12, x1, y + 12, tokens.acc, 2.0)
        for tick in range(int(low) + 10, int(high), 10):
            x = left + (tick - low) / (high - low) * (right - left)
            canvas.line(x, y - 12, x, y - 4, tokens.ink3, 1.0)
        marks = [(low, "left"), ((low + high) / 2.0, "center"), (high, "right")]
        if self.content.band is not None:  # what the runner aims at, instead of the scale
            marks = [(self.content.band[0], "right"), (self.content.band[1], "left")]
        for spm, align in marks:
            x = left + (spm - low) / (high - low) * (right - left)
            canvas.text(x, 288, number(spm, 0, self.look.texts.language), 24, tokens.ink2, align=align)
        if self.content.at_spm is not None:
            at = min(max(self.content.at_spm, low), high)
            x = left + (at - low) / (high - low) * (right - left)
            half = (self.content.half_spm or 0.0) / (high - low) * (right - left)
            if half > 8:
                canvas.line(max(x - half, left), y, min(x + half, right), y, ink, 6.0)
            canvas.line(x, y - 12, x, y + 12, ink, 4.0)
            s = canvas.scale
            canvas.painter.setPen(QColor(ink))
            canvas.painter.setBrush(QColor(ink))
            corners = [(x - 12, y - 22), (x + 12, y - 22), (x, y - 4)]
            canvas.painter.drawPolygon(QPolygonF([QPointF(a * s, b * s) for a, b in corners]))
        if self.content.band_words and not shown.note:
            self.paint_chip(canvas, Chip(self.content.band_words, self.content.band_level), 32, 326, 24, width - 64)
        else:
            canvas.text(32, 326, shown.note, 24, tokens.ink2, width=width - 64)


class LineCard(Card[LineShown]):
    """Steps under the feedback line: filled and short under, hollow and tall over, so that shape tells it too."""

    DESIGN = (352.0, 352.0)

    def describe(self) -> None:
        """Say the content to screen readers."""
        c = self.content
        self.setAccessibleName(c.title)
        self.setAccessibleDescription(c.note or f"{c.value} {c.of}")

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the inside."""
        shown, tokens, width = self.content, self.look.tokens, self.design_width
        self.paint_title(canvas, shown.title, size=_TITLE)
        used = canvas.text(
            28,
            178,
            shown.value,
            104,
            tokens.ink if shown.firm and shown.value != NOTHING else tokens.ink3,
            bold=True,
            width=width - 140,
        )
        canvas.text(28 + used + 20, 178, shown.of, 44, tokens.ink2, width=width - used - 64)
        per_row = shown.slots // 2
        pitch = (width - 64.0) / per_row
        bar = pitch * 0.62
        for i in range(shown.slots):
            row, column = divmod(i, per_row)
            x, base = 32 + column * pitch, 232.0 + 38.0 * row
            if i >= len(shown.over):
                canvas.box(x, base - 5, bar, 3, fill=tokens.line)
            elif shown.over[i]:
                canvas.box(x, base - 26, bar, 26, edge=tokens.ink, edge_width=1.6)
            else:
                canvas.box(x, base - 20, bar, 20, fill=tokens.ink2)
        if shown.note:
            canvas.text(32, 322, shown.note, 26, tokens.ink2, width=width - 64)
            return
        canvas.box(32, 302, 9, 20, fill=tokens.ink2)
        used = canvas.text(52, 322, shown.under_word, 26, tokens.ink2, width=width / 2 - 64)
        x = max(52 + used + 36, width / 2 - 10)
        canvas.box(x, 296, 10, 26, edge=tokens.ink, edge_width=1.6)
        canvas.text(x + 22, 322, shown.over_word, 26, tokens.ink2, width=width - x - 40)


class ContactCard(Card[ContactShown]):
    """Contact time: regular weight and a dashed tag, because it is an estimate."""

    DESIGN = (344.0, 352.0)

    def describe(self) -> None:
        """Say the content to screen readers."""
        c = self.content
        self.setAccessibleName(f"{c.title} ({c.tag})")
        self.setAccessibleDescription(f"{c.value.sentence()}, {c.lines[0] if c.lines else ''}")

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the inside."""
        shown, tokens, width = self.content.value, self.look.tokens, self.design_width
        self.paint_title(canvas, self.content.title, size=_TITLE)
        ink = value_ink(shown, tokens.ink, tokens.ink3)
        used = canvas.text(28, 172, shown.value, 80, ink, width=width - 130)
        x = 28 + used + 16
        canvas.text(x, 132, shown.unit, 28, tokens.ink2, width=width - x - 12)
        canvas.text(x, 170, shown.interval, 36, ink, width=width - x - 12)
        tag = canvas.width_of(self.content.tag, 24) + 34
        canvas.box(32, 208, tag, 42, edge=tokens.ink3, radius=3, dashed=True)
        canvas.text(32 + tag / 2, 237, self.content.tag, 24, tokens.ink2, align="center")
        for i, line in enumerate(self.content.lines):
            canvas.text(32, 286 + 36 * i, line, 24, tokens.ink2, width=width - 64)
