"""What the samples of a run say beside its steps: how the sensor was worn, bounce, regularity; whole and per speed.

Half an hour takes some seconds, so a page shows the steps first and this when it is ready.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gui.review.blocks import AtSpeed
from gui.review.run import Run
from imu import api
from imu.api import Movement
from imu.types import Recording


@dataclass(frozen=True, slots=True)
class Signal:
    """Result over a run.

    Attributes
    ----------
    whole : Movement
        Of all its steps that are not cut.
    speeds : tuple of AtSpeed
        As given, each with its own `Movement`, and with the wander of gravity in its left-right intervals.
    """

    whole: Movement
    speeds: tuple[AtSpeed, ...]


def signal_of(run: Run, speeds: Sequence[AtSpeed]) -> Signal | None:
    """Look at the samples of a run; None where they are not at hand.

    Raises
    ------
    ImuError
        They cannot be read.
    """
    if run.samples is None:
        return None
    recording = run.samples()
    steps = tuple(s for s in run.steps if not run.is_cut(s.ic_s))
    whole = api.movement(recording, steps, run.settings, one_speed=len(speeds) < 2)
    return Signal(whole, tuple(_of_speed(run, recording, at, whole) for at in speeds))


def _of_speed(run: Run, recording: Recording, at: AtSpeed, whole: Movement) -> AtSpeed:
    settings = replace(run.settings, speed_mps=at.speed_mps)
    found = api.movement(recording, at.steps, settings)
    # a stretch too short to tell its own wander has that of the run
    tilt_pct = found.tilt_pct if found.residual_tilt_deg is not None else whole.tilt_pct
    summary = api.summarise(at.steps, run.stream, run.settings, tilt_pct=tilt_pct)
    return replace(at, summary=summary, movement=found)
