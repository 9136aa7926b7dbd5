"""A click on any number of the review pages shows its value, interval, formula, filter, source and errors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from made_run import made_run, small_library
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QTableWidget
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.views.compare_page import ComparePage
from gui.views.explain_card import ExplainCard
from gui.views.library_page import LibraryPage
from gui.views.session_page import SessionPage
from gui.views.trend_page import TrendPage
from imu.api import Library, catalogue


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with small_library(tmp_path_factory.mktemp("library")) as opened:
        yield opened


def look(language: str = "en") -> Look:
    return Look(theme.LIGHT, theme.load_fonts(), Texts(language))


def click(qtbot: QtBot, table: QTableWidget, row: int, column: int) -> None:
    place = table.visualRect(table.model().index(row, column)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def says(card: ExplainCard, key: str, *words: str) -> None:
    text = card.text.toPlainText()
    assert card.isVisible()
    assert catalogue()[key].formula.in_language(card.look.texts.language) in text
    for word in words:
        assert word.replace("\xa0", " ") in text


@pytest.fixture
def session(qtbot: QtBot) -> SessionPage:
    page = SessionPage(None, 0, look("nl"), made_run())
    qtbot.addWidget(page)
    page.resize(1920, 1016)
    page.show()
    return page


@pytest.mark.parametrize(
    ("column", "key"),
    [(2, "load_peak_g"), (3, "load_peak_g"), (4, "load_peak_g"), (5, "symmetry_index_pct"), (6, "cadence_spm")],
)
def test_a_number_of_a_minute(session: SessionPage, qtbot: QtBot, column: int, key: str) -> None:
    click(qtbot, session.minutes.rows, 1, column)
    heads, rows = session.minutes.full_table()
    value, interval = rows[1][2 * column - 2], rows[1][2 * column - 1]
    assert interval.startswith("±")
    says(session.explain, key, value, interval)
    assert heads[2 * column - 1] == "95 %-interval"
    qtbot.keyClick(session.explain, Qt.Key.Key_Escape)
    assert not session.explain.isVisible()


def test_the_time_of_a_minute_is_no_number_and_shows_that_minute(session: SessionPage, qtbot: QtBot) -> None:
    click(qtbot, session.minutes.rows, 1, 0)
    assert not session.explain.isVisible()
    assert session.plot.view.end_s - session.plot.view.start_s == pytest.approx(60.0)


def test_a_left_right_difference(session: SessionPage, qtbot: QtBot) -> None:
    session.sides.grab()
    top, foot = session.sides._places[0]
    at = QPoint(round(40 * session.sides.scale), round((top + foot) / 2 * session.sides.scale))
    qtbot.mouseClick(session.sides, Qt.MouseButton.LeftButton, pos=at)
    assert session.sides.chart is not None
    says(session.explain, "symmetry_index_pct", session.sides.chart.groups[0][1][0].text)


@pytest.mark.parametrize("key", ["load_peak_g", "contact_time_s"])
def test_the_step_at_the_cursor(session: SessionPage, key: str) -> None:
    session.plot.set_cursor(30.0)
    assert f'href="{key}"' in session.card.said.text()
    session.card.said.linkActivated.emit(key)
    says(session.explain, key, Texts("nl")("review.one_step"))


def test_another_number_takes_the_place_and_resizing_leaves_it(session: SessionPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(session.numbers.rows[3], Qt.MouseButton.LeftButton)
    click(qtbot, session.minutes.rows, 0, 2)
    assert not session.numbers.rows[3].isChecked()
    session.resize(1600, 900)
    says(session.explain, "load_peak_g")


def test_both_values_and_the_difference_of_a_comparison(library: Library, qtbot: QtBot) -> None:
    rows = library.sessions()
    page = ComparePage(library, [rows[2].id, rows[1].id], look())
    qtbot.addWidget(page)
    page.resize(1920, 1016)
    page.show()
    first = page.card.comparison.rows[0]
    for column, key, words in (
        (1, first.key, first.first),
        (2, first.key, first.second),
        (3, "change_pct", first.error),
    ):
        click(qtbot, page.card.rows, 0, column)
        says(page.explain, key, words)
    qtbot.mouseClick(page.explain.close_button, Qt.MouseButton.LeftButton)
    assert not page.explain.isVisible()


def test_a_session_of_the_trend_and_the_sentence_over_it(library: Library, qtbot: QtBot) -> None:
    client = next(c for c in library.clients() if c.code == "K-017")
    page = TrendPage(library, client.id, look())
    qtbot.addWidget(page)
    page.resize(1920, 1016)
    page.show()
    click(qtbot, page.rows, 0, 2)
    says(page.explain, "load_peak_g", page.rows.item(0, 3).text())
    click(qtbot, page.rows, 0, 0)
    says(page.explain, "load_peak_g")
    at = QPoint(round(200 * page.card.scale), round(100 * page.card.scale))
    qtbot.mouseClick(page.card, Qt.MouseButton.LeftButton, pos=at)
    says(page.explain, "change_pct")


def test_the_list_of_sessions(library: Library, qtbot: QtBot) -> None:
    page = LibraryPage(library, look())
    qtbot.addWidget(page)
    page.resize(1920, 1016)
    page.show()
    for column, key in ((3, "load_peak_g"), (4, "cadence_spm")):
        click(qtbot, page.table, 0, column)
        says(page.explain, key, page.table.item(0, column).text().split()[-1])
        assert page.chosen == [page.rows[0]]
    click(qtbot, page.table, 1, 0)
    assert not page.explain.isVisible()
