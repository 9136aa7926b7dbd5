"""Row 16: one frame of the window as it is used, from the poll to the end of the paint, without a graphics card.

Time of this thread, so that other programs do not count. A frame in which a step arrives changes every number.
"""

from __future__ import annotations

import os
import time

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtWidgets import QApplication

from benchmarks.hand_fed import HandFed
from gui.app import make_window
from gui.preferences import MemoryPreferences

FRAME_S = 1.0 / 30.0
APP = QApplication.instance() or QApplication(["bench"])
"""Kept for the life of the process: a QApplication that Python frees at the end may take the process with it."""


def frames(view: str, size: tuple[int, int], n: int = 150) -> tuple[np.ndarray, np.ndarray]:
    """Milliseconds of each frame, and whether a step came in it."""
    session = HandFed()
    window = make_window(language="en", theme_name="dark", preferences=MemoryPreferences(view=view), poll_ms=3_600_000)
    window.far.in_turn = window.near.in_turn = True  # as in a window that polls 30 times a second
    window.model.state.line_g = 2.6
    window.resize(*size)
    window.show()
    window.open(lambda: session)
    assert window.bridge._making.done.wait(30.0)
    for _ in range(40):
        session.advance(0.5)
        window.bridge.poll()
        APP.processEvents()
    took, stepped = [], []
    for _ in range(n):
        stepped.append(session.advance(FRAME_S) > 0)
        start = time.thread_time()
        window.bridge.poll()
        APP.processEvents()
        took.append(1e3 * (time.thread_time() - start))
    window.close()
    return np.array(took), np.array(stepped)


@pytest.mark.parametrize(("size", "most"), [((1200, 800), 8.0), ((3840, 2160), 16.0)])
@pytest.mark.parametrize("view", ["far", "near"])
def test_frame_of_the_window(view, size, most, gates, benchmark):
    took, stepped = benchmark.pedantic(frames, args=(view, size), rounds=1)
    name = f"{view} view, {size[0]} x {size[1]}"
    p95 = f"95 %: {np.percentile(took[~stepped], 95):.1f} ms"
    gates.value("16", f"frame of the {name}", float(np.median(took[~stepped])), " ms", at_most=most, note=p95)
    worst = f"95 %: {np.percentile(took[stepped], 95):.1f} ms"
    gates.value("16", "... in which a step arrives", float(np.median(took[stepped])), " ms", at_most=most, note=worst)
