"""What can be written from a session page: every step as CSV, the report."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from gui.preferences import Preferences, StoredPreferences
from gui.reports.command import report_of, write_run
from gui.reports.compose import Typed, longest_line
from gui.reports.paragraph import paragraph_of
from gui.reports.write import SUFFIXES
from gui.review.edit_words import edit_rows
from gui.review.history import History, Past, history_of
from gui.review.run import Run
from gui.review.told import with_library
from gui.views.report_dialog import COPIED, ReportDialog
from gui.views.session_data import DataDialog, as_csv, ask_file
from imu.errors import ImuError

if TYPE_CHECKING:
    from gui.views.session_page import SessionPage


class RunFiles:
    """Writes what a page shows; how it went is said on the page."""

    def __init__(self, page: SessionPage, preferences: Preferences | None = None) -> None:
        self.page = page
        self.preferences = preferences or StoredPreferences()

    def export_steps(self) -> None:
        """Ask for a file and write every step of the run as CSV."""
        page = self.page
        path = ask_file(page, page.look, f"{self._stem()}.csv", "review.csv_filter")
        if path is None:
            return
        view = page.plot.view
        page.plot.show_all()
        heads, rows = page.card.steps_table()
        page.plot.set_view(*view)
        self.write(path, lambda: path.write_text(as_csv(heads, rows), encoding="utf-8-sig"))

    def open_log(self) -> None:
        """Show what was changed after the recording, newest first."""
        page, t = self.page, self.page.look.texts
        if page.library is None:
            return
        ended = page.library.session_row(page.session_id).ended_utc or ""
        later = [e for e in page.library.edits(page.session_id) if e.at_utc >= ended]  # before: the run's own answers
        rows = edit_rows(later, page.run.start_s, t)
        rows = rows or [("", t("review.edits_none"), "")]
        heads = (t("review.edits_when"), t("review.edits_what"), t("review.edits_detail"))
        DataDialog(page.look, t("review.edits"), heads, rows, parent=page, words=frozenset({0, 1, 2})).exec()

    def ask_report(self) -> None:
        """Ask what only a person can say, then where, and write the report."""
        page = self.page
        practice = self.preferences.get("practice") or ""
        dialog = ReportDialog(page.look, practice, longest_line(self._run(), page.look.texts), page)
        outcome = dialog.exec()
        if not outcome:
            return
        self.preferences.put("practice", dialog.typed.practice)
        if outcome == COPIED:
            self.copy_text(dialog.typed)
        else:
            self.save_report(dialog.typed)

    def copy_text(self, typed: Typed) -> None:
        """Put the report as one paragraph of plain text on the clipboard, to paste into the patient record."""
        page, t = self.page, self.page.look.texts
        try:
            text = paragraph_of(report_of(self._run(), t, typed, self._past()))
        except ImuError as error:
            page.say(t("review.failed", detail=str(error)))
            return
        QGuiApplication.clipboard().setText(text)
        page.say(t("report.text_copied", n=len(text)))

    def _past(self) -> tuple[Past, History] | None:
        page = self.page
        return None if page.library is None else history_of(page.library, page.session_id)

    def _run(self) -> Run:
        """Return the run of the page with what the library tells beside it, as far as that can be read."""
        page = self.page
        if page.library is None:
            return page.run
        with suppress(ImuError):
            return with_library(page.run, page.library, page.session_id)
        return page.run

    def save_report(self, typed: Typed) -> None:
        """Ask for a file and write the report."""
        path = ask_file(self.page, self.page.look, f"{self._stem()}.pdf", "review.report_filter")
        if path is not None:
            path = path if path.suffix.lower() in SUFFIXES else path.with_name(path.name + ".pdf")
            self.write(path, lambda: self.write_report(path, typed))

    def write_report(self, path: Path, typed: Typed) -> None:
        """Write the report to a file; see `gui.reports.write.write_report`."""
        t = self.page.look.texts
        write_run(self._run(), path, language=t.language, typed=typed, past=self._past(), speed_unit=t.speed_unit)

    def write(self, path: Path, write: Callable[[], object]) -> None:
        """Write and say how it went."""
        page, t = self.page, self.page.look.texts
        try:
            write()
        except OSError as error:
            page.say(t("review.failed", detail=error.strerror or str(error)))
        except ImuError as error:
            page.say(t("review.failed", detail=str(error)))
        else:
            page.say(t("review.saved", path=path))

    def _stem(self) -> str:
        run = self.page.run
        day = run.started.strftime("%Y-%m-%d") if run.started else ""
        return " ".join(part for part in (run.title, day) if part) or "stride"
