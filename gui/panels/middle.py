"""The middle of the near view: one of several cards at a time, chosen by the tabs at its top or by a number key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.look import Look
from gui.panels.buttons import Button
from gui.panels.card import Card
from gui.panels.databutton import DataButton

_TAB_SCALE: Final = 0.78
_LEFT: Final = 10.0
_TOP: Final = 12.0


class Middle(QWidget):
    """Tabs over cards of one size.

    Parameters
    ----------
    look : Look
    cards : mapping of str to Card
        In the order of the tabs; their words are `middle.NAME` and `middle.NAME_name`.

    Signals
    -------
    chosen : str
        Another card is shown.
    """

    chosen = Signal(str)

    def __init__(self, look: Look, cards: Mapping[str, Card[Any]], parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.cards = dict(cards)
        self.tabs: dict[str, Button] = {}
        for place, (name, card) in enumerate(self.cards.items()):
            card.setParent(self)
            tab = Button(look, "tab", parent=self)
            tab.clicked.connect(lambda _=False, n=name: self.choose(n))
            self.tabs[name] = tab
            shortcut = QShortcut(QKeySequence(str(place + 1)), self)  # works only while this widget is on the screen
            shortcut.activated.connect(lambda n=name: self.choose(n))
        self.data_button = DataButton(look, self)
        self.name = next(iter(self.cards))
        self.choose(self.name)
        self.restyle()

    @property
    def card(self) -> Card[Any]:
        """The card that is shown."""
        return self.cards[self.name]

    def choose(self, name: str) -> None:
        """Show a card."""
        self.name = name
        for other, card in self.cards.items():
            card.setVisible(other == name)
            self.tabs[other].setChecked(other == name)
            self.tabs[other].raise_()
        self.data_button.raise_()
        self.data_button.say(self.look.texts(f"middle.{name}"))
        self.chosen.emit(name)

    def restyle(self) -> None:
        """Take over colours and language."""
        for name, tab in self.tabs.items():
            tab.set_words(self.look.texts(f"middle.{name}"), self.look.texts(f"middle.{name}_name"))
        self.data_button.say(self.look.texts(f"middle.{self.name}"))
        self._arrange()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        for card in self.cards.values():
            card.setGeometry(self.rect())
        s = self.card.scale
        x = round(_LEFT * s)
        for tab in self.tabs.values():
            tab.set_scale(s * _TAB_SCALE)
            tab.move(x, round(_TOP * s))
            x += tab.width() + round(2 * s)
        self.data_button.place(self.card.design_width - 12, 34, s)
