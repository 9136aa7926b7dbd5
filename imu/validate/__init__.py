"""The product measured against recordings with truth; honest first.

Events are matched one to one, nearest first, within +-50 ms. They count from 0.4 s after the start of a recording
to 0.2 s before its end (an online pipeline needs a start), and only where the reference is complete.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from imu.validate.evaluate import Evaluation, Scored, evaluate, recordings_below, tables_below
from imu.validate.peers import peers_of
from imu.validate.score import score_group

__all__ = ["Evaluation", "Scored", "evaluate", "recordings_below", "report", "score_group", "tables_below"]


def report(scored: Sequence[Scored], skipped: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Make the validation table: per set and place, per activity where a set has several, and in total.

    Returns
    -------
    dict
        "groups": rows {"set", "place", "activity", "main", ...scores}; "conditions": the same with "speed_mps" and
        "slope_deg", where a set has several; "total"; "recordings": one row each; "peers": published methods on the
        same sets; "skipped": [{"recording", "reason"}]. JSON-ready, None where unknown.
    """
    groups, conditions = [], []
    keys = dict.fromkeys((s.truth.set_name, s.place, s.main) for s in scored)
    for set_name, place, main in keys:
        of_set = [s for s in scored if (s.truth.set_name, s.place, s.main) == (set_name, place, main)]
        activities = sorted({s.truth.activity for s in of_set})
        row = {"set": set_name, "place": place.value, "main": main}
        groups.append({**row, "activity": activities[0] if len(activities) == 1 else "all", **score_group(of_set)})
        if len(activities) > 1:
            for activity in activities:
                part = [s for s in of_set if s.truth.activity == activity]
                groups.append({**row, "activity": activity, **score_group(part)})
        conditions += [{**row, **one} for one in _conditions(of_set)]
    return {
        "groups": groups,
        "conditions": conditions,
        "total": {"set": "total (main sensors)", **score_group([s for s in scored if s.main])},
        "recordings": [{"recording": s.recording, **_one(s)} for s in scored],
        "peers": peers_of({s.truth.set_name for s in scored}),
        "skipped": [{"recording": r, "reason": why} for r, why in skipped],
    }


def _conditions(of_set: Sequence[Scored]) -> list[dict[str, Any]]:
    """Score each speed and slope of a set on its own; nothing where there is only one."""
    known = [(s.truth.activity, s.truth.speed_mps, s.truth.slope_deg) for s in of_set]
    different = sorted({k for k in known if k[1] is not None}, key=lambda k: (k[0], k[1], k[2] or 0.0))
    if len(different) < 2:
        return []
    return [
        {
            "activity": activity,
            "speed_mps": speed,
            "slope_deg": slope,
            **score_group([s for s, k in zip(of_set, known, strict=True) if k == (activity, speed, slope)]),
        }
        for activity, speed, slope in different
    ]


def _one(s: Scored) -> dict[str, Any]:
    scores = score_group([s])
    return {
        "set": s.truth.set_name,
        "place": s.place.value,
        "activity": s.truth.activity,
        "refused": s.refused or None,
        "true": scores["ic"]["window"]["true"],
        "found": scores["ic"]["window"]["found"],
        "f1": scores["ic"]["window"]["f1"],
        "ic_bias_ms": scores["ic"]["constant_bias_ms"],
        "steps_true": scores["step_count"]["true"],
        "steps_found": scores["step_count"]["found"],
        "side_accuracy": (scores["side"] or {}).get("accuracy"),
    }
