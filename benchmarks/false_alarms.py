"""How often a left-right difference is called larger than the measurement error, with and without one.

python -m benchmarks.false_alarms [--runs 200] [--page docs/validation.md]

Simulated runners, each another person, with the usual slow drift of each leg, seen through sensor and pipeline; the
sides are told (typed anchor), so that it is the difference that is judged. "none" = symmetric in the mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.pages import print_simulated
from imu import api
from imu.acquisition.simulation import Simulation
from imu.acquisition.simulator import simulate_recording
from imu.metrics.asymmetry import Symmetry
from imu.metrics.summary import window
from imu.settings import Settings
from imu.types import ActivityKind, Side, Step

BEGIN, END = "<!-- false alarms: begin -->", "<!-- false alarms: end -->"
NAMES = ("step_time", "contact_time", "load_peak")
WINDOWS = (50, 100, 250)
"""Steps: about 18, 35 and 90 s."""
ASKED_PCT = (0.0, 3.0, 6.0, 10.0)


def run_of(seed: int, asked_pct: float) -> list[Step]:
    """Running steps of one simulated person, the first few left out."""
    simulation = Simulation(
        seed=seed,
        speed_mps=2.5 + 0.1 * (seed % 12),
        walking_s=0.0,
        first_side=Side.LEFT,
        asymmetry_pct=asked_pct,
        timing_asymmetry_pct=asked_pct,
    )
    recording, _ = simulate_recording(simulation, 4.0 + 100.0)
    steps = api.analyze(recording, Settings(first_side=Side.LEFT)).steps
    return [s for s in steps if s.activity is ActivityKind.RUNNING][8:]


def called(runs: Iterable[Sequence[Step]], n: int) -> dict[str, tuple[int, int]]:
    """How many runs are called different in their first n steps, of how many that could be told."""
    out = dict.fromkeys(NAMES, (0, 0))
    for steps in runs:
        shown = window(steps[:n], n)
        for name in NAMES:
            symmetry = shown[f"{name}_symmetry_pct"]
            assert isinstance(symmetry, Symmetry)
            answer = symmetry.larger_than_error
            if answer is not None:
                yes, of = out[name]
                out[name] = (yes + bool(answer), of + 1)
    return out


def table(runs: int, seed: int = 5000) -> str:
    """Write Markdown: share of runs called different, per true difference and length."""
    lines = [
        "| true difference | steps | step time | contact time | load peak |",
        "|---|---|---|---|---|",
    ]
    for asked in ASKED_PCT:
        of_all = [run_of(seed + k, asked if k % 2 else -asked) for k in range(runs if asked == 0.0 else runs // 2)]
        for n in WINDOWS:
            found = called(of_all, n)
            cells = []
            for name in NAMES:
                yes, of = found[name]
                cells.append(f"{100.0 * yes / of:.1f} % of {of}" if of else "–")
            what = "none" if asked == 0.0 else f"±{asked:g} %"
            lines.append(f"| {what} | {n} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print; `--page` writes the table between the marks of a page."""
    print_simulated(argv, __doc__, table, 200, BEGIN, END)


if __name__ == "__main__":
    main()
