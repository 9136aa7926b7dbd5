"""The unit of speed: km/h or min/km, shown, typed, stepped and remembered; m/s inside."""

from __future__ import annotations

import re

import pytest
from fake_session import Script
from hypothesis import given
from hypothesis import strategies as st
from made_run import made_run
from PySide6.QtCore import Qt
from PySide6.QtGui import QValidator

from gui import theme
from gui.i18n import KMH, PACE, SPEED_UNITS, Texts
from gui.look import Look
from gui.preferences import MemoryPreferences, StoredPreferences
from gui.review.history import History
from gui.review.trend import TREND_METRICS, trend_of
from gui.review.words import short_speed, speed_words
from gui.speed import pace_kmh, speed_text, speed_value, stepped_kmh, typed_mps, unit_word
from gui.views.dialogs import SpeedDialog
from gui.views.library_model import heads
from gui.views.session_page import SessionPage
from gui.views.speed_field import SpeedField
from imu.api import Session
from imu.cli import main, sensor
from imu.cli.sensor_search import Found
from imu.cli.watch import Watched, status_text
from imu.types import LinkState, Status


@pytest.mark.parametrize(
    ("language", "unit", "words"),
    [
        ("en", KMH, "9.5 km/h"),
        ("nl", KMH, "9,5 km/u"),
        ("en", PACE, "6:19 min/km"),
        ("nl", PACE, "6:19 min/km"),
    ],
)
def test_a_speed_in_words(language: str, unit: str, words: str) -> None:
    t = Texts(language, unit)
    assert speed_text(9.5 / 3.6, t) == words
    assert speed_words(9.5 / 3.6, t) == words
    assert words.endswith(unit_word(t))


def test_what_has_no_pace() -> None:
    t = Texts("en", PACE)
    assert speed_value(0.0, t) == speed_value(None, t) == "–"
    assert short_speed(None, t) == ""
    assert speed_value(1000.0 / 359.6, t) == "6:00"  # the second is rounded before it is split into minutes
    assert Texts("en", "knots").speed_unit == KMH


@given(st.integers(100, 1800))
def test_a_pace_that_is_read_back_is_the_same(seconds: int) -> None:
    t = Texts("nl", PACE)
    text = f"{seconds // 60}:{seconds % 60:02d}"
    assert typed_mps(text, t) == pytest.approx(1000.0 / seconds)
    assert speed_value(typed_mps(text, t), t) == text


@pytest.mark.parametrize("text", ["", "5", "5:3", "5:60", "0:00", "fast", "5:30:10", "-5:30"])
def test_what_is_no_pace(text: str) -> None:
    assert pace_kmh(text) is None
    with pytest.raises(ValueError, match="^" + re.escape(text)):
        typed_mps(text, Texts("en", PACE))


@given(st.floats(2.0, 36.0), st.sampled_from(SPEED_UNITS))
def test_a_step_up_is_faster_within_what_can_be_typed(kmh: float, unit: str) -> None:
    slower, faster = stepped_kmh(kmh, -1, unit), stepped_kmh(kmh, 1, unit)
    assert 2.0 <= slower <= kmh <= faster <= 36.0
    assert faster > kmh or kmh == 36.0
    assert slower < kmh or kmh == 2.0


def test_pace_goes_in_whole_fives() -> None:
    t = Texts("en", PACE)
    shown = [speed_value(stepped_kmh(1000.0 / 330.0 * 3.6, k, PACE) / 3.6, t) for k in (-1, 0, 1)]
    assert shown == ["5:35", "5:30", "5:25"]


@pytest.mark.parametrize("key", ["far", "near"])
def test_u_changes_the_unit_everywhere_and_it_is_remembered(live, qtbot, key: str) -> None:
    preferences = MemoryPreferences(view=key)
    app = live(Script(), preferences=preferences).open().run(2.0)
    assert app.window.shown.bar.speed == "9.5 km/h"
    assert app.window.bar.unit.text() == "km/h"
    qtbot.keyClick(app.window, Qt.Key.Key_U)
    assert app.window.shown.bar.speed == "6:19 min/km"
    assert app.window.bar.unit.text() == "min/km"
    assert preferences.get("speed_unit") == "min/km"
    qtbot.keyClick(app.window, Qt.Key.Key_Plus)
    app.run(0.5)
    assert app.window.shown.bar.speed == "6:15 min/km"
    assert app.window.shown.events[0].text == "speed 6:15 min/km"
    assert app.session.calls[-1] == ("set_speed", pytest.approx(1000.0 / 375.0))  # what is stored stays m/s
    app.window.bar.unit.click()
    assert app.window.shown.bar.speed == "9.6 km/h"
    assert preferences.get("speed_unit") == "km/h"


