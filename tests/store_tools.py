"""Sessions to put into a library: made once, copied where they are needed."""

from __future__ import annotations

from pathlib import Path

from imu.acquisition.simulator import Simulation
from imu.api import Library, Session


def record(
    library: Library, seconds: float = 12.0, seed: int = 1, client_id: int | None = None, **facts: object
) -> int:
    """Record a simulated runner into a library, as fast as it goes; returns the session's id."""
    target = library.record(client_id, **facts)  # type: ignore[arg-type]
    simulation = Simulation(seed=seed, standing_s=1.0, walking_s=0.0, speed_mps=2.78)
    session = Session.simulate(simulation, out=target, duration_s=seconds, realtime=False)
    with session:
        assert session.wait(60.0)
    assert session.status().detail == ""
    assert session.session_id is not None
    return session.session_id


def record_file(path: Path, seconds: float = 12.0, seed: int = 1) -> Path:
    """The same into a file of its own."""
    simulation = Simulation(seed=seed, standing_s=1.0, walking_s=0.0, speed_mps=2.78)
    session = Session.simulate(simulation, out=path, duration_s=seconds, realtime=False)
    with session:
        assert session.wait(60.0)
    return path
