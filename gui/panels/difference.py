"""Left/right difference: the number, both means, and a gauge that is symmetric around zero."""

from __future__ import annotations

from typing import Final

from gui.numbers import NOTHING, number
from gui.paint import Canvas
from gui.panels.card import Card, value_ink
from gui.shown import DifferenceShown, Shown
from imu.types import Side

GAUGE_PCT: Final = 15.0


class DifferenceCard(Card[DifferenceShown]):
    """Left is negative and lies left; the interval is drawn, not only written."""

    DESIGN = (768.0, 352.0)

    def describe(self) -> None:
        """Say the content to screen readers."""
        c = self.content
        sides = f"{c.left_word} {c.left.sentence()}, {c.right_word} {c.right.sentence()}"
        self.setAccessibleName(c.title)
        self.setAccessibleDescription(f"{c.value.sentence()}, {sides}, {c.verdict}, {c.window}")

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the inside."""
        shown, tokens = self.content, self.look.tokens
        width = self.design_width
        self.paint_title(canvas, shown.title, shown.window)
        value = shown.value
        ink = value_ink(value, tokens.ink, tokens.ink3)
        # unit above, interval below, as on the other cards; a long number is made smaller, the interval is not
        room = width - 286 - 92 - 28
        beside = max(canvas.width_of(value.interval, 38), 48.0) + 16
        used = canvas.text(28, 178, value.value, 104, ink, bold=True, width=room - beside)
        canvas.text(28 + used + 16, 130, value.unit, 44, tokens.ink2)
        canvas.text(28 + used + 16, 178, value.interval, 38, ink, width=room - used)
        self._paint_side(canvas, Side.LEFT, shown.left_word, shown.left, 124)
        self._paint_side(canvas, Side.RIGHT, shown.right_word, shown.right, 180)
        self._paint_gauge(canvas)
        if value.note:
            canvas.text(width / 2, 322, value.note, 26, tokens.ink2, align="center", width=width - 260)
        elif shown.verdict:
            canvas.text(width / 2, 322, shown.verdict, 26, tokens.ink2, align="center", width=width - 260)

    def _paint_side(self, canvas: Canvas, side: Side, word: str, shown: Shown, baseline: float) -> None:
        tokens, width = self.look.tokens, self.design_width
        known = shown.value != NOTHING
        canvas.text(width - 286, baseline, word, 28, tokens.ink2, align="right", width=92)
        canvas.side(side, width - 262, baseline - 14, 24)
        if not known:
            canvas.text(width - 236, baseline, NOTHING, 44, tokens.ink3, bold=True)
            return
        ink = value_ink(shown, tokens.ink, tokens.ink3)
        used = canvas.text(width - 236, baseline, shown.value, 44, ink, bold=True)
        room = 236.0 - 32.0 - used - 12.0
        canvas.text(width - 32, baseline, f"{shown.interval}\u00a0{shown.unit}", 24, ink, align="right", width=room)

    def _paint_gauge(self, canvas: Canvas) -> None:
        shown, tokens, width = self.content, self.look.tokens, self.design_width
        left, right, y = 64.0, width - 64.0, 262.0
        middle, half = (left + right) / 2.0, (right - left) / 2.0
        canvas.side(Side.LEFT, 38, y, 24)
        canvas.side(Side.RIGHT, width - 38, y, 24)
        canvas.box(left, y - 16, right - left, 32, fill=tokens.sub)
        language = self.look.texts.language
        if shown.usual is not None:
            low, high = (min(max(v, -GAUGE_PCT), GAUGE_PCT) for v in shown.usual)
            x0, x1 = middle + low / GAUGE_PCT * half, middle + high / GAUGE_PCT * half
            canvas.box(x0, y - 16, x1 - x0, 32, fill=tokens.accbg)
            canvas.line(x0, y - 16, x0, y + 16, tokens.acc, 2.0)
            canvas.line(x1, y - 16, x1, y + 16, tokens.acc, 2.0)
        for pct in (-10.0, -5.0, 5.0, 10.0):
            x = middle + pct / GAUGE_PCT * half
            canvas.line(x, y - 16, x, y - 8, tokens.ink3, 1.0)
        canvas.line(middle, y - 26, middle, y + 26, tokens.ink, 2.0)
        end = f"{number(GAUGE_PCT, 0, language)}\u00a0%"
        canvas.text(left, 322, end, 24, tokens.ink2)
        canvas.text(right, 322, end, 24, tokens.ink2, align="right")
        if shown.at_pct is None:
            return
        at = min(max(shown.at_pct, -GAUGE_PCT), GAUGE_PCT)
        x = middle + at / GAUGE_PCT * half
        ink = value_ink(shown.value, tokens.ink, tokens.ink3)
        if shown.half_pct is not None:
            low = min(max(shown.at_pct - shown.half_pct, -GAUGE_PCT), GAUGE_PCT)
            high = min(max(shown.at_pct + shown.half_pct, -GAUGE_PCT), GAUGE_PCT)
            x0, x1 = middle + low / GAUGE_PCT * half, middle + high / GAUGE_PCT * half
            canvas.line(x0, y, x1, y, ink, 6.0)
            canvas.line(x0, y - 13, x0, y + 13, ink, 4.0)
            canvas.line(x1, y - 13, x1, y + 13, ink, 4.0)
        side = Side.LEFT if shown.at_pct < 0 else Side.RIGHT
        if abs(shown.at_pct) > GAUGE_PCT:
            canvas.side(side, x, y, 34)
            return
        fill, edge = (tokens.left, tokens.left_ink) if side is Side.LEFT else (tokens.right, tokens.right_ink)
        canvas.box(x - 14, y - 14, 28, 28, fill=fill, edge=edge, edge_width=2.5, radius=14)
