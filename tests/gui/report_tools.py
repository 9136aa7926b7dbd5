"""What the tests of the report share: a recorded run, the text of a PDF."""

from __future__ import annotations

import io
from pathlib import Path

from pypdf import PdfReader

import imu


def recorded_run(folder: Path) -> Path:
    """Record a minute of a simulated run into a file."""
    path = folder / "run.stride"
    simulation = imu.Simulation(seed=4, standing_s=2.0, walking_s=0.0)
    live = imu.Session.simulate(simulation, out=path, duration_s=60.0, realtime=False)
    live.start()
    assert live.wait(60.0)
    live.stop()
    return path


def text_of(pdf: bytes) -> str:
    """Return the words of the first page."""
    return " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().replace("\xa0", " ").split())
