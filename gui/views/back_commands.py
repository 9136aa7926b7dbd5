"""Pausing the near view and scrolling back in it: keys, slider, and the way back to what happens now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from gui.views.window import Window

PAGE_S: Final = 5.0


class BackCommands(QObject):
    """Moves the near view of a window through the run; nothing here touches the recording."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        keys: dict[str, Callable[[], None]] = {
            "H": self.toggle,
            "PgUp": lambda: self.move(-PAGE_S),
            "PgDown": lambda: self.move(PAGE_S),
            "Home": lambda: self.go_back(float("inf")),
            "End": self.follow,
        }
        self._keys = []
        for key, action in keys.items():
            shortcut = QShortcut(QKeySequence(key), window)
            shortcut.setAutoRepeat(key.startswith("Pg"))
            shortcut.activated.connect(action)
            self._keys.append(shortcut)
        window.pages.currentChanged.connect(lambda _index: self._page_changed())
        self._page_changed()
        strip = window.near.strip
        strip.pause.clicked.connect(lambda _=False: self.toggle())
        strip.live.clicked.connect(lambda _=False: self.follow())
        strip.scrolled.connect(self.go_back)

    def _page_changed(self) -> None:
        # elsewhere these keys belong to lists and to the feedback line
        for shortcut in self._keys:
            shortcut.setEnabled(self.window.pages.currentWidget() is self.window.near)

    def toggle(self) -> None:
        """Pause the view where it is, or follow the run again."""
        if self.window.model.back.paused:
            self.follow()
        else:
            self.go_back(0.0)

    def move(self, seconds: float) -> None:
        """Go so much later; earlier when negative."""
        back, state = self.window.model.back, self.window.model.state
        at = state.newest_s if back.at_s is None else back.at_s
        if back.paused or seconds < 0:
            self._go(at + seconds)

    def go_back(self, ago_s: float) -> None:
        """Stand still so long before the newest sample; infinity = as far back as there is signal."""
        self._go(self.window.model.state.newest_s - ago_s)

    def _go(self, at_s: float) -> None:
        self.window.model.back.go(at_s, self.window.bridge.look_back())
        self.window.refresh()

    def follow(self) -> None:
        """Show what happens now."""
        self.window.model.back.follow()
        self.window.refresh()
