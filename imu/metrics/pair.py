"""Two sensors on one runner: whose clock is ahead, from contacts that both saw, and what that allows to compare.

Sensors count time for themselves. Arrivals of their packets put both clocks together to about a tenth of a second; the
contacts that both saw do so to some milliseconds. Contacts of two feet are not the same contacts, so that two foot
sensors keep two clocks: only what each measures by itself is comparable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from imu.metrics.attenuation import attenuation_pct
from imu.metrics.intervals import STRIDES, mean_of
from imu.types import ActivityKind, Estimate, Place, Quality, Step

SEARCH_S: Final = 0.15
"""A contact is looked for so near to where the arrivals put it: less than half a step, so that no other is meant."""

MOST_SPREAD_S: Final = 0.02
"""Beyond this (median absolute deviation times 1.48) the contacts do not belong together."""

FEWEST: Final = 8
LEAST_SHARE: Final = 0.7
"""Of the contacts in the stretch that both have."""

_SPOILED: Final = Quality.AFTER_GAP | Quality.SATURATED | Quality.FROZEN


class ClockOffset(NamedTuple):
    """How far the second clock is ahead of the first.

    Attributes
    ----------
    offset_s : float
        Median over the contacts; what one sensor sees later than the other is in it.
    spread_s : float
        Of the single contacts: median absolute deviation times 1.48.
    contacts : int
    """

    offset_s: float
    spread_s: float
    contacts: int


class Pair(NamedTuple):
    """What two sensors say together.

    Attributes
    ----------
    shock_g : tuple of Estimate
        Mean shock peak at each sensor, g.
    clock : ClockOffset or None
        None = it could not be found: too few contacts, or they do not fit.
    attenuation_pct : Estimate or None
        Shock taken up between shank and sacrum; None for other pairs, or without a common clock.
    """

    shock_g: tuple[Estimate, Estimate]
    clock: ClockOffset | None = None
    attenuation_pct: Estimate | None = None


def _running(steps: Sequence[Step]) -> list[Step]:
    return [s for s in steps if s.activity is ActivityKind.RUNNING]


def clock_offset(first: Sequence[Step], second: Sequence[Step], rough_s: float) -> ClockOffset | None:
    """Find how far the second clock is ahead, from the contacts of both.

    Parameters
    ----------
    first, second : sequence of Step
        Running steps are used; each in the order of time.
    rough_s : float
        Clock of the second minus clock of the first, known to about 0.1 s.

    Returns
    -------
    ClockOffset or None
        None with fewer than 8 contacts in common, fewer than 70 % of the contacts there could be, or where they
        scatter by more than 0.02 s.
    """
    ours = np.array([s.ic_s for s in _running(first)])
    theirs = np.array([s.ic_s for s in _running(second)]) - rough_s
    if len(ours) == 0 or len(theirs) == 0:
        return None
    start, stop = max(ours[0], theirs[0]) - SEARCH_S, min(ours[-1], theirs[-1]) + SEARCH_S
    ours = ours[(ours >= start) & (ours <= stop)]
    theirs = theirs[(theirs >= start) & (theirs <= stop)]
    if len(ours) == 0 or len(theirs) == 0:
        return None
    apart = theirs[np.abs(theirs[None, :] - ours[:, None]).argmin(axis=1)] - ours
    differences = apart[np.abs(apart) <= SEARCH_S]
    if len(differences) < max(FEWEST, LEAST_SHARE * min(len(ours), len(theirs))):
        return None
    middle = float(np.median(differences))
    spread = 1.4826 * float(np.median(np.abs(differences - middle)))
    return None if spread > MOST_SPREAD_S else ClockOffset(rough_s + middle, spread, len(differences))


def pair(
    first: Sequence[Step], first_place: Place, second: Sequence[Step], second_place: Place, rough_s: float | None
) -> Pair:
    """Put the newest steps of two sensors side by side.

    Parameters
    ----------
    first, second : sequence of Step
        Of the same stretch of the run.
    first_place, second_place : Place
    rough_s : float or None
        As in `clock_offset`; None = not known, then nothing is paired.
    """
    shocks = (_shock(first), _shock(second))
    if {first_place, second_place} != {Place.SHANK, Place.SACRUM} or rough_s is None:
        return Pair(shocks)
    clock = clock_offset(first, second, rough_s)
    if clock is None:
        return Pair(shocks)
    if first_place is Place.SHANK:
        return Pair(shocks, clock, attenuation_pct(first, second, offset_s=clock.offset_s))
    return Pair(shocks, clock, attenuation_pct(second, first, offset_s=-clock.offset_s))


def _shock(steps: Sequence[Step]) -> Estimate:
    values = [s.shock_peak_g for s in _running(steps) if s.shock_peak_g is not None and not s.quality & _SPOILED]
    return mean_of(values, STRIDES).as_estimate()
