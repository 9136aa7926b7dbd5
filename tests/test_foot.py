"""The foot and shank detector against its slow twin, over cuts, faults and edge cases."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_foot import NaiveFoot

from imu.events.foot import FOOT, SHANK, FootParameters
from imu.kernels import foot, rows
from imu.kernels import foot_slots as slots
from imu.kernels.ring import ring_mirror, ring_skip

G = 9.80665


def legs(
    fs: float, duration_s: float, *, stride_s: float = 0.72, contact: float = 0.38, gyro: bool = True, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Levelled signals of a leg that runs: swing, shock at contact, push-off; and the contacts, in samples."""
    rng = np.random.default_rng(seed)
    n = round(duration_s * fs)
    t = np.arange(n) / fs
    sig = np.full((rows.N_ROWS, n), np.nan)
    ics = np.arange(0.6, duration_s, stride_s)
    axial, flat, rate = np.full(n, 4.0), np.full(n, 8.0), np.full(n, 300.0)
    for ic in ics:
        x = t - ic
        stance = (x >= 0) & (x < contact * stride_s)
        axial[stance] += 26.0 * np.sin(np.pi * x[stance] / (contact * stride_s))
        rate[stance] = 60.0
        ring = np.where(x >= 0, np.exp(-np.maximum(x, 0) / 0.03) * np.sin(2 * np.pi * 22 * x), 0.0)
        axial += 60.0 * ring
        flat += 25.0 * np.exp(-0.5 * ((x + 0.15) / 0.08) ** 2)
        rate += 400.0 * np.exp(-0.5 * ((x - contact * stride_s) / 0.04) ** 2)
    sig[rows.IS] = axial + 0.3 * rng.standard_normal(n)
    sig[rows.ML] = 0.3 * rng.standard_normal(n)
    sig[rows.PA] = flat + 0.3 * rng.standard_normal(n)
    if gyro:
        sig[rows.GYR_IS : rows.GYR_PA + 1] = rate * np.array([[0.1], [0.99], [0.1]])
    sig[rows.FAULT] = 0.0
    sig[rows.RESULTANT] = np.sqrt((sig[:3] ** 2).sum(axis=0))
    return sig, ics * fs


