"""A short simulated run in a library."""

from __future__ import annotations

from imu.acquisition.simulator import Simulation
from imu.api import Library, Session
from imu.settings import Settings
from imu.types import SessionRow


def short_run(library: Library, client_id: int | None = None, *, seed: int = 3, speed_mps: float = 2.7) -> SessionRow:
    simulation = Simulation(seed=seed, standing_s=1.0, walking_s=0.0, speed_mps=speed_mps)
    session = Session.simulate(
        simulation,
        Settings(speed_mps=speed_mps),
        out=library.record(client_id),
        duration_s=25.0,
        realtime=False,
    )
    session.start()
    assert session.wait(180.0)
    session.stop()
    return library.session_row(session.session_id)
