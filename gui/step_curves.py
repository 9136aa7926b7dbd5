"""The newest steps laid over each other, from contact to contact, and their mean per side. No Qt."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from gui.i18n import Texts
from gui.live_state import READ_LOW, LiveState
from gui.numbers import NOTHING, half_width, number
from gui.scroll_back import ScrollBack
from gui.shown import CurvesShown, SideCurves
from imu.types import ActivityKind, FloatArray, Place, Side, Snapshot, Step

STEPS_PER_SIDE: Final = 10
MIN_STEPS: Final = 3
"""Fewer steps have no mean: their spread says nothing."""
POINTS: Final = 101
_ROW_EVERY: Final = 10
_NOTES = {Place.HIP: "word.lateral_sensor", Place.FOOT: "word.one_leg_sensor", Place.SHANK: "word.one_leg_sensor"}


def one_curve(snapshot: Snapshot, step: Step) -> FloatArray | None:
    """Return acc_is from this contact to the next at 0 to 100 % of the time between them.

    Returns
    -------
    ndarray, shape (101,), in g, or None
        None where the next contact is not known, the signal does not reach so far, or a sample is missing: a gap is
        never bridged.
    """
    duration = step.stride_time_s if step.step_time_s is None else step.step_time_s
    t = snapshot.t_s
    if duration is None or len(t) < 2:
        return None
    end_s = step.ic_s + duration
    first, stop = int(np.searchsorted(t, step.ic_s, "right")) - 1, int(np.searchsorted(t, end_s)) + 1
    if first < 0 or stop > len(t):
        return None
    signal = snapshot.acc_is_g[first:stop]
    if np.isnan(signal).any():
        return None
    return np.interp(np.linspace(step.ic_s, end_s, POINTS), t[first:stop], signal)


def newest_curves(
    snapshot: Snapshot, steps: Iterable[Step], from_s: float = -math.inf, n: int = STEPS_PER_SIDE
) -> dict[Side, FloatArray]:
    """Return the curves of the newest running steps of each side.

    Parameters
    ----------
    snapshot : Snapshot
    steps : iterable of Step
        Newest first. Steps after a gap, clipped ones, and those of unknown side are left out.
    from_s : float
        Steps before this time do not count (the sides were swapped since).
    n : int
        Most steps per side.

    Returns
    -------
    dict of ndarray, shape (k, 101)
        In g, newest first; k from 0 to n.
    """
    out: dict[Side, list[FloatArray]] = {Side.LEFT: [], Side.RIGHT: []}
    for step in steps:
        if step.ic_s <= from_s or (len(snapshot.t_s) and step.ic_s < snapshot.t_s[0]):
            break
        if step.activity is not ActivityKind.RUNNING or step.quality & READ_LOW or step.side is Side.UNKNOWN:
            continue
        if len(out[step.side]) < n:
            curve = one_curve(snapshot, step)
            if curve is not None:
                out[step.side].append(curve)
        elif all(len(curves) >= n for curves in out.values()):
            break
    return {side: np.array(curves).reshape(-1, POINTS) for side, curves in out.items()}


class StepCurves:
    """Makes what the card shows, anew only when a step has come or the view has moved."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._shown = CurvesShown()

    def shown(self, state: LiveState, back: ScrollBack, texts: Texts) -> CurvesShown:
        """Return the curves up to now, or up to where the view stands still."""
        uncertain = state.side_uncertain
        key = (state.n_steps, back.at_s, state.swap_s, state.place, uncertain, texts.language)
        if key != self._key:
            self._key = key
            self._shown = self._fresh(state, back, texts, uncertain)
        return self._shown

    def _fresh(self, state: LiveState, back: ScrollBack, texts: Texts, uncertain: bool) -> CurvesShown:
        at = math.inf if back.at_s is None else back.at_s
        snapshot = state.snapshot if back.held is None else back.held
        steps = () if uncertain else (s for s in reversed(state.history) if s.ic_s <= at)
        found = newest_curves(snapshot, steps, state.swap_s)
        sides = tuple(
            SideCurves(side, texts(f"word.{side.name.lower()}"), curves, mean_of(curves))
            for side, curves in found.items()
        )
        note = texts("word.side_uncertain") if uncertain else ""
        if not note and state.place in _NOTES:
            note = texts(_NOTES[state.place])
        heads = [texts("curves.percent")]
        heads += [texts("curves.side", side=s.word, n=len(s.curves)) for s in sides]
        rows = [(str(k), *(self._cell(s, k, texts.language) for s in sides)) for k in range(0, POINTS, _ROW_EVERY)]
        return CurvesShown(
            title=texts("curves.title"),
            note=texts("curves.note", n=STEPS_PER_SIDE),
            key=texts("curves.key"),
            axis=texts("curves.axis"),
            remark=note,
            empty=texts("table.empty"),
            sides=sides,
            heads=tuple(heads),
            rows=tuple(rows),
        )

    @staticmethod
    def _cell(side: SideCurves, k: int, language: str) -> str:
        if side.mean is None:
            return NOTHING
        spread = float(np.std(side.curves[:, k], ddof=1))
        return f"{number(float(side.mean[k]), 2, language)} {half_width(spread, 2, language)}"


def mean_of(curves: FloatArray) -> FloatArray | None:
    """Return the mean curve of shape (101,); None below `MIN_STEPS` curves."""
    if len(curves) < MIN_STEPS:
        return None
    mean: FloatArray = curves.mean(axis=0)
    return mean
