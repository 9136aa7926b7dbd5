"""Two sensors side by side: from the button to both columns, and every reason why something is not compared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_session import FakeSession, Script
from PySide6.QtCore import Qt

from gui.views.second_sensor import SecondDialog
from imu.settings import Settings
from imu.types import LinkState, Place, Side

SHANK = Settings(place=Place.SHANK, sensor_side=Side.RIGHT)


def second_session(settings: Settings = SHANK, script: Script | None = None) -> FakeSession:
    session = FakeSession(script or Script(t0_s=4000.0, shock=3.0))
    session.settings = settings
    return session


def both(live, settings: Settings = SHANK, first: Settings | None = None, script: Script | None = None, **options):
    app = live(**options)
    if first is not None:
        app.session.settings = first
    app.window.set_view("near")
    app.open()
    app.window.near.middle.choose("pair")
    app.run(2.0)
    other = second_session(settings, script)
    other.advance(2.0)
    second = app.window.commands.second
    second.open(lambda: other, settings)  # type: ignore[arg-type,return-value]
    assert second.bridge._making.done.wait(10.0)
    for _ in range(60):
        app.session.advance(0.5)
        other.advance(0.5)
        second.bridge.poll()
        app.window.bridge.poll()
    return app, other


def content(app):
    return app.window.near.pair.content


def test_shank_and_sacrum_give_the_attenuation_of_the_shock(live) -> None:
    app, _ = both(live)
    shown = content(app)
    assert shown.heads == ("", "sacrum", "right shank")
    assert shown.rows[0] == ("sensor", "Movesense 2130", "Movesense 2130")
    assert shown.together.startswith("Shock attenuation 55 % ±")  # 1 - 1.35 / 3
    assert "clocks fit to 0 ms" in shown.note
    table = app.window.near.pair.table.model()
    assert tuple(table.index(2, x).data() for x in range(3)) == shown.rows[2]
    assert shown.rows[2][0] == "shock g"
    assert float(shown.rows[2][2].split()[0]) > 2.0 * float(shown.rows[2][1].split()[0])
    assert shown.together in app.window.near.pair.accessibleDescription()
    assert app.window.shown.events[0].text != ""
    assert "second sensor: right shank" in [e.text for e in app.window.shown.events]
    assert [len(t) > 900 for t, _ in shown.traces] == [True, True]
    assert app.window.near.pair.grab().width() > 0


def test_marks_and_the_speed_in_force_count_for_both_sensors(live) -> None:
    app, other = both(live)
    assert other.settings.speed_mps == app.session.script.speed_mps  # from the first frame on
    assert ("share_context", other) in app.session.calls  # incline and heart rate
    app.window.commands.mark()
    assert other.calls[-1] == ("mark", "1") == app.session.calls[-1]
    app.session.set_speed(3.4)  # as a treadmill that is linked with the first
    app.run(0.5)
    assert other.settings.speed_mps == 3.4
    app.session.set_speed(None)  # it fell silent
    app.run(0.5)
    assert other.settings.speed_mps is None
    said = [call for call in other.calls if call[0] == "set_speed"]
    assert said == [("set_speed", 9.5 / 3.6), ("set_speed", 3.4), ("set_speed", None)]
    app.window.commands.second.close()
    app.window.commands.mark()
    assert [call for call in other.calls if call[0] == "mark"] == [("mark", "1")]


def test_clocks_that_do_not_fit_are_said(live) -> None:
    app, _ = both(live, script=Script(t0_s=4000.0, spread=0.0, gaps=[(0.0, 30.5)]))
    assert content(app).together == "Sensors out of step: contacts cannot be paired"


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (
            Settings(place=Place.FOOT, sensor_side=Side.LEFT),
            Settings(place=Place.FOOT, sensor_side=Side.RIGHT),
            "Elke sensor op zichzelf",
        ),
        (Settings(), Settings(place=Place.HIP, sensor_side=Side.LEFT), "Geen links-rechtsverschil van de hoogte"),
    ],
)
def test_other_pairs_stand_side_by_side_and_say_why_no_more(live, first, second, words) -> None:
    app, _ = both(live, second, first, language="nl")
    assert content(app).together.startswith(words)
    assert "één klok" in content(app).note
    assert app.window.near.pair.grab().width() > 0


def test_the_button_adds_and_removes_and_the_run_goes_on(live, monkeypatch, qtbot) -> None:
    other = second_session()
    plans = []

    def begin(plan, library):
        plans.append(plan)
        return other

    app = live(sources={"begin": begin})
    app.window.set_view("near")
    app.open().run(5.0)
    qtbot.keyClick(app.window, Qt.Key.Key_4)
    card = app.window.near.pair
    assert content(app).empty == "One sensor is worn"
    assert card.add.text() == "Add a second sensor"

    def choose(dialog: SecondDialog) -> int:
        assert dialog.sensors.count() == 1  # the simulated runner
        assert dialog.sensor is None
        return 1

    monkeypatch.setattr(SecondDialog, "exec", choose)
    card.add.click()
    second = app.window.commands.second
    assert second.bridge._making.done.wait(10.0)
    assert plans[0].settings == SHANK
    second.bridge.poll()
    app.run(1.0)
    assert content(app).rows
    card.add.click()
    assert other.stopped
    app.run(1.0)
    assert not content(app).rows
    assert app.window.model.state.status.state is LinkState.STREAMING
    assert app.window.shown.events[0].text == "second sensor removed"


def test_the_second_ends_with_the_run_and_a_failure_is_said_in_its_column(live) -> None:
    app, other = both(live)
    other.script = replace(other.script, fail_at=0.0)
    app.window.commands.second.bridge.poll()
    app.run(0.5)
    assert [cell.split(" · ")[0] for cell in content(app).rows[1]] == ["link", "receiving", "failed"]
    assert app.window.model.state.status.state is LinkState.STREAMING
    app.window.footer.end.click()
    assert app.window.commands.second.state is None
    assert other.stopped