def detect(
    sig: np.ndarray,
    fs: float,
    par: FootParameters,
    cuts: list[int] | None = None,
    head: int = 0,
    gaps: list[tuple[int, int]] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Run the kernel block by block through a ring of 5 s, with gaps; indices relative to the first sample."""
    n, capacity = sig.shape[1], int(5 * fs)
    ring = np.full((rows.N_ROWS, 2 * capacity), np.nan)
    holes = dict(gaps or [])
    params = par.pack(fs)
    fstate, istate = np.full(foot.N_FSTATE, 7.0), np.full(foot.N_ISTATE, 7, np.int64)
    foot.reset(fstate, istate)
    inner = {c for c in cuts or [] if 0 <= c <= n} | set(range(0, n, int(2 * fs)))
    inner -= {c for a, b in holes.items() for c in range(a + 1, b)}
    edges = sorted({0, n, *inner, *holes.keys(), *holes.values()})
    found, early = [], []
    for a, b in itertools.pairwise(edges):
        if a in holes:
            out = np.zeros((1, foot.N_ROW))
            count = foot.foot_gap(ring, head + a, b - a, params, fstate, istate, out)
            found.append(out[:count])
            ring_skip(ring, head + a, b - a)
            continue
        start = (head + a) % capacity
        columns = np.arange(start, start + b - a)
        ring[:, columns] = sig[:, a:b]
        ring_mirror(ring, head + a, b - a)
        m = int((b - a) / (0.2 * fs)) + 2
        out, first = np.zeros((m, foot.N_ROW)), np.zeros((4 * m, 2))
        count, n_early = foot.foot_events(ring, head + a, b - a, fs, params, fstate, istate, out, first)
        found.append(out[:count].copy())
        early.append(first[:n_early].copy())
    last = np.zeros((1, foot.N_ROW))
    if foot.foot_flush(ring, head + n, params, fstate, istate, last):
        found.append(last)
    rows_found = np.concatenate([*found, np.zeros((0, foot.N_ROW))])
    early_found = np.concatenate([*early, np.zeros((0, 2))])
    rows_found[:, [foot.R_IC, foot.R_TC, foot.R_PEAK_AT, foot.R_REPORT, foot.R_IC_REPORT]] -= head
    return rows_found, early_found - head


def twin(
    sig: np.ndarray, fs: float, par: FootParameters, gaps: list[tuple[int, int]] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    naive = NaiveFoot(par, fs, sig, gaps).run().flush()
    return np.array(naive.rows).reshape(-1, foot.N_ROW), np.array(naive.early).reshape(-1, 2)


def assert_equals_twin(
    sig: np.ndarray, fs: float, par: FootParameters, gaps: list[tuple[int, int]] | None = None
) -> np.ndarray:
    found, early = detect(sig, fs, par, gaps=gaps)
    slow, slow_early = twin(sig, fs, par, gaps)
    np.testing.assert_allclose(found, slow, rtol=1e-9, atol=1e-7)
    np.testing.assert_allclose(early, slow_early, rtol=1e-9, atol=1e-7)
    return found


@pytest.mark.parametrize("par", [SHANK, FOOT], ids=["shank", "foot"])
@pytest.mark.parametrize("fs", [100.0, 142.857, 204.8, 512.0])
def test_simulated_running_is_found_and_equals_the_twin(fs: float, par: FootParameters) -> None:
    sig, ics = legs(fs, 9.0)
    found = assert_equals_twin(sig, fs, par)
    ic, tc = found[:, foot.R_IC] / fs, found[:, foot.R_TC] / fs
    truth = ics / fs
    inner = truth[1:-1]
    error = np.array([ic[np.argmin(np.abs(ic - x))] - x for x in inner])
    assert np.abs(error).max() < 0.06
    assert np.std(error) < 0.004
    assert len(ic) <= len(truth)
    contact = (tc - ic)[1:-1]
    assert np.nanstd(contact) < 0.008
    assert np.nanmedian(contact) == pytest.approx(0.38 * 0.72, abs=0.07)


@pytest.mark.parametrize("par", [SHANK, FOOT], ids=["shank", "foot"])
@given(cuts=st.lists(st.integers(0, 800), max_size=12), head=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_any_partition_and_start_gives_the_same_rows(par: FootParameters, cuts: list[int], head: int) -> None:
    sig, _ = legs(100.0, 8.0)
    whole, early = detect(sig, 100.0, par)
    cut, cut_early = detect(sig, 100.0, par, cuts)
    np.testing.assert_array_equal(cut, whole)
    np.testing.assert_array_equal(cut_early, early)
    moved, _ = detect(sig, 100.0, par, cuts, head)
    np.testing.assert_allclose(moved, whole, rtol=0, atol=1e-6)


@pytest.mark.parametrize("par", [SHANK, FOOT], ids=["shank", "foot"])
def test_a_row_depends_on_nothing_after_its_report(par: FootParameters) -> None:
    sig, _ = legs(100.0, 8.0)
    found, early = detect(sig, 100.0, par)
    for row in found[:-1:3]:
        stop = int(row[foot.R_REPORT]) + 1
        known, _ = detect(sig[:, :stop], 100.0, par)
        assert any(np.array_equal(row, other, equal_nan=True) for other in known)
    ic, report = early[3]
    _, known_early = detect(sig[:, : int(report) + 1], 100.0, par)
    assert (known_early[-1] == (ic, report)).all()


@given(seed=st.integers(0, 2**31), scale=st.sampled_from([1.0, 8.0, 40.0]))
@settings(max_examples=20, deadline=None)
def test_random_input_equals_the_twin(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    sig = scale * rng.standard_normal((rows.N_ROWS, 700))
    sig[rows.RESULTANT] = np.sqrt((sig[:3] ** 2).sum(axis=0))
    sig[rows.FAULT] = rng.integers(0, 4, 700)
    for par in (SHANK, FOOT):
        assert_equals_twin(sig, 100.0, par)


@pytest.mark.parametrize("par", [SHANK, FOOT], ids=["shank", "foot"])
def test_missing_samples_are_bridged_and_equal_the_twin(par: FootParameters) -> None:
    sig, _ = legs(200.0, 8.0)
    rng = np.random.default_rng(3)
    clean = len(detect(sig, 200.0, par)[0])
    for at in rng.integers(0, sig.shape[1], 40):
        sig[:, at : at + 3] = np.nan
    found = assert_equals_twin(sig, 200.0, par)
    assert abs(len(found) - clean) <= 1
    assert np.isfinite(found[:, foot.R_IC]).all()


@pytest.mark.parametrize("par", [SHANK, FOOT], ids=["shank", "foot"])
@pytest.mark.parametrize("n", [0, 1, 2, 5, 30])
def test_too_short_and_empty(par: FootParameters, n: int) -> None:
    sig, _ = legs(100.0, 2.0)
    assert len(assert_equals_twin(sig[:, :n], 100.0, par)) == 0


@pytest.mark.parametrize("par", [SHANK, FOOT], ids=["shank", "foot"])
@pytest.mark.parametrize("value", [0.0, G, np.nan])
def test_constant_input_has_no_contact(par: FootParameters, value: float) -> None:
    sig = np.full((rows.N_ROWS, 900), value)
    assert len(assert_equals_twin(sig, 100.0, par)) == 0


@pytest.mark.parametrize("par", [SHANK, FOOT], ids=["shank", "foot"])
def test_standing_and_fidgeting_has_no_contact(par: FootParameters) -> None:
    rng = np.random.default_rng(5)
    t = np.arange(3000) / 100.0
    sig = np.zeros((rows.N_ROWS, 3000))
    sig[rows.IS] = G + 1.5 * np.sin(2 * np.pi * 1.1 * t)
    sig[:3] += 0.5 * rng.standard_normal((3, 3000))
    sig[rows.GYR_ML] = 40.0 * np.sin(2 * np.pi * 1.1 * t)
    sig[rows.RESULTANT] = np.sqrt((sig[:3] ** 2).sum(axis=0))
    assert len(detect(sig, 100.0, par)[0]) == 0


def test_clipping_is_flagged_and_still_detected() -> None:
    sig, ics = legs(142.857, 9.0)
    hit = np.abs(sig[:3]).max(axis=0) > 30.0
    sig[:3] = np.clip(sig[:3], -30.0, 30.0)
    sig[rows.RESULTANT] = np.sqrt((sig[:3] ** 2).sum(axis=0))
    sig[rows.FAULT] = hit
    found = assert_equals_twin(sig, 142.857, SHANK)
    assert len(found) >= len(ics) - 2
    assert (found[:, foot.R_FLAGS].astype(int) & foot.FLAG_SATURATED == foot.FLAG_SATURATED).all()


def test_foot_without_gyroscope_finds_contacts_but_no_toe_off() -> None:
    sig, ics = legs(100.0, 9.0, gyro=False)
    found = assert_equals_twin(sig, 100.0, FOOT)
    assert len(found) >= len(ics) - 2
    assert np.isnan(found[:, foot.R_TC]).all()
    assert (found[:, foot.R_FLAGS].astype(int) & foot.FLAG_NO_TOE_OFF == foot.FLAG_NO_TOE_OFF).all()


@pytest.mark.parametrize("par", [SHANK, FOOT], ids=["shank", "foot"])
def test_a_pause_ends_the_stride_and_running_is_found_again(par: FootParameters) -> None:
    first, ics = legs(100.0, 6.0)
    second, _ = legs(100.0, 6.0, stride_s=0.66, seed=1)
    rest = np.zeros((rows.N_ROWS, 700))
    rest[rows.IS] = rest[rows.RESULTANT] = G
    found = assert_equals_twin(np.hstack([first, rest, second]), 100.0, par)
    ic = found[:, foot.R_IC]
    assert (ic < 600).sum() >= len(ics) - 1
    assert not ((ic > 640) & (ic < 1300)).any()
    after = np.diff(ic[ic > 1300])
    assert len(after) >= 5
    assert np.median(after) == pytest.approx(66.0, abs=1.0)


@pytest.mark.parametrize("par", [SHANK, FOOT], ids=["shank", "foot"])
def test_every_final_contact_was_reported_early(par: FootParameters) -> None:
    sig, _ = legs(200.0, 9.0)
    found, early = detect(sig, 200.0, par)
    told = {tuple(e) for e in early}
    assert len(found) > 8
    for row in found:
        assert (row[foot.R_IC], row[foot.R_IC_REPORT]) in told
        assert row[foot.R_IC] < row[foot.R_IC_REPORT] <= row[foot.R_REPORT]
    assert np.median(found[:, foot.R_IC_REPORT] - found[:, foot.R_IC]) / 200.0 < 0.11


@pytest.mark.parametrize("par", [SHANK, FOOT], ids=["shank", "foot"])
def test_reset_forgets_everything(par: FootParameters) -> None:
    sig, _ = legs(100.0, 8.0)
    fresh, _ = detect(sig, 100.0, par)
    fstate, istate = np.full(foot.N_FSTATE, 3.0), np.full(foot.N_ISTATE, 3, np.int64)
    foot.reset(fstate, istate)
    assert not fstate.any()
    assert not istate.any()
    again, _ = detect(sig, 100.0, par)
    np.testing.assert_array_equal(again, fresh)


# -- gaps ------------------------------------------------------------------------------------------------------------


def with_gap(sig: np.ndarray, *gaps: tuple[int, int]) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Lose samples; what overlaps or touches is one gap."""
    lost = np.zeros(sig.shape[1] + 2, dtype=int)
    for a, b in gaps:
        lost[a + 1 : b + 1] = 1
    edges = np.flatnonzero(np.diff(lost))
    return np.where(lost[1:-1] == 1, np.nan, sig), [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def two_legs(fs: float, duration_s: float, *, stride_s: float = 0.72, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A leg that also feels the other foot land, 0.4 times as hard, half a stride later."""
    sig, ics = legs(fs, duration_s, stride_s=stride_s, seed=seed)
    t = np.arange(sig.shape[1]) / fs
    for ic in ics / fs:
        x = t - ic - 0.5 * stride_s
        sig[rows.IS] += np.where(x >= 0, 24.0 * np.exp(-np.maximum(x, 0) / 0.03) * np.sin(2 * np.pi * 22 * x), 0.0)
    sig[rows.RESULTANT] = np.sqrt((sig[:3] ** 2).sum(axis=0))
    return sig, ics


gaps_drawn = st.lists(st.tuples(st.integers(0, 1450), st.integers(1, 400)), min_size=1, max_size=6)


@pytest.mark.parametrize("par", [SHANK, FOOT], ids=["shank", "foot"])
@given(drawn=gaps_drawn, cuts=st.lists(st.integers(0, 1500), max_size=8), head=st.integers(0, 5000))
@settings(max_examples=30, deadline=None)
def test_gaps_anywhere_equal_the_twin_in_any_partition(
    par: FootParameters, drawn: list[tuple[int, int]], cuts: list[int], head: int
) -> None:
    whole, _ = two_legs(100.0, 15.0)
    sig, gaps = with_gap(whole, *[(a, min(a + n, 1500)) for a, n in drawn])
    found = assert_equals_twin(sig, 100.0, par, gaps)
    cut, _ = detect(sig, 100.0, par, cuts, gaps=gaps)
    np.testing.assert_array_equal(cut, found)
    moved, _ = detect(sig, 100.0, par, cuts, head, gaps)
    np.testing.assert_allclose(moved, found, rtol=0, atol=1e-6)
    for a, b in gaps:  # nothing reaches across
        assert not ((found[:, foot.R_IC] < a - 1) & (found[:, foot.R_REPORT] >= b)).any()


@given(seed=st.integers(0, 2**31), scale=st.sampled_from([3.0, 8.0, 40.0]), drawn=gaps_drawn)
@settings(max_examples=20, deadline=None)
def test_gaps_in_random_input_equal_the_twin(seed: int, scale: float, drawn: list[tuple[int, int]]) -> None:
    rng = np.random.default_rng(seed)
    sig = scale * rng.standard_normal((rows.N_ROWS, 1500)) * rng.uniform(0.2, 2.0, 1500)
    sig[rows.RESULTANT] = np.sqrt((sig[:3] ** 2).sum(axis=0))
    sig[rows.FAULT] = rng.integers(0, 4, 1500)
    sig, gaps = with_gap(sig, *[(a, min(a + n, 1500)) for a, n in drawn])
    for par in (SHANK, FOOT):
        assert_equals_twin(sig, 100.0, par, gaps)


@pytest.mark.parametrize("length_s", [0.08, 0.3, 1.0, 4.0, 9.0])
def test_after_a_gap_the_other_foots_landing_still_is_no_contact(length_s: float) -> None:
    """With nothing learned, the first hump after a gap would be a contact, whichever foot made it."""
    fs = 100.0
    whole, ics = two_legs(fs, 24.0, stride_s=1.1)
    calm = detect(whole, fs, SHANK)[0][:, foot.R_IC]
    assert len(calm) >= len(ics) - 2
    for end in range(1500, 1610, 5):  # every phase of the stride
        sig, gaps = with_gap(whole, (end - round(length_s * fs), end))
        after = detect(sig, fs, SHANK, gaps=gaps)[0][:, foot.R_IC]
        np.testing.assert_allclose(after[after > end + 20], calm[calm > end + 20], atol=1e-6)


def after_gaps(missing: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """State of a shank's detector that ran 9 s at 100 Hz, then met gaps with half a second of rest between."""
    fs, n = 100.0, 900
    sig, _ = legs(fs, 9.0)
    ring = np.full((rows.N_ROWS, 4 * n), np.nan)
    ring[:, :n] = ring[:, 2 * n : 3 * n] = sig
    params = SHANK.pack(fs)
    fstate, istate = np.zeros(foot.N_FSTATE), np.zeros(foot.N_ISTATE, np.int64)
    out, early = np.zeros((60, foot.N_ROW)), np.zeros((60, 2))
    foot.foot_events(ring, 0, n, fs, params, fstate, istate, out, early)
    head = n
    for m in missing:
        foot.foot_gap(ring, head, m, params, fstate, istate, out)
        head += m + 50
        ring[:] = G
        foot.foot_events(ring, head - 50, 50, fs, params, fstate, istate, out, early)
    return fstate, istate


def test_what_was_learned_survives_ten_seconds_and_no_stride_is_measured_across_a_gap() -> None:
    known, _ = after_gaps([10])
    assert known[slots.F_STRIDE] == pytest.approx(72.0, abs=1.0)
    learned = [slots.F_TYPICAL, slots.F_STRIDE, slots.F_STRIDES, slots.F_STRIDES + 1]
    for missing in ([250], [1000], [400, 400], [333, 333, 333]):
        fstate, istate = after_gaps(missing)
        np.testing.assert_array_equal(fstate[learned], known[learned])
        assert istate[slots.I_LOST] == sum(missing)


@pytest.mark.parametrize("missing", [[1001], [600, 401], [400, 400, 400]])
def test_longer_unseen_and_everything_is_forgotten(missing: list[int]) -> None:
    fstate, istate = after_gaps(missing)
    assert not fstate[[slots.F_TYPICAL, slots.F_STRIDE, slots.F_STRIDES, slots.F_STRIDES + 1]].any()
    assert istate[slots.I_COUNT] == 0


def harder(sig: np.ndarray, times: float) -> np.ndarray:
    """The same leg with all that moves it so many times as strong."""
    out = sig.copy()
    out[rows.IS] = G + times * (sig[rows.IS] - G)
    out[[rows.ML, rows.PA]] *= times
    out[rows.RESULTANT] = np.sqrt((out[:3] ** 2).sum(axis=0))
    return out


def test_a_gap_in_a_pause_forgets_the_walk_before() -> None:
    """A weak contact after it is one; the thresholds of the walk before would not take it."""
    fs = 100.0
    walk = harder(legs(fs, 9.0, stride_s=1.1)[0], 2.0)
    weak = harder(legs(fs, 3.0, stride_s=1.1, seed=4)[0], 0.4)
    rest = np.zeros((rows.N_ROWS, 300))
    rest[rows.IS] = rest[rows.RESULTANT] = G
    for still, taken in ((100, False), (300, True)):
        sig, gaps = with_gap(np.hstack([walk, rest[:, :still], weak]), (900 + still - 40, 900 + still))
        found = assert_equals_twin(sig, fs, SHANK, gaps)[:, foot.R_IC]
        first = (found > 900 + still) & (found < 1000 + still)
        assert first.any() == taken
