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
    """Markdown of the two tables: moments and durations, then counts, sides and force."""
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
    return "\n".join(lines)


def _name(g: dict[str, Any]) -> str:
    return g["set"].split("_")[0] + ("" if g["main"] else " (further sensor)")


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
