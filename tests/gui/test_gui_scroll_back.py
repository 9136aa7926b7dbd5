"""The near view pauses and scrolls back while the run, and its recording, go on."""

from __future__ import annotations

import numpy as np
import pytest
from fake_session import Script
from PySide6.QtCore import Qt

from gui.i18n import Texts
from gui.scroll_back import VIEW_SECONDS, ScrollBack
from imu.api import Session
from imu.constants import HISTORY_S
from imu.types import Side, Snapshot

T0 = Script().t0_s


def near(live, seconds: float = 60.0, script: Script | None = None, **options):
    app = live(script, **options)
    app.window.set_view("near")
    return app.open().run(seconds, step=1.0)


def back(app):
    return app.window.shown.back


def test_h_pauses_the_view_and_never_the_recording(live, qtbot) -> None:
    app = near(live)
    assert back(app).words == ""
    qtbot.keyClick(app.window, Qt.Key.Key_H)
    n_steps = app.window.model.state.n_steps
    app.run(2.0, step=1.0)  # the step that was under way at the pause becomes final
    held = app.window.near.trace.plot.grab().toImage()
    app.run(8.0, step=1.0)
    assert app.window.near.trace.plot.grab().toImage() == held
    assert back(app).words == "PAUSED · 00:10 back · the run goes on"
    assert app.window.near.strip.words.text() == back(app).words
    assert app.window.near.trace.content.note == back(app).words
    assert app.window.footer.live.text == "PAUSED"
    assert app.window.shown.bar.recording
    assert app.window.model.state.n_steps > n_steps + 20
    assert not app.session.stopped
    assert app.session.calls == []
    qtbot.keyClick(app.window, Qt.Key.Key_H)
    assert back(app).words == ""
    assert app.window.footer.live.text == "LIVE"
    assert app.window.near.trace.plot.shown.now_s == pytest.approx(T0 + 70.0, abs=0.3)


def test_page_keys_scroll_and_end_or_the_button_follow_again(live, qtbot) -> None:
    app = near(live)
    strip = app.window.near.strip
    assert not strip.live.isEnabled()
    qtbot.keyClick(app.window, Qt.Key.Key_PageDown)  # there is nothing later than now
    assert not app.window.model.back.paused
    qtbot.keyClick(app.window, Qt.Key.Key_PageUp)
    qtbot.keyClick(app.window, Qt.Key.Key_PageUp)
    assert back(app).ago_s == pytest.approx(10.0)
    qtbot.keyClick(app.window, Qt.Key.Key_PageDown)
    assert back(app).ago_s == pytest.approx(5.0)
    qtbot.keyClick(app.window, Qt.Key.Key_Home)
    plot = app.window.near.trace.plot.shown
    assert plot.now_s == pytest.approx(T0 + VIEW_SECONDS)
    assert plot.edge == "00:05.0"
    assert strip.slider.value() == strip.slider.minimum()
    assert strip.live.isEnabled()
    strip.live.click()
    assert not app.window.model.back.paused
    qtbot.keyClick(app.window, Qt.Key.Key_PageUp)
    qtbot.keyClick(app.window, Qt.Key.Key_End)
    assert not app.window.model.back.paused


def test_the_slider_goes_back_and_shows_the_steps_of_then(live) -> None:
    app = near(live, script=Script(gaps=[(27.0, 28.0)]))
    app.window.near.strip.slider.setValue(-300)
    plot = app.window.near.trace.plot.shown
    assert plot.now_s == pytest.approx(T0 + 30.0, abs=0.2)
    assert plot.t_s[-1] <= plot.now_s + 1e-6
    assert plot.now_s - VIEW_SECONDS - 1.01 <= plot.t_s[0]
    assert all(s.ic_s <= plot.now_s for s in plot.steps)
    assert {s.side for s in plot.steps} == {Side.LEFT, Side.RIGHT}
    assert [round(g.end_s - g.start_s) for g in plot.gaps] == [1]  # a gap of then is a gap, not a line
    newest = app.window.near.steps.content.rows[0]
    assert newest.time.startswith("00:29")  # the table goes back too
    marks = len(app.window.model.state.marks)
    app.window.commands.mark()  # a mark still goes to now
    assert len(app.window.model.state.marks) == marks + 1
    assert app.window.model.state.marks[-1][0] > plot.now_s + 20


def test_the_far_view_stays_live_and_its_keys_stay_its_own(live, qtbot) -> None:
    app = near(live)
    qtbot.keyClick(app.window, Qt.Key.Key_H)
    qtbot.keyClick(app.window, Qt.Key.Key_V)
    app.run(5.0)
    assert app.window.footer.live.text == "LIVE"
    assert app.window.far.stems.plot.shown.now_s == pytest.approx(T0 + 65.0, abs=0.3)
    qtbot.keyClick(app.window, Qt.Key.Key_H)
    assert app.window.model.back.paused
    qtbot.keyClick(app.window, Qt.Key.Key_V)
    assert back(app).words.startswith("PAUSED")


def test_after_the_end_one_can_still_look_back_in_dutch(live, qtbot) -> None:
    app = near(live, script=Script(end_at=50.0), language="nl")
    qtbot.keyClick(app.window, Qt.Key.Key_PageUp)
    assert back(app).words == "GEPAUZEERD · 00:05 terug"
    assert app.window.near.trace.plot.shown.edge.startswith("00:4")
    assert "," in app.window.near.trace.plot.shown.edge
    assert app.window.near.strip.pause.text() == "volg weer"


def test_a_new_run_begins_live(live, qtbot) -> None:
    app = near(live)
    qtbot.keyClick(app.window, Qt.Key.Key_H)
    app.window.new_model()
    assert not app.window.model.back.paused


def test_what_is_no_longer_at_hand_is_not_invented() -> None:
    back = ScrollBack()
    empty = np.empty(0)
    back.go(3.0, Snapshot(empty, empty, empty))
    assert not back.paused
    t = np.arange(40.0, 100.0, 0.01)
    back.go(-np.inf, Snapshot(t, t, t))
    assert back.at_s == pytest.approx(40.0 + VIEW_SECONDS)
    back.go(1e9, Snapshot(t, t, t))
    assert back.at_s == pytest.approx(t[-1])
    back.go(3.0, Snapshot(empty, empty, empty))
    assert back.at_s == pytest.approx(t[-1])
    short = np.arange(0.0, 2.0, 0.01)
    back.go(0.0, Snapshot(short, short, short))
    assert back.at_s == pytest.approx(short[-1])
    assert back.chip(Texts()).text == "PAUSED"


def test_the_engine_keeps_five_minutes_at_hand() -> None:
    session = Session.simulate(duration_s=HISTORY_S + 20.0, realtime=False)
    with session:
        assert session.wait(60.0)
    t = session.snapshot(HISTORY_S).t_s
    assert t[-1] - t[0] == pytest.approx(HISTORY_S, abs=0.1)
    assert t[0] > 10.0
