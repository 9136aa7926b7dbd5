"""The library as the window uses it: every error becomes words, so that a run is never stopped by it."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from imu.api import Library
from imu.errors import ImuError
from imu.types import SessionRow

logger = logging.getLogger(__name__)
T = TypeVar("T")


class Desk(QObject):
    """Opens the library when it is first asked for, and finishes what a crash cut off.

    Parameters
    ----------
    open_library : callable or None
        None = sessions are not kept.

    Signals
    -------
    recovered : SessionRow
        A session that had been cut off is complete again.
    """

    recovered = Signal(object)

    def __init__(self, open_library: Callable[[], Library] | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = open_library
        self._library: Library | None = None
        self._finishing: set[int] = set()
        self.problem: ImuError | None = None

    @property
    def library(self) -> Library | None:
        """The open library; None where there is none, or it cannot be opened (`problem` says why)."""
        if self._library is None and self._open is not None:
            try:
                self._library = self._open()
                self.problem = None
            except ImuError as error:
                if self.problem is None:
                    logger.warning("the library cannot be opened: %s", error)
                self.problem = error
        return self._library

    def ask(self, what: Callable[[Library], T], otherwise: T) -> T:
        """Ask the library something; what goes wrong is kept in `problem`, and `otherwise` is the answer."""
        library = self.library
        if library is None:
            return otherwise
        try:
            return what(library)
        except ImuError as error:
            logger.warning("the library did not do it: %s", error)
            self.problem = error
            return otherwise

    def recover(self) -> None:
        """Finish, in a thread, every session that a crash or a power cut ended."""
        library = self.library
        if library is None:
            return
        none: list[SessionRow] = []
        waiting = [row.id for row in self.ask(lambda lib: lib.unfinished(), none) if row.id not in self._finishing]
        if not waiting:
            return
        self._finishing.update(waiting)  # one that cannot be finished is tried once per start, not for ever

        def work() -> None:
            for session_id in waiting:
                try:
                    row: SessionRow = library.finish(session_id)
                except ImuError as error:
                    logger.warning("session %d could not be finished: %s", session_id, error)
                else:
                    with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
                        self.recovered.emit(row)

        threading.Thread(target=work, name="finish-sessions", daemon=True).start()
