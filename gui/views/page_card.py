"""The frame of a card of the review pages: title, note, buttons, and its numbers as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from gui.look import Look
from gui.paint import Canvas, font
from gui.views.growing import lines_of
from gui.views.session_data import DataDialog
from gui.views.session_style import sheet

TableOf = tuple[tuple[str, ...], list[tuple[str, ...]]]


class PageCard(QWidget):
    """A framed card with a title, a note, buttons at the right end of the title line, and widgets under it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.title = ""
        self.note = ""
        self.scale = 1.0
        self.narrow = False
        self._below = False  # whether the buttons have lines of their own
        self.buttons: list[QPushButton] = []
        self.column = QVBoxLayout(self)

    def button(self, action: Callable[[], object]) -> QPushButton:
        """Add a small button to the title line."""
        made = QPushButton(self)
        made.setAutoDefault(False)
        made.clicked.connect(lambda _=False: action())
        self.buttons.append(made)
        return made

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self.scale = scale
        style = sheet(self.look, scale)
        if style != self.styleSheet():  # it is applied to every widget inside
            self.setStyleSheet(style)
        self.column.setSpacing(round(8 * scale))
        self._place_buttons()
        self.update()

    def set_narrow(self, on: bool) -> None:
        """Keep the size of the text on a card that is narrow for it: words and buttons take more lines."""
        self.narrow = on

    def _place_buttons(self) -> None:
        s, pad = self.scale, round(20 * self.scale)
        shown = [b for b in self.buttons if not b.isHidden()]
        for made in shown:
            made.adjustSize()
        title = font(self.look.family, round(20 * s), True)[1].horizontalAdvance(self.title)
        taken = sum(b.width() + round(8 * s) for b in shown)
        self._below = self.narrow and title + taken + 3 * pad > self.width()
        top = 58.0
        if self._below:
            for line in lines_of([float(b.width()) for b in shown], self.width() - 2.0 * pad, 8.0 * s):
                x = pad
                for k in line:
                    shown[k].move(QPoint(x, round(top * s)))
                    x += shown[k].width() + round(8 * s)
                top += max(shown[k].height() for k in line) / s + 8.0
        self.column.setContentsMargins(pad, round(top * s), pad, round(14 * s))
        if self._below:
            return
        right = self.width() - pad
        for made in reversed(shown):
            right -= made.width()
            made.move(QPoint(right, round(12 * self.scale)))
            right -= round(8 * self.scale)

    @override
    def resizeEvent(self, event: object) -> None:
        self._place_buttons()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = self.look.tokens
        canvas = Canvas(painter, self.scale, tokens, self.look.family)
        width, height = self.width() / self.scale, self.height() / self.scale
        canvas.box(0, 0, width, height, fill=tokens.panel, edge=tokens.line, radius=4)
        taken = 0.0 if self._below else sum(b.width() / self.scale + 8 for b in self.buttons if not b.isHidden())
        room = width - 48 - taken
        used = canvas.text(24, 40, self.title, 20, tokens.ink, bold=True, width=room)
        fits = not self.narrow or canvas.width_of(self.note, 16) <= room - used - 18
        if fits and room - used > 60:
            canvas.text(24 + used + 18, 40, self.note, 16, tokens.ink2, width=room - used - 18)
        self.paint_content(canvas, width, height)
        painter.end()

    def paint_content(self, canvas: Canvas, width: float, height: float) -> None:
        """Paint the inside."""

    def show_data(self, heads: Sequence[str], rows: list[tuple[str, ...]], picture: Callable[[], QPixmap]) -> None:
        """Open the numbers as a table."""
        DataDialog(self.look, self.title, heads, rows, picture, self.window()).exec()
