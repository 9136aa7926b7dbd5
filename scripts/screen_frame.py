"""What all pictures share: where they go, in which two looks, at which moment, and a window that moves by hand."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from unittest.mock import patch

from PySide6.QtWidgets import QApplication, QWidget
from screen_held import Held
from screen_names import file_name
from screen_png import save_png
from screen_run import STARTED

from gui.app import PICTURE_SIZE, default_sources, make_window
from gui.bridge import Bridge
from gui.preferences import MemoryPreferences
from gui.sources import Sources
from gui.views.window import Window
from imu.api import Library
from imu.types import FoundSensor

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screens"
LINE_G = "2.60"


class FixedDatetime(datetime):
    """The day on which the pictures are taken, so that they do not depend on the day."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        """Return some time after the newest session."""
        moment = STARTED + timedelta(hours=2)
        return moment if tz is None else moment.astimezone(tz)


@contextmanager
def fixed_time() -> Iterator[None]:
    """Stop the calendar: in the place and at the time of the simulated sessions."""
    os.environ["TZ"] = "UTC"
    if hasattr(time, "tzset"):
        time.tzset()
    with patch("gui.panels.recent.datetime", FixedDatetime), patch("gui.views.wizard_before.datetime", FixedDatetime):
        yield


SENSORS = tuple(
    FoundSensor(name, name, ("movesense",), "imu", title, rssi_dbm, battery_pct)
    for name, title, rssi_dbm, battery_pct in (
        ("Movesense 2130", "Movesense", -58, 78.0),
        ("Xsens DOT 4F", "Movella DOT", -71, 91.0),
        ("WT901 BLE", "WitMotion", -83, 12.0),
    )
)


def settle_session(app: QApplication, bridge: Bridge) -> None:
    """Let the thread that makes a session finish, and take the session up."""
    settle(app, lambda: bridge._making is None or bridge._making.done.is_set())
    bridge.poll()


def settle(app: QApplication, until: Callable[[], bool] = lambda: True) -> None:
    """Let the window paint, and threads finish."""
    end = time.monotonic() + 30.0
    for _ in range(4):
        app.processEvents()
    while not until() and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.01)
    app.processEvents()


def save(widget: QWidget, name: str, theme: str, language: str) -> None:
    """Write a picture of a widget."""
    save_png(widget.grab().toImage(), FOLDER / file_name(name, theme, language))


def window_at(theme: str, language: str, *, size: tuple[int, int] = PICTURE_SIZE, **sources: Any) -> Window:
    """Make a window whose sessions are polled by hand."""
    made: Sources = replace(default_sources(), scan=lambda _s, _c: SENSORS, library=None)
    window = make_window(
        language=language,
        theme_name=theme,
        preferences=MemoryPreferences(line_g=LINE_G),
        sources=replace(made, **sources),
        poll_ms=3_600_000,
    )
    window.resize(*size)
    window.show()
    return window


def open_held(app: QApplication, window: Window, held: Held, **model: Any) -> None:
    """Show a run at the moment at which it is held."""
    window.open(lambda: held)  # type: ignore[arg-type,return-value]  # a stand-in
    for name, value in model.items():
        setattr(window.model, name, value)
    settle_session(app, window.bridge)
    settle(app)


def library_of(path: Path) -> Callable[[], Library]:
    """Open the library anew for each window."""
    return lambda: Library.open(path)
