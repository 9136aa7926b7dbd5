"""Columns of a table fitted to the room there is: left out, wrapped, or the last ones told in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

_WHOLE: Final = int(Qt.ItemDataRole.UserRole) + 7
"""What a cell or head says while it is not wrapped."""
_REST: Final = "…"


def fit_columns(table: QTableWidget, room: int, spare: tuple[tuple[int, ...], ...]) -> None:
    """Make columns as wide as their content; where they are too many, leave out spare ones instead of cutting one.

    The table may not have its width of `room` yet: its layout gives it that later.

    Spare columns go in groups, those without a word in them first, then the others in their order. The last one that
    stays takes what room is left.
    """
    _unwrap(table)
    header, n = table.horizontalHeader(), table.columnCount()
    if not n:
        return
    for column in range(n):  # each change lays the table out anew
        if table.isColumnHidden(column):  # the head of a hidden column has no width
            table.setColumnHidden(column, False)
        mode = QHeaderView.ResizeMode.Stretch if column == n - 1 else QHeaderView.ResizeMode.ResizeToContents
        if header.sectionResizeMode(column) is not mode:
            header.setSectionResizeMode(column, mode)
    wide = [max(table.sizeHintForColumn(c), header.sectionSizeHint(c)) for c in range(n)]

    def has_words(group: tuple[int, ...]) -> bool:
        return any((i := table.item(y, c)) and i.text() for c in group for y in range(table.rowCount()))

    # a scroll bar, and what rounding adds to each column
    over = sum(wide) + 2 * n - (room - table.verticalScrollBar().sizeHint().width())
    hidden: set[int] = set()
    for group in sorted(spare, key=has_words):
        if over > 0:
            hidden.update(group)
            over -= sum(wide[c] for c in group)
    for column in hidden:
        table.setColumnHidden(column, True)
    last = max(set(range(n)) - hidden, default=n - 1)
    header.setSectionResizeMode(last, QHeaderView.ResizeMode.Stretch)


def stretch_last(table: QTableWidget, room: int) -> None:
    """Make columns as wide as their content, the last one wider where there is room; else wrap them.

    The table may not have its width of `room` yet: its layout gives it that later.
    """
    _unwrap(table)
    header, n = table.horizontalHeader(), table.columnCount()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    if not n:
        return
    if sum(max(table.sizeHintForColumn(c), header.sectionSizeHint(c)) for c in range(n)) <= room:
        header.setSectionResizeMode(n - 1, QHeaderView.ResizeMode.Stretch)
    else:
        wrap_columns(table, room)


def wrap_columns(table: QTableWidget, room: int) -> None:
    """Let texts and heads take more than one line; columns for which there is no room are told together in one."""
    _unwrap(table)
    n = table.columnCount()
    if not n:
        return
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    room -= table.verticalScrollBar().sizeHint().width() + 4
    columns = [_measured(table, c) for c in range(n)]
    shown = next((k for k in range(n, 1, -1) if sum(c.least for c in _merged(columns, k)) <= room), 2)
    merged = _merged(columns, shown)
    if shown < n:
        _tell_together(table, shown - 1)
    free = max(room - sum(c.least for c in merged), 0)
    wanted = sum(c.whole - c.least for c in merged)
    share = 1.0 if wanted <= 0 else min(free / wanted, 1.0)
    wide = [c.least + int(share * (c.whole - c.least)) for c in merged]
    wide[-1] += room - sum(wide)
    for column, width in enumerate(wide):
        table.setColumnWidth(column, max(width, 1))
        _wrap_head(table, column, width)
    table.setWordWrap(True)
    table.resizeRowsToContents()


@dataclass(frozen=True, slots=True)
class _Column:
    """Width of the longest word, and of the longest text."""

    least: int
    whole: int


def _measured(table: QTableWidget, column: int) -> _Column:
    metrics = table.fontMetrics()
    texts = [item.text() if (item := table.item(y, column)) else "" for y in range(table.rowCount())]
    advances = [metrics.horizontalAdvance(text) for text in texts]
    whole = table.sizeHintForColumn(column) + 4
    pad = whole - max(advances, default=0)
    words = [metrics.horizontalAdvance(word) for text in texts for word in text.split(" ")]
    item = table.horizontalHeaderItem(column)
    head = item.text() if item else ""
    longest = max((_head_width(table, column, word) for word in head.split(" ")), default=0)
    return _Column(max(max(words, default=0) + pad, longest), max(whole, _head_width(table, column, head)))


def _merged(columns: Sequence[_Column], shown: int) -> list[_Column]:
    """Return the columns where the last of `shown` holds all the rest, the head before each value."""
    rest = columns[shown - 1 :]
    if len(rest) == 1:
        return list(columns)
    return [*columns[: shown - 1], _Column(max(c.least for c in rest), sum(c.whole for c in rest))]


def _head_width(table: QTableWidget, column: int, text: str) -> int:
    item = table.horizontalHeaderItem(column)
    if item is None:
        return 0
    before = item.text()
    item.setText(text)
    wide = table.horizontalHeader().sectionSizeHint(column) + 2
    item.setText(before)
    return wide


def _wrap_head(table: QTableWidget, column: int, width: int) -> None:
    item = table.horizontalHeaderItem(column)
    if item is None:
        return
    lines = [""]
    for word in item.text().split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _head_width(table, column, longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    _say(item, "\n".join(lines))


def _tell_together(table: QTableWidget, first: int) -> None:
    """Write the columns from `first` on into that one, and hide the others."""
    n = table.columnCount()
    heads = [item.text() if (item := table.horizontalHeaderItem(c)) else "" for c in range(n)]
    for y in range(table.rowCount()):
        said = [(heads[c], item.text()) for c in range(first, n) if (item := table.item(y, c)) and item.text()]
        if cell := table.item(y, first):
            words = " · ".join(f"{head}: {text}" for head, text in said)
            _say(cell, words)
            cell.setToolTip(words)
            cell.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    if head_item := table.horizontalHeaderItem(first):
        _say(head_item, _REST)
        head_item.setToolTip(", ".join(heads[first:]))
    for column in range(first + 1, n):
        table.setColumnHidden(column, True)


def _say(item: QTableWidgetItem, text: str) -> None:
    if item.data(_WHOLE) is None:
        item.setData(_WHOLE, (item.text(), item.textAlignment()))
    item.setText(text)


def _unwrap(table: QTableWidget) -> None:
    """Undo what `wrap_columns` did."""
    if not table.wordWrap():
        return
    table.setWordWrap(False)
    for column in range(table.columnCount()):
        table.setColumnHidden(column, False)
        cells = [table.item(y, column) for y in range(table.rowCount())]
        for item in (table.horizontalHeaderItem(column), *cells):
            whole = None if item is None else item.data(_WHOLE)
            if item is not None and whole is not None:
                text, alignment = whole
                item.setData(_WHOLE, None)
                item.setText(text)
                item.setTextAlignment(Qt.AlignmentFlag(alignment))
    for y in range(table.rowCount()):
        table.setRowHeight(y, table.verticalHeader().defaultSectionSize())
