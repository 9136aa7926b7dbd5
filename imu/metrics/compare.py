"""Two sets of steps: how far their means lie apart, and whether that is more than the measurement error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imu.metrics.baseline import ROUNDING, BetweenSessions
from imu.metrics.columns import columns
from imu.metrics.intervals import MIN_VALUES, Mean, known, mean_of, t_factor
from imu.metrics.summary import METRICS, cadence_of, drift_of
from imu.types import ActivityKind, Estimate, Place, Step

BETWEEN_UNKNOWN = "between_sessions_unknown"
"""Reason: the sets are of two sessions, and how much sessions differ is not known: no decision."""

TOO_FEW_STEPS = "too_few_steps"
"""Reason: fewer than three usable steps in one set."""

_MAX_DOF = 1000  # for the Student factor: nothing changes beyond


@dataclass(frozen=True, slots=True)
class Difference:
    """Second set minus first set.

    Attributes
    ----------
    first, second : Estimate
        Means with their own 95 % intervals.
    change, half_width : float or None
        Difference of the means and half of its 95 % interval, in the number's unit.
    change_pct, half_width_pct : float or None
        The same in percent of the first.
    decided : bool
        Whether the interval holds all that it must; False for two sessions whose usual difference is not known.
    reason : str or None
        Text key: why there is no value, or no decision.
    """

    first: Estimate
    second: Estimate
    change: float | None
    half_width: float | None
    change_pct: float | None
    half_width_pct: float | None
    decided: bool
    reason: str | None = None

    @property
    def larger_than_error(self) -> bool | None:
        """Whether the interval leaves out zero; None = cannot be told."""
        if self.change is None or self.half_width is None or not self.decided:
            return None
        return abs(self.change) > self.half_width + ROUNDING * abs(self.first.value or 0.0)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {
            "first": self.first.as_dict(),
            "second": self.second.as_dict(),
            "change": self.change,
            "half_width_95": self.half_width,
            "change_pct": self.change_pct,
            "half_width_95_pct": self.half_width_pct,
            "larger_than_error": self.larger_than_error,
            "reason": self.reason,
        }


def difference(
    first: Mean, second: Mean, *, same_session: bool = True, pooled: BetweenSessions | None = None
) -> Difference:
    """Compare two means; the variances of their errors add up, degrees of freedom after Welch and Satterthwaite.

    Parameters
    ----------
    first, second : Mean
    same_session : bool
        Two stretches of one session, with the sensor where it was. Of two sessions the difference that they usually
        have must be in the interval: `pooled`.
    pooled : BetweenSessions or None
    """
    a, b = first.as_estimate(), second.as_estimate()
    if first.n < MIN_VALUES or second.n < MIN_VALUES:
        return Difference(a, b, None, None, None, None, False, TOO_FEW_STEPS)
    change = second.value - first.value
    parts = [(first.standard_error**2, first.dof), (second.standard_error**2, second.dof)]
    if not same_session and pooled is not None:
        sd = pooled.sd * (abs(first.value) if pooled.relative else 1.0)
        parts.append((2.0 * sd**2, pooled.dof))
    variance = math.fsum(v for v, _ in parts)
    weight = math.fsum(v * v / dof for v, dof in parts)
    dof = min(_MAX_DOF, max(1, math.floor(variance**2 / weight))) if weight > 0.0 else _MAX_DOF
    half = t_factor(dof) * math.sqrt(variance)
    scale = 100.0 / abs(first.value) if first.value else None
    decided = same_session or pooled is not None
    return Difference(
        first=a,
        second=b,
        change=known(change),
        half_width=known(half),
        change_pct=None if scale is None else known(change * scale),
        half_width_pct=None if scale is None else known(half * scale),
        decided=decided,
        reason=None if decided else BETWEEN_UNKNOWN,
    )


def means(steps: Sequence[Step], place: Place = Place.SACRUM) -> dict[str, Mean]:
    """Means of the running steps per number: those of `METRICS`, and cadence_spm.

    Steps that must not enter a mean are left out as in the summary.
    """
    data = columns([s for s in steps if s.activity is ActivityKind.RUNNING], METRICS)
    out = {name: mean_of(data.values[name], drift_of(place)) for name in METRICS}
    out["cadence_spm"] = cadence_of(data)
    return out


def compare_steps(
    first: Sequence[Step],
    second: Sequence[Step],
    *,
    place: Place = Place.SACRUM,
    same_session: bool = True,
    pooled: dict[str, BetweenSessions] | None = None,
) -> dict[str, Difference]:
    """Compare two sets of running steps: second minus first, for every number of `METRICS` and the cadence.

    Parameters
    ----------
    first, second : sequence of Step
        Each in the order of time; that both are of one speed is the caller's to see to (`same_speed`).
    place : Place
    same_session : bool
    pooled : dict of BetweenSessions or None
        Per number; what has none is not decided for two sessions.
    """
    a, b = means(first, place), means(second, place)
    given = pooled or {}
    return {name: difference(a[name], b[name], same_session=same_session, pooled=given.get(name)) for name in (*a,)}
