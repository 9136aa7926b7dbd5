"""The card that says how one number is made; it lies over what is less needed at that moment."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTextBrowser, QWidget
from typing_extensions import override

from gui.look import Look
from gui.review.explained import Shown, explain
from gui.views.page_card import PageCard


class ExplainCard(PageCard):
    """How one number is made: formula, filter, source, errors. Esc or the button closes it.

    Signals
    -------
    closed
    """

    closed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.text = QTextBrowser(self)
        self.text.setOpenExternalLinks(True)
        self.column.addWidget(self.text)
        self.close_button = self.button(self.closed.emit)
        self.hide()

    def show_number(self, shown: Shown | None) -> None:
        """Show how a number is made, None, or a number that the catalogue does not hold, hides the card."""
        t = self.look.texts
        html = "" if shown is None else explain(shown, t)
        self.title = t("review.explained")
        self.close_button.setText(t("review.close"))
        self.text.setAccessibleName(self.title)
        self.text.setHtml(html)
        self._place_buttons()  # the word on the button has changed its width
        self.setVisible(bool(html))
        self.raise_()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
