"""How often the side of a running step is right: simulated runners over cadence, mounting error, noise and losses.

python -m benchmarks.sides [--runs 12] [--page docs/validation.md]

Each run is another person, 4 s of standing, then running. Once the side of the first reported step is told (typed
anchor), once nothing is: then roll, yaw and sideways motion alone decide, or the side stays unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.disturb import Disturb, about, lossy, turned
from benchmarks.pages import print_simulated
from imu import api
from imu.acquisition.simulation import Simulation
from imu.acquisition.simulator import simulate_recording
from imu.frames import parse_mounting
from imu.settings import Settings
from imu.types import ActivityKind, Recording, Side

BEGIN, END = "<!-- sides: begin -->", "<!-- sides: end -->"
RUN_S = 60.0
STANDING_S = 4.0
WITHIN_S = 0.05
"""A step belongs to a true contact this near."""


def twisted(angle_deg: float) -> Disturb:
    """Turn the sensor about the vertical of its stated mounting, as when it sits beside the spine."""

    def do(recording: Recording, rng: np.random.Generator) -> Recording:
        up = parse_mounting(recording.suggested["mounting"])[2]
        return turned(recording, about(np.asarray(up, dtype=np.float64), angle_deg))

    return do


def without_gyroscope(recording: Recording, rng: np.random.Generator) -> Recording:
    """Forget the angular rate."""
    blocks = []
    for block in recording.blocks:
        samples = np.array(block.samples)
        samples[:, 3:6] = np.nan
        blocks.append(block._replace(samples=samples))
    return replace(recording, blocks=tuple(blocks))


def as_worn(recording: Recording, rng: np.random.Generator) -> Recording:
    """Change nothing."""
    return recording


CASES: dict[str, tuple[dict[str, Any], Disturb]] = {
    "as usual (8° forward, 2° aside, 0.03 g)": ({}, as_worn),
    **{f"{spm} steps/min": ({"cadence_spm": float(spm)}, as_worn) for spm in (145, 160, 175, 190, 205)},
    **{f"{mps:g} m/s": ({"speed_mps": mps}, as_worn) for mps in (2.2, 3.5, 5.0)},
    "20° forward": ({"pitch_deg": 20.0}, as_worn),
    "20° backward": ({"pitch_deg": -20.0}, as_worn),
    "10° aside": ({"roll_deg": 10.0}, as_worn),
    "20° aside": ({"roll_deg": 20.0}, as_worn),
    "20° about the vertical": ({}, twisted(20.0)),
    "40° about the vertical": ({}, twisted(40.0)),
    "noise 0.1 g, 3.3°/s": ({"noise_g": 0.1}, as_worn),
    "noise 0.3 g, 10°/s": ({"noise_g": 0.3}, as_worn),
    "1 % of packets lost": ({}, lossy(0.01)),
    "5 % of packets lost": ({}, lossy(0.05)),
    "10 % of packets lost": ({}, lossy(0.10)),
    "half a turn every 20 s": ({"turn_every_s": 20.0}, as_worn),
    "no gyroscope": ({}, without_gyroscope),
}


def counted(case: str, seed: int, told: bool) -> tuple[int, int, int]:
    """Running steps of one person: with the right side, with the wrong one, unknown."""
    options, disturb = CASES[case]
    given: dict[str, Any] = {"speed_mps": 2.5 + 0.1 * (seed % 12), **options}
    first = Side.LEFT if seed % 2 else Side.RIGHT
    simulation = Simulation(seed=seed, standing_s=STANDING_S, walking_s=0.0, first_side=first, **given)
    recording, truth = simulate_recording(simulation, STANDING_S + RUN_S)
    recording = disturb(recording, np.random.default_rng(seed))
    at = np.array([s.ic_s for s in truth.steps])
    sides = [s.side for s in truth.steps]
    steps = api.analyze(recording, Settings()).steps
    if told:  # what an onlooker says of the first step that the screen shows
        seen = sides[int(np.argmin(abs(at - steps[0].ic_s)))]
        steps = api.analyze(recording, Settings(first_side=seen)).steps
    right = wrong = unknown = 0
    for step in steps:
        k = int(np.argmin(abs(at - step.ic_s)))
        if step.activity is not ActivityKind.RUNNING or abs(at[k] - step.ic_s) > WITHIN_S:
            continue
        if step.side is Side.UNKNOWN:
            unknown += 1
        elif step.side is sides[k]:
            right += 1
        else:
            wrong += 1
    return right, wrong, unknown


def table(runs: int, seed: int = 7000) -> str:
    """Write Markdown: of the steps that were given a side how many are right, and how many are left unknown."""
    lines = [
        "| runner and sensor | steps | first side told: right, unknown | nothing told: right, unknown | wrong runs |",
        "|---|---|---|---|---|",
    ]
    for case in CASES:
        cells, n, turned_over = [], 0, 0
        for told in (True, False):
            each = np.array([counted(case, seed + k, told) for k in range(runs)])
            right, wrong, unknown = (int(v) for v in each.sum(axis=0))
            n = right + wrong + unknown
            turned_over += int((each[:, 1] > each[:, 0]).sum())
            share = f"{100.0 * right / (right + wrong):.2f} %" if right + wrong else "–"
            cells.append(f"{share}, {100.0 * unknown / n:.1f} %" if n else "–")
        lines.append(f"| {case} | {n} | {cells[0]} | {cells[1]} | {turned_over} of {2 * runs} |")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print; `--page` writes the table between the marks of a page."""
    print_simulated(argv, __doc__, table, 12, BEGIN, END)


if __name__ == "__main__":
    main()
