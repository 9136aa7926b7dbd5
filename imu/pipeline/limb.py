"""Steps of a foot or shank sensor: only this leg's contacts are seen, so a step lasts until its next contact."""

from __future__ import annotations

import math
from collections.abc import Callable

from imu.constants import G_MPS2, WANTED_SAMPLING_RATE_HZ
from imu.events.limb import LimbDetector
from imu.kernels import foot as kernel
from imu.settings import Settings
from imu.types import (
    ActivityKind,
    ActivitySpan,
    FloatArray,
    LiveKind,
    Place,
    Quality,
    Side,
    Step,
    StreamInfo,
)

LONGEST_STRIDE_S = 2.0
"""A longer pause between two contacts of one foot is no stride."""


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


class LimbSteps:
    """Turns contacts of one leg into Steps; same interface as `imu.pipeline.pelvis.PelvisSteps`.

    Notes
    -----
    A Step is given out at the leg's next contact, or when none has come for 2 s. Its stride time is ic -> next ic of
    the same foot; step and flight time would need the other foot and are None.
    """

    def __init__(
        self,
        settings: Settings,
        stream: StreamInfo,
        measured: tuple[bool, bool, bool],
        history_samples: int,
        live: Callable[[tuple[float, ...]], None] | None,
        *,
        whole: bool = False,
    ) -> None:
        self.detector = LimbDetector(
            stream,
            on_foot=settings.place is Place.FOOT,
            mounting=settings.mounting,
            up_hint=settings.up_axis,
            measured=measured,
            history_samples=history_samples,
        )
        self.front = self.detector.front
        self._stream = stream
        self._dt = 1.0 / stream.sampling_rate_hz
        self._side = settings.sensor_side
        self._slow = stream.sampling_rate_hz < WANTED_SAMPLING_RATE_HZ - 1.0
        self._live = live
        self._whole: list[Step] | None = [] if whole else None
        self._count = 0
        self._waiting: list[float] | None = None
        self._first = Quality.EDGE
        self._spans: list[ActivitySpan] = []

    def push(self, samples: FloatArray, head: int) -> list[Step] | None:
        """Take a block; None when a sample is not a number."""
        n_rows, n_early = self.detector.push(samples, head)
        if n_rows < 0:
            return None
        return self._collect(n_rows, n_early, head + len(samples))

    def _collect(self, n_rows: int, n_early: int, now: int) -> list[Step]:
        steps: list[Step] = []
        early = self.detector.early[:n_early].tolist()
        at = 0
        for row in self.detector.rows[:n_rows].tolist():
            while at < n_early and early[at][1] < row[kernel.R_REPORT]:
                self._report(*early[at])
                at += 1
            steps += self._next(row)
        for ic, report in early[at:]:
            self._report(ic, report)
        waiting = self._waiting
        if waiting is not None and now - waiting[kernel.R_IC] > 2 * LONGEST_STRIDE_S / self._dt:
            steps += self._close()
        return self._given(steps)

    def _report(self, ic: float, report: float) -> None:
        """Pass a contact on as soon as it is probable."""
        if self._live is None:
            return
        index = self._count + (self._waiting is not None)
        self._live((LiveKind.IC, index, self._stream.time_s(ic), math.nan, self._side, (report - ic) * self._dt))

    def gap(self, head: int, missing: int) -> list[Step]:
        """Pass a hole of `missing` samples; before a long one close what is open."""
        if self.detector.bridges(missing):
            self._first |= Quality.AFTER_GAP
            return self._collect(*self.detector.bridge(head, missing), head + missing)
        steps = self._finish(self.detector.gap(head, missing))
        self._first = Quality.EDGE | Quality.AFTER_GAP
        return steps

    def finish(self, head: int) -> list[Step]:
        """End of the stream."""
        return self._finish(self.detector.finish(head))

    def _finish(self, n_rows: int) -> list[Step]:
        steps: list[Step] = []
        for row in self.detector.rows[:n_rows].tolist():
            steps += self._next(row)
        return self._given(steps + self._close())

    def _given(self, steps: list[Step]) -> list[Step]:
        """Give out steps, or keep them."""
        if self._whole is None:
            return steps
        self._whole += steps
        return []

    def table(self) -> tuple[Step, ...]:
        """Return the steps that were kept."""
        return tuple(self._whole or ())

    def _next(self, row: list[float]) -> list[Step]:
        """Take a contact; give out the one before it, which now knows its stride."""
        steps = [] if self._waiting is None else [self._build(self._waiting, row[kernel.R_IC])]
        self._waiting = row
        return steps

    def _close(self) -> list[Step]:
        if self._waiting is None:
            return []
        step = self._build(self._waiting, math.nan)
        self._waiting = None
        return [step]

    def _build(self, row: list[float], next_ic: float) -> Step:
        ic, tc = row[kernel.R_IC], row[kernel.R_TC]
        running = row[kernel.R_RUNNING] == 1.0
        stride = (next_ic - ic) * self._dt
        if not stride <= LONGEST_STRIDE_S:
            stride = math.nan
        contact = (tc - ic) * self._dt
        flags = int(row[kernel.R_FLAGS])
        quality = self._first
        self._first = Quality.EDGE if math.isnan(stride) else Quality.OK
        for bit, word in (
            (kernel.FLAG_SATURATED, Quality.SATURATED),
            (kernel.FLAG_FROZEN, Quality.FROZEN),
            (kernel.FLAG_NO_TOE_OFF, Quality.NO_TOE_OFF),
        ):
            if flags & bit:
                quality |= word
        if math.isnan(stride):
            quality |= Quality.EDGE
        if not running:
            quality |= Quality.WALKING
        if self._slow:
            quality |= Quality.SLOW_RATE
        step = Step(
            index=self._count,
            activity=ActivityKind.RUNNING if running else ActivityKind.WALKING,
            side=self._side,
            side_confidence=0.0 if self._side is Side.UNKNOWN else 1.0,
            ic_s=self._stream.time_s(ic),
            tc_s=_known(self._stream.time_s(tc)),
            contact_time_s=_known(contact),
            stride_time_s=_known(stride),
            duty_factor=_known(contact / stride),
            shock_peak_g=_known(row[kernel.R_SHOCK] / G_MPS2) if running else None,
            quality=quality,
            ic_latency_s=(row[kernel.R_IC_REPORT] - ic) * self._dt,
            tc_latency_s=_known((row[kernel.R_REPORT] - tc) * self._dt),
        )
        self._count += 1
        self._extend(step, stride)
        return step

    def _extend(self, step: Step, stride: float) -> None:
        end = step.ic_s + (stride if math.isfinite(stride) else step.contact_time_s or 0.0)
        last = self._spans[-1] if self._spans else None
        if last and last.kind is step.activity and step.ic_s - last.end_s < self._dt:
            self._spans[-1] = ActivitySpan(last.start_s, end, last.kind)
        else:
            self._spans.append(ActivitySpan(step.ic_s, end, step.activity))

    def activity(self, head: int) -> tuple[ActivitySpan, ...]:
        """Stretches of running and walking; what lies between them is not told apart."""
        return tuple(self._spans)

    def activity_now(self, head: int) -> ActivityKind:
        """Activity of the newest contact, if it is not longer ago than a stride."""
        now = self._stream.time_s(head)
        if self._spans and now - self._spans[-1].end_s < LONGEST_STRIDE_S:
            return self._spans[-1].kind
        return ActivityKind.OTHER
