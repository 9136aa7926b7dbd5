"""The feedback line: set by the therapist from the runner's own baseline; which steps stay in it; when it is shown.

Line and fading follow Crowell and Davis 2011 (PMC3014399) and its successors (PMC7699362): a line relative to the
runner's own baseline, shown at first with every step, then less and less, over about eight sessions. They measured at
the tibia; here the share is taken of what exceeds 1 g, which nobody who stands on the ground can fall below.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from imu.errors import SettingsError
from imu.types import ActivityKind, FloatArray, LineChange, Side, Step
from imu.types.step_table import numbers_of, of_activity

STANDING_G = 1.0
LEAST_SHARE, MOST_SHARE = 0.5, 1.0
USUAL_SHARE = 0.8
"""The gentlest line of the literature (50 to 80 % of the baseline)."""

LINE_STEPS = 50
"""Steps in the line are counted over so many."""

SMOOTH_STEPS = 5
"""A sound follows the mean of so many steps (Van den Berghe et al.): single steps scatter."""

FADE_BLOCKS = (1.0, 0.5, 0.25, 0.0)
"""Share of the steps with feedback, block by block."""

FADE_SESSIONS = (1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.25, 0.0)
"""The same, session by session: in full for four, then withdrawn."""

PERIOD_STEPS = 40
"""Faded feedback comes in stretches: on for a share of every 40 steps. Every second step would be one leg only."""


def line_from_baseline(baseline_g: float, share: float = USUAL_SHARE) -> float:
    """Place the line: 1 g + share (baseline - 1 g).

    Parameters
    ----------
    baseline_g : float
        The runner's own load peak at this speed, in g.
    share : float
        0.5 to 1.

    Raises
    ------
    SettingsError
        A share outside that range, or a baseline at or below 1 g.
    """
    if not LEAST_SHARE <= share <= MOST_SHARE:
        raise SettingsError(
            "share", f"{share:g} is outside {LEAST_SHARE:g} to {MOST_SHARE:g}.", hint="Use 0.8 for a first line."
        )
    if not (math.isfinite(baseline_g) and baseline_g > STANDING_G):
        raise SettingsError(
            "baseline_g",
            f"{baseline_g:g} g is no load peak of running.",
            hint="Let the runner run for half a minute first, or set the line by hand.",
        )
    return STANDING_G + share * (baseline_g - STANDING_G)


class InLine(NamedTuple):
    """Which of the newest steps stay in the line.

    Attributes
    ----------
    n_in, n : int
        Steps in the line, and steps whose load is known.
    inside : tuple of bool
        Oldest first, one per step of `n`.
    n_left_in, n_left, n_right_in, n_right : int
        The same for each side.
    """

    n_in: int
    n: int
    inside: tuple[bool, ...]
    n_left_in: int
    n_left: int
    n_right_in: int
    n_right: int


def steps_in_line(steps: Sequence[Step], line_g: float, last: int = LINE_STEPS) -> InLine:
    """Count the newest running steps whose load peak is at or below the line.

    Parameters
    ----------
    steps : sequence of Step
        In the order of time; only the end is looked at.
    line_g : float
    last : int
        How many steps count.
    """
    newest: list[tuple[bool, Side]] = []
    for step in reversed(steps):
        if len(newest) == last:
            break
        if step.activity is ActivityKind.RUNNING and step.load_peak_g is not None:
            newest.append((step.load_peak_g <= line_g, step.side))
    newest.reverse()
    inside = tuple(good for good, _ in newest)
    left = [good for good, side in newest if side is Side.LEFT]
    right = [good for good, side in newest if side is Side.RIGHT]
    return InLine(sum(inside), len(inside), inside, sum(left), len(left), sum(right), len(right))


def lines_at(changes: Sequence[LineChange], times_s: FloatArray) -> FloatArray:
    """Return the line in force at some moments.

    Parameters
    ----------
    changes : sequence of LineChange
        In the order of time; before the first one there is no line.
    times_s : ndarray, shape (n,)

    Returns
    -------
    ndarray, shape (n,)
        In g; NaN = there was none.
    """
    values = [float("nan") if change.line_g is None else change.line_g for change in changes]
    force = np.array([float("nan"), *values])
    found: FloatArray = force[np.searchsorted([change.time_s for change in changes], times_s, side="right")]
    return found


class LineCount(NamedTuple):
    """Steps in the line, and steps that were run while there was one."""

    n_in: int
    n: int

    @property
    def share(self) -> float | None:
        """Share in the line, 0 to 1; None = no step was run while there was one."""
        return self.n_in / self.n if self.n else None


def count_in_line(steps: Sequence[Step], changes: Sequence[LineChange]) -> LineCount:
    """Count the running steps that stayed in the line as it stood at their contact.

    Parameters
    ----------
    steps : sequence of Step
        Those whose load is not known do not count.
    changes : sequence of LineChange
        The line as it was set and moved.
    """
    if not changes:
        return LineCount(0, 0)
    running = of_activity(steps, ActivityKind.RUNNING)
    loads, lines = numbers_of(running, "load_peak_g"), lines_at(changes, numbers_of(running, "ic_s"))
    judged = np.isfinite(loads) & np.isfinite(lines)
    return LineCount(int(np.count_nonzero(loads[judged] <= lines[judged])), int(np.count_nonzero(judged)))


def excess_g(steps: Sequence[Step], line_g: float, smooth: int = SMOOTH_STEPS) -> float | None:
    """How far the mean of the newest running steps lies above the line, in g; 0 in it, None without a known load."""
    loads: list[float] = []
    for step in reversed(steps):
        if len(loads) == smooth:
            break
        if step.activity is ActivityKind.RUNNING and step.load_peak_g is not None:
            loads.append(step.load_peak_g)
    return max(0.0, math.fsum(loads) / len(loads) - line_g) if loads else None


def share_in_session(session: int, plan: Sequence[float] = FADE_SESSIONS) -> float:
    """Share of the steps with feedback in the session of this number (the first is 1); after the plan as at its end.

    Raises
    ------
    SettingsError
        A number below 1, or an empty plan.
    """
    if session < 1 or not plan:
        raise SettingsError("session", f"{session} of {len(plan)} is no session.", hint="Sessions count from 1.")
    return plan[min(session, len(plan)) - 1]


def gives_feedback(step: int, share: float, period: int = PERIOD_STEPS) -> bool:
    """Whether feedback is on at this step: the first `share` of every `period` steps.

    Parameters
    ----------
    step : int
        Counts from 0 in the block.
    share : float
        0 to 1.
    period : int
        Even, so that both legs get the same.
    """
    return step % period < 2 * round(0.5 * share * period)


def cadence_band(own_spm: float, change_pct: float = 5.0, width_pct: float = 2.0) -> tuple[float, float]:
    """Target band of the cadence: the runner's own, so many percent higher, plus and minus `width_pct`.

    5 and 10 % are what was studied (Heiderscheit et al. 2011, doi:10.1249/MSS.0b013e3181ebedf4).
    """
    target = own_spm * (1.0 + change_pct / 100.0)
    return target * (1.0 - width_pct / 100.0), target * (1.0 + width_pct / 100.0)
