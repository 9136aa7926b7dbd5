"""A painted card: a frame, a title, a design size; content is painted in design units and scales with the card."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.look import Look
from gui.paint import LEVEL_ICON, Canvas, level_colour
from gui.shown import Chip, Shown

Content = TypeVar("Content")


class Card(QWidget, Generic[Content]):
    """One card of a page.

    Attributes
    ----------
    DESIGN : tuple of float
        Width and height in the 1920 x 1080 design; content keeps these proportions, extra width goes to the right.
    """

    DESIGN = (768.0, 536.0)

    def __init__(self, look: Look, content: Content, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.content = content
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.describe()

    def set_content(self, content: Content) -> None:
        """Show something else; nothing is painted when it is the same."""
        if content != self.content:
            self.content = content
            self.describe()
            self.update()

    def restyle(self) -> None:
        """Take over colours and language."""
        self.describe()
        self.update()

    def describe(self) -> None:
        """Say the content to screen readers."""

    @property
    def scale(self) -> float:
        """Pixels per design unit."""
        return max(min(self.width() / self.DESIGN[0], self.height() / self.DESIGN[1]), 0.1)

    @property
    def design_width(self) -> float:
        """Width of the card in design units; never less than the design's."""
        return self.width() / self.scale

    @property
    def design_height(self) -> float:
        """Height of the card in design units."""
        return self.height() / self.scale

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Lay out child widgets after a change of size."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = self.look.tokens
        canvas = Canvas(painter, self.scale, tokens, self.look.family)
        canvas.painter.fillRect(self.rect(), tokens.bg)
        canvas.box(0, 0, self.design_width, self.design_height, fill=tokens.panel, edge=tokens.line, radius=4)
        self.paint_content(canvas)
        painter.end()
        canvas.hint_at(self)

    def paint_content(self, canvas: Canvas) -> None:
        """Paint the inside."""

    # -- shared pieces -----------------------------------------------------------------------------------------------

    def paint_title(self, canvas: Canvas, title: str, note: str = "", *, size: float = 32.0, x: float = 32.0) -> None:
        """Paint the title with a note at the right end of the line."""
        tokens = self.look.tokens
        baseline = 61.0 if size > 24 else 40.0
        room = self.design_width - 2 * x
        note_width = canvas.width_of(note, 24) + 24 if note else 0.0
        # a long title takes from the note before it is made smaller itself
        canvas.text(x, baseline, title, size, tokens.ink, bold=True, width=room - min(note_width, room * 0.42))
        if note:
            used = min(canvas.width_of(title, size, bold=True), room)
            canvas.text(
                self.design_width - x, baseline, note, 24, tokens.ink3, align="right", width=max(room - used - 20, 90)
            )

    def paint_chip(self, canvas: Canvas, chip: Chip, x: float, baseline: float, size: float, width: float) -> None:
        """Paint a word with its icon."""
        colour = level_colour(self.look.tokens, chip.level)
        canvas.icon(LEVEL_ICON.get(chip.level, "info"), x + size * 0.42, baseline - size * 0.34, size * 0.84, colour)
        canvas.text(x + size * 1.15, baseline, chip.text, size, colour, bold=True, width=width - size * 1.15)


def value_ink(shown: Shown, ink: str, grey: str) -> str:
    """Grey until the number is firm."""
    return ink if shown.firm else grey
