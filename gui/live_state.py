"""What the live window remembers of a session: steps, gaps, marks and events. No Qt, no text."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from gui.shown import StepMark
from gui.window_numbers import WindowNumbers, window_numbers
from imu.types import (
    ActivityKind,
    LinkState,
    LiveEvent,
    LiveKind,
    PelvisState,
    Place,
    Quality,
    Side,
    Snapshot,
    Status,
    Step,
)

WINDOW_STEPS: Final = 100
"""Every number of the live view comes from this one window, so that headline and left/right agree."""
WINDOW_MAX_AGE_S: Final = 60.0
"""Older steps drop out: after a pause the numbers start afresh."""
PLOT_SECONDS: Final = 20.0
STALE_GRACE_S: Final = 0.25
"""Packets come in bursts; only a silence longer than this moves the plots on without data."""
SIDE_STEPS: Final = 10
SIDE_CONFIDENCE: Final = 0.9
"""Below this mean confidence over the newest steps the side is called uncertain (METRICS.md section 6)."""
SLOW_HZ: Final = 95.0
"""Slower sensors read peaks too low: cadence is what they are good for."""
READ_LOW = Quality.AFTER_GAP | Quality.SATURATED | Quality.FROZEN
_LIVE = {LinkState.STREAMING, LinkState.STALLED, LinkState.RECONNECTING}


class Frame(NamedTuple):
    """What one poll of a session brought; `waited_s` counts while it is prepared, `delay_ms` is that to the screen."""

    status: Status
    snapshot: Snapshot
    steps: Sequence[Step]
    events: Sequence[LiveEvent]
    waited_s: float = 0.0
    pelvis: PelvisState | None = None
    delay_ms: float | None = None


class Happening(NamedTuple):
    """An entry of the event list: stream time, kind, values for its sentence."""

    time_s: float
    kind: str
    values: dict[str, Any]


class GapSpan(NamedTuple):
    """Missing data in seconds on the recording's clock; `cut` = it began before the oldest sample at hand."""

    start_s: float
    end_s: float
    cut: bool


@dataclass(slots=True)
class _Pending:
    """A step under way, known from live events only."""

    side: Side
    ic_s: float = math.nan
    tc_s: float = math.nan
    load_s: float = math.nan
    load_g: float = math.nan


def find_gaps(snapshot: Snapshot) -> list[GapSpan]:
    """Return the stretches of NaN rows in a snapshot, from the sample before to the sample after."""
    t = snapshot.t_s
    if len(t) < 2:
        return []
    missing = np.isnan(snapshot.acc_is_g)
    if not missing.any():
        return []
    edges = np.diff(np.concatenate(([0], missing.view(np.int8), [0])))
    starts = np.flatnonzero(edges == 1)
    stops = np.flatnonzero(edges == -1)
    last = len(t) - 1
    return [
        GapSpan(float(t[max(a - 1, 0)]), float(t[min(b, last)]), cut=a == 0)
        for a, b in zip(starts.tolist(), stops.tolist(), strict=True)
    ]


def step_mark(step: Step) -> StepMark:
    """Return a final step as the plots paint it."""

    def known(value: float | None, factor: float = 1.0) -> float:
        return math.nan if value is None else value * factor

    return StepMark(
        step.index,
        step.side,
        step.ic_s,
        known(step.tc_s),
        known(step.contact_time_s, 1000.0),
        step.ic_s if step.load_peak_s is None else step.load_peak_s,
        known(step.load_peak_g),
        bool(step.quality & READ_LOW),
        step.activity is ActivityKind.WALKING,
    )


