"""The peak-force model on the recordings: refitted without a condition, without a runner, and not refitted at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import fit_force
from imu.metrics.force import shipped_model
from imu.validate import runners

pytestmark = pytest.mark.needs_data
MODEL = shipped_model()


@pytest.fixture(scope="module")
def tables(stride_data: Path) -> tuple[fit_force.Table, fit_force.Table]:
    a = fit_force.collect(sorted((stride_data / "A_sacrum_grf_treadmill").glob("*.npz")), MODEL)
    j = fit_force.collect(sorted((stride_data / "J_virtual_sacrum_grf_LR").glob("*.npz")), MODEL)
    return a, j


def test_a_condition_left_out(tables: tuple[fit_force.Table, fit_force.Table]) -> None:
    a, _ = tables
    assert len(a.truth_bw) > 150
    constant = fit_force.left_out(np.ones((len(a.truth_bw), 1)), a.truth_bw, a.condition) - a.truth_bw
    assert fit_force.rmse(constant) > 0.14
    for speed, limit in ((True, 0.075), (False, 0.090)):
        x, y = a.design(speed=speed), a.target(speed=speed)
        assert fit_force.rmse(fit_force.left_out(x, y, a.condition) - y) < limit


def test_shipped_numbers_are_what_the_script_finds(tables: tuple[fit_force.Table, fit_force.Table]) -> None:
    a, _ = tables
    found = fit_force.solve(a.design(speed=True), a.target(speed=True))
    shipped = (MODEL.with_speed.per_bounce_bw_g, MODEL.with_speed.per_speed_bw_s_m)
    assert found == pytest.approx(shipped, abs=0.02)
    found = fit_force.solve(a.design(speed=False), a.target(speed=False))
    shipped = (MODEL.without_speed.per_bounce_bw_g, MODEL.without_speed.intercept_bw)
    assert found == pytest.approx(shipped, abs=0.04)


def test_another_runner_lies_within_the_stated_interval(tables: tuple[fit_force.Table, fit_force.Table]) -> None:
    _, j = tables
    k = MODEL.with_speed
    error = j.design(speed=True) @ [k.per_bounce_bw_g, k.per_speed_bw_s_m] - j.target(speed=True)
    assert fit_force.rmse(error) < 0.08
    assert np.abs(error).max() < k.half_width_95_bw


def test_37_runners_lie_within_the_stated_interval_95_times_in_100(stride_data: Path) -> None:
    table = runners.read_table(stride_data / "K_sacral_summary_37_runners" / "GRF_IMU_data.csv")
    assert table is not None
    for ratio in runners.LEVEL_RATIO:
        for speeds, k in ((table.speed_mps, MODEL.with_speed), ([None] * len(table.peak_bw), MODEL.without_speed)):
            bounces = [
                MODEL.bounce(ratio * peak, m, 1 / f)
                for peak, m, f in zip(table.sensor_peak_g, table.mean_g, table.step_hz, strict=True)
            ]
            estimates = [MODEL.estimate(b, b, v) for b, v in zip(bounces, speeds, strict=True)]
            assert None not in estimates
            inside = np.abs(np.array(estimates, dtype=float) - table.peak_bw) <= k.half_width_95_bw
            assert inside.mean() >= 0.90
