"""The foot and shank detector on recordings of people; bounds lie below what was reached (see docs/validation.md)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from test_foot import detect

from imu.events.foot import FOOT, SHANK, FootParameters
from imu.kernels import foot, level, rows

pytestmark = [pytest.mark.needs_data, pytest.mark.compiled]


def levelled(acc: np.ndarray, gyr: np.ndarray | None, fs: float) -> np.ndarray:
    """Signals in the body frame as the engine would level them; rows x samples."""
    n = len(acc)
    samples = np.ascontiguousarray(acc if gyr is None else np.hstack([acc, gyr]), dtype=float)
    params, state, sig = np.zeros(level.N_PARAMS), np.zeros(level.N_STATE), np.zeros((rows.N_ROWS, 2 * n))
    params[:9] = np.eye(3).ravel()
    params[level.P_TIME_CONSTANT], params[level.P_RANGE], params[level.P_FROZEN] = 10.0, 78.0, 0.5
    params[level.P_MASK : level.P_MASK + 3] = 1.0
    level.level(samples, params, state, sig, 0, fs)
    return sig[:, :n]


def compare(ic_s: np.ndarray, truth_s: np.ndarray, duration_s: float, within_s: float = 0.05) -> tuple[int, int, int]:
    """Hits, false and missed events, one to one, from 0.4 s after the start to 0.2 s before the end."""
    pairs = sorted(
        (abs(a - b), i, j) for i, a in enumerate(ic_s) for j, b in enumerate(truth_s) if abs(a - b) <= within_s
    )
    used_a: set[int] = set()
    used_b: set[int] = set()
    for _, i, j in pairs:
        if i not in used_a and j not in used_b:
            used_a.add(i)
            used_b.add(j)

    def counted(x: float) -> bool:
        return 0.4 <= x <= duration_s - 0.2

    hits = sum(counted(truth_s[j]) for j in used_b)
    false = sum(counted(x) for i, x in enumerate(ic_s) if i not in used_a)
    missed = sum(counted(x) for j, x in enumerate(truth_s) if j not in used_b)
    return hits, false, missed


def shank(folder: Path, kind: str) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """F1, error of contact, error of contact time, running flag over the trials of one kind in set B."""
    total, ic_error, ct_error, run = np.zeros(3), [], [], []
    for path in sorted((folder / "B_shank_grf_treadmill").glob(f"*{kind}*.npz")):
        with np.load(path) as z:
            t, acc, truth = z["t"], z["acc"].astype(float), z["truth_ic"]
            stance, contact = z["truth_stance_ic"], z["truth_contact_time"]
        fs = (len(t) - 1) / (t[-1] - t[0])
        found, _ = detect(levelled(acc, None, fs), fs, SHANK)
        ic, tc = found[:, foot.R_IC] / fs, found[:, foot.R_TC] / fs
        total += compare(ic, truth, t[-1])
        for k, x in enumerate(ic):
            j = np.argmin(np.abs(truth - x))
            if abs(truth[j] - x) < 0.1:
                ic_error.append(x - truth[j])
            j = np.argmin(np.abs(stance - x))
            if abs(stance[j] - x) < 0.1 and np.isfinite(tc[k]):
                ct_error.append(tc[k] - x - contact[j])
        run.extend(found[:, foot.R_RUNNING])
    f1 = 2 * total[0] / (2 * total[0] + total[1] + total[2])
    return float(f1), np.array(ic_error), np.array(ct_error), np.array(run)


def test_shank_running(stride_data: Path) -> None:
    f1, ic, contact, run = shank(stride_data, "running")
    assert f1 >= 0.99
    assert abs(ic.mean()) < 0.005
    assert ic.std() < 0.0045
    assert np.sqrt((contact**2).mean()) < 0.012
    assert run.mean() > 0.95


def test_shank_walking(stride_data: Path) -> None:
    f1, ic, contact, run = shank(stride_data, "walking")
    assert f1 >= 0.97
    assert abs(ic.mean()) < 0.005
    assert ic.std() < 0.008
    assert np.sqrt((contact**2).mean()) < 0.020
    assert run.mean() < 0.03


def test_foot_walking_without_losses(stride_data: Path) -> None:
    total, error = np.zeros(3), []
    for path in sorted((stride_data / "G_lowback_feet_walk_LR_events").glob("14-*.npz")):
        with np.load(path) as z:
            for name, side in (("left", "L"), ("right", "R")):
                acc, gyr, t = z[f"{name}_acc"], z[f"{name}_gyr"], z[f"{name}_t"]
                truth = z["truth_ic"][z["truth_ic_side"] == side] - t[0]
                if len(t) != round((t[-1] - t[0]) * 100) + 1:
                    continue
                found, _ = detect(levelled(acc, gyr, 100.0), 100.0, FOOT)
                ic = found[:, foot.R_IC] / 100.0
                total += compare(ic, truth, t[-1] - t[0])
                error += [d for x in ic if abs(d := x - truth[np.argmin(np.abs(truth - x))]) < 0.1]
    assert total[0] > 90
    assert 2 * total[0] / (2 * total[0] + total[1] + total[2]) >= 0.88
    assert np.std(error) < 0.020
    assert abs(np.mean(error)) < 0.010


def count_strides(acc: np.ndarray, gyr: np.ndarray | None, fs: float, par: FootParameters) -> np.ndarray:
    return detect(levelled(acc, gyr, fs), fs, par)[0]


def test_foot_running_outdoors_counts_every_stride(stride_data: Path) -> None:
    folder = stride_data / "C_hip_foot_outdoor_run"
    with np.load(next(folder.glob("*part1.npz"))) as z:
        acc, frozen = z["foot_acc"], z["foot_frozen"]
    found = count_strides(acc, None, 100.0, FOOT)
    ic = found[:, foot.R_IC] / 100.0
    bouts = np.genfromtxt(folder / "bouts.csv", delimiter=",", names=True)
    for bout in bouts[:5]:
        inside = (ic >= bout["t_start_s"] - 0.1) & (ic <= bout["t_end_s"] + 0.2)
        assert abs(inside.sum() - 1 - bout["left_strides"]) <= 1  # one contact more than strides between them
        assert found[inside, foot.R_RUNNING].mean() > 0.9
    assert not frozen[np.clip(found[:, foot.R_IC].astype(int), 0, len(frozen) - 1)].any()


def test_shank_stops_and_changes_of_gait(stride_data: Path) -> None:
    """Standing, running, standing, walking and running of one person in one stream: each is found within strides."""
    folder = stride_data / "B_shank_grf_treadmill"
    total = np.zeros(3)
    rng = np.random.default_rng(1)
    for runs, walks in (
        ("trial01_running_8.5kmh", "trial03_walking_5.0kmh"),
        ("trial07_running_8.5kmh", "trial05_walking_4.5kmh"),
    ):
        pieces, truth, at = [], [], 0.0
        for name, start, stop in (
            (None, 0, 4),
            (runs, 2, 9),
            (None, 0, 5),
            (walks, 14, 22),
            (runs, 4, 12),
            (None, 0, 4),
        ):
            if name is None:
                n = round((stop - start) * 142.857)
                pieces.append(np.array([-9.6, -0.5, 1.8]) + 0.1 * rng.standard_normal((n, 3)))
            else:
                with np.load(folder / f"{name}.npz") as z:
                    first, last = np.searchsorted(z["t"], (start, stop))
                    pieces.append(z["acc"][first:last].astype(float))
                    ic = z["truth_ic"] - z["t"][first]
                truth += [at + x for x in ic if 0.0 < x < stop - start - 0.1]
            at += len(pieces[-1]) / 142.857
        found, _ = detect(levelled(np.vstack(pieces), None, 142.857), 142.857, SHANK)
        total += compare(found[:, foot.R_IC] / 142.857, np.array(truth), at)
    assert 2 * total[0] / (2 * total[0] + total[1] + total[2]) >= 0.93
