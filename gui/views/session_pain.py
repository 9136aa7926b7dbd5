"""The pain diary of a finished session: a score after the run, from the next day on that of the next morning."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from gui.panels.buttons import Button
from gui.review.stored import PAIN
from gui.views.dialogs import PainDialog
from imu.errors import ImuError

if TYPE_CHECKING:
    from gui.views.session_page import SessionPage


class PainLater(QObject):
    """The button of a page, and its key P; nothing is computed from what is entered."""

    def __init__(self, page: SessionPage) -> None:
        super().__init__(page)
        self.page = page
        self.button = Button(page.look, "outline", parent=page)
        self.button.clicked.connect(lambda _=False: self.ask())
        key = QShortcut(QKeySequence("P"), page, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.ask)

    @property
    def when(self) -> str:
        """Moment of an entry made now."""
        started = self.page.run.started
        today = datetime.now().astimezone().date()
        return "after" if started is None or started.astimezone().date() == today else "next_morning"

    def restyle(self) -> None:
        """Take over the language."""
        self.button.set_words(self.page.look.texts(f"review.pain_{self.when}"))
        self.button.setVisible(self.page.can_edit)

    def ask(self) -> None:
        """Let the user enter a score."""
        if not self.page.can_edit:
            return
        title = self.page.look.texts(f"review.pain_{self.when}").removesuffix("…")
        dialog = PainDialog(self.page.look, self.page, title)
        if dialog.exec() and dialog.score is not None:
            self.enter(dialog.score)

    def enter(self, score: int) -> None:
        """Keep a score with the session."""
        page, when = self.page, self.when
        if page.library is None:
            return
        try:
            page.library.add_pain(page.session_id, when, score)
        except ImuError as error:
            page.say(page.look.texts("review.failed", detail=str(error)))
            return
        page.run = replace(page.run, facts={**page.run.facts, f"pain_{PAIN[when]}": str(score)})
        page.said = ""
        page.restyle()
