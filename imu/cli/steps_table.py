"""Steps and summary as plain text, for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from imu.cli.text import number
from imu.settings import Settings
from imu.types import ActivityKind, Analysis, Place, Side, Step

_COLUMNS = (
    ("step", 5),
    ("gait", 5),
    ("side", 6),
    ("sure", 5),
    ("contact s", 10),
    ("toe-off s", 10),
    ("contact ms", 11),
    ("flight ms", 10),
    ("step ms", 8),
    ("load g", 7),
    ("shock g", 8),
    ("force BW*", 10),
)
_GAIT = {ActivityKind.RUNNING: "run", ActivityKind.WALKING: "walk"}


def heading() -> str:
    """Return the heading of the step table."""
    return "".join(f"{name:>{width}}" for name, width in _COLUMNS) + "  quality"


def step_line(step: Step) -> str:
    """One step as a line under `heading`."""
    step_time = step.step_time_s
    cells = (
        str(step.index),
        _GAIT.get(step.activity, "–"),
        "?" if step.side is Side.UNKNOWN else step.side.name.lower(),
        "–" if step.side is Side.UNKNOWN else number(step.side_confidence, 2),
        number(step.ic_s, 3),
        number(step.tc_s, 3),
        number(step.contact_time_s, 0, 1000.0),
        number(step.flight_time_s, 0, 1000.0),
        number(step_time, 0, 1000.0),
        number(step.load_peak_g, 2),
        number(step.shock_peak_g, 2),
        number(step.vgrf_peak_bw, 2),
    )
    row = "".join(f"{cell:>{width}}" for cell, (_, width) in zip(cells, _COLUMNS, strict=True))
    return f"{row}  {quality_words(step)}"


def quality_words(step: Step) -> str:
    """Return what is to be known about a step's quality, in words."""
    words = [w.replace("_", " ") for w in step.quality.words() if w != "walking"]
    return ", ".join(words) or "ok"


def step_lines(steps: Sequence[Step]) -> Iterator[str]:
    """Heading and one line per step."""
    if not steps:
        yield "No steps were found."
        return
    yield heading()
    for step in steps:
        yield step_line(step)


def summary_lines(result: Analysis, settings: Settings) -> Iterator[str]:
    """Return the summary: counts, means with their 95 % intervals, left/right differences, activity."""
    s = result.summary
    sides = [sum(step.side is side for step in result.steps) for side in (Side.LEFT, Side.RIGHT, Side.UNKNOWN)]
    running = sum(step.activity is ActivityKind.RUNNING for step in result.steps)
    yield (
        f"Summary: {len(result.steps)} steps ({running} running, {len(result.steps) - running} walking); "
        f"left {sides[0]}, right {sides[1]}, side not known {sides[2]}"
    )
    anchor = (s.get("side") or {}).get("anchor")
    if anchor is not None:
        worn = "worn as stated" if anchor["as_stated"] else "worn back to front, left and right taken so"
        yield f"  left knee lifted three times: {worn} (confidence {anchor['confidence']:.2f})"
    for key, label, digits, factor, unit in (
        ("cadence_spm", "cadence", 1, 1.0, "steps/min"),
        ("walking_cadence_spm", "cadence, walking", 1, 1.0, "steps/min"),
        ("contact_time_s", "contact time", 0, 1000.0, "ms"),
        ("flight_time_s", "flight time", 0, 1000.0, "ms"),
        ("load_peak_g", "load at the sensor (10 Hz)", 2, 1.0, "g"),
        ("shock_peak_g", "shock at the sensor (50 Hz)", 2, 1.0, "g"),
        ("vgrf_peak_bw", "peak force, estimated*", 2, 1.0, "BW"),
    ):
        estimate = s.get(key)
        if isinstance(estimate, dict) and estimate.get("value") is not None:
            yield f"  {label:<28}{_estimate(estimate, digits, factor)} {unit}"
    for key, value in (s.get("symmetry_index_pct") or {}).items():
        if isinstance(value, dict) and value.get("value") is not None:
            label = "left/right, " + key.rsplit("_", 1)[0].replace("_", " ").replace("vgrf", "force")
            yield f"  {label:<28}{_estimate(value, 1, 1.0, sign=True)} % (+ = right larger)"
    yield from _movement_lines(s.get("movement") or {})
    if settings.place in {Place.FOOT, Place.SHANK}:
        yield "  one leg is seen: cadence counts both feet, differences between the legs need a second sensor"
    if result.activity:
        spans = ", ".join(f"{a.kind.value} {a.start_s:.1f}-{a.end_s:.1f} s" for a in result.activity[:12])
        yield f"  activity: {spans}" + (" ..." if len(result.activity) > 12 else "")


def _movement_lines(movement: dict[str, Any]) -> Iterator[str]:
    """Return what the signal says beside the contacts; what is not known is left out."""
    for key, label, digits, factor, unit in (
        ("vertical_oscillation_m", "vertical movement (est.)", 1, 100.0, "cm at the sensor"),
        ("leg_stiffness_kn_m", "leg stiffness, trend only", 1, 1.0, "kN/m"),
        ("step_regularity", "regularity of steps", 2, 1.0, "(1 = all alike)"),
        ("stride_regularity", "regularity of strides", 2, 1.0, "(1 = all alike)"),
    ):
        estimate = movement.get(key) or {}
        if estimate.get("value") is not None:
            yield f"  {label:<28}{_estimate(estimate, digits, factor)} {unit}"
    load = movement.get("load") or {}
    legs = [
        f"{side} {number(load[side]['load_g'], 0, 1.0)}"
        for side in ("left", "right")
        if (load.get(side) or {}).get("steps")
    ]
    if (load.get("total") or {}).get("steps"):
        total = number(load["total"]["load_g"], 0, 1.0)
        yield f"  {'load of the session':<28}{', '.join((total, *legs))} g x steps"
    if movement.get("residual_tilt_deg") is not None:
        yield f"  {'up, found to within':<28}{number(movement['residual_tilt_deg'], 1, 1.0)} degrees"


def _estimate(estimate: dict[str, Any], digits: int, factor: float, *, sign: bool = False) -> str:
    text = number(estimate["value"], digits, factor, sign=sign)
    if estimate.get("half_width_95") is not None:
        text += f" +- {number(estimate['half_width_95'], digits, factor)}"
    return text


def legend_lines(place: Place) -> Iterator[str]:
    """Return units and what the words mean; never a verdict."""
    where = {Place.SACRUM: "pelvis", Place.HIP: "hip", Place.FOOT: "foot", Place.SHANK: "shank"}[place]
    yield (
        f"g = 9.81 m/s2 at the sensor ({where}), not a force. load: highest upward reading below 10 Hz while the foot "
        "is down; shock: the same below 50 Hz in the first 60 ms."
    )
    yield (
        "BW* = body weights, ESTIMATED from the sensor, not measured. – = not known. +- = 95 % interval of the mean. "
        "Formulas and their errors: docs/validation.md, docs/units.md."
    )
    yield "Measures movement for training, education and research; it does not diagnose and is not a medical device."
