"""Fit and check the peak-force model of imu.metrics.force; `--write` puts the result into force_model.toml.

Fitted on set A alone (force treadmill, 15 conditions of speed and slope, one runner), always judged on conditions that
were left out; set J (other runner, other laboratory) and set K (37 runners, means only) see the result unchanged.
The recordings' folder is taken from the environment variable STRIDE_DATA, else ../shared/data beside the repository.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np

from imu.constants import G_MPS2
from imu.dsp.design import ACTIVE_HZ
from imu.events.front import MAX_BLOCK
from imu.events.pelvis import PelvisDetector
from imu.exchange.npz import read_npz
from imu.kernels import sacral
from imu.metrics import force
from imu.pipeline import run
from imu.settings import Settings
from imu.types import ActivityKind, FloatArray
from imu.validate.runners import left_out, read_table, score_table

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("STRIDE_DATA") or ROOT.parent / "shared" / "data")
TOML = ROOT / "imu" / "metrics" / force.DATA_FILE
MATCH_S = 0.05


@dataclasses.dataclass(frozen=True)
class Table:
    """Matched stances, one per row."""

    recording: list[str]
    condition: list[str]
    ic_s: FloatArray
    bounce_g: FloatArray
    stride_bounce_g: FloatArray
    speed_mps: FloatArray
    step_time_s: FloatArray
    truth_bw: FloatArray

    def design(self, *, speed: bool) -> FloatArray:
        """Columns that are multiplied by the fitted numbers."""
        other = self.speed_mps if speed else np.ones_like(self.bounce_g)
        return np.stack([self.stride_bounce_g, other], axis=1)

    def target(self, *, speed: bool) -> FloatArray:
        """What is left to fit; with speed known no bounce and no speed is one body weight, so no intercept."""
        return self.truth_bw - (self.bounce_g - self.stride_bounce_g) - (1.0 if speed else 0.0)


def detector_rows(path: Path) -> tuple[list[FloatArray], Any, Settings]:
    """Rows of the detector behind the running steps of the pipeline, in order; the recording has no gaps."""
    recording = read_npz(path)
    settings = Settings().with_suggestions(recording.suggested)
    stream = recording.stream
    (block,) = recording.blocks
    x, y, z = (bool(measured) for measured in np.isfinite(block.samples[0, :3]))
    detector = PelvisDetector(stream, mounting=settings.mounting, up_hint=settings.up_axis, measured=(x, y, z))
    rows: list[FloatArray] = []
    for head in range(0, len(block.samples), MAX_BLOCK):
        found = detector.push(np.ascontiguousarray(block.samples[head : head + MAX_BLOCK]), head)[0]
        rows.extend(detector.rows[:found].copy())
    steps = run(recording, settings).steps
    taken = np.array([step.ic_s for step in steps if step.activity is ActivityKind.RUNNING])
    ic = [stream.time_s(row[sacral.R_IC]) for row in rows]
    half_s = 0.5 / stream.sampling_rate_hz
    running = [row for row, t in zip(rows, ic, strict=True) if np.abs(taken - t).min() < half_s]
    return running, stream, settings


def collect(paths: list[Path], model: force.ForceModel) -> Table:
    """Detector rows of all recordings beside the force plate's active peak of the same stance."""
    columns: dict[str, list[Any]] = {f.name: [] for f in dataclasses.fields(Table)}
    for path in paths:
        rows, stream, settings = detector_rows(path)
        with np.load(path, allow_pickle=False) as file:
            contacts, peaks = file["truth_stance_ic"], file["truth_active_peak_bw"]
        estimator = force.ForceEstimator(settings.place, model)
        for row in rows:
            ic = stream.time_s(row[sacral.R_IC])
            step_time = (row[sacral.R_NEXT_IC] - row[sacral.R_IC]) / stream.sampling_rate_hz
            bounces = estimator.bounce(row[sacral.R_ACTIVE] / G_MPS2, row[sacral.R_MEAN_IS] / G_MPS2, step_time)
            near = int(np.argmin(np.abs(contacts - ic)))
            if not np.isfinite(bounces).all() or abs(contacts[near] - ic) > MATCH_S:
                continue
            columns["recording"].append(path.stem)
            columns["condition"].append(path.stem.split("_", 1)[1])
            columns["ic_s"].append(ic)
            columns["bounce_g"].append(bounces[0])
            columns["stride_bounce_g"].append(bounces[1])
            columns["speed_mps"].append(settings.speed_mps if settings.speed_mps is not None else math.nan)
            columns["step_time_s"].append(step_time)
            columns["truth_bw"].append(peaks[near])
    arrays = {k: v if k in {"recording", "condition"} else np.array(v, dtype=float) for k, v in columns.items()}
    return Table(**arrays)  # type: ignore[arg-type]


def solve(x: FloatArray, y: FloatArray) -> FloatArray:
    """Ordinary least squares."""
    return np.linalg.lstsq(x, y, rcond=None)[0]


def rmse(error: FloatArray) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(error))))


def show(name: str, error: FloatArray, group: list[str] | None = None, unit: str = "BW") -> None:
    """One line: bias, SD, RMSE with a bootstrap interval over recordings or runners."""
    line = f"  {name:48s} bias {error.mean():+.3f}  SD {error.std():.3f}  RMSE {rmse(error):.3f} {unit}"
    if group is not None:
        groups = np.array(group)
        names = np.unique(groups)
        rng = np.random.default_rng(1)
        parts = [error[groups == n] for n in names]
        draws = [rmse(np.concatenate([parts[i] for i in rng.integers(0, len(parts), len(parts))])) for _ in range(1000)]
        low, high = np.percentile(draws, [2.5, 97.5])
        line += f"  [{low:.3f}-{high:.3f}]"
    print(line)


