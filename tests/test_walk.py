"""Walking contacts at the low back: against the slow twin, against known contacts, and however the stream is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_walk import walk_rows
from strategies import FEW, MODEST, cuts

from imu.constants import G_MPS2
from imu.events.walking import WalkDetector, WalkSettings, forward_error_deg
from imu.kernels import rows, walk
from imu.kernels.ring import ring_skip

COLUMNS = [
    walk.OUT_IC,
    walk.OUT_REPORT,
    walk.OUT_RISE,
    walk.OUT_AMPLITUDE,
    walk.OUT_LOW_G,
    walk.OUT_PEAK_G,
    walk.OUT_FORWARD_ML,
    walk.OUT_FORWARD_PA,
]


def walker(fs, seconds=12.0, step_s=0.55, *, start_s=2.0, stop_s=None, seed=1, noise=0.1):
    """Levelled walk with known contacts; (acc (n, 3) up, right, forward; contacts in s)."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * fs)) / fs
    stop = seconds - 1.0 if stop_s is None else stop_s
    contacts = np.arange(start_s, stop, step_s) + rng.uniform(-0.01, 0.01, len(np.arange(start_s, stop, step_s)))
    acc = np.zeros((len(t), 3))
    acc[:, 0] = G_MPS2
    for k, ic in enumerate(contacts):
        u = (t - ic) / step_s
        body = np.exp(-0.5 * ((u - 0.12) / 0.14) ** 2) - 0.9 * np.exp(-0.5 * ((u - 0.6) / 0.16) ** 2)
        impact = np.exp(-0.5 * ((t - ic - 0.02) / 0.012) ** 2)
        acc[:, 0] += 3.0 * body + 2.0 * impact
        acc[:, 1] += (1.0 if k % 2 else -1.0) * 0.8 * np.exp(-0.5 * ((u - 0.4) / 0.25) ** 2)
        acc[:, 2] += -2.0 * np.exp(-0.5 * ((u - 0.18) / 0.1) ** 2) + 1.5 * np.exp(-0.5 * ((u + 0.2) / 0.15) ** 2)
    return acc + rng.normal(0.0, noise, acc.shape), contacts


def run(acc, fs, pieces=None, *, first=0, capacity_s=6.0, drop=False, settings=None, **options):
    """Push a recording through a ring, cut into pieces; returns the rows."""
    n = len(acc)
    capacity = int(capacity_s * fs)
    sig = np.full((rows.N_ROWS, 2 * capacity), np.nan)
    detector = WalkDetector(fs, settings, **options)
    out = []
    for a, b in pieces or [(0, n)]:
        for c in range(a, b, capacity // 2):
            d = min(b, c + capacity // 2)
            block = acc[c:d]
            if drop and len(block) and np.isnan(block[:, 0]).all():
                ring_skip(sig, first + c, d - c)
                continue
            for k in range(c, d):
                for column in (
                    (first + k) % capacity,
                    (first + k) % capacity + capacity,
                ):
                    sig[:3, column] = acc[k]
            out.append(detector.push(sig, first + c, d - c))
    return np.concatenate(out) if out else np.empty((0, walk.N_OUT))


def assert_equals_twin(acc, fs, *, forward_known=True):
    fast = run(acc, fs, forward_known=forward_known)
    slow = walk_rows(acc, fs, forward_known=forward_known)
    assert len(fast) == len(slow)
    np.testing.assert_allclose(fast[:, COLUMNS], slow, rtol=1e-6, atol=1e-5)
    assert np.isnan(fast[:, walk.OUT_TC]).all()
    return fast


def turned(acc, angle):
    c, s = np.cos(angle), np.sin(angle)
    return np.column_stack([acc[:, 0], c * acc[:, 1] - s * acc[:, 2], s * acc[:, 1] + c * acc[:, 2]])


@pytest.mark.parametrize("fs", [50.0, 100.0, 204.8, 512.0])
@pytest.mark.parametrize("forward_known", [True, False])
def test_equals_the_slow_twin_on_walking(fs, forward_known):
    acc, contacts = walker(fs)
    assert len(assert_equals_twin(acc, fs, forward_known=forward_known)) > 0.8 * len(contacts)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda a: np.where(np.arange(len(a))[:, None] % 97 < 5, np.nan, a),  # short losses
        lambda a: np.where(np.arange(len(a))[:, None] % 397 < 40, np.nan, a),  # long losses
        lambda a: np.clip(a, -3.0, 11.0),  # saturated
        lambda a: np.column_stack([a[:, 0], a[:, 1], np.full(len(a), np.nan)]),  # forward not measured
        lambda a: np.column_stack([a[:, 0], np.full(len(a), np.nan), a[:, 2]]),  # sideways not measured
        lambda a: np.random.default_rng(3).normal(G_MPS2, 4.0, a.shape),  # noise
        lambda a: np.full_like(a, G_MPS2),  # constant
        lambda a: np.full_like(a, np.nan),  # nothing
        lambda a: a[:7],
        lambda a: a[:1],
        lambda a: a[:0],
    ],
    ids=["short", "long", "clipped", "no-pa", "no-ml", "noise", "constant", "nan", "seven", "one", "empty"],
)
@pytest.mark.parametrize("forward_known", [True, False])
def test_equals_the_slow_twin_on_bad_input(spoil, forward_known):
    acc, _ = walker(100.0)
    assert_equals_twin(spoil(acc), 100.0, forward_known=forward_known)


