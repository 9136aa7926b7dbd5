"""From the library and session pages to comparison and trend, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from gui.look import Look
from gui.review.history import MOST, pasts_of
from gui.views.compare_page import ComparePage
from gui.views.library_page import LibraryPage
from gui.views.session_page import SessionPage
from gui.views.trend_page import TrendPage
from imu.api import Library
from imu.errors import ImuError

_EARLIER: Final = 5
"""So many sessions before a session are offered to compare it with."""


class Routes:
    """Opens comparison and trend from a page that asks for them.

    Parameters
    ----------
    library : Library
    look : Look
    show : callable
        Shows a page; the page before it is let go.
    show_library : callable
    show_session : callable
        Takes the id of a session and what its way back does.
    """

    def __init__(
        self,
        library: Library,
        look: Look,
        show: Callable[[QWidget], None],
        show_library: Callable[[], None],
        show_session: Callable[[int, Callable[[], None]], None],
    ) -> None:
        self.library, self.look = library, look
        self.show, self.show_library, self.show_session = show, show_library, show_session

    def wire(self, page: LibraryPage | SessionPage) -> None:
        """Follow what a page asks for."""
        if isinstance(page, LibraryPage):
            page.compare_asked.connect(lambda a, b: self.compare(page, (a, b), self.show_library))
            page.trend_asked.connect(lambda client: self.trend(page, client, self.show_library))
            return
        again = page.session_id

        def back() -> None:
            self.show_session(again, self.show_library)

        page.compare_asked.connect(lambda session: self.compare(page, self.with_earlier(session), back))
        page.trend_asked.connect(lambda client: self.trend(page, client, back))

    def with_earlier(self, session_id: int) -> list[int]:
        """Return a session and what it is compared with: the client's sessions before it, the oldest first."""
        try:
            row = self.library.session_row(session_id)
            rows = [] if row.client_id is None else self.library.sessions(client_id=row.client_id, limit=MOST)
        except ImuError:  # the comparison itself says why
            return [session_id]
        earlier = pasts_of(self.library, [r for r in rows if r.started_utc < row.started_utc][:_EARLIER])
        return [*(past.id for past in earlier), session_id]

    def compare(self, page: LibraryPage | SessionPage, sessions: Sequence[int], back: Callable[[], None]) -> None:
        """Show a comparison; what cannot be read is said on the page that asked."""
        try:
            made = ComparePage(self.library, sessions, self.look)
        except ImuError as error:
            page.say(self.look.texts("review.failed", detail=str(error)))
            return
        made.back.connect(back)
        self.show(made)

    def trend(self, page: LibraryPage | SessionPage, client_id: int, back: Callable[[], None]) -> None:
        """Show a client's trend; what cannot be read is said on the page that asked."""
        try:
            made = TrendPage(self.library, client_id, self.look)
        except ImuError as error:
            page.say(self.look.texts("review.failed", detail=str(error)))
            return
        made.back.connect(back)
        made.session_opened.connect(lambda session: self.show_session(session, self.show_library))
        self.show(made)
