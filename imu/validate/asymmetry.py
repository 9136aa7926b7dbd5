"""Left/right difference of each running recording: estimated from our steps, measured on the same steps."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from imu.types import FloatArray, Step
from imu.validate.evaluate import Scored

Pairs = Sequence[tuple[Scored, list[tuple[Step, int]]]]

MIN_STEPS_PER_SIDE = 4
"""Fewer say nothing: the trials of 5 s hold about seven per side."""


def symmetry_index(values: FloatArray, second: npt.NDArray[np.bool_]) -> float:
    """Robinson's index in per cent, 100 (second - first) / half the sum, from the means of the two sides.

    Parameters
    ----------
    values : ndarray, shape (n,)
    second : ndarray of bool, shape (n,)
        Which of them belong to the second side (right, or B).
    """
    a, b = float(values[~second].mean()), float(values[second].mean())
    return 200.0 * (b - a) / (a + b)


def asymmetry(stances: Pairs, contacts: Pairs) -> dict[str, Any] | None:
    """RMSE of the estimated symmetry index in percentage points, beside the one of always saying zero.

    The reference's own labels part the steps, so it is the difference that is judged, not the side. Running recordings
    of sensors that see both legs.

    Returns
    -------
    dict or None
        "step_time", "contact_time", "peak_force": {"trials", "rmse_pp", "zero_rmse_pp", "right_sign", "rows"}; None
        where no recording can be judged.
    """
    rows: dict[str, list[tuple[str, float, float]]] = {"step_time": [], "contact_time": [], "peak_force": []}
    for s, matched in contacts:
        if _judged(s):
            _add(rows["step_time"], s, _step_times(s, matched))
    for s, matched in stances:
        if not _judged(s):
            continue
        for name, attribute, truth in (
            ("contact_time", "contact_time_s", s.truth.contact_time_s),
            ("peak_force", "vgrf_peak_bw", s.truth.active_peak_bw),
        ):
            of_stance = [
                (value, float(truth[j]), _second_side(s, float(s.truth.stance_ic[j])))
                for step, j in matched
                if (value := getattr(step, attribute)) is not None and np.isfinite(truth[j])
            ]
            _add(rows[name], s, of_stance)
    if not any(rows.values()):
        return None
    return {name: _summary(of_name) for name, of_name in rows.items()}


def _judged(s: Scored) -> bool:
    return s.truth.activity == "running" and not s.truth.one_leg and len(set(s.truth.ic_side) - {""}) == 2


def _second_side(s: Scored, time_s: float) -> bool | None:
    """Whether the contact at a time is of the second side; None where the reference does not say."""
    k = int(np.argmin(np.abs(s.truth.ic - time_s)))
    side = str(s.truth.ic_side[k])
    return None if side == "" else side in "RB"


def _step_times(s: Scored, matched: list[tuple[Step, int]]) -> list[tuple[float, float, bool | None]]:
    """List the times from each contact to the next, where both were found and the sides alternate."""
    out = []
    for (step, j), (following, k) in itertools.pairwise(matched):
        sides = s.truth.ic_side[[j, k]]
        if k == j + 1 and sides[0] != sides[1]:
            true = float(s.truth.ic[k] - s.truth.ic[j])
            out.append((following.ic_s - step.ic_s, true, _second_side(s, float(s.truth.ic[j]))))
    return out


def _add(rows: list[tuple[str, float, float]], s: Scored, steps: list[tuple[float, float, bool | None]]) -> None:
    known = [r for r in steps if r[2] is not None]
    second = np.array([bool(r[2]) for r in known], dtype=bool)
    if min(int(second.sum()), int((~second).sum())) < MIN_STEPS_PER_SIDE:
        return
    estimate, true = (np.array([float(r[k] or 0.0) for r in known]) for k in (0, 1))
    rows.append((s.recording, symmetry_index(estimate, second), symmetry_index(true, second)))


def _summary(rows: list[tuple[str, float, float]]) -> dict[str, Any]:
    if not rows:
        return {"trials": 0, "rmse_pp": None, "zero_rmse_pp": None, "right_sign": None, "rows": []}
    estimate, true = (np.array([r[k] for r in rows], dtype=np.float64) for k in (1, 2))
    return {
        "trials": len(rows),
        "rmse_pp": float(np.sqrt(((estimate - true) ** 2).mean())),
        "zero_rmse_pp": float(np.sqrt((true**2).mean())),
        "right_sign": int((estimate * true > 0).sum()),
        "rows": [{"recording": name, "estimated_pct": e, "measured_pct": t} for name, e, t in rows],
    }
