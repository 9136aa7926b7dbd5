"""What Esc does: one thing back. It never stops a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QLineEdit

from gui.views.library_page import LibraryPage
from gui.views.session_frame import ReviewPage
from gui.views.session_page import SessionPage

if TYPE_CHECKING:
    from gui.views.window import Window


def escape(window: Window) -> None:
    """Leave full screen, else empty a search, else close what explains a number, else go one page back."""
    page, typed = window.pages.currentWidget(), QApplication.focusWidget()
    if window.isFullScreen():
        window.leave_full_screen()
    elif isinstance(typed, QLineEdit) and typed.isClearButtonEnabled() and typed.text():
        typed.clear()
    elif page is window.wizard:
        window.wizard.back.click()
    elif isinstance(page, (LibraryPage, SessionPage, ReviewPage)):
        if page.explain.isVisible():
            page.explain.closed.emit()
        else:
            page.back_button.click()
