"""Pictures of the report and of the pages around finished sessions, both themes and languages; simulated runs only."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget
from screen_library import make_library
from screen_run import simulated_run

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.reports.compose import Typed, compose
from gui.reports.write import to_image
from gui.review.blocks import by_speed
from gui.review.history import History, Past, client_history, pasts_of
from gui.review.run import Run
from gui.views.compare_page import ComparePage
from gui.views.library_page import LibraryPage
from gui.views.session_page import SessionPage
from gui.views.trend_page import TrendPage
from imu.api import Library

_SIZE = (1920, 1016)
_STYLES = (("light", "en"), ("dark", "nl"))
_PLANS = {
    "en": ("Longest run at most 6.6 km.", "Last 5 minutes of each run: land softly. Build this up slowly."),
    "nl": ("Langste loop hoogstens 6,6 km.", "Laatste 5 minuten van elke loop: zacht landen. Bouw dit rustig op."),
}
_PRACTICE = {"en": "Physiotherapy practice · simulated runner", "nl": "Praktijk fysiotherapie · gesimuleerde loper"}


def take_pictures(folder: Path, app: QApplication) -> None:
    """Write all of them."""
    family = theme.load_fonts()
    run = simulated_run()
    with (
        tempfile.TemporaryDirectory() as temporary,
        make_library(Path(temporary) / "pictures.stride-library") as library,
    ):
        _reports(folder, family, run, library)
        rows = [r for r in library.sessions() if r.client_code == "K-017"]
        client = rows[0].client_id
        assert client is not None
        for name, language in _STYLES:
            look = Look(theme.THEMES[name], family, Texts(language))
            theme.apply(app, look.tokens, family)
            pages: dict[str, Callable[[Look], QWidget]] = {
                "library": lambda look: _library_page(library, look),
                "session": lambda look: _session_page(run, look),
                "session_steps": lambda look: _session_page(run, look, near=True),
                "compare": lambda look: ComparePage(library, [rows[1].id, rows[0].id], look),
                "trend": lambda look: TrendPage(library, client, look),
            }
            for page_name, make in pages.items():
                page = make(look)
                page.resize(*_SIZE)
                page.show()
                page.setFocus()
                app.processEvents()
                page.grab().save(str(folder / f"{page_name}_{name}_{language}.png"))
                page.close()


def _reports(folder: Path, family: str, run: Run, library: Library) -> None:
    """Write the report in both copies and languages; the run counts as today's of the first client."""
    clients = library.clients()
    first = next(c for c in clients if c.code == run.title)
    assert run.started is not None
    earlier = tuple(p for p in client_history(library, first.id) if p.started.date() < run.started.date())
    others = pasts_of(library, [r for r in library.sessions() if r.client_id != first.id])
    today = Past(0, first.id, run.started, run.settings.place, run.provenance.filter_version, by_speed(run))
    for language in ("en", "nl"):
        for copy, name in (("record", "report"), ("client", "report_client")):
            typed = Typed(copy, practice=_PRACTICE[language], plan=_PLANS[language])
            report = compose(run, Texts(language), typed, (today, History(earlier, others)))
            to_image(report, family).save(str(folder / f"{name}_{language}.png"))


def _library_page(library: Library, look: Look) -> LibraryPage:
    page = LibraryPage(library, look)
    page.table.selectRow(0)
    page.say(look.texts("library.where", path=library.path.name))
    return page


def _session_page(run: Run, look: Look, *, near: bool = False) -> SessionPage:
    page = SessionPage(None, 0, look, run)
    page.resize(*_SIZE)
    if near:
        page.plot.set_view(416.0, 424.0)
        page.plot.set_cursor(float(page.plot.shown.t_s[abs(page.plot.shown.t_s - 418.0).argmin()]))
        page.numbers.choose(page.numbers.shown[0].name)
    return page
