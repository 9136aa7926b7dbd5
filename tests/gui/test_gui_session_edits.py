"""A session of a library on its page: edits, marks, pain afterwards, the report."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from made_run import made_run, small_library
from pytestqt.qtbot import QtBot
from session_pages import Make, copy_of, page_maker

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.reports.compose import Typed
from gui.review.run import Mark, Span
from gui.review.stored import of_stored
from gui.views import session_files, session_page
from gui.views.dialogs import PainDialog
from gui.views.report_dialog import ReportDialog
from gui.views.session_page import SessionPage
from imu.api import Library
from imu.errors import ImuError


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    return page_maker(qtbot)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    small_library(folder).close()
    return folder / "small.stride-library"


@pytest.fixture
def library(recorded: Path, tmp_path: Path) -> Iterator[Library]:
    with copy_of(recorded, tmp_path) as opened:
        yield opened


def chosen_session(library: Library) -> int:
    return library.sessions()[0].id


def test_a_stored_session_shows_the_same_steps_as_it_was_recorded_with(make: Make, library: Library) -> None:
    session = chosen_session(library)
    page = make(library=library, session_id=session)
    assert page.run.title == "K-021"
    assert page.run.steps == library.session(session).steps
    assert page.can_edit
    with pytest.raises(ImuError):
        make(library=library, session_id=999)


def test_leaving_out_and_putting_back_changes_the_numbers_and_nothing_else(make: Make, library: Library) -> None:
    session = chosen_session(library)
    page = make(library=library, session_id=session)
    before = (page.speeds[0].n_steps, page.numbers.shown)
    raw = library.session(session).provenance.raw_sha256
    page.plot.set_cursor(20.0)
    page.plot.set_cursor(30.0, extend=True)
    page.card.cut.click()
    assert page.speeds[0].n_steps < before[0]
    assert page.run.cuts == (Span(20.0, 30.0),)
    assert page.card.restore.isVisible()
    page.plot.set_cursor(25.0)
    page.card.restore.click()
    assert (page.speeds[0].n_steps, page.numbers.shown) == before
    assert library.session(session).provenance.raw_sha256 == raw
    assert len(library.edits(session)) >= 2


def test_swapping_sides_turns_the_difference_round_and_is_logged(make: Make, library: Library) -> None:
    session = chosen_session(library)
    page = make(library=library, session_id=session)
    before = page.speeds[0].summary["symmetry_index_pct"]["load_peak_g"]["value"]
    page.plot.set_cursor(page.run.start_s)
    page.card.swap.click()
    after = page.speeds[0].summary["symmetry_index_pct"]["load_peak_g"]["value"]
    assert after == pytest.approx(-before)
    assert any("swap" in e.what for e in library.edits(session))


class _Dialog:
    """Stands in for the dialog of a mark."""

    def __init__(self, outcome: str, text: str) -> None:
        self.outcome, self.text = outcome, text
        self.field = self

    def __call__(self, *args: object, **kwargs: object) -> _Dialog:
        return self

    def exec(self) -> None:
        pass

    def setReadOnly(self, value: bool) -> None:  # noqa: N802 (Qt's name)
        pass


def test_marks_are_added_changed_and_removed(make: Make, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    page = make(library=library, session_id=chosen_session(library))
    page.plot.set_cursor(12.0)
    monkeypatch.setattr(session_page, "MarkDialog", _Dialog("save", "softer"))
    page.card.mark.click()
    (mark,) = page.run.marks
    assert (mark.time_s, mark.text) == (12.0, "softer")
    assert page.plot.mark_at(12.0) == mark
    monkeypatch.setattr(session_page, "MarkDialog", _Dialog("save", "louder"))
    page.plot.mark_opened.emit(mark)
    (mark,) = page.run.marks
    assert mark.text == "louder"
    monkeypatch.setattr(session_page, "MarkDialog", _Dialog("remove", ""))
    page.plot.mark_opened.emit(mark)
    assert page.run.marks == ()


def test_a_refused_change_is_said_and_changes_nothing(make: Make, library: Library) -> None:
    page = make(library=library, session_id=chosen_session(library))
    steps = page.run.steps
    page._change(lambda lib: lib.remove_marker(page.session_id, 12345))
    assert page.said.startswith("Not done")
    assert page.run.steps == steps


def test_a_run_at_hand_cannot_be_changed(make: Make) -> None:
    page = make()
    page.plot.set_cursor(10.0)
    page.plot.set_cursor(20.0, extend=True)
    for tool in (page.card.mark, page.card.cut, page.card.swap):
        assert not tool.isEnabled()
    page.edit_mark(Mark(20.0, id=None))
    assert not page.log_button.isVisible()


def test_the_report_and_the_steps_are_written_where_asked(
    make: Make, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make(library=library, session_id=chosen_session(library), language="nl")
    asked: list[str] = []

    def ask(_parent: object, _look: object, name: str, _key: str) -> Path:
        asked.append(name)
        return tmp_path / ("r" if name.endswith("pdf") else "s.csv")

    monkeypatch.setattr(session_files, "ask_file", ask)
    page.files.save_report(Typed("client", plan=("Rustig opbouwen",)))
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    page.files.export_steps()
    lines = (tmp_path / "s.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + len([s for s in page.run.running if s.load_peak_g is not None])
    assert asked[0].startswith("K-021 ")
    assert "Opgeslagen" in page.said
    page.files.write(tmp_path, lambda: page.files.write_report(tmp_path, Typed()))
    assert "Niet gelukt" in page.said


def test_facts_of_the_library_reach_the_run(library: Library) -> None:
    session = chosen_session(library)
    library.add_pain(session, "before", 3)
    library.add_pain(session, "next_morning", 1)
    row = library.session_row(session)
    assert row.client_id is not None
    library.set_shoe(session, library.add_shoe(row.client_id, "Road A").id)
    run = of_stored(library.session(session))
    assert (run.facts["pain_before"], run.facts["pain_morning"], run.facts["shoe"]) == ("3", "1", "Road A")
    assert run.provenance.sha256 == library.session(session).provenance.raw_sha256
    assert run.method["load_peak_cutoff_hz"] == 10.0


def test_practice_and_plan_are_typed_before_the_report_is_written(
    make: Make, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make(language="nl")

    def fill_in(dialog: ReportDialog) -> bool:
        dialog.copy_box.setCurrentIndex(dialog.copy_box.findData("client"))
        dialog.practice.setText("Praktijk Noord")
        dialog.plan.setPlainText("Drie keer 5 km\n\nRustig\nC\nD\nE")
        assert dialog.typed.plan == ("Drie keer 5 km", "Rustig", "C", "D E")
        return True

    monkeypatch.setattr(ReportDialog, "exec", fill_in)
    monkeypatch.setattr(session_files, "ask_file", lambda *_: tmp_path / "out.html")
    page.files.ask_report()
    written = (tmp_path / "out.html").read_text(encoding="utf-8")
    for words in ("Praktijk Noord", "Drie keer 5 km", "D E", Texts("nl")("report.foot_client")):
        assert words in written
    remembered: list[str] = []
    monkeypatch.setattr(ReportDialog, "exec", lambda dialog: remembered.append(dialog.practice.text()))
    monkeypatch.setattr(session_files, "ask_file", lambda *_: pytest.fail("asked"))
    make().files.ask_report()
    assert remembered == ["Praktijk Noord"]


def test_the_plan_begins_with_the_longest_run_which_can_be_deleted(
    make: Make, library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = make(library=library, session_id=chosen_session(library))
    lines: list[str] = []

    def delete(dialog: ReportDialog) -> bool:
        lines.append(dialog.plan.toPlainText())
        dialog.plan.setPlainText("Rest")
        return True

    monkeypatch.setattr(ReportDialog, "exec", delete)
    monkeypatch.setattr(session_files, "ask_file", lambda *_: tmp_path / "out.html")
    page.files.ask_report()
    assert lines[0].startswith("Longest run at most ")
    written = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "Longest run at most" not in written
    assert "<li>Rest</li>" in written


def test_no_column_of_the_minutes_is_cut_in_half(qtbot: QtBot) -> None:
    page = SessionPage(None, 0, Look(theme.LIGHT, theme.load_fonts(), Texts("nl")), made_run())
    qtbot.addWidget(page)
    page.show()
    seen = []
    for width, height in ((1920, 1016), (1100, 660)):
        page.resize(width, height)
        rows = page.minutes.rows
        shown = [c for c in range(rows.columnCount()) if not rows.isColumnHidden(c)]
        assert rows.horizontalHeader().length() <= rows.viewport().width() + 1
        assert set(shown) >= {0, 1, 2, 5, 6}
        seen.append(len(shown))
    assert 9 > seen[0] >= seen[1] >= 5  # all nine have no room here
    assert len(page.minutes.full_table()[0]) == len(page.minutes.content()[0]) + 6


@pytest.mark.parametrize(
    ("ago", "when", "words"), [(0, "after", "Pijn na afloop…"), (1, "next_morning", "Pijn volgende ochtend…")]
)
def test_pain_after_the_run_is_entered_on_its_page(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ago: int, when: str, words: str
) -> None:
    with small_library(tmp_path) as library:
        row = library.sessions()[0]
        page = SessionPage(library, row.id, Look(theme.LIGHT, theme.load_fonts(), Texts("nl")))
        qtbot.addWidget(page)
        page.run = replace(page.run, started=datetime.now(UTC) - timedelta(days=ago))
        page.restyle()
        page.show()
        assert page.pain.button.text() == words

        def five(dialog: PainDialog) -> int:
            dialog._choose(5)
            return dialog.result()

        monkeypatch.setattr(PainDialog, "exec", five)
        page.pain.button.click()
        assert [(p.when, p.score) for p in library.pain(row.id)] == [(when, 5)]
        if when == "after":
            assert "na 5" in page.accessibleName()
        assert page.run.facts[{"after": "pain_after", "next_morning": "pain_morning"}[when]] == "5"
        qtbot.waitUntil(lambda: page.signal is not None, timeout=20_000)


def test_the_log_holds_what_was_changed_after_the_recording(
    make: Make, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = chosen_session(library)
    library.set_wizard(session, {"pain_before": 1})
    library.set_wizard(session, {"pain_before": 2})
    with closing(sqlite3.connect(library.path)) as connection, connection:  # as the wizard does: while it is recorded
        connection.execute(
            "UPDATE edit SET at_utc = (SELECT started_utc FROM session WHERE id = ?) WHERE what = 'wizard'", (session,)
        )
    page = make(library=library, session_id=session)
    seen: list[list[tuple[str, ...]]] = []

    class Dialog:
        def __init__(self, _look, _title, _heads, rows, **_options) -> None:
            seen.append(list(rows))

        def exec(self) -> int:
            return 0

    monkeypatch.setattr(session_files, "DataDialog", Dialog)
    page.files.open_log()
    assert seen[-1] == [("", page.look.texts("review.edits_none"), "")]
    library.set_tags(session, ["cue"])
    page.files.open_log()
    assert [row[1:] for row in seen[-1]] == [("tags", "cue")]
