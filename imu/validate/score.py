"""From scored recordings to the numbers of the validation table: one dict per set, place and activity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from imu.constants import S_PER_MIN
from imu.types import FloatArray, Side, Step
from imu.validate.agreement import agreement, mape_pct, spread
from imu.validate.asymmetry import Pairs, asymmetry
from imu.validate.bootstrap import summary
from imu.validate.evaluate import Scored
from imu.validate.matching import Counts, constant_bias, count_events, inside, match_nearest

TOLERANCE_S = 0.05
"""A contact counts as found within +-50 ms (as the published comparisons)."""
_AGREEMENT_REACH_S = 0.1
"""Bias and spread are taken from matches within +-100 ms of the set's constant shift."""


def score_group(group: Sequence[Scored]) -> dict[str, Any]:
    """Score recordings that belong together (one set, one place, one sort of activity).

    Returns
    -------
    dict
        JSON-ready; None where a quantity has no truth. Times in ms, forces in body weights.
    """
    events = [s for s in group if len(s.truth.ic)]
    ic, shifts, ic_parts = _event_scores([(s.found_ic(), s.truth.ic, s) for s in events])
    tc, _, tc_parts = _event_scores([(s.found_tc(), s.truth.tc, s) for s in events if len(s.truth.tc)])
    pairs = [(s, _matched(s, s.truth.stance_ic, shifts[_key(s)])) for s in events]
    contacts = [(s, _matched(s, s.truth.ic, shifts[_key(s)])) for s in events]
    return {
        "recordings": len(group),
        "refused": sum(bool(s.refused) for s in group),
        "runners": len({s.truth.runner for s in group}),
        "ic": ic,
        "tc": tc,
        "contact_time": _contact_time(pairs),
        "peak_force": _peak_force(pairs),
        "cadence": _cadence(events),
        "step_count": _step_count(group),
        "side": _sides(contacts),
        "latency": _latency([step for s in group for step in s.steps]),
        "asymmetry": asymmetry(pairs, contacts),
        **summary(
            {
                "ic_counts": ic_parts[0],
                "ic_ms": ic_parts[1],
                "tc_counts": tc_parts[0],
                "tc_ms": tc_parts[1],
                "contact_time_ms": [1000.0 * (e - t) for e, t in (_durations([one]) for one in pairs)],
                "peak_force_bw": [e - t for e, t, _ in (_forces([one], "active_peak_bw") for one in pairs)],
                "sides": np.array([_side_counts(s, matched)[:2] for s, matched in contacts]).reshape(-1, 2),
            }
        ),
    }


def group_pairs(group: Sequence[Scored]) -> Pairs:
    """Pair each recording's steps with the true stances, after each set's constant shift."""
    events = [s for s in group if len(s.truth.ic)]
    _, shifts, _ = _event_scores([(s.found_ic(), s.truth.ic, s) for s in events])
    return [(s, _matched(s, s.truth.stance_ic, shifts[_key(s)])) for s in events]


def _key(s: Scored) -> tuple[str, str, bool]:
    """Name what shares one constant bias: a set and a sensor place."""
    return s.truth.set_name, s.place.value, s.main