def test_the_remembered_unit_is_there_at_the_next_start(live) -> None:
    app = live(Script(), preferences=MemoryPreferences(speed_unit="min/km")).open().run(2.0)
    assert app.window.shown.bar.speed == "6:19 min/km"


def test_the_field_takes_what_is_typed_in_either_unit(qtbot) -> None:
    t = Texts("nl")
    field = SpeedField(t, may_be_open=True)
    field.setSpecialValueText("–")
    qtbot.addWidget(field)
    assert field.speed_mps is None
    field.stepUp()
    assert field.text() == "2,0"
    field.stepDown()
    assert field.speed_mps is None
    field.selectAll()
    qtbot.keyClicks(field, "10,5")
    assert field.speed_mps == pytest.approx(10.5 / 3.6)
    t.speed_unit = PACE
    field.restyle()
    assert field.text() == "5:43"
    assert field.speed_mps == pytest.approx(10.5 / 3.6)  # showing it otherwise does not change it
    field.stepUp()
    assert field.text() == "5:40"
    for text, state in (
        ("4:15", QValidator.State.Acceptable),
        ("4:1", QValidator.State.Intermediate),
        ("1:00", QValidator.State.Intermediate),
        ("4:1x", QValidator.State.Invalid),
    ):
        assert field.validate(text, 0)[0] == state, text


def test_the_dialog_asks_in_the_chosen_unit(qtbot) -> None:
    dialog = SpeedDialog(Look(theme.LIGHT, theme.load_fonts(), Texts("en", PACE)), 3.0)
    qtbot.addWidget(dialog)
    assert dialog.spin.text() == "5:33"
    assert dialog.spin.accessibleName() == "Speed of the belt in min/km"
    dialog.spin.selectAll()
    qtbot.keyClicks(dialog.spin, "4.00")
    dialog._set()
    assert dialog.speed_mps == pytest.approx(1000.0 / 240.0)


def test_trend_and_library_follow() -> None:
    t = Texts("en", PACE)
    assert trend_of([], 2.5, TREND_METRICS[0], History(()), t).chart.title.endswith("at 6:40 min/km")
    assert "min/km" in heads(t)


def test_the_session_page_follows_at_once(qtbot) -> None:
    look = Look(theme.LIGHT, theme.load_fonts(), Texts("nl"))
    page = SessionPage(None, 0, look, made_run(speeds=(2.5, 3.0)))
    qtbot.addWidget(page)

    def shown() -> tuple[str, str, str, str]:
        columns, rows = page.minutes.content()
        return columns[1], rows[0][1], page.numbers.box.itemText(0).split(" · ")[0], page.plot.shown.bands[0].text

    assert shown() == ("km/u", "9", "9 km/u", "9 km/u")
    look.texts.speed_unit = PACE
    page.restyle()
    assert shown() == ("min/km", "6:40", "6:40 min/km", "6:40 min/km")


@pytest.mark.parametrize(
    ("remembered", "asked", "words"),
    [(None, None, "10.8 km/h"), (PACE, None, "5:33 min/km"), (KMH, PACE, "5:33 min/km"), (PACE, KMH, "10.8 km/h")],
)
def test_the_terminal_speaks_the_remembered_unit_or_the_one_asked_for(
    monkeypatch: pytest.MonkeyPatch, remembered: str | None, asked: str | None, words: str
) -> None:
    StoredPreferences().put("speed_unit", remembered or "")
    session = Session.simulate(duration_s=1.0, realtime=False)
    watched: list[Watched] = []
    monkeypatch.setattr(sensor, "find_all", lambda *_: Found([], {}, set()))
    monkeypatch.setattr(sensor, "connect_all", lambda *_: [session])
    monkeypatch.setattr(sensor, "watch", watched.extend)
    code = main(["live", "--headless", "--device", "Movesense", *(("--speed-unit", asked) if asked else ())])
    assert code == 0
    (one,) = watched
    status = Status(LinkState.STREAMING, speed_mps=3.0)
    assert words in status_text(status, one.speed_unit)
    StoredPreferences().put("speed_unit", "")
