"""The start page with a library: recent sessions, a recovered one, no Bluetooth, a library that does not open."""

from __future__ import annotations

from pathlib import Path

import pytest
from library_tools import short_run
from nearby import nearby

from gui.app import _size
from gui.preferences import MemoryPreferences
from gui.views.library_page import LibraryPage
from gui.views.session_page import SessionPage
from gui.views.start import StartPage
from imu.api import Library
from imu.errors import NoAdapterError, StoreError


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("library") / "library.stride-library"
    with Library.open(path) as library:
        client = library.add_client("K-017")
        short_run(library, client.id)
    return path


def page(live, **sources) -> StartPage:
    return live(sources=sources).window.start


def test_recent_sessions_are_listed(live, kept: Path) -> None:
    start = page(live, library=lambda: Library.open(kept))
    table = start.recent.table
    assert start.recent.isVisible()
    assert not start.guide.isVisible()
    assert table.rowCount() == 1
    assert table.item(0, 0).text() == "K-017"
    assert "g" in table.item(0, 3).text()
    assert str(kept) in start._where()


def test_a_session_and_all_sessions_are_opened_and_left(live, qtbot, kept: Path) -> None:
    window = live(sources={"library": lambda: Library.open(kept)}).window
    table = window.start.recent.table
    table.setCurrentCell(0, 0)
    table.setFocus()
    table.cellActivated.emit(0, 0)
    page = window.pages.currentWidget()
    assert isinstance(page, SessionPage)
    assert not window.footer.isVisible()
    page.back_button.click()
    assert window.on_start_page
    window.start.recent.all.click()
    page = window.pages.currentWidget()
    assert isinstance(page, LibraryPage)
    page.session_opened.emit(window.start.recent.rows[0].id)
    assert isinstance(window.pages.currentWidget(), SessionPage)
    window.bar.languages["nl"].click()
    window.pages.currentWidget().back.emit()
    assert isinstance(window.pages.currentWidget(), LibraryPage)


def test_stop_leads_to_the_summary_of_the_session_at_once(live, kept: Path) -> None:
    app = live(sources={"library": lambda: Library.open(kept)})
    app.session.keeps_in_library, app.session.session_id = True, app.window.start.recent.rows[0].id
    app.open().run(3.0)
    app.window.footer.end.click()
    assert ("stop",) in app.session.calls
    assert isinstance(app.window.pages.currentWidget(), SessionPage)


def test_a_session_that_was_cut_off_is_recovered_and_said(live, qtbot, kept: Path) -> None:
    start = page(live, library=lambda: Library.open(kept))
    row = start.recent.rows[0]
    start.desk.recovered.emit(row)
    assert start.notice.isVisible()
    assert "K-017" in start.notice.chip.text
    assert "last second" in start.notice.chip.text


@pytest.mark.parametrize(("language", "words"), [("en", "No room"), ("nl", "bibliotheek kan niet")])
def test_a_library_that_cannot_be_opened_stops_nobody(live, qtbot, language: str, words: str) -> None:
    def broken() -> Library:
        raise StoreError("No room for the library.", hint="Choose another folder.")

    app = live(sources={"library": broken}, language=language)
    start = app.window.start
    assert start.notice.isVisible()
    assert words in start.notice.chip.text
    app.open().run(3.0)
    assert app.window.model.state.n_steps > 0


def test_sensors_are_listed_as_they_are_found(live, qtbot) -> None:
    sensors = (nearby("Movesense 2130", rssi_dbm=-58, battery_pct=78.0), nearby("Box", profiles=()))

    def scan(seconds: float, on_change):
        on_change(sensors[:1])
        return sensors

    start = page(live, scan=scan, begin=lambda plan, library: None)
    qtbot.waitUntil(lambda: not start.scanner.searching, timeout=5000)
    assert [row.line.name for row in start.sensor.list.rows] == ["Movesense 2130"]
    assert start.sensor.list.selected.signal == "strong"
    assert start.sensor.button.text() == "Connect and calibrate"


def test_a_sensor_that_is_held_here_is_listed_last_and_cannot_be_chosen(live, qtbot) -> None:
    held, free = nearby("Held", "AA:01", held=True), nearby("Free", "AA:02")

    def scan(seconds: float, on_change):
        on_change((held,))
        return (held, free)

    start = page(live, scan=scan, begin=lambda plan, library: None)
    qtbot.waitUntil(lambda: not start.scanner.searching, timeout=5000)
    assert [(row.line.name, row.isEnabled()) for row in start.sensor.list.rows] == [("Free", True), ("Held", False)]
    assert start.sensor.chosen is free
    assert start.sensor.list.rows[1].accessibleName().startswith("Held, connected here already: close")
    start.scanner.found = (held,)
    start.scanner.changed.emit()
    assert start.sensor.chosen is None
    assert start.sensor.button.isEnabled()


@pytest.mark.parametrize(("language", "words"), [("en", "Plug one in (4.0"), ("nl", "Sluit er een aan")])
def test_without_an_adapter_the_page_says_what_to_do(live, qtbot, language: str, words: str) -> None:
    def scan(seconds: float, on_change):
        raise NoAdapterError("This computer has no Bluetooth adapter.", hint="Plug one in (4.0 or newer).")

    start = live(sources={"scan": scan}, language=language).window.start
    qtbot.waitUntil(lambda: start.scanner.problem is not None, timeout=5000)
    chip, sentence = start.sensor._state()
    assert chip.level == "warn"
    assert words in sentence
    assert start.sensor.again.isVisible()
    assert words in start.sensor.accessibleDescription()


def test_a_sleeping_sensor_is_explained(live, qtbot) -> None:
    start = page(live, scan=lambda seconds, on_change: ())
    qtbot.waitUntil(lambda: not start.scanner.searching, timeout=5000)
    chip, sentence = start.sensor._state()
    assert chip.text == "none found"
    assert "Wake it" in sentence


def test_the_size_of_the_window_is_remembered(live) -> None:
    preferences = MemoryPreferences()
    first = live(preferences=preferences, size=(1111, 666)).window
    first.close()
    assert preferences.get("size") == "1111x666"
    assert _size("1111x666") == (1111, 666)
    assert _size("nonsense") is None
