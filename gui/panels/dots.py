"""Steps of a session as a row of small glyphs inside a cell of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from gui.look import Look
from gui.paint import draw_side
from imu.types import Side, Step

DOTS: Final = 60
DOTS_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
SPAN_G: Final = 2.0
"""Load from the lower to the upper edge of a cell, around the session's own middle: the same for every session."""


@dataclass(frozen=True, slots=True)
class Dots:
    """Place in the session (0 to 1), load in g and side of some of its steps."""

    at: tuple[float, ...]
    load_g: tuple[float, ...]
    side: tuple[Side, ...]


def dots_of(steps: Sequence[Step]) -> Dots | None:
    """Take what is shown from the steps that have a load; None = there are none."""
    loaded = [s for s in steps if s.load_peak_g is not None]
    if not loaded:
        return None
    first, last = loaded[0].ic_s, loaded[-1].ic_s
    long = max(last - first, 1e-9)
    return Dots(
        tuple((s.ic_s - first) / long for s in loaded),
        tuple(s.load_peak_g for s in loaded if s.load_peak_g is not None),
        tuple(s.side for s in loaded),
    )


class DotsDelegate(QStyledItemDelegate):
    """Paints the glyphs instead of the cell's text, which stays for screen readers."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look

    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if index.data(DOTS_ROLE) is not None:
            option.text = ""

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        dots = index.data(DOTS_ROLE)
        if not isinstance(dots, Dots):
            return
        box = option.rect
        size = max(0.14 * box.height(), 4.0)
        left, width = box.left() + size, box.width() - 2 * size
        middle = sorted(dots.load_g)[len(dots.load_g) // 2]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, load, side in zip(dots.at, dots.load_g, dots.side, strict=True):
            up = min(max((load - middle) / SPAN_G, -0.5), 0.5)
            y = box.center().y() - up * (box.height() - 1.5 * size)
            draw_side(painter, self.look.tokens, side, QPointF(left + at * width, y), size)
        painter.restore()