@MODEST
@given(data=st.data(), seed=st.integers(0, 20), forward_known=st.booleans(), first=st.sampled_from([0, 1, 12_345]))
def test_any_cut_gives_the_same_bits(data, seed, forward_known, first):
    acc, _ = walker(100.0, seconds=7.0, seed=seed)
    for start in data.draw(st.lists(st.integers(0, 690), max_size=4)):
        acc[start : start + data.draw(st.integers(1, 40))] = np.nan
    whole = run(acc, 100.0, first=first, forward_known=forward_known)
    pieces = data.draw(cuts(len(acc)))
    cut = run(acc, 100.0, pieces, first=first, forward_known=forward_known, drop=data.draw(st.booleans()))
    assert cut.tobytes() == whole.tobytes()


def test_small_ring_is_enough():
    acc, _ = walker(100.0, seconds=40.0)
    small = run(acc, 100.0, [(k, min(len(acc), k + 10)) for k in range(0, len(acc), 10)], capacity_s=4.0)
    assert small.tobytes() == run(acc, 100.0, capacity_s=100.0).tobytes()


@pytest.mark.parametrize("fs", [50.0, 64.0, 100.0, 200.0, 400.0, 512.0])
@pytest.mark.parametrize("step_s", [0.42, 0.55, 0.75])
def test_contacts_are_where_they_are_at_any_rate_and_pace(fs, step_s):
    acc, contacts = walker(fs, seconds=20.0, step_s=step_s)
    found = run(acc, fs)[:, walk.OUT_IC] / fs
    assert abs(len(found) - len(contacts)) <= 1
    off = np.array([found[np.abs(found - c).argmin()] - c for c in contacts[1:-1]])
    assert np.abs(off).max() < 0.04
    assert np.std(off) < 0.01


def test_rates_agree():
    times = {}
    for fs in (100.0, 200.0, 400.0):
        acc, _ = walker(fs, noise=0.0)
        times[fs] = run(acc, fs)[:, walk.OUT_IC] / fs
    for fs in (200.0, 400.0):
        assert len(times[fs]) == len(times[100.0])
        assert np.abs(times[fs] - times[100.0]).max() < 0.006


def test_forward_is_learnt_whatever_the_sensor_is_turned():
    acc, contacts = walker(100.0, seconds=20.0)
    known = run(acc, 100.0)
    for angle in (0.0, 1.0, 2.5, -2.0):
        found = run(turned(acc, angle), 100.0, forward_known=False)
        assert len(found) == len(contacts)
        late = found[8:]
        assert np.abs(late[:, walk.OUT_IC] - known[8:, walk.OUT_IC]).max() < 1.0  # one sample
        # forward, seen in the turned axes
        np.testing.assert_allclose(late[-1, walk.OUT_FORWARD_ML], -np.sin(angle), atol=0.15)
        np.testing.assert_allclose(late[-1, walk.OUT_FORWARD_PA], np.cos(angle), atol=0.15)


