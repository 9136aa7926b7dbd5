"""The delay from a packet's arrival to the screen: counted from the stamp to the end of the paint, and said live."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.screen_delay import ScreenDelay
from imu.acquisition.meter import Meter


@given(frames=st.lists(st.tuples(st.lists(st.floats(0.0, 0.05), max_size=4), st.floats(0.0, 0.3)), max_size=30))
def test_every_packet_counts_once_from_its_arrival_to_its_paint(frames) -> None:
    now = [1000.0]
    delay = ScreenDelay(lambda: now[0])
    expected = []
    for gaps, paint in frames:
        arrivals = []
        for gap in gaps:
            now[0] += gap
            arrivals.append(now[0])
        delay.took(arrivals)
        now[0] += paint
        delay.painted()
        expected += [(now[0], now[0] - at) for at in arrivals]
    newest = [d for at, d in expected if at >= now[0] - 5.0]
    found = delay.p95_ms()
    if not newest:
        assert found is None
    else:
        assert found == pytest.approx(1000.0 * np.percentile(newest, 95))


def test_what_could_not_be_seen_does_not_count() -> None:
    now = [0.0]
    delay = ScreenDelay(lambda: now[0])
    delay.took([0.0, 0.1])
    now[0] = 60.0
    delay.forget()
    delay.painted()
    assert delay.p95_ms() is None
    assert delay.newest == 0.1


def test_the_meter_gives_arrivals_after_a_time_in_order() -> None:
    meter = Meter()
    assert len(meter.arrivals(-math.inf)) == 0
    for k in range(5000):
        meter.arrived(float(k), 8, k + 0.001)
    np.testing.assert_array_equal(meter.arrivals(4995.5), [4996.0, 4997.0, 4998.0, 4999.0])
    assert len(meter.arrivals(-math.inf)) == 4096


def test_the_status_line_and_the_sensor_card_say_it(live, qtbot) -> None:
    app = live()
    app.window.set_view("near")
    app.open()
    app.session.arrived = [time.perf_counter() - 0.2]
    painted = []
    app.window.painted.connect(lambda: painted.append(time.perf_counter()))
    app.run(0.5)
    qtbot.waitUntil(lambda: bool(painted), timeout=5000)
    app.run(0.5)
    took_ms = app.window.model.state.delay_ms
    assert 200.0 <= took_ms <= 1000.0 * (painted[0] - app.session.arrived[0])
    assert f"delay {took_ms:.0f} ms" in app.window.shown.bar.facts
    row = app.window.shown.sensor[4]
    assert (row.value, row.note) == (f"{took_ms:.0f} ms", "packet to screen, 95 % of packets")
    assert row.level == "warn"  # over 150 ms


def test_a_hidden_window_measures_nothing(live, qtbot) -> None:
    app = live().open().run(1.0)
    app.window.hide()
    app.session.arrived = [time.perf_counter() - 3.0]
    app.run(0.5)
    app.window.show()
    app.run(0.5)
    app.window.grab()
    assert app.window.bridge.delay.p95_ms() is None
