"""The page of a finished session: what is shown, how it is moved through, what an edit does."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from made_run import made_run, small_library
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.panels.buttons import Button
from gui.reports.compose import Typed
from gui.review.explained import Shown, explain
from gui.review.overview import overview_of
from gui.review.run import Mark, Run, Span, walking_spans
from gui.review.stored import of_stored
from gui.views import session_files, session_page
from gui.views.dialogs import PainDialog
from gui.views.report_dialog import ReportDialog
from gui.views.session_data import DataDialog, as_csv
from gui.views.session_numbers import NumberRow
from gui.views.session_page import SessionPage
from imu import api
from imu.api import Library
from imu.errors import ImuError
from imu.types import ActivityKind, Side

Make = Callable[..., SessionPage]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def build(run: Run | None = None, *, language: str = "en", dark: bool = False, **options) -> SessionPage:
        tokens = theme.DARK if dark else theme.LIGHT
        look = Look(tokens, theme.load_fonts(), Texts(language))
        if run is None and "library" not in options:
            run = made_run()
        page = SessionPage(options.get("library"), options.get("session_id", 0), look, run)
        qtbot.addWidget(page)
        page.resize(1280, 720)
        page.show()
        return page

    return build


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    small_library(folder).close()
    return folder / "small.stride-library"


@pytest.fixture
def library(recorded: Path, tmp_path: Path) -> Iterator[Library]:
    path = tmp_path / "copy.stride-library"
    shutil.copy(recorded, path)
    with Library.open(path) as opened:
        yield opened


# -- what is shown ----------------------------------------------------------------------------------------------------


def test_the_heading_says_the_rate_that_was_set_and_the_one_that_was_measured(make: Make) -> None:
    assert make().accessibleName().endswith(" · 200 Hz")
    run = replace(made_run(), measured_rate_hz=198.44)
    assert make(run).accessibleName().endswith(" · 200 Hz (198.4 measured)")
    assert make(run, language="nl").accessibleName().endswith(" · 200 Hz (198,4 gemeten)")


def test_every_running_step_is_in_the_overview_and_its_table(make: Make) -> None:
    page = make()
    assert len(page.plot.shown.t_s) == len(page.run.running)
    heads, rows = page.card.steps_table()
    assert len(rows) == len(page.run.running)
    assert len(heads) == len(rows[0])
    assert rows[1][1] == "left"


def test_numbers_of_the_whole_speed_and_of_a_selection(make: Make) -> None:
    page = make()
    assert page.numbers.box.count() == 2
    whole = page.numbers.shown[0].value
    page.plot.set_cursor(160.0)
    page.plot.set_cursor(170.0, extend=True)
    steps = [s for s in page.run.running if 160.0 <= s.ic_s <= 170.0]
    expected = np.mean([s.load_peak_g for s in steps])
    assert page.numbers.box.currentText() == f"Selection · {len(steps)} steps"
    assert page.numbers.shown[0].value == f"{expected:.2f}\u00a0g"
    page.plot.set_cursor(None)
    assert page.numbers.shown[0].value == whole
    page.numbers.box.setCurrentIndex(1)
    page.numbers.block_chosen.emit(1)
    assert page.numbers.shown[0].value != whole


def test_a_click_on_a_number_says_how_it_is_made_and_another_click_closes_it(make: Make, qtbot: QtBot) -> None:
    page = make()
    row = page.numbers.rows[0]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    text = page.explain.text.toPlainText()
    assert page.explain.isVisible()
    entry = api.catalogue()["load_peak_g"]
    for words in ("Formula", "Filter", "Source", "Published error", entry.formula.en, entry.published.en):
        assert words in text
    qtbot.keyClick(page.explain, Qt.Key.Key_Escape)
    assert not page.explain.isVisible()
    assert not row.isChecked()


def test_every_number_on_the_page_has_an_explanation_in_both_languages(make: Make) -> None:
    page = make()
    for number in page.numbers.shown:
        for language in ("en", "nl"):
            assert Texts(language)("review.formula") in explain(number, Texts(language)), number.key
    assert explain(Shown("no such number", "", "", ""), Texts()) == ""


def test_minutes_are_listed_and_choosing_one_shows_it(make: Make) -> None:
    page = make()
    assert page.minutes.rows.rowCount() == 5
    page.minutes.rows.cellClicked.emit(1, 0)
    assert (page.plot.view.start_s, page.plot.view.end_s) == (60.0, 120.0)
    assert "no data 3.1 s" in page.minutes.content()[1][1][-1]
    assert page.minutes.content()[1][0][-1] == "mark"


def test_a_run_without_running_steps_says_so_and_keeps_working(make: Make) -> None:
    run = made_run()
    page = make(replace(run, steps=tuple(replace(s, activity=ActivityKind.WALKING) for s in run.steps)))
    assert "No running steps" in page.card.said.text()
    assert page.numbers.shown == [] or all(n.reason for n in page.numbers.shown)
    page.plot.go_step(1)
    page.plot.zoom(2.0)
    page.grab()


def test_sides_that_are_not_known_are_not_shown(make: Make) -> None:
    page = make(made_run(sides=False))
    assert {line.side for line in page.plot.shown.lines} == {Side.UNKNOWN}
    assert [n.reason for n in page.numbers.shown if n.key == "symmetry_index_pct"] == [
        "the side of the steps is not known"
    ] * 3
    assert page.minutes.content()[1][0][5] == ""


def test_mean_lines_do_not_cross_a_gap_or_a_change_of_speed() -> None:
    shown = overview_of(made_run(), Texts())
    assert shown.lines
    for line in shown.lines:
        assert not np.any((line.t_s >= 100.0) & (line.t_s < 103.1))
        assert np.all(line.t_s < 150.0) or np.all(line.t_s >= 150.0)
        inside = [s for s in shown.steps if s.side is line.side and abs(s.ic_s - line.t_s[0]) <= 15.0]
        assert np.isclose(line.mean[0], np.mean([s.load_peak_g for s in inside]), atol=0.02)


def test_walking_is_found_from_its_steps() -> None:
    run = made_run(30.0)
    steps = [replace(s, activity=ActivityKind.WALKING) for s in run.steps if not 10.0 < s.ic_s < 20.0]
    first, second = walking_spans(steps)
    assert (first.start_s, second.start_s) == (0.0, 20.0)
    assert first.end_s == pytest.approx(10.0 + 1 / 3)


# -- moving through it ------------------------------------------------------------------------------------------------


def test_keys_go_from_step_to_step_zoom_and_select(make: Make, qtbot: QtBot) -> None:
    page = make()
    plot = page.plot
    plot.setFocus()
    times = plot.shown.t_s
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.cursor_s == times[2]
    assert "right" in plot.accessibleDescription()
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.cursor_s == times[1]
    qtbot.keyClick(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert plot.selection == Span(times[1], times[2])
    for _ in range(20):
        qtbot.keyClick(plot, Qt.Key.Key_Plus)
    assert plot.view.end_s - plot.view.start_s == pytest.approx(2.0)
    assert plot.view.start_s <= plot.cursor_s <= plot.view.end_s
    qtbot.keyClick(plot, Qt.Key.Key_PageDown)
    assert plot.view.start_s > 1.0
    qtbot.keyClick(plot, Qt.Key.Key_0)
    assert (plot.view.start_s, plot.view.end_s) == (0.0, 300.0)


def test_the_wheel_zooms_around_the_pointer_and_dragging_pans(make: Make, qtbot: QtBot) -> None:
    plot = make().plot
    x = plot.width() * 0.6
    before = plot._time_at(x)
    event = QWheelEvent(
        QPointF(x, 50.0), QPointF(plot.mapToGlobal(QPoint(int(x), 50))), QPoint(), QPoint(0, 480),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot, event)
    assert plot.view.end_s - plot.view.start_s < 100.0
    assert plot._time_at(x) == pytest.approx(before, abs=0.5)
    start = plot.view.start_s
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=QPoint(400, 60))
    qtbot.mouseMove(plot, QPoint(300, 60))
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=QPoint(300, 60))
    assert plot.view.start_s > start
    assert plot.cursor_s is None


def test_the_view_never_leaves_the_run(make: Make) -> None:
    plot = make().plot
    plot.set_view(-100.0, 20.0)
    assert plot.view.start_s == 0.0
    plot.set_view(290.0, 900.0)
    assert plot.view.end_s == 300.0
    plot.zoom(0.001)
    assert plot.view == Span(0.0, 300.0)


@pytest.mark.parametrize(("dark", "language"), [(False, "nl"), (True, "en")])
@pytest.mark.parametrize("view", [(0.0, 300.0), (90.0, 140.0), (98.0, 106.0)])
def test_it_paints_at_every_zoom(make: Make, dark: bool, language: str, view: tuple[float, float]) -> None:
    page = make(language=language, dark=dark)
    page.plot.set_view(*view)
    image = page.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(0, 1280, 4) for y in range(0, 720, 4)}
    assert page.look.tokens.panel.lower() in colours
    assert len(colours) > 30


def test_everything_can_be_reached_by_key_and_has_a_name(make: Make) -> None:
    page = make()
    for widget in [*page.findChildren(Button), *page.findChildren(QPushButton), *page.findChildren(NumberRow)]:
        if widget.isVisibleTo(page):
            assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            assert widget.accessibleName() or widget.text()


# -- tables -----------------------------------------------------------------------------------------------------------


def test_a_table_is_copied_and_saved_as_csv_and_the_plot_as_picture(make: Make, qtbot: QtBot, tmp_path: Path) -> None:
    page = make(language="nl")
    heads, rows = page.minutes.content()
    dialog = DataDialog(page.look, "t", heads, rows, page.plot.grab)
    qtbot.addWidget(dialog)
    dialog.copy_rows()
    assert QApplication.clipboard().text().splitlines()[0].split("\t") == list(heads)
    assert "5 rijen" in dialog.said.text()
    read = list(csv.reader(io.StringIO(as_csv(heads, rows)), delimiter=";"))
    assert len(read) == 6
    assert "2,5" in read[1][2]
    path = tmp_path / "p.png"
    session_page_picture = page.plot.grab()
    dialog.save(path, lambda: session_page_picture.save(str(path)))
    assert str(path) in dialog.said.text()
    dialog.save(tmp_path, lambda: tmp_path.write_text("x"))
    assert "Niet gelukt" in dialog.said.text()


# -- a session of a library -------------------------------------------------------------------------------------------


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
