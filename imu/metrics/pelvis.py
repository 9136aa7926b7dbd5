"""How the pelvis moves within a stride: mean curve and range of tilt, lean and rotation over the newest strides.

A stride runs from a contact to the next one of the same foot, resampled to 0 to 100 % of its time (101 points, linear).
The range is that of each stride by itself, then the mean over strides, so that a slow wander of the trunk is not in it.
Angles are those of the sensor: the skin under it moves too, and its own lean against the pelvis is in the mean.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from imu.dsp.orientation import PelvisAngles
from imu.metrics.intervals import STRIDES, mean_of
from imu.types import ActivityKind, FloatArray, PelvisMotion, SampleBlock, Side, Step, StreamInfo

POINTS: Final = 101
NEWEST: Final = 50
"""Strides of which the mean is made."""

FEWEST: Final = 5
"""Fewer strides say nothing."""

SETTLE_S: Final = 5.0
"""So long after a start or a loss the filter's inclination is not believed (its time constant is 3 s)."""

_KEPT_S: Final = 20.0
"""A stride is cut out as soon as its steps are known; they come at most some seconds late."""

_SAME_CONTACT_S: Final = 0.02


class PelvisStrides:
    """Follows the pelvis' angles and cuts them into strides; any partition of the samples gives the same.

    Parameters
    ----------
    stream : StreamInfo
    mounting : str
        See `imu.frames`.

    Raises
    ------
    ImuError
        The package vqf is not installed.
    """

    def __init__(self, stream: StreamInfo, mounting: str) -> None:
        self._stream = stream
        self._angles = PelvisAngles(stream.sampling_rate_hz, mounting)
        self._ring: FloatArray = np.full((round(_KEPT_S * stream.sampling_rate_hz), 3), np.nan)
        self._settled = round(SETTLE_S * stream.sampling_rate_hz)  # index from which the angles are believed
        self._last: Step | None = None
        self._before: Step | None = None
        self._strides: dict[Side, deque[FloatArray]] = {}
        self.head = 0
        self.forget_strides()

    def forget_strides(self) -> None:
        """Left and right mean the other foot from now on: begin anew with the mean."""
        self._strides = {side: deque(maxlen=NEWEST) for side in (Side.LEFT, Side.UNKNOWN)}

    def push(self, block: SampleBlock) -> None:
        """Take a block; a hole before or in it stays a hole."""
        if self.head == 0 or block.start_index < self.head:
            self.head = block.start_index
            self._settled = self.head + round(SETTLE_S * self._stream.sampling_rate_hz)
        self._skip(block.start_index - self.head)
        good = np.asarray(np.isfinite(block.samples).all(axis=1))
        edges = np.flatnonzero(np.diff(good.view(np.int8))) + 1
        for start, stop in pairwise([0, *edges.tolist(), len(good)]):
            if stop > start and good[start]:
                self._write(self._angles.push(block.samples[start:stop]))
            else:
                self._skip(stop - start)

    def _skip(self, missing: int) -> None:
        if missing > 0:
            self._write(np.full((min(missing, len(self._ring)), 3), np.nan), missing)
            self._settled = max(self._settled, self.head + round(SETTLE_S * self._stream.sampling_rate_hz))

    def _write(self, angles: FloatArray, passed: int | None = None) -> None:
        passed = len(angles) if passed is None else passed
        stop = self.head + passed
        angles = angles[-len(self._ring) :]
        index = np.arange(stop - len(angles), stop)
        angles = np.where((index >= self._settled)[:, None], angles, np.nan)
        self._ring[index % len(self._ring)] = angles
        self.head = stop

    def take(self, steps: Sequence[Step]) -> None:
        """Take new steps, in the order of time; cut out each stride that they complete.

        Samples up to the end of these steps must have been pushed.
        """
        for step in steps:
            before, last = self._before, self._last
            if before is not None and last is not None and _follow(before, last) and _follow(last, step):
                self._cut(before, step.ic_s)
            self._before, self._last = last, step

    def _cut(self, step: Step, end_s: float) -> None:
        if step.side not in self._strides:
            return  # a stride is counted once, from the left contact on
        fs, t0 = self._stream.sampling_rate_hz, self._stream.t0_s
        at = np.linspace((step.ic_s - t0) * fs, (end_s - t0) * fs, POINTS)
        first, stop = int(at[0]), int(at[-1]) + 2
        if first < self.head - len(self._ring) or stop > self.head:
            return
        index = np.arange(first, stop)
        angles = self._ring[index % len(self._ring)]
        if not np.isnan(angles).any():
            columns = [np.interp(at, index, angles[:, k]) for k in range(3)]
            self._strides[step.side].append(np.array(columns))

    def motion(self) -> PelvisMotion:
        """Return the mean over the newest strides that begin with a left contact (without sides: with any)."""
        by_side = bool(self._strides[Side.LEFT]) or not self._strides[Side.UNKNOWN]
        strides = self._strides[Side.LEFT if by_side else Side.UNKNOWN]
        n = len(strides)
        if n < FEWEST:
            return PelvisMotion(n, by_side)
        every = np.array(strides)
        ranges, means = np.ptp(every, axis=2), every.mean(axis=2)
        return PelvisMotion(
            n,
            by_side,
            every.mean(axis=0),
            every.std(axis=0, ddof=1),
            tuple(mean_of(ranges[:, k], STRIDES).as_estimate() for k in range(3)),
            tuple(mean_of(means[:, k], STRIDES).as_estimate() for k in range(2)),
        )


def _follow(a: Step, b: Step) -> bool:
    """Tell whether two running steps come one after the other, on different feet where both are known."""
    running = a.activity is ActivityKind.RUNNING and b.activity is ActivityKind.RUNNING
    if not running or a.step_time_s is None or abs(a.ic_s + a.step_time_s - b.ic_s) > _SAME_CONTACT_S:
        return False
    return (a.side is Side.UNKNOWN and b.side is Side.UNKNOWN) or a.side is b.side.other
