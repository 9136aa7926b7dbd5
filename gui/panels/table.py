"""A table beside a plot: the same numbers for a screen reader and for whoever would rather read than look.

It is fed while the run goes on, so it is a model without items, and it stands still while the keyboard is in it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from gui.look import Look
from gui.paint import draw_side
from imu.types import Side

Rows = Sequence[Sequence[str]]
_Index = QModelIndex | QPersistentModelIndex
_NONE: Final = QModelIndex()
_UNITS: Final = {"g", "ms"}
_MOST_ROWS: Final = 60
"""Painted rows that are kept: some 20 kB each, 100 kB on a screen of 3840 x 2160."""
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def two_lines(head: str) -> str:
    """Put the unit under the name of a column: "load g" takes the width of "load"."""
    name, _, unit = head.rpartition(" ")
    return f"{name}\n{unit}" if unit in _UNITS else head


class RowsModel(QAbstractTableModel):
    """Rows of text under heads; `left` names the columns that are words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.heads: tuple[str, ...] = ()
        self.rows: tuple[tuple[str, ...], ...] = ()
        self.left: frozenset[int] = frozenset({0})
        self.sides: tuple[Side, ...] = ()
        self.side_column = -1
        self.glyphs: dict[Side, QPixmap] = {}

    def show_rows(self, heads: Sequence[str], rows: Rows) -> None:
        """Take over other rows; as many as before are changed in place, so that the view keeps where it is."""
        new = tuple(tuple(row) for row in rows)
        if (len(new), tuple(heads)) != (len(self.rows), self.heads):
            self.beginResetModel()
            self.heads, self.rows = tuple(heads), new
            self.endResetModel()
        elif new != self.rows:
            self.rows = new
            self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, len(self.heads) - 1))

    @override
    def rowCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.heads)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            row = self.rows[index.row()]
            return row[index.column()] if index.column() < len(row) else ""
        if role == Qt.ItemDataRole.DecorationRole and index.column() == self.side_column:
            return self.glyphs.get(self.sides[index.row()]) if index.row() < len(self.sides) else None
        return self._alignment(index.column(), role)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return ("\u2002" if self.beside_number(section) else "") + two_lines(self.heads[section])
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.heads[section]
        return self._alignment(section, role)

    def beside_number(self, column: int) -> bool:
        """Whether words follow a column of numbers, which end where the words begin."""
        return column > 0 and column in self.left and column - 1 not in self.left

    def _alignment(self, column: int, role: int) -> int | None:
        if role != Qt.ItemDataRole.TextAlignmentRole:
            return None
        return _LEFT if column in self.left else _RIGHT


