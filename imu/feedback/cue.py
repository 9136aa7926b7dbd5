"""Test of a cue within one visit: baseline, cue, back (A-B-A), at one speed, with a verdict that can be wrong in 5 %.

A cue is said to work when the number with it differs from the number before it by more than the measurement error, and
comes back when the cue is left out. What drifts through all three blocks (warming up, tiring) does not come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from imu.metrics.baseline import same_speed
from imu.metrics.compare import Difference, difference, means
from imu.types import ActivityKind, Step

BLOCK_S = 60.0
SETTLE_S = 15.0
"""Dropped at the start of each block: the runner settles into the cue."""

MIN_STEPS = 40
"""Fewer running steps in what is left of a block (15 s) decide nothing."""


class Verdict(StrEnum):
    """What the test says; text keys of the dashboard and the report."""

    WORKS = "works"
    NO_CLEAR_DIFFERENCE = "no_clear_difference"
    DID_NOT_COME_BACK = "did_not_come_back"
    OTHER_WAY = "other_way"
    """Clear, came back, but in the direction that was not wanted."""
    NOT_DECIDED = "not_decided"
    """See the reason."""


SPEED_CHANGED = "speed_changed"
"""Reason: the blocks were not run at one speed (0.3 km/h)."""

TOO_FEW_STEPS = "too_few_steps"
"""Reason: a block holds fewer than `MIN_STEPS` usable running steps after the first 15 s."""


@dataclass(frozen=True, slots=True)
class CueBlock:
    """A stretch of the session, seconds of its own clock.

    Attributes
    ----------
    start_s, end_s : float
    speed_mps : float or None
        None in all three = nobody told the speed; that it was the same is then the therapist's word.
    """

    start_s: float
    end_s: float
    speed_mps: float | None = None


@dataclass(frozen=True, slots=True)
class CueTest:
    """Result of an A-B-A test.

    Attributes
    ----------
    verdict : Verdict
    metric : str
        Number that was tested.
    cue : Difference or None
        With the cue against before it.
    back : Difference or None
        Without the cue again, against with it.
    rest : Difference or None
        After against before: what stayed.
    others : dict of Difference
        Every other number with the cue against before, for the reader; no verdict hangs on them.
    speed_known : bool
    reason : str or None
    """

    verdict: Verdict
    metric: str
    cue: Difference | None
    back: Difference | None
    rest: Difference | None
    others: dict[str, Difference]
    speed_known: bool
    reason: str | None = None


def steps_of(steps: Sequence[Step], block: CueBlock, settle_s: float = SETTLE_S) -> list[Step]:
    """Return the running steps of a block, the first `settle_s` left out."""
    return [s for s in steps if s.activity is ActivityKind.RUNNING and block.start_s + settle_s <= s.ic_s < block.end_s]


def cue_test(
    steps: Sequence[Step],
    before: CueBlock,
    cue: CueBlock,
    after: CueBlock,
    *,
    metric: str = "load_peak_g",
    lower_is_wanted: bool = True,
    settle_s: float = SETTLE_S,
) -> CueTest:
    """Judge a cue from three blocks of one session.

    Parameters
    ----------
    steps : sequence of Step
        Of the session, in the order of time.
    before, cue, after : CueBlock
        In this order in time.
    metric : str
        As of `imu.metrics.compare.means`: a field of `Step`, or cadence_spm.
    lower_is_wanted : bool
        Direction that the cue is meant to give.
    settle_s : float

    Raises
    ------
    KeyError
        No such number.

    Notes
    -----
    Came back: the way back is larger than its own measurement error, and at least half of the way there.
    """
    blocks = (before, cue, after)
    speeds = [b.speed_mps for b in blocks]
    speed_known = all(v is not None for v in speeds)
    if any(v is not None for v in speeds) and not (
        same_speed(speeds[0], speeds[1]) and same_speed(speeds[1], speeds[2]) and same_speed(speeds[0], speeds[2])
    ):
        return CueTest(Verdict.NOT_DECIDED, metric, None, None, None, {}, speed_known, SPEED_CHANGED)
    a, b, c = (means(steps_of(steps, block, settle_s)) for block in blocks)
    there, back, rest = (
        difference(a[metric], b[metric]),
        difference(b[metric], c[metric]),
        difference(a[metric], c[metric]),
    )
    others = {name: difference(a[name], b[name]) for name in a if name != metric}

    def result(verdict: Verdict, reason: str | None = None) -> CueTest:
        return CueTest(verdict, metric, there, back, rest, others, speed_known, reason)

    if min(m[metric].n for m in (a, b, c)) < MIN_STEPS or there.change is None or back.change is None:
        return result(Verdict.NOT_DECIDED, TOO_FEW_STEPS)
    if not there.larger_than_error:
        return result(Verdict.NO_CLEAR_DIFFERENCE)
    came_back = bool(back.larger_than_error) and -back.change / there.change >= 0.5
    if not came_back:
        return result(Verdict.DID_NOT_COME_BACK)
    wanted = (there.change < 0.0) is lower_is_wanted
    return result(Verdict.WORKS if wanted else Verdict.OTHER_WAY)
