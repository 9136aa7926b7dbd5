"""Steps of a pelvis sensor in plain Python: rows are queued, merged, given sides and turned into Steps one by one."""

from __future__ import annotations

import math
from collections import deque
from operator import itemgetter
from typing import Any, NamedTuple

from naive_activity import NaiveGate

from imu.constants import G_MPS2, WANTED_SAMPLING_RATE_HZ
from imu.events.activity import Accepted
from imu.events.laterality import LONGEST_STEP_S, SideDecision, SideTracker
from imu.events.pelvis import PelvisDetector
from imu.kernels import sacral, walk
from imu.metrics.force import ForceEstimator
from imu.pipeline.pelvis import SETTLE_S, WALK_BRIDGE_S
from imu.settings import Settings
from imu.types import ActivityKind, FloatArray, LiveEvent, LiveKind, Place, Quality, Side, Step, StreamInfo

# A flag's arithmetic costs a microsecond, a look-up 40 ns; steps are built from plain integers.
_QUALITIES = tuple(Quality(bits) for bits in range(2 * max(Quality)))
_NO_TOE_OFF, _EDGE, _WALKING = int(Quality.NO_TOE_OFF), int(Quality.EDGE), int(Quality.WALKING)
_OF_FAULT = tuple(
    bool(bits & 1) * int(Quality.SATURATED)
    + bool(bits & 2) * int(Quality.FROZEN)
    + bool(bits & 4) * int(Quality.AFTER_GAP)
    for bits in range(8)
)

_KINDS = (LiveKind.IC, LiveKind.IC, LiveKind.LOAD_PEAK, LiveKind.TC)  # by the kernel's number, which starts at 1


def _known(value: float) -> float | None:
    return value if value - value == 0.0 else None  # not NaN, not infinite


class StepBuilder:
    """Build the Steps of a pelvis sensor.

    Parameters
    ----------
    stream : StreamInfo

    Notes
    -----
    Formulas: contact time = tc - ic; flight time = next ic - tc; step time = next ic - ic; duty factor = contact time
    / (2 step time); impulse = mean vertical specific force / g times step time (BW s), which is the step time itself
    for a levelled, well-scaled sensor over whole strides.
    """

    def __init__(self, stream: StreamInfo) -> None:
        self._t0 = stream.t0_s
        self._dt = 1.0 / stream.sampling_rate_hz
        slow = stream.sampling_rate_hz < WANTED_SAMPLING_RATE_HZ - 1.0
        self._always = int(Quality.SLOW_RATE) if slow else 0

    def time_s(self, index: float) -> float:
        """Seconds on the recording's clock of a fractional sample index."""
        return self._t0 + index * self._dt

    def running(
        self, row: list[float], index: int, decision: SideDecision, extra: int, vgrf_peak_bw: float | None
    ) -> Step:
        """Make the final Step of one row of the running detector (see `imu.kernels.sacral`, R_...)."""
        dt = self._dt
        ic, tc, load, load_at, shock, _active, _low, fault, next_ic, mean_is, ic_rep, tc_rep, load_rep = row[:13]
        if tc >= next_ic:  # the unloading was not the end of this stance
            tc = math.nan
        contact = (tc - ic) * dt
        step_time = (next_ic - ic) * dt
        quality = self._always | extra
        if _known(contact) is None:
            quality |= _NO_TOE_OFF
        if _known(step_time) is None:
            quality |= _EDGE
        if fault > 0.0:
            quality |= _OF_FAULT[int(fault)]
        return Step(
            index=index,
            activity=ActivityKind.RUNNING,
            side=decision.side,
            side_confidence=decision.confidence,
            ic_s=self.time_s(ic),
            tc_s=_known(self.time_s(tc)),
            contact_time_s=_known(contact),
            flight_time_s=_known((next_ic - tc) * dt),
            step_time_s=_known(step_time),
            duty_factor=_known(contact / (2.0 * step_time)),
            load_peak_g=_known(load / G_MPS2),
            load_peak_s=_known(self.time_s(load_at)),
            shock_peak_g=_known(shock / G_MPS2),
            vgrf_peak_bw=vgrf_peak_bw,
            impulse_bw_s=_known(mean_is / G_MPS2 * step_time),
            quality=_QUALITIES[quality],
            ic_latency_s=_known((ic_rep - ic) * dt),
            tc_latency_s=_known((tc_rep - tc) * dt),
            load_latency_s=_known((load_rep - load_at) * dt),
        )

    def contact(
        self,
        ic: float,
        next_ic: float,
        report: float,
        index: int,
        decision: SideDecision,
        extra: int,
        *,
        running: bool,
    ) -> Step:
        """Make a Step of which only the contact is known: a walking step, or a running one that was filled in."""
        step_time = (next_ic - ic) * self._dt
        quality = self._always | extra | (_NO_TOE_OFF if running else _WALKING)
        if _known(step_time) is None:
            quality |= _EDGE
        return Step(
            index=index,
            activity=ActivityKind.RUNNING if running else ActivityKind.WALKING,
            side=decision.side,
            side_confidence=decision.confidence,
            ic_s=self.time_s(ic),
            step_time_s=_known(step_time),
            quality=_QUALITIES[quality],
            ic_latency_s=(report - ic) * self._dt,
        )

    def live(self, row: list[float], step_index: int, side: Side) -> LiveEvent:
        """Make the live event of one detector row (L_...)."""
        kind, at, value, report = row
        return LiveEvent(
            kind=_KINDS[int(kind)],
            step_index=step_index,
            time_s=self.time_s(at),
            value=value / G_MPS2,
            side=side,
            latency_s=(report - at) * self._dt,
        )


