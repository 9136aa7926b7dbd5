"""The start page with a library: recent sessions, a recovered one, no Bluetooth, a library that does not open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bleak.exc import BleakDBusError
from library_tools import short_run
from nearby import nearby
from PySide6.QtCore import Qt

from gui.app import _size
from gui.failure import failure_words
from gui.i18n import Texts
from gui.panels.dots import DOTS, DOTS_ROLE
from gui.panels.sensorlist import age_words
from gui.preferences import MemoryPreferences
from gui.theme import DARK
from gui.views.library_page import LibraryPage
from gui.views.session_page import SessionPage
from gui.views.start import StartPage
from imu.acquisition.ble_errors import busy, explain
from imu.acquisition.scan import held_here
from imu.api import Library, glimpse
from imu.errors import ImuError, NoAdapterError, StoreError
from imu.types import Charge


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


def typed(qtbot, start: StartPage, text: str) -> None:
    with qtbot.waitSignal(start.recent.find_asked, timeout=5000):
        start.recent.field.setText(text)


def test_sessions_of_a_client_are_found_by_part_of_the_code(live, qtbot, tmp_path: Path) -> None:
    path = tmp_path / "library.stride-library"
    with Library.open(path) as library:
        first, second = library.add_client("K-017"), library.add_client("K_021")
        mine = short_run(library, first.id)
        library.set_notes(mine.id, "as K_021")  # the code is searched, not what is written about others
        short_run(library, second.id, seed=4)
    app = live(sources={"library": lambda: Library.open(path)})
    start = app.window.start
    assert start.recent.table.rowCount() == 2
    qtbot.keyClick(app.window, Qt.Key.Key_F)
    assert start.recent.field.hasFocus()
    typed(qtbot, start, "k_0")
    assert [row.client_code for row in start.recent.rows] == ["K_021"]
    assert start.recent.total == 1
    qtbot.keyClick(start.recent.field, Qt.Key.Key_Return)
    assert start.recent.table.hasFocus()
    typed(qtbot, start, "D-9")
    assert start.recent.isVisible()
    assert not start.recent.table.isVisible()
    assert not start.guide.isVisible()
    typed(qtbot, start, "")
    assert start.recent.table.rowCount() == 2
    assert app.window.on_start_page  # letters typed into the field are no keys of the page


def test_steps_of_a_session_are_seen_in_its_row(live, kept: Path) -> None:
    with Library.open(kept) as library:
        row = library.sessions()[0]
        steps = library.session(row.id).steps
        some = glimpse(library, row.id, 20)
        assert 10 <= len(some) <= 20
        assert {s.side for s in some if s.side} == {s.side for s in steps if s.side}
        assert set(some) <= set(steps)
        assert glimpse(library, row.id, 10_000) == steps
        loads = [s.load_peak_g for s in glimpse(library, row.id, DOTS) if s.load_peak_g is not None]
    start = page(live, library=lambda: Library.open(kept))
    table = start.recent.table
    text = table.item(0, 4).text()
    assert text == f"{min(loads):.1f} to {max(loads):.1f} g"
    assert text in table.item(0, 4).toolTip()
    assert table.item(0, 4).data(DOTS_ROLE).load_g == tuple(loads)
    cell = table.visualItemRect(table.item(0, 4))
    picture = table.viewport().grab(cell).toImage()
    seen = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert {DARK.left.lower(), DARK.right.lower()} <= seen


def test_cuts_and_swaps_count_in_the_small_picture_too(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / kept.name
    path.write_bytes(kept.read_bytes())
    with Library.open(path) as library:
        row = library.sessions()[0]
        steps = library.session(row.id).steps
        middle = steps[len(steps) // 2].ic_s
        library.swap_sides(row.id, 0.0)
        library.cut(row.id, middle, steps[-1].ic_s + 1.0)
        after = glimpse(library, row.id, 10_000)
        assert after == library.session(row.id).steps
        assert 0 < len(after) < len(steps)
        assert [s.side for s in after] == [s.side.other for s in steps[: len(after)]]
        with library._change() as connection:
            connection.execute("UPDATE step SET side = 'upwards'")
        assert glimpse(library, row.id) == ()


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


@pytest.mark.parametrize(
    ("ago", "en", "nl"),
    [
        (timedelta(seconds=20), "just now", "zojuist"),
        (timedelta(minutes=5), "5 min ago", "5 min geleden"),
        (timedelta(hours=3, minutes=40), "3 h ago", "3 uur geleden"),
        (timedelta(days=1), "1 day ago", "1 dag geleden"),
        (timedelta(days=12), "12 days ago", "12 dagen geleden"),
    ],
)
def test_a_remembered_charge_has_its_age_in_words(ago: timedelta, en: str, nl: str) -> None:
    charge = Charge(80.0, (datetime.now(UTC) - ago).isoformat())
    assert age_words(charge, Texts("en")) == en
    assert age_words(charge, Texts("nl")) == nl


@pytest.mark.parametrize(("language", "words"), [("en", "3 days ago"), ("nl", "3 dagen geleden")])
def test_the_charge_a_sensor_had_last_is_shown_with_its_age(live, qtbot, monkeypatch, kept, language, words) -> None:
    """Until it tells its charge itself; without the warning of a low one, because it may have been charged since."""
    asked = []

    def last_charge(_: Library, name: str) -> Charge | None:
        asked.append(name)
        return Charge(9.0, (datetime.now(UTC) - timedelta(days=3)).isoformat()) if name == "Movesense 2130" else None

    monkeypatch.setattr(Library, "last_charge", last_charge)
    quiet, telling = nearby("Movesense 2130"), nearby("Movesense 1742", "AA:02", battery_pct=64.0)
    unknown = nearby("Movesense 9", "AA:03")

    def scan(seconds: float, on_change):
        on_change((quiet,))
        return (quiet, telling, unknown)

    sources = {"scan": scan, "begin": lambda plan, library: None, "library": lambda: Library.open(kept)}
    app = live(sources=sources, language=language)
    start = app.window.start
    qtbot.waitUntil(lambda: not start.scanner.searching, timeout=5000)
    rows = {row.line.name: row for row in start.sensor.list.rows}
    lines = [
        (rows[s.name].line.battery.replace("\xa0", " "), rows[s.name].line.battery_age) for s in start.scanner.found
    ]
    assert lines == [("9 %", words), ("64 %", ""), ("", "")]
    assert rows["Movesense 2130"].accessibleName().endswith(words)
    assert sorted(asked) == ["Movesense 2130", "Movesense 9"]  # once each, and not who tells it
    assert start.sensor.list.rows[0].grab().width() > 0
    assert [line.battery_age for line in wizard_lines(app)] == [words, "", "", ""]
    start.enter()  # a session may have ended since
    assert asked.count("Movesense 2130") == 2


def wizard_lines(app):
    page = app.window.wizard.sensor
    page.refresh()
    return [row.line for row in page.list.rows]


@pytest.mark.parametrize(
    ("error", "en", "nl"),
    [
        (held_here(nearby("Movesense 2130")), "connected to this computer already", "al met de sensor verbonden"),
        (busy("Movesense 2130"), "held by another program or phone", "houdt de sensor bezet"),
        (
            explain(BleakDBusError("org.bluez.Error.InProgress", [])),
            "another program searches",
            "zoekt met dezelfde Bluetooth-adapter",
        ),
    ],
)
def test_who_holds_sensor_or_adapter_is_said_in_both_languages(error: ImuError, en: str, nl: str) -> None:
    assert en in failure_words(error, Texts("en"))
    assert nl in failure_words(error, Texts("nl"))


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
