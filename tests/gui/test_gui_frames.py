"""What is left out to paint a frame sooner is not seen: not on the screen, not in a table, not in the words."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from gui.live_state import Frame
from gui.preferences import MemoryPreferences
from imu.types import Side

FRAME_S = 1.0 / 30.0
CARDS = {"load", "difference", "cadence", "line", "contact", "sensor", "sensor_state", "events", "steps", "curves"}
CARDS |= {"spectrum", "pelvis"}


def pixels(shot: QImage) -> np.ndarray:
    shot = shot.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(shot.constBits(), np.uint8).reshape(shot.height(), shot.bytesPerLine() // 4, 4)
    return rows[:, : shot.width(), :3].astype(int)


def on_screen(window: QWidget) -> np.ndarray:
    """What the paints so far have left in the window."""
    return pixels(window.screen().grabWindow(window.winId()).toImage())


def painted_anew(widget: QWidget) -> np.ndarray:
    return pixels(widget.grab().toImage())


def in_turn(live, view: str, **more: object):
    app = live(preferences=MemoryPreferences(view=view, line_g="2.60"), **more)
    app.window.far.in_turn = app.window.near.in_turn = True
    app.window.resize(1200, 800)
    app.window.show()
    return app.open()


def frames(app, n: int) -> None:
    """Let frames come and be painted one by one."""
    for _ in range(n):
        app.session.advance(FRAME_S)
        app.window.bridge.poll()
        QApplication.processEvents()


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("card", ["far", "steps", "spectrum", "pelvis"])
def test_many_small_paints_leave_what_one_whole_paint_would(live, card, language) -> None:
    app = in_turn(live, "far" if card == "far" else "near", language=language)
    if card != "far":
        app.window.near.middle.choose(card)
    app.run(12.0)
    for n in (20, 7, 11):
        frames(app, n)
        # Qt rounds the edges of its largest letters differently in the two ways of painting (19 of 255)
        assert np.abs(on_screen(app.window) - painted_anew(app.window)).max() < 32


def test_rows_that_are_copied_look_as_qt_paints_them(live, monkeypatch) -> None:
    app = in_turn(live, "near").run(12.0)
    table = app.window.near.steps.table
    copied = painted_anew(table)
    assert len(np.unique(copied.reshape(-1, 3), axis=0)) > 20
    monkeypatch.setattr(type(table), "paintEvent", QTableView.paintEvent)
    np.testing.assert_array_equal(copied, painted_anew(table))


def test_a_row_that_is_chosen_is_painted_as_chosen(live) -> None:
    app = in_turn(live, "near").run(12.0)
    table = app.window.near.steps.table
    before = painted_anew(table)
    table.selectRow(2)
    assert (painted_anew(table) != before).any()
    table.clearSelection()
    table.setCurrentIndex(table.rootIndex())
    np.testing.assert_array_equal(painted_anew(table), before)


def test_a_row_is_painted_once_and_then_copied(live, monkeypatch) -> None:
    app = in_turn(live, "near").run(12.0)
    table = app.window.near.steps.table
    QApplication.processEvents()
    made = []
    real = type(table)._row_picture
    monkeypatch.setattr(type(table), "_row_picture", lambda self, *a: (made.append(self), real(self, *a))[1])
    steps = app.window.model.state.n_steps
    frames(app, 90)
    new = app.window.model.state.n_steps - steps
    rows = sum(which is table for which in made)
    assert new >= 6
    assert new <= rows <= 4 * new  # not the twelve rows of every step: a row is seen on light and on dark ground
    for _ in range(200):
        app.run(1.0, step=1.0)
        QApplication.processEvents()
    assert len(table._painted) <= 61 + 12


def test_only_the_words_that_are_wanted_are_made_anew(live) -> None:
    app = in_turn(live, "near").run(12.0)
    model = app.window.model
    app.session.advance(2.0)
    model.feed(Frame(app.session.status(), app.session.snapshot(20.0), app.session.steps(model.state.n_steps), ()))
    before = app.window.shown
    shown, everything = model.view(("steps",)), model.view()
    for name in CARDS - {"steps"}:
        assert getattr(shown, name) is getattr(before, name), name
    assert shown.steps == everything.steps != before.steps
    assert shown.plot.now_s == everything.plot.now_s > before.plot.now_s
    assert shown.bar == everything.bar != before.bar
    assert everything.curves is not before.curves
    assert everything.load != before.load


def test_the_last_frame_of_a_run_leaves_nothing_old(live) -> None:
    app = in_turn(live, "near").run(12.0)
    app.session.advance(2.0)
    app.session.stop()
    app.window.bridge.poll()
    shown, model = app.window.shown, app.window.model
    assert not shown.running
    everything = model.view()
    for name in CARDS:
        assert getattr(shown, name) == getattr(everything, name), name
    assert app.window.near.steps.content.rows == everything.steps
    assert app.window.near.curves.content is everything.curves


def test_a_card_that_comes_up_is_not_old(live) -> None:
    app = in_turn(live, "near").run(12.0, step=FRAME_S)
    frames(app, 60)
    app.window.near.middle.choose("spectrum")
    frames(app, 2)
    assert app.window.near.spectrum.content is app.window.model.view().spectrum
    app.window.set_view("far")
    frames(app, 3)
    shown = app.window.model.view()
    far = app.window.far
    assert (far.load.content, far.difference.content) == (shown.load, shown.difference)
    assert far.load.content.newest_side in {Side.LEFT, Side.RIGHT}
