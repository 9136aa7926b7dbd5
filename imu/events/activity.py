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
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from imu.types import ActivityKind, ActivitySpan


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
    row : Any
        The detector's own row, handed through.
    next_ic : float
        Next contact of the same detector where it is known, else NaN.
    """

    ic: float
    low_g: float
    report: float
    row: Any = None
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


class ActivityGate:
    """Merge the candidates of both detectors into steps in time order.

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
        s = settings or GateSettings()
        self.settings = s
        self._run_step = s.longest_run_step_s * fs
        self._walk_step = s.longest_walk_step_s * fs
        self._same = s.same_contact_s * fs
        self._wait = s.wait_s * fs
        self._last = -math.inf  # contact of the last step given out
        self._run_ic = -math.inf
        self._walk_ic = -math.inf
        self._intervals: list[float] = []  # of the present run
        self._run_chain: list[Candidate] = []
        self._walk_chain: list[Candidate] = []
        self._held: list[Candidate] = []  # walking contacts that may turn out to be running ones
        self._flights: list[float] = []  # contacts of the walking detector with a flight before each, in a row
        self._airborne: set[float] = set()  # those of them that are enough for a run
        self._out: list[Accepted] = []

    def push(self, running: Sequence[Candidate], walking: Sequence[Candidate], now: int) -> list[Accepted]:
        """Take what the detectors reported up to, but not including, sample `now`; return the steps accepted."""
        events = [(c.report, 0, c) for c in running] + [(c.report, 1, c) for c in walking]
        events.sort(key=lambda e: (e[0], e[1], e[2].ic))
        for _, source, candidate in events:
            self.take(candidate, running=source == 0)
        return self.until(now)

    def take(self, candidate: Candidate, *, running: bool) -> None:
        """Take one candidate; they come in the order of their reports, at one sample running before walking."""
        if self._held:
            self._release_before(candidate.report)
        if running:
            self._running(candidate)
        else:
            self._walking(candidate)

    def until(self, now: float) -> list[Accepted]:
        """Return the steps decided before sample `now`."""
        if self._held:
            self._release_before(now)
        out, self._out = self._out, []
        return out

    def is_due(self, now: int) -> bool:
        """Whether a held contact is decided by sample `now` without a further report."""
        return bool(self._held) and max(self._held[0].ic + self._wait, self._held[0].report) < now

    def flush(self, now: int) -> list[Accepted]:
        """End of the stream: decide what is held; steps short of a bout are dropped."""
        while self._held:
            self._to_walk(self._held.pop(0), float(now))
        out, self._out = self._out, []
        return out

    def kind_at(self, now: float) -> ActivityKind:
        """Activity at a sample as far as steps tell: RUNNING, WALKING or OTHER."""
        if now - self._run_ic <= self._wait:
            return ActivityKind.RUNNING
        return ActivityKind.WALKING if now - self._walk_ic <= self._wait else ActivityKind.OTHER

    # -- running -------------------------------------------------------------------------------------------------

    def _runs(self, ic: float) -> bool:
        """Whether a contact may continue the present run."""
        return ic - self._run_ic <= self._wait

    def _running(self, c: Candidate) -> None:
        if self._runs(c.ic):
            if c.low_g <= self.settings.stay_g:
                self._accept_run(c, c.report)
            return
        if not c.low_g <= self.settings.enter_g:
            self._run_chain = []
            return
        if self._run_chain and c.ic - self._run_chain[-1].ic > self._run_step:
            self._run_chain = []
        self._run_chain.append(c)
        if len(self._run_chain) >= self.settings.confirm_steps:
            chain, self._run_chain = self._run_chain, []
            while self._held and self._held[0].ic < chain[0].ic - self._same:
                self._to_walk(self._held.pop(0), c.report)
            before, self._walk_chain = self._walk_chain, []
            if before and chain[0].ic - before[-1].ic <= self._run_step:
                self._accept_walk(before[-1], c.report)  # the first step into a run has no flight before it
            self._intervals = []
            for link in chain:
                self._accept_run(link, c.report)

    def _accept_run(self, c: Candidate, decided: float) -> None:
        if c.ic <= self._last + self._same:  # given out as a walking step, or as a filled one
            self._run_ic = max(self._run_ic, c.ic)
            return
        self._fill(self._run_ic, c.ic, decided)
        self._held = [w for w in self._held if w.ic > c.ic + self._same]
        if c.ic - self._run_ic <= self._run_step:
            self._intervals = [*self._intervals[-4:], c.ic - self._run_ic]
        self._run_ic = c.ic
        self._emit(ActivityKind.RUNNING, c, False, c.next_ic, decided)
        if not math.isnan(c.next_ic):
            self._fill(c.ic, c.next_ic, decided)

    def _fill(self, before: float, after: float, decided: float) -> None:
        """Give out walking contacts that lie in a hole between two running steps."""
        if not self._intervals or not self._held or after - before > self._wait:
            return
        usual = median(self._intervals)
        if after - before < self.settings.missed_share * usual:
            return
        margin = 0.6 * usual
        for w in self._held:
            if max(before, self._last) + margin <= w.ic <= after - margin:
                if self._out and self._out[-1].next_ic == after:
                    self._out[-1] = self._out[-1]._replace(next_ic=w.ic)
                self._emit(ActivityKind.RUNNING, w, True, math.nan, decided)
                self._run_ic = w.ic
        self._held = [w for w in self._held if w.ic > self._last]

    # -- walking -------------------------------------------------------------------------------------------------

    def _walking(self, w: Candidate) -> None:
        if w.ic <= self._last + self._same:
            return
        self._note_flight(w)
        if not self._runs(w.ic) and w.low_g > self.settings.stay_g and len(self._held) < self.settings.confirm_steps:
            # no flight, and too few with one before it to be a run
            for earlier in [*self._held, w]:
                self._to_walk(earlier, w.report)
            self._held = []
        else:
            self._held.append(w)

    def _note_flight(self, w: Candidate) -> None:
        """See a run by the walking detector alone, for when losses keep the running detector from it."""
        s = self.settings
        flying = len(self._flights) >= s.confirm_steps
        if self._flights and w.ic - self._flights[-1] > self._run_step:
            self._flights = []
        if not w.low_g <= (s.stay_g if flying else s.enter_g):
            self._flights = []
            return
        self._flights = [*self._flights[-s.confirm_steps :], w.ic]
        if len(self._flights) >= s.confirm_steps:
            self._airborne = {ic for ic in [*self._airborne, *self._flights] if ic > self._last}

    def _release_before(self, index: float) -> None:
        """Give the held contacts to the walk whose wait has ended before `index`."""
        while self._held and max(self._held[0].ic + self._wait, self._held[0].report) < index:
            w = self._held.pop(0)
            self._to_walk(w, max(w.ic + self._wait, w.report))

    def _to_walk(self, w: Candidate, decided: float) -> None:
        if w.ic <= self._last + self._same:
            return
        if w.ic in self._airborne:
            self._airborne.discard(w.ic)
            self._walk_chain = []
            self._run_ic = w.ic
            self._emit(ActivityKind.RUNNING, w, True, math.nan, decided)
            return
        if w.ic - self._walk_ic <= self._walk_step:
            self._accept_walk(w, decided)
            return
        if self._walk_chain and w.ic - self._walk_chain[-1].ic > self._walk_step:
            self._walk_chain = []
        self._walk_chain.append(w)
        if len(self._walk_chain) >= self.settings.confirm_steps:
            chain, self._walk_chain = self._walk_chain, []
            for link in chain:
                self._accept_walk(link, decided)

    def _accept_walk(self, w: Candidate, decided: float) -> None:
        if w.ic <= self._last + self._same:
            return
        self._walk_ic = w.ic
        self._emit(ActivityKind.WALKING, w, False, math.nan, decided)

    def _emit(self, kind: ActivityKind, c: Candidate, filled: bool, next_ic: float, decided: float) -> None:
        self._last = c.ic
        self._out.append(Accepted(kind, c, filled, next_ic, decided))


