"""Numbers of a stretch of the run, each with its interval; a click on one shows how it is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.look import Look
from gui.paint import Canvas
from gui.review.blocks import AtSpeed
from gui.review.explained import Shown
from gui.review.words import speed_words, whole
from gui.views.page_card import PageCard, TableOf

_ROW: Final = 31.0
_ROOM_FOR_USUAL: Final = 430.0
"""Narrower rows say the usual range to the pointer, to screen readers and in the table."""


class NumberRow(QAbstractButton):
    """One number as a button: name left, value and interval right."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.shown = Shown("", "", "", "")
        self.scale = 1.0
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_shown(self, shown: Shown) -> None:
        """Show another number."""
        self.shown = shown
        said = f"{shown.name}: {shown.value} {shown.interval}{shown.reason}".strip()
        if shown.usual:
            said += f" ({self.look.texts('review.usual_head')} {shown.usual})"
        self.setText(said)
        self.setAccessibleName(said)
        self.setToolTip(said)
        self.update()

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        self.scale = scale
        self.setFixedHeight(round(_ROW * scale))

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, round(_ROW * self.scale))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = self.look.tokens
        canvas = Canvas(painter, self.scale, tokens, self.look.family)
        width = self.width() / self.scale
        if self.isChecked() or self.underMouse():
            painter.fillRect(self.rect(), QColor(tokens.accbg if self.isChecked() else tokens.sub))
        if self.hasFocus():
            canvas.box(1, 1, width - 2, _ROW - 2, edge=tokens.acc, edge_width=2)
        canvas.line(0, _ROW - 0.5, width, _ROW - 0.5, tokens.grid, 1.0)
        s = self.shown
        if s.reason:
            used = canvas.text(8, 22, s.name, 17, tokens.ink2, width=width * 0.5)
            canvas.text(width - 8, 22, s.reason, 15, tokens.ink3, align="right", width=width - used - 28)
        else:
            room = width - 96 - 8
            if s.usual and width >= _ROOM_FOR_USUAL:
                room -= canvas.text(width - 182, 22, s.usual, 15, tokens.ink3, align="right", width=112) + 14
            used = max(
                canvas.text(width - 96, 22, s.value, 18, tokens.ink, bold=True, align="right"), 86.0 if s.usual else 0.0
            )
            canvas.text(width - 8, 22, s.interval, 16, tokens.ink2, align="right", width=84)
            canvas.text(8, 22, s.name, 17, tokens.ink2, width=room - used - 8)
        painter.end()


class NumbersCard(PageCard):
    """Numbers of one speed or of the selection, and how the chosen one is made.

    Signals
    -------
    block_chosen : int
        Position in the box.
    explained : Shown or None
        The number whose making is asked for; None = none is.
    """

    block_chosen = Signal(int)
    explained = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.box = QComboBox(self)
        inner = QWidget()
        self.list = QVBoxLayout(inner)
        self.list.setSpacing(0)
        self.list.setContentsMargins(0, 0, 0, 0)
        self.list.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inner)
        for ground in (inner, self.area.viewport()):
            ground.setAutoFillBackground(False)
        self.rows: list[NumberRow] = []
        self.table = self.button(self.open_table)
        self.column.addWidget(self.box)
        self.column.addWidget(self.area, 1)
        self.chosen = ""
        self._explains = False
        self.shown: list[Shown] = []
        self.box.activated.connect(self.block_chosen.emit)

    def set_blocks(self, speeds: Sequence[AtSpeed], selected: int | None, position: int) -> None:
        """Offer the speeds of the run, and the selection with so many steps (None = there is none)."""
        t = self.look.texts
        self.title, self.note = t("review.numbers"), t("review.numbers_note")
        self.table.setText(t("review.table"))
        self.table.setAccessibleName(t("review.table_name", title=self.title))
        self.box.setAccessibleName(t("review.choose_block"))
        self.box.clear()
        for at in speeds:
            self.box.addItem(t("review.block_all", speed=speed_words(at.speed_mps, t), n=whole(at.n_steps)))
        if selected is not None:
            self.box.addItem(t("review.block_selection", n=whole(selected)))
        self.box.setCurrentIndex(position)
        self.box.setVisible(self.box.count() > 0)

    def set_numbers(self, shown: list[Shown]) -> None:
        """Show numbers; the chosen one stays chosen."""
        self.shown = shown
        known = any(s.usual for s in shown) and self.width() / self.scale >= _ROOM_FOR_USUAL + 40.0
        self.note = self.look.texts("review.numbers_note_usual" if known else "review.numbers_note")
        self.update()
        while len(self.rows) < len(shown):
            row = NumberRow(self.look, self)
            row.set_scale(self.scale)
            row.clicked.connect(lambda _=False, r=row: self.choose(r.shown.name))
            self.rows.append(row)
            self.list.insertWidget(self.list.count() - 1, row)
        for row, number in zip(self.rows, shown, strict=False):
            row.set_shown(number)
        for k, row in enumerate(self.rows):
            row.setVisible(k < len(shown))
        self._explain()

    def choose(self, name: str) -> None:
        """Show how a number is made; once more: show it no longer."""
        self.chosen = "" if name == self.chosen else name
        self._explain()

    def _explain(self) -> None:
        for row in self.rows:
            row.setChecked(bool(self.chosen) and row.shown.name == self.chosen)
        chosen = next((s for s in self.shown if s.name == self.chosen), None)
        if chosen is not None or self._explains:  # another card's number stays where it is
            self._explains = chosen is not None
            self.explained.emit(chosen)

    def set_scale(self, scale: float) -> None:
        """Pixels per design unit."""
        super().set_scale(scale)
        for row in self.rows:
            row.set_scale(scale)
        self._explain()

    def content(self) -> TableOf:
        """Headings and rows as shown."""
        t = self.look.texts
        heads = (t("review.numbers"), self.box.currentText(), t("report.interval_word"), t("review.usual_head"))
        return heads, [(s.name, s.value or s.reason, s.interval, s.usual) for s in self.shown]

    def open_table(self) -> None:
        """Open the numbers as a table."""
        self.show_data(*self.content(), self.grab)
