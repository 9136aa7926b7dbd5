"""The button that erases a client for good: asked twice, done in a thread, and said how it went."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from gui.failure import failure_words
from gui.i18n import Texts
from gui.look import Look
from gui.panels.buttons import Button
from gui.views.confirm import ConfirmDialog
from imu.errors import ImuError
from imu.types import Client, Erased

if TYPE_CHECKING:
    from gui.views.library_page import LibraryPage


class EraseDialog(ConfirmDialog):
    """What is erased, and a field into which the client's code has to be typed first."""

    def __init__(self, look: Look, client: Client, parent: QWidget | None = None) -> None:
        t = look.texts
        words = t("erase.words_one" if client.n_sessions == 1 else "erase.words", code=client.code, n=client.n_sessions)
        super().__init__(look, t("erase.title", code=client.code), words, t("erase.keep"), t("erase.go"), parent)
        self.code = client.code
        self.field = QLineEdit()
        self.field.setAccessibleName(t("erase.type", code=client.code))
        label = QLabel(t("erase.type", code=client.code))
        label.setBuddy(self.field)
        self.column.insertWidget(self.column.count() - 1, label)
        self.column.insertWidget(self.column.count() - 1, self.field)
        self.field.textChanged.connect(self._typed)
        self._typed("")
        self.field.setFocus()

    def _typed(self, text: str) -> None:
        self.go.setEnabled(text.strip() == self.code)


class ClientErase(QObject):
    """Erases the client that is chosen on the page.

    Signals
    -------
    ended
        Erased or refused.
    """

    ended = Signal()
    _over = Signal(str)

    def __init__(self, page: LibraryPage) -> None:
        super().__init__(page)
        self.page = page
        self.button = Button(page.look, "outline", parent=page)
        self.button.clicked.connect(lambda _=False: self.press())
        self._running = False
        self._over.connect(self._end)

    def restyle(self) -> None:
        """Take over the language."""
        t = self.page.look.texts
        self.button.set_words(t("erase.button"), t("erase.button_name"))

    def enable(self) -> None:
        """Enable the button where there is somebody to erase, and nothing else is done with him."""
        page = self.page
        busy = self._running or page.zip.running or page.library.read_only
        self.button.setEnabled(page.client is not None and not busy)

    def press(self) -> None:
        """Ask, and erase."""
        client = self.page.client
        if client is not None and EraseDialog(self.page.look, client, self.page).exec():
            self.start(client)

    def start(self, client: Client) -> None:
        """Erase; the whole file is written anew, which takes a while where it is large."""
        page = self.page
        texts, library = Texts(*page.look.texts.spoken), page.library
        self._running = True
        self.enable()
        page.say(texts("erase.running"))

        def work() -> None:
            try:
                said = erased_words(library.erase_client(client.id), texts)
            except ImuError as error:
                said = texts("review.failed", detail=failure_words(error, texts))
            with contextlib.suppress(RuntimeError):  # the page was closed meanwhile
                self._over.emit(said)

        threading.Thread(target=work, name="stride-erase", daemon=True).start()

    def _end(self, said: str) -> None:
        self._running = False
        self.page.refresh()
        self.page.say(said)
        self.ended.emit()


def erased_words(erased: Erased, texts: Texts) -> str:
    """Say what is gone, and where copies made before still hold it."""
    n = erased.n_sessions
    words = texts("erase.done_one" if n == 1 else "erase.done", n=n)
    if erased.backups:
        words += " " + texts("erase.copies", paths=", ".join(str(path) for path in erased.backups))
    return words
