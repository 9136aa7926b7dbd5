"""Pieces of the wizard's cards: a frame around fields, a sentence with its icon, the knee lifts that were seen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget
from typing_extensions import override

from gui.look import Look
from gui.paint import LEVEL_ICON, Canvas, level_colour
from imu.types import Side

LIFTS: Final = 3
_BASE: Final = "stride_spaces"


def card() -> tuple[QFrame, QVBoxLayout]:
    """Return a frame in the look of a card, and the column inside it."""
    frame = QFrame()
    frame.setProperty("card", True)
    column = QVBoxLayout(frame)
    column.setContentsMargins(24, 20, 24, 20)
    column.setSpacing(10)
    return frame, column


def scale_spaces(page: QWidget, factor: float) -> None:
    """Make the spaces of a page and of its cards larger by a factor of what they were laid out with."""
    for layout in page.findChildren(QLayout):
        base = layout.property(_BASE)
        if base is None:
            m = layout.contentsMargins()
            base = [m.left(), m.top(), m.right(), m.bottom(), *_spacings(layout)]
            layout.setProperty(_BASE, base)
        left, top, right, bottom, *between = (round(factor * float(space)) for space in base)
        layout.setContentsMargins(left, top, right, bottom)
        if isinstance(layout, QGridLayout):
            layout.setHorizontalSpacing(between[0])
            layout.setVerticalSpacing(between[1])
        else:
            layout.setSpacing(between[0])


def _spacings(layout: QLayout) -> list[int]:
    if isinstance(layout, QGridLayout):
        return [layout.horizontalSpacing(), layout.verticalSpacing()]
    return [layout.spacing()]


class _Mark(QWidget):
    """The icon of a level: colour is never the only carrier."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.level = ""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.level:
            painter = QPainter(self)
            canvas = Canvas(painter, 1.0, self.look.tokens, self.look.family)
            colour = level_colour(self.look.tokens, self.level)
            size = 0.8 * self.width()
            canvas.icon(LEVEL_ICON.get(self.level, "info"), self.width() / 2, self.width() / 2, size, colour)
            painter.end()


class Said(QWidget):
    """A sentence that wraps, with the icon of its level before it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._mark = _Mark(look)
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)
        self._mark.setVisible(False)

    def say(self, text: str, level: str = "") -> None:
        """Show a sentence; nothing happens while it stays the same."""
        label, mark = self.label, self._mark
        if label.text() != text:
            label.setText(text)
        if mark.level != level:
            mark.level = level
            label.setProperty("level", level)
            label.style().unpolish(label)
            label.style().polish(label)
            mark.update()
        mark.setVisible(bool(level))
        size = label.fontMetrics().height()
        if mark.width() != size:
            mark.setFixedSize(size, size)


class Lifts(QWidget):
    """Three marks of the left knee: filled for each lift that was seen."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.seen = 0
        self.setMinimumHeight(40)

    def show_seen(self, n: int) -> None:
        """Fill so many."""
        if n != self.seen:
            self.seen = n
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        size = 0.8 * self.height()
        canvas = Canvas(painter, 1.0, self.look.tokens, self.look.family)
        for i in range(LIFTS):
            canvas.side(Side.LEFT, size * (0.6 + 1.35 * i), self.height() / 2, size, hollow=i >= self.seen)
        painter.end()
