"""Rows 12 and 13: a stored hour analysed again, its memory, and how the cost grows with the length."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
import warnings
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from benchmarks import peers
from benchmarks.timing import interleave
from imu.acquisition.simulator import Simulation, simulate_recording
from imu.pipeline import Pipeline, run
from imu.settings import Settings
from imu.types import Recording, SampleBlock

FS = 208.0
SETTINGS = Settings(mounting="+y-x+z", body_mass_kg=72.0)

_MEMORY_OF_AN_HOUR = """
import json, sys
import imu
from benchmarks.memory import peak_mb
recording = imu.read(sys.argv[1])
result = imu.analyze(recording)
print(json.dumps({"peak_mb": peak_mb(), "steps": len(result.steps)}))
"""


@lru_cache(maxsize=4)
def running(minutes: float, fs: float = FS) -> Recording:
    """A run without pauses; longer ones repeat ten minutes."""
    unit_min = min(10.0, minutes)
    simulation = Simulation(standing_s=0.0, walking_s=0.0, sampling_rate_hz=fs)
    recording, _ = simulate_recording(simulation, unit_min * 60.0)
    samples = np.concatenate([b.samples for b in recording.blocks])
    whole = np.ascontiguousarray(np.tile(samples, (round(minutes / unit_min), 1)))
    return Recording(recording.stream, (SampleBlock(0, whole),), recording.suggested)


@pytest.mark.timeout(300)
def test_one_hour(gates, show):
    recording = running(60.0)
    samples = recording.blocks[0].samples
    target = np.empty_like(samples)
    found = {}

    def ours():
        found["ours"] = len(run(recording, SETTINGS).steps)

    def scipy():
        found["scipy"] = len(peers.scipy_offline(samples, FS))

    variants = {"ours": ours, "scipy": scipy, "copy": lambda: np.copyto(target, samples)}
    times = interleave(variants, rounds=9, warm_up=1, seconds=60.0)
    best = float(times["ours"].min())
    note = f"{found['ours']} steps, median {np.median(times['ours']):.2f} s"
    gates.value("12", "offline: one hour of six axes at 208 Hz, fastest", best, " s", at_most=1.0, note=note)
    gates.faster("12", "offline: 1 h against scipy", times, "ours", "scipy", 3)
    gates.within("12", "offline: 1 h against a copy of its samples", times, "ours", "copy", 25)
    assert found["ours"] == pytest.approx(found["scipy"], rel=0.02)
    show(ours, rounds=1)


@pytest.mark.timeout(300)
def test_cost_grows_linearly(gates, show):
    hour = running(60.0).blocks[0].samples
    per_minute = {}
    for minutes in (1, 10, 60, 600):
        best = np.inf
        for _ in range(3 if minutes < 600 else 1):
            n = int(minutes * 60 * FS)
            start = time.perf_counter()
            pipeline = Pipeline(SETTINGS, running(60.0).stream)
            steps, at = 0, 0
            while at < n:
                piece = hour[: min(len(hour), n - at)]
                steps += len(pipeline.push(SampleBlock(at, piece)))
                at += len(piece)
            pipeline.flush()
            best = min(best, time.perf_counter() - start)
        per_minute[minutes] = best / minutes
        note = f"{steps} steps in {best:.3g} s"
        gates.value(
            "12", f"offline: {minutes} min, per minute of recording", per_minute[minutes] * 1e3, " ms", note=note
        )
    growth = per_minute[600] / per_minute[60]
    gates.value("12", "offline: a minute of 10 h against a minute of 1 h", growth, "x", at_most=1.5)
    show(lambda: None, rounds=1)


@pytest.mark.timeout(300)
def test_memory_of_an_hour(gates, show, tmp_path):
    recording = running(60.0)
    samples = recording.blocks[0].samples
    path = tmp_path / "hour.npz"
    meta = {"main_place": "sacrum", "acc_axes": ["x", "y", "z"], "mounting": "+y-x+z", "fs": FS}
    np.savez(
        path, t=np.arange(len(samples)) / FS, acc=samples[:, :3], gyr=samples[:, 3:], meta=np.array(json.dumps(meta))
    )
    command = [sys.executable, "-c", _MEMORY_OF_AN_HOUR, str(path)]
    for _ in range(2):  # the first one may have to compile, which takes memory of its own
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent.parent)
        assert done.returncode == 0, done.stderr[-2000:]
        result = json.loads(done.stdout.splitlines()[-1])
    assert result["steps"] > 9000
    note = f"a process that reads and analyses 1 h, {result['steps']} steps"
    gates.value("12", "offline: peak memory", result["peak_mb"], " MB", at_most=400, note=note)
    show(lambda: None, rounds=1)


def ten_minutes_at_100_hz():
    recording = running(10.0, 100.0)
    return recording, recording.blocks[0].samples


@pytest.mark.timeout(300)
def test_mobgap(gates, show):
    what, asked = "offline at 100 Hz: against mobgap's contact detection", ">= 8x"
    if not importlib.util.find_spec("mobgap"):
        gates.skipped("13", what, asked, "mobgap is not installed")
        pytest.skip("mobgap is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas as pd
        from mobgap.initial_contacts import IcdIonescu

        recording, samples = ten_minutes_at_100_hz()
        names = ["acc_is", "acc_ml", "acc_pa", "gyr_is", "gyr_ml", "gyr_pa"]
        body = samples[:, [1, 0, 2, 4, 3, 5]] * [1, -1, 1, 1, -1, 1]
        frame = pd.DataFrame(body, columns=names)
        found = {}

        def theirs():
            found["mobgap"] = len(IcdIonescu().detect(frame, sampling_rate_hz=100.0).ic_list_)

        def ours():
            found["ours"] = len(run(recording, SETTINGS).steps)

        times = interleave({"ours": ours, "mobgap": theirs}, rounds=10, warm_up=1)
    assert found["ours"] > 1000
    gate = gates.faster("13", what, times, "ours", "mobgap", 8)
    assert gate.median is not None
    show(ours, rounds=1)


@pytest.mark.timeout(300)
def test_scikit_digital_health(gates, show):
    what, asked = "offline at 100 Hz: against scikit-digital-health lumbar gait", ">= 200x"
    if not importlib.util.find_spec("skdh"):
        gates.skipped("13", what, asked, "scikit-digital-health is not installed")
        pytest.skip("scikit-digital-health is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from skdh.gait import GaitLumbar

        recording, samples = ten_minutes_at_100_hz()
        recording = Recording(recording.stream, (SampleBlock(0, samples[:12_000].copy()),), recording.suggested)
        acc = recording.blocks[0].samples[:, :3] / 9.81
        seconds = np.arange(len(acc)) / 100.0

        def theirs():
            bouts = np.array([[0, len(acc) - 1]])
            GaitLumbar().predict(time=seconds, accel=acc, fs=100.0, height=1.75, gait_bouts=bouts)

        times = interleave({"ours": lambda: run(recording, SETTINGS), "skdh": theirs}, rounds=6, warm_up=1, seconds=30)
    gates.faster("13", what, times, "ours", "skdh", 200)
    show(lambda: run(recording, SETTINGS), rounds=1)
