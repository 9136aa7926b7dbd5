"""What a badly worn sensor or a bad link costs, on every recording with a reference.

python -m benchmarks.robustness FOLDER [--page docs/validation.md] [--json FILE]

Each recording is disturbed with its own seeded random numbers (`benchmarks.disturb`) and analysed as shipped.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.disturb import DISTURBANCES, Disturb
from benchmarks.pages import put
from imu import api
from imu.exchange.npz import read_npz
from imu.types import Place, Recording
from imu.validate import Scored, evaluate, recordings_below, score_group

BEGIN, END = "<!-- robustness: begin -->", "<!-- robustness: end -->"
SEED = 20261127
KINDS = ("pelvis, running", "low back, walking", "shank and foot")


def kind(s: Scored) -> str:
    """Which of the three tables a recording belongs to."""
    if s.place in {Place.FOOT, Place.SHANK}:
        return KINDS[2]
    return KINDS[1] if s.truth.activity == "walking" else KINDS[0]


def disturbed(paths: list[Path], disturb: Disturb, seed: int = SEED) -> list[Scored]:
    """Score recordings after a disturbance; the random numbers depend on the seed and the file's name only."""

    def read(path: Path, sensor: str | None) -> Recording:
        rng = np.random.default_rng([seed, zlib.crc32(path.stem.encode())])
        return disturb(read_npz(path, sensor), rng)

    return [s for e in evaluate(paths, read, api.analyze, further_sensors=False) for s in e.scored]


def row(scored: Sequence[Scored]) -> dict[str, Any]:
    """Collect the figures of one line; None where there is no reference."""
    scores = score_group(scored)
    side = scores["side"] or {}
    return {
        "recordings": scores["recordings"],
        "refused": scores["refused"],
        "f1": scores["ic"]["window"]["f1"],
        "ic_bias_ms": scores["ic"]["agreement_ms"]["bias"],
        "ic_sd_ms": scores["ic"]["agreement_ms"]["sd"],
        "contact_time_rmse_ms": scores["contact_time"]["rmse"],
        "contact_times": scores["contact_time"]["n"],
        "force_rmse_bw": scores["peak_force"]["active_peak"]["rmse"],
        "forces": scores["peak_force"]["active_peak"]["n"],
        "steps_error_pct": scores["step_count"]["total_error_pct"],
        "steps_mape_pct": scores["step_count"]["mape_pct"],
        "side_right": side.get("accuracy"),
        "side_unknown": side.get("unknown_share"),
    }


def measure(paths: list[Path], names: Iterable[str] = DISTURBANCES) -> dict[str, dict[str, Any]]:
    """Score every disturbance, per kind of recording."""
    out = {}
    for name in names:
        scored = disturbed(paths, DISTURBANCES[name])
        out[name] = {k: row(part) for k in KINDS if (part := [s for s in scored if kind(s) == k])}
        print(name, json.dumps(out[name]), file=sys.stderr, flush=True)
    return out


def _cell(value: float | None, digits: int, factor: float = 1.0, *, sign: bool = False) -> str:
    if value is None:
        return "–"
    return f"{value * factor:{'+' if sign else ''}.{digits}f}".replace("-", "−")


def tables(measured: dict[str, dict[str, Any]]) -> str:
    """Write Markdown, one table per kind of recording."""
    lines: list[str] = []
    for k in KINDS:
        rows = [(name, kinds[k]) for name, kinds in measured.items() if k in kinds]
        if not rows:
            continue
        lines += [
            f"**{k}** ({rows[0][1]['recordings']} recordings)",
            "",
            "| disturbance | contacts F1 | IC bias ± SD, ms | contact time RMSE, ms (n) | active peak RMSE, BW (n) "
            "| steps: total, mean error | sides right, unknown | refused |",
            "|---|---|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {name} | {_cell(r['f1'], 3)} | {_cell(r['ic_bias_ms'], 1, sign=True)} ± {_cell(r['ic_sd_ms'], 1)} "
            f"| {_cell(r['contact_time_rmse_ms'], 1)} ({r['contact_times']}) "
            f"| {_cell(r['force_rmse_bw'], 3)} ({r['forces']}) "
            f"| {_cell(r['steps_error_pct'], 1, sign=True)} %, {_cell(r['steps_mape_pct'], 1)} % "
            f"| {_cell(r['side_right'], 1, 100)} %, {_cell(r['side_unknown'], 0, 100)} % | {r['refused']} |"
            for name, r in rows
        ]
        lines.append("")
    return "\n".join(lines).replace("– %", "–").rstrip()


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print; `--page` writes the tables between the marks of a page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--page", type=Path)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(argv)
    measured = measure(recordings_below(given.folder))
    if given.json:
        given.json.write_text(json.dumps(measured, indent=1), encoding="utf-8")
    print(tables(measured))
    if given.page:
        put(given.page, tables(measured), BEGIN, END)


if __name__ == "__main__":
    main()
