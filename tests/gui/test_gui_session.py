"""The dashboard over the engine's own Session: a simulated run, and the file it leaves played back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gui.app import default_sources, make_window
from gui.numbers import NOTHING
from gui.preferences import MemoryPreferences
from gui.views.window import Window
from imu.api import Session, window_summary
from imu.types import ActivityKind, LinkState


def shown_at_end(qtbot, make: Callable[[], Session]) -> Window:
    window = make_window(language="en", theme_name="dark", preferences=MemoryPreferences(), poll_ms=20)
    qtbot.addWidget(window)
    window.resize(1280, 720)
    window.show()
    window.open(make)
    ended = {LinkState.FINISHED, LinkState.FAILED}
    # the first run on a machine compiles the kernels
    qtbot.waitUntil(lambda: window.model.state.status.state in ended, timeout=110_000)
    return window


def test_a_simulated_run_and_its_replay_show_the_same(qtbot, tmp_path: Path) -> None:
    path = tmp_path / "run.stride"
    live = shown_at_end(qtbot, lambda: Session.simulate(out=path, duration_s=45.0, realtime=False))
    session = live.bridge.session
    assert live.model.state.status.state is LinkState.FINISHED, live.model.state.status.detail
    assert live.model.state.n_steps == len(session.steps()) > 60
    assert live.shown.banner.text == f"Finished · 00:45 · {len(session.steps())} steps"
    running = [s for s in session.steps() if s.activity is ActivityKind.RUNNING]
    want = window_summary(running[-100:])
    assert live.shown.load.value.value == f"{want['load_peak_g'].value:.2f}"
    assert live.shown.cadence.value.value == f"{want['cadence_spm'].value:.0f}"
    assert live.shown.contact.value.value != NOTHING
    assert len(live.shown.plot.t_s) > 4000
    assert live.bridge.delay.p95_ms() > 0.0
    live.close()

    again = shown_at_end(qtbot, lambda: Session.replay(path, speed=None))
    for name in ("load", "difference", "cadence", "contact"):
        assert getattr(again.shown, name) == getattr(live.shown, name)


def test_a_recording_that_is_none_is_refused_in_words(qtbot, tmp_path: Path) -> None:
    path = tmp_path / "not.npz"
    path.write_bytes(b"nothing of the kind")
    window = shown_at_end(qtbot, default_sources().replay(path))
    assert window.shown.banner.level == "err"
    assert "Traceback" not in window.shown.banner.text
    assert "unexpected" not in window.shown.banner.text.lower()
    assert "not.npz" in window.shown.banner.text
