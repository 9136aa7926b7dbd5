"""The feedback line, its fading, and the verdict on a cue."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from metrics_tools import run_of

from imu.errors import SettingsError
from imu.feedback.cue import SPEED_CHANGED, TOO_FEW_STEPS, CueBlock, Verdict, cue_test, steps_of
from imu.feedback.line import (
    FADE_SESSIONS,
    cadence_band,
    excess_g,
    gives_feedback,
    line_from_baseline,
    share_in_session,
    steps_in_line,
)
from imu.types import ActivityKind, Side

BLOCKS = (CueBlock(0.0, 60.0, 2.6), CueBlock(60.0, 120.0, 2.6), CueBlock(120.0, 180.0, 2.6))


def visit(rng: np.random.Generator, loads: tuple[float, float, float], drift_g: float = 0.0) -> list:
    steps = []
    for k, load in enumerate(loads):
        steps += run_of(rng, 60.0, start_s=60.0 * k, load_g=load + k * drift_g, drift_g=drift_g)
    return steps


def verdict(loads: tuple[float, float, float], seed: int = 1, **options: object) -> Verdict:
    return cue_test(visit(np.random.default_rng(seed), loads), *BLOCKS, **options).verdict  # type: ignore[arg-type]


def test_the_verdicts() -> None:
    assert verdict((2.9, 2.6, 2.9)) is Verdict.WORKS
    assert verdict((2.9, 2.9, 2.9)) is Verdict.NO_CLEAR_DIFFERENCE
    assert verdict((2.9, 2.6, 2.6)) is Verdict.DID_NOT_COME_BACK
    assert verdict((2.9, 2.6, 2.68)) is Verdict.DID_NOT_COME_BACK
    assert verdict((2.6, 2.9, 2.6)) is Verdict.OTHER_WAY
    assert verdict((2.6, 2.9, 2.6), lower_is_wanted=False) is Verdict.WORKS


def test_a_cue_without_effect_is_seldom_said_to_work_nor_is_a_drift() -> None:
    rng = np.random.default_rng(5)
    runs = 200
    found = [cue_test(visit(rng, (2.7, 2.7, 2.7)), *BLOCKS).verdict for _ in range(runs)]
    assert sum(v in {Verdict.WORKS, Verdict.OTHER_WAY} for v in found) <= 0.05 * runs
    assert sum(v is not Verdict.NO_CLEAR_DIFFERENCE for v in found) / runs <= 0.05 + 2 * math.sqrt(0.0475 / runs)
    tired = [cue_test(visit(rng, (2.7, 2.7, 2.7), drift_g=0.2), *BLOCKS).verdict for _ in range(30)]
    assert not {Verdict.WORKS, Verdict.OTHER_WAY} & set(tired)


def test_an_effect_of_eight_percent_is_found() -> None:
    rng = np.random.default_rng(6)
    found = [cue_test(visit(rng, (2.88, 2.65, 2.85)), *BLOCKS).verdict for _ in range(60)]
    assert sum(v is Verdict.WORKS for v in found) > 48


def test_the_first_fifteen_seconds_of_a_block_do_not_count() -> None:
    steps = visit(np.random.default_rng(1), (2.9, 2.6, 2.9))
    spoiled = [replace(s, load_peak_g=9.0) if s.ic_s % 60.0 < 14.9 else s for s in steps]
    assert cue_test(spoiled, *BLOCKS) == cue_test(steps, *BLOCKS)
    assert all(15.0 <= s.ic_s < 60.0 for s in steps_of(steps, BLOCKS[0]))


def test_one_speed_is_demanded_and_enough_steps() -> None:
    steps = visit(np.random.default_rng(1), (2.9, 2.6, 2.9))
    for speeds in ((2.6, 2.75, 2.6), (2.6, None, 2.6), (2.6, 2.66, 2.72)):
        blocks = [replace(b, speed_mps=v) for b, v in zip(BLOCKS, speeds, strict=True)]
        result = cue_test(steps, *blocks)
        assert (result.verdict, result.reason) == (Verdict.NOT_DECIDED, SPEED_CHANGED)
    unknown = cue_test(steps, *(replace(b, speed_mps=None) for b in BLOCKS))
    assert (unknown.verdict, unknown.speed_known) == (Verdict.WORKS, False)
    walked = [replace(s, activity=ActivityKind.WALKING) if s.ic_s > 130.0 else s for s in steps]
    result = cue_test(walked, *BLOCKS)
    assert (result.verdict, result.reason) == (Verdict.NOT_DECIDED, TOO_FEW_STEPS)
    with pytest.raises(KeyError):
        cue_test(steps, *BLOCKS, metric="nothing")


def test_the_line_takes_a_share_of_what_exceeds_standing() -> None:
    assert line_from_baseline(3.0, 0.5) == pytest.approx(2.0)
    assert line_from_baseline(3.0, 1.0) == pytest.approx(3.0)
    for baseline, share in ((3.0, 0.4), (3.0, 1.1), (1.0, 0.8), (math.nan, 0.8)):
        with pytest.raises(SettingsError) as error:
            line_from_baseline(baseline, share)
        assert error.value.hint


def test_steps_in_the_line() -> None:
    steps = run_of(np.random.default_rng(2), 40.0)
    steps = [replace(s, load_peak_g=3.2 if s.side is Side.LEFT and s.index >= 91 else 2.5) for s in steps]
    found = steps_in_line(steps, 2.9, last=20)
    assert (found.n_in, found.n) == (10, 20)
    assert (found.n_left_in, found.n_left, found.n_right_in, found.n_right) == (0, 10, 10, 10)
    assert found.inside[-1] is (steps[-1].side is Side.RIGHT)
    assert excess_g(steps[:50], 2.9) == 0.0
    assert excess_g([s for s in steps if s.side is Side.LEFT], 2.9) == pytest.approx(0.3)
    blind = [replace(s, load_peak_g=None) for s in steps]
    assert steps_in_line(blind, 2.9) == (0, 0, (), 0, 0, 0, 0)
    assert excess_g(blind, 2.9) is None


@given(st.integers(1, 20), st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]))
def test_faded_feedback_is_the_asked_share_and_the_same_for_both_legs(periods: int, share: float) -> None:
    on = [gives_feedback(i, share) for i in range(40 * periods)]
    assert sum(on) == round(share * 40 * periods)
    assert sum(on[::2]) == sum(on[1::2])


def test_the_plan_of_sessions() -> None:
    assert [share_in_session(k) for k in range(1, 10)] == [*FADE_SESSIONS, FADE_SESSIONS[-1]]
    assert share_in_session(3, (1.0, 0.5)) == 0.5
    for session, plan in ((0, FADE_SESSIONS), (1, ())):
        with pytest.raises(SettingsError):
            share_in_session(session, plan)


def test_cadence_band() -> None:
    low, high = cadence_band(160.0, 5.0, 2.0)
    assert (low, high) == (pytest.approx(164.64), pytest.approx(171.36))
