"""Looking for sensors without blocking the window."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from gui.sources import Nearby, OnChange
from imu.errors import ImuError
from imu.types import Charge

logger = logging.getLogger(__name__)
SCAN_S = 10.0


class Scanner(QObject):
    """One search at a time, in a thread of its own.

    Parameters
    ----------
    scan : callable or None
        As of `gui.sources.Sources`.
    parent : QObject or None
    last_charge : callable or None
        Takes a sensor's name and returns the charge that is remembered of it, or None.

    Attributes
    ----------
    found : tuple of Nearby
        So far; kept until the next search finds something else.
    searching : bool
    problem : Exception or None
        Why the last search failed.
    charges : mapping of str to Charge
        What is remembered of the sensors found that do not tell their charge now, by name.

    Signals
    -------
    changed
    """

    changed = Signal()
    _seen = Signal(object)
    _done = Signal(object)

    def __init__(
        self,
        scan: Callable[[float, OnChange], Sequence[Nearby]] | None,
        parent: QObject | None = None,
        last_charge: Callable[[str], Charge | None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._scan = scan
        self._last_charge = last_charge
        self._charges: dict[str, Charge | None] = {}  # as they were looked up, once each
        self.found: tuple[Nearby, ...] = ()
        self.searching = False
        self.problem: Exception | None = None
        self._seen.connect(self._take)
        self._done.connect(self._end)

    @property
    def possible(self) -> bool:
        """Whether this version can search at all."""
        return self._scan is not None

    @property
    def charges(self) -> Mapping[str, Charge]:
        """See the class."""
        if self._last_charge is None:
            return {}
        names = [s.name for s in self.found if s.profiles and s.battery_pct is None]
        for name in names:
            if name not in self._charges:
                self._charges[name] = self._last_charge(name)
        return {name: charge for name in names if (charge := self._charges[name]) is not None}

    def forget_charges(self) -> None:
        """Look the remembered charges up anew: a session may have ended since."""
        self._charges.clear()

    def start(self) -> None:
        """Search; nothing happens while a search is under way."""
        scan = self._scan
        if scan is None or self.searching:
            return
        self.searching = True
        self.problem = None
        self.forget_charges()

        def work() -> None:
            try:
                found = tuple(scan(SCAN_S, lambda sensors: self._tell(self._seen, tuple(sensors))))
            except Exception as error:  # shown in the card; anything else would search for ever
                self._tell(self._done, error)
            else:
                self._tell(self._seen, found)
                self._tell(self._done, None)

        threading.Thread(target=work, name="scan", daemon=True).start()
        self.changed.emit()

    @staticmethod
    def _tell(signal: Any, value: object) -> None:
        with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
            signal.emit(value)

    def _take(self, sensors: tuple[Nearby, ...]) -> None:
        self.found = sensors
        self.changed.emit()

    def _end(self, problem: Exception | None) -> None:
        if problem is not None and not isinstance(problem, ImuError):
            logger.error("the search failed", exc_info=problem)
        self.searching = False
        self.problem = problem
        self.changed.emit()
