"""Take the pictures in docs/screens/ anew: the dashboard with a simulated runner, offscreen.

QT_QPA_PLATFORM=offscreen python scripts/make_screens.py

With the folder of the real recordings in STRIDE_DATA also those made from them (recorded_*.png). Only some of them:
--review, --recorded, --pages.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication
from screen_pages import pages
from screen_recordings import take_recorded
from screen_review import take_pictures

from gui.app import show_live
from imu.acquisition.simulator import Simulation
from imu.api import Session

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screens"

PICTURES = (
    ("live_dark.png", "en", "dark", "far", "steps"),
    ("live_light_nl.png", "nl", "light", "far", "steps"),
    ("near_light.png", "en", "light", "near", "pelvis"),
    ("near_dark_nl.png", "nl", "dark", "near", "spectrum"),
)
SECONDS = 45.0
LINE_G = 2.6


def main() -> int:
    """Write every picture; the exit code is that of the first that failed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    data = os.environ.get("STRIDE_DATA")
    if data:
        take_recorded(FOLDER, app, Path(data))
    if "--recorded" in sys.argv:
        return 0
    take_pictures(FOLDER, app)
    if "--review" in sys.argv:
        return 0
    pages(app)
    if "--pages" in sys.argv:
        return 0
    for name, language, theme, view, card in PICTURES:
        simulation = Simulation(
            seed=4, asymmetry_pct=5.0, loss_pct=0.05 if card == "pelvis" else 0.3, standing_s=8.0, walking_s=0.0
        )
        code = show_live(
            lambda simulation=simulation: Session.simulate(simulation),
            language=language,
            theme=theme,
            view=view,
            card=card,
            line_g=LINE_G,
            seconds=SECONDS,
            screenshot=FOLDER / name,
        )
        if code:
            return code
    del app
    return 0


if __name__ == "__main__":
    sys.exit(main())
