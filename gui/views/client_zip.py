"""The button that writes everything of a client to one ZIP, in a thread; a second press stops it."""

from __future__ import annotations

import contextlib
import threading
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.i18n import Texts
from gui.panels.buttons import Button
from gui.preferences import StoredPreferences
from gui.reports.compose import Typed, compose
from gui.reports.shown import Report
from gui.reports.write import write_report
from gui.review.history import history_of
from gui.review.stored import of_stored
from gui.review.told import with_library
from gui.views.session_data import ask_file
from imu.errors import ImuError

if TYPE_CHECKING:
    from gui.views.library_page import LibraryPage

_LOOK_S = 0.1


class _Cancelled(Exception):  # noqa: N818 (no error: the user asked for it)
    pass


class _Page:
    """A report on its way to the window's thread, the only one that paints text.

    Once it is dropped it is not painted any more: the folder that it was meant for may be gone.
    """

    def __init__(self, report: Report, target: Path) -> None:
        self._report, self._target = report, target
        self._painting = threading.Lock()
        self._dropped = False
        self.done = threading.Event()
        self.error: ImuError | None = None

    def paint(self, family: str) -> None:
        """Write it, in the window's thread."""
        with self._painting:
            if not self._dropped:
                try:
                    write_report(self._report, self._target, family)
                except ImuError as error:
                    self.error = error
        self.done.set()

    def drop(self) -> None:
        """Wait for what is being painted; nothing is painted after it."""
        with self._painting:
            self._dropped = True


class ClientZip(QObject):
    """Exports the client that is chosen on the page; how it goes is said there.

    Signals
    -------
    ended
        Written, stopped or refused.
    """

    ended = Signal()
    _went_on = Signal(int, int)
    _painting = Signal(object)
    _over = Signal(str)

    def __init__(self, page: LibraryPage) -> None:
        super().__init__(page)
        self.page = page
        self.button = Button(page.look, "outline", parent=page)
        self.button.clicked.connect(lambda _=False: self.press())
        self._running = False
        self._stop = threading.Event()
        self._went_on.connect(self._say_progress)
        self._painting.connect(self._paint)
        self._over.connect(self._end)

    @property
    def running(self) -> bool:
        """Whether an export is on its way."""
        return self._running

    def restyle(self) -> None:
        """Take over the language."""
        t = self.page.look.texts
        if self._running:
            self.button.set_words(t("library.zip_stop"))
        else:
            self.button.set_words(t("library.zip"), t("library.zip_name"))

    def enable(self) -> None:
        """Enable the button where there is somebody to export, or something to stop."""
        self.button.setEnabled(self._running or self.page.client is not None)

    def press(self) -> None:
        """Ask for a file and begin; while it runs: stop."""
        if self._running:
            self._stop.set()
            self.button.setEnabled(False)
            return
        client = self.page.client
        if client is None:
            return
        path = ask_file(self.page, self.page.look, f"{client.code}.zip", "library.zip_filter")
        if path is not None:
            self.start(client.id, path if path.suffix.lower() == ".zip" else path.with_name(path.name + ".zip"))

    def start(self, client_id: int, path: Path) -> None:
        """Begin; a file of that name, which the dialog asked about, is replaced when all is written."""
        spoken = self.page.look.texts
        texts, library = Texts(*spoken.spoken), self.page.library
        practice = StoredPreferences().get("practice") or ""
        stop = self._stop = threading.Event()
        self.destroyed.connect(lambda _=None: stop.set())  # the page is gone: nobody waits for it any more
        self._running = True
        self.restyle()
        self.enable()
        self.page.erase.enable()
        self.page.place_buttons()
        whole = path.with_name(path.name + ".new") if path.exists() else path

        def progress(done: int, total: int) -> None:
            if stop.is_set():
                raise _Cancelled
            self._went_on.emit(done, total)

        def make(session_id: int, target: Path) -> None:
            run = with_library(of_stored(library.session(session_id)), library, session_id)
            past = history_of(library, session_id)
            wanted = _Page(compose(run, texts, Typed("record", practice=practice), past), target)
            self._painting.emit(wanted)
            while not wanted.done.wait(_LOOK_S):
                if stop.is_set():
                    wanted.drop()
                    raise _Cancelled
            if wanted.error is not None:
                raise wanted.error

        def work() -> None:
            said = ""
            try:
                whole.unlink(missing_ok=True)
                library.export_client(client_id, whole, pages=make, progress=progress)
                whole.replace(path)
                with zipfile.ZipFile(path) as archive:
                    part = any(n.startswith("sessions/") and n.endswith(".txt") for n in archive.namelist())
                said = texts("library.zip_part" if part else "review.saved", path=path)
            except _Cancelled:
                said = texts("library.zip_stopped")
            except ImuError as error:
                said = texts("review.failed", detail=str(error))
            except (OSError, zipfile.BadZipFile) as error:
                said = texts("review.failed", detail=str(error))
            with contextlib.suppress(RuntimeError):  # the page was closed meanwhile
                self._over.emit(said)

        threading.Thread(target=work, name="stride-zip", daemon=True).start()

    def _say_progress(self, done: int, total: int) -> None:
        if self._running:
            self.page.say(self.page.look.texts("library.zip_progress", k=done + 1, n=total))

    def _paint(self, wanted: _Page) -> None:
        wanted.paint(self.page.look.family)

    def _end(self, said: str) -> None:
        self._running = False
        self.restyle()
        self.enable()
        self.page.erase.enable()
        self.page.place_buttons()
        self.page.say(said)
        self.ended.emit()
