"""Without a mouse: where the keyboard is on entering a page, Enter goes on, Esc goes back, Tab follows the eye."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_run import small_library
from nearby import nearby
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from gui.panels.sensorlist import SensorRow
from gui.views.compare_page import ComparePage
from gui.views.confirm import ConfirmDialog
from gui.views.library_page import LibraryPage
from gui.views.session_page import SessionPage
from imu.api import Library


@pytest.fixture
def app(live, qtbot, tmp_path: Path):
    small_library(tmp_path).close()
    (path,) = tmp_path.glob("*.stride-library")
    found = (nearby("Movesense 2130", rssi_dbm=-58), nearby("Movesense 2131", address="CC:DD", rssi_dbm=-60))
    sources = {
        "library": lambda: Library.open(path),
        "begin": lambda plan, library: made.session,
        "scan": lambda seconds, change: found,
    }
    made = live(sources=sources)
    qtbot.waitUntil(lambda: bool(made.window.start.sensor.list.rows), timeout=5000)
    return made


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def order(start: QWidget, n: int) -> list[QWidget]:
    """What Tab reaches from a widget on."""
    out, widget = [], start
    while len(out) < n:
        widget = widget.nextInFocusChain()
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled():
            out.append(widget)
    return out


def test_enter_leads_through_the_wizard(app, qtbot) -> None:
    window, wizard = app.window, app.window.wizard
    qtbot.keyClick(window, Qt.Key.Key_N)
    assert wizard.before.code.isAncestorOf(focused()) or focused() is wizard.before.code
    qtbot.keyClicks(focused(), "K-017")
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    assert wizard.step == 1
    assert wizard.before.code.currentText() == "K-017"
    wizard.sensor.speed.setFocus()
    qtbot.keyClicks(focused(), "9.5")
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    assert wizard.step == 2
    app.wait_made()
    app.run(3.0)
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    assert window.in_run
    assert app.session.settings is not None


def test_esc_goes_back_and_never_stops_a_run(app, qtbot, monkeypatch) -> None:
    window, wizard = app.window, app.window.wizard
    qtbot.keyClick(window, Qt.Key.Key_N)
    wizard.next.click()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert wizard.step == 0
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.on_start_page
    window.beginning.begin(None)
    wizard.next.click()
    wizard.next.click()
    app.wait_made()
    app.run(3.0)
    asked: list[ConfirmDialog] = []
    monkeypatch.setattr(ConfirmDialog, "exec", lambda dialog: asked.append(dialog) or 0)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert len(asked) == 1
    assert window.pages.currentWidget() is wizard
    wizard.next.click()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.in_run
    assert not app.session.stopped


def test_esc_in_the_pages_about_sessions(app, qtbot) -> None:
    window = app.window
    session = window.desk.library.sessions()[0].id
    window.show_library()
    library = window.pages.currentWidget()
    library.search.setFocus()
    library.search.setText("K-")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert library.search.text() == ""
    assert window.pages.currentWidget() is library
    library.session_opened.emit(session)
    page = window.pages.currentWidget()
    assert isinstance(page, SessionPage)
    page.numbers.choose(page.numbers.shown[0].name)
    assert page.explain.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not page.explain.isVisible()
    page.compare_button.click()
    assert isinstance(window.pages.currentWidget(), ComparePage)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert isinstance(window.pages.currentWidget(), SessionPage)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert isinstance(window.pages.currentWidget(), LibraryPage)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.on_start_page


def test_tab_reaches_the_sensors_before_the_buttons_under_them(app, qtbot) -> None:
    start = app.window.start.sensor
    widgets = order(start.list.rows[0], 2)
    assert isinstance(widgets[0], SensorRow)
    assert widgets[1] is start.button
    qtbot.keyClick(app.window, Qt.Key.Key_N)
    app.window.wizard.next.click()
    sensor = app.window.wizard.sensor
    widgets = order(sensor.list.rows[-1], 2)
    assert widgets[0] is sensor.again
    assert widgets[1] is sensor.place_buttons["sacrum"]


def test_tab_goes_through_a_page_as_it_is_read(app) -> None:
    window = app.window
    window.show_library()
    page = window.pages.currentWidget()
    page.people.setCurrentRow(1)
    page.table.selectRow(0)
    library = order(page, 9)
    assert library[:2] == [page.back_button, page.search]
    assert library.index(page.people) < library.index(page.table) < library.index(page.erase.button)
    window.show_session(page.rows[0].id)
    page = window.pages.currentWidget()
    bar = [page.back_button, page.trend_button, page.compare_button, page.pain.button, page.log_button]
    assert order(page, 8) == [*bar, page.export_button, page.report_button, page.plot]
