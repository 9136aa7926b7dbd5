"""Left or right: votes from the pelvis, alternation from step to step, and an anchor where there is one.

Each step gives up to three votes. Steps alternate, so the votes of many steps are added up on the one question that is
left: which foot was the first (forward pass of a hidden Markov model). A missed step shows as a double interval and
alternates accordingly; after a pause longer than two and a half steps the question is open again. What is decided for
a step is never revised; below the stated confidence it is UNKNOWN.

The other thing that is not known is whether a vote means in this person, with the sensor worn as it is, what it means
in most. The belief covers both, so votes alone tell the side only as surely as they can be trusted, and an anchor
tells what the votes mean, in a sensor worn the wrong way round as well.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from imu.kernels import belief, rows, side
from imu.kernels._jit import plain
from imu.kernels.laterality import N_WINDOW, side_features
from imu.types import ActivityKind, FloatArray, Side

LONGEST_STEP_S = 1.2
"""Slowest step that belongs to a walk: 50 steps per minute."""

RUNNING_STEP_S = 0.37
"""Step of most runs (162 per minute), to tell one step from two before the runner's own is known."""

FLOOR = 1e-9
"""No case is ever held to be impossible."""

VOTES = ("roll rate", "lateral acceleration", "yaw rate")

_meaning_sign = plain(belief.meaning_sign)


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
    _Vote(rows.GYR_PA, (-0.1, 0.0), (0.05, 0.15), 25.0, 1.2, 4.0),
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
    reversed_share : float
        Chance that the sensor is worn back to front, or that its axes are named so.
    prior_steps : float
        So many steps weigh as much as the population's effect in the person's own.
    caution : float
        Share of a vote that counts: votes of one person err together.
    vote_limit : float
        Largest log-odds of one vote.
    middle_steps, spread_steps : float
        Memory of a vote's middle value between left and right, and of its usual size, steps.
    """

    unknown_below: float = 0.9
    slip: float = 1e-4
    long_step: float = 2.5
    reversed_share: float = 0.03
    prior_steps: float = 10.0
    caution: float = 0.7
    vote_limit: float = 2.0
    middle_steps: float = 12.0
    spread_steps: float = 60.0


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
        s = settings or SideSettings()
        self.settings = s
        self.windows: FloatArray = np.array([_window_table(votes, fs) for votes in _VOTES])
        self.templates: FloatArray = np.array([_template(votes, s.prior_steps) for votes in _VOTES])
        self.belief = _prior(s.reversed_share)
        self.params = pack(s)
        self.votes: FloatArray = np.full((2, len(VOTES)), np.nan)  # of this step, and scratch
        self.state: FloatArray = np.zeros(side.N_STATE)
        self.state[side.F_LAST_S] = np.nan

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
        windows = self.windows[int(activity is ActivityKind.RUNNING)]
        side_features(sig, ic_index, end, forward[0], forward[1], windows, self.votes[0])
        votes: list[float] = self.votes[0].tolist()
        return votes

    def anchor(self, foot: Side) -> None:
        """State the side of the next step."""
        self.state[side.F_ANCHOR] = int(foot)

    def anchor_worn(self, confidence: float) -> None:
        """State how sure it is, by a knee lift, that the sensor is worn as its axes say; counts from the next step on.

        Parameters
        ----------
        confidence : float
            0.5 to 1.
        """
        self.belief[:] = _prior(1.0 - confidence)

    def reset(self, reason: str = "") -> None:
        """Open the question again (gap, stop, `reason` for the reader); what was learnt of the person stays."""
        belief.turn_sides(self.belief, False, 0.5)
        self.state[side.F_LAST_S] = np.nan

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
        running = float(activity is ActivityKind.RUNNING)
        self.votes[0] = features
        foot, confidence, against = side.decide_side(
            ic_s, running, self.votes[0], self.belief, self.templates, self.params, self.state, self.votes[1]
        )
        return SideDecision(Side(int(foot)), float(confidence), bool(against > 0.0))


_VOTES = (WALKING_VOTES, RUNNING_VOTES)


def pack(settings: SideSettings) -> FloatArray:
    """Turn settings into the kernel's array."""
    out = np.zeros(side.N_PARAMS)
    out[belief.P_CAUTION] = settings.caution
    out[belief.P_VOTE_LIMIT] = settings.vote_limit
    out[belief.P_MIDDLE_STEPS] = settings.middle_steps
    out[belief.P_SPREAD_STEPS] = settings.spread_steps
    out[belief.P_FLOOR] = FLOOR
    out[side.P_UNKNOWN] = settings.unknown_below
    out[side.P_SLIP] = settings.slip
    out[side.P_LONG_STEP] = settings.long_step
    out[side.P_LONGEST] = LONGEST_STEP_S
    out[side.P_RUNNING_STEP] = RUNNING_STEP_S
    return out


def _template(votes: tuple[_Vote, ...], prior_steps: float) -> FloatArray:
    """Start from what votes look like in most people."""
    out = np.zeros((belief.N_TEMPLATE, len(votes)))
    out[belief.T_VARIANCE] = [v.spread**2 for v in votes]
    out[belief.T_EFFECT] = [v.effect for v in votes]
    out[belief.T_SEEN] = out[belief.T_WEIGHT] = prior_steps
    return out


def _prior(reversed_share: float) -> FloatArray:
    """Belief before the first step: no side, each vote trusted as it deserves, sensors seldom worn back to front."""
    meanings = range(2 ** len(VOTES))
    out = np.zeros((2, len(meanings), len(meanings)))
    for share, as_usual in ((1.0 - reversed_share, True), (reversed_share, False)):
        chance: list[list[float]] = []
        for votes in _VOTES:
            chance.append([])
            for meaning in meanings:
                p = 1.0
                for k, vote in enumerate(votes):
                    # back to front, the sideways and forward axes point the other way; up stays up
                    usual = 1.0 if as_usual or vote.row == rows.GYR_IS else -1.0
                    p /= 1.0 + math.exp(-vote.trust * usual * _meaning_sign(meaning, k))
                chance[-1].append(p)
        out += 0.5 * share * np.outer(chance[0], chance[1])
    return out


def _window_table(votes: tuple[_Vote, ...], fs: float) -> FloatArray:
    """Windows in samples, one row per vote."""
    table = np.empty((len(votes), N_WINDOW))
    for k, v in enumerate(votes):
        table[k] = [v.row, v.plus[0] * fs, v.plus[1] * fs, v.minus[0] * fs, v.minus[1] * fs]
    return table
