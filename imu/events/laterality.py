"""Left or right: votes from the pelvis, alternation from step to step, and an anchor where there is one.

Each step gives up to three votes. Steps alternate, so the votes of many steps are added up on the one question that is
left: which foot was the first (forward pass of a two-state hidden Markov model). A missed step shows as a double
interval and alternates accordingly; after a pause longer than two and a half steps the question is open again. What is
decided for a step is never revised; below the stated confidence it is UNKNOWN.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

import numpy as np

from imu.kernels import rows
from imu.kernels.laterality import N_WINDOW, side_features
from imu.types import ActivityKind, FloatArray, Side

LONGEST_STEP_S = 1.2
"""Slowest step that belongs to a walk: 50 steps per minute."""

VOTES = ("roll rate", "lateral acceleration", "yaw rate")


class _Vote(NamedTuple):
    """One feature: row of the ring, plus and minus window in s after contact, typical size, effect.

    The difference of the two means is positive at a right contact; `spread` is its usual size (deg/s or m/s2) and
    `effect` the usual distance of left and right from their middle in units of that size. `trust` is the log-odds that
    the vote means in this person what it means in most: however many of one person's steps agree, they cannot be
    surer than that.
    """

    row: int
    plus: tuple[float, float]
    minus: tuple[float, float]
    spread: float
    effect: float
    trust: float


WALKING_VOTES = (
    # The pelvis drops towards the swinging leg just after contact: at a right contact it rolls to the left.
    _Vote(rows.GYR_PA, (-0.1, 0.0), (0.05, 0.15), 25.0, 1.2, 3.5),
    # The stance leg pushes the body towards the other side: before a right contact to the right, after it to the left.
    _Vote(rows.ML, (-0.35, -0.15), (0.0, 0.1), 1.0, 1.0, 2.6),
    # The swinging leg takes its side of the pelvis forward until contact.
    _Vote(rows.GYR_IS, (-0.15, -0.05), (0.05, 0.15), 25.0, 0.4, 1.0),
)
"""Measured against true sides (sets F, G): right in 0.84-0.96, 0.90-0.92 and 0.63-0.77 of single steps."""

RUNNING_VOTES = (
    # The pelvis drops towards the swinging leg in early stance and comes back in late stance.
    _Vote(rows.GYR_PA, (0.12, 0.22), (0.0, 0.1), 60.0, 1.0, 2.6),
    # A sensor behind the pelvis' axis is thrown sideways with the impact (set J, one runner).
    _Vote(rows.ML, (0.05, 0.1), (-0.05, 0.0), 4.0, 0.5, 1.5),
    # Before contact the pelvis already turns back towards the landing leg, in late stance away from it.
    _Vote(rows.GYR_IS, (0.1, 0.2), (-0.15, -0.05), 60.0, 0.5, 1.0),
)
"""Roll and yaw alternate together in all 12 jogging records of set E; there is no true side there."""


@dataclass(frozen=True, slots=True)
class SideSettings:
    """What the side decision rests on.

    Attributes
    ----------
    unknown_below : float
        Confidence under which a step's side is UNKNOWN.
    slip : float
        Chance per step that the alternation fails without the timing showing it.
    long_step : float
        Pause in steps after which the side is open again.
    prior_steps : float
        So many steps weigh as much as the population's effect in the person's own.
    caution : float
        Share of a vote that counts: votes of one person err together.
    vote_limit : float
        Largest log-odds of one vote.
    middle_steps : float
        Memory of a vote's middle value between left and right, steps.
    """

    unknown_below: float = 0.9
    slip: float = 1e-4
    long_step: float = 2.5
    prior_steps: float = 10.0
    caution: float = 0.7
    vote_limit: float = 2.0
    middle_steps: float = 12.0


class SideDecision(NamedTuple):
    """Side of one step, final.

    Attributes
    ----------
    side : Side
    confidence : float
        Probability of the likelier side, 0.5 to 1; given also when the side is UNKNOWN.
    against_vote : bool
        The step's own votes said the opposite (Quality.SIDE_CORRECTED).
    """

    side: Side
    confidence: float
    against_vote: bool


class _Template:
    """What one person's votes look like in one activity: middle, size and effect of each, learnt as steps come in."""

    def __init__(self, votes: tuple[_Vote, ...], settings: SideSettings) -> None:
        n0 = settings.prior_steps
        self.settings = settings
        self.middle = [0.0] * len(votes)
        self.variance = [v.spread**2 for v in votes]
        self.effect = [v.effect for v in votes]
        self.trust = [v.trust for v in votes]
        self.seen = [n0] * len(votes)
        self.weight = [n0] * len(votes)

    def forget_direction(self) -> None:
        """Learn what each vote means in this person from nothing: the side is known from elsewhere."""
        self.effect = [0.0] * len(self.effect)
        self.weight = [self.settings.prior_steps] * len(self.weight)

    def ceiling(self, features: Sequence[float] | None) -> float:
        """Most that the votes seen so far, with those of the step at hand, can tell without an anchor."""
        n0 = self.settings.prior_steps
        total = 0.0
        for k, trust in enumerate(self.trust):
            if self.seen[k] > n0 or (features is not None and math.isfinite(features[k])):
                total += trust
        return total

    def log_odds(self, features: Sequence[float]) -> float:
        """Log-odds for RIGHT against LEFT of one step's votes."""
        total = 0.0
        s = self.settings
        for k, x in enumerate(features):
            if math.isfinite(x):
                z = (x - self.middle[k]) / math.sqrt(self.variance[k])
                total += min(s.vote_limit, max(-s.vote_limit, 2.0 * s.caution * self.effect[k] * z))
        return total

    def learn(self, features: Sequence[float], lean: float) -> None:
        """Take a step in; `lean` is -1 (surely left) ... +1 (surely right)."""
        for k, x in enumerate(features):
            if not math.isfinite(x):
                continue
            z = (x - self.middle[k]) / math.sqrt(self.variance[k])
            self.weight[k] += abs(lean)
            self.effect[k] += (lean * z - abs(lean) * self.effect[k]) / self.weight[k]
            self.seen[k] += 1.0
            self.middle[k] += (x - self.middle[k]) / min(self.seen[k], self.settings.middle_steps)
            self.variance[k] += ((x - self.middle[k]) ** 2 - self.variance[k]) / min(self.seen[k], 60.0)


