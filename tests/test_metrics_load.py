"""Load of a session per leg: exact sums, and nothing compared that must not be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from metrics_tools import run_of

from imu.metrics.load import LegLoad, session_load
from imu.types import ActivityKind, Place, Quality, Side


def test_sums_per_leg() -> None:
    steps = run_of(np.random.default_rng(1), 40.0)
    found = session_load(steps)
    assert found.left is not None
    assert found.right is not None
    assert found.total.load_g == pytest.approx(sum(s.load_peak_g or 0.0 for s in steps))
    assert found.left.load_g == pytest.approx(sum(s.load_peak_g or 0.0 for s in steps if s.side is Side.LEFT))
    assert found.left.steps + found.right.steps == found.total.steps == len(steps)
    assert found.unknown == LegLoad(0, 0.0, 0)


def test_steps_without_a_peak_count_with_the_mean_of_their_leg() -> None:
    steps = [
        replace(s, load_peak_g=3.0 if s.side is Side.LEFT else 2.0) for s in run_of(np.random.default_rng(1), 36.0)
    ]
    steps[0] = replace(steps[0], load_peak_g=None)
    steps[1] = replace(steps[1], load_peak_g=9.0, quality=Quality.SATURATED)
    steps[2] = replace(steps[2], activity=ActivityKind.WALKING)
    found = session_load(steps)
    assert found.left == LegLoad(49, pytest.approx(147.0), 1)  # type: ignore[arg-type]
    assert found.right == LegLoad(50, pytest.approx(100.0), 1)  # type: ignore[arg-type]


def test_hip_gets_a_total_only_and_nothing_is_nothing() -> None:
    steps = run_of(np.random.default_rng(1), 20.0)
    assert session_load(steps, Place.HIP).left is None
    blind = [replace(s, load_peak_g=None, side=Side.UNKNOWN) for s in steps]
    found = session_load(blind)
    assert (found.unknown, found.left) == (LegLoad(len(steps), None, len(steps)), LegLoad(0, 0.0, 0))
    assert session_load([]).as_dict()["total"] == {"steps": 0, "load_g": 0.0, "filled": 0}
