"""The cards in the middle of the near view: steps, spectrum; tabs, keys and the tables that stand still while read."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fake_session import RATE, STEP_S, Script
from PySide6.QtCore import Qt

from gui.panels.table import PlotTable
from gui.spectrum_words import spectrum_of
from gui.views.near import NearView


def near(live, seconds: float = 30.0, script: Script | None = None, **options):
    app = live(script, **options)
    app.window.set_view("near")
    return app.open().run(seconds, step=1.0)


def cells(table: PlotTable) -> list[list[str]]:
    model = table.model()
    return [[model.index(y, x).data() for x in range(model.columnCount())] for y in range(model.rowCount())]


def test_tabs_and_number_keys_choose_the_card(live, qtbot) -> None:
    app = near(live)
    view: NearView = app.window.near
    assert view.steps.isVisible()
    assert not view.spectrum.isVisible()
    qtbot.keyClick(app.window, Qt.Key.Key_2)
    assert view.spectrum.isVisible()
    assert not view.steps.isVisible()
    assert view.middle.tabs["spectrum"].isChecked()
    view.middle.tabs["steps"].click()
    assert view.steps.isVisible()
    assert not view.middle.tabs["spectrum"].isChecked()


def test_the_spectrum_has_a_line_at_the_step_rate_and_a_table_of_bands(live) -> None:
    app = near(live)
    shown = app.window.shown.spectrum
    found = spectrum_of(app.session.snapshot(20.0), 130.0)
    np.testing.assert_array_equal(shown.density_g2_hz, found.density_g2_hz)
    assert shown.frequency_hz[np.argmax(shown.density_g2_hz)] == pytest.approx(1.0 / STEP_S, abs=0.3)
    assert shown.step == f"steps {1.0 / STEP_S:.1f} Hz"
    rows = cells(app.window.near.spectrum.table)
    assert [row[0] for row in rows] == [f"{low}–{low + 5}" for low in range(0, 50, 5)]
    assert math.fsum(float(row[2]) for row in rows) == pytest.approx(100.0, abs=0.5)
    whole = math.sqrt(math.fsum(float(row[1]) ** 2 for row in rows))
    assert whole == pytest.approx(app.session.snapshot(10.0).acc_is_g.std(), rel=0.05)
    assert app.window.near.spectrum.table.accessibleName() == "Spectrum of the vertical acceleration"


def test_without_two_whole_seconds_it_says_what_it_waits_for(live) -> None:
    gaps = [(t, t + 0.5) for t in np.arange(18.0, 31.0, 1.5).tolist()]
    app = near(live, script=Script(gaps=gaps), language="nl")
    shown = app.window.shown.spectrum
    assert shown.density_g2_hz is None
    assert shown.empty == "Heeft 2 s signaal zonder gat nodig"
    assert {cell for row in shown.rows for cell in row[1:]} == {"–"}
    app.window.near.middle.choose("spectrum")
    assert app.window.near.grab().width() > 0


def test_a_view_that_stands_still_shows_the_spectrum_of_then(live) -> None:
    app = near(live, 60.0, script=Script(walking_from=30.0))
    now = app.window.shown.spectrum.density_g2_hz
    app.window.commands.back.go_back(40.0)
    then = app.window.shown.spectrum
    expected = spectrum_of(app.session.snapshot(300.0), 100.0 + (60.0 - 1.0 / RATE) - 40.0)
    np.testing.assert_allclose(then.density_g2_hz, expected.density_g2_hz, rtol=1e-6)
    assert not np.array_equal(now, then.density_g2_hz)


def test_a_table_stands_still_while_the_keyboard_is_in_it(live) -> None:
    app = near(live)
    table = app.window.near.steps.table
    before = cells(table)
    assert len(before) == 12
    table.setFocus()
    app.run(3.0)
    assert cells(table) == before
    app.window.setFocus()
    after = cells(table)
    assert after != before
    newest = app.window.shown.steps[0]
    assert after[0] == [newest.time, newest.side_word, *newest.cells, newest.note]


def test_in_a_quick_window_the_cards_take_turns_and_the_chosen_one_is_filled_at_once(live) -> None:
    app = near(live)
    view: NearView = app.window.near
    assert not view.in_turn  # the test's window gets few frames
    view.in_turn = True
    before = [view.curves.content, view.steps.content, view.spectrum.content]
    app.run(1.0, step=1.0)
    assert sum(now is not old for now, old in zip((view.curves.content, view.steps.content), before, strict=False)) <= 1
    app.run(0.06, step=0.02)
    assert view.steps.content.rows == app.window.shown.steps
    np.testing.assert_array_equal(view.curves.content.sides[0].curves, app.window.shown.curves.sides[0].curves)
    assert view.spectrum.content is before[2]  # not seen
    view.middle.choose("spectrum")
    assert view.spectrum.content is not before[2]
    app.session.script.end_at = app.session.now
    app.run(0.04, step=0.02)
    assert view.steps.content.rows == app.window.shown.steps