class IndentedDelegate(QStyledItemDelegate):
    """Cells of words beside a column of numbers: without an indent they would touch."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self.indent = 0

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        moved = QStyleOptionViewItem(option)
        moved.rect = option.rect.adjusted(self.indent, 0, 0, 0)
        super().paint(painter, moved, index)


class PlotTable(QTableView):
    """A table in the colours of a card.

    Parameters
    ----------
    look : Look
    left : set of int
        Columns of words; the others are numbers, right-aligned.
    shares : sequence of float
        Width of each column as a share of the table's; empty = the first is narrow, the others alike.
    side_column : int
        Column that shows the glyph of the row's side before its word; -1 = none.
    """

    def __init__(
        self,
        look: Look,
        parent: QWidget,
        *,
        left: frozenset[int] = frozenset({0}),
        shares: Sequence[float] = (),
        side_column: int = -1,
    ) -> None:
        super().__init__(parent)
        self.look = look
        self.rows_model = RowsModel(self)
        self.rows_model.left = left
        self.rows_model.side_column = side_column
        self.setModel(self.rows_model)
        self._indented = IndentedDelegate(self)
        for column in sorted(left):
            if self.rows_model.beside_number(column):
                self.setItemDelegateForColumn(column, self._indented)
        self._shares = tuple(shares)
        self._waiting: tuple[Sequence[str], Rows, Sequence[Side]] | None = None
        self._styled: tuple[object, ...] = ()
        self._head_unit = 1.0
        self._place = QRect()
        self._drawn: tuple[object, ...] = ()
        self._painted: dict[tuple[object, ...], QPixmap] = {}
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setMinimumSectionSize(8)
        self.horizontalHeader().setMinimumSectionSize(8)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for set_policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            set_policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # keys and wheel still scroll

    def set_rows(self, heads: Sequence[str], rows: Rows, sides: Sequence[Side] = ()) -> None:
        """Show other rows; while somebody reads with the keyboard, only once the focus has left."""
        if self.hasFocus():
            self._waiting = (heads, rows, sides)
            return
        self.rows_model.sides = tuple(sides)
        before = self.rows_model.heads
        self.rows_model.show_rows(heads, rows)
        if tuple(heads) != tuple(before):
            self._fit_head()
            if len(heads) != len(before):
                self._fit_columns()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.set_rows(*waiting)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the rows that were seen before: a step moves every row by one place, and only one of them is new.

        Qt asks the model ten times per cell and lays every text out anew. While a row is chosen or the keyboard is in
        the table, it stands still, and Qt paints it.
        """
        if self.hasFocus() or self.selectionModel().hasSelection():
            super().paintEvent(event)
            return
        model, width, ratio = self.rows_model, self.viewport().width(), self.devicePixelRatioF()
        columns = [(self.columnViewportPosition(k), self.columnWidth(k)) for k in range(len(model.heads))]
        drawn = (width, ratio, tuple(columns), self._styled)
        if drawn != self._drawn or len(self._painted) > _MOST_ROWS:
            self._drawn = drawn
            self._painted.clear()
        painter = QPainter(self.viewport())
        for row, cells in enumerate(model.rows):
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            if top >= self.viewport().height():
                break
            side = model.sides[row] if row < len(model.sides) else None
            key = (cells, side, row % 2, height)
            picture = self._painted.get(key)
            if picture is None:
                picture = self._painted[key] = self._row_picture(row, columns, QSize(width, height), ratio)
            painter.drawPixmap(0, top, picture)
        painter.end()

    def _row_picture(self, row: int, columns: Sequence[tuple[int, int]], size: QSize, ratio: float) -> QPixmap:
        out = QPixmap(math.ceil(size.width() * ratio), math.ceil(size.height() * ratio))
        out.setDevicePixelRatio(ratio)
        out.fill(self.palette().color(QPalette.ColorRole.Base))
        painter = QPainter(out)
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        if row % 2:
            option.features |= QStyleOptionViewItem.ViewItemFeature.Alternate
        for column, (left, width) in enumerate(columns):
            option.rect = QRect(left, 0, width, size.height())
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewRow, option, painter, self)
            index = self.rows_model.index(row, column)
            self.itemDelegateForIndex(index).paint(painter, option, index)
        painter.end()
        return out

    def place(self, x: float, y: float, w: float, h: float, scale: float, *, size: float = 15.0) -> None:
        """Lay it into its card: design units, pixels per unit, and the size of its text."""
        key = (self.look.tokens, self.look.family, scale, size)
        if key != self._styled:  # a style sheet costs milliseconds
            self._styled = key
            self._restyle(max(round(size * scale), 9))
            self.verticalHeader().setDefaultSectionSize(round(size * 26.0 / 15.0 * scale))
            self._head_unit = size / 15.0 * scale
            self._fit_head()
        self._place = QRect(round(x * scale), round(y * scale), round(w * scale), round(h * scale))
        self._fit_height()
        self._fit_columns()

    def _fit_height(self) -> None:
        """Show whole rows only."""
        head, row = self.horizontalHeader().height(), max(self.verticalHeader().defaultSectionSize(), 1)
        rows = max(self._place.height() - head, row) // row
        self.setGeometry(QRect(self._place.topLeft(), QSize(self._place.width(), head + rows * row)))

    def _fit_head(self) -> None:
        """Give the heads room for a second line, where a unit stands in it."""
        lines = max((two_lines(head).count("\n") + 1 for head in self.rows_model.heads), default=1)
        self.horizontalHeader().setFixedHeight(round((40.0 if lines > 1 else 34.0) * self._head_unit))
        self._fit_height()

    def _fit_columns(self) -> None:
        n, width = len(self.rows_model.heads), self.width() - 4
        if not n:
            return
        rest = 1.0 / 6.0 if n > 1 else 1.0
        shares = self._shares or (rest, *[(1.0 - rest) / (n - 1)] * (n - 1))
        for column, share in zip(range(n), shares, strict=False):
            self.setColumnWidth(column, int(width * share))

    def _restyle(self, px: int) -> None:
        k, palette = self.look.tokens, self.palette()
        for role, colour in (
            (QPalette.ColorRole.Base, k.panel),
            (QPalette.ColorRole.AlternateBase, k.sub),
            (QPalette.ColorRole.Text, k.ink),
            (QPalette.ColorRole.Highlight, k.accbg),
            (QPalette.ColorRole.HighlightedText, k.ink),
        ):
            palette.setColor(role, QColor(colour))
        head = max(round(0.9 * px), 9)
        self._indented.indent = round(0.5 * head)  # as wide as the space before the head
        # no rule for items: those would be painted by the style sheet, at several times the cost
        self.setStyleSheet(
            f"QTableView {{ border: none; font-size: {px}px; font-family: '{self.look.family}'; }}"
            f"QTableView:focus {{ border: 2px solid {k.acc}; }}"
            f"QHeaderView, QHeaderView::section {{ background: {k.panel}; color: {k.ink2}; border: none;"
            f" border-bottom: 1px solid {k.line}; padding: 0px 2px; font-size: {head}px; font-weight: normal; }}"
        )
        self.setPalette(palette)  # after the style sheet: that brings back the palette from before it
        self.rows_model.glyphs = {side: self._glyph(side, px) for side in Side}
        self.setIconSize(QSize(px + 4, px))

    def _glyph(self, side: Side, px: int) -> QPixmap:
        ratio = self.devicePixelRatioF()
        out = QPixmap(round((px + 4) * ratio), round(px * ratio))
        out.setDevicePixelRatio(ratio)
        out.fill(Qt.GlobalColor.transparent)
        painter = QPainter(out)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_side(painter, self.look.tokens, side, QPointF(px / 2.0, px / 2.0), px - 2.0)
        painter.end()
        return out
