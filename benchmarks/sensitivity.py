"""What each parameter of the running detector at the pelvis is worth: every one x 0.8 and x 1.2, alone.

python -m benchmarks.sensitivity FOLDER [--page docs/validation.md]

Only recordings at the pelvis with running in them count, for no other detector reads these parameters.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.pages import put
from benchmarks.robustness import KINDS, kind, row
from imu import api
from imu.events import pelvis
from imu.events.sacral import SacralParams
from imu.exchange.npz import read_npz
from imu.types import Analysis, StreamInfo
from imu.validate import evaluate, recordings_below

BEGIN, END = "<!-- sensitivity: begin -->", "<!-- sensitivity: end -->"
SETS = ("A_", "J_", "C_", "E_")
FACTORS = (0.8, 1.2)
NAMES = tuple(f.name for f in fields(SacralParams))


def score(paths: list[Path], params: SacralParams) -> dict[str, Any]:
    """Score the running recordings at the pelvis with one set of parameters: events of A and J, counts of C and E."""
    with mock.patch.object(pelvis, "SacralParams", return_value=params):
        scored = [s for e in evaluate(paths, read_npz, api.analyze, further_sensors=False) for s in e.scored]
    return {letter[0]: row([s for s in scored if s.truth.set_name.startswith(letter)]) for letter in SETS}


def running_below(folder: Path) -> list[Path]:
    """Recordings at the pelvis in which somebody runs, of the sets that are scored."""
    of_sets = [p for p in recordings_below(folder) if p.parent.name.startswith(SETS)]
    nothing = Analysis((), (), {}, StreamInfo(100.0))
    scored = [s for e in evaluate(of_sets, read_npz, lambda _: nothing, further_sensors=False) for s in e.scored]
    return [Path(s.recording) for s in scored if kind(s) == KINDS[0]]


def measure(paths: list[Path], names: Sequence[str] = NAMES) -> dict[str, dict[str, Any]]:
    """Score the shipped parameters and every change of one of them."""
    shipped = SacralParams()
    changes = {"as shipped": shipped}
    for name in names:
        for factor in FACTORS:
            changes[f"{name} × {factor:g}"] = replace(shipped, **{name: factor * asdict(shipped)[name]})
    out = {}
    for label, params in changes.items():
        out[label] = score(paths, params)
        print(label, json.dumps(out[label]), file=sys.stderr, flush=True)
    return out


def table(measured: dict[str, dict[str, Any]]) -> str:
    """Write Markdown: one line per change, figures that differ from the shipped ones in bold."""
    columns = (
        ("A: F1", "A", "f1", 3),
        ("A: IC bias ms", "A", "ic_bias_ms", 1),
        ("IC SD ms", "A", "ic_sd_ms", 1),
        ("contact time ms", "A", "contact_time_rmse_ms", 1),
        ("peak BW", "A", "force_rmse_bw", 3),
        ("J: F1", "J", "f1", 3),
        ("J: IC bias ms", "J", "ic_bias_ms", 1),
        ("contact time ms", "J", "contact_time_rmse_ms", 1),
        ("peak BW", "J", "force_rmse_bw", 3),
        ("E: steps MAPE %", "E", "steps_mape_pct", 2),
        ("C: steps error %", "C", "steps_mape_pct", 2),
    )
    lines = ["| change | " + " | ".join(c[0] for c in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    first: list[str] = []
    for label, sets in measured.items():
        cells = [
            "–" if (v := sets[s][key]) is None else f"{v:.{digits}f}".replace("-", "−") for _, s, key, digits in columns
        ]
        first = first or cells
        shown = [c if c == f else f"**{c}**" for c, f in zip(cells, first, strict=True)]
        lines.append(f"| {label} | " + " | ".join(shown) + " |")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print; `--page` writes the table between the marks of a page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--page", type=Path)
    given = parser.parse_args(argv)
    measured = measure(running_below(given.folder))
    print(table(measured))
    if given.page:
        put(given.page, table(measured), BEGIN, END)


if __name__ == "__main__":
    main()