def activity_spans(
    steps: Iterable[tuple[float, ActivityKind]],
    still: Iterable[tuple[float, float]],
    start_s: float,
    end_s: float,
    pause_s: float = 1.3,
) -> tuple[ActivitySpan, ...]:
    """Cut a recording into stretches of one activity.

    Parameters
    ----------
    steps : iterable of (contact time in s, kind)
        In time order.
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
    bouts: list[list[float]] = []
    kinds: list[ActivityKind] = []
    for t, kind in steps:
        if kinds and kinds[-1] is kind and t - bouts[-1][-1] <= pause_s:
            bouts[-1].append(t)
        else:
            bouts.append([t])
            kinds.append(kind)
    pieces: list[ActivitySpan] = []
    at = start_s
    quiet = list(still)
    for i, (bout, kind) in enumerate(zip(bouts, kinds, strict=True)):
        pieces += _between(at, max(at, bout[0]), quiet)
        following = bouts[i + 1][0] if i + 1 < len(bouts) else end_s
        usual = float(np.median(np.diff(bout))) if len(bout) > 1 else 0.0
        stop = following if following - bout[-1] <= pause_s else bout[-1] + usual
        stop = min(max(stop, bout[-1]), end_s)
        pieces.append(ActivitySpan(max(at, bout[0]), stop, kind))
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
