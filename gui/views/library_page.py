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
from gui.panels.buttons import Button
from gui.tab_order import tab_through
from gui.views.client_erase import ClientErase
from gui.views.client_zip import ClientZip
from gui.views.explain_card import ExplainCard
from gui.views.growing import GrowingPage
from gui.views.import_dialog import take_in
from gui.views.library_dialogs import ClientDialog
from gui.views.library_layout import LIMIT, LibraryLayout
from gui.views.library_model import (
    COLUMNS,
    FEW,
    WORDS,
    client_line,
    heads,
    number_at,
    session_cells,
)
from gui.views.session_data import fill, plain_table
from gui.views.table_fit import stretch_last, wrap_columns
from imu.api import Library
from imu.errors import ImuError
from imu.types import Client, SessionRow

_SEARCH_MS: Final = 150


class LibraryPage(GrowingPage):
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
        super().__init__(look or Look(), parent)
        self.library = library
        self.lay = LibraryLayout(self)
        self.clients: list[Client] = []
        self.rows: list[SessionRow] = []
        self.unfinished: list[SessionRow] = []
        self.said = ""
        self.columns: tuple[str, ...] = COLUMNS
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
        self.whose_button = self._button("outline", self.ask_client)
        self.trend_button = self._button("outline", self._ask_trend)
        self.compare_button = self._button("outline", self._ask_compare)
        self.open_button = self._button("filled", self._open_chosen)
        self.zip = ClientZip(self)
        self.erase = ClientErase(self)
        bar = (self.back_button, self.search, self.tag, self.import_button, self.new_button, self.finish_button)
        low = (self.erase.button, self.zip.button, self.whose_button, self.tags_button, self.trend_button)
        tab_through(self, (*bar, self.people, self.table, *low, self.compare_button, self.open_button))
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
            lambda row, column: self.explain.show_number(
                number_at(self.rows[row], self.columns[column], self.look.texts)
            )
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
        self.lay.place()
        self.refresh_sessions()

    def refresh_sessions(self) -> None:
        """List the sessions of the client, tag and words of the moment."""
        client = self.client
        self.rows = self.library.sessions(
            client_id=None if client is None else client.id,
            search=self.search.text(),
            tag=self.tag.currentText() if self.tag.currentIndex() > 0 else None,
            limit=LIMIT,
        )
        self.fill_table()
        self.table.setVisible(bool(self.rows))
        self._enable()
        self.update()

    def fill_table(self) -> None:
        """Write the list; where text has grown, what matters less stands together in one column."""
        t = self.look.texts
        columns = FEW if self.stacked else COLUMNS
        words = frozenset(k for k, name in enumerate(columns) if name in WORDS)
        fill(self.table, heads(t, columns), [session_cells(row, t, columns) for row in self.rows], words)
        self.columns = columns
        (wrap_columns if self.stacked else stretch_last)(self.table, self.table.width())

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
            (self.whose_button, "whose_button"),
        ):
            button.set_words(t(f"library.{key}"))
        self.compare_button.set_words(t("library.compare"), t("library.compare_name"))
        self.trend_button.set_words(t("library.trend"), t("library.trend_name"))
        self.zip.restyle()
        self.erase.restyle()
        for button in (self.new_button, self.import_button):
            button.setEnabled(not self.library.read_only)
        self.refresh()

    def _enable(self) -> None:
        chosen = self.chosen
        self.open_button.setEnabled(len(chosen) == 1 and not chosen[0].unfinished)
        self.compare_button.setEnabled(len(chosen) == 2)
        one = len(chosen) == 1 and not self.library.read_only
        self.tags_button.setEnabled(one)
        self.whose_button.setEnabled(one and bool(self.clients) and not chosen[0].unfinished)
        self.trend_button.setEnabled(self._trend_client() is not None)
        self.zip.enable()
        self.erase.enable()

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

    def ask_client(self) -> None:
        """Ask whose session the chosen one is: the wizard can be skipped, and a code mistaken."""
        t, row = self.look.texts, self.chosen[0]
        codes = [client.code for client in self.clients]
        here = codes.index(row.client_code) if row.client_code in codes else 0
        code, ok = QInputDialog.getItem(self, t("library.whose_title"), t("library.whose_ask"), codes, here, False)
        if ok:
            client = self.clients[codes.index(code)]
            self._do(lambda: self.library.set_client(row.id, client.id))

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

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay.place()

    def place_buttons(self) -> None:
        """Lay out the buttons under the list, whatever they say at the moment."""
        self.lay.place_buttons()

    def tall(self, width: float) -> float:
        """Return the height of the stacked page in design units."""
        return self.lay.tall(width)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.lay.paint(painter)
        painter.end()
