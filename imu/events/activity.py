"""Walking, running or neither: one stream of steps from the running and the walking detector, decided online.

Running has a flight in every step of both legs: the low-passed vertical specific force falls near 0 g between two
contacts. Fast walking does so at most now and then, or with one leg only. So a run begins with three such steps in a
row, and all three are then given out. Everything is decided from the indices of events and of their reports, so it
does not depend on how the stream was cut into blocks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from imu.kernels import gate
from imu.types import ActivityKind, ActivitySpan, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class GateSettings:
    """What tells running from walking.

    Attributes
    ----------
    enter_g, stay_g : float
        Lowest vertical before contact: below the first for a run to begin, below the second for it to go on.
    confirm_steps : int
        Steps in a row that make a run, and that make a walk: fewer are a movement, not gait.
    longest_run_step_s, longest_walk_step_s : float
        Contacts further apart do not belong to one run or walk (100 and 50 steps per minute).
    same_contact_s : float
        Two detectors' contacts closer than this are the same.
    missed_share : float
        An interval of this many usual steps or more between running steps has a hole, which the walking detector
        may fill.
    wait_s : float
        So long after a walking contact the running detector may still report the same one.
    """

    enter_g: float = 0.2
    stay_g: float = 0.35
    confirm_steps: int = 3
    longest_run_step_s: float = 0.6
    longest_walk_step_s: float = 1.2
    same_contact_s: float = 0.2
    missed_share: float = 1.6
    wait_s: float = 1.3


class Candidate(NamedTuple):
    """A contact proposed by one detector.

    Attributes
    ----------
    ic : float
        Stream index of the contact.
    low_g : float
        Lowest low-passed vertical before it, in g; NaN = unknown.
    report : float
        Stream index at which it became known.
    next_ic : float
        Next contact of the same detector where it is known, else NaN.
    """

    ic: float
    low_g: float
    report: float
    next_ic: float = math.nan


class Accepted(NamedTuple):
    """A step of the one stream.

    Attributes
    ----------
    kind : ActivityKind
        RUNNING or WALKING.
    candidate : Candidate
    filled : bool
        A running step that only the walking detector saw (missed, or lost in transmission): a contact and no more.
    next_ic : float
        Next contact where it is known, corrected for filled ones; else NaN.
    decided : float
        Stream index at which it was given out.
    """

    kind: ActivityKind
    candidate: Candidate
    filled: bool
    next_ic: float
    decided: float


def pack(settings: GateSettings, fs: float) -> FloatArray:
    """Turn settings into the kernel's array (samples, g)."""
    out = np.zeros(gate.N_PARAMS)
    out[gate.P_ENTER] = settings.enter_g
    out[gate.P_STAY] = settings.stay_g
    out[gate.P_CONFIRM] = settings.confirm_steps
    out[gate.P_RUN_STEP] = settings.longest_run_step_s * fs
    out[gate.P_WALK_STEP] = settings.longest_walk_step_s * fs
    out[gate.P_SAME] = settings.same_contact_s * fs
    out[gate.P_MISSED] = settings.missed_share
    out[gate.P_WAIT] = settings.wait_s * fs
    return out


def start(state: FloatArray) -> None:
    """Set the gate's float state as it is before the first step."""
    state[:] = 0.0
    state[[gate.F_LAST, gate.F_RUN_IC, gate.F_WALK_IC]] = -np.inf


