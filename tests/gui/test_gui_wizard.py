"""The session wizard: a new client, a returning one, everything skipped, a sensor that hangs askew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fake_session import FakeSession, Script
from library_tools import short_run
from nearby import nearby
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from gui.buildup import buildup_words, runs_of
from gui.i18n import Texts
from gui.views.wizard import Wizard
from imu.api import Library
from imu.errors import StoreError
from imu.types import Place, SessionRow, Stance


class Begun:
    """A wizard in a window whose sources note the plan."""

    def __init__(self, live, path: Path, script: Script | None = None, **options) -> None:
        self.plans = []
        self.path = path
        found = (nearby("Movesense 2130", rssi_dbm=-58),)

        def begin(plan, library):
            self.plans.append(plan)
            return self.app.session

        sources = {"library": lambda: Library.open(path), "begin": begin, "scan": lambda s, c: found}
        self.app = live(script, sources=sources, **options)
        self.window = self.app.window
        self.wizard: Wizard = self.window.wizard

    def connect(self) -> None:
        self.wizard.next.click()
        self.app.wait_made()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.stride-library"


def test_the_speed_can_be_typed_as_a_pace(live, qtbot, path: Path) -> None:
    begun = Begun(live, path, language="nl")
    wizard, field = begun.wizard, begun.wizard.sensor.speed
    qtbot.keyClick(begun.window, Qt.Key.Key_N)
    assert wizard.sensor.labels["speed_typed"].text() == "Bandsnelheid, km/u"
    assert field.text() == "–"
    begun.window.toggle_unit()
    assert wizard.sensor.labels["speed_typed"].text() == "Bandsnelheid, min/km"
    assert field.accessibleName() == "Bandsnelheid, min/km"
    assert field.text() == "–"
    assert wizard.sensor.speed_mps is None
    wizard.before.read.setChecked(True)
    wizard.next.click()
    field.selectAll()
    qtbot.keyClicks(field, "5:30")
    assert wizard.sensor.speed_mps == pytest.approx(1000.0 / 330.0, abs=1e-6)
    begun.connect()
    assert begun.plans[0].settings.speed_mps == pytest.approx(1000.0 / 330.0, abs=1e-6)
    begun.window.toggle_unit()
    assert field.text() == "10,9"


def test_a_new_client_from_the_start_page_to_the_live_view(live, qtbot, path: Path) -> None:
    begun = Begun(live, path)
    window, wizard = begun.window, begun.wizard
    qtbot.waitUntil(lambda: bool(window.start.sensor.list.rows), timeout=5000)
    qtbot.keyClick(window, Qt.Key.Key_N)
    assert window.pages.currentWidget() is wizard
    wizard.before.code.setCurrentText("K-031")
    wizard.before.mass.setValue(72.0)
    wizard.before.pain.setValue(2)
    wizard.before.shoe.setCurrentText("Brooks A")
    wizard.before.consents["recording"].setChecked(True)
    wizard.before.read.setChecked(True)
    wizard.next.click()
    wizard.sensor.speed.setValue(9.5)
    begun.connect()
    plan = begun.plans[0]
    assert plan.sensor.name == "Movesense 2130"
    assert plan.settings.body_mass_kg == 72.0
    assert plan.settings.speed_mps == pytest.approx(9.5 / 3.6)
    assert plan.settings.place is Place.SACRUM
    begun.app.run(5.0)
    text = wizard.calibrate.labels["stand_state"].text()
    assert "tilt forward 7.1° · roll +0.6°" in text
    assert "straight enough" in text
    wizard.next.click()
    assert window.pages.currentWidget() is window.far
    assert window.preferences.get("sensor") == "AA:BB"
    with Library.open(path) as library:
        client = library.clients()[0]
        assert (client.code, client.body_mass_kg, client.birth_year) == ("K-031", 72.0, None)
        assert library.consents(client.id)[0].kinds == ("recording",)
        assert library.shoes(client.id)[0].name == "Brooks A"
    answers = wizard.answers()
    assert answers["checklist"] == {"version": "2026-11", "ticked": []}
    assert answers["standing"]["roll_deg"] == 0.6
    assert wizard.skipped() == ["pain_place", "sensor_side", "side_anchor"]


def test_a_returning_client_is_filled_in(live, path: Path) -> None:
    with Library.open(path) as library:
        client = library.add_client("K-017", birth_year=1984, body_mass_kg=72.0, body_height_m=1.78)
        library.add_consent(client.id, "2026-01", "words", ["explained", "recording"])
        library.add_shoe(client.id, "Brooks A", 412.0)
    begun = Begun(live, path)
    begun.window.beginning.begin(None)
    before = begun.wizard.before
    before.code.setCurrentText("K-017")
    assert (before.birth.value(), before.mass.value(), before.height_m.value()) == (1984, 72.0, 1.78)
    assert before.shoe.currentText() == "Brooks A"
    assert "2026-01: explained, recording agreed" in before.labels["on_file"].text()
    assert before.answers()["consent"] == ["on_file"]


def test_every_page_can_be_skipped_and_that_is_kept(live, path: Path) -> None:
    begun = Begun(live, path, Script(speed_mps=None))
    begun.window.beginning.begin(None)
    wizard = begun.wizard
    wizard.before.pain.setValue(3)
    wizard.skip.click()
    wizard.skip.click()
    begun.app.wait_made()
    wizard.skip.click()
    assert begun.window.pages.currentWidget() is begun.window.far
    assert set(wizard.answers().values()) == {None}
    assert ("set_least_tilt", 2.0) in begun.app.session.calls
    assert begun.plans[0].client_id is None
    assert begun.plans[0].pain is None
    begun.app.run(20.0)
    assert not begun.window.shown.bar.speed_known


@pytest.mark.parametrize(("language", "words"), [("en", "more than 2°"), ("nl", "meer dan 2°")])
def test_a_sensor_that_hangs_askew_is_said(live, path: Path, language: str, words: str) -> None:
    begun = Begun(live, path, Script(roll_deg=-3.4), language=language)
    begun.window.beginning.begin(None)
    begun.wizard.next.click()
    begun.connect()
    begun.app.run(5.0)
    label = begun.wizard.calibrate.labels["stand_state"]
    assert words in label.text()
    assert label.property("level") == "warn"


def test_a_sensor_that_fails_is_said_on_the_last_page(live, path: Path) -> None:
    begun = Begun(live, path, Script(fail_at=2.0), language="nl")
    begun.window.beginning.begin(None)
    begun.wizard.next.click()
    begun.connect()
    begun.app.run(3.0)
    label = begun.wizard.calibrate.labels["link_state"]
    assert label.text().startswith("Gestopt")
    assert "switched" not in label.text()  # the engine's English stays out of the Dutch window
    assert not begun.wizard.next.isEnabled()
    begun.wizard.back.click()
    assert begun.window.on_start_page


def test_what_the_library_refuses_is_said_and_nothing_is_lost(live, path: Path, monkeypatch) -> None:
    begun = Begun(live, path)
    begun.window.beginning.begin(None)
    wizard = begun.wizard
    wizard.before.code.setCurrentText("K-1")
    wizard.next.click()

    def refuse(*_args, **_facts):
        raise StoreError("The code K-1 is taken.", hint="Choose another.")

    monkeypatch.setattr(Library, "add_client", refuse)
    wizard.next.click()
    assert wizard.problem.isVisible()
    assert "taken" in wizard.problem.text()
    assert wizard.before.code.currentText() == "K-1"
    assert begun.plans == []


@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1280, 800), (1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_wizard_fits_in_both_languages(live, qtbot, path: Path, size: tuple[int, int], language: str) -> None:
    with Library.open(path) as library:
        client = library.add_client("K-017")
        library.add_consent(client.id, "2026-01", "words", ["explained", "recording"])
    begun = Begun(live, path, language=language, size=size)
    begun.window.beginning.begin(None)
    begun.wizard.before.code.setCurrentText("K-017")
    for step in range(3):
        begun.wizard._show(step)
        area = begun.wizard.stack.currentWidget()
        qtbot.waitUntil(lambda area=area: area.horizontalScrollBar().maximum() == 0)
        qtbot.waitUntil(lambda area=area: area.verticalScrollBar().maximum() == 0)


def test_a_consent_has_its_year(live, path: Path) -> None:
    with Library.open(path) as library:
        library.add_consent(library.add_client("K-017").id, "2026-01", "words", ["explained"])
    begun = Begun(live, path)
    begun.window.beginning.begin(None)
    begun.wizard.before.code.setCurrentText("K-017")
    today = datetime.now().astimezone()
    assert f"{today:%d-%m-%Y}, text 2026-01" in begun.wizard.before.labels["on_file"].text()


def test_both_sides_of_a_page_end_at_one_height(live, qtbot, path: Path) -> None:
    begun = Begun(live, path, size=(1280, 800))
    begun.window.beginning.begin(None)
    for step, page in enumerate((begun.wizard.before, begun.wizard.sensor)):
        begun.wizard._show(step)
        qtbot.waitUntil(lambda page=page: page.width() > 600)
        cards = [f for f in page.findChildren(QFrame) if f.property("card")]
        feet = sorted({card.mapTo(page, card.rect().bottomLeft()).y() for card in cards})
        assert len(cards) == 3
        assert len(feet) == 2  # of the upper one at the right, and of the two others


@pytest.mark.parametrize(
    ("stance", "words", "anchor"),
    [
        (Stance(7.0, 0.5, 0.006, True), "no gyroscope", None),
        (Stance(7.0, 0.5, 0.006, True, True, 2), "2 of 3 lifts seen", None),
        (Stance(7.0, 0.5, 0.006, True, True, 3, True, 0.97), "left is left (confidence 0.97)", (True, 0.97)),
        (
            Stance(7.0, 0.5, 0.006, True, True, 3, False, 0.97),
            "back to front; left and right are taken so",
            (False, 0.97),
        ),
    ],
)
def test_the_left_knee_lifted_three_times_tells_which_way_is_left(
    live, path: Path, monkeypatch: pytest.MonkeyPatch, stance: Stance, words: str, anchor: tuple[bool, float] | None
) -> None:
    monkeypatch.setattr(FakeSession, "stance", lambda self, seconds=4.0: stance)
    begun = Begun(live, path)
    begun.window.beginning.begin(None)
    begun.wizard.next.click()
    begun.connect()
    begun.app.run(5.0)
    calibrate = begun.wizard.calibrate
    assert words in calibrate.labels["side_state"].text()
    found = calibrate.answers()["side_anchor"]
    assert found == (None if anchor is None else {"left_as_stated": anchor[0], "confidence": anchor[1]})


@pytest.mark.parametrize(
    ("roll_deg", "place", "least"), [(0.6, "sacrum", 0.0), (-3.4, "sacrum", 3.4), (-3.4, "foot_left", 0.0)]
)
def test_the_roll_that_was_seen_is_reckoned_with_only_beyond_the_limit(
    live, path: Path, roll_deg: float, place: str, least: float
) -> None:
    begun = Begun(live, path, Script(roll_deg=roll_deg))
    begun.window.beginning.begin(None)
    begun.wizard.next.click()
    begun.wizard.sensor.place_buttons[place].setChecked(True)
    begun.connect()
    begun.app.run(5.0)
    begun.wizard.next.click()
    assert ("set_least_tilt", least) in begun.app.session.calls


def test_the_longest_run_of_30_days_is_a_reminder(live, path: Path) -> None:
    today = datetime.now().astimezone()
    with Library.open(path) as library:
        client = library.add_client("K-017")
        row = short_run(library, client.id, speed_mps=2.7)
    seconds = row.headline["running_time_s"]

    def made(days: int, km: float, **facts) -> SessionRow:
        at = (today - timedelta(days=days)).isoformat()
        return replace(row, started_utc=at, headline={"running_time_s": km * 1000.0 / 2.7}, **facts)

    rows = [made(3, 6.0), made(12, 4.0), made(40, 9.0), made(5, 8.0, speeds_mps=(2.7, 3.0)), made(0, 7.0)]
    day = f"{today - timedelta(days=3):%d-%m}"
    english = buildup_words(rows, today.date(), Texts("en"))
    assert english.startswith(f"Longest run recorded here in 30 days: 6.0 km ({day}).")
    assert english.endswith("10 % more is 6.6 km.")
    assert "6,6 km" in buildup_words(rows, today.date(), Texts("nl"))
    assert buildup_words(rows[2:], today.date(), Texts("nl")) == ""
    assert runs_of([row])[0].distance_km == pytest.approx(seconds * 2.7 / 1000.0)
    begun = Begun(live, path)
    begun.window.beginning.begin(None)
    before = begun.wizard.before
    before.desk.ask = lambda what, otherwise: what(FakeLibrary(rows)) if otherwise == [] else otherwise
    before.code.setCurrentText("K-017")
    assert before.labels["buildup"].text() == english
    before.code.setCurrentText("")
    assert before.labels["buildup"].text() == ""


class FakeLibrary:
    def __init__(self, rows: list[SessionRow]) -> None:
        self.rows = rows

    def sessions(self, client_id: int) -> list[SessionRow]:
        return self.rows

    def consents(self, client_id: int) -> list[object]:
        return []

    shoes = consents


def test_the_kilometres_of_a_shoe_are_stated_and_kept(live, qtbot, path: Path) -> None:
    with Library.open(path) as library:
        client = library.add_client("K-017")
        library.add_shoe(client.id, "Brooks A", 412.0)
    begun = Begun(live, path)
    qtbot.keyClick(begun.window, Qt.Key.Key_N)
    before = begun.wizard.before
    before.code.setCurrentText("K-017")
    assert (before.shoe.currentText(), before.shoe_km.value()) == ("Brooks A", 412.0)
    before.shoe_km.setValue(425.0)
    assert before.answers()["shoe"] == "Brooks A"  # the kilometres belong to the shoe, not to this session
    before.store()
    before.shoe.setCurrentText("Road B")
    assert before.stated_km is None  # of a new shoe nothing is known
    before.store()
    before.shoe.setCurrentText("Road C")
    before.shoe_km.setValue(0.0)
    before.store()
    with Library.open(path) as library:
        kept = {shoe.name: shoe.distance_km for shoe in library.shoes(client.id)}
    assert kept == {"Brooks A": 425.0, "Road B": None, "Road C": 0.0}
