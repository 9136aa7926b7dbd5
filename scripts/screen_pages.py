"""Pictures of the start page and the three pages of the wizard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication
from screen_frame import library_of, save, settle, settle_session, window_at
from screen_held import Held, run
from screen_names import LOOKS

_FREE_BYTES = 82 * 10**9


def take_pages(app: QApplication, path: Path) -> None:
    """Write the pictures; the library is at `path`."""
    standing = run(8.0, standing_s=15.0, roll_deg=0.6)
    still = standing.stance()
    if still is None:
        raise RuntimeError("the runner does not stand")
    # the lifts are watched for while a session runs; this is what they gave then (tests/gui/test_gui_whole_session.py)
    lifted = still._replace(lifts=3, left_as_stated=True, side_confidence=0.97)
    held = Held(standing, battery_pct=78.0, stance=lifted)
    for theme, language in LOOKS:
        _take(app, path, held, theme, language)


def _take(app: QApplication, path: Path, held: Held, theme: str, language: str) -> None:
    window = window_at(theme, language, library=library_of(path), begin=lambda _plan, _library: held)
    wizard = window.wizard
    settle(app, lambda: not window.start.scanner.searching)
    if window.start.info is not None:  # where the library lies is this computer's own affair
        shown = Path("~/stride-impact/library.stride-library")
        window.start.info = replace(window.start.info, path=shown, free_bytes=_FREE_BYTES)
    window.start.update()
    settle(app)
    save(window, "start", theme, language)
    window.beginning.begin(None)
    wizard.before.code.setCurrentText("K-017")
    wizard.before.pain.setValue(1)
    wizard.before.read.setChecked(True)
    settle(app)
    save(window, "wizard_client", theme, language)
    wizard.next.click()
    wizard.sensor.speed.setValue(9.5)
    settle(app)
    save(window, "wizard_sensor", theme, language)
    wizard.next.click()
    settle_session(app, window.bridge)
    window.bridge.poll()
    settle(app)
    save(window, "wizard_stand", theme, language)
    window.close()