class SideTracker:
    """Side of each step, decided when the step is given out.

    Parameters
    ----------
    fs : float
        Samples per second.
    settings : SideSettings

    Notes
    -----
    Latency: none beyond the step's own, except that the votes need 0.15 s (walking) or 0.22 s (running) after contact.
    State changes only with the steps pushed, so it does not depend on how the stream is cut.
    """

    def __init__(self, fs: float, settings: SideSettings | None = None) -> None:
        self.settings = settings or SideSettings()
        self.fs = fs
        self._windows = {kind: _window_table(votes, fs) for kind, votes in _VOTES_OF.items()}
        self._found: FloatArray = np.full(len(VOTES), np.nan)
        self._templates = {kind: _Template(votes, self.settings) for kind, votes in _VOTES_OF.items()}
        self._log_odds = 0.0
        self._last_s: float | None = None
        self._intervals: list[float] = []
        self._anchor = Side.UNKNOWN
        self._anchored = False

    def features(
        self,
        sig: FloatArray,
        ic_index: float,
        end: int,
        activity: ActivityKind,
        forward: tuple[float, float] = (0.0, 1.0),
    ) -> list[float]:
        """Read the three votes of one contact from the detector ring; see `imu.kernels.laterality`.

        `end` is the sample at which the step is reported; only samples before it are used.

        `forward` is the direction in the ring's (ml, pa) plane; NaN, NaN = not known: only the yaw rate is left.
        """
        side_features(sig, ic_index, end, forward[0], forward[1], self._windows[activity], self._found)
        votes: list[float] = self._found.tolist()  # floats: numpy's own scalars are five times slower
        return votes

    def anchor(self, side: Side) -> None:
        """State the side of the next step; from then on the votes mean what they turn out to mean."""
        self._anchor = side
        if side is not Side.UNKNOWN:
            self._anchored = True
            for template in self._templates.values():
                template.forget_direction()

    def reset(self, reason: str = "") -> None:
        """Open the question again (gap, stop, `reason` for the reader); what was learnt of the person stays."""
        self._log_odds = 0.0
        self._last_s = None

    def push(self, ic_s: float, features: Sequence[float], activity: ActivityKind) -> SideDecision:
        """Decide the side of the next step.

        Parameters
        ----------
        ic_s : float
            Time of its contact, later than the last one's.
        features : sequence of 3 floats
            As of `features`; NaN = this vote is not there (axis not measured, forward direction unknown).
        activity : ActivityKind
            WALKING or RUNNING.
        """
        s = self.settings
        self._alternate(ic_s)
        limit = math.log((1.0 - s.slip) / s.slip)
        if self._anchor is not Side.UNKNOWN:
            self._log_odds = limit if self._anchor is Side.RIGHT else -limit
            self._anchor = Side.UNKNOWN
        template = self._templates[activity]
        vote = template.log_odds(features)
        if not self._anchored:
            limit = min(limit, max(t.ceiling(features if t is template else None) for t in self._templates.values()))
        self._log_odds = min(limit, max(-limit, self._log_odds + vote))
        right = 1.0 / (1.0 + math.exp(-self._log_odds))
        template.learn(features, 2.0 * right - 1.0)
        confidence = max(right, 1.0 - right)
        if confidence < s.unknown_below:
            return SideDecision(Side.UNKNOWN, confidence, False)
        side = Side.RIGHT if right > 0.5 else Side.LEFT
        return SideDecision(side, confidence, vote * self._log_odds < 0.0)

    def _alternate(self, ic_s: float) -> None:
        """Carry the belief over to the next step: as many changes of side as steps fit into the interval."""
        s = self.settings
        if self._last_s is not None:
            interval = ic_s - self._last_s
            usual = median(self._intervals) if self._intervals else min(interval, LONGEST_STEP_S)
            ratio = interval / usual
            if ratio > s.long_step:
                self._log_odds = 0.0
            else:
                steps = round(ratio)
                if steps % 2:
                    self._log_odds = -self._log_odds
                off = 2.0 * abs(ratio - steps)  # 1 = as well one step more or less
                slip = min(0.5, s.slip + (0.5 - s.slip) * off**4)
                p = 1.0 / (1.0 + math.exp(-self._log_odds))
                p = (1.0 - slip) * p + slip * (1.0 - p)
                self._log_odds = math.log(p / (1.0 - p))
            if interval < LONGEST_STEP_S:
                self._intervals = [*self._intervals[-4:], interval]
        self._last_s = ic_s


_VOTES_OF = {ActivityKind.WALKING: WALKING_VOTES, ActivityKind.RUNNING: RUNNING_VOTES}


def _window_table(votes: tuple[_Vote, ...], fs: float) -> FloatArray:
    """Windows in samples, one row per vote."""
    table = np.empty((len(votes), N_WINDOW))
    for k, v in enumerate(votes):
        table[k] = [v.row, v.plus[0] * fs, v.plus[1] * fs, v.minus[0] * fs, v.minus[1] * fs]
    return table
