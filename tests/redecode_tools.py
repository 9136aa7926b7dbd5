"""Session files whose packets are stored beside another profile or other options than they were made with."""

from __future__ import annotations

from pathlib import Path

from imu.acquisition.profiles import parse_profile
from imu.acquisition.simulator import Simulation
from imu.api import Session
from imu.settings import Settings
from imu.store.fresh import StreamHeader
from imu.store.reader import read_session
from imu.store.writer import Marker, SessionWriter
from imu.types import StreamInfo


def record_at(path: Path, rate_hz: float, seconds: float = 16.0) -> Path:
    """Record a simulated runner at a rate, stored as it is."""
    simulation = Simulation(seed=4, standing_s=1.0, walking_s=0.0, speed_mps=2.78, sampling_rate_hz=rate_hz)
    session = Session.simulate(simulation, out=path, duration_s=seconds, realtime=False)
    with session:
        assert session.wait(60.0)
    assert session.status().warnings == ()
    return path


def mislabel(
    right: Path,
    path: Path,
    *,
    profile: tuple[str, str] | None = None,
    options: dict[str, int] | None = None,
    markers: tuple[Marker, ...] = (),
) -> Path:
    """Store the same packets beside another profile (name, text) or other options; markers on the wrong clock."""
    stored = read_session(right)
    name, text = profile or (stored.profile_name, stored.profile_text)
    chosen = parse_profile(text).choose(**{**stored.options, **(options or {})})
    info = StreamInfo(
        sampling_rate_hz=float(chosen["rate_hz"]),
        channels=stored.info.channels,
        acc_range_g=float(chosen["acc_range_g"]),
        name=stored.info.name,
    )
    writer = SessionWriter(path, Settings(**stored.settings), StreamHeader(info, name, text, chosen, None))
    for packet in stored.packets:
        writer.append(packet)
    for marker in markers:
        writer.marker(marker)
    writer.close()
    return path
