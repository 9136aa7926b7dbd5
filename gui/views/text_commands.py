"""The size of text: keys and a button, remembered; and the keys that move a page larger than the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from gui import text_size, theme

if TYPE_CHECKING:
    from gui.views.window import Window

_PART: Final = 0.3
"""Share of what is seen by which a key moves the page."""


class TextCommands(QObject):
    """Makes the text of a window larger or smaller."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        keys: tuple[tuple[tuple[str, ...], Callable[[], None]], ...] = (
            (("Ctrl++", "Ctrl+="), lambda: self.step(1)),
            (("Ctrl+-",), lambda: self.step(-1)),
            (("Ctrl+0",), lambda: self.set_size(text_size.SIZES[0])),
            (("Ctrl+Down",), lambda: window.paging.turn(_PART)),
            (("Ctrl+Up",), lambda: window.paging.turn(-_PART)),
        )
        for sequences, action in keys:
            for sequence in sequences:
                shortcut = QShortcut(QKeySequence(sequence), window)
                shortcut.activated.connect(action)
        window.bar.text_asked.connect(self.next)

    @property
    def percent(self) -> int:
        """Size of the moment."""
        return text_size.nearest(self.window.look.zoom)

    def step(self, steps: int) -> None:
        """Go so many sizes up or down."""
        self.set_size(text_size.stepped(self.percent, steps))

    def next(self) -> None:
        """Go one size up; from the largest back to the normal one."""
        up = text_size.stepped(self.percent, 1)
        self.set_size(text_size.SIZES[0] if up == self.percent else up)

    def set_size(self, percent: int) -> None:
        """Show text at so many percent of its normal size, and remember it."""
        window, look = self.window, self.window.look
        window.preferences.put("text", str(percent))
        look.zoom = percent / 100.0
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, look.tokens, look.family, look.zoom)
        self.scale_bars()
        window.restyle()
        window.paging.fit()

    def scale_bars(self) -> None:
        """Give the bars the size of the window and of its text."""
        window = self.window
        scale = max(min(window.width() / 1920.0, window.height() / 1080.0), 0.3) * window.look.zoom
        for strip in (window.bar, window.banner, window.footer):
            strip.set_scale(scale)
