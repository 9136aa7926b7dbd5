"""Looks at the samples of a run, and at earlier sessions, in a thread: the page with its steps is there at once."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from gui.review.blocks import AtSpeed
from gui.review.history import history_of
from gui.review.run import Run
from gui.review.signal import signal_of
from imu.api import Library
from imu.errors import ImuError

logger = logging.getLogger(__name__)

_PAUSE_S: Final = 0.02


class _ForgottenError(Exception):
    """Nobody waits for what is being read."""


class Reader(QObject):
    """One reading at a time; only the newest one that was asked for is reported.

    Signals
    -------
    ready : object
        What was read.
    """

    ready = Signal(object)
    _done = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest = 0
        self._done.connect(self._take)

    def forget(self) -> None:
        """Nobody waits for what is being read."""
        self._newest += 1

    def begin(self, what: str, look: Callable[[Callable[[], None]], object]) -> None:
        """Begin; what was asked for before is forgotten.

        Parameters
        ----------
        what : str
            For the log.
        look : callable
            Called in a thread with a function that it may call between its pieces: it lets the page be painted, and
            ends the reading where nobody waits for it any more.
        """
        self.forget()
        asked = self._newest

        def between() -> None:
            if asked != self._newest or not isValid(self):
                raise _ForgottenError
            time.sleep(_PAUSE_S)

        def work() -> None:
            try:
                found = look(between)
            except _ForgottenError:
                return
            except (ImuError, ValueError, ArithmeticError, LookupError):
                logger.exception("%s could not be looked at", what)
                return
            with contextlib.suppress(RuntimeError):  # the page was closed meanwhile
                self._done.emit(asked, found)

        threading.Thread(target=work, name="stride-reader", daemon=True).start()

    def _take(self, asked: int, found: object) -> None:
        if asked == self._newest:
            self.ready.emit(found)


class SignalReader(Reader):
    """Reads the samples of a run: `ready` brings a `gui.review.signal.Signal`."""

    def read(self, run: Run, speeds: tuple[AtSpeed, ...]) -> None:
        """Begin; without samples nothing comes."""
        self.forget()
        if run.samples is not None:
            self.begin("the samples", lambda _: signal_of(run, speeds))


class HistoryReader(Reader):
    """Reads the client's earlier sessions: `ready` brings what `gui.review.history.history_of` returns."""

    def read(self, library: Library | None, session_id: int) -> None:
        """Begin; without a library nothing comes."""
        self.forget()
        if library is not None:
            self.begin("earlier sessions", lambda between: history_of(library, session_id, between))