def _event_scores(
    series: Sequence[tuple[FloatArray, FloatArray, Scored]],
) -> tuple[dict[str, Any], dict[tuple[str, str, bool], float], tuple[FloatArray, list[FloatArray]]]:
    """Score events with and without one constant bias per set, in the online window and over the whole record.

    Also returns each set's constant, and per recording the counts (true, found, matched) and the errors in ms.
    """
    biases = {}
    for key in dict.fromkeys(_key(s) for _, _, s in series):
        of_set = [(f, t) for f, t, s in series if _key(s) == key]
        biases[key] = constant_bias([f for f, _ in of_set], [t for _, t in of_set])
    shifts = {key: bias or 0.0 for key, bias in biases.items()}
    bias = next(iter(biases.values())) if len(biases) == 1 else None
    window, window_shifted, whole = Counts(), Counts(), Counts()
    estimates, truths, counts = [], [], []
    for f, t, s in series:
        shift = shifts[_key(s)]
        counts.append(count_events(f, t, TOLERANCE_S, s.window))
        window += counts[-1]
        window_shifted += count_events(f - shift, t, TOLERANCE_S, s.window)
        whole += count_events(f, t, TOLERANCE_S, s.whole)
        near = match_nearest(f - shift, t, _AGREEMENT_REACH_S)
        estimates.append(f[near[:, 0]])
        truths.append(t[near[:, 1]])
    scores = {
        "tolerance_ms": 1000.0 * TOLERANCE_S,
        "window": _counts(window),
        "window_bias_removed": _counts(window_shifted),
        "whole": _counts(whole),
        "constant_bias_ms": None if bias is None else 1000.0 * bias,
        "agreement_ms": agreement(_join(estimates), _join(truths), scale=1000.0),
    }
    errors = [1000.0 * (f - t) for f, t in zip(estimates, truths, strict=True)]
    per_recording = np.array([[c.true, c.found, c.matched] for c in counts], dtype=np.float64).reshape(-1, 3)
    return scores, shifts, (per_recording, errors)


def _counts(c: Counts) -> dict[str, Any]:
    return {
        "true": c.true,
        "found": c.found,
        "matched": c.matched,
        "precision": c.precision,
        "recall": c.recall,
        "f1": c.f1,
    }


def _join(parts: Sequence[FloatArray]) -> FloatArray:
    return np.concatenate(parts) if parts else np.zeros(0)


def _matched(s: Scored, true: FloatArray, shift_s: float) -> list[tuple[Step, int]]:
    """Pair steps with the index of the true contact that they are, nearest within +-100 ms of the set's shift."""
    order = np.argsort([step.ic_s for step in s.steps], kind="stable")
    steps = [s.steps[int(k)] for k in order]
    found = np.array([step.ic_s for step in steps], dtype=np.float64)
    return [(steps[int(i)], int(j)) for i, j in match_nearest(found - shift_s, true, _AGREEMENT_REACH_S)]


def _durations(pairs: Pairs) -> tuple[FloatArray, FloatArray]:
    """Contact times in seconds, estimated and true, of the stances that have both."""
    both = [
        (step.contact_time_s, float(s.truth.contact_time_s[j]))
        for s, ps in pairs
        for step, j in ps
        if step.contact_time_s is not None and np.isfinite(s.truth.contact_time_s[j])
    ]
    rows = np.array(both, dtype=np.float64).reshape(-1, 2)
    return rows[:, 0], rows[:, 1]


def _contact_time(pairs: Pairs) -> dict[str, Any]:
    e, t = _durations(pairs)
    return {**agreement(e, t, scale=1000.0), "mape_pct": mape_pct(e, t)}


def _forces(pairs: Pairs, attribute: str) -> tuple[FloatArray, FloatArray, npt.NDArray[np.str_]]:
    """Peak forces in body weights, estimated and true, and whose they are."""
    rows = [
        (step.vgrf_peak_bw, float(getattr(s.truth, attribute)[j]), s.truth.runner)
        for s, ps in pairs
        for step, j in ps
        if step.vgrf_peak_bw is not None and np.isfinite(getattr(s.truth, attribute)[j])
    ]
    e, t = (np.array([r[k] for r in rows], dtype=np.float64) for k in (0, 1))
    return e, t, np.array([r[2] for r in rows], dtype=np.str_)


def _peak_force(pairs: Pairs) -> dict[str, Any]:
    """Estimated against measured peak, beside saying the runner's own mean for every step."""
    out: dict[str, Any] = {}
    for name, attribute in (("active_peak", "active_peak_bw"), ("peak", "peak_bw")):
        e, t, runners = _forces(pairs, attribute)
        constant = np.zeros(len(t))
        for runner in np.unique(runners):
            constant[runners == runner] = t[runners == runner].mean()
        out[name] = {
            **agreement(e, t),
            "mape_pct": mape_pct(e, t),
            "constant_rmse": agreement(constant, t)["rmse"],
            "constant_mape_pct": mape_pct(constant, t),
        }
    return out


