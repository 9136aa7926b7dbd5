"""Ground of the compare and trend pages: a bar with the way back, a title and choices, one large area under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QWidget
from typing_extensions import override

from gui.look import Look
from gui.paint import Canvas
from gui.panels.buttons import Button
from gui.views.explain_card import ExplainCard
from gui.views.growing import GrowingPage
from gui.views.session_style import sheet

BAR: Final = 64.0
_CHOICE: Final = 54.0
MARGIN: Final = 32.0


class ReviewPage(GrowingPage):
    """A page with a bar.

    Signals
    -------
    back
    """

    back = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.title = ""
        self.choices: list[QComboBox] = []
        self.back_button = Button(look, "outline", parent=self)
        self.back_button.clicked.connect(lambda _=False: self.back.emit())
        self.explain = ExplainCard(look, self)
        self.explain.closed.connect(lambda: self.explain.show_number(None))

    def choice(self) -> QComboBox:
        """Add a box of choices to the bar."""
        made = QComboBox(self)
        self.choices.append(made)
        return made

    def offer(self, box: QComboBox, name: str, texts: Sequence[str], position: int) -> None:
        """Fill a box of choices; `name` is what a screen reader says."""
        box.clear()
        box.addItems(list(texts))
        box.setCurrentIndex(position)
        box.setAccessibleName(name)
        box.setToolTip(name)

    @property
    def bar_height(self) -> float:
        """Height of the bar: where text has grown, each choice has a line of its own."""
        return BAR + (_CHOICE * sum(not box.isHidden() for box in self.choices) if self.stacked else 0.0)

    def tall(self, width: float) -> float:
        """Return the height of the stacked page in design units."""
        return self.bar_height + 16.0 + sum(height + 16.0 for height in self.heights(width)) + 8.0

    def heights(self, width: float) -> tuple[float, ...]:
        """Return the heights of the cards, one under the other."""
        return ()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def place(self) -> None:
        """Lay out bar and content for the size of the moment."""
        s = self.scale
        self.back_button.set_scale(s * 0.85)
        self.back_button.move(round(MARGIN * s), round((BAR * s - self.back_button.height()) / 2))
        style = sheet(self.look, s)
        right = self.width() - round(MARGIN * s)
        if self.stacked:
            y = BAR
            for box in self.choices:
                box.setStyleSheet(style)
                if not box.isHidden():
                    box.setGeometry(round(MARGIN * s), round(y * s), right - round(MARGIN * s), round(44 * s))
                    y += _CHOICE
            self.bar_right = right / s
            self.place_content(s, self.width() / s, self.height() / s)
            return
        for box in reversed(self.choices):
            box.setStyleSheet(style)
            width = round(self.choice_width() * s)
            right -= width
            box.setGeometry(right, round(10 * s), width, round(44 * s))
            right -= round(16 * s)
        self.bar_right = right / s
        self.place_content(s, self.width() / s, self.height() / s)

    bar_right = 1920.0

    def choice_width(self) -> float:
        """Width of a box of choices in design units."""
        return 360.0

    def stack_cards(self, cards: Sequence[QWidget], scale: float, width: float) -> None:
        """Lay cards under each other over the whole width."""
        y = self.bar_height + 16.0
        for card, height in zip(cards, self.heights(width), strict=True):
            card.setGeometry(
                round(MARGIN * scale), round(y * scale), round((width - 2 * MARGIN) * scale), round(height * scale)
            )
            y += height + 16.0

    def restyle(self) -> None:
        """Take over colours and language."""

    def place_content(self, scale: float, width: float, height: float) -> None:
        """Lay out what is under the bar; sizes in design units."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, s = self.look.tokens, self.scale
        painter.fillRect(self.rect(), tokens.bg)
        canvas = Canvas(painter, s, tokens, self.look.family)
        width = self.width() / s
        canvas.box(0, 0, width, self.bar_height, fill=tokens.panel)
        canvas.line(0, self.bar_height, width, self.bar_height, tokens.line, 1.0)
        x = MARGIN + self.back_button.width() / s + 24
        canvas.text(x, 41, self.title, 24, tokens.ink, bold=True, width=self.bar_right - x)
        painter.end()