class LiveState:
    """Collects frames of one session; asks nothing, formats nothing."""

    def __init__(self, place: Place = Place.SACRUM) -> None:
        self.place = place
        self.waited_s = 0.0
        self.status = Status(LinkState.IDLE)
        self.snapshot = Snapshot(np.empty(0), np.empty(0), np.empty(0))
        self.steps: deque[Step] = deque(maxlen=400)
        self.history: deque[Step] = deque(maxlen=2000)
        self._final_marks: deque[StepMark] = deque(maxlen=400)
        self.n_steps = 0
        self.pelvis: PelvisState | None = None
        self.delay_ms: float | None = None
        self.gaps: list[GapSpan] = []
        self.marks: deque[tuple[float, int]] = deque(maxlen=50)
        self.happenings: deque[Happening] = deque(maxlen=60)
        self.line_g: float | None = None
        self.window: list[Step] = []
        self._swap_s = -math.inf
        self._pending: dict[int, _Pending] = {}
        self._gap_end = -math.inf
        self._n_marks = 0
        self._side_was_uncertain = False
        self._was_frozen = False
        self._numbers = WindowNumbers()
        self._numbers_key: tuple[object, ...] = ()
        self._open_line: Happening | None = None

    # -- feeding -----------------------------------------------------------------------------------------------------

    def feed(self, frame: Frame) -> None:
        """Take one frame in."""
        before, self.status = self.status, frame.status
        self.waited_s = frame.waited_s
        self.pelvis = frame.pelvis or self.pelvis
        self.delay_ms = frame.delay_ms
        if len(frame.snapshot.t_s) or not len(self.snapshot.t_s):
            self.snapshot = frame.snapshot
        for step in frame.steps:
            self.steps.append(step)
            self.history.append(step)
            self._final_marks.append(step_mark(step))
            self._pending.pop(step.index, None)
        self.n_steps += len(frame.steps)
        self.window = self._window_now()
        for event in frame.events:
            self._take_event(event)
        self._forget_old_pending()
        self.gaps = find_gaps(self.snapshot)
        if frame.status.state in _LIVE and (before.state not in _LIVE or frame.status.line_g != before.line_g):
            self.line_g = frame.status.line_g  # a recording that is replayed has its own
        self._note_changes(before, frame.status)

    def _take_event(self, event: LiveEvent) -> None:
        if self.steps and event.step_index <= self.steps[-1].index:
            return
        pending = self._pending.setdefault(event.step_index, _Pending(event.side))
        pending.side = event.side or pending.side
        if event.kind is LiveKind.IC:
            pending.ic_s = event.time_s
        elif event.kind is LiveKind.TC:
            pending.tc_s = event.time_s
        elif event.kind is LiveKind.LOAD_PEAK:
            pending.load_s, pending.load_g = event.time_s, event.value

    def _forget_old_pending(self) -> None:
        # a step that was announced and then not confirmed (a gap cut it) leaves no trace on the screen
        last = self.steps[-1].index if self.steps else -1
        self._pending = {i: p for i, p in self._pending.items() if i > last and not self.newest_s - p.ic_s > 2.0}

    def _note(self, kind: str, time_s: float | None = None, **values: Any) -> Happening:
        at = self.status.elapsed_s if time_s is None else time_s - self.origin_s
        happening = Happening(max(at, 0.0), kind, values)
        self.happenings.append(happening)
        return happening

    def _note_changes(self, before: Status, now: Status) -> None:
        for gap in self.gaps:
            # the end of a gap names it: its start moves out of the snapshot in time
            if gap.end_s > self._gap_end + 1e-6 and gap.end_s < self.newest_s:
                self._gap_end = gap.end_s
                self._note("no_data_more" if gap.cut else "no_data", gap.end_s, seconds=gap.end_s - gap.start_s)
        if now.clipped > before.clipped:
            self._note_clipped(now.clipped - before.clipped)
        if now.state is not before.state:
            self._note_state(before.state, now)
        if now.activity is not before.activity and now.activity is not ActivityKind.OTHER and now.state in _LIVE:
            self._note(now.activity.value)
        anchor = now.worn.anchor
        if anchor is not None and anchor != before.worn.anchor:
            self._note("anchor_as_stated" if anchor.as_stated else "anchor_turned", p=anchor.confidence)
        for worn in now.worn.warnings:
            if worn not in before.worn.warnings:
                self._note(worn)
        for name in now.unreached:
            if name not in before.unreached:
                self._note("unreached", name=name)
        if now.speed_mps != before.speed_mps and before.state in _LIVE:
            self._note("speed" if now.speed_mps is not None else "speed_none", speed=now.speed_mps)
        uncertain = self.side_uncertain
        if uncertain and not self._side_was_uncertain:
            self._note("side")
        self._side_was_uncertain = uncertain
        frozen = self.newest_frozen
        if frozen and not self._was_frozen:
            self._note("frozen")
        self._was_frozen = frozen

    def _note_clipped(self, n: int) -> None:
        last = self.happenings[-1] if self.happenings else None
        if last and last.kind == "clipped" and self.status.elapsed_s - last.time_s < 5.0:
            last.values["n"] += n  # one line for a burst
        else:
            self._note("clipped", n=n)

    def _note_state(self, before: LinkState, now: Status) -> None:
        if now.state is LinkState.STREAMING:
            was_away = before in {LinkState.STALLED, LinkState.RECONNECTING}
            self._note("back" if was_away else "started", source=now.source)
        elif now.state in {LinkState.STALLED, LinkState.RECONNECTING, LinkState.FINISHED}:
            self._note(now.state.value)
        elif now.state is LinkState.FAILED:
            self._note("failed", detail=now.detail, code=now.code)

    # -- what the user does ------------------------------------------------------------------------------------------

    def marked(self) -> int:
        """Remember a mark at the present moment and return its number."""
        self._n_marks += 1
        self.marks.append((self.now_s, self._n_marks))
        self._note("mark", n=self._n_marks)
        return self._n_marks

    def noted(self, kind: str, *, time_s: float | None = None, **values: Any) -> None:
        """Remember something else that the user did: a note, a pain score, a cue, what was skipped."""
        self._note(kind, time_s, **values)

    def swapped(self) -> None:
        """Left and right mean the other foot from the next step on: their means start afresh."""
        self._swap_s = self.newest_s
        self._note("swap")

    @property
    def swapped_ever(self) -> bool:
        """Whether the user has exchanged left and right."""
        return math.isfinite(self._swap_s)

    @property
    def swap_s(self) -> float:
        """When left and right were exchanged last; minus infinity = never."""
        return self._swap_s

    def set_line(self, value_g: float | None) -> None:
        """Move or remove the feedback line; a drag is one entry in the list, not a hundred."""
        self.line_g = value_g
        if self._open_line is not None and self.happenings and self.happenings[-1] is self._open_line:
            self.happenings.pop()
        self._open_line = self._note("line" if value_g is not None else "line_off", value=value_g)

    # -- derived -----------------------------------------------------------------------------------------------------

    @property
    def newest_s(self) -> float:
        """Time of the newest sample."""
        return float(self.snapshot.t_s[-1]) if len(self.snapshot.t_s) else 0.0

    @property
    def origin_s(self) -> float:
        """Time of the first sample on the recording's own clock."""
        return self.newest_s - self.status.elapsed_s if len(self.snapshot.t_s) else 0.0

    @property
    def silence_s(self) -> float:
        """How long nothing has come in while something should."""
        if self.status.state not in _LIVE or self.status.stale_s is None:
            return 0.0
        return max(self.status.stale_s - STALE_GRACE_S, 0.0)

    @property
    def now_s(self) -> float:
        """The right edge of the plots: the newest sample, or later when nothing comes in."""
        return self.newest_s + self.silence_s

    def _window_now(self) -> list[Step]:
        """Return the running steps that all numbers of the view come from."""
        oldest = self.newest_s - WINDOW_MAX_AGE_S
        running = [s for s in self.steps if s.activity is ActivityKind.RUNNING and s.ic_s >= oldest]
        return running[-WINDOW_STEPS:]

    @property
    def numbers(self) -> WindowNumbers:
        """Statistics of the window; computed anew only when the window changed."""
        window = self.window
        tilt_pct = self.status.worn.tilt_pct
        key = (self.n_steps, window[0].index if window else -1, self._swap_s, self.place, tilt_pct)
        if key != self._numbers_key:
            swapped = next((s.index for s in window if s.ic_s > self._swap_s), window[-1].index + 1 if window else 0)
            self._numbers = window_numbers(window, swapped, self.place, tilt_pct)
            self._numbers_key = key
        return self._numbers

    @property
    def side_confidence(self) -> float | None:
        """Mean over the newest running steps, 0 for a step without a side; None while they are too few."""
        newest = self.window[-SIDE_STEPS:]
        if len(newest) < SIDE_STEPS:
            return None
        return sum(s.side_confidence if s.side else 0.0 for s in newest) / len(newest)

    @property
    def side_uncertain(self) -> bool:
        """Whether left and right cannot be trusted over the newest running steps."""
        confidence = self.side_confidence
        return confidence is not None and confidence < SIDE_CONFIDENCE

    @property
    def recent_loss_s(self) -> float:
        """Seconds without data in the newest `PLOT_SECONDS`."""
        return sum(gap.end_s - gap.start_s for gap in self.gaps)

    @property
    def recent_loss_pct(self) -> float:
        """The same in percent of what should have come in: old losses do not warn for ever."""
        t = self.snapshot.t_s
        span = float(t[-1] - t[0]) if len(t) > 1 else 0.0
        return 100.0 * self.recent_loss_s / span if span > 0 else 0.0

    @property
    def newest_clipped(self) -> bool:
        """Whether steps of the window stand at the range limit."""
        return any(s.quality & Quality.SATURATED for s in self.window[-20:])

    @property
    def newest_frozen(self) -> bool:
        """Whether the sensor repeated a reading during the newest steps."""
        return any(s.quality & Quality.FROZEN for s in self.window[-20:])

    @property
    def is_slow(self) -> bool:
        """Whether the sensor is too slow for anything but cadence."""
        rate = self.status.nominal_rate_hz
        return rate is not None and rate < SLOW_HZ

    @property
    def lacks_gyroscope(self) -> bool:
        """Whether a pelvis sensor goes without a gyroscope; on a leg nothing needs one."""
        return self.status.gyroscope is False and self.place in {Place.SACRUM, Place.HIP}

    def step_marks(self, seconds: float) -> tuple[StepMark, ...]:
        """Return the final steps of the newest seconds, then those under way."""
        oldest = self.now_s - seconds - 1.0
        final = [mark for mark in self._final_marks if mark.ic_s >= oldest]
        pending = [
            StepMark(
                i,
                p.side,
                p.ic_s,
                p.tc_s,
                (p.tc_s - p.ic_s) * 1000.0,
                p.load_s,
                p.load_g,
                False,
                self.status.activity is ActivityKind.WALKING,
            )
            for i, p in sorted(self._pending.items())
        ]
        return (*final, *pending)
