"""The page of all that was kept: clients, sessions, search and tags; an empty library says what to do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QListWidget,
    QWidget,
)
from typing_extensions import override

from gui.look import Look
from gui.paint import Canvas
from gui.panels.buttons import Button
from gui.views.client_zip import ClientZip
from gui.views.explain_card import ExplainCard
from gui.views.import_dialog import take_in
from gui.views.library_dialogs import ClientDialog
from gui.views.library_model import WORDS, client_line, count_words, empty_words, heads, number_at, session_cells
from gui.views.session_data import fill, plain_table, stretch_last
from gui.views.session_style import sheet
from imu.api import Library
from imu.errors import ImuError
from imu.types import Client, SessionRow

_DESIGN: Final = (1920.0, 1016.0)
_LIMIT: Final = 500
_SEARCH_MS: Final = 150
_CLIENTS_W: Final = 420.0
_BAR: Final = 64.0


class LibraryPage(QWidget):
    """Clients on the left, their sessions on the right.

    Parameters
    ----------
    library : Library
    look : Look or None
        Shared colours and language; None = its own.

    Signals
    -------
    back
    session_opened : int
        Session id.
    compare_asked : int, int
        Ids of two sessions, the older first.
    trend_asked : int
        Client id.
    """

    back = Signal()
    session_opened = Signal(int)
    compare_asked = Signal(int, int)
    trend_asked = Signal(int)
    _finished = Signal(str)

    def __init__(self, library: Library, look: Look | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.library = library
        self.look = look or Look()
        self.clients: list[Client] = []
        self.rows: list[SessionRow] = []
        self.unfinished: list[SessionRow] = []
        self.said = ""
        self._thread: threading.Thread | None = None
        self.search = QLineEdit(self)
        self.search.setClearButtonEnabled(True)
        self.tag = QComboBox(self)
        self.people = QListWidget(self)
        self.people.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table = plain_table(self)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.back_button = self._button("outline", self.back.emit)
        self.new_button = self._button("outline", self.new_client)
        self.import_button = self._button("outline", self.ask_import)
        self.finish_button = self._button("outline", self.finish_all)
        self.tags_button = self._button("outline", self.ask_tags)
        self.trend_button = self._button("outline", self._ask_trend)
        self.compare_button = self._button("outline", self._ask_compare)
        self.open_button = self._button("filled", self._open_chosen)
        self.zip = ClientZip(self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_SEARCH_MS)
        self._typing.timeout.connect(self.refresh_sessions)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self._first_row)
        self.tag.activated.connect(lambda _index: self.refresh_sessions())
        self.people.currentRowChanged.connect(lambda _row: self.refresh_sessions())
        self.table.cellDoubleClicked.connect(lambda row, _column: self._open_row(row))
        self.table.cellActivated.connect(lambda row, _column: self._open_row(row))
        self.table.itemSelectionChanged.connect(self._enable)
        self.explain = ExplainCard(self.look, self)
        self.explain.closed.connect(lambda: self.explain.show_number(None))
        self.table.cellClicked.connect(
            lambda row, column: self.explain.show_number(number_at(self.rows[row], column, self.look.texts))
        )
        self._finished.connect(self._after_finish)
        self.restyle()

    # -- content -----------------------------------------------------------------------------------------------------

    @property
    def client(self) -> Client | None:
        """Client that is chosen; None = all."""
        row = self.people.currentRow()
        return self.clients[row - 1] if 0 < row <= len(self.clients) else None

    @property
    def chosen(self) -> list[SessionRow]:
        """Sessions that are chosen."""
        rows = {index.row() for index in self.table.selectionModel().selectedRows()}
        return [self.rows[k] for k in sorted(rows) if k < len(self.rows)]

    def refresh(self) -> None:
        """Read everything anew; what was chosen stays chosen where it still exists."""
        t, before = self.look.texts, self.client
        self.clients = self.library.clients()
        self.unfinished = self.library.unfinished()
        self.people.blockSignals(True)  # one reading of the sessions, not one per line
        self.people.clear()
        self.people.addItem(t("library.all"))
        self.people.addItems([client_line(c, t) for c in self.clients])
        ids = [c.id for c in self.clients]
        self.people.setCurrentRow(ids.index(before.id) + 1 if before is not None and before.id in ids else 0)
        self.people.blockSignals(False)
        tag = self.tag.currentText() if self.tag.currentIndex() > 0 else None
        tags = self.library.tags()
        self.tag.clear()
        self.tag.addItems([t("library.all_tags"), *tags])
        self.tag.setCurrentIndex(tags.index(tag) + 1 if tag in tags else 0)
        self.tag.setVisible(bool(tags))
        self.finish_button.setVisible(bool(self.unfinished))
        self._place()
        self.refresh_sessions()

    def refresh_sessions(self) -> None:
        """List the sessions of the client, tag and words of the moment."""
        client = self.client
        self.rows = self.library.sessions(
            client_id=None if client is None else client.id,
            search=self.search.text(),
            tag=self.tag.currentText() if self.tag.currentIndex() > 0 else None,
            limit=_LIMIT,
        )
        t = self.look.texts
        fill(self.table, heads(t), [session_cells(row, t) for row in self.rows], WORDS)
        stretch_last(self.table, self.table.width())
        self.table.setVisible(bool(self.rows))
        self._enable()
        self.update()

    def restyle(self) -> None:
        """Take over colours and language."""
        t = self.look.texts
        self.search.setPlaceholderText(t("library.search"))
        self.search.setAccessibleName(t("library.search"))
        self.tag.setAccessibleName(t("library.tag_name"))
        self.people.setAccessibleName(t("library.clients"))
        self.table.setAccessibleName(t("library.title"))
        self.setAccessibleName(t("library.title"))
        for button, key in (
            (self.back_button, "back"),
            (self.new_button, "new_client"),
            (self.import_button, "import"),
            (self.finish_button, "finish"),
            (self.open_button, "open"),
            (self.tags_button, "tags_button"),
        ):
            button.set_words(t(f"library.{key}"))
        self.compare_button.set_words(t("library.compare"), t("library.compare_name"))
        self.trend_button.set_words(t("library.trend"), t("library.trend_name"))
        self.zip.restyle()
        for button in (self.new_button, self.import_button):
            button.setEnabled(not self.library.read_only)
        self.refresh()

    def _enable(self) -> None:
        chosen = self.chosen
        self.open_button.setEnabled(len(chosen) == 1 and not chosen[0].unfinished)
        self.compare_button.setEnabled(len(chosen) == 2)
        self.tags_button.setEnabled(len(chosen) == 1 and not self.library.read_only)
        self.trend_button.setEnabled(self._trend_client() is not None)
        self.zip.enable()

    def _trend_client(self) -> int | None:
        if self.client is not None:
            return self.client.id if self.client.n_sessions else None
        ids = {row.client_id for row in self.chosen}
        return ids.pop() if len(ids) == 1 else None

    def _first_row(self) -> None:
        self._typing.stop()
        self.refresh_sessions()
        if self.rows:
            self.table.setFocus()
            index = self.table.model().index(0, 0)
            flags = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    # -- actions -----------------------------------------------------------------------------------------------------

    def _open_row(self, row: int) -> None:
        if 0 <= row < len(self.rows) and not self.rows[row].unfinished:
            self.session_opened.emit(self.rows[row].id)

    def _open_chosen(self) -> None:
        if len(self.chosen) == 1:
            self.session_opened.emit(self.chosen[0].id)

    def _ask_compare(self) -> None:
        if len(self.chosen) == 2:
            newer, older = self.chosen
            self.compare_asked.emit(older.id, newer.id)

    def _ask_trend(self) -> None:
        client_id = self._trend_client()
        if client_id is not None:
            self.trend_asked.emit(client_id)

    def ask_tags(self) -> None:
        """Ask for the tags of the chosen session."""
        t, row = self.look.texts, self.chosen[0]
        text, ok = QInputDialog.getText(
            self, t("library.tags_button"), t("library.tags_ask"), QLineEdit.EchoMode.Normal, ", ".join(row.tags)
        )
        if ok:
            tags = [tag.strip() for tag in text.split(",") if tag.strip()]
            self._do(lambda: self.library.set_tags(row.id, tags))

    def new_client(self) -> None:
        """Ask for a client's code and body facts and add the client."""
        dialog = ClientDialog(self.look, self.library, self)
        if dialog.exec():
            self.refresh()

    def ask_import(self) -> None:
        """Ask for a file and take it in."""
        t = self.look.texts
        chosen, _ = QFileDialog.getOpenFileName(self, t("library.import"), "", t("library.import_filter"))
        if chosen:
            self.import_file(Path(chosen))

    def import_file(self, path: Path) -> None:
        """Take a session or a recording in; what a table does not say is asked."""
        client_id = None if self.client is None else self.client.id
        taken: list[SessionRow | None] = []
        done = self._do(lambda: taken.append(take_in(self.window(), self.look, self.library, path, client_id)))
        if done and taken[0] is not None:
            self.say(self.look.texts("library.imported", name=path.name))

    def finish_all(self) -> None:
        """Complete the recordings that were cut off, in a thread of their own."""
        if self._thread is not None:
            return
        ids = [row.id for row in self.unfinished]
        self.finish_button.setEnabled(False)
        self.say(self.look.texts("library.finishing"))

        def work() -> None:
            failed = ""
            for session_id in ids:
                try:
                    self.library.finish(session_id)
                except ImuError as error:
                    failed = str(error)
            self._finished.emit(failed)

        self._thread = threading.Thread(target=work, name="stride-finish", daemon=True)
        self._thread.start()

    def _after_finish(self, failed: str) -> None:
        self._thread = None
        self.finish_button.setEnabled(True)
        self.say(self.look.texts("review.failed", detail=failed) if failed else "")
        self.refresh()

    def _do(self, action: Callable[[], object]) -> bool:
        """Change the library, then show it as it is; a refusal is said."""
        try:
            action()
        except ImuError as error:
            self.say(self.look.texts("review.failed", detail=str(error)))
            return False
        self.say("")
        self.refresh()
        return True

    def say(self, text: str) -> None:
        """Show a sentence at the foot of the page."""
        self.said = text
        self.update()

    # -- layout ------------------------------------------------------------------------------------------------------

    def _button(self, kind: str, action: Callable[[], object]) -> Button:
        made = Button(self.look, kind, parent=self)
        made.clicked.connect(lambda _=False: action())
        return made

    @property
    def scale(self) -> float:
        """Pixels per design unit."""
        return max(min(self.width() / _DESIGN[0], self.height() / _DESIGN[1]), 0.1)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @property
    def _top(self) -> float:
        return _BAR + (84.0 if self.unfinished else 16.0)

    def place_buttons(self) -> None:
        """Lay out the buttons under the list, whatever they say at the moment."""
        low = (self.open_button, self.compare_button, self.trend_button, self.tags_button, self.zip.button)
        self._line(low, self.width() / self.scale - 32, self.height() / self.scale - 62)
        self.update()

    def _line(self, buttons: tuple[Button, ...], right: float, y: float) -> float:
        """Put buttons in a line that ends at the right; return where it begins."""
        s = self.scale
        for button in buttons:
            button.set_scale(s * 0.85)
            right -= button.width() / s
            button.move(round(right * s), round((y + 24) * s - button.height() / 2))
            right -= 12
        return right

    def _place(self) -> None:
        s = self.scale
        width, height = self.width() / s, self.height() / s
        style = sheet(self.look, s)
        for widget in (self.search, self.tag, self.people, self.table):
            widget.setStyleSheet(style)

        def put(widget: QWidget, x: float, y: float, w: float, h: float) -> None:
            widget.setGeometry(round(x * s), round(y * s), round(w * s), round(h * s))

        left = self._line((self.new_button, self.import_button), width - 32, 8)
        self.back_button.set_scale(s * 0.85)
        self.back_button.move(round(32 * s), round(32 * s - self.back_button.height() / 2))
        put(self.search, 452, 10, min(560, left - 470), 44)
        put(self.tag, 452 + min(560, left - 470) + 16, 10, 220, 44)
        if self.unfinished:
            self._line((self.finish_button,), width - 56, _BAR + 24)
        top, foot = self._top, height - 84
        put(self.people, 48, top + 56, _CLIENTS_W - 32, foot - top - 64)
        put(self.table, _CLIENTS_W + 64, top + 56, width - _CLIENTS_W - 112, foot - top - 64)
        put(self.explain, 32, foot - 480, _CLIENTS_W, 480)
        self.explain.set_scale(s)
        self.table.verticalHeader().setDefaultSectionSize(round(44 * s))
        stretch_last(self.table, self.table.width())
        self.place_buttons()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, s, t = self.look.tokens, self.scale, self.look.texts
        painter.fillRect(self.rect(), tokens.bg)
        canvas = Canvas(painter, s, tokens, self.look.family)
        width, height = self.width() / s, self.height() / s
        canvas.box(0, 0, width, _BAR, fill=tokens.panel)
        canvas.line(0, _BAR, width, _BAR, tokens.line, 1.0)
        x = 32 + self.back_button.width() / s + 24
        canvas.text(x, 41, t("library.title"), 24, tokens.ink, bold=True, width=440 - x)
        if self.unfinished:
            self._paint_unfinished(canvas, width)
        top, foot = self._top, height - 84
        canvas.box(32, top, _CLIENTS_W, foot - top, fill=tokens.panel, edge=tokens.line, radius=4)
        canvas.text(56, top + 38, t("library.clients"), 20, tokens.ink, bold=True)
        left, inner = _CLIENTS_W + 48, width - _CLIENTS_W - 80
        canvas.box(left, top, inner, foot - top, fill=tokens.panel, edge=tokens.line, radius=4)
        canvas.text(
            left + 24, top + 38, count_words(len(self.rows), _LIMIT, t), 20, tokens.ink, bold=True, width=inner - 48
        )
        if not self.rows:
            title, sentence = empty_words(self.search.text(), self.clients, self.client, t)
            canvas.text(left + 24, top + 130, title, 28, tokens.ink, bold=True, width=inner - 48)
            canvas.paragraph(left + 24, top + 154, min(inner - 48, 900), sentence, 20, tokens.ink2)
        words = self.said or t("library.where", path=self.library.path)
        canvas.text(32, height - 32, words, 18, tokens.ink2, width=self.zip.button.x() / s - 56)
        painter.end()

    def _paint_unfinished(self, canvas: Canvas, width: float) -> None:
        tokens, t, n = self.look.tokens, self.look.texts, len(self.unfinished)
        canvas.box(32, _BAR + 16, width - 64, 56, fill=tokens.warnbg, edge=tokens.warn, radius=4)
        canvas.icon("warn", 64, _BAR + 44, 22, tokens.warn)
        words = t("library.unfinished_one") if n == 1 else t("library.unfinished_more", n=n)
        room = self.finish_button.x() / self.scale - 110
        canvas.text(92, _BAR + 51, words, 20, tokens.warn, bold=True, width=room)
