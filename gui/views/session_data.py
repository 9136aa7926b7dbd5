"""The numbers of a plot as a table: for a screen reader, to copy, to save as CSV; and the plot as a picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QPixmap, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.look import Look
from gui.views.session_style import sheet

Rows = Sequence[Sequence[str]]


def fill(table: QTableWidget, heads: Sequence[str], rows: Rows, words: frozenset[int] = frozenset({0})) -> None:
    """Put texts into a table; columns of words are left-aligned, the others right-aligned."""
    table.setColumnCount(len(heads))
    table.setRowCount(len(rows))
    table.setHorizontalHeaderLabels(list(heads))
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for column in range(len(heads)):
        header = table.horizontalHeaderItem(column)
        if header is not None:
            header.setTextAlignment(left if column in words else right)
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            item = QTableWidgetItem(text)
            item.setToolTip(text)  # all of it, where the column is too narrow
            item.setTextAlignment(left if x in words else right)
            table.setItem(y, x, item)


def wide_as_content(table: QTableWidget) -> None:
    """Make each column as wide as its widest text, the last one wider where there is room."""
    header = table.horizontalHeader()
    widths = [max(table.sizeHintForColumn(c), header.sectionSizeHint(c)) + 2 for c in range(table.columnCount())]
    for column, width in enumerate(widths):
        table.setColumnWidth(column, width)
    header.setStretchLastSection(sum(widths) < table.viewport().width())


def plain_table(parent: QWidget | None = None) -> QTableWidget:
    """Return an empty table whose rows can be chosen and read, not changed."""
    table = QTableWidget(parent)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().setVisible(False)
    table.setWordWrap(False)
    table.horizontalHeader().setMinimumSectionSize(8)
    return table


def as_csv(heads: Sequence[str], rows: Rows) -> str:
    """Return the rows as CSV with the separator that spreadsheets of the language expect: a semicolon.

    A decimal comma stays; a semicolon keeps the columns apart in both languages.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([[cell.replace("\u00a0", " ").replace("\u202f", " ") for cell in row] for row in rows])
    return out.getvalue()


class DataDialog(QDialog):
    """A table of numbers with copy and save.

    Parameters
    ----------
    look : Look
    title : str
        Of the plot.
    heads, rows : sequence
        Texts, as shown.
    picture : callable or None
        Takes a picture of the plot.
    words : set of int
        Columns of words; the others are numbers, right-aligned.
    """

    def __init__(
        self,
        look: Look,
        title: str,
        heads: Sequence[str],
        rows: Rows,
        picture: Callable[[], QPixmap] | None = None,
        parent: QWidget | None = None,
        words: frozenset[int] = frozenset({0}),
    ) -> None:
        super().__init__(parent)
        self.look, self.title, self.heads, self.rows, self.picture = look, title, heads, rows, picture
        t = look.texts
        self.setWindowTitle(title)
        self.setStyleSheet(sheet(look, 0.85 * look.zoom))
        self.resize(round(880 * look.zoom), round(600 * min(look.zoom, 1.25)))
        self.table = plain_table()
        self.table.setAccessibleName(title)
        fill(self.table, heads, rows, words)
        self.said = QLabel("")
        self.said.setWordWrap(True)
        box = QVBoxLayout(self)
        box.addWidget(self.table, 1)
        box.addWidget(self.said)
        line = QHBoxLayout()
        self.copy_button = self._button(t("review.copy"), self.copy_rows, line)
        self.csv_button = self._button(t("review.save_csv"), self.ask_csv, line)
        if picture is not None:
            self.png_button = self._button(t("review.save_png"), self.ask_png, line)
        line.addStretch(1)
        self._button(t("review.close"), self.accept, line)
        box.addLayout(line)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self, self.copy_rows)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.ensurePolished()  # the style sheet's padding and size of text belong to the width
        wide_as_content(self.table)

    def _button(self, text: str, action: Callable[[], object], line: QHBoxLayout) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: action())
        line.addWidget(button)
        return button

    def copy_rows(self) -> None:
        """Copy everything, tabs between columns: a spreadsheet takes it as it is."""
        lines = ["\t".join(row) for row in (self.heads, *self.rows)]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.said.setText(self.look.texts("review.copied", n=len(self.rows)))

    def ask_csv(self) -> None:
        """Ask for a file and write the table."""
        path = ask_file(self, self.look, f"{self.title}.csv", "review.csv_filter")
        if path is not None:
            self.save(path, lambda: path.write_text(as_csv(self.heads, self.rows), encoding="utf-8-sig"))

    def ask_png(self) -> None:
        """Ask for a file and write the picture."""
        path = ask_file(self, self.look, f"{self.title}.png", "review.png_filter")
        if path is not None and self.picture is not None:
            picture = self.picture()
            self.save(path, lambda: write_picture(picture, path))

    def save(self, path: Path, write: Callable[[], object]) -> None:
        """Write and say how it went."""
        t = self.look.texts
        try:
            write()
        except OSError as error:
            self.said.setText(t("review.failed", detail=error.strerror or str(error)))
        else:
            self.said.setText(t("review.saved", path=path))


def write_picture(picture: QPixmap, path: Path) -> None:
    """Write a picture as PNG.

    Raises
    ------
    OSError
        It cannot be written.
    """
    with path.open("wb"):  # says why, where Qt only says that it failed
        pass
    if not picture.save(str(path), "PNG"):
        raise OSError(str(path))


def ask_file(parent: QWidget, look: Look, name: str, filter_key: str) -> Path | None:
    """Ask where to save; None = the user changed his mind."""
    clean = "".join(c if c.isalnum() or c in " .-_" else "-" for c in name)
    chosen, _ = QFileDialog.getSaveFileName(parent, "", clean, look.texts(filter_key))
    return Path(chosen) if chosen else None
