"""Row 15: from a packet's arrival to the end of the paint that shows it, with a virtual sensor in real time."""

from __future__ import annotations

import os

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytest.importorskip("PySide6.QtWidgets")
pytest.importorskip("bumble", reason="the virtual sensor needs the extra `virtual`")

from PySide6.QtCore import QElapsedTimer, QEventLoop
from PySide6.QtWidgets import QApplication

from gui.app import make_window
from gui.preferences import MemoryPreferences
from imu.acquisition.simulator import Simulation
from imu.acquisition.virtual.source import VirtualSource
from imu.acquisition.virtual.world import SensorSpec
from imu.api import Session
from imu.settings import Settings

SECONDS = 8.0
APP = QApplication.instance() or QApplication(["bench"])
"""Kept for the life of the process: a QApplication that Python frees at the end may take the process with it."""


def session() -> Session:
    person = Simulation(seed=2, standing_s=0.0, walking_s=0.0)
    source = VirtualSource(SensorSpec("movesense", person))
    settings = Settings().with_suggestions(person.suggested())
    return Session(source, settings, name=source.info.name)


@pytest.mark.parametrize("view", ["far", "near"])
def test_sensor_to_screen(view, gates, benchmark):
    window = make_window(language="en", theme_name="dark", preferences=MemoryPreferences(view=view))
    window.resize(1920, 1080)
    window.show()
    window.open(session)
    measured = []
    clock = QElapsedTimer()
    clock.start()
    loop = QEventLoop()
    while clock.elapsed() < 1000.0 * (SECONDS + 60.0):
        loop.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        state = window.model.state
        if state.status.elapsed_s > 3.0 and state.delay_ms is not None:  # the first seconds start everything
            measured.append(state.delay_ms)
        if state.status.elapsed_s > SECONDS:
            break
    shown = window.shown
    window.close()
    assert measured, "no packet was painted"
    assert [fact for fact in shown.bar.facts if fact.startswith("delay")]
    middle, note = float(np.median(measured)), f"worst {max(measured):.0f} ms"
    gates.value("15", f"sensor to screen, {view} view, 95th percentile", middle, " ms", at_most=150, note=note)
    benchmark.pedantic(window.model.view, rounds=5)
