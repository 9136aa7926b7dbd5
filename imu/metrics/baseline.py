"""A person against his own sessions: usual range, and change with the measurement error between sessions in it.

Like is compared with like only: same speed, same place, same filters. A session's mean is known far better from its
steps than from one session to the next (the belt sits elsewhere, the day is another one). So the interval of a change
comes from how much this person's sessions differ; while he has few, from how much the practice's clients do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from imu.constants import FILTER_VERSION, MPS_PER_KMH
from imu.metrics.intervals import t_factor
from imu.types import Estimate, Place

SAME_SPEED_MPS = 0.3 * MPS_PER_KMH
"""Two speeds that differ by no more than this are the same (0.3 km/h)."""

MIN_SESSIONS = 3
"""Fewer sessions do not tell how much sessions differ."""

MOST_POOLED_DOF = 10
"""Other people's sessions weigh at most as much as 11 of a person's own."""

ROUNDING = 1e-9
"""Share of a value by which two means of the very same numbers may differ: no change, however small its interval."""

_Z = 1.959963984540054
_ROUNDING = 1e-6  # of a metre per second: speeds typed in km/h

NO_BASELINE = "no_baseline"
"""Reason: no earlier session of the same place and filters at this speed."""

SPEED_MISSING = "speed_missing"
"""Reason: the speed of today is not known, so nothing is comparable."""

TOO_FEW_SESSIONS = "too_few_sessions"
"""Reason: how much sessions differ is not known yet; the interval holds the steps' variation alone."""


@dataclass(frozen=True, slots=True)
class SessionValue:
    """One number of one session at one speed.

    Attributes
    ----------
    value : float
    half_width : float or None
        Half of its 95 % interval from the variation of steps.
    speed_mps : float or None
    place : Place
    filter_version : str
        Numbers of different filters are not compared.
    """

    value: float
    half_width: float | None
    speed_mps: float | None
    place: Place = Place.SACRUM
    filter_version: str = FILTER_VERSION

    @classmethod
    def of(
        cls,
        estimate: Estimate,
        speed_mps: float | None,
        place: Place = Place.SACRUM,
        filter_version: str = FILTER_VERSION,
    ) -> SessionValue | None:
        """Make one of an estimate; None where that has no value."""
        if estimate.value is None:
            return None
        return cls(estimate.value, estimate.half_width, speed_mps, Place(place), filter_version)

    @property
    def standard_error(self) -> float:
        """Of the session's mean, from its steps; 0 where unknown."""
        return 0.0 if self.half_width is None else self.half_width / _Z


class BetweenSessions(NamedTuple):
    """How much the sessions of one person differ, learnt from several people.

    Attributes
    ----------
    sd : float
        Standard deviation, as a share of the value (relative) or in the value's unit.
    dof : int
        Degrees of freedom behind it.
    people : int
    relative : bool
    """

    sd: float
    dof: int
    people: int
    relative: bool


@dataclass(frozen=True, slots=True)
class UsualRange:
    """Where 95 % of a person's sessions lie; None with the reason where that cannot be told."""

    low: float | None
    high: float | None
    mean: float | None
    n_sessions: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Today against the person's own baseline.

    Attributes
    ----------
    change, half_width : float or None
        Today minus the baseline's mean, and half of its 95 % interval, in the number's unit.
    change_pct, half_width_pct : float or None
        The same in percent of the baseline; None for a baseline of 0.
    baseline : float or None
    n_sessions : int
        Behind the baseline.
    between_known : bool
        Whether the interval holds the difference between sessions; if not, it is that of the steps alone, too narrow.
    reason : str or None
        Text key: why there is no change, or no decision.
    """

    change: float | None
    half_width: float | None
    change_pct: float | None
    half_width_pct: float | None
    baseline: float | None
    n_sessions: int
    between_known: bool
    reason: str | None = None

    @property
    def larger_than_error(self) -> bool | None:
        """Whether the interval leaves out zero; None = cannot be told."""
        if self.change is None or self.half_width is None or not self.between_known:
            return None
        return abs(self.change) > self.half_width + ROUNDING * abs(self.baseline or 0.0)


def same_speed(a_mps: float | None, b_mps: float | None) -> bool:
    """Whether two speeds are known and within 0.3 km/h of each other."""
    return a_mps is not None and b_mps is not None and abs(a_mps - b_mps) <= SAME_SPEED_MPS + _ROUNDING


def comparable(today: SessionValue, history: Iterable[SessionValue]) -> list[SessionValue]:
    """Pick the sessions that may be compared with today's: same speed, place and filters."""
    return [
        s
        for s in history
        if same_speed(s.speed_mps, today.speed_mps)
        and s.place is today.place
        and s.filter_version == today.filter_version
    ]


