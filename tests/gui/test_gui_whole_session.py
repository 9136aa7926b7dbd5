"""A whole session as a therapist runs it: start page, wizard, run with cue test, pain and note, stop, summary."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from gui.views.dialogs import NoteDialog, PainDialog
from gui.views.session_page import SessionPage
from imu.acquisition.simulator import SimulatedSource, Simulation
from imu.acquisition.source import Pacer
from imu.api import Library, Session

RUNNER = Simulation(standing_s=15.0, walking_s=4.0, knee_lifts=3, pitch_deg=7.0, roll_deg=0.5, seed=4)


class ByHand:
    """A simulated sensor whose clock the test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.session: Session | None = None

    async def _sleep(self, seconds: float) -> None:
        until = self.now_s + seconds
        while self.now_s < until:
            await asyncio.sleep(0.001)

    def begin(self, plan, library) -> Session:
        source = SimulatedSource(RUNNER, Pacer(1.0, now=lambda: self.now_s, sleep=self._sleep))
        settings = plan.settings.with_suggestions(RUNNER.suggested())
        out = library.record(plan.client_id, shoe_id=plan.shoe_id, wizard=plan.answers)
        self.session = Session(source, settings, name=source.info.name, out=out)
        return self.session

    def run(self, qtbot, window, seconds: float, step: float = 4.0) -> None:
        """Let stream time pass, in pieces that the window sees."""
        for _ in range(round(seconds / step)):
            self.now_s += step
            qtbot.waitUntil(lambda: self.session.status().elapsed_s > self.now_s - 0.5, timeout=30_000)
            window.bridge.poll()


@pytest.mark.parametrize("language", ["nl"])
def test_from_the_start_page_to_the_summary(live, qtbot, tmp_path: Path, monkeypatch, language: str) -> None:
    path = tmp_path / "library.stride-library"
    with Library.open(path) as library:
        client = library.add_client("K-017", body_mass_kg=72.0, body_height_m=1.78)
    sensor = ByHand()
    app = live(sources={"library": lambda: Library.open(path), "begin": sensor.begin}, language=language)
    window, wizard = app.window, app.window.wizard

    qtbot.keyClick(window, Qt.Key.Key_N)  # a returning client: code, pain, speed, and on
    wizard.before.code.setCurrentText("K-017")
    wizard.before.pain.setValue(2)
    wizard.next.click()
    wizard.sensor.speed.setValue(10.0)
    wizard.next.click()
    app.wait_made()
    qtbot.waitUntil(lambda: sensor.session is not None and sensor.session.status().received > 0, timeout=60_000)
    sensor.run(qtbot, window, 14.0, step=2.0)
    calibrate = wizard.calibrate
    assert "recht genoeg" in calibrate.labels["stand_state"].text()
    assert "links is links (zekerheid 0,97)" in calibrate.labels["side_state"].text()
    assert wizard.skipped() == ["consent", "pain_place", "shoe", "checklist", "sensor_side"]
    wizard.next.click()
    assert window.in_run

    sensor.run(qtbot, window, 76.0)
    shown = window.shown
    assert shown.bar.source == "K-017"
    assert shown.banner is None
    assert shown.bar.recording
    assert shown.load.value.value != "–"
    assert shown.load.change.note.startswith("geen eerdere sessie")
    assert shown.contact.value.firm
    assert any("linkerknie drie keer opgetild" in row.text for row in shown.events)

    qtbot.keyClick(window, Qt.Key.Key_Space)
    monkeypatch.setattr(PainDialog, "exec", lambda dialog: dialog.findChildren(QPushButton)[1].click() or True)
    qtbot.keyClick(window, Qt.Key.Key_P)
    monkeypatch.setattr(NoteDialog, "exec", lambda dialog: dialog.line.setText("zachter landen") or True)
    qtbot.keyClick(window, Qt.Key.Key_M)
    qtbot.keyClick(window, Qt.Key.Key_C)
    sensor.run(qtbot, window, 36.0)
    assert window.shown.banner.text.startswith("Aanwijzing “land zachter” 00:3")
    qtbot.keyClick(window, Qt.Key.Key_C)
    sensor.run(qtbot, window, 36.0)
    qtbot.keyClick(window, Qt.Key.Key_C)  # the verdict before the time
    assert "aanwijzing" in window.shown.banner.text.lower()
    words = [row.text for row in window.shown.events]
    assert any(text.startswith("aanwijzing: ") for text in words)

    window.footer.keys["mark"].setFocus()
    window.end_or_again()
    page = window.pages.currentWidget()
    assert isinstance(page, SessionPage)
    with Library.open(path) as library:
        (row,) = library.sessions(client.id)
        assert row.n_steps > 300
        assert row.speeds_mps == (pytest.approx(10.0 / 3.6),)
        run = library.session(row.id)
    assert [(entry.when, entry.score) for entry in run.pain] == [("before", 2), ("during", 1)]
    kinds = [marker.kind for marker in run.markers]
    assert "side_anchor" in kinds
    texts = [marker.value for marker in run.markers]
    assert "zachter landen" in texts
    assert "aanwijzing: land zachter" in texts
    assert run.wizard["standing"]["roll_deg"] == pytest.approx(0.0, abs=1.0)
    assert run.wizard["side_anchor"] == {"left_as_stated": True, "confidence": 0.97}
    window.go_start()
    assert window.on_start_page
