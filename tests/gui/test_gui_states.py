"""Every state that must be designed is reachable, says what is going on, and says it in both languages."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fake_session import FakeSession, Script
from library_tools import short_run

from gui.i18n import Texts
from gui.live_state import LiveState
from gui.pair_words import PairClock, PairWords
from gui.preferences import MemoryPreferences
from gui.rows import sensor_rows
from gui.views.session_page import SessionPage
from imu.api import Library
from imu.settings import Settings
from imu.types import ActivityKind, Anchor, ClockReport, LinkState, Place, Side, Status, Worn


class Reported(FakeSession):
    """Says something else about itself than the script."""

    def __init__(self, script: Script, **facts) -> None:
        super().__init__(script)
        self.facts = facts

    def status(self) -> Status:
        return replace(super().status(), **self.facts)


FAILED = LinkState.FAILED
STATES = [
    ("no adapter", {"state": FAILED, "code": "device.no_adapter", "detail": "No adapter."}, "No adapter", "adapter"),
    ("asleep", {"state": FAILED, "code": "device.not_found", "detail": "It sleeps."}, "It sleeps", "slaapt"),
    ("wrong sensor", {"state": FAILED, "code": "device.wrong", "detail": "Not it."}, "Not it", "niet de bedoelde"),
    ("disk full", {"state": FAILED, "code": "store.full", "detail": "Disk full."}, "Disk full", "schijf is vol"),
    ("unforeseen", {"state": FAILED, "code": "new.code", "detail": "Odd."}, "Odd", "onverwachts"),
    ("reconnecting", {"state": LinkState.RECONNECTING, "stale_s": 2.0}, "Connection lost", "Verbinding verbroken"),
    (
        "wrong profile",
        {"state": LinkState.STALLED, "received": 0, "decode_errors": 338},
        "338 packets came, none could be read",
        "338 pakketten ontvangen, geen enkel leesbaar",
    ),
    ("50 Hz", {"nominal_rate_hz": 50.0}, "Sensor at 50 Hz", "Sensor op 50 Hz"),
    (
        "wrong rate",
        {"clock": ClockReport(208.0, 104.2, 0.1)},
        "Sensor samples at 104 Hz, set to 208 Hz",
        "Sensor meet op 104 Hz, ingesteld op 208 Hz",
    ),
    ("battery", {"battery_pct": 9.0}, "Battery low: 9 %", "Batterij bijna"),
    ("upside down", {"worn": Worn(("worn_upside_down",))}, "upside down: turn it round", "ondersteboven: draai hem om"),
    ("back to front", {"worn": Worn(("worn_back_to_front",))}, "worn back to front", "zit achterstevoren"),
    ("slipped", {"worn": Worn(("sensor_slipped",))}, "has turned since the start", "is gedraaid sinds het begin"),
    ("no gyroscope", {"gyroscope": False}, "without gyroscope", "zonder gyroscoop"),
]


@pytest.mark.parametrize(("facts", "english", "dutch"), [s[1:] for s in STATES], ids=[s[0] for s in STATES])
def test_the_banner_says_it_in_both_languages(live, facts: dict, english: str, dutch: str) -> None:
    app = live()
    app.session = Reported(Script(), **facts)
    app.open().run(20.0, step=2.0)
    assert english in app.window.shown.banner.text
    assert app.window.banner.isVisible()
    app.window.bar.languages["nl"].click()
    assert dutch in app.window.shown.banner.text
    if facts.get("detail"):
        assert facts["detail"] not in app.window.shown.banner.text


def test_a_stopped_belt_and_few_steps_and_a_missing_speed(live) -> None:
    app = live(Script(speed_mps=None)).open().run(3.0)
    assert app.window.shown.load.value.note.startswith("collecting")
    assert not app.window.shown.bar.speed_known
    app.run(37.0, step=2.0)
    assert not app.window.shown.contact.value.firm
    app.session.__class__ = type("Standing", (Reported,), {"facts": {"activity": ActivityKind.STANDING}})
    app.run(1.0)
    assert app.window.shown.banner.text.startswith("Standing")


@pytest.mark.parametrize(
    ("error_hz", "english", "dutch"),
    [(0.1, "not 208 Hz: times are wrong", "niet 208 Hz: tijden kloppen niet"), (60.0, "of 208 Hz", "van 208 Hz")],
    ids=["beyond doubt", "not known well"],
)
def test_the_sensor_card_says_a_rate_that_is_not_as_set(error_hz: float, english: str, dutch: str) -> None:
    status = Status(
        LinkState.STREAMING, nominal_rate_hz=208.0, rate_hz=207.0, clock=ClockReport(208.0, 104.2, error_hz)
    )
    for language, words in (("en", english), ("nl", dutch)):
        rate = sensor_rows(status, Texts(language))[0]
        assert rate.note == words
        assert bool(rate.level) == (error_hz < 1.0)
        assert rate.value.startswith("104" if error_hz < 1.0 else "207")


def test_a_treadmill_that_is_not_reached_is_said(live) -> None:
    app = live()
    app.session = Reported(Script(), unreached=("Belt 7",))
    app.open().run(4.0, step=2.0)
    window = app.window
    window.set_view("near")
    for language, row, event in (
        ("en", ("Not reached", "Belt 7", "tried every half minute"), "Belt 7 not reached"),
        ("nl", ("Niet bereikt", "Belt 7", "elke halve minuut opnieuw"), "Belt 7 niet bereikt"),
    ):
        window.set_language(language)
        assert (*row, "warn") in window.shown.sensor
        assert [noted.text for noted in window.shown.events].count(event) == 1
    app.session.facts = {}
    app.run(2.0)
    assert not any(shown.value == "Belt 7" for shown in window.shown.sensor)


@pytest.mark.parametrize(
    ("facts", "english", "dutch"),
    [
        ({"worn": Worn(("worn_upside_down",))}, "Worn upside down", "Draagwijze ondersteboven"),
        ({"worn": Worn(("worn_back_to_front",))}, "Worn back to front", "Draagwijze achterstevoren"),
        ({"worn": Worn(("sensor_slipped",))}, "Worn turned", "Draagwijze gedraaid"),
        ({"gyroscope": False}, "Gyroscope none", "Gyroscoop geen"),
    ],
)
def test_how_it_is_worn_is_in_the_sensor_card_and_in_the_events(live, facts: dict, english: str, dutch: str) -> None:
    app = live()
    app.session = Reported(Script(), **facts)
    app.open().run(4.0, step=2.0)
    window = app.window
    window.set_view("near")
    for language, words in (("en", english), ("nl", dutch)):
        window.set_language(language)
        assert any(f"{row.label} {row.value}" == words for row in window.shown.sensor)
        noted = {row.text for row in window.shown.events}
        for key in facts["worn"].warnings if "worn" in facts else ():
            assert window.look.texts(f"event.{key}") in noted
    levels = {row.level for row in window.shown.sensor}
    assert ("warn" in levels) is ("worn" in facts)  # no gyroscope is a fact, not a fault
    app.session.facts = {}
    app.run(2.0)
    assert window.shown.banner is None


def test_a_foot_sensor_without_gyroscope_is_not_spoken_of(live) -> None:
    app = live()
    app.session = Reported(Script(), gyroscope=False)
    app.session.settings = Settings(place=Place.FOOT)
    app.open().run(4.0, step=2.0)
    assert app.window.shown.banner is None


def test_a_repeated_reading_is_said_while_it_counts(live) -> None:
    app = live(Script(frozen_from=10.0, frozen_to=12.0)).open().run(13.0)
    window = app.window
    assert "repeats the same reading" in window.shown.banner.text
    assert any((row.label, row.value, row.level) == ("Readings", "repeated", "warn") for row in window.shown.sensor)
    assert [row.text for row in window.shown.events].count("the sensor repeats a reading") == 1
    window.set_language("nl")
    assert "herhaalt dezelfde meetwaarde" in window.shown.banner.text
    app.run(10.0)
    assert window.shown.banner is None


def test_tilt_widens_the_interval_of_the_difference(live) -> None:
    halves = []
    for tilt_pct in (0.0, 3.0):
        app = live()
        app.session = Reported(Script(), worn=Worn((), 1.0, tilt_pct))
        app.open().run(40.0, step=2.0)
        halves.append(app.window.model.state.numbers.difference.half_width)
    assert halves[1] == pytest.approx(halves[0] + 3.0)


@pytest.mark.parametrize(("as_stated", "english", "dutch"), [
    (True, "left is left (confidence 0.97)", "links is links (zekerheid 0,97)"),
    (False, "worn back to front, left and right taken so", "achterstevoren gedragen, links en rechts zo genomen"),
])  # fmt: skip
def test_what_the_knee_lift_has_shown_is_an_event_and_stands_beside_the_side(
    live, as_stated: bool, english: str, dutch: str
) -> None:
    app = live()
    app.session = Reported(Script(), worn=Worn(anchor=Anchor(100, as_stated, 0.97)))
    app.open().run(20.0, step=2.0)
    window = app.window
    for language, words, note in (("en", english, "knee lift: 0.97"), ("nl", dutch, "knie opgetild: 0,97")):
        window.set_language(language)
        assert sum(words in row.text for row in window.shown.events) == 1
        assert any(note in row.note and row.value == "98 %" for row in window.shown.sensor)


def test_an_uncertain_side_is_marked_in_the_sensor_card(live) -> None:
    window = live(Script(unknown_from=2.0)).open().run(20.0, step=2.0).window
    row = next(row for row in window.shown.sensor if row.label == "Left/right")
    assert (row.value, row.level) == ("0 %", "warn")
    assert "not lifted" in row.note


@pytest.mark.parametrize(("spread", "note"), [(0.3, "interval stays wide: ±"), (0.02, "")])
def test_a_full_window_does_not_go_on_collecting(live, spread: float, note: str) -> None:
    app = live(Script(spread=spread)).open().run(20.0, step=2.0)
    window = app.window
    if note:
        assert window.shown.load.value.note == f"collecting… {window.model.state.numbers.n} of 100 steps"
    app.run(30.0, step=2.0)
    assert window.shown.load.value.note.startswith(note)
    assert window.shown.load.value.firm is (not note)
    assert window.shown.load.value.interval.startswith("±")
    window.set_language("nl")
    assert window.shown.load.value.note.startswith("interval blijft ruim: ±" if note else "")


def test_the_roll_that_is_reckoned_with_stands_in_the_sensor_card(live) -> None:
    app = live()
    app.session = Reported(Script(), worn=Worn(least_tilt_deg=2.0))
    app.open().run(4.0)
    app.window.set_language("nl")
    assert any((row.label, row.value) == ("Scheefstand", "± 2,0°") for row in app.window.shown.sensor)


@pytest.mark.parametrize(("language", "words"), [("en", "Sensors out of step"), ("nl", "lopen niet gelijk")])
def test_two_sensors_out_of_step_give_no_common_number_and_say_why(language: str, words: str) -> None:
    settings = (Settings(place=Place.SACRUM), Settings(place=Place.SHANK, sensor_side=Side.LEFT))
    states = (LiveState(Place.SACRUM), LiveState(Place.SHANK))
    texts = Texts(language)
    shown = PairWords().shown(states, settings, PairClock(), texts)
    assert words in shown.together
    assert shown.note == texts("pair.no_clock_note")


def test_at_50_hz_only_the_cadence_stands_firm(live) -> None:
    app = live(Script(spread=0.01), preferences=MemoryPreferences(line_g="2.60"))
    app.session = Reported(Script(spread=0.01), nominal_rate_hz=208.0)
    app.open().run(44.0, step=2.0)

    def firm() -> tuple[bool, ...]:
        shown = app.window.shown
        numbers = (shown.cadence.value, shown.load.value, shown.difference.value, shown.contact.value)
        return (*(n.firm for n in numbers), shown.line.firm)

    assert firm() == (True, True, True, True, True)
    app.session.facts["nominal_rate_hz"] = 50.0
    app.run(2.0)
    assert firm() == (True, False, False, False, False)
    assert app.window.shown.load.value.value != "–"  # greyed, not hidden
    assert app.window.shown.load.value.note == "only cadence is reliable at 50 Hz"
    app.window.set_language("nl")
    assert app.window.shown.load.value.note == "bij 50 Hz is alleen pasfrequentie betrouwbaar"


@pytest.mark.parametrize(
    ("speed_mps", "english", "dutch"),
    [(0.0, "Belt stopped", "Band staat"), (2.6, "Standing", "Staan"), (None, "Standing", "Staan")],
)
def test_a_belt_that_stopped_is_told_from_a_runner_who_stands(live, speed_mps, english: str, dutch: str) -> None:
    app = live()
    app.session = Reported(Script(), activity=ActivityKind.STANDING, speed_mps=speed_mps)
    app.open().run(4.0, step=2.0)
    assert app.window.shown.banner.text.startswith(english)
    app.window.set_language("nl")
    assert app.window.shown.banner.text.startswith(dutch)
    assert app.window.shown.running


@pytest.mark.parametrize(
    ("language", "words"), [("en", "No data during 0.9 of the last 20"), ("nl", "Geen gegevens in 0,9")]
)
def test_more_than_two_percent_lost_is_said_in_the_window(live, language: str, words: str) -> None:
    app = live(Script(gaps=[(12.0, 12.9)]), language=language).open().run(18.0, step=2.0)
    assert app.window.shown.banner.text.startswith(words)
    assert app.window.shown.bar.state.level == "warn"
    assert app.window.banner.isVisible()
    app.run(24.0, step=2.0)
    assert app.window.shown.banner is None


@pytest.mark.parametrize(
    ("language", "words"), [("en", "recovered up to its last second"), ("nl", "hersteld tot de laatste")]
)
def test_after_a_crash_the_start_page_finishes_the_session_and_offers_it(
    live, qtbot, tmp_path: Path, language: str, words: str
) -> None:
    path = tmp_path / "library.stride-library"
    with Library.open(path) as library:
        client = library.add_client("K-017")
        short_run(library, client.id)
    with closing(sqlite3.connect(path)) as connection, connection:  # as a power cut leaves it
        connection.execute("UPDATE session SET ended_utc = NULL, n_steps = NULL, headline = '{}'")
        connection.execute("DELETE FROM step WHERE number > 10")
        connection.execute("DELETE FROM packet_chunk WHERE number > 8")
    start = live(sources={"library": lambda: Library.open(path)}, language=language).window.start
    qtbot.waitUntil(lambda: start.recovered is not None, timeout=20_000)
    assert start.notice.isVisible()
    assert words in start.notice.chip.text
    assert "K-017" in start.notice.chip.text
    assert start.recent.table.rowCount() == 1
    start.notice.button.click()
    assert isinstance(start.window().pages.currentWidget(), SessionPage)
