"""Pictures of the start page, the wizard and the runner's window, in both languages and themes."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from gui.app import PICTURE_SIZE, default_sources, make_window
from gui.preferences import MemoryPreferences
from imu.acquisition.simulator import Simulation
from imu.api import Library, Session
from imu.settings import Settings

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screens"
LOOKS = (("en", "light"), ("nl", "dark"), ("en", "dark"), ("nl", "light"))


@dataclass(frozen=True)
class Found:
    """A made-up sensor around."""

    name: str
    address: str
    title: str
    rssi_dbm: int
    battery_pct: float
    kind: str = "imu"
    profiles: tuple[str, ...] = ("movesense",)


SENSORS = (
    Found("Movesense 2130", "1", "Movesense", -58, 78.0),
    Found("Xsens DOT 4F", "2", "Movella DOT", -71, 91.0),
    Found("WT901 BLE", "3", "WitMotion", -83, 12.0),
)


def _wait(app: QApplication, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.01)


def _fill(library: Library) -> None:
    """Put three clients with a simulated run each into a library."""
    for seed, code in enumerate(("K-031", "K-022", "K-017"), start=3):
        client = library.add_client(code, birth_year=1984, body_mass_kg=72.0, body_height_m=1.78)
        library.add_shoe(client.id, "Brooks A", 412.0)
        simulation = Simulation(seed=seed, standing_s=1.0, walking_s=0.0)
        settings = Settings(speed_mps=simulation.speed_mps)
        session = Session.simulate(simulation, settings, out=library.record(client.id), duration_s=60.0, realtime=False)
        with session:
            session.wait(60.0)


def pages(app: QApplication) -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.stride-library"
        with Library.open(path) as library:
            _fill(library)
        sources = replace(
            default_sources(), scan=lambda _seconds, _changed: SENSORS, library=lambda: Library.open(path)
        )
        for language, theme in LOOKS:
            window = make_window(
                language=language, theme_name=theme, preferences=MemoryPreferences(line_g="2.60"), sources=sources
            )
            window.resize(*PICTURE_SIZE)
            window.show()
            _wait(app, 0.4)

            def save(name: str, widget: QWidget, end: str = f"{theme}_{language}") -> None:
                widget.grab().save(str(FOLDER / f"{name}_{end}.png"))

            # where the library lies is this computer's own affair
            if window.start.info is not None:
                window.start.info = replace(window.start.info, path=Path("~/stride-impact/library.stride-library"))
            save("start", window)
            window.beginning.begin(None)
            window.wizard.before.code.setCurrentText("K-017")
            _wait(app, 0.2)
            save("wizard_client", window)
            window.wizard.next.click()
            window.wizard.sensor.list.rows[-1].click()
            window.wizard.sensor.speed.setValue(10.0)
            _wait(app, 0.2)
            save("wizard_sensor", window)
            window.wizard.next.click()
            _wait(app, 13.0)
            save("wizard_stand", window)
            window.wizard.next.click()
            _wait(app, 16.0)
            window.toggle_runner()
            _wait(app, 0.3)
            if window.runner is not None:
                save("runner", window.runner)
            window.footer.end.click()
            window.close()
