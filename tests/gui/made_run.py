"""A run with a known pattern, and a small library of simulated sessions."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import imu
from gui.review.blocks import by_speed
from gui.review.history import Past
from gui.review.run import Mark, Run, Span, SpeedChange
from imu.api import Library
from imu.types import ActivityKind, Place, Side, Step, StreamInfo

START = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)


def made_run(seconds: float = 300.0, *, sides: bool = True, speeds: tuple[float | None, ...] = (2.5, 3.0)) -> Run:
    """Steps at 3 per second with a known pattern: load 2.5 g + speed effect, right 4 % above left."""
    changes = tuple(SpeedChange(k * seconds / len(speeds), speed) for k, speed in enumerate(speeds))
    steps = []
    for k in range(int(seconds * 3)):
        side = (Side.LEFT if k % 2 else Side.RIGHT) if sides else Side.UNKNOWN
        load = (2.5 + (k / 3 >= seconds / 2) * 0.3) * (1.02 if side is Side.RIGHT else 0.98) + 0.1 * math.sin(k * 0.7)
        steps.append(
            Step(
                index=k, activity=ActivityKind.RUNNING, side=side, side_confidence=0.99 if sides else 0.5, ic_s=k / 3,
                tc_s=k / 3 + 0.24, contact_time_s=0.24, flight_time_s=1 / 3 - 0.24, step_time_s=1 / 3,
                stride_time_s=2 / 3, load_peak_g=load, load_peak_s=k / 3 + 0.1, shock_peak_g=load + 0.5,
            )
        )  # fmt: skip
    stream = StreamInfo(200.0, acc_range_g=16.0, name="sensor")
    settings = imu.Settings(body_mass_kg=70.0)
    return Run(
        title="K-017", started=datetime(2026, 11, 22, 14, 5, tzinfo=UTC), steps=tuple(steps), activity=(),
        stream=stream, settings=settings, method={"load_peak_cutoff_hz": 10.0}, start_s=0.0, end_s=seconds,
        n_samples=int(seconds * 200) - 620, n_missing=620, gaps=(Span(100.0, 103.1),), speeds=changes,
        marks=(Mark(20.0, "mark", "a <b>"), Mark(200.0, "swap_sides")),
    )  # fmt: skip


def scaled(run: Run, factor: float) -> Run:
    steps = tuple(replace(s, load_peak_g=(s.load_peak_g or 0.0) * factor) for s in run.steps)
    return replace(run, steps=steps)


def past(k: int, factor: float = 1.0, *, client: int = 1, speed: float = 2.5, **changed) -> Past:
    run = scaled(made_run(120.0, speeds=(speed,)), factor)
    made = Past(k, client, START + timedelta(weeks=k), Place.SACRUM, "2026.1", by_speed(run))
    return replace(made, **changed)


def record(library: Library, client_id: int | None, *, seconds: float = 40.0, seed: int = 4) -> int:
    """Record a simulated session and return its id."""
    simulation = imu.Simulation(seed=seed, standing_s=2.0, walking_s=0.0)
    target = library.record(client_id)
    session = imu.Session.simulate(simulation, out=target, duration_s=seconds, realtime=False)
    session.start()
    assert session.wait(180.0)  # the first on a machine compiles the kernels
    session.stop()
    assert session.session_id is not None
    return session.session_id


def small_library(folder: Path) -> Library:
    """Two clients, three sessions, a client without any."""
    library = Library.open(folder / "small.stride-library")
    first, second = library.add_client("K-017"), library.add_client("K-021")
    library.add_client("K-099")
    record(library, first.id)
    tagged = record(library, first.id, seed=5)
    record(library, second.id, seed=6)
    library.set_tags(tagged, ["first visit"])
    return library
