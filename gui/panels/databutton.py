"""The small button of a plot: its numbers as a table, to copy and to save, and the plot as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from gui.look import Look
from gui.panels.buttons import Button
from gui.panels.table import PlotTable

ROOM: Final = 44.0
"""Width that the button takes at the right end of a card's title line, in design units."""
_SCALE: Final = 0.72


class HasData(Protocol):
    """A card with a plot, and the same numbers as a table."""

    table: PlotTable

    def data(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return headings and rows of what is shown now."""

    def accessibleName(self) -> str:  # noqa: N802 - Qt's name
        """Return the title."""

    def grab(self) -> QPixmap:
        """Return a picture."""


class DataButton(Button):
    """An icon button that says which plot it belongs to."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, "icon", icon="table", parent=parent)

    def say(self, title: str) -> None:
        """Name the plot."""
        self.set_words("", self.look.texts("plot.data_name", title=title))

    def place(self, right: float, middle: float, scale: float) -> None:
        """Lay it with its right end and its middle at a place; design units, pixels per unit."""
        self.set_scale(_SCALE * scale)
        self.move(round(right * scale) - self.width(), round(middle * scale - self.height() / 2))
