"""Kernels ready before the first packet: loaded from the cache, or compiled once in processes of their own.

Compiling takes some ten to fifteen seconds of one core and 150 MB. In processes of its own it neither stalls the window
nor stays in memory; two halves are compiled side by side.
"""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np

from imu.api import raster
from imu.events.limb import LimbDetector
from imu.events.pelvis import PelvisDetector
from imu.pipeline.pelvis import PelvisSteps
from imu.settings import Settings
from imu.types import Place, SampleBlock, StreamInfo

_log = logging.getLogger(__name__)

_RATE_HZ = 208.0
_PELVIS = {Place.SACRUM, Place.HIP}

_compiling = threading.Lock()
_done: set[str] = set()

LONGEST_S = 180.0
"""A machine that has not compiled by then compiles in this process instead."""


def warm_up(settings: Settings) -> None:
    """Have every kernel that a session with these settings needs compiled and loaded.

    Parameters
    ----------
    settings : Settings
        Place and mounting decide which kernels are needed.
    """
    compile_once(settings.place)
    _run_a_second(settings)
    _note_complete(settings.place)


def compile_once(place: Place) -> None:
    """Fill the cache of compiled kernels, unless it is full: faster apart than by the first call of each kernel.

    Whoever asks while it is under way waits for it.
    """
    with _compiling:
        # what was done here is not done again, even where the cache could not be written
        if not is_compiled(place) and _kind(place) not in _done and _compile_apart(place):
            _done.add(_kind(place))
            _note_complete(place)


def compile_ahead(place: Place) -> None:
    """Begin to fill the cache in the background: a first start is spent on reading the first page, not on waiting."""
    if not is_compiled(place):
        _in_background(compile_once, place)


def is_compiled(place: Place) -> bool:
    """Tell whether the kernels for a sensor worn there are in the cache; its own decoder may not be."""
    from imu.kernels._jit import COMPILES

    return not COMPILES or _marker(place).exists()


def _marker(place: Place) -> Path:
    """File that says that all kernels of a place are in the cache of exactly these sources."""
    from imu.kernels._jit import cache_folder

    return cache_folder() / f"complete-{_kind(place)}"


def _in_background(work: Callable[..., object], what: object) -> None:
    threading.Thread(target=work, args=(what,), name="stride-compile", daemon=True).start()


def _kind(place: Place) -> str:
    return "pelvis" if place in _PELVIS else "limb"


def _note_complete(place: Place) -> None:
    try:
        _marker(place).touch()
    except OSError as error:
        _log.info("the kernel cache cannot be written (%s): the next start compiles again", error)


def _compile_apart(place: Place) -> bool:
    """Fill the cache from another Python; whatever goes wrong there, this process can still compile by itself."""
    if getattr(sys, "frozen", False):
        return False  # a bundled program has no Python to start
    halves = [_start(half) for half in (_PELVIS_HALVES if place in _PELVIS else _LIMB_HALVES)]
    done = [_wait_for(half) for half in halves]
    if all(done) and place in _PELVIS:
        # the simulated runner and recordings do without it
        _in_background(_wait_for, _start("decoder"))
    return all(done)


def _start(what: str) -> subprocess.Popen[bytes]:
    """Run this module in another Python."""
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", "imu.api.warm", what],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait_for(process: subprocess.Popen[bytes]) -> bool:
    """Whether the process has done its part."""
    try:
        code = process.wait(LONGEST_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        _log.info("compiling in another process took too long")
        return False
    if code:
        _log.info("compiling in another process ended with %d", code)
    return code == 0


def _compile_steps() -> None:
    """Compile what makes steps of a pelvis sensor's detectors' rows, a decoder, and what lays curves."""
    PelvisSteps(Settings(), StreamInfo(_RATE_HZ), (True, True, True), 0, None).finish(0)
    _open_decoder("open_packet")
    raster.warm_up_curves()


def _compile_detectors() -> None:
    """Compile a pelvis sensor's way through a block, and what paints tiles."""
    PelvisDetector(StreamInfo(_RATE_HZ), mounting=None).push(np.zeros((1, 6)), 0)
    raster.warm_up_tiles()


def _compile_decoder() -> None:
    """Compile the decoder that most sensors have."""
    _open_decoder("movesense")


def _compile_limb() -> None:
    """Compile a foot or shank sensor's way through a block, and what paints curves."""
    _limb_detector().push(np.zeros((1, 6)), 0)
    raster.warm_up()


def _compile_ends() -> None:
    """Compile what a foot or shank sensor needs besides its detector's way through a block: losses, end, decoders."""
    d = _limb_detector()
    d.bridge(0, 0)
    d.gap(0, 0)
    d.finish(0)
    _compile_decoders()


def _compile_decoders() -> None:
    """Compile the decoders of both kinds."""
    _open_decoder("open_packet")
    _open_decoder("movesense")


def _limb_detector() -> LimbDetector:
    return LimbDetector(StreamInfo(_RATE_HZ), on_foot=True, mounting=None)  # for a shank the same kernels


def _simulated_blocks() -> Iterator[SampleBlock]:
    """Decode a simulated second or two, from bytes."""
    from imu.acquisition.simulator import Simulation, simulate_packets
    from imu.acquisition.source import WireFormat

    packets, _ = simulate_packets(Simulation(standing_s=0.1, walking_s=0.0), 2.0)
    decoder = WireFormat.of("open_packet").decoder(_RATE_HZ)
    for packet in packets:
        yield from decoder.push(packet)


def _open_decoder(profile: str) -> None:
    """Open a decoder: it loads its kernel before there is a packet."""
    from imu.acquisition.source import WireFormat

    WireFormat.of(profile).decoder(_RATE_HZ)


def _run_a_second(settings: Settings) -> None:
    """Send a simulated second through decoder and pipeline: that compiles or loads every kernel."""
    from imu.pipeline import Pipeline

    pipeline = Pipeline(settings, StreamInfo(_RATE_HZ), history_s=2.0)
    for block in _simulated_blocks():
        pipeline.push(block)
    pipeline.flush()
    raster.warm_up()


# A kernel is compiled with all that it calls (see `imu.kernels._jit`), so the halves are whole kernels.
_HALVES = {
    "steps": _compile_steps,
    "detectors": _compile_detectors,
    "decoder": _compile_decoder,
    "limb": _compile_limb,
    "ends": _compile_ends,
}
_PELVIS_HALVES = ("detectors", "steps")
_LIMB_HALVES = ("limb", "ends")


def _main(what: str) -> None:
    gc.disable()  # a compiler makes a million objects and drops them all at its end
    with _quicker_numba():
        _HALVES[what]()


def _quicker_numba() -> AbstractContextManager[None]:
    """Return what makes this numba compile quicker; a version that it does not know compiles as it is."""
    try:
        from imu.kernels._compiling import compiling_only
    except (ImportError, AttributeError):
        return nullcontext()
    return compiling_only()


if __name__ == "__main__":
    _main(sys.argv[1])
