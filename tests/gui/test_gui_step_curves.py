"""The newest steps laid over each other: which steps, what happens at gaps, and what is said of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fake_session import FakeSession, Script
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from gui.step_curves import MIN_STEPS, POINTS, STEPS_PER_SIDE, mean_of, newest_curves, one_curve
from imu.types import ActivityKind, Place, Quality, Side, Snapshot, Step

RATE = 100.0


def step(i: int, ic_s: float, duration: float | None = 0.4, **more: object) -> Step:
    side = Side.RIGHT if i % 2 else Side.LEFT
    made = Step(index=i, activity=ActivityKind.RUNNING, side=side, side_confidence=0.99, ic_s=ic_s)
    return replace(made, step_time_s=duration, **more)


def ramp(seconds: float = 20.0) -> Snapshot:
    t = np.arange(0.0, seconds, 1.0 / RATE)
    return Snapshot(t, t.copy(), t.copy())


@given(st.floats(0.02, 19.0), st.floats(0.2, 0.9))
def test_a_curve_runs_from_contact_to_contact(ic_s: float, duration: float) -> None:
    snapshot = ramp()
    curve = one_curve(snapshot, step(0, ic_s, duration))
    if ic_s + duration > snapshot.t_s[-1]:
        assert curve is None
        return
    # the signal is its own time, so the curve must be the time of each percent
    assert curve is not None
    np.testing.assert_allclose(curve, ic_s + duration * np.arange(POINTS) / 100.0, atol=1e-9)


@given(st.integers(0, 1999))
def test_one_missing_sample_leaves_the_step_out_and_no_other(missing: int) -> None:
    snapshot = ramp()
    snapshot.acc_is_g[missing] = np.nan
    for k in range(48):
        made = step(k, 0.205 + 0.4 * k)
        touched = made.ic_s - 1 / RATE < snapshot.t_s[missing] < made.ic_s + 0.4 + 1 / RATE
        assert (one_curve(snapshot, made) is None) == touched


def test_a_step_whose_end_or_signal_is_not_at_hand_has_no_curve() -> None:
    assert one_curve(ramp(), step(0, 1.0, None)) is None
    assert one_curve(ramp(), step(0, -0.1)) is None
    assert one_curve(ramp(), step(0, 19.8)) is None
    assert one_curve(Snapshot(np.empty(0), np.empty(0), np.empty(0)), step(0, 1.0)) is None
    limb = step(0, 1.0, None, stride_time_s=0.7)
    assert one_curve(ramp(), limb)[-1] == pytest.approx(1.7)


def test_the_newest_usable_steps_of_each_side_are_taken() -> None:
    steps = [step(i, 0.5 + 0.4 * i) for i in range(46)]
    steps[45] = replace(steps[45], quality=Quality.AFTER_GAP)
    steps[44] = replace(steps[44], side=Side.UNKNOWN)
    steps[43] = replace(steps[43], activity=ActivityKind.WALKING)
    found = newest_curves(ramp(), reversed(steps))
    assert {side: curves.shape for side, curves in found.items()} == {
        Side.LEFT: (STEPS_PER_SIDE, POINTS),
        Side.RIGHT: (STEPS_PER_SIDE, POINTS),
    }
    assert found[Side.RIGHT][0, 0] == pytest.approx(steps[41].ic_s)
    assert found[Side.LEFT][0, 0] == pytest.approx(steps[42].ic_s)
    after_swap = newest_curves(ramp(), reversed(steps), from_s=steps[38].ic_s)
    assert [len(after_swap[side]) for side in (Side.LEFT, Side.RIGHT)] == [2, 2]


def test_too_few_steps_have_no_mean() -> None:
    curves = np.arange(MIN_STEPS * POINTS, dtype=float).reshape(MIN_STEPS, POINTS)
    assert mean_of(curves[:-1]) is None
    np.testing.assert_allclose(mean_of(curves), curves[1])


def near(live, seconds: float = 40.0, script: Script | None = None, **options):
    app = live(script, **options)
    app.window.set_view("near")
    return app.open().run(seconds, step=1.0)


def test_the_card_shows_both_sides_and_a_table_says_the_same(live) -> None:
    app = near(live)
    shown = app.window.shown.curves
    assert [(s.side, len(s.curves)) for s in shown.sides] == [(Side.LEFT, 10), (Side.RIGHT, 10)]
    assert shown.heads == ("at %", "left (10)", "right (10)")
    table = app.window.near.curves.table
    model = table.model()
    assert [model.rowCount(), model.columnCount()] == [11, 3]
    left = shown.sides[0]
    mean, spread = model.index(3, 1).data().split(" ±\u00a0")
    assert model.index(3, 0).data() == "30"
    assert float(mean) == pytest.approx(left.curves[:, 30].mean(), abs=0.006)
    assert float(spread) == pytest.approx(left.curves[:, 30].std(ddof=1), abs=0.011)
    assert table.accessibleName().startswith("Steps overlaid")
    assert app.window.near.curves.accessibleDescription()
    assert app.window.near.curves._pen(Side.LEFT, 1.0, True).style() is Qt.PenStyle.SolidLine
    assert app.window.near.curves._pen(Side.RIGHT, 1.0, True).style() is Qt.PenStyle.CustomDashLine


def test_a_view_that_stands_still_shows_the_steps_of_then(live) -> None:
    app = near(live, 60.0)
    now = app.window.shown.curves
    app.window.commands.back.go_back(40.0)
    then = app.window.shown.curves
    assert not np.array_equal(now.sides[0].curves, then.sides[0].curves)
    ends = [s for s in app.window.model.state.history if s.side is Side.LEFT and s.ic_s < 100.0 + 20.0 - 0.4]
    session = FakeSession()
    session.advance(60.0)
    expected = one_curve(session.snapshot(300.0), ends[-1])
    np.testing.assert_allclose(then.sides[0].curves[0], expected)


@pytest.mark.parametrize(
    ("place", "words"),
    [(Place.HIP, "één heup"), (Place.FOOT, "één been"), (Place.SACRUM, "")],
)
def test_where_the_sides_cannot_be_compared_it_says_so(live, place: Place, words: str) -> None:
    app = live(language="nl")
    app.session.settings = replace(app.session.settings, place=place)
    app.window.set_view("near")
    app.open().run(20.0, step=1.0)
    remark = app.window.shown.curves.remark
    assert words in remark
    assert bool(remark) == bool(words)
    assert app.window.near.grab().toImage().width() > 0
    assert "," in app.window.shown.curves.rows[3][1]


def test_an_uncertain_side_shows_no_curves_and_says_why(live) -> None:
    app = near(live, script=Script(unknown_from=20.0))
    shown = app.window.shown.curves
    assert shown.remark == "side uncertain"
    assert all(len(s.curves) == 0 for s in shown.sides)
    assert {cell for row in shown.rows for cell in row[1:]} == {"–"}
