"""Summary and window: what they contain, which steps count, and the physical identities between their numbers."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu.constants import FILTER_VERSION
from imu.metrics.asymmetry import LATERAL_SENSOR, ONE_LEG_SENSOR, SIDE_UNKNOWN, Symmetry
from imu.metrics.summary import COMPARED, METRICS, summarise, window
from imu.settings import Settings
from imu.types import ActivityKind, Estimate, Place, Quality, Side, Step, StreamInfo

STREAM = StreamInfo(sampling_rate_hz=208.0)


def running(n: int, *, seed: int = 0, si_pct: float = 0.0, start: int = 0) -> list[Step]:
    """A steady runner: 166 steps per minute, left first."""
    rng = np.random.default_rng(seed)
    steps, t = [], 10.0
    for i in range(start, start + n):
        side = Side.LEFT if i % 2 == 0 else Side.RIGHT
        sign = 1 if side is Side.RIGHT else -1
        step_time = 0.36 + 0.004 * rng.standard_normal()
        contact = 0.24 + 0.005 * rng.standard_normal()
        steps.append(
            Step(
                index=i,
                activity=ActivityKind.RUNNING,
                side=side,
                side_confidence=0.98,
                ic_s=t,
                tc_s=t + contact,
                contact_time_s=contact,
                flight_time_s=step_time - contact,
                step_time_s=step_time,
                stride_time_s=2 * step_time,
                duty_factor=contact / (2 * step_time),
                load_peak_g=(2.6 + 0.1 * rng.standard_normal()) * (1 + sign * si_pct / 200),
                shock_peak_g=3.5 + 0.3 * rng.standard_normal(),
                vgrf_peak_bw=2.4 + 0.05 * rng.standard_normal(),
                impulse_bw_s=step_time,
                ic_latency_s=0.07,
                tc_latency_s=0.05,
                load_latency_s=0.09,
            )
        )
        t += step_time
    return steps


def summary(steps: list[Step], place: str = "sacrum", **settings: Any) -> dict[str, Any]:
    return summarise(steps, STREAM, Settings(place=Place(place), **settings))


def test_counts_means_and_method() -> None:
    steps = running(60)
    walking = [replace(s, activity=ActivityKind.WALKING, index=60 + i, load_peak_g=None) for i, s in enumerate(steps)]
    out = summary(steps + walking[:20])
    assert (out["n_steps"], out["n_running"], out["n_walking"]) == (80, 60, 20)
    assert out["load_peak_g"]["value"] == pytest.approx(np.mean([s.load_peak_g for s in steps]))
    assert out["load_peak_g"]["n"] == 60
    assert out["left"]["load_peak_g"]["n"] == out["right"]["load_peak_g"]["n"] == 30
    assert out["walking_step_time_s"]["n"] == 20
    assert out["side"] == {"left": 40, "right": 40, "unknown": 0, "mean_confidence": pytest.approx(0.98)}
    assert out["ic_latency_s"] == {"median": 0.07, "p95": 0.07, "max": 0.07, "n": 80}
    assert out["method"]["version"] == FILTER_VERSION
    assert out["method"]["load_peak_cutoff_hz"] == 10.0
    assert out["method"]["shock_peak_cutoff_hz"] == 50.0


def test_force_carries_its_model_and_its_interval() -> None:
    unknown, known = summary(running(5))["method"], summary(running(5), speed_mps=3.0)["method"]
    assert known["vgrf_peak_model"] == unknown["vgrf_peak_model"]
    assert known["vgrf_peak_model_half_width_95_bw"] < unknown["vgrf_peak_model_half_width_95_bw"]
    assert summary(running(5), "foot")["method"]["vgrf_peak_model"] is None


def test_cut_off_follows_a_slow_sensor() -> None:
    out = summarise(running(5), StreamInfo(sampling_rate_hz=100.0), Settings())
    assert out["method"]["shock_peak_cutoff_hz"] == pytest.approx(45.0)


def test_physical_identities() -> None:
    out = summary(running(80))
    assert out["cadence_spm"]["value"] == pytest.approx(60 / out["step_time_s"]["value"])
    assert out["mean_vertical_bw"]["value"] == pytest.approx(1.0)
    assert out["contact_time_s"]["value"] + out["flight_time_s"]["value"] == pytest.approx(
        out["step_time_s"]["value"], rel=1e-3
    )
    assert out["running_time_s"] == pytest.approx(80 * out["step_time_s"]["value"])
    relative = out["step_time_s"]["half_width_95"] / out["step_time_s"]["value"]
    assert out["cadence_spm"]["half_width_95"] == pytest.approx(relative * out["cadence_spm"]["value"])


def test_exchanging_the_sides_exchanges_everything() -> None:
    steps = running(60, si_pct=6.0)
    ours, theirs = summary(steps), summary([replace(s, side=s.side.other) for s in steps])
    assert theirs["left"] == ours["right"]
    for name in COMPARED:
        a, b = ours["symmetry_index_pct"][name], theirs["symmetry_index_pct"][name]
        assert b["value"] == pytest.approx(-a["value"])
        assert b["half_width_95"] == pytest.approx(a["half_width_95"])
    assert ours["symmetry_index_pct"]["load_peak_g"]["larger_than_error"] is True
    assert ours["symmetry_index_pct"]["load_peak_g"]["value"] > 0


@pytest.mark.parametrize("flag", [Quality.AFTER_GAP, Quality.FROZEN])
def test_steps_after_a_gap_count_but_do_not_enter_the_means(flag: Quality) -> None:
    steps = running(40)
    steps[10] = replace(steps[10], quality=flag, load_peak_g=9.0, contact_time_s=0.9)
    out = summary(steps)
    assert out["n_running"] == 40
    assert out["load_peak_g"]["n"] == out["contact_time_s"]["n"] == 39
    assert out["load_peak_g"]["value"] < 2.8
    assert out["quality"][flag.words()[0]] == 1


def test_a_saturated_step_keeps_its_times() -> None:
    steps = running(40)
    steps[10] = replace(steps[10], quality=Quality.SATURATED)
    out = summary(steps)
    assert out["load_peak_g"]["n"] == out["shock_peak_g"]["n"] == 39
    assert out["contact_time_s"]["n"] == 40


def test_a_missed_contact_does_not_change_the_cadence() -> None:
    steps = running(40)
    merged = replace(steps[10], step_time_s=0.72, flight_time_s=0.48, impulse_bw_s=0.72)
    out = summary([*steps[:10], merged, *steps[12:]])
    assert out["n_running"] == 39
    assert out["step_time_s"]["n"] == 38
    assert out["cadence_spm"]["value"] == pytest.approx(60 / 0.36, rel=0.01)
    assert out["load_peak_g"]["n"] == 39


def test_lateral_hip_gets_times_but_no_amplitudes_compared() -> None:
    out = summary(running(60), "hip")["symmetry_index_pct"]
    for name in ("load_peak_g", "shock_peak_g", "vgrf_peak_bw"):
        assert out[name]["value"] is None
        assert out[name]["larger_than_error"] is None
        assert out[name]["reason"] == LATERAL_SENSOR
        assert (out[name]["n_left"], out[name]["n_right"]) == (30, 30)
    assert out["step_time_s"]["value"] is not None


def test_foot_sensor_counts_strides() -> None:
    one_leg = [
        replace(s, side=Side.LEFT, step_time_s=None, flight_time_s=None, load_peak_g=None, impulse_bw_s=None)
        for s in running(40)
    ]
    out = summary(one_leg, "foot")
    assert out["step_time_s"]["value"] is None
    assert out["cadence_spm"]["value"] == pytest.approx(60 / 0.36, rel=0.01)
    assert {v["reason"] for v in out["symmetry_index_pct"].values()} == {ONE_LEG_SENSOR}


def test_unknown_sides_are_not_guessed() -> None:
    out = summary([replace(s, side=Side.UNKNOWN, side_confidence=0.0) for s in running(40)])
    assert out["side"] == {"left": 0, "right": 0, "unknown": 40, "mean_confidence": None}
    assert out["left"]["load_peak_g"] == {"value": None, "half_width_95": None, "n": 0}
    assert out["symmetry_index_pct"]["load_peak_g"]["reason"] == SIDE_UNKNOWN
    assert out["load_peak_g"]["n"] == 40


def test_tilt_widens_amplitudes_only() -> None:
    steps = running(60)
    level = summary(steps)["symmetry_index_pct"]
    tilted = summarise(steps, STREAM, Settings(), tilt_pct=3.0)["symmetry_index_pct"]
    assert tilted["load_peak_g"]["half_width_95"] == pytest.approx(level["load_peak_g"]["half_width_95"] + 3.0)
    assert tilted["contact_time_s"] == level["contact_time_s"]


numbers = st.one_of(st.none(), st.floats(0.05, 5.0))


@given(
    st.lists(
        st.builds(
            Step,
            index=st.integers(0, 10**6),
            activity=st.sampled_from([ActivityKind.RUNNING, ActivityKind.WALKING]),
            side=st.sampled_from(Side),
            side_confidence=st.floats(0.0, 1.0),
            ic_s=st.floats(0.0, 1e5),
            quality=st.sampled_from([Quality.OK, Quality.EDGE, Quality.AFTER_GAP, Quality(255)]),
            **dict.fromkeys((*METRICS, "impulse_bw_s", "tc_latency_s"), numbers),
        ),
        max_size=12,
    ),
    st.sampled_from([p.value for p in Place]),
)
def test_whatever_the_steps_the_summary_is_valid_json(steps: list[Step], place: str) -> None:
    out = summary(steps, place)
    assert json.loads(json.dumps(out, allow_nan=False)) == out
    assert out["n_steps"] == len(steps)
    shown = window(steps, place=Place(place))
    for value in shown.values():
        assert value.half_width is None or value.value is not None


def test_window_takes_the_newest_running_steps() -> None:
    old, new = running(150, seed=1), running(100, seed=2, start=150)
    stop = [replace(s, activity=ActivityKind.WALKING) for s in running(7, start=250)]
    out = window(old + new + stop, 100)
    alone = window(new, 100)
    assert out == alone
    assert out["load_peak_g"].n == 100  # type: ignore[union-attr]
    assert window(new, 30)["load_peak_g"].n == 30  # type: ignore[union-attr]


def test_window_agrees_with_the_summary_of_the_same_steps() -> None:
    steps = running(100)
    shown, whole = window(steps), summary(steps)
    for name in ("load_peak_g", "cadence_spm", "contact_time_s", "flight_time_s"):
        estimate = shown[name]
        assert isinstance(estimate, Estimate)
        assert estimate.as_dict() == whole[name]
    for name, full in (
        ("load_peak_symmetry_pct", "load_peak_g"),
        ("contact_time_symmetry_pct", "contact_time_s"),
        ("step_time_symmetry_pct", "step_time_s"),
    ):
        symmetry = shown[name]
        assert isinstance(symmetry, Symmetry)
        assert symmetry.as_dict() == whole["symmetry_index_pct"][full]
    assert shown["load_peak_left_g"].value == whole["left"]["load_peak_g"]["value"]


def test_window_forgets_the_sides_before_a_swap() -> None:
    steps = running(100, si_pct=8.0)
    swapped = [replace(s, side=s.side.other) if s.index < 50 else s for s in steps]
    out = window(swapped, sides_from=50)
    symmetry = out["load_peak_symmetry_pct"]
    assert isinstance(symmetry, Symmetry)
    assert (symmetry.n_left, symmetry.n_right) == (25, 25)
    assert symmetry.value == pytest.approx(8.0, abs=3.0)
    assert out["load_peak_g"].n == 100  # type: ignore[union-attr]


def test_nothing_yet() -> None:
    out = summary([])
    assert out["n_steps"] == 0
    assert out["duration_s"] == 0.0
    assert out["cadence_spm"] == {"value": None, "half_width_95": None, "n": 0}
    assert all(v.value is None for v in window([]).values())
    one = summary(running(1))
    assert one["load_peak_g"]["value"] is not None
    assert one["load_peak_g"]["half_width_95"] is None
    assert math.isfinite(one["cadence_spm"]["value"])
