"""The numbers of the live plots: tables beside them (one key for both views, remembered), to copy and to save."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from gui.panels.databutton import HasData
from gui.views.session_data import DataDialog

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
        self._data_key = QShortcut(QKeySequence("X"), window)
        self._data_key.setAutoRepeat(False)
        self._data_key.activated.connect(lambda: self.open_data(self._at_hand()))
        middle = window.near.middle
        for card in (window.far.stems, window.near.trace, window.near.curves):
            card.data_button.clicked.connect(lambda _=False, c=card: self.open_data(c))
        middle.data_button.clicked.connect(lambda _=False: self.open_data(cast("HasData", middle.card)))
        window.pages.currentChanged.connect(lambda _index: self._page_changed())
        self._page_changed()
        self._apply()

    def _page_changed(self) -> None:
        self._key.setEnabled(self.window.in_run)  # on the start page the same key begins the demo
        self._data_key.setEnabled(self.window.in_run)

    def _at_hand(self) -> HasData:
        """Return the plot with the keyboard in it, else the largest of the view."""
        window, focus = self.window, QApplication.focusWidget()
        near = window.near
        if window.pages.currentWidget() is not near:
            return window.far.stems
        for part, card in ((near.middle, near.middle.card), (near.curves, near.curves)):
            if focus is not None and cast("QWidget", part).isAncestorOf(focus):
                return cast("HasData", card)
        return near.trace

    def open_data(self, card: HasData) -> None:
        """Show what a plot shows at this moment as a table with copy and save; the run goes on meanwhile."""
        heads, rows = card.data()
        picture = card.grab()  # of this moment too, and without the dialog before it
        DataDialog(self.window.look, card.accessibleName(), heads, rows, lambda: picture, self.window).exec()

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
