"""Pictures of the report and of the pages around finished sessions, both themes and languages; simulated runs only."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from screen_frame import save, settle
from screen_names import LOOKS
from screen_png import save_png
from screen_run import simulated_run

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.reports.compose import Typed, compose
from gui.reports.write import to_image
from gui.review.blocks import by_speed
from gui.review.history import History, Past, client_history, pasts_of
from gui.review.run import Run
from gui.views.client_erase import EraseDialog
from gui.views.compare_page import ComparePage
from gui.views.import_dialog import ImportDialog
from gui.views.library_page import LibraryPage
from gui.views.report_dialog import ReportDialog
from gui.views.session_page import SessionPage
from gui.views.trend_page import TrendPage
from imu.api import Library, preview_log

_SIZE = (1920, 1016)
_PLANS = {
    "en": ("Longest run at most 6.6 km.", "Last 5 minutes of each run: land softly. Build this up slowly."),
    "nl": ("Langste loop hoogstens 6,6 km.", "Laatste 5 minuten van elke loop: zacht landen. Bouw dit rustig op."),
}
_PRACTICE = {"en": "Physiotherapy practice · simulated runner", "nl": "Praktijk fysiotherapie · gesimuleerde loper"}


def take_review(folder: Path, app: QApplication, path: Path) -> None:
    """Write all of them; the library is at `path`."""
    family = theme.load_fonts()
    run = simulated_run()
    with Library.open(path) as library, tempfile.TemporaryDirectory() as temporary:
        table = _strange_table(Path(temporary) / "export of another program.csv")
        past = _past(run, library)
        _reports(folder, family, run, past)
        rows = [r for r in library.sessions() if r.client_code == "K-017"]
        client = rows[0].client_id
        assert client is not None
        for name, language in LOOKS:
            look = Look(theme.THEMES[name], family, Texts(language))
            theme.apply(app, look.tokens, family)
            pages: dict[str, Callable[[Look], QWidget]] = {
                "library": lambda look: _library_page(library, look),
                "session": lambda look: _session_page(run, look, past),
                "session_steps": lambda look: _session_page(run, look, past, near=True),
                "compare": lambda look: ComparePage(library, [rows[1].id, rows[0].id], look),
                "trend": lambda look: TrendPage(library, client, look),
                "dialog_report": _report_dialog,
                "dialog_erase": lambda look: EraseDialog(look, library.client(client)),
                "dialog_import": lambda look: _import_dialog(library, look, table, client),
            }
            for page_name, make in pages.items():
                page = make(look)
                if not isinstance(page, QDialog):
                    page.resize(*_SIZE)
                page.show()
                page.setFocus()
                settle(app)
                save(page, page_name, name, language)
                page.close()


def _past(run: Run, library: Library) -> tuple[Past, History]:
    """Return what the run is compared with: it counts as today's of the first client."""
    clients = library.clients()
    first = next(c for c in clients if c.code == run.title)
    assert run.started is not None
    earlier = tuple(p for p in client_history(library, first.id) if p.started.date() < run.started.date())
    others = pasts_of(library, [r for r in library.sessions() if r.client_id != first.id])
    today = Past(0, first.id, run.started, run.settings.place, run.provenance.filter_version, by_speed(run))
    return today, History(earlier, others)


def _reports(folder: Path, family: str, run: Run, past: tuple[Past, History]) -> None:
    """Write the report in both copies and languages."""
    for language in ("en", "nl"):
        for copy, name in (("record", "report"), ("client", "report_client")):
            typed = Typed(copy, practice=_PRACTICE[language], plan=_PLANS[language])
            report = compose(run, Texts(language), typed, past)
            save_png(to_image(report, family), folder / f"{name}_{language}.png")


def _library_page(library: Library, look: Look) -> LibraryPage:
    page = LibraryPage(library, look)
    page.table.selectRow(0)
    page.say(look.texts("library.where", path=library.path.name))
    return page


def _report_dialog(look: Look) -> ReportDialog:
    dialog = ReportDialog(look)
    dialog.practice.setText(_PRACTICE[look.texts.language])
    dialog.plan.setPlainText("\n".join(_PLANS[look.texts.language]))
    return dialog


def _strange_table(path: Path) -> Path:
    """Write a table whose headings say nothing, with a fault in one line."""
    rng = np.random.default_rng(4)
    lines = ["q,p1,p2,p3"]
    for k in range(400):
        x, y, z = 0.05 * rng.standard_normal(3) + (0.0, 1.0, 0.1)
        lines.append(f"{k / 100:.2f},{x:.3f},{y:.3f},{z:.3f}" if k != 3 else f"{k / 100:.2f},{x:.3f},oops,{z:.3f}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _import_dialog(library: Library, look: Look, path: Path, client: int) -> ImportDialog:
    return ImportDialog(look, library, path, preview_log(path), client)


def _session_page(run: Run, look: Look, past: tuple[Past, History], *, near: bool = False) -> SessionPage:
    page = SessionPage(None, 0, look, run)
    page.resize(*_SIZE)
    page.show_past(past)
    if near:
        page.plot.set_view(416.0, 424.0)
        page.plot.set_cursor(float(page.plot.shown.t_s[abs(page.plot.shown.t_s - 418.0).argmin()]))
        page.numbers.choose(page.numbers.shown[0].name)
    return page