def _mean_and_variance(values: Sequence[float]) -> tuple[float, float]:
    mean = math.fsum(values) / len(values)
    squares = math.fsum((v - mean) ** 2 for v in values)
    return mean, squares / (len(values) - 1) if len(values) > 1 else math.nan


def between_sessions(people: Iterable[Sequence[SessionValue]], *, relative: bool = True) -> BetweenSessions | None:
    """Learn how much the sessions of one person differ, from several people's comparable sessions.

    Parameters
    ----------
    people : iterable of sequence of SessionValue
        One sequence per person and speed, already comparable among themselves.
    relative : bool
        In shares of each person's mean (peaks, times); False for numbers around 0 (left-right difference).

    Returns
    -------
    BetweenSessions or None
        None while nobody has two sessions.
    """
    squares, dof, count = 0.0, 0, 0
    for sessions in people:
        if len(sessions) < 2:
            continue
        mean, variance = _mean_and_variance([s.value for s in sessions])
        if relative and mean == 0.0:
            continue
        squares += (len(sessions) - 1) * variance / (mean**2 if relative else 1.0)
        dof += len(sessions) - 1
        count += 1
    return BetweenSessions(math.sqrt(squares / dof), dof, count, relative) if dof else None


def _spread(values: Sequence[float], pooled: BetweenSessions | None) -> tuple[float, int] | None:
    """Variance between sessions and its degrees of freedom: the person's own, and the pool's as a prior."""
    mean, own = _mean_and_variance(values)
    dof = len(values) - 1
    if pooled is not None:
        prior_dof = min(pooled.dof, MOST_POOLED_DOF)
        prior = (pooled.sd * (abs(mean) if pooled.relative else 1.0)) ** 2
        squares = prior_dof * prior + (dof * own if dof else 0.0)
        return squares / (prior_dof + dof), prior_dof + dof
    return None if len(values) < MIN_SESSIONS else (own, dof)


def usual_range(history: Sequence[SessionValue], *, pooled: BetweenSessions | None = None) -> UsualRange:
    """Range in which the next session of this person is to be expected (95 % prediction interval).

    Parameters
    ----------
    history : sequence of SessionValue
        Comparable among themselves (`comparable`).
    pooled : BetweenSessions or None
        From `between_sessions`; without it at least three sessions are needed.
    """
    n = len(history)
    if n == 0:
        return UsualRange(None, None, None, 0, NO_BASELINE)
    values = [s.value for s in history]
    mean = math.fsum(values) / n
    spread = _spread(values, pooled)
    if spread is None:
        return UsualRange(None, None, mean, n, TOO_FEW_SESSIONS)
    variance, dof = spread
    half = t_factor(dof) * math.sqrt(variance * (1.0 + 1.0 / n))
    return UsualRange(mean - half, mean + half, mean, n)


def change_from_baseline(
    today: SessionValue, history: Iterable[SessionValue], *, pooled: BetweenSessions | None = None
) -> Change:
    """Compare today with the person's own sessions at the same speed, place and filters.

    The variance of the change is that between sessions for today (or that of today's own steps, whichever is larger)
    plus that of the baseline's mean; Student's t with the degrees of freedom of the variance between sessions.

    Parameters
    ----------
    today : SessionValue
    history : iterable of SessionValue
        All earlier sessions; those that are not comparable are left out here.
    pooled : BetweenSessions or None
        From other clients of the practice, while this one has few sessions.
    """
    if today.speed_mps is None:
        return Change(None, None, None, None, None, 0, False, SPEED_MISSING)
    like = comparable(today, history)
    n = len(like)
    if n == 0:
        return Change(None, None, None, None, None, 0, False, NO_BASELINE)
    values = [s.value for s in like]
    baseline = math.fsum(values) / n
    change = today.value - baseline
    spread = _spread(values, pooled)
    if spread is not None:
        variance, dof = spread
        variance = max(variance, today.standard_error**2) + variance / n
        half = t_factor(dof) * math.sqrt(variance)
    else:
        errors = today.standard_error**2 + math.fsum(s.standard_error**2 for s in like) / n**2
        half = _Z * math.sqrt(errors)
    scale = 100.0 / abs(baseline) if baseline else None
    return Change(
        change=change,
        half_width=half,
        change_pct=None if scale is None else change * scale,
        half_width_pct=None if scale is None else half * scale,
        baseline=baseline,
        n_sessions=n,
        between_known=spread is not None,
        reason=None if spread is not None else TOO_FEW_SESSIONS,
    )
