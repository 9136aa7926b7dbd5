"""The activity gate in plain Python: lists of candidates, one decision after the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from imu.events.activity import Accepted, Candidate, GateSettings
from imu.types import ActivityKind


class NaiveGate:
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