def check_k(model: force.ForceModel) -> None:
    """37 runners: the shipped model unchanged, then forms refitted with one runner left out."""
    table = read_table(DATA / "K_sacral_summary_37_runners" / "GRF_IMU_data.csv")
    if table is None:
        raise SystemExit("set K has other columns than expected")
    print("set K, the shipped coefficients unchanged, and forms refitted with one runner left out")
    for row in score_table(table, "K", model):
        low, high = row["rmse_95"]
        print(f"  {row['quantity']}: {row['estimate']:56s} bias {row['bias']:+.3f}  SD {row['sd']:.3f}  "
              f"RMSE {row['rmse']:.3f} {row['unit']}  [{low:.3f}-{high:.3f}]")  # fmt: skip


def asymmetry(a: Table, j: Table, fit: FloatArray) -> None:
    """Symmetry index of the estimated force beside that of the measured one, per recording."""
    print("symmetry index of the peak force per recording, odd against even steps, in percentage points")
    for name, table in (("A", a), ("J", j)):
        estimate = table.truth_bw + table.design(speed=True) @ fit - table.target(speed=True)
        found = []
        for recording in dict.fromkeys(table.recording):
            mine = np.array(table.recording) == recording
            odd = np.round(np.cumsum(np.diff(table.ic_s[mine], prepend=0.0) / np.median(table.step_time_s[mine]))) % 2
            found.append([si_pct(values[mine], odd == 1) for values in (table.truth_bw, estimate)])
        true, ours = np.array(found).T
        show(f"{name}: always zero", -true, unit="pp")
        show(f"{name}: estimated", ours - true, unit="pp")


def si_pct(values: FloatArray, odd: Any) -> float:
    """200 (R - L) / (R + L) of the means."""
    right, left = values[odd].mean(), values[~odd].mean()
    return float(200.0 * (right - left) / (right + left))


def sensitivity(j: Table, a: Table, fit: FloatArray) -> None:
    """What an error of 20 % in one fitted number costs."""
    print("sensitivity, with speed: RMSE on A and J with one number changed by 20 %")
    for i, name in enumerate(("per_bounce", "per_speed")):
        for factor in (0.8, 1.2):
            changed = fit.copy()
            changed[i] *= factor
            on = [rmse(t.design(speed=True) @ changed - t.target(speed=True)) for t in (a, j)]
            print(f"  {name} x {factor}: A {on[0]:.3f}  J {on[1]:.3f} BW")


def write(with_speed: FloatArray, without: FloatArray, evidence: dict[str, float]) -> None:
    """Replace the fitted numbers in the data file, leaving its comments and limits as they are."""
    new = {
        "with_speed": {"per_bounce_bw_g": with_speed[0], "per_speed_bw_s_m": with_speed[1]},
        "without_speed": {"per_bounce_bw_g": without[0], "intercept_bw": without[1]},
        "evidence": evidence,
    }
    lines, section = [], ""
    for line in TOML.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        key = line.split("=", 1)[0].strip()
        value = new.get(section, {}).get(key)
        lines.append(line if value is None else f"{key} = {value:.3f}")
    TOML.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"written: {TOML.relative_to(ROOT)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the fitted numbers into force_model.toml")
    parser.add_argument("--json", action="store_true", help="print the evidence as one JSON object at the end")
    args = parser.parse_args()
    model = force.shipped_model()
    if model.cutoff_hz != ACTIVE_HZ:
        parser.error(f"the model is for {model.cutoff_hz} Hz, the pipeline's active peak is {ACTIVE_HZ} Hz")
    a = collect(sorted((DATA / "A_sacrum_grf_treadmill").glob("*.npz")), model)
    j = collect(sorted((DATA / "J_virtual_sacrum_grf_LR").glob("*.npz")), model)
    print(f"A: {len(a.truth_bw)} stances, {len(set(a.condition))} conditions; J: {len(j.truth_bw)} stances")
    print(f"A bounce {a.bounce_g.min():.2f} to {a.bounce_g.max():.2f} g, step time {a.step_time_s.min():.3f} to "
          f"{a.step_time_s.max():.3f} s")  # fmt: skip
    print("set A, leave one condition out")
    constant = left_out(np.ones((len(a.truth_bw), 1)), a.truth_bw, a.condition) - a.truth_bw
    show("constant (the runner's mean)", constant, a.recording)
    evidence = {"a_constant_rmse_bw": rmse(constant)}
    fits = {}
    for speed, name in ((True, "with_speed"), (False, "without_speed")):
        x, y = a.design(speed=speed), a.target(speed=speed)
        error = left_out(x, y, a.condition) - y
        fits[name] = solve(x, y)
        transfer = j.design(speed=speed) @ fits[name] - j.target(speed=speed)
        show(f"{name}: {fits[name].round(3)}", error, a.recording)
        show("  J, not refitted", transfer)
        evidence |= {f"a_{name}_rmse_bw": rmse(error), f"j_{name}_rmse_bw": rmse(transfer),
                     f"j_{name}_bias_bw": float(transfer.mean())}  # fmt: skip
    asymmetry(a, j, fits["with_speed"])
    check_k(model)
    sensitivity(j, a, fits["with_speed"])
    if args.json:
        print(json.dumps({k: round(v, 4) for k, v in evidence.items()}))
    if args.write:
        write(fits["with_speed"], fits["without_speed"], evidence)


if __name__ == "__main__":
    main()
