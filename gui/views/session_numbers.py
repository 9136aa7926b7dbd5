"""Numbers of a stretch of the run, each with its interval; a click on one shows how it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

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
from gui.paint import Canvas, font
from gui.review.blocks import AtSpeed
from gui.review.explained import Shown
from gui.review.words import speed_words, whole
from gui.views.page_card import PageCard, TableOf

_ROW: Final = 31.0
_EDGE, _GAP = 8.0, 14.0
_NAME, _VALUE, _INTERVAL, _USUAL = 17.0, 18.0, 16.0, 15.0
"""Sizes of text."""
_SMALLEST: Final = 0.85
"""Names keep this share of their size, or the usual range is left to the pointer, screen readers and the table."""


class Columns(NamedTuple):
    """Widths of the columns in design units, the same for all rows, and the size of names that fit; no usual = 0."""

    interval: float = 0.0
    value: float = 0.0
    usual: float = 0.0
    name: float = _NAME


def columns_of(shown: Sequence[Shown], family: str, scale: float, width: float) -> Columns:
    """Fit the columns of some numbers into rows of a width in design units."""

    def widest(texts: Iterable[str], size: float, *, bold: bool = False) -> float:
        metrics = font(family, round(size * scale), bold)[1]
        return max((metrics.horizontalAdvance(text) / scale for text in texts if text), default=0.0)

    known = [s for s in shown if not s.reason]
    interval = widest((s.interval for s in known), _INTERVAL)
    value = widest((s.value for s in known), _VALUE, bold=True)
    usual = widest((s.usual for s in known), _USUAL)
    name = widest((s.name for s in known), _NAME)
    room = width - 2 * _EDGE - interval - value - 2 * _GAP
    if usual and room - usual - _GAP < _SMALLEST * name:
        usual = 0.0
    room -= usual + _GAP if usual else 0.0
    # a longer name is made smaller alone
    return Columns(interval, value, usual, _NAME * max(min(room / name, 1.0), _SMALLEST) if name else _NAME)


class NumberRow(QAbstractButton):
    """One number as a button: name left, value and interval right.

    Parameters
    ----------
    look : Look
    columns : callable
        Takes the width of the row in design units, returns the columns.
    """

    def __init__(self, look: Look, columns: Callable[[float], Columns], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.columns = columns
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
            used = canvas.text(_EDGE, 22, s.name, _NAME, tokens.ink2, width=width * 0.5)
            canvas.text(width - _EDGE, 22, s.reason, _USUAL, tokens.ink3, align="right", width=width - used - 28)
        else:
            c = self.columns(width)
            x = width - _EDGE
            canvas.text(x, 22, s.interval, _INTERVAL, tokens.ink2, align="right")
            x -= c.interval + _GAP
            canvas.text(x, 22, s.value, _VALUE, tokens.ink, bold=True, align="right")
            x -= c.value + _GAP
            if c.usual:
                canvas.text(x, 22, s.usual, _USUAL, tokens.ink3, align="right")
                x -= c.usual + _GAP
            canvas.text(_EDGE, 22, s.name, c.name, tokens.ink2, width=x - _EDGE + 1.0)
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
        self._columns: dict[tuple[float, float], Columns] = {}
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
        self._columns.clear()
        self._say_note()
        while len(self.rows) < len(shown):
            row = NumberRow(self.look, self.columns, self)
            row.set_scale(self.scale)
            row.clicked.connect(lambda _=False, r=row: self.choose(r.shown.name))
            self.rows.append(row)
            self.list.insertWidget(self.list.count() - 1, row)
        for row, number in zip(self.rows, shown, strict=False):
            row.set_shown(number)
        for k, row in enumerate(self.rows):
            row.setVisible(k < len(shown))
        self._explain()

    def columns(self, width: float) -> Columns:
        """Return the columns of rows of a width in design units."""
        key = (width, self.scale)
        if key not in self._columns:
            self._columns[key] = columns_of(self.shown, self.look.family, self.scale, width)
        return self._columns[key]

    def paint_content(self, canvas: Canvas, width: float, height: float) -> None:
        """Paint the inside: words where there are no numbers."""
        if not self.shown:
            canvas.text(24, 92, self.look.texts("card.no_steps"), 18, canvas.tokens.ink3, width=width - 48)

    def _say_note(self) -> None:
        seen = bool(self.columns(self.area.viewport().width() / self.scale).usual)
        self.note = self.look.texts("review.numbers_note_usual" if seen else "review.numbers_note")
        self.update()

    @override
    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)
        self._say_note()

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
        self._say_note()
        self._explain()

    def content(self) -> TableOf:
        """Headings and rows as shown."""
        t = self.look.texts
        heads = (t("review.numbers"), self.box.currentText(), t("report.interval_word"), t("review.usual_head"))
        return heads, [(s.name, s.value or s.reason, s.interval, s.usual) for s in self.shown]

    def open_table(self) -> None:
        """Open the numbers as a table."""
        self.show_data(*self.content(), self.grab)
