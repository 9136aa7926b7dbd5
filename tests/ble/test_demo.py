"""`stride demo --ble`: the simulated runner behind virtual sensors, through bleak and a real Bluetooth stack."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ble.conftest import Run

from imu import api
from imu.acquisition.simulation import Simulation
from imu.store.reader import read_session
from imu.types import ActivityKind


@pytest.mark.parametrize("profile", ["movesense", "polar_h10", "witmotion_wt901ble", "open_packet"])
def test_each_virtual_sensor_gives_the_steps_of_the_runner_who_wears_it(run: Run, tmp_path: Path, profile: str) -> None:
    loss_pct = 0 if profile == "witmotion_wt901ble" else 3  # that one sends nothing by which a loss could be counted
    target, truth = tmp_path / "run.stride", tmp_path / "truth.json"
    code, out, err = run(
        *("demo", "--ble", "--profile", profile, "--headless", "--seconds", "16", "--loss-pct", loss_pct),
        *("--out", target, "--truth", truth),
    )
    assert code == 0
    assert re.search(rf"virtual {profile}: stream(ing|ed) at 20", err)
    assert "firmware virtual 1.0" in err
    assert f"Session: {target}" in out
    true = json.loads(truth.read_text())
    recording = api.read(target)
    assert sum(b.gap_before for b in recording.blocks) == true["lost_samples"]
    assert bool(true["lost_samples"]) == bool(loss_pct)
    assert true["duration_s"] == pytest.approx(recording.duration_s, abs=0.2)
    times = np.array([s["ic_s"] for s in true["steps"] if s["activity"] == "running"])
    found = [s for s in api.analyze(recording).steps if s.activity is ActivityKind.RUNNING]
    assert len(found) > 15
    off = [np.abs(times - s.ic_s).min() for s in found]
    assert np.median(off) < 0.01
    assert run("verify", target)[0] == 0


def test_a_treadmill_and_a_belt_join_the_sensor(run: Run, tmp_path: Path) -> None:
    joined = ("--profile", "movesense", "--profile", "treadmill", "--profile", "heart_rate")
    target = tmp_path / "run.stride"
    code, _, err = run(
        *("demo", "--ble", *joined, "--headless", "--seconds", "16", "--speed-mps", "3.3", "--out", target)
    )
    assert code == 0
    assert "movesense, treadmill, heart_rate" in err
    markers = read_session(target).markers
    belt = [round(float(m.value), 2) if m.value else None for m in markers if m.kind == "speed"]
    assert belt == [None, 1.4, 3.3]  # it stands while the runner does
    said = [json.loads(m.value) for m in markers if m.kind == "context"]
    assert [s["incline_pct"] for s in said if "incline_pct" in s][-1] == 0.0
    assert [s["heart_rate_bpm"] for s in said if "heart_rate_bpm" in s][-1] == 152.0
    steps = [s for s in api.analyze(api.read(target)).steps if s.activity is ActivityKind.RUNNING]
    assert len(steps) > 10
    assert steps[-2].vgrf_peak_bw is not None


def test_what_joins_is_in_the_status() -> None:
    session = api.Session.simulate(
        Simulation(grade_pct=2.0, standing_s=2.0, walking_s=2.0),
        duration_s=8.0,
        realtime=False,
        sensor=["heart_rate", "treadmill", "open_packet"],
    )
    session.start()
    assert session.wait(100.0)
    session.stop()
    status = session.status()
    assert status.speed_mps == pytest.approx(2.8)
    assert (status.heart_rate_bpm, status.incline_pct) == (152.0, 2.0)
    assert (status.lost, status.detail) == (0, "")


def test_what_joins_alone_joins_the_usual_sensor(run: Run) -> None:
    code, _, err = run("demo", "--ble", "--profile", "heart_rate", "--headless", "--seconds", "9")
    assert code == 0
    assert "movesense, heart_rate" in err
    assert re.search(r"virtual movesense: stream(ing|ed) at 208 Hz, battery", err)


def test_the_same_seed_gives_the_same_run(run: Run, tmp_path: Path) -> None:
    demo = ("demo", "--ble", "--headless", "--seconds", "12", "--seed", "4", "--out", tmp_path / "demo.stride")
    first, again = run(*demo), run(*demo)
    assert first[0] == 0
    assert first[1] == again[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--profile", "movesense"), "Add it: --ble --profile movesense"),
        (("--ble", "--profile", "movesens"), "Did you mean 'movesense'?"),
        (("--ble", "--profile", "xsens_dot"), "can wear one of open_packet, movesense, polar_h10, witmotion_wt901ble"),
        (
            ("--ble", "--profile", "movesense", "--profile", "polar_h10"),
            "not movesense and polar_h10: it has a pelvis and no foot",
        ),
        (("--ble", "--profile", "treadmill", "--profile", "treadmill"), "treadmill was given twice"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_worn_is_said(run: Run, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = run("demo", "--headless", *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_without_the_stack_the_command_that_installs_it_is_said() -> None:
    code = "import sys; sys.modules['bumble'] = None; from imu.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "demo", "--ble", "--headless"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert 'pip install "stride-impact[virtual]"' in done.stderr
    assert "Traceback" not in done.stderr
