"""Looks at the samples of a run in a thread, so that the page with its steps is there at once."""

from __future__ import annotations

import contextlib
import logging
import threading

from PySide6.QtCore import QObject, Signal

from gui.review.blocks import AtSpeed
from gui.review.run import Run
from gui.review.signal import signal_of
from imu.errors import ImuError

logger = logging.getLogger(__name__)


class SignalReader(QObject):
    """One reading at a time; only the newest one that was asked for is reported.

    Signals
    -------
    ready : gui.review.signal.Signal
    """

    ready = Signal(object)
    _done = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest = 0
        self._done.connect(self._take)

    def read(self, run: Run, speeds: tuple[AtSpeed, ...]) -> None:
        """Begin; what was asked for before is forgotten."""
        self._newest += 1
        if run.samples is None:
            return
        asked = self._newest

        def work() -> None:
            try:
                found = signal_of(run, speeds)
            except (ImuError, ValueError, ArithmeticError, LookupError):
                logger.exception("the samples of %s could not be looked at", run.title)
                return
            with contextlib.suppress(RuntimeError):  # the page was closed meanwhile
                self._done.emit(asked, found)

        threading.Thread(target=work, name="stride-signal", daemon=True).start()

    def _take(self, asked: int, found: object) -> None:
        if asked == self._newest:
            self.ready.emit(found)
