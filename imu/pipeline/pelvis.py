"""Steps of a pelvis sensor: running and walking contacts joined, sides given, numbers computed."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable

import numpy as np

from imu.constants import G_MPS2, WANTED_SAMPLING_RATE_HZ
from imu.events import activity
from imu.events.activity import GateSettings, activity_spans
from imu.events.laterality import LONGEST_STEP_S, SideTracker
from imu.events.pelvis import PelvisDetector
from imu.kernels import force as force_kernel
from imu.kernels import gate, steps
from imu.kernels._jit import entry, plain
from imu.kernels.engine import advance_pelvis
from imu.metrics import force
from imu.settings import Settings
from imu.types import ActivityKind, ActivitySpan, FloatArray, IntArray, Place, Quality, Side, Step, StreamInfo
from imu.types.step_table import StepTable, step_of

_NOTHING: list[Step] = []
_HOLES = 8
_MAX_STEPS = 256  # a block is at most 20 s (1024 samples at 50 Hz)
_MAX_EVENTS = 512

WALK_BRIDGE_S = 0.15
"""A loss up to this long cannot hide a contact: steps are at least 0.25 s apart."""

SETTLE_S = 0.3
"""So long after a start or a loss the slow filters of the walking detector do not time a contact well."""


class PelvisSteps:
    """Turns detector rows into Steps, by `imu.kernels.steps`.

    Parameters
    ----------
    settings : Settings
    stream : StreamInfo
    measured : tuple of bool
        Acceleration axes that the sensor has.
    history_samples : int
        Length of the display ring.
    live : callable or None
        Receives live events, as tuples of the fields of `LiveEvent`.
    whole : bool
        Steps are not given out one by one but kept for `table`.

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
        live: Callable[[tuple[float, ...]], None] | None,
        *,
        whole: bool = False,
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
        self._turned = False  # a knee lift has shown that it is worn back to front
        self._stream = stream
        self._fs = fs
        self._live = live
        self._whole: list[FloatArray] | None = [] if whole else None
        self._contacts = array("d")  # index and kind of each step given out, one after the other
        self._still: list[tuple[float, float]] = []
        self._start = -1  # stream index of the first sample
        self._due = math.inf  # a held contact is decided once the stream has passed this sample
        self._make_memory(settings)

    def _make_memory(self, settings: Settings) -> None:
        """Lay out what the kernel works on."""
        sides = SideTracker(self._fs)
        if settings.first_side is not Side.UNKNOWN:
            sides.anchor(settings.first_side)
        model = force.shipped_model()
        slow = self._fs < WANTED_SAMPLING_RATE_HZ - 1.0
        p: FloatArray = np.zeros(steps.N_PARAMS)
        p[steps.P_T0], p[steps.P_FS], p[steps.P_ONE_G] = self._stream.t0_s, self._fs, G_MPS2
        p[steps.P_ALWAYS] = int(Quality.SLOW_RATE) if slow else 0
        p[steps.P_LONGEST] = LONGEST_STEP_S
        p[steps.P_GATE : steps.P_SIDE] = activity.pack(GateSettings(), self._fs)
        p[steps.P_SIDE : steps.P_FORCE] = sides.params
        p[steps.P_FORCE :] = model.packed(Place(settings.place))
        f: FloatArray = np.zeros(steps.N_FSTATE)
        activity.start(f[steps.F_GATE : steps.F_SIDES])
        f[steps.F_SIDES : steps.F_FORCE] = sides.state
        force.start(f[steps.F_FORCE : steps.F_CANDIDATE])
        f[steps.F_FRESH] = int(Quality.EDGE)
        self._params, self._state = p, f
        self._sides = sides
        self._counts: IntArray = np.zeros(steps.N_ISTATE, dtype=np.int64)
        self._holes: FloatArray = np.tile(
            [np.inf, -np.inf], (_HOLES, 1)
        )  # newest losses that stop the running detector
        self._table: FloatArray = np.zeros((_MAX_STEPS, steps.N_STEP))
        self._events: FloatArray = np.zeros((_MAX_EVENTS, steps.N_EVENT))
        self._first_step, self._first_event = self._table[0], self._events[0]  # nearly always the only ones
        d = self.detector
        # The detector's push without its layer of Python: this runs for every packet.
        self._advance = advance_pelvis  # its compiled code from the first block on
        self._advance_rest = d.rest
        self._rest = (
            *(d.rows, d.walked, d.live, p, f, self._counts),
            np.zeros((gate.N_QUEUE, gate.N_CANDIDATE)),
            np.zeros((gate.MAX_ACCEPTED, gate.N_ACCEPTED)),
            (sides.windows, sides.belief, sides.templates, sides.votes),
            *(self._holes, self._table, self._events),
        )
        self._conclude_kernel = entry(steps.conclude, self.front.sig, 0, 0, 0, 0, steps.GO_ON, *self._rest)
        self.set_speed(settings.speed_mps)

    def set_speed(self, speed_mps: float | None) -> None:
        """State the speed from the next step on."""
        self._params[steps.P_SPEED] = force_kernel.NO_SPEED if speed_mps is None else speed_mps

    def anchor_worn(self, as_stated: bool, confidence: float) -> None:
        """State how the sensor is worn, from here on; back to front, its axes are turned by half a turn."""
        if as_stated == self._turned:
            self.detector.turn_round()
            self._turned = not as_stated
        self._sides.anchor_worn(confidence)

    # -- input ---------------------------------------------------------------------------------------------------

    def push(self, samples: FloatArray, head: int) -> list[Step] | None:
        """Take a block; None when a sample is not a number."""
        if self._start < 0:
            self._start = head
            self._state[steps.F_SETTLED] = head + SETTLE_S * self._fs
            self._advance = entry(advance_pelvis, samples, head, *self._advance_rest)
        n_rows, n_live, n_walked, n_still = self._advance(samples, head, *self._advance_rest)
        now = head + len(samples)
        if not (n_live or n_rows or n_walked or n_still) and self._due >= now:
            return _NOTHING
        if n_rows < 0:
            return None
        for start, stop in self.detector.still[:n_still].tolist() if n_still else ():
            self._still.append((self._stream.time_s(start), self._stream.time_s(stop)))
        return self._conclude(now, n_rows, n_walked, n_live)

    def gap(self, head: int, missing: int) -> list[Step]:
        """Pass a hole of `missing` samples; before a longer one close what is open."""
        if self.detector.bridges(missing):
            self.detector.bridge(head, missing)
            return []
        still = self.detector.open_still(head)
        if still:
            self._still.append((self._stream.time_s(still[0]), self._stream.time_s(still[1])))
        long = missing > WALK_BRIDGE_S * self._fs
        found = self._conclude(head, self.detector.gap(head, missing), ending=steps.CLOSE if long else steps.GO_ON)
        self._holes[:-1] = self._holes[1:]
        self._holes[-1] = head, head + missing
        if long:
            self._state[steps.F_SETTLED] = head + missing + SETTLE_S * self._fs
        self._state[steps.F_FRESH] = int(Quality.EDGE | Quality.AFTER_GAP)
        plain(force_kernel.interrupt)(self._state[steps.F_FORCE : steps.F_CANDIDATE])
        return found

    def finish(self, head: int) -> list[Step]:
        """End of the stream."""
        return self._conclude(head, self.detector.finish(head), ending=steps.END)

    # -- output --------------------------------------------------------------------------------------------------

    def _conclude(
        self, now: int, n_rows: int, n_walked: int = 0, n_live: int = 0, ending: int = steps.GO_ON
    ) -> list[Step]:
        n_live = 0 if self._live is None else n_live
        n, n_events, self._due = self._conclude_kernel(
            self.front.sig, now, n_rows, n_walked, n_live, ending, *self._rest
        )
        if n_events and self._live is not None:
            if n_events == 1:
                self._live(self._first_event.tolist())
            else:
                for event in self._events[:n_events].tolist():
                    self._live(event)
        if n == 0:
            return _NOTHING
        if self._whole is not None:
            self._whole.append(self._table[:n].copy())
            return _NOTHING
        rows = [self._first_step.tolist()] if n == 1 else self._table[:n].tolist()
        for row in rows:
            self._contacts.append(row[steps.T_IC_INDEX])
            self._contacts.append(row[steps.T_RUNNING])
        return [step_of(row) for row in rows]

    def table(self) -> StepTable:
        """Return the steps that were kept."""
        return StepTable(self._kept())

    def _kept(self) -> FloatArray:
        """Rows of all steps that were kept, put together once."""
        whole = self._whole or []
        if len(whole) != 1:
            whole[:] = [np.concatenate([np.empty((0, steps.N_STEP)), *whole])]
        return whole[0]

    def activity(self, head: int) -> tuple[ActivitySpan, ...]:
        """Stretches of running, walking, standing and other up to sample `head`."""
        still = list(self._still)
        last = self.detector.open_still(head)
        if last:
            still.append((self._stream.time_s(last[0]), self._stream.time_s(last[1])))
        columns = [steps.T_IC_INDEX, steps.T_RUNNING]
        contacts = [np.array(self._contacts).reshape(-1, 2), self._kept()[:, columns]]
        if self._counts[steps.I_WAITING]:
            accepted = self._state[steps.F_WAITING : steps.F_GATE]
            contacts.append(accepted[None, [gate.A_CANDIDATE + gate.C_IC, gate.A_RUNNING]])
        index, running = np.concatenate(contacts).T
        times = self._stream.t0_s + index / self._fs
        return activity_spans(times, running, still, self._stream.time_s(self._start), self._stream.time_s(head))

    def activity_now(self, head: int) -> ActivityKind:
        """Tell what the runner does at the newest sample."""
        kind = activity.kind_at(
            head, self._params[steps.P_GATE : steps.P_SIDE], self._state[steps.F_GATE : steps.F_SIDES]
        )
        if kind is ActivityKind.OTHER and self.detector.open_still(head):
            return ActivityKind.STANDING
        return kind
