"""The tables beside the plots: one key for both views, remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from gui.views.window import Window


class TableCommands(QObject):
    """Shows or hides the tables of a window's live views."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self.shown = window.preferences.get("tables") == "beside"
        self._key = QShortcut(QKeySequence("D"), window)
        self._key.activated.connect(self.toggle)
        window.pages.currentChanged.connect(lambda _index: self._page_changed())
        self._page_changed()
        self._apply()

    def _page_changed(self) -> None:
        self._key.setEnabled(self.window.in_run)  # on the start page the same key begins the demo

    def toggle(self) -> None:
        """Show the tables, or not."""
        self.shown = not self.shown
        self.window.preferences.put("tables", "beside" if self.shown else "")
        self._apply()
        self.window.refresh()

    def _apply(self) -> None:
        self.window.far.stems.show_table(self.shown)
        self.window.near.trace.show_table(self.shown)
        self.window.near.pelvis.show_table(self.shown)
