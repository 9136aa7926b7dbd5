"""Where the cards of the session page lie: side by side, or under each other where text has grown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from gui.paint import Canvas
from gui.panels.buttons import Button
from gui.views.growing import lines_of, stack

if TYPE_CHECKING:
    from gui.views.session_page import SessionPage

BAR: Final = 64.0
MARGIN: Final = 32.0
GAP: Final = 16.0
_LINE: Final = 52.0
_OVERVIEW: Final = 620.0
_SIZES: Final = {"minutes": (700.0, 560.0), "sides": (420.0, 440.0), "cue": (400.0, 440.0), "numbers": (440.0, 560.0)}
"""Width and height of the cards under the overview, where text has grown."""


class SessionLayout:
    """Lays out one page.

    Attributes
    ----------
    buttons_left : float
        Where the buttons of the bar begin, in design units.
    """

    def __init__(self, page: SessionPage) -> None:
        self.page = page
        self.buttons_left = 0.0

    def _bar_buttons(self) -> list[Button]:
        """Return the buttons that are shown, from the right."""
        p = self.page
        files = (p.report_button, p.export_button, p.log_button)
        return [b for b in (*files, p.pain.button, p.compare_button, p.trend_button) if not b.isHidden()]

    def _cards(self) -> list[str]:
        return [name for name in _SIZES if name != "cue" or self.page.has_cues]

    def place(self) -> None:
        """Lay everything out for the size of the moment."""
        page, s = self.page, self.page.scale
        page.back_button.set_scale(s * 0.85)
        for button in self._bar_buttons():
            button.set_scale(s * 0.85)
        page.back_button.move(round(MARGIN * s), round((BAR * s - page.back_button.height()) / 2))
        cards = (page.card, page.minutes, page.sides, page.cue, page.numbers, page.explain)
        for card in cards:
            card.set_narrow(page.stacked)
        page.strip.set_narrow(page.stacked)
        if page.stacked:
            self._place_stacked()
        else:
            self._place_wide()
        for card in cards:
            card.set_scale(s)
        page.update()

    def _put(self, widget: QWidget, x: float, y: float, w: float, h: float) -> None:
        s = self.page.scale
        widget.setGeometry(round(x * s), round(y * s), round(w * s), round(h * s))

    def _place_wide(self) -> None:
        page, s = self.page, self.page.scale
        width, height = page.width() / s, page.height() / s
        right = width - MARGIN
        for button in self._bar_buttons():
            right -= button.width() / s
            button.move(round(right * s), round((BAR * s - button.height()) / 2))
            right -= 12
        self.buttons_left = right
        inner, top = width - 2 * MARGIN, BAR + 16
        if page.strip.sentences:
            high = page.strip.tall(inner, s)
            self._put(page.strip, MARGIN, top - 4, inner, high)
            page.strip.set_scale(s)
            top += high + 6
        lower = 430.0
        upper = height - top - lower - GAP - MARGIN / 2
        self._put(page.card, MARGIN, top, inner, upper)
        y, x = top + upper + GAP, MARGIN
        shares = {"minutes": 0.45, "sides": 0.245, "numbers": 0.305}
        if page.has_cues:
            shares = {"minutes": 0.4, "sides": 0.19, "cue": 0.17, "numbers": 0.24}
        for name, share in shares.items():
            w = (inner - (len(shares) - 1) * GAP) * share
            self._put(getattr(page, name), x, y, w, lower)
            x += w + GAP
        beside = page.cue if page.has_cues else page.sides
        page.explain.setGeometry(page.sides.geometry().united(beside.geometry()))

    # -- where text has grown ----------------------------------------------------------------------------------------

    def tall(self, width: float) -> float:
        """Return the height of the stacked page in design units."""
        *_, last = self._stacked(width)
        return last[1] + last[3] + GAP

    def bar_height(self, width: float) -> float:
        """Height of the bar: the way back and whose session it is, what it was, and the buttons in lines."""
        s = self.page.scale
        for button in self._bar_buttons():
            button.set_scale(s * 0.85)
        lines = lines_of([b.width() / s for b in self._bar_buttons()], width - 2 * MARGIN, 12.0)
        return BAR + self._said_height(width) + _LINE * len(lines) + 6

    def _said_height(self, width: float) -> float:
        return self.page.heading_height(width - 2 * MARGIN) + 8

    def _stacked(self, width: float) -> list[tuple[float, float, float, float]]:
        """Return the places of strip, overview and the cards under it."""
        inner, top = width - 2 * MARGIN, self.bar_height(width) + 12
        page = self.page
        high = page.strip.tall(inner, page.scale) if page.strip.sentences else 0.0
        strip = (MARGIN, top, inner, high)
        top += high + (12 if high else 0)
        overview = (MARGIN, top, inner, _OVERVIEW)
        return [strip, overview, *stack([_SIZES[n] for n in self._cards()], MARGIN, top + _OVERVIEW + GAP, inner, GAP)]

    def _place_stacked(self) -> None:
        page, s = self.page, self.page.scale
        width = page.width() / s
        buttons = self._bar_buttons()
        y = BAR + self._said_height(width)
        for line in lines_of([b.width() / s for b in buttons], width - 2 * MARGIN, 12.0):
            x = MARGIN
            for k in line:
                buttons[k].move(round(x * s), round(y * s))
                x += buttons[k].width() / s + 12
            y += _LINE
        strip, overview, *cards = self._stacked(width)
        if page.strip.sentences:
            self._put(page.strip, *strip)
            page.strip.set_scale(s)
        self._put(page.card, *overview)
        for name, place in zip(self._cards(), cards, strict=True):
            self._put(getattr(page, name), *place)
        page.explain.setGeometry(page.sides.geometry())
        if abs(page.height() - self.tall(width) * s) > 2.0:  # a sentence came or went
            QTimer.singleShot(0, page, page.refit)

    def paint_bar(self, canvas: Canvas, client: str, date: str, said: str) -> None:
        """Paint whose session it is and what it was: in one line where that fits beside the buttons, else in two."""
        tokens = canvas.tokens
        x = MARGIN + self.page.back_button.width() / canvas.scale + 24
        room = self.buttons_left - x - 12
        head, day = canvas.width_of(client, 24, bold=True) + 18, canvas.width_of(date, 20) + 24
        if head + day + canvas.width_of(said, 20) <= room:
            canvas.text(x, 40, client, 24, tokens.ink, bold=True)
            canvas.text(x + head, 40, date, 20, tokens.ink2)
            canvas.text(x + head + day, 40, said, 20, tokens.ink2)
            return
        used = canvas.text(x, 28, client, 22, tokens.ink, bold=True, width=room * 0.5) + 16
        canvas.text(x + used, 28, date, 18, tokens.ink2, width=room - used)
        canvas.text(x, 53, said, 17, tokens.ink2, width=room)

    def paint_heading(self, canvas: Canvas, client: str, said: str) -> None:
        """Paint whose session it is, and under it what it was."""
        tokens, width = canvas.tokens, self.page.width() / canvas.scale
        x = MARGIN + self.page.back_button.width() / canvas.scale + 24
        canvas.text(x, 40, client, 24, tokens.ink, bold=True, width=width - MARGIN - x)
        canvas.paragraph(MARGIN, BAR, width - 2 * MARGIN, said, 20, tokens.ink2)
