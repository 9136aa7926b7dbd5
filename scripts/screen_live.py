"""Pictures of the run: far view, near view with each of its cards, runner's window, help."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from screen_frame import library_of, open_held, save, settle, settle_session, window_at
from screen_held import Held, run
from screen_names import LOOKS

from gui.history import history_of
from gui.views.dialogs import HelpDialog, PainDialog
from imu.api import Library, cadence_band
from imu.constants import MPS_PER_KMH
from imu.settings import Settings
from imu.types import Place, Side

CARDS = {"1": "steps", "2": "spectrum", "3": "pelvis", "4": "pair"}
_SPEED = 9.5 * MPS_PER_KMH


def take_live(app: QApplication, path: Path) -> None:
    """Write the pictures; the client's earlier sessions are in the library at `path`."""
    with Library.open(path) as library:
        history = history_of([row for row in library.sessions() if row.client_code == "K-017"])
    person = {"speed_mps": _SPEED, "cadence_spm": 167.0, "variability": 0.6}
    far = Held(run(62.0, loss_pct=0.02, **person), battery_pct=78.0)
    hip = Settings(place=Place.HIP, sensor_side=Side.LEFT, speed_mps=_SPEED)
    second = Held(run(62.0, settings=hip, place=Place.HIP, **person), battery_pct=91.0)
    for theme, language in LOOKS:
        window = window_at(theme, language, library=library_of(path))
        window.view_name = "far"
        open_held(
            app, window, far, history=history, client_code="K-017", cadence_target=cadence_band(159.0), target_pct=5.0
        )
        window.model.state.marked()
        window.refresh()
        settle(app)
        save(window, "far", theme, language)
        window.toggle_runner()
        settle(app)
        if window.runner is not None:
            window.runner.resize(1280, 720)
            window.runner.take(window.model.state)
            settle(app)
            save(window.runner, "runner", theme, language)
        window.set_view("near")
        pair = window.commands.second
        pair.open(lambda: second, hip)  # type: ignore[arg-type,return-value]  # a stand-in
        settle_session(app, pair.bridge)
        for card in CARDS.values():
            window.near.middle.choose(card)
            window.bridge.poll()
            window.refresh()
            settle(app)
            save(window, f"near_{card}", theme, language)
        for dialog, name in (
            (HelpDialog(window.look, window), "help"),
            (PainDialog(window.look, window), "dialog_pain"),
        ):
            dialog.show()
            settle(app)
            save(dialog, name, theme, language)
            dialog.close()
        window.close()
