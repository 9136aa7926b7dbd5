"""A library of simulated sessions for the pictures: three clients, several weeks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from screen_run import STARTED

from imu.acquisition.simulator import Simulation
from imu.api import Library, Session
from imu.constants import MPS_PER_KMH
from imu.settings import Settings

_WEEKS = (11, 9, 7, 5, 3, 1, 0)
_SECONDS = 170.0


def make_library(path: Path) -> Library:
    """Record simulated sessions of three clients into a new library, with the dates of several weeks."""
    library = Library.open(path)
    dates: list[tuple[int, datetime]] = []
    people = (("K-017", 4, _WEEKS, 72.0), ("K-021", 9, (6, 2), 61.0), ("K-024", 12, (4,), 80.0))
    for code, seed, weeks, mass in people:
        client = library.add_client(code, birth_year=1984, body_mass_kg=mass, body_height_m=1.78)
        library.add_consent(client.id, "2026-11", "…", ("explained", "recording"))
        shoe = library.add_shoe(client.id, "Road A", 412.0)
        surface = library.add_surface(f"treadmill {code[-1]}")
        for k, ago in enumerate(weeks):
            session = _record(library, client.id, shoe.id, surface.id, seed=seed, k=k, mass=mass)
            dates.append((session, STARTED - timedelta(weeks=ago, minutes=7 * k)))
            if code == "K-017":
                library.add_pain(session, "before", 2)
                library.add_pain(session, "after", 1 + k % 2)
            if k % 3 == 0:
                library.set_tags(session, ["cue"] if k else ["first visit"])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE consent SET given_utc = ?", ((STARTED - timedelta(weeks=11)).isoformat(),))
        for session, started in dates:
            ended = started + timedelta(seconds=_SECONDS)
            connection.execute(
                "UPDATE session SET started_utc = ?, ended_utc = ? WHERE id = ?",
                (started.isoformat(timespec="milliseconds"), ended.isoformat(timespec="milliseconds"), session),
            )
    return library


def _record(library: Library, client: int, shoe: int, surface: int, *, seed: int, k: int, mass: float) -> int:
    simulation = Simulation(
        seed=seed,
        speed_mps=(11.0 if k == 2 else 9.5) * MPS_PER_KMH,
        contact_time_s=None if k == 2 else 0.232 + 0.004 * ((3 * k) % 5),
        cadence_spm=165.0 + (3 * k) % 7,
        asymmetry_pct=4.0 - (2 * k) % 3,
        pitch_deg=7.0 + k % 3,
        body_mass_kg=mass,
        standing_s=2.0,
        walking_s=6.0,
        loss_pct=0.05,
    )
    settings = Settings(body_mass_kg=mass).with_suggestions(simulation.suggested())
    target = library.record(client, shoe_id=shoe, surface_id=surface)
    session = Session.simulate(simulation, settings, out=target, duration_s=_SECONDS, realtime=False)
    session.start()
    session.wait(120.0)
    session.stop()
    if session.session_id is None:
        raise RuntimeError(session.status().detail)
    return session.session_id
