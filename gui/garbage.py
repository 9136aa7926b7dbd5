"""Python's garbage collector runs in the window's thread only.

Widgets that refer to each other are freed by the garbage collector, and Python runs it in whichever thread happens to
allocate: often the acquisition's. A widget freed there leaves its timers behind in the window's thread, which then
calls an object that is no more: the program dies, in the middle of a session. So the automatic collection is off while
a window is open, and a timer of the window collects instead.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QTimer

INTERVAL_MS: Final = 1000
"""A second's garbage is small: a packet leaves no cycles, a painted frame few."""


class GarbageInThisThread:
    """Collects from now on in the calling thread, which must have a Qt event loop, until `stop`.

    What exists already (modules, compiled kernels) is set aside with `gc.freeze`: walking it takes some 100 ms, which
    would be a visible hitch.
    """

    def __init__(self) -> None:
        self._was_on = gc.isenabled()
        self._thresholds = gc.get_threshold()
        gc.disable()
        gc.collect()
        gc.freeze()
        self._timer = QTimer()
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect what is due, by Python's own thresholds."""
        due = [count > threshold for count, threshold in zip(gc.get_count(), self._thresholds, strict=True)]
        if not due[0]:
            return
        gc.collect(2 if due[1] and due[2] else 1 if due[1] else 0)

    def stop(self) -> None:
        """Collect the window's remains here, and leave the rest to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        if self._was_on:
            gc.enable()