def _cadence(events: Sequence[Scored]) -> dict[str, Any]:
    """Median cadence of a recording: ours against the reference's contacts."""
    errors = []
    for s in events:
        legs = 2.0 if s.truth.one_leg else 1.0
        found, true = s.found_ic(), s.truth.ic
        found = found[inside(found, s.whole)]
        if len(found) > 2 and len(true) > 2:
            errors.append(legs * S_PER_MIN * (1.0 / np.median(np.diff(found)) - 1.0 / np.median(np.diff(true))))
    e = np.array(errors, dtype=np.float64)
    return {
        "recordings": len(e),
        "mean_error_spm": float(e.mean()) if len(e) else None,
        "mean_abs_error_spm": float(np.abs(e).mean()) if len(e) else None,
        "max_abs_error_spm": float(np.abs(e).max()) if len(e) else None,
    }


def _step_count(group: Sequence[Scored]) -> dict[str, Any]:
    """Compare steps with the reference's count, or its contacts in the window."""
    true, found, errors, derived = 0, 0, [], False
    span_errors = []
    for s in group:
        spans = [(c.start_s, c.end_s, c.steps) for c in s.truth.counts]
        derived |= bool(spans) and s.truth.counts_derived
        if not spans and len(s.truth.ic):
            spans = [(a, b, int(inside(s.truth.ic, np.array([[a, b]])).sum())) for a, b in s.window]
        ours = s.found_ic()
        t = sum(n for _, _, n in spans)
        within = [int(inside(ours, np.array([[a, b]])).sum()) for a, b, _ in spans]
        f = sum(within)
        span_errors += [100.0 * abs(k - n) / n for k, (_, _, n) in zip(within, spans, strict=True) if n]
        true, found = true + t, found + f
        if t:
            errors.append(100.0 * (f - t) / t)
    e = np.array(errors, dtype=np.float64)
    return {
        "true": true,
        "found": found,
        "total_error_pct": 100.0 * (found - true) / true if true else None,
        "mape_pct": float(np.abs(e).mean()) if len(e) else None,
        "span_mape_pct": float(np.mean(span_errors)) if span_errors else None,
        "worst_pct": float(e[np.argmax(np.abs(e))]) if len(e) else None,
        "derived": derived,
    }


def _side_counts(s: Scored, matched: list[tuple[Step, int]]) -> tuple[int, int, int, bool]:
    """Contacts with the right, the wrong and no side, and whether only the alternation is known (best labelling)."""
    only_alternation = bool(set(s.truth.ic_side) & {"A", "B"})
    labels = [(step.side, str(s.truth.ic_side[j])) for step, j in matched if s.truth.ic_side[j]]
    if s.truth.one_leg or not labels:
        return 0, 0, 0, False
    right = sum((ours is Side.LEFT and t in "LA") or (ours is Side.RIGHT and t in "RB") for ours, t in labels)
    blank = sum(ours is Side.UNKNOWN for ours, _ in labels)
    false = len(labels) - right - blank
    if only_alternation:
        right, false = max(right, false), min(right, false)
    return right, false, blank, only_alternation


def _sides(pairs: Pairs) -> dict[str, Any] | None:
    """Share of matched contacts with the right side; best of two labellings where only the alternation is known."""
    of_recordings = [c for s, matched in pairs if sum((c := _side_counts(s, matched))[:3])]
    if not of_recordings:
        return None
    correct, wrong, unknown = (sum(c[k] for c in of_recordings) for k in range(3))
    total = correct + wrong + unknown
    return {
        "contacts": total,
        "recordings": len(of_recordings),
        "accuracy": correct / (correct + wrong) if correct + wrong else None,
        "correct_of_all": correct / total,
        "unknown_share": unknown / total,
        "swapped_recordings": sum(wrong > right for right, wrong, *_ in of_recordings),
        "best_of_two_labellings": any(c[3] for c in of_recordings),
    }


def _latency(steps: Sequence[Step]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name in ("ic", "tc", "load"):
        values = [v for step in steps if (v := getattr(step, f"{name}_latency_s")) is not None]
        out[f"{name}_ms"] = spread(1000.0 * np.array(values, dtype=np.float64))
    return out
