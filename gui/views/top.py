"""What any window is: it fills the screen or not, and says when it was painted, so that the delay can be measured."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class TopWidget(QWidget):
    """A window of Qt's raster kind.

    Signals
    -------
    painted
        All that had changed was painted and given to the window system. What a screen adds is not known here.
    hidden
        It was minimised or hidden, or comes back from there.
    """

    painted = Signal()
    hidden = Signal()

    @override
    def event(self, event: QEvent) -> bool:
        kind = event.type()
        done = super().event(event)
        if kind == QEvent.Type.UpdateRequest:
            self.painted.emit()
        elif kind in {QEvent.Type.WindowStateChange, QEvent.Type.Hide, QEvent.Type.Show}:
            self.hidden.emit()
        return done

    def toggle_full_screen(self) -> None:
        """Fill the screen, or not."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def leave_full_screen(self) -> None:
        """Leave full screen; never stops a run."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowFullScreen)
