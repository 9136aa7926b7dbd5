"""How late the radio's loop comes is measured and shown."""

import asyncio
import threading

from gui.i18n import Texts
from gui.rows import sensor_rows
from imu.acquisition.radio import Radio
from imu.cli.watch import status_text
from imu.types import LinkState, Status


def test_a_loop_that_was_held_up_says_so_to_everybody_who_asks() -> None:
    radio = Radio(lambda: None)  # type: ignore[arg-type, return-value]

    async def hold() -> None:
        await asyncio.sleep(0.0)
        threading.Event().wait(0.2)

    try:
        radio.call(hold())
        radio.call(asyncio.sleep(0.06))  # the measurement's own turn
        assert 0.1 < radio.lag_s < 5.0
        assert radio.lag_s > 0.1  # a second reader is told the same
    finally:
        radio.close()


def test_the_lag_is_in_the_status_line_and_on_the_sensor_card() -> None:
    status = Status(LinkState.STREAMING, loop_lag_ms=12.3)
    assert "12 ms loop lag" in status_text(status)
    notes = [row.note for row in sensor_rows(status, Texts("nl"))]
    assert "van pakket tot scherm; radio hooguit 12 ms te laat" in notes
    without = Status(LinkState.STREAMING)
    assert "lag" not in status_text(without)
    assert "packet to screen, 95 % of packets" in [row.note for row in sensor_rows(without, Texts("en"))]
