"""Rewrite the tables of docs/validation.md from what `stride validate FOLDER --json` prints.

stride validate FOLDER --json > result.json
python scripts/validation_table.py result.json docs/validation.md
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def tables(result: dict[str, Any]) -> str:
    """Markdown of the tables: moments and durations; counts, sides and force; intervals; left/right; conditions."""
    groups = result["groups"]
    lines = [
        "| set | place, gait | contacts | IC F1 | IC bias ± SD | TC F1 | TC bias ± SD | contact time RMSE, MAPE "
        "| latency IC / TC |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for g in groups:
        if not _true(g["ic"]):
            continue
        lines.append(
            f"| {_name(g)} | {g['place']}, {g['activity']} | {_true(g['ic'])} | {_f1(g['ic'])} | {_spread(g['ic'])} "
            f"| {_f1(g['tc'])} | {_spread(g['tc'])} | {_contact(g['contact_time'])} "
            f"| {_late(g, 'ic_ms')} / {_late(g, 'tc_ms')} |"
        )
    lines += [
        "",
        "| set | place, gait | steps: true, found | error, worst recording | sides right, unknown | active peak RMSE "
        "(runner's mean) |",
        "|---|---|---|---|---|---|",
    ]
    for g in groups:
        count = g["step_count"]
        lines.append(
            f"| {_name(g)} | {g['place']}, {g['activity']} | {_counts(count)} | {_errors(count)} | {_sides(g['side'])} "
            f"| {_force(g['peak_force'])} |"
        )
    lines += _intervals([g for g in groups if _has_interval(g)])
    lines += _asymmetry([g for g in groups if g["asymmetry"]])
    lines += _conditions(result["conditions"])
    return "\n".join(lines)


def _has_interval(g: dict[str, Any]) -> bool:
    return any(isinstance(v, list) for v in g["intervals_95"].values())


def _intervals(groups: list[dict[str, Any]]) -> list[str]:
    """Rows of error, 95 % interval, and what is left after one constant from all other recordings."""
    lines = [
        "",
        "| set | place, gait | IC F1 | IC RMSE, ms | TC RMSE, ms | contact time RMSE, ms | active peak RMSE, BW "
        "| sides right |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for g in groups:
        force = g["peak_force"]["active_peak"]
        left = g["leave_one_recording_out"]
        limits = g["intervals_95"]
        cells = [
            _bounded(_true(g["ic"]) and g["ic"]["window"]["f1"], limits["ic_f1"], None, 3),
            _bounded(g["ic"]["agreement_ms"]["rmse"], limits["ic_rmse_ms"], left["ic_rmse_ms"], 1),
            _bounded(g["tc"]["agreement_ms"]["rmse"], limits["tc_rmse_ms"], left["tc_rmse_ms"], 1),
            _bounded(g["contact_time"]["rmse"], limits["contact_time_rmse_ms"], left["contact_time_rmse_ms"], 1),
            _bounded(force["rmse"], limits["peak_force_rmse_bw"], left["peak_force_rmse_bw"], 3),
            _bounded((g["side"] or {}).get("accuracy"), limits["side_accuracy"], None, 3),
        ]
        lines.append(f"| {_name(g)} | {g['place']}, {g['activity']} | " + " | ".join(cells) + " |")
    return lines


def _bounded(value: float | None, limits: list[float] | None, left: float | None, digits: int) -> str:
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    if limits:
        text += f" [{limits[0]:.{digits}f}, {limits[1]:.{digits}f}]"
    return text if left is None else f"{text}; {left:.{digits}f}"


def _asymmetry(groups: list[dict[str, Any]]) -> list[str]:
    lines = ["", "| set | step time | contact time | peak force |", "|---|---|---|---|"]
    for g in groups:
        cells = []
        for name in ("step_time", "contact_time", "peak_force"):
            one = g["asymmetry"][name]
            right = f"{one['right_sign']} of {one['trials']}"
            cells.append(f"{one['rmse_pp']:.1f} ({one['zero_rmse_pp']:.1f}), {right}" if one["trials"] else "–")
        lines.append(f"| {_name(g)} | " + " | ".join(cells) + " |")
    return lines


def _conditions(rows: list[dict[str, Any]]) -> list[str]:
    lines = [
        "",
        "| set | gait, speed, slope | contacts | IC bias ± SD | TC bias ± SD | contact time bias, RMSE "
        "| active peak bias, RMSE |",
        "|---|---|---|---|---|---|---|",
    ]
    for g in rows:
        slope = "" if g["slope_deg"] is None else f", {g['slope_deg']:+g}°"
        contact, force = g["contact_time"], g["peak_force"]["active_peak"]
        lines.append(
            f"| {_name(g)} | {g['activity']}, {g['speed_mps']:.2f} m/s{slope} | {_true(g['ic'])} | {_spread(g['ic'])} "
            f"| {_spread(g['tc'])} | {_bias(contact, 1, 'ms')} | {_bias(force, 3, 'BW')} |".replace("-", "−")
        )
    return lines


def _bias(a: dict[str, Any], digits: int, unit: str) -> str:
    return f"{a['bias']:+.{digits}f}, {a['rmse']:.{digits}f} {unit}" if a["n"] else "–"


def _name(g: dict[str, Any]) -> str:
    return str(g["set"]).split("_")[0] + ("" if g["main"] else " (further sensor)")


def _true(events: dict[str, Any] | None) -> int:
    return int(events["window"]["true"]) if events else 0


def _f1(events: dict[str, Any] | None) -> str:
    f1 = events["window"]["f1"] if events else None
    return "–" if f1 is None or not events or not events["window"]["found"] else f"{f1:.3f}"


def _spread(events: dict[str, Any] | None) -> str:
    a = events["agreement_ms"] if events else None
    return f"{a['bias']:+.1f} ± {a['sd']:.1f} ms".replace("-", "−") if a and a["n"] else "–"


def _contact(c: dict[str, Any] | None) -> str:
    return f"{c['rmse']:.1f} ms, {c['mape_pct']:.1f} %" if c and c["n"] else "–"


def _late(g: dict[str, Any], name: str) -> str:
    value = (g["latency"].get(name) or {}).get("median")
    return "–" if value is None else f"{value:.0f} ms".replace("-", "−")


def _counts(count: dict[str, Any] | None) -> str:
    if not count:
        return "–"
    return f"{count['true']}, {count['found']}" + (" (derived)" if count["derived"] else "")


def _errors(count: dict[str, Any] | None) -> str:
    if not count:
        return "–"
    return f"{count['total_error_pct']:+.2f} %, {count['worst_pct']:+.1f} %".replace("-", "−")


def _sides(side: dict[str, Any] | None) -> str:
    if not side or not side["contacts"]:
        return "–"
    right = side["accuracy"]
    unknown = f"{100 * side['unknown_share']:.0f} % unknown"
    note = ", best of two labellings" if side["best_of_two_labellings"] and right is not None else ""
    return unknown if right is None else f"{100 * right:.1f} %, {unknown}{note}"


def _force(force: dict[str, Any] | None) -> str:
    peak = (force or {}).get("active_peak")
    return f"{peak['rmse']:.3f} BW ({peak['constant_rmse']:.3f})" if peak and peak["n"] else "–"


def main() -> None:
    """Put the tables of a result between the marks of a page."""
    result = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    page = Path(sys.argv[2])
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    page.write_text(f"{before}{BEGIN}\n{tables(result)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