class ActivityGate:
    """Merge the candidates of both detectors into steps in time order, by `imu.kernels.gate`.

    Parameters
    ----------
    fs : float
        Samples per second.
    settings : GateSettings

    Notes
    -----
    Latency: a step within a run or a walk is given out when its detector reports it; the first two of a bout with the
    third; walking steps right after a run wait up to `wait_s`.
    """

    def __init__(self, fs: float, settings: GateSettings | None = None) -> None:
        self._params = pack(settings or GateSettings(), fs)
        self._queue: FloatArray = np.zeros((gate.N_QUEUE, gate.N_CANDIDATE))
        self._state: FloatArray = np.zeros(gate.N_FSTATE)
        self._counts: IntArray = np.zeros(gate.N_ISTATE, dtype=np.int64)
        self._out: FloatArray = np.zeros((gate.MAX_ACCEPTED, gate.N_ACCEPTED))
        start(self._state)
        self._rest = (self._params, self._queue, self._state, self._counts, self._out)

    def push(self, running: Sequence[Candidate], walking: Sequence[Candidate], now: int) -> list[Accepted]:
        """Take what the detectors reported up to, but not including, sample `now`; return the steps accepted."""
        steps: list[Accepted] = []
        row: FloatArray = np.zeros(gate.N_CANDIDATE)
        events = [(c.report, 0, c) for c in running] + [(c.report, 1, c) for c in walking]
        for _, source, c in sorted(events, key=itemgetter(0, 1)):
            row[: gate.C_AIRBORNE] = c
            (gate.take_walking if source else gate.take_running)(row, *self._rest)
            steps += self._given()
        gate.release_before(float(now), *self._rest)
        return steps + self._given()

    def flush(self, now: int) -> list[Accepted]:
        """End of the stream: decide what is held; steps short of a bout are dropped."""
        gate.release_all(float(now), *self._rest)
        return self._given()

    def is_due(self, now: int) -> bool:
        """Whether a held contact is decided by sample `now` without a further report."""
        return bool(gate.due(self._params, self._queue, self._counts) < now)

    def kind_at(self, now: float) -> ActivityKind:
        """Activity at a sample as far as steps tell."""
        return kind_at(now, self._params, self._state)

    def _given(self) -> list[Accepted]:
        n = int(self._counts[gate.I_OUT])
        self._counts[gate.I_OUT] = 0
        return [
            Accepted(
                ActivityKind.RUNNING if running else ActivityKind.WALKING,
                Candidate(*candidate[: gate.C_AIRBORNE]),
                bool(filled),
                next_ic,
                decided,
            )
            for running, filled, next_ic, decided, *candidate in self._out[:n].tolist()
        ]


def kind_at(now: float, params: FloatArray, state: FloatArray) -> ActivityKind:
    """Activity at a sample as far as the gate's steps tell: RUNNING, WALKING or OTHER."""
    if now - state[gate.F_RUN_IC] <= params[gate.P_WAIT]:
        return ActivityKind.RUNNING
    return ActivityKind.WALKING if now - state[gate.F_WALK_IC] <= params[gate.P_WAIT] else ActivityKind.OTHER


def activity_spans(
    times_s: FloatArray,
    running: FloatArray,
    still: Iterable[tuple[float, float]],
    start_s: float,
    end_s: float,
    pause_s: float = 1.3,
) -> tuple[ActivitySpan, ...]:
    """Cut a recording into stretches of one activity.

    Parameters
    ----------
    times_s : ndarray, shape (n,)
        Contacts, in time order.
    running : ndarray, shape (n,)
        1 = a running step, 0 = a walking step.
    still : iterable of (start, end) in s
        Stretches without movement, in time order: STANDING where there are no steps.
    start_s, end_s : float
        The recording.
    pause_s : float
        Steps of one kind further apart than this belong to two bouts.

    Returns
    -------
    tuple of ActivitySpan
        Without holes and overlaps, neighbours of different kinds; what is neither is OTHER.
    """
    parted = (np.diff(running) != 0.0) | ~(np.diff(times_s) <= pause_s)
    edges = [0, *(np.flatnonzero(parted) + 1).tolist(), len(times_s)] if len(times_s) else []
    pieces: list[ActivitySpan] = []
    at = start_s
    quiet = list(still)
    for first, end in pairwise(edges):
        begin, last = float(times_s[first]), float(times_s[end - 1])
        pieces += _between(at, max(at, begin), quiet)
        following = float(times_s[end]) if end < len(times_s) else end_s
        usual = float(np.median(np.diff(times_s[first:end]))) if end - first > 1 else 0.0
        stop = following if following - last <= pause_s else last + usual
        stop = min(max(stop, last), end_s)
        kind = ActivityKind.RUNNING if running[first] > 0.0 else ActivityKind.WALKING
        pieces.append(ActivitySpan(max(at, begin), stop, kind))
        at = stop
    pieces += _between(at, end_s, quiet)
    return _joined(pieces)


def _between(start_s: float, end_s: float, still: Sequence[tuple[float, float]]) -> list[ActivitySpan]:
    """Standing and other of a stretch without steps."""
    pieces = []
    at = start_s
    for first, last in still:
        a, b = max(first, at), min(last, end_s)
        if b > a:
            pieces.append(ActivitySpan(at, a, ActivityKind.OTHER))
            pieces.append(ActivitySpan(a, b, ActivityKind.STANDING))
            at = b
    pieces.append(ActivitySpan(at, end_s, ActivityKind.OTHER))
    return pieces


def _joined(pieces: Iterable[ActivitySpan]) -> tuple[ActivitySpan, ...]:
    """Drop empty pieces and join neighbours of one kind."""
    out: list[ActivitySpan] = []
    for piece in pieces:
        if piece.end_s <= piece.start_s:
            continue
        if out and out[-1].kind is piece.kind:
            out[-1] = ActivitySpan(out[-1].start_s, piece.end_s, piece.kind)
        else:
            out.append(piece)
    return tuple(out)
