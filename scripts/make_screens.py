"""Take the pictures in docs/screens/ anew: the dashboard with a simulated runner, offscreen.

QT_QPA_PLATFORM=offscreen python scripts/make_screens.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication
from screen_pages import pages
from screen_run import simulated_run

from gui.app import show_live
from gui.i18n import Texts
from gui.reports.compose import Typed, compose
from gui.reports.write import to_image
from gui.theme import load_fonts
from imu.acquisition.simulator import Simulation
from imu.api import Session

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screens"

PICTURES = (
    ("live_dark.png", "en", "dark", "far"),
    ("live_light_nl.png", "nl", "light", "far"),
    ("near_light.png", "en", "light", "near"),
    ("near_dark_nl.png", "nl", "dark", "near"),
)
SECONDS = 45.0
LINE_G = 2.6


def main() -> int:
    """Write every picture; the exit code is that of the first that failed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    reports()
    if "--reports" in sys.argv:
        return 0
    pages(app)
    if "--pages" in sys.argv:
        return 0
    for name, language, theme, view in PICTURES:
        simulation = Simulation(seed=4, asymmetry_pct=5.0, loss_pct=0.3, standing_s=3.0, walking_s=0.0)
        code = show_live(
            lambda simulation=simulation: Session.simulate(simulation),
            language=language,
            theme=theme,
            view=view,
            line_g=LINE_G,
            seconds=SECONDS,
            screenshot=FOLDER / name,
        )
        if code:
            return code
    del app
    return 0


def reports() -> None:
    """Write the report in both copies and languages as pictures."""
    family = load_fonts()
    run = simulated_run()
    plans = {
        "en": ("Longest run at most 6.6 km.", "Last 5 minutes of each run: land softly. Build this up slowly."),
        "nl": ("Langste loop hoogstens 6,6 km.", "Laatste 5 minuten van elke loop: zacht landen. Bouw dit rustig op."),
    }
    practice = {"en": "Physiotherapy practice · simulated runner", "nl": "Praktijk fysiotherapie · gesimuleerde loper"}
    for language in ("en", "nl"):
        for copy, name in (("record", "report"), ("client", "report_client")):
            typed = Typed(copy, practice=practice[language], plan=plans[language])
            picture = to_image(compose(run, Texts(language), typed), family, 1.0)
            picture.save(str(FOLDER / f"{name}_{language}.png"))


if __name__ == "__main__":
    sys.exit(main())
