"""The far view: five cards, readable from 3 m."""

from __future__ import annotations

import itertools
from typing import Any, Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.look import Look
from gui.numbers import number
from gui.panels.card import Card
from gui.panels.difference import DifferenceCard
from gui.panels.load import LoadCard
from gui.panels.small import CadenceCard, ContactCard, LineCard
from gui.panels.stemcard import StemCard, StemCardShown
from gui.shown import CadenceShown, ContactShown, DifferenceShown, LineShown, LiveShown, LoadShown
from imu.types import Side

_SMALL = (344.0, 352.0, 344.0)
_TURNS: Final = (("load",), ("difference",), ("cadence", "line", "contact"))
"""What is brought up to date together, one group a frame."""


class FarView(QWidget):
    """Load, steps, left/right difference, cadence, steps under the line, contact time.

    Attributes
    ----------
    in_turn : bool
        The cards beside the stems are brought up to date one after the other, within a tenth of a second: for windows
        that get many frames a second.
    """

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.in_turn = False
        self._turn = 1
        self._restyled = False
        self.load = LoadCard(look, LoadShown(), self)
        self.stems = StemCard(look, StemCardShown(), self)
        self.difference = DifferenceCard(look, DifferenceShown(), self)
        self.cadence = CadenceCard(look, CadenceShown(), self)
        self.line = LineCard(look, LineShown(), self)
        self.contact = ContactCard(look, ContactShown(), self)
        self._of: dict[str, Card[Any]] = {
            "load": self.load,
            "difference": self.difference,
            "cadence": self.cadence,
            "line": self.line,
            "contact": self.contact,
        }

    @property
    def cards(self) -> tuple[Card[object], ...]:
        """All cards, in reading order."""
        return tuple(self.findChildren(Card))

    def wanted(self) -> tuple[str, ...] | None:
        """Return the fields that `set_shown` shows next besides the plot; None = all of them."""
        return None if not self.in_turn or self._restyled else _TURNS[self._turn]

    def set_shown(self, shown: LiveShown) -> None:
        """Show the moment."""
        texts = self.look.texts
        every = not self.in_turn or not shown.running or self._restyled
        self._restyled = False
        for name in itertools.chain(*_TURNS) if every else _TURNS[self._turn]:
            self._of[name].set_content(getattr(shown, name))
        self._turn = (self._turn + 1) % len(_TURNS)
        self.stems.set_content(
            StemCardShown(
                texts("card.each_step", n=number(20, 0, texts.language)),
                texts("word.left"),
                texts("word.right"),
                texts("word.unknown"),
                any(s.side is Side.UNKNOWN and not s.walking for s in shown.plot.steps),
            )
        )
        self.stems.plot.set_plot(shown.plot)
        self.stems.show_steps(shown.plot)

    def restyle(self) -> None:
        """Take over colours and language."""
        for card in self.cards:
            card.restyle()
        self._restyled = True
        self.update()

    def grow(self, width: int, window: QSize) -> int:
        """Return the height in pixels that the view needs at a width.

        Its numbers are read from 3 m: they are large as they are, and larger bars must not make them smaller.
        """
        return round(min(width * 936.0 / 1920.0, window.height() * 936.0 / 1080.0))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        w, h = float(self.width()), float(self.height())
        s = min(w / 1920.0, h / 936.0)
        margin, gap = 32.0 * s, 16.0 * s
        upper = (h - 3 * gap) * 536.0 / 888.0
        lower = h - 3 * gap - upper
        inner = w - 2 * margin - gap
        left = inner * 768.0 / 1840.0
        right = inner - left
        top = gap
        bottom = 2 * gap + upper
        self._put(self.load, margin, top, left, upper)
        self._put(self.stems, margin + left + gap, top, right, upper)
        self._put(self.difference, margin, bottom, left, lower)
        x = margin + left + gap
        unit = (right - 2 * gap) / sum(_SMALL)
        cards: tuple[QWidget, ...] = (self.cadence, self.line, self.contact)
        for card, share in zip(cards, _SMALL, strict=True):
            self._put(card, x, bottom, share * unit, lower)
            x += share * unit + gap

    @staticmethod
    def _put(widget: QWidget, x: float, y: float, w: float, h: float) -> None:
        widget.setGeometry(round(x), round(y), round(x + w) - round(x), round(y + h) - round(y))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.look.tokens.bg)
        painter.end()
