"""Kernels ready before the first packet: loaded from the cache, or compiled once in processes of their own.

Compiling takes some fifteen seconds of one core and 150 MB. In processes of its own it neither stalls the window nor
stays in memory; the two largest parts are compiled side by side, and what joins them after that.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from imu.events.laterality import SideTracker
from imu.events.pelvis import PelvisDetector
from imu.kernels import engine, sacral, walk
from imu.settings import Settings
from imu.types import ActivityKind, Place, StreamInfo

_log = logging.getLogger(__name__)

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
    """Compile the running detector, the largest kernel."""
    d = _pelvis_detector()
    f = d.front
    params, state = f.memory[engine.DETECTOR : engine.SACRAL_STATE], f.memory[engine.SACRAL_STATE : engine.STILL_PARAMS]
    sacral.sacral_events(f.sig, 0, 0, params, f.counters[engine.I_DETECTOR : engine.I_WALK], state, d.rows, d.live)


def _compile_walking() -> None:
    """Compile the other large kernels of the pelvis: front, walking detector, sides."""
    d = _pelvis_detector()
    f = d.front
    engine.prepare(np.zeros((1, 6)), 0, f.fs, f.memory, f.counters, f.sig)
    params, state = f.memory[engine.WALK_PARAMS : engine.WALK_STATE], f.memory[engine.WALK_STATE :]
    walk.walk_events(f.sig, 0, 0, f.fs, params, state, f.counters[engine.I_WALK :], d.walked)
    sides = SideTracker(f.fs)
    sides.push(0.0, sides.features(f.sig, 0.0, 1, ActivityKind.RUNNING), ActivityKind.RUNNING)


def _pelvis_detector() -> PelvisDetector:
    return PelvisDetector(StreamInfo(208.0), mounting=None)


def _run_a_second(settings: Settings) -> None:
    """Send a simulated second through decoder and pipeline: that compiles or loads every kernel."""
    from imu.acquisition.simulator import Simulation, simulate_packets
    from imu.acquisition.source import WireFormat
    from imu.pipeline import Pipeline

    packets, _ = simulate_packets(Simulation(standing_s=0.1, walking_s=0.0), 2.0)
    decoder = WireFormat.of("open_packet").decoder(208.0)
    pipeline = Pipeline(settings, decoder.info, history_s=2.0)
    for packet in packets:
        for block in decoder.push(packet):
            pipeline.push(block)
    pipeline.flush()


if __name__ == "__main__":
    if sys.argv[1] == "running":
        _compile_running()
    elif sys.argv[1] == "walking":
        _compile_walking()
    else:
        _run_a_second(replace(Settings(), place=Place(sys.argv[1])))
