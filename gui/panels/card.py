"""A painted card: a frame, a title, a design size; content is painted in design units and scales with the card."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Generic, TypeVar

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget
from typing_extensions import override

from gui.look import Look
from gui.paint import LEVEL_ICON, Canvas, level_colour
from gui.shown import Chip, Shown
from gui.theme import Tokens

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
            rest = QRegion(self.rect())
            for table in self.findChildren(QAbstractItemView, options=Qt.FindChildOption.FindDirectChildrenOnly):
                if table.isVisible():
                    rest -= QRegion(table.geometry())  # it paints itself, when its rows have changed
            self.update(rest)

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
        paint_frame(painter, self.size(), self.scale, tokens, self.devicePixelRatioF())
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


def paint_frame(painter: QPainter, size: QSize, scale: float, tokens: Tokens, ratio: float) -> None:
    """Paint the ground of a card: its corners and edges are copied, its inside filled.

    A rounded rectangle of the whole card would be cut into smoothed spans line by line: 1 ms at 3840 x 2160.
    """
    w, h, c = size.width(), size.height(), math.ceil(5.0 * scale) + 1
    if ratio != round(ratio) or min(w, h) < 2 * c:
        _box(painter, w, h, scale, tokens)
        return
    edges, k = _corners(c, scale, tokens, round(ratio)), round(ratio)
    painter.fillRect(c, c, w - 2 * c, h - 2 * c, QColor(tokens.panel))
    for x, width, from_x, share in ((0, c, 0, c), (c, w - 2 * c, c, 1), (w - c, c, c + 1, c)):
        for y, height, from_y, part in ((0, c, 0, c), (c, h - 2 * c, c, 1), (h - c, c, c + 1, c)):
            if width > 0 and height > 0 and c in (share, part):
                source = QRect(from_x * k, from_y * k, share * k, part * k)
                painter.drawPixmap(QRect(x, y, width, height), edges, source)


@lru_cache(maxsize=16)
def _corners(c: int, scale: float, tokens: Tokens, ratio: int) -> QPixmap:
    """Return the smallest card: its corners, and one pixel of each edge between them."""
    out = QPixmap((2 * c + 1) * ratio, (2 * c + 1) * ratio)
    out.setDevicePixelRatio(ratio)
    painter = QPainter(out)
    _box(painter, 2 * c + 1, 2 * c + 1, scale, tokens)
    painter.end()
    return out


def _box(painter: QPainter, w: int, h: int, scale: float, tokens: Tokens) -> None:
    canvas = Canvas(painter, scale, tokens, "")
    painter.fillRect(0, 0, w, h, QColor(tokens.bg))
    canvas.box(0, 0, w / scale, h / scale, fill=tokens.panel, edge=tokens.line, radius=4)


def value_ink(shown: Shown, ink: str, grey: str) -> str:
    """Grey until the number is firm."""
    return ink if shown.firm else grey
