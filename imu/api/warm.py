"""Kernels ready before the first packet: loaded from the cache, or compiled once in processes of their own.

Compiling takes some fifteen seconds of one core and 150 MB. In processes of its own it neither stalls the window nor
stays in memory; the two largest parts are compiled side by side, and what joins them after that.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from imu.events.laterality import SideTracker
from imu.events.pelvis import PelvisDetector
from imu.kernels import engine, sacral, still, walk
from imu.settings import Settings
from imu.types import ActivityKind, Place, SampleBlock, StreamInfo

_log = logging.getLogger(__name__)

_RATE_HZ = 208.0
_PELVIS = {Place.SACRUM, Place.HIP}

LONGEST_S = 180.0
"""A machine that has not compiled by then compiles in this process instead."""


def warm_up(settings: Settings) -> None:
    """Have every kernel that a session with these settings needs compiled and loaded.

    Parameters
    ----------
    settings : Settings
        Place and mounting decide which kernels are needed.
    """
    marker = _marker(settings.place)
    if not marker.exists():
        _compile_apart(settings.place)
    _run_a_second(settings)
    try:
        marker.touch()
    except OSError as error:
        _log.info("the kernel cache cannot be written (%s): the next start compiles again", error)


def _marker(place: Place) -> Path:
    """File that says that all kernels of a place are in the cache of exactly these sources."""
    from imu.kernels._jit import cache_folder

    kind = "pelvis" if place in _PELVIS else "limb"
    return cache_folder() / f"complete-{kind}"


def _compile_apart(place: Place) -> None:
    """Fill the cache from other Pythons; whatever goes wrong there, this process can still compile by itself."""
    if getattr(sys, "frozen", False):
        return  # a bundled program has no Python to start
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    parts = ["running", "walking"] if place in _PELVIS else []
    for stage in (parts, [place.value]):
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "imu.api.warm", what],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for what in stage
        ]
        for process in started:
            try:
                if process.wait(LONGEST_S):
                    _log.info("compiling in another process ended with %d", process.returncode)
            except subprocess.TimeoutExpired:
                process.kill()
                _log.info("compiling in another process took too long")


def _compile_running() -> None:
    """Compile one half of the pelvis kernels: running detector, sides, stillness."""
    d = _pelvis_detector()
    f = d.front
    params, state = f.memory[engine.DETECTOR : engine.SACRAL_STATE], f.memory[engine.SACRAL_STATE : engine.STILL_PARAMS]
    sacral.sacral_events(f.sig, 0, 0, params, f.counters[engine.I_DETECTOR : engine.I_WALK], state, d.rows, d.live)
    still.still_events(f.sig, 0, 0, d.still_params, d.still_state, d.still)
    d.finish(0)
    sides = SideTracker(f.fs)
    for ic_s in (0.0, 0.4):
        sides.push(ic_s, sides.features(f.sig, 0.0, 1, ActivityKind.RUNNING), ActivityKind.RUNNING)


def _compile_walking() -> None:
    """Compile the other half: front, walking detector, decoder."""
    d = _pelvis_detector()
    f = d.front
    engine.prepare(np.zeros((1, 6)), 0, f.fs, f.memory, f.counters, f.sig)
    engine.copy_history(f.sig, 0, 0, np.zeros((2, 2)))
    params, state = f.memory[engine.WALK_PARAMS : engine.WALK_STATE], f.memory[engine.WALK_STATE :]
    walk.walk_events(f.sig, 0, 0, f.fs, params, state, f.counters[engine.I_WALK :], d.walked)
    for _ in _simulated_blocks():
        pass


def _pelvis_detector() -> PelvisDetector:
    return PelvisDetector(StreamInfo(_RATE_HZ), mounting=None)


def _simulated_blocks() -> Iterator[SampleBlock]:
    """Decode a simulated second or two, from bytes."""
    from imu.acquisition.simulator import Simulation, simulate_packets
    from imu.acquisition.source import WireFormat

    packets, _ = simulate_packets(Simulation(standing_s=0.1, walking_s=0.0), 2.0)
    decoder = WireFormat.of("open_packet").decoder(_RATE_HZ)
    for packet in packets:
        yield from decoder.push(packet)


def _run_a_second(settings: Settings) -> None:
    """Send a simulated second through decoder and pipeline: that compiles or loads every kernel."""
    from imu.pipeline import Pipeline

    pipeline = Pipeline(settings, StreamInfo(_RATE_HZ), history_s=2.0)
    for block in _simulated_blocks():
        pipeline.push(block)
    pipeline.flush()


if __name__ == "__main__":
    if sys.argv[1] == "running":
        _compile_running()
    elif sys.argv[1] == "walking":
        _compile_walking()
    else:
        _run_a_second(replace(Settings(), place=Place(sys.argv[1])))
