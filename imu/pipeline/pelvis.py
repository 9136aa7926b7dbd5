"""Steps of a pelvis sensor: running and walking contacts joined, sides given, numbers computed."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from operator import itemgetter
from typing import NamedTuple

from imu.constants import G_MPS2
from imu.events.activity import Accepted, ActivityGate, Candidate, activity_spans
from imu.events.laterality import LONGEST_STEP_S, SideDecision, SideTracker
from imu.events.pelvis import PelvisDetector
from imu.kernels import sacral, walk
from imu.metrics.force import ForceEstimator
from imu.metrics.step import StepBuilder
from imu.settings import Settings
from imu.types import ActivityKind, ActivitySpan, FloatArray, LiveEvent, Place, Quality, Side, Step, StreamInfo

_EDGE, _AFTER_GAP = int(Quality.EDGE), int(Quality.AFTER_GAP)
_NOTHING: list[Step] = []
_HOLES = 8
_ORDER = itemgetter(0, 1)

WALK_BRIDGE_S = 0.15
"""A loss up to this long cannot hide a contact: steps are at least 0.25 s apart."""

SETTLE_S = 0.3
"""So long after a start or a loss the slow filters of the walking detector do not time a contact well."""


class _Waiting(NamedTuple):
    """An accepted step whose next contact is not known yet."""

    step: Accepted
    decision: SideDecision
    quality: int


class PelvisSteps:
    """Turns detector rows into Steps.

    Parameters
    ----------
    settings : Settings
    stream : StreamInfo
    measured : tuple of bool
        Acceleration axes that the sensor has.
    history_samples : int
        Length of the display ring.
    live : callable or None
        Receives live events.

    Notes
    -----
    A running step is given out at the next contact (about 0.06 s after it), a walking step when the next one is known
    (0.2-0.45 s after it); the first steps of a bout when three have been seen.
    """

    def __init__(
        self,
        settings: Settings,
        stream: StreamInfo,
        measured: tuple[bool, bool, bool],
        history_samples: int,
        live: Callable[[LiveEvent], None] | None,
    ) -> None:
        fs = stream.sampling_rate_hz
        self.detector = PelvisDetector(
            stream,
            mounting=settings.mounting,
            up_hint=settings.up_axis,
            measured=measured,
            history_samples=history_samples,
        )
        self.front = self.detector.front
        self.speed_mps = settings.speed_mps
        self._stream = stream
        self._fs = fs
        self._gate = ActivityGate(fs)
        self._sides = SideTracker(fs)
        if settings.first_side is not Side.UNKNOWN:
            self._sides.anchor(settings.first_side)
        self._force = ForceEstimator(Place(settings.place))
        self._build = StepBuilder(stream)
        self._live = live
        self._count = 0
        self._waiting: _Waiting | None = None
        self._side = Side.UNKNOWN  # of the newest accepted step
        self._fresh = _EDGE  # quality of the next step: the first after a start or a gap
        self._contacts: list[tuple[float, ActivityKind]] = []
        self._still: list[tuple[float, float]] = []
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
        for start, stop in self.detector.still[:n_still].tolist():
            self._still.append((self._stream.time_s(start), self._stream.time_s(stop)))
        return self._collect(n_rows, n_live, n_walked, head + len(samples))

    def gap(self, head: int, missing: int) -> list[Step]:
        """Pass a hole of `missing` samples; before a longer one close what is open."""
        if self.detector.bridges(missing):
            self.detector.bridge(head, missing)
            return []
        still = self.detector.open_still(head)
        if still:
            self._still.append((self._stream.time_s(still[0]), self._stream.time_s(still[1])))
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
        if n_live and self._live is not None:
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
        if self._live is not None and self._gate.kind_at(row[sacral.L_REPORT]) is ActivityKind.RUNNING:
            index = self._count + (self._waiting is not None)
            self._live(self._build.live(row, index, self._side.other))

    def _accept(self, accepted: Accepted) -> list[Step]:
        """Decide the side of a step; give out the one that waited for it, and itself if it need not wait."""
        steps = self._close(accepted.candidate.ic, accepted.kind)
        ic_s = self._stream.time_s(accepted.candidate.ic)
        features = self._sides.features(
            self.front.sig, accepted.candidate.ic, int(accepted.decided), accepted.kind, _forward(accepted)
        )
        decision = self._sides.push(ic_s, features, accepted.kind)
        self._side = decision.side
        self._contacts.append((ic_s, accepted.kind))
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

    def activity(self, head: int) -> tuple[ActivitySpan, ...]:
        """Stretches of running, walking, standing and other up to sample `head`."""
        still = list(self._still)
        last = self.detector.open_still(head)
        if last:
            still.append((self._stream.time_s(last[0]), self._stream.time_s(last[1])))
        return activity_spans(self._contacts, still, self._stream.time_s(self._start), self._stream.time_s(head))

    def activity_now(self, head: int) -> ActivityKind:
        """Tell what the runner does at the newest sample."""
        kind = self._gate.kind_at(head)
        if kind is ActivityKind.OTHER and self.detector.open_still(head):
            return ActivityKind.STANDING
        return kind


def _forward(accepted: Accepted) -> tuple[float, float]:
    """Forward direction in the ring's (ml, pa) plane as it was known at the contact."""
    row = accepted.candidate.row
    if accepted.kind is ActivityKind.WALKING or accepted.filled:
        return row[walk.OUT_FORWARD_ML], row[walk.OUT_FORWARD_PA]
    return row[sacral.R_FORWARD_ML], row[sacral.R_FORWARD_PA]