_EDGE, _AFTER_GAP = int(Quality.EDGE), int(Quality.AFTER_GAP)
_NOTHING: list[Step] = []
_HOLES = 8
_ORDER = itemgetter(0, 1)


class Candidate(NamedTuple):
    """A contact proposed by one detector, with the detector's own row."""

    ic: float
    low_g: float
    report: float
    row: Any
    next_ic: float = math.nan


class _Waiting(NamedTuple):
    """An accepted step whose next contact is not known yet."""

    step: Accepted
    decision: SideDecision
    quality: int


class NaivePelvisSteps:
    """Turns detector rows into Steps.

    Notes
    -----
    A running step is given out at the next contact (about 0.06 s after it), a walking step when the next one is known
    (0.2-0.45 s after it); the first steps of a bout when three have been seen.
    """

    def __init__(self, settings: Settings, stream: StreamInfo) -> None:
        fs = stream.sampling_rate_hz
        self.detector = PelvisDetector(
            stream,
            mounting=settings.mounting,
            up_hint=settings.up_axis,
        )
        self.front = self.detector.front
        self.speed_mps = settings.speed_mps
        self._stream = stream
        self._fs = fs
        self._gate = NaiveGate(fs)
        self._sides = SideTracker(fs)
        if settings.first_side is not Side.UNKNOWN:
            self._sides.anchor(settings.first_side)
        self._force = ForceEstimator(Place(settings.place))
        self._build = StepBuilder(stream)
        self.events: list[LiveEvent] = []
        self._count = 0
        self._waiting: _Waiting | None = None
        self._side = Side.UNKNOWN  # of the newest accepted step
        self._fresh = _EDGE  # quality of the next step: the first after a start or a gap
        self._holes: deque[tuple[int, int]] = deque(maxlen=_HOLES)  # newest losses that stop the running detector
        self._start = -1  # stream index of the first sample
        self._settled = 0.0  # walking contacts before this are not believed

    # -- input ---------------------------------------------------------------------------------------------------

    def push(self, samples: FloatArray, head: int) -> list[Step] | None:
        """Take a block; None when a sample is not a number."""
        if self._start < 0:
            self._start = head
            self._settled = head + SETTLE_S * self._fs
        n_rows, n_live, n_walked, n_still = self.detector.push(samples, head)
        if n_rows + n_live + n_walked + n_still == 0 and not self._gate.is_due(head + len(samples)):
            return _NOTHING
        if n_rows < 0:
            return None
        return self._collect(n_rows, n_live, n_walked, head + len(samples))

    def gap(self, head: int, missing: int) -> list[Step]:
        """Pass a hole of `missing` samples; before a longer one close what is open."""
        if self.detector.bridges(missing):
            self.detector.bridge(head, missing)
            return []
        steps = self._collect(self.detector.gap(head, missing), 0, 0, head)
        self._holes.append((head, head + missing))
        if missing > WALK_BRIDGE_S * self._fs:
            steps += self._close(math.nan)
            self._settled = head + missing + SETTLE_S * self._fs
        self._fresh = _EDGE | _AFTER_GAP
        self._force.interrupt()
        return steps

    def finish(self, head: int) -> list[Step]:
        """End of the stream."""
        steps = self._collect(self.detector.finish(head), 0, 0, head)
        for accepted in self._gate.flush(head):
            steps += self._accept(accepted)
        return steps + self._close(math.nan)

    # -- output --------------------------------------------------------------------------------------------------

    def _collect(self, n_rows: int, n_live: int, n_walked: int, now: int) -> list[Step]:
        """Take everything in the order in which it was reported; at one sample steps come before live events."""
        d, gate = self.detector, self._gate
        steps: list[Step] = []
        queue: list[tuple[float, int, list[float]]] = []
        if n_rows:
            queue += [(r[sacral.R_STEP_REPORT], 0, r) for r in d.rows[:n_rows].tolist()]
        if n_walked:
            queue += [(r[walk.OUT_REPORT], 1, r) for r in d.walked[:n_walked].tolist()]
        if n_live:
            queue += [(r[sacral.L_REPORT], 2, r) for r in d.live[:n_live].tolist()]
        if len(queue) > 1:
            queue.sort(key=_ORDER)
        for report, source, row in queue:
            if source == 0:
                low, next_ic = row[sacral.R_FLIGHT_MIN] / G_MPS2, row[sacral.R_NEXT_IC]
                gate.take(Candidate(row[sacral.R_IC], low, report, row, next_ic), running=True)
            elif source == 1:
                if row[walk.OUT_IC] < self._settled:
                    continue
                gate.take(Candidate(row[walk.OUT_IC], row[walk.OUT_LOW_G], report, row), running=False)
            else:
                self._report(row)
                continue
            for step in gate.until(report):
                steps += self._accept(step)
        if gate.is_due(now):
            for step in gate.until(now):
                steps += self._accept(step)
        return steps

    def _report(self, row: list[float]) -> None:
        """Pass a live event on while the runner runs; a stray flight in walking is none of the runner's business."""
        if self._gate.kind_at(row[sacral.L_REPORT]) is ActivityKind.RUNNING:
            index = self._count + (self._waiting is not None)
            self.events.append(self._build.live(row, index, self._side.other))

    def _accept(self, accepted: Accepted) -> list[Step]:
        """Decide the side of a step; give out the one that waited for it, and itself if it need not wait."""
        steps = self._close(accepted.candidate.ic, accepted.kind)
        ic_s = self._stream.time_s(accepted.candidate.ic)
        features = self._sides.features(
            self.front.sig, accepted.candidate.ic, int(accepted.decided), accepted.kind, _forward(accepted)
        )
        decision = self._sides.push(ic_s, features, accepted.kind)
        self._side = decision.side
        waiting = _Waiting(accepted, decision, self._fresh)
        self._fresh = 0
        runs = accepted.kind is ActivityKind.RUNNING and not accepted.filled
        if not runs or math.isnan(accepted.next_ic):
            self._waiting = waiting
            return steps
        return [*steps, self._make(waiting, accepted.next_ic)]

    def _close(self, next_ic: float, kind: ActivityKind | None = None) -> list[Step]:
        """Give out the waiting step; `next_ic` and `kind` are of the step after it."""
        waiting = self._waiting
        if waiting is None:
            return []
        self._waiting = None
        same_gait = kind is waiting.step.kind
        near = (next_ic - waiting.step.candidate.ic) <= LONGEST_STEP_S * self._fs
        # A running step without a next contact of its own detector ended its bout, unless it was only filled in.
        own = waiting.step.kind is ActivityKind.WALKING or waiting.step.filled
        return [self._make(waiting, next_ic if same_gait and near and own else math.nan)]

    def _make(self, waiting: _Waiting, next_ic: float) -> Step:
        accepted, decision, quality = waiting
        row = accepted.candidate.row
        if any(accepted.candidate.ic < stop and start < next_ic for start, stop in self._holes):
            quality |= _AFTER_GAP
            if accepted.kind is ActivityKind.RUNNING:
                next_ic = math.nan  # a running step does not reach across a loss
        if decision.against_vote:
            quality |= int(Quality.SIDE_CORRECTED)
        force: float | None = None
        if accepted.kind is ActivityKind.WALKING or accepted.filled:
            step = self._build.contact(
                accepted.candidate.ic,
                next_ic,
                accepted.candidate.report,
                self._count,
                decision,
                quality,
                running=accepted.kind is ActivityKind.RUNNING,
            )
            self._force.interrupt()
        else:
            if next_ic != row[sacral.R_NEXT_IC]:  # a contact was filled in: the mean is over more than this step
                row = row.copy()
                row[sacral.R_NEXT_IC], row[sacral.R_MEAN_IS] = next_ic, math.nan
            if math.isnan(next_ic) or row[sacral.R_FAULT] != 0.0:
                self._force.interrupt()  # clipped, frozen or missing samples: its 5 Hz peak is not right
            else:
                force = self._force.push(
                    row[sacral.R_ACTIVE] / G_MPS2,
                    row[sacral.R_MEAN_IS] / G_MPS2,
                    (next_ic - accepted.candidate.ic) / self._fs,
                    self.speed_mps,
                )
            step = self._build.running(row, self._count, decision, quality, force)
        self._count += 1
        if math.isnan(next_ic):
            self._fresh |= _EDGE
        return step


def _forward(accepted: Accepted) -> tuple[float, float]:
    """Forward direction in the ring's (ml, pa) plane as it was known at the contact."""
    row = accepted.candidate.row
    if accepted.kind is ActivityKind.WALKING or accepted.filled:
        return row[walk.OUT_FORWARD_ML], row[walk.OUT_FORWARD_PA]
    return row[sacral.R_FORWARD_ML], row[sacral.R_FORWARD_PA]
