"""The page of a finished session: what is shown, how it is moved through, what an edit does."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_run import made_run
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from session_pages import Make, page_maker

from gui.i18n import Texts
from gui.panels.buttons import Button
from gui.review.explained import Shown, explain
from gui.review.overview import overview_of
from gui.review.run import Span, walking_spans
from gui.views.session_data import DataDialog, as_csv
from gui.views.session_numbers import NumberRow
from imu import api
from imu.types import ActivityKind, Side


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    return page_maker(qtbot)


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
    assert page.numbers.shown == []  # no reasons why numbers of no steps are missing
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
