"""Simulated runners beside real recordings: spectra, peaks and step-to-step variation, through the product's analysis.

For every recording of sets A, D, E and J a few simulated persons run at the same speed, grade, cadence and rate, and
their signals get the processing that the recording got. Prints one table and writes out/compare_simulator.png.
The recordings' folder is taken from the environment variable STRIDE_DATA, else ../shared/data beside the repository.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from imu.acquisition.simulator import Simulation, simulate_recording
from imu.api import analyze
from imu.constants import G_MPS2
from imu.exchange.npz import read_npz
from imu.frames import parse_mounting
from imu.settings import Settings
from imu.types import ActivityKind, FloatArray, Recording, SampleBlock, Step, StreamInfo

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("STRIDE_DATA") or ROOT.parent / "shared" / "data")
BODY: Final = "+x+y+z"
BANDS_HZ: Final = ((0.5, 5.0), (5.0, 10.0), (10.0, 20.0), (20.0, 40.0))
AXES: Final = ("vertical", "lateral", "fore-aft")
UNKNOWN: Final = math.nan


@dataclass(frozen=True)
class Run:
    """One running recording in the body frame, and what the product found in it."""

    name: str
    rate_hz: float
    acc_g: FloatArray
    """Shape (n, 3): up, right, forward during the longest run; NaN column = not measured."""
    steps: list[Step]


@dataclass(frozen=True)
class RealSet:
    """One set: its recordings, how its axes lie, and how to simulate one of them."""

    files: Callable[[], list[Path]]
    body: Callable[[FloatArray], FloatArray]
    simulations: Callable[[Path, float, int], Simulation]
    process: Callable[[FloatArray, float], FloatArray]
    seconds: float


def low_pass(x: FloatArray, rate_hz: float, cut_hz: float) -> FloatArray:
    """Zero-phase fourth order, as the authors of A and J did."""
    from scipy.signal import butter, sosfiltfilt

    return np.asarray(sosfiltfilt(butter(4, cut_hz, fs=rate_hz, output="sos"), x, axis=0))


def like_a(acc: FloatArray, rate_hz: float) -> FloatArray:
    """Low-passed at 20 Hz, no lateral axis, negative vertical values set to 0."""
    out = low_pass(acc, rate_hz, 20.0)
    out[:, 0] = np.maximum(out[:, 0], 0.0)
    out[:, 1] = np.nan
    return out


def a_simulation(path: Path, _: float, seed: int) -> Simulation:
    """Speed, slope, cadence and foot strike are those of the trial."""
    with (DATA / "A_sacrum_grf_treadmill" / "trials.csv").open(encoding="utf-8") as file:
        trial = next(r for r in csv.DictReader(file) if int(r["trial"]) == int(path.stem[5:7]))
    return Simulation(
        speed_mps=float(trial["speed_mps"]),
        cadence_spm=float(trial["cadence_spm"]),
        grade_pct=100.0 * math.tan(math.radians(float(trial["slope_deg"]))),
        foot_strike=trial["foot_strike"][:3].replace("rea", "rear"),
        sampling_rate_hz=500.0,
        seed=seed,
    )


def paths(folder: str, *patterns: str) -> list[Path]:
    """Recordings of one set, sorted."""
    return sorted(p for pattern in patterns for p in (DATA / folder).glob(pattern))


SETS: Final = {
    "A": RealSet(
        lambda: paths("A_sacrum_grf_treadmill", "*.npz"), lambda a: a[:, [0, 2, 1]], a_simulation, like_a, 8.0
    ),
    "J": RealSet(
        lambda: paths("J_virtual_sacrum_grf_LR", "*.npz"),
        lambda a: a * [1.0, -1.0, 1.0],
        lambda _, cadence, seed: Simulation(speed_mps=4.09, cadence_spm=cadence, sampling_rate_hz=240.0, seed=seed),
        lambda a, rate: low_pass(a, rate, 25.0),
        8.0,
    ),
    "D": RealSet(
        lambda: paths("D_sacrum_512Hz_sample", "*.npz"),
        lambda a: np.stack([-a[:, 0], a[:, 1], -a[:, 2]], axis=1),
        lambda _, cadence, seed: Simulation(speed_mps=3.0, cadence_spm=cadence, sampling_rate_hz=512.0, seed=seed),
        lambda a, _: a,
        8.0,
    ),
    "E": RealSet(
        lambda: paths("E_waist_200Hz_jog_walk", "D03*.npz", "D04*.npz"),
        lambda a: np.stack([-a[:, 1], a[:, 0], a[:, 2]], axis=1),
        lambda path, cadence, seed: Simulation(
            speed_mps=2.4 if "D03" in path.name else 3.0,
            cadence_spm=cadence,
            sampling_rate_hz=200.0,
            turn_every_s=15.0,
            seed=seed,
        ),
        lambda a, _: a,
        90.0,
    ),
}


def longest_run(steps: Iterable[Step]) -> list[Step]:
    """Longest unbroken sequence of running steps, without its first and last two."""
    best: list[Step] = []
    now: list[Step] = []
    for step in steps:
        if step.activity is not ActivityKind.RUNNING or step.step_time_s is None:
            now = []
            continue
        follows = not now or abs(now[-1].ic_s + (now[-1].step_time_s or 0.0) - step.ic_s) < 0.05
        now = [*now, step] if follows else [step]
        best = max(best, now, key=len)
    return best[2:-2]


def run_of(name: str, recording: Recording, acc_g: FloatArray, settings: Settings) -> Run | None:
    """Analyse a recording; None when too little of it is running."""
    steps = longest_run(analyze(recording, settings).steps)
    if len(steps) < 6:
        return None
    rate = recording.stream.sampling_rate_hz
    first = round((steps[0].ic_s - recording.stream.t0_s) * rate)
    last = round((steps[-1].ic_s - recording.stream.t0_s) * rate)
    return Run(name, rate, level(acc_g[first:last]), steps)


def level(acc: FloatArray) -> FloatArray:
    """Turn the mean onto the vertical, where all three axes are there."""
    mean = acc.mean(axis=0)
    if not np.isfinite(mean).all():
        return acc
    up = mean / np.linalg.norm(mean)
    axis = np.cross(up, [1.0, 0.0, 0.0])
    skew = np.array([[0.0, -axis[2], axis[1]], [axis[2], 0.0, -axis[0]], [-axis[1], axis[0], 0.0]])
    return np.asarray(acc @ (np.eye(3) + skew + skew @ skew / (1.0 + up[0])).T)


def real_run(path: Path, real: RealSet) -> Run | None:
    """Read a recording of people."""
    recording = read_npz(path)
    with np.load(path, allow_pickle=False) as file:
        acc = np.asarray(file["acc"], dtype=float) / G_MPS2
    return run_of(path.stem, recording, real.body(acc), Settings().with_suggestions(recording.suggested))


def simulated_run(simulation: Simulation, real: RealSet) -> Run | None:
    """Simulate, bring into the body frame, process as the recording was, analyse."""
    recording, _ = simulate_recording(simulation, simulation.standing_s + simulation.walking_s + real.seconds)
    (block,) = recording.blocks
    acc = real.process(block.acc @ parse_mounting(simulation.mounting).T / G_MPS2, simulation.sampling_rate_hz)
    stream = StreamInfo(simulation.sampling_rate_hz, channels=3, acc_range_g=None)
    processed = Recording(stream, (SampleBlock(0, acc * G_MPS2),))
    settings = Settings(mounting=BODY, speed_mps=simulation.speed_mps)
    return run_of(f"seed {simulation.seed}", processed, acc, settings)


def column(steps: list[Step], name: str) -> FloatArray:
    """One field of all steps; None becomes NaN."""
    return np.array([UNKNOWN if (v := getattr(s, name)) is None else float(v) for s in steps])


def legs(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Every other step."""
    return x[::2], x[1::2]


