"""Left and right: votes against their slow twin, alternation, anchors, pauses, and never a silent swap."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import MODEST

from imu.events.laterality import RUNNING_VOTES, WALKING_VOTES, SideSettings, SideTracker
from imu.kernels import rows
from imu.kernels.laterality import side_features
from imu.types import ActivityKind, Side

WALKING, RUNNING = ActivityKind.WALKING, ActivityKind.RUNNING
NOTHING = np.full(3, np.nan)
VOTES = {WALKING: WALKING_VOTES, RUNNING: RUNNING_VOTES}


def votes(side: Side, activity=WALKING, *, strength=1.5, noise=0.0, rng=None, missing=()):
    """Features as most people have them at a contact of this side."""
    sign = 1.0 if side is Side.RIGHT else -1.0
    x = np.array([sign * strength * v.effect * v.spread for v in VOTES[activity]])
    if noise:
        x += rng.normal(0.0, noise, 3) * [v.spread for v in VOTES[activity]]
    x[list(missing)] = np.nan
    return x


def sides(n, first=Side.LEFT):
    return [first if k % 2 == 0 else first.other for k in range(n)]


def walk(tracker, truth, times, activity=WALKING, **kwargs):
    return [tracker.push(t, votes(s, activity, **kwargs), activity) for s, t in zip(truth, times, strict=True)]


def wrong(decisions, truth):
    return sum(d.side not in (Side.UNKNOWN, s) for d, s in zip(decisions, truth, strict=True))


# -- the kernel ------------------------------------------------------------------------------------------------------


def slow_features(sig, ic, end, forward, votes_, fs):
    """Slice, keep the numbers, mean; None of it clever."""
    capacity = sig.shape[1] // 2
    out = []
    for v in votes_:
        means = []
        for a, b in (v.plus, v.minus):
            first, stop = math.floor(ic + a * fs + 0.5), math.floor(ic + b * fs + 0.5)
            values = []
            for k in range(first, stop):
                if not max(0, end - capacity) <= k < end:
                    continue
                column = sig[:, k % capacity]
                f_ml, f_pa = forward
                value = column[v.row]
                if v.row == rows.ML:
                    value = f_pa * column[rows.ML] - f_ml * column[rows.PA] if forward != (0.0, 1.0) else value
                if v.row == rows.GYR_PA:
                    value = f_ml * column[rows.GYR_ML] + f_pa * column[rows.GYR_PA] if forward != (0.0, 1.0) else value
                if np.isfinite(value):
                    values.append(value)
            means.append(np.mean(values) if values and 2 * len(values) >= stop - first else np.nan)
        out.append(means[0] - means[1])
    return np.array(out)


@MODEST
@given(
    data=st.data(),
    fs=st.sampled_from([50.0, 100.0, 204.8, 512.0]),
    activity=st.sampled_from([WALKING, RUNNING]),
    angle=st.one_of(st.none(), st.floats(-3.0, 3.0)),
)
def test_features_equal_slow_means(data, fs, activity, angle):
    seed = data.draw(st.integers(0, 100))
    rng = np.random.default_rng(seed)
    capacity = int(4 * fs)
    end = data.draw(st.integers(0, 3 * capacity))
    sig = np.full((rows.N_ROWS, 2 * capacity), np.nan)
    for k in range(max(0, end - capacity), end):
        column = rng.normal(0.0, 5.0, rows.N_ROWS) if rng.uniform() > 0.2 else np.full(rows.N_ROWS, np.nan)
        sig[:, k % capacity] = sig[:, k % capacity + capacity] = column
    ic = end - data.draw(st.floats(-0.5, 5.0)) * fs
    forward = (0.0, 1.0) if angle is None else (math.sin(angle), math.cos(angle))
    got = SideTracker(fs).features(sig, ic, end, activity, forward)
    np.testing.assert_allclose(got, slow_features(sig, ic, end, forward, VOTES[activity], fs), rtol=1e-9, atol=1e-9)


def test_features_do_not_need_what_comes_later():
    rng = np.random.default_rng(0)
    sig = rng.normal(size=(rows.N_ROWS, 800))
    sig[:, 400:] = sig[:, :400]
    tracker = SideTracker(100.0)
    before = tracker.features(sig, 250.0, 270, WALKING)
    sig[:, 270:400] = sig[:, 670:] = 99.0
    np.testing.assert_array_equal(tracker.features(sig, 250.0, 270, WALKING), before)


def test_unknown_forward_leaves_only_the_yaw_rate():
    sig = np.ones((rows.N_ROWS, 800))
    got = SideTracker(100.0).features(sig, 200.0, 300, WALKING, (math.nan, math.nan))
    assert np.isnan(got[:2]).all()
    assert got[2] == 0.0


def test_empty_table_is_fine():
    out = np.empty(0)
    side_features(np.ones((rows.N_ROWS, 20)), 5.0, 10, 0.0, 1.0, np.empty((0, 5)), out)


# -- the belief ------------------------------------------------------------------------------------------------------


class SlowBelief:
    """Every case written out: side, then the meaning of each vote of both activities."""

    def __init__(self, settings):
        self.s = settings
        self.cases = {}
        votes_ = [*WALKING_VOTES, *RUNNING_VOTES]
        for side in (-1, 1):
            for meanings in itertools.product((1, -1), repeat=6):
                p = 0.0
                for share, turn in ((1 - settings.reversed_share, 1), (settings.reversed_share, -1)):
                    q = 0.5 * share
                    for v, m in zip(votes_, meanings, strict=True):
                        usual = 1 if v.row == rows.GYR_IS else turn
                        q *= 1 / (1 + math.exp(-v.trust * usual * m))
                    p += q
                self.cases[side, meanings] = p
        self.middle = [0.0] * 6
        self.variance = [v.spread**2 for v in votes_]
        self.effect = [v.effect for v in votes_]
        self.seen = [settings.prior_steps] * 6
        self.weight = [settings.prior_steps] * 6

    def move(self, swap, slip):
        chance = slip if swap else 1 - slip
        self.cases = {
            (side, m): chance * p + (1 - chance) * self.cases[-side, m] for (side, m), p in self.cases.items()
        }

    def step(self, features, activity, anchor=0):
        s = self.s
        offset = 0 if activity is WALKING else 3
        if anchor:
            self.cases = {c: p * (1 - s.slip if c[0] == anchor else s.slip) for c, p in self.cases.items()}
        z = {
            k + offset: (x - self.middle[k + offset]) / math.sqrt(self.variance[k + offset])
            for k, x in enumerate(features)
            if not math.isnan(x)
        }
        odds = {k: np.clip(2 * s.caution * self.effect[k] * v, -s.vote_limit, s.vote_limit) for k, v in z.items()}
        for case in self.cases:
            side, m = case
            self.cases[case] *= math.exp(0.5 * side * sum(m[k] * v for k, v in odds.items()))
        for floor in (1e-9, 0.0):
            total = sum(self.cases.values())
            self.cases = {c: max(p / total, floor) for c, p in self.cases.items()}
        right = sum(p for (side, _), p in self.cases.items() if side == 1)
        for k, v in z.items():
            lean = sum(p * side * m[k] for (side, m), p in self.cases.items())
            x = features[k - offset]
            self.weight[k] += abs(lean)
            self.effect[k] = max(0.0, self.effect[k] + (lean * v - abs(lean) * self.effect[k]) / self.weight[k])
            self.seen[k] += 1
            self.middle[k] += (x - self.middle[k]) / min(self.seen[k], s.middle_steps)
            off = (x - self.middle[k]) ** 2 - self.variance[k]
            self.variance[k] += off / min(self.seen[k], s.spread_steps)
        return right


@MODEST
@given(data=st.data(), seed=st.integers(0, 1000))
def test_belief_equals_all_cases_written_out(data, seed):
    rng = np.random.default_rng(seed)
    tracker, slow = SideTracker(100.0), SlowBelief(SideSettings())
    usual = 0.5
    for k in range(data.draw(st.integers(1, 25))):
        activity = data.draw(st.sampled_from([WALKING, RUNNING]))
        kind = data.draw(st.sampled_from(["usual", "wild", "none", "some"]))
        spreads = np.array([v.spread for v in VOTES[activity]])
        x = rng.normal(0.0, 1.0, 3) * spreads
        if kind == "wild":
            x = x * 1e4
        elif kind == "none":
            x = NOTHING.copy()
        elif kind == "some":
            x[rng.integers(3)] = np.nan
        anchor = data.draw(st.sampled_from([0, 0, 0, -1, 1]))
        if k:
            slow.move(True, SideSettings().slip)
        if anchor:
            tracker.anchor(Side.RIGHT if anchor > 0 else Side.LEFT)
        right = slow.step(x, activity, anchor)
        decision = tracker.push(usual * k, x, activity)
        assert math.isclose(decision.confidence, max(right, 1 - right), abs_tol=1e-6)
        if decision.side is not Side.UNKNOWN:
            assert (decision.side is Side.RIGHT) == (right > 0.5)


@pytest.mark.compiled
def test_belief_stays_a_probability_through_extremes():
    tracker = SideTracker(100.0)
    for k in range(3000):
        x = votes(Side.RIGHT if k % 2 else Side.LEFT, strength=1e3)
        decision = tracker.push(0.5 * k, x, WALKING)
        assert 0.5 <= decision.confidence <= 1.0


# -- the tracker -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activity", [WALKING, RUNNING])
@pytest.mark.parametrize("first", [Side.LEFT, Side.RIGHT])
def test_usual_votes_give_the_side_within_a_few_steps(activity, first):
    truth = sides(40, first)
    found = walk(SideTracker(100.0), truth, np.arange(40) * 0.5, activity)
    assert wrong(found, truth) == 0
    assert all(d.side is not Side.UNKNOWN for d in found[4:])
    assert all(0.5 <= d.confidence <= 1.0 for d in found)


def test_without_votes_and_anchor_every_side_is_unknown():
    tracker = SideTracker(100.0)
    for k in range(50):
        decision = tracker.push(0.5 * k, NOTHING, RUNNING)
        assert decision.side is Side.UNKNOWN
        assert math.isclose(decision.confidence, 0.5, abs_tol=1e-9)
        assert not decision.against_vote


@pytest.mark.parametrize("missing", [(0, 1), (0, 2)])
def test_a_vote_that_differs_between_people_is_never_enough_alone(missing):
    truth = sides(200)
    found = walk(SideTracker(100.0), truth, np.arange(200) * 0.4, RUNNING, missing=missing)
    assert all(d.side is Side.UNKNOWN for d in found)


def test_anchor_and_alternation_suffice_for_hundreds_of_steps():
    tracker = SideTracker(100.0)
    tracker.anchor(Side.RIGHT)
    rng = np.random.default_rng(0)
    times = np.cumsum(0.36 + rng.normal(0.0, 0.008, 300))
    found = [tracker.push(float(t), NOTHING, RUNNING) for t in times]
    assert [d.side for d in found] == sides(300, Side.RIGHT)


@pytest.mark.compiled
@MODEST
@given(data=st.data(), seed=st.integers(0, 100))
def test_missed_steps_do_not_swap_after_an_anchor(data, seed):
    rng = np.random.default_rng(seed)
    truth = np.array(sides(80))
    times = np.cumsum(0.36 + rng.normal(0.0, 0.006, 80))
    lost = data.draw(st.sets(st.integers(8, 79), max_size=8))
    lost = {k for k in lost if k - 1 not in lost}
    tracker = SideTracker(100.0)
    tracker.anchor(Side.LEFT)
    kept = [k for k in range(80) if k not in lost]
    found = [tracker.push(float(times[k]), NOTHING, RUNNING) for k in kept]
    assert wrong(found, truth[kept].tolist()) == 0


@pytest.mark.parametrize("step_s", [0.32, 0.37, 0.43])
def test_a_contact_missed_right_at_the_start_is_not_taken_for_a_slow_step(step_s):
    truth = sides(40)
    times = np.arange(40) * step_s
    kept = [k for k in range(40) if k != 1]
    told = SideTracker(100.0)
    told.anchor(truth[0])
    found = [told.push(float(times[k]), NOTHING, RUNNING) for k in kept]
    assert wrong(found, [truth[k] for k in kept]) == 0
    voted = [SideTracker(100.0) for _ in range(2)]
    whole = [voted[0].push(float(times[k]), votes(truth[k]), RUNNING).confidence for k in range(40)]
    short = [voted[1].push(float(times[k]), votes(truth[k]), RUNNING).confidence for k in kept]
    assert short[-1] > whole[-1] - 0.02  # the votes of the first step are not held against the others


@pytest.mark.compiled
@MODEST
@given(at=st.integers(8, 60), early=st.floats(0.25, 0.45), seed=st.integers(0, 50))
def test_an_extra_contact_does_not_swap_what_follows(at, early, seed):
    rng = np.random.default_rng(seed)
    truth = sides(80)
    times = np.cumsum(0.5 + rng.normal(0.0, 0.01, 80))
    tracker = SideTracker(100.0)
    tracker.anchor(Side.LEFT)
    found = []
    for k, t in enumerate(times):
        found.append(tracker.push(float(t), votes(truth[k], noise=0.5, rng=rng), WALKING))
        if k == at:
            tracker.push(float(t + early * 0.5), NOTHING, WALKING)
    assert wrong(found[at + 6 :], truth[at + 6 :]) == 0
    assert all(d.side is not Side.UNKNOWN for d in found[at + 12 :])


def test_an_anchor_beats_a_sensor_worn_the_wrong_way_round():
    truth = sides(200)
    tracker = SideTracker(100.0)
    tracker.anchor(Side.LEFT)
    reversed_ = [tracker.push(0.5 * k, -votes(s), WALKING) for k, s in enumerate(truth)]
    assert [d.side for d in reversed_] == truth
    # and what it learnt holds after a stop
    tracker.reset("stop")
    after = [tracker.push(200.0 + 0.5 * k, -votes(s), WALKING) for k, s in enumerate(truth)]
    assert wrong(after, truth) == 0
    assert all(d.side is not Side.UNKNOWN for d in after[5:])


def test_a_pause_opens_the_question_again():
    tracker = SideTracker(100.0)
    tracker.anchor(Side.LEFT)
    for k in range(20):
        tracker.push(0.5 * k, NOTHING, WALKING)
    assert tracker.push(9.5 + 2.0, NOTHING, WALKING).side is Side.UNKNOWN
    assert math.isclose(tracker.push(9.5 + 2.5, NOTHING, WALKING).confidence, 0.5, abs_tol=1e-9)


def test_a_pause_before_the_first_interval_does_not_stop_the_alternation():
    truth = sides(30)
    tracker = SideTracker(100.0)
    times = np.concatenate([[0.0], 5.0 + 0.4 * np.arange(29)])
    found = walk(tracker, truth, times, RUNNING)
    assert wrong(found, truth) == 0
    assert all(d.side is not Side.UNKNOWN for d in found[6:])


def test_a_single_contrary_vote_is_overruled_and_marked():
    truth = sides(30)
    tracker = SideTracker(100.0)
    found = [
        tracker.push(0.5 * k, votes(s.other if k == 20 else s, strength=1.0), WALKING) for k, s in enumerate(truth)
    ]
    assert found[20].side is truth[20]
    assert found[20].against_vote
    assert not any(d.against_vote for d in [*found[5:20], *found[21:]])


@pytest.mark.compiled
@MODEST
@given(seed=st.integers(0, 1000), activity=st.sampled_from([WALKING, RUNNING]), noise=st.floats(0.0, 1.5))
def test_noisy_votes_are_seldom_wrong_with_confidence(seed, activity, noise):
    rng = np.random.default_rng(seed)
    truth = sides(150, Side.RIGHT if seed % 2 else Side.LEFT)
    found = walk(SideTracker(100.0), truth, np.arange(150) * 0.45, activity, strength=1.0, noise=noise, rng=rng)
    assert wrong(found, truth) <= 15
    assert wrong(found[-30:], truth[-30:]) == 0


def test_settings_rule_the_threshold():
    truth = sides(12)
    usual = walk(SideTracker(100.0), truth, np.arange(12) * 0.5, strength=0.4)
    strict = walk(SideTracker(100.0, SideSettings(unknown_below=0.999)), truth, np.arange(12) * 0.5, strength=0.4)
    unknown = [sum(d.side is Side.UNKNOWN for d in found) for found in (usual, strict)]
    assert unknown[0] < unknown[1]
