"""Two stretches compared: signs, units, decisions, and the rate of false ones."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from metrics_tools import run_of

from imu.metrics.baseline import BetweenSessions
from imu.metrics.compare import BETWEEN_UNKNOWN, TOO_FEW_STEPS, compare_steps, difference
from imu.metrics.intervals import Mean


def test_signs_units_and_json() -> None:
    rng = np.random.default_rng(1)
    found = compare_steps(run_of(rng, 60, load_g=2.9), run_of(rng, 60, load_g=2.6))
    load = found["load_peak_g"]
    assert load.change == pytest.approx(-0.3, abs=0.06)
    assert load.change_pct == pytest.approx(100 * load.change / load.first.value)
    assert load.half_width_pct == pytest.approx(100 * load.half_width / load.first.value)
    assert load.larger_than_error is True
    assert found["cadence_spm"].change == pytest.approx(0.0, abs=1e-9)
    assert found["cadence_spm"].larger_than_error is False
    assert found["vgrf_peak_bw"].reason == TOO_FEW_STEPS
    assert found["vgrf_peak_bw"].larger_than_error is None
    for one in found.values():
        assert json.loads(json.dumps(one.as_dict(), allow_nan=False)) == one.as_dict()


def test_exchanged_sets_change_the_sign() -> None:
    rng = np.random.default_rng(2)
    a, b = run_of(rng, 40), run_of(rng, 60, load_g=2.9)
    there, back = compare_steps(a, b)["load_peak_g"], compare_steps(b, a)["load_peak_g"]
    assert there.change == pytest.approx(-(back.change or math.nan))
    assert there.half_width == pytest.approx(back.half_width)


def test_two_like_stretches_are_seldom_called_different() -> None:
    rng = np.random.default_rng(3)
    runs = 300
    called = sum(
        bool(compare_steps(run_of(rng, 45), run_of(rng, 45))["load_peak_g"].larger_than_error) for _ in range(runs)
    )
    assert called / runs <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / runs)


def test_two_sessions_are_not_decided_without_their_usual_difference() -> None:
    rng = np.random.default_rng(4)
    a, b = run_of(rng, 60, load_g=2.9), run_of(rng, 60, load_g=2.6)
    blind = compare_steps(a, b, same_session=False)["load_peak_g"]
    assert (blind.larger_than_error, blind.reason) == (None, BETWEEN_UNKNOWN)
    wide = compare_steps(a, b, same_session=False, pooled={"load_peak_g": BetweenSessions(0.1, 20, 10, True)})
    assert wide["load_peak_g"].larger_than_error is False
    assert (wide["load_peak_g"].half_width_pct or 0.0) > 100 * 1.96 * math.sqrt(2) * 0.1
    assert wide["contact_time_s"].reason == BETWEEN_UNKNOWN


def test_interval_is_welchs() -> None:
    from scipy import stats

    a, b = Mean(2.0, 0.1, 5, 40), Mean(2.3, 0.05, 9, 60)
    variance = 0.1**2 + 0.05**2
    dof = math.floor(variance**2 / (0.1**4 / 5 + 0.05**4 / 9))
    assert difference(a, b).half_width == pytest.approx(stats.t.ppf(0.975, dof) * math.sqrt(variance), rel=2e-3)
    still = difference(Mean(1.0, 0.0, 5, 40), Mean(1.0, 0.0, 5, 40))
    assert (still.half_width, still.larger_than_error) == (0.0, False)
    assert difference(Mean(0.0, 0.1, 5, 40), b).change_pct is None
