"""What is known to be true of a recording: contacts, toe-offs, sides, forces, step counts, and where they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imu.types import FloatArray, Place, Side

_BOUT_MARGIN_S = 0.25
"""A reference that covers bouts only is believed this far beyond the first and last contact: less than a step."""
_MAX_STANCE_S = 1.5
_MAX_COUNT_DOUBT_PCT = 2.0
"""Two derived counts that differ by more are no truth."""


@dataclass(frozen=True, slots=True)
class StepCount:
    """Steps of the wearer between two times, counted by the reference."""

    start_s: float
    end_s: float
    steps: int


@dataclass(frozen=True, slots=True)
class Truth:
    """Reference of one recording as seen by one sensor.

    Attributes
    ----------
    set_name, activity, runner : str
    ic, tc : ndarray
        Contacts and toe-offs in seconds; of the instrumented leg only for a foot or shank sensor.
    ic_side : ndarray of str
        'L' and 'R'; 'A' and 'B' where only the alternation is known; '' otherwise.
    stance_ic, contact_time_s, peak_bw, active_peak_bw : ndarray, shape (m,)
        Complete stances; NaN where a quantity was not measured.
    regions : ndarray, shape (r, 2), or None
        Where the reference is complete; None = the whole record.
    counts : tuple of StepCount
    counts_derived : bool
        The counts come from a signal of the same kind, not from an independent measurement.
    one_leg : bool
        The sensor sees one leg only.
    speed_mps, slope_deg : float or None
        Of the belt, where the header states them.
    """

    set_name: str
    activity: str
    runner: str
    ic: FloatArray
    tc: FloatArray
    ic_side: npt.NDArray[np.str_]
    stance_ic: FloatArray
    contact_time_s: FloatArray
    peak_bw: FloatArray
    active_peak_bw: FloatArray
    regions: FloatArray | None = None
    counts: tuple[StepCount, ...] = ()
    counts_derived: bool = False
    one_leg: bool = False
    notes: tuple[str, ...] = field(default=())
    speed_mps: float | None = None
    slope_deg: float | None = None


def activity_word(text: str) -> str:
    """Tell running from walking in a free text, by the word that comes first; else 'other'."""
    found = re.search(r"\b(jog|run|walk)", text.lower())
    return "other" if not found else ("walking" if found[1] == "walk" else "running")


def load_truth(
    path: Path, arrays: dict[str, npt.NDArray[Any]], meta: dict[str, Any], place: Place, side: Side
) -> Truth | str:
    """Collect the reference of one sensor's recording.

    Parameters
    ----------
    path : Path
    arrays : dict
        All arrays of the file except `meta`.
    meta : dict
    place, side : Place, Side
        Of the sensor that is scored.

    Returns
    -------
    Truth, or a sentence that says why there is none.
    """
    one_leg = place in {Place.FOOT, Place.SHANK}
    ic, sides = _contacts(arrays, "truth_ic", "truth_ic_side")
    tc, tc_sides = _contacts(arrays, "truth_to", "truth_to_side")
    regions = None
    if len(tc) == 0 and len(ic):
        tc, tc_sides, regions = _walking_bouts(arrays, ic)
    if len(tc) and "truth_to_side" not in arrays and "truth_side" in arrays and len(arrays["truth_side"]) == len(tc):
        tc_sides = arrays["truth_side"].astype(str)
    stance_ic, contact_time = _stances(arrays, ic, sides, tc, tc_sides)
    stance_side = arrays["truth_side"].astype(str) if "truth_side" in arrays else _side_at(stance_ic, ic, sides)
    peak = _like(arrays, "truth_peak_bw", len(stance_ic))
    active = _like(arrays, "truth_active_peak_bw", len(stance_ic))
    counts, derived, notes = _counts(arrays, meta, one_leg=one_leg)
    if one_leg and len(ic) and set(sides) & {"L", "R"}:
        if side is Side.UNKNOWN:
            return "the side of the leg that wears the sensor is not known, so its contacts cannot be picked out"
        letter = side.name[0]
        ic, sides, tc = ic[sides == letter], sides[sides == letter], tc[tc_sides == letter]
        of_leg = stance_side == letter
        stance_ic, contact_time = stance_ic[of_leg], contact_time[of_leg]
        peak, active = peak[of_leg], active[of_leg]
    if len(ic) == 0 and not counts:
        return notes[0] if notes else _why_none(arrays, meta)
    sides = np.where(np.isin(sides, ["L", "R", "A", "B"]), sides, "")
    return Truth(
        set_name=str(meta.get("dataset") or path.parent.name),
        activity=activity_word(str(meta.get("activity", ""))),
        runner=_runner(meta),
        ic=ic,
        tc=tc,
        ic_side=sides,
        stance_ic=stance_ic,
        contact_time_s=contact_time,
        peak_bw=peak,
        active_peak_bw=active,
        regions=regions,
        counts=counts,
        counts_derived=derived,
        one_leg=one_leg,
        notes=notes,
        speed_mps=_stated(meta, "speed_mps"),
        slope_deg=_stated(meta, "slope_deg"),
    )


def _why_none(arrays: dict[str, npt.NDArray[Any]], meta: dict[str, Any]) -> str:
    if any(name.startswith("truth_ic") for name in arrays):
        return "the reference saw no contacts"
    stated = str(meta.get("truth", "")).split(";")[0].strip()
    return f"no reference events in the file (it says: {stated})" if stated else "no reference events in the file"


def _stated(meta: dict[str, Any], name: str) -> float | None:
    value = meta.get(name)
    return float(value) if isinstance(value, (int, float)) and np.isfinite(value) else None


def _runner(meta: dict[str, Any]) -> str:
    subject = meta.get("subject")
    if isinstance(subject, dict):
        for key in ("subject", "id"):
            if subject.get(key) is not None:
                return str(subject[key])
        return str(sorted((str(k), str(v)) for k, v in subject.items()))
    return str(subject or meta.get("dataset", ""))


def _contacts(
    arrays: dict[str, npt.NDArray[Any]], name: str, side_name: str
) -> tuple[FloatArray, npt.NDArray[np.str_]]:
    times = np.asarray(arrays.get(name, np.zeros(0)), dtype=np.float64).ravel()
    sides = np.asarray(arrays.get(side_name, np.full(len(times), "")), dtype=np.str_)
    if len(sides) != len(times):
        sides = np.full(len(times), "", dtype="U1")
    keep = np.isfinite(times)
    order = np.argsort(times[keep], kind="stable")
    return times[keep][order], sides[keep][order]


def _walking_bouts(
    arrays: dict[str, npt.NDArray[Any]], ic: FloatArray
) -> tuple[FloatArray, npt.NDArray[np.str_], FloatArray | None]:
    """Toe-offs and bouts of the reference system that `truth_ic` was taken from."""
    for name, values in arrays.items():
        if m := re.fullmatch(r"truth_ic_(?!side)(\w+)", name):
            same = np.asarray(values, dtype=np.float64)
            if len(same) == len(ic) and np.allclose(np.sort(same), ic):
                tc, sides = _contacts(arrays, f"truth_fc_{m[1]}", f"truth_fc_side_{m[1]}")
                bouts = np.asarray(arrays.get(f"truth_walk_bouts_{m[1]}", np.zeros((0, 2))), dtype=np.float64)
                if bouts.ndim == 2 and len(bouts):
                    return tc, sides, bouts[:, :2] + np.array([-_BOUT_MARGIN_S, _BOUT_MARGIN_S])
                return tc, sides, None
    return np.zeros(0), np.zeros(0, dtype="U1"), None


def _side_at(times: FloatArray, ic: FloatArray, sides: npt.NDArray[np.str_]) -> npt.NDArray[np.str_]:
    if len(ic) == 0:
        return np.full(len(times), "", dtype="U1")
    return sides[np.clip(np.searchsorted(ic, times - 1e-9), 0, len(ic) - 1)]


def _stances(
    arrays: dict[str, npt.NDArray[Any]],
    ic: FloatArray,
    sides: npt.NDArray[np.str_],
    tc: FloatArray,
    tc_sides: npt.NDArray[np.str_],
) -> tuple[FloatArray, FloatArray]:
    """Complete stances: as given, else each contact with the next toe-off of the same foot before its next contact."""
    if "truth_stance_ic" in arrays and "truth_contact_time" in arrays:
        start = np.asarray(arrays["truth_stance_ic"], dtype=np.float64)
        duration = np.asarray(arrays["truth_contact_time"], dtype=np.float64)
        if len(start) == len(duration):
            return start, duration
    starts, durations = [], []
    for letter in ("L", "R"):
        own, off = ic[sides == letter], tc[tc_sides == letter]
        following = np.append(own[1:], np.inf)[: len(own)]
        for begin, limit in zip(own, following, strict=True):
            k = int(np.searchsorted(off, begin, side="right"))
            if k < len(off) and off[k] < limit and off[k] - begin < _MAX_STANCE_S:
                starts.append(begin)
                durations.append(off[k] - begin)
    order = np.argsort(starts, kind="stable") if starts else np.zeros(0, dtype=int)
    return np.asarray(starts, dtype=np.float64)[order], np.asarray(durations, dtype=np.float64)[order]


def _like(arrays: dict[str, npt.NDArray[Any]], name: str, n: int) -> FloatArray:
    values = np.asarray(arrays.get(name, np.zeros(0)), dtype=np.float64)
    return values if len(values) == n else np.full(n, np.nan)


def _counts(
    arrays: dict[str, npt.NDArray[Any]], meta: dict[str, Any], *, one_leg: bool
) -> tuple[tuple[StepCount, ...], bool, tuple[str, ...]]:
    """Step counts of the reference: bouts (C), the subject's table (E), or marked instants (D, I)."""
    t = np.asarray(arrays["t"], dtype=np.float64)
    start, end = float(t[0]), float(t[-1])
    if "truth_bout_t" in arrays and "truth_bout_steps" in arrays:
        legs = 2 if one_leg else 1
        bouts = zip(arrays["truth_bout_t"], arrays["truth_bout_steps"], strict=True)
        return tuple(StepCount(float(b[0]), float(b[1]), round(int(n) / legs)) for b, n in bouts), True, ()
    subject = meta.get("subject")
    if isinstance(subject, dict) and isinstance(subject.get("steps_bandpass"), (int, float)):
        doubt = subject.get("diff_pct")
        if isinstance(doubt, (int, float)) and abs(doubt) > _MAX_COUNT_DOUBT_PCT:
            return (), True, (f"its two derived step counts differ by {doubt:g} %: not used",)
        return (StepCount(start, end, int(subject["steps_bandpass"])),), True, ()
    for name, legs in (("step_ref_t", 1), ("stride_ref_t", 2)):
        if name in arrays and (legs == 1) != one_leg:
            return (StepCount(start, end, len(arrays[name])),), True, ()
    return (), False, ()
