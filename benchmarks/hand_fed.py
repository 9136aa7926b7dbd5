"""A session whose clock is moved by hand: the real pipeline and pelvis filter, no thread, no waiting.

What the window polls is what `imu.api.Session` would give; samples go round in a circle, so that hours of running need
the memory of a minute.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from imu.acquisition.simulator import Simulation, simulate_recording
from imu.constants import HISTORY_S
from imu.metrics.pelvis import PelvisStrides
from imu.pipeline import Pipeline
from imu.settings import Settings
from imu.types import FloatArray, LinkState, LiveEvent, PelvisState, SampleBlock, Snapshot, Stance, Status, Step


class HandFed:
    """Stands in for a Session.

    Parameters
    ----------
    sampling_rate_hz : float
    seconds : float
        Length of the stretch of running that is repeated.
    """

    def __init__(self, sampling_rate_hz: float = 208.0, seconds: float = 60.0) -> None:
        person = Simulation(seed=2, standing_s=0.0, walking_s=0.0, sampling_rate_hz=sampling_rate_hz)
        recording, _ = simulate_recording(person, seconds)
        self.stream = recording.stream
        self.settings = Settings().with_suggestions(person.suggested())
        self.session_id = None
        self.keeps_in_library = False
        self._samples = np.concatenate([b.samples for b in recording.blocks])
        self._pipeline = Pipeline(self.settings, self.stream, history_s=HISTORY_S)
        assert self.settings.mounting is not None  # the simulated runner says it
        self._strides = PelvisStrides(self.stream, self.settings.mounting)
        self._pelvis = PelvisState()
        self._steps: list[Step] = []
        self._head = 0
        self._now_s = 0.0

    def advance(self, seconds: float) -> int:
        """Let so much time pass; return the number of new steps."""
        self._now_s += seconds
        stop = int(self._now_s * self.stream.sampling_rate_hz)
        index = np.arange(self._head, stop) % len(self._samples)
        block = SampleBlock(self._head, self._samples[index])
        self._head = stop
        new = self._pipeline.push(block)
        self._strides.push(block)
        self._strides.take(new)
        self._steps += new
        if new:
            self._pelvis = PelvisState("", self._strides.motion())
        return len(new)

    # -- what the window asks ----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""

    def set_line(self, line_g: float | None) -> None:
        """Nothing is recorded."""

    def steps(self, since: int = 0) -> Sequence[Step]:
        """Steps from an index on."""
        return tuple(self._steps[since:])

    def snapshot(self, seconds: float) -> Snapshot:
        """Newest signal."""
        return self._pipeline.snapshot(seconds)

    def drain_events(self) -> list[LiveEvent]:
        """Live events since the last call."""
        return self._pipeline.drain_events()

    def pelvis(self) -> PelvisState:
        """Pelvis angles so far."""
        return self._pelvis

    def stance(self) -> Stance | None:
        """Nobody asks how it hangs."""
        return None

    def arrivals(self, after: float = -math.inf) -> FloatArray:
        """No packets arrive."""
        return np.empty(0)

    def status(self) -> Status:
        """A link without a fault."""
        return Status(
            LinkState.STREAMING,
            source="hand-fed",
            elapsed_s=self._now_s,
            nominal_rate_hz=self.stream.sampling_rate_hz,
            rate_hz=self.stream.sampling_rate_hz,
            received=self._head,
            stale_s=0.02,
            activity=self._pipeline.activity_now,
            speed_mps=self.settings.speed_mps,
        )
