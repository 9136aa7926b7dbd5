"""Kernels ready before the first packet: loaded from the cache, or compiled once in a process of their own.

Compiling takes some ten seconds and 150 MB. In a process of its own it neither stalls the window nor stays in memory.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from imu.settings import Settings
from imu.types import Place

_log = logging.getLogger(__name__)

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

    kind = "pelvis" if place in {Place.SACRUM, Place.HIP} else "limb"
    return cache_folder() / f"complete-{kind}"


def _compile_apart(place: Place) -> None:
    """Fill the cache from a second Python; whatever goes wrong there, this process can still compile by itself."""
    if getattr(sys, "frozen", False):
        return  # a bundled program has no Python to start
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-m", "imu.api.warm", place.value]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=LONGEST_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.info("compiling in a second process failed (%s)", error)
        return
    if done.returncode:
        _log.info("compiling in a second process ended with %d", done.returncode)


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
    _run_a_second(replace(Settings(), place=Place(sys.argv[1])))