def cv_pct(x: FloatArray) -> float:
    """Variation within a leg over the mean."""
    return float(100.0 * math.sqrt(np.mean([np.nanvar(leg, ddof=1) for leg in legs(x)])) / np.nanmean(x))


def memory(x: FloatArray, lag: int) -> float:
    """Autocorrelation of one leg's values over `lag` strides, mean of the legs; NaN below 60 steps."""
    if len(x) < 60:
        return UNKNOWN
    out = []
    for leg in legs(x):
        y = leg - np.nanmean(leg)
        out.append(np.nanmean(y[:-lag] * y[lag:]) / np.nanmean(y * y))
    return float(np.mean(out))


def spectrum(x: FloatArray, rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """Power density in g2/Hz, 0.5 Hz apart."""
    from scipy.signal import welch

    n = int(min(2.0 * rate_hz, len(x)))
    f, p = welch(x - x.mean(), rate_hz, nperseg=n)
    return np.asarray(f), np.asarray(p)


def numbers(run: Run) -> dict[str, float]:
    """What is compared, by name."""
    out: dict[str, float] = {"cadence (steps/min)": 60.0 / float(np.median(column(run.steps, "step_time_s")))}
    out["contact time (ms)"] = 1000.0 * float(np.nanmean(column(run.steps, "contact_time_s")))
    load, shock = column(run.steps, "load_peak_g"), column(run.steps, "shock_peak_g")
    out["load 10 Hz (g)"] = float(np.nanmean(load))
    out["shock 50 Hz (g)"] = float(np.nanmean(shock))
    out["shock above load (share)"] = float(np.mean(shock > load))
    names = {"step_time_s": "step time", "contact_time_s": "contact", "load_peak_g": "load", "shock_peak_g": "shock"}
    for field, name in names.items():
        out[f"CV {name} (%)"] = cv_pct(column(run.steps, field))
    for field, name in names.items():
        for lag in (1, 2):
            out[f"memory {name}, {lag} stride{'s' * (lag > 1)}"] = memory(column(run.steps, field), lag)
    lowest = np.percentile(run.acc_g[:, 0], 3)
    out["vertical, lowest 3 % (g)"] = float(lowest)
    for k, axis in enumerate(AXES):
        out[f"{axis} SD (g)"] = float(run.acc_g[:, k].std())
        f, p = spectrum(run.acc_g[:, k], run.rate_hz)
        total = p[(f >= BANDS_HZ[0][0]) & (f < BANDS_HZ[-1][1])].sum()
        for low, high in BANDS_HZ:
            out[f"{axis} {low:g}-{high:g} Hz (% of power)"] = float(100.0 * p[(f >= low) & (f < high)].sum() / total)
    return out


def collect(name: str, persons: int) -> tuple[list[Run], list[Run]]:
    """All runs of one set, and their simulated counterparts."""
    real = SETS[name]
    found: list[Run] = []
    made: list[Run] = []
    for number, path in enumerate(real.files()):
        run = real_run(path, real)
        if run is None:
            continue
        found.append(run)
        cadence = numbers(run)["cadence (steps/min)"]
        for k in range(persons):
            simulation = real.simulations(path, cadence, 1 + number * persons + k)
            simulation = replace(simulation, standing_s=3.0, walking_s=0.0, pitch_deg=0.0, roll_deg=0.0)
            other = simulated_run(simulation, real)
            if other is not None:
                made.append(other)
    return found, made


def cell(values: list[float]) -> str:
    """Median and range, or a dash."""
    x = np.array([v for v in values if math.isfinite(v)])
    if not len(x):
        return "-"
    digits = 0 if np.abs(x).max() >= 20.0 else 2
    return f"{np.median(x):.{digits}f} ({x.min():.{digits}f} to {x.max():.{digits}f})"


def print_table(sets: dict[str, tuple[list[Run], list[Run]]]) -> None:
    """One Markdown table: median and range over recordings, or over simulated persons."""
    print("| quantity | " + " | ".join(f"{n} real | {n} simulated" for n in sets) + " |")
    print("|---|" + "---|---|" * len(sets))
    columns = {n: ([numbers(r) for r in real], [numbers(r) for r in made]) for n, (real, made) in sets.items()}
    for quantity in next(iter(columns.values()))[0][0]:
        cells = [cell([row[quantity] for row in rows]) for pair in columns.values() for rows in pair]
        if any(c != "-" for c in cells):
            print(f"| {quantity} | " + " | ".join(cells) + " |")


def plot(sets: dict[str, tuple[list[Run], list[Run]]], path: Path) -> None:
    """Spectra of the three axes and distributions of the peaks, one row per set; real red, simulated blue."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(len(sets), 6, figsize=(26, 4 * len(sets)), squeeze=False)
    for row, (name, pair) in zip(axes, sets.items(), strict=True):
        for runs, colour in zip(pair, ("red", "blue"), strict=True):
            for run in runs:
                for k in range(3):
                    row[k].semilogy(*spectrum(run.acc_g[:, k], run.rate_hz), color=colour, lw=0.5, alpha=0.6)
                row[5].plot(*mean_step(run), color=colour, lw=0.5, alpha=0.6)
            for k, field in ((3, "load_peak_g"), (4, "shock_peak_g")):
                values = np.concatenate([column(r.steps, field) for r in runs])
                row[k].hist(values[np.isfinite(values)], 40, color=colour, alpha=0.5, density=True)
        for k, title in enumerate((*AXES, "load peak 10 Hz, g", "shock peak 50 Hz, g", "vertical about contact, g, s")):
            row[k].set_title(f"{name}: {title}")
        for k in range(3):
            row[k].set(xlim=(0, 50), ylim=(1e-5, 3), xlabel="Hz", ylabel="g2/Hz")
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=60)


def mean_step(run: Run) -> tuple[FloatArray, FloatArray]:
    """Vertical acceleration averaged about the contacts that the product found."""
    window = np.arange(-0.1, 0.35, 0.004)
    t = run.steps[0].ic_s + np.arange(len(run.acc_g)) / run.rate_hz
    inside = [s.ic_s + window for s in run.steps[1:-2]]
    return window, np.mean([np.interp(w, t, run.acc_g[:, 0]) for w in inside], axis=0)


def main(argv: list[str] | None = None) -> Any:
    """Print and plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", default="AJDE", help="letters of the sets to compare")
    parser.add_argument("--persons", type=int, default=3, help="simulated persons per recording")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "compare_simulator.png")
    options = parser.parse_args(argv)
    sets = {name: collect(name, options.persons) for name in options.sets}
    print_table(sets)
    plot(sets, options.out)
    print(f"\n{options.out.name} shows spectra, peaks and the mean step; red real, blue simulated.")


if __name__ == "__main__":
    main()
