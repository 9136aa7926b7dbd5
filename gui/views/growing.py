"""Pages whose text may grow: what no longer fits into the window is reached by scrolling, and nothing is cut."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QStackedWidget, QWidget
from typing_extensions import override

from gui.look import Look

_PAGE_SHARE = 1016.0 / 1080.0
"""Share of the window's height that a page has while text has its normal size."""
_MARGIN = 48
"""Pixels kept free around what has the focus."""


@runtime_checkable
class Growing(Protocol):
    """A page that lays itself out anew when text grows, so that it has to be scrolled in one direction only."""

    def grow(self, width: int, window: QSize) -> int:
        """Return the height in pixels that the page needs at a width, in a window of a size."""


class GrowingPage(QWidget):
    """A page laid out in design units, in columns while it is as wide as the design, else as one column."""

    DESIGN = (1920.0, 1016.0)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self._window: QSize | None = None

    @property
    def scale(self) -> float:
        """Pixels per design unit."""
        if self._window is not None and self.look.zoom > 1.0:
            # of the window, not of what its bars leave: those have grown too
            return max(min(self._window.width() / 1920.0, self._window.height() / 1080.0), 0.1) * self.look.zoom
        return max(min(self.width() / self.DESIGN[0], self.height() / self.DESIGN[1]), 0.1)

    @property
    def stacked(self) -> bool:
        """Whether text has grown so far that the columns stand under each other."""
        return self.look.zoom > 1.0 and self._window is not None

    def grow(self, width: int, window: QSize) -> int:
        """Return the height in pixels that the page needs at a width."""
        self._window = window
        return math.ceil(self.tall(width / self.scale) * self.scale)

    def refit(self) -> None:
        """Ask for the height that the page needs now; nothing happens while it stands alone."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, PageScroll):
            around = around.parentWidget()
        if around is not None and around.pages.currentWidget() is self:
            around.fit()

    @abstractmethod
    def tall(self, width: float) -> float:
        """Return the height of the stacked page in design units."""


def rows_of(sizes: Sequence[tuple[float, float]], width: float, gap: float) -> list[list[int]]:
    """Put cards of given widths and heights into rows that hold them; return their positions, row by row."""
    rows: list[list[int]] = []
    left = 0.0
    for k, (w, _) in enumerate(sizes):
        if not rows or w > left:
            rows.append([])
            left = width
        rows[-1].append(k)
        left -= w + gap
    return rows


def stack(
    sizes: Sequence[tuple[float, float]], x: float, y: float, width: float, gap: float
) -> list[tuple[float, float, float, float]]:
    """Return x, y, width and height of cards in rows as wide as `width`; each is at least as large as it was given."""
    out: list[tuple[float, float, float, float]] = []
    for row in rows_of(sizes, width, gap):
        room = width - gap * (len(row) - 1)
        total = sum(sizes[k][0] for k in row)
        height = max(sizes[k][1] for k in row)
        at = x
        for k in row:
            w = room * sizes[k][0] / total
            out.append((at, y, w, height))
            at += w + gap
        y += height + gap
    return out


def lines_of(widths: Sequence[float], width: float, gap: float) -> list[list[int]]:
    """Put things of one height into lines that hold them; return their positions, line by line."""
    return rows_of([(w, 0.0) for w in widths], width, gap)


class PageScroll(QScrollArea):
    """The pages of the window; as large as the window while text has its normal size, else larger and scrolled."""

    def __init__(self, look: Look, pages: QStackedWidget) -> None:
        super().__init__()
        self.look, self.pages = look, pages
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(pages)
        pages.setAutoFillBackground(False)
        pages.currentChanged.connect(lambda _index: self._turned())
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def fit(self) -> None:
        """Give the page of the moment its size."""
        page, seen, zoom = self.pages.currentWidget(), self.maximumViewportSize(), self.look.zoom
        size = seen
        policy = Qt.ScrollBarPolicy
        for set_policy in (self.setVerticalScrollBarPolicy, self.setHorizontalScrollBarPolicy):
            set_policy(policy.ScrollBarAsNeeded if zoom > 1.0 else policy.ScrollBarAlwaysOff)
        if page is not None and zoom > 1.0:
            bar = self.verticalScrollBar().sizeHint().width()
            width = seen.width() - bar
            if isinstance(page, Growing):
                size = QSize(width, max(page.grow(width, self.window().size()), seen.height()))
            else:
                size = QSize(round(width * zoom), round(self.window().height() * _PAGE_SHARE * zoom))
        self.pages.resize(size)

    def turn(self, pages: float) -> None:
        """Move by so many pages, down when positive."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + round(pages * self.viewport().height()))

    def _turned(self) -> None:
        self.fit()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Bring what has the keyboard into view."""
        if now is not None and self.look.zoom > 1.0 and self.pages.isAncestorOf(now):
            self.ensureWidgetVisible(now, _MARGIN, _MARGIN)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