def test_reports_come_after_contacts_and_soon():
    acc, _ = walker(100.0, seconds=30.0)
    found = run(acc, 100.0)
    latency = (found[:, walk.OUT_REPORT] - found[:, walk.OUT_IC]) / 100.0
    assert (latency > 0.0).all()
    assert np.percentile(latency, 95) < 0.5
    assert (np.diff(found[:, walk.OUT_IC]) >= 0.28 * 100.0).all()


@FEW
@given(seed=st.integers(0, 1000), fs=st.sampled_from([50.0, 100.0, 200.0]), tilt=st.floats(-0.05, 0.05))
def test_standing_has_no_steps(seed, fs, tilt):
    rng = np.random.default_rng(seed)
    t = np.arange(int(20 * fs)) / fs
    acc = rng.normal(0.0, 0.2, (len(t), 3))
    acc[:, 0] += G_MPS2 * (1.0 + tilt) + 0.1 * np.sin(2 * np.pi * 0.4 * t)
    assert len(run(acc, fs)) == 0


@FEW
@given(at=st.integers(300, 900), lost=st.integers(16, 120))
def test_a_gap_is_never_a_step(at, lost):
    acc, contacts = walker(100.0)
    acc[at : at + lost] = np.nan
    found = run(acc, 100.0)
    assert not ((found[:, walk.OUT_IC] >= at) & (found[:, walk.OUT_IC] < at + lost)).any()
    before = run(acc[:at], 100.0)
    assert found[: len(before)].tobytes() == before.tobytes()
    assert len(found) <= len(contacts)


@FEW
@given(at=st.integers(300, 900), lost=st.integers(1, 5))
def test_a_short_loss_costs_no_step(at, lost):
    acc, _ = walker(100.0)
    whole = run(acc, 100.0)
    acc[at : at + lost] = np.nan
    assert len(run(acc, 100.0)) == len(whole)


def test_running_does_not_teach_forward():
    # about mid-stance a runner's horizontal acceleration turns from braking to push-off
    fs = 100.0
    t = np.arange(int(20 * fs)) / fs
    phase = 2 * np.pi * 2.8 * t
    acc = np.column_stack([G_MPS2 * (1.0 - 1.2 * np.cos(phase)), 0.0 * t, -3.0 * np.sin(phase)])
    found = run(acc, fs, forward_known=False)
    assert len(found) > 40
    assert (found[:, walk.OUT_LOW_G] < WalkSettings().flight_g).all()
    assert np.isnan(found[:, walk.OUT_FORWARD_PA]).all()


def test_reset_forgets():
    acc, _ = walker(100.0)
    n = len(acc)
    sig = np.full((rows.N_ROWS, 2 * n), np.nan)
    sig[:3, :n] = sig[:3, n:] = acc.T
    detector = WalkDetector(100.0, forward_known=False)
    once = detector.push(sig, 0, n)
    detector.reset()
    assert detector.push(sig, 0, n).tobytes() == once.tobytes()


@pytest.mark.parametrize(("angle", "wanted"), [(0.0, 0.0), (np.pi, 180.0), (np.pi / 2, 90.0), (-0.5, 28.6)])
def test_a_walk_shows_how_the_sensor_is_turned(angle, wanted):
    acc, _ = walker(100.0, seconds=20.0)
    acc = turned(acc, angle)
    n = len(acc)
    sig = np.full((rows.N_ROWS, 2 * n), np.nan)
    sig[:3, :n] = sig[:3, n:] = acc.T
    detector = WalkDetector(100.0)
    assert forward_error_deg(detector.fstate) is None
    detector.push(sig, 0, n)
    assert abs(forward_error_deg(detector.fstate) - wanted) < 10.0
