"""Time stamps to sample indices: exact on a grid, calm under jitter, never inventing a sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu import timebase
from imu.errors import RecordingError
from imu.timebase import estimate_timebase
from tests.naive_timebase import grid_index, tracked_index

RATES = st.sampled_from([50.0, 52.0, 100.0, 104.0, 142.857142857, 204.8, 208.0, 240.0, 400.0, 500.0, 512.0])


@st.composite
def gappy_index(draw: st.DrawFn) -> np.ndarray:
    """Indices with holes; somewhere twenty samples in a row arrived, as in any recording worth reading."""
    n = draw(st.integers(60, 400))
    steps = np.ones(n - 1, dtype=np.int64)
    for at in draw(st.lists(st.integers(0, n - 2), max_size=8, unique=True)):
        steps[at] += draw(st.integers(1, 300))
    whole = draw(st.integers(0, n - 21))
    steps[whole : whole + 20] = 1
    return np.concatenate([[0], np.cumsum(steps)])


@given(rate=RATES, index=gappy_index(), start=st.floats(-5.0, 1e4))
@settings(max_examples=150, deadline=None)
def test_a_grid_with_missing_rows_gives_exact_gap_lengths(rate: float, index: np.ndarray, start: float) -> None:
    base = estimate_timebase(start + index / rate)
    assert np.array_equal(base.index, index)
    assert base.sampling_rate_hz == pytest.approx(rate, rel=1e-6)
    assert base.t0_s == pytest.approx(start, abs=1e-6)
    assert sum(g.stop_index - g.start_index for g in base.gaps) == base.n_missing == index[-1] + 1 - len(index)


@given(rate=st.sampled_from([50.0, 100.0, 104.0, 208.0, 240.0, 400.0]), n=st.integers(100, 3000))
@settings(max_examples=60, deadline=None)
def test_stamps_rounded_to_milliseconds_are_even(rate: float, n: int) -> None:
    base = estimate_timebase(np.round(np.arange(n) / rate, 3))
    assert np.array_equal(base.index, np.arange(n))
    assert base.sampling_rate_hz == pytest.approx(rate, rel=2e-3 / (n / rate))


@given(rate=RATES, seed=st.integers(0, 2**32 - 1), jitter=st.floats(0.0, 0.5))
@settings(max_examples=60, deadline=None)
def test_jitter_makes_no_gaps(rate: float, seed: int, jitter: float) -> None:
    n = round(20 * rate)
    t = (np.arange(n) + np.random.default_rng(seed).normal(0.0, jitter, n)) / rate
    base = estimate_timebase(t)
    assert np.array_equal(base.index, np.arange(n))
    assert base.sampling_rate_hz == pytest.approx(rate, rel=1e-3)


@given(rate=st.sampled_from([100.0, 208.0, 400.0]), seed=st.integers(0, 2**32 - 1), lost_s=st.floats(0.6, 5.0))
@settings(max_examples=40, deadline=None)
def test_a_hole_among_bunched_stamps_is_found_where_it_is(rate: float, seed: int, lost_s: float) -> None:
    """Eight samples a packet, all stamped when it arrived, up to tens of ms late; then seconds are lost."""
    rng = np.random.default_rng(seed)
    packets = np.arange(round(30 * rate / 8))
    arrival = np.maximum.accumulate((packets + 1) * 8 / rate + rng.exponential(0.01, len(packets)))
    lost = max(1, round(lost_s * rate / 8))
    keep = np.ones(len(packets), dtype=bool)
    keep[len(packets) // 2 : len(packets) // 2 + lost] = False
    t = np.repeat(arrival[keep], 8)
    base = estimate_timebase(t, rate)
    assert base.n_missing == pytest.approx(lost * 8, abs=0.05 * rate + 1)
    # a late packet just before the hole cannot be told from one after its first part
    assert all(len(packets) // 2 * 8 - 0.1 * rate - 8 <= g.start_index for g in base.gaps)
    assert all(g.stop_index <= (len(packets) // 2 + lost) * 8 + 0.05 * rate + 1 for g in base.gaps)


@given(
    steps=st.lists(st.one_of(st.floats(-0.02, 0.2), st.sampled_from([0.0, 0.01, 0.02])), min_size=2, max_size=300),
    nominal=st.one_of(st.none(), st.floats(1.0, 1000.0)),
)
@settings(max_examples=200, deadline=None)
def test_any_stamps_get_ascending_indices_or_a_sentence(steps: list[float], nominal: float | None) -> None:
    t = np.cumsum([0.0, *steps])
    try:
        base = estimate_timebase(t, nominal)
    except RecordingError:
        return  # the sentences themselves are tested below
    assert len(base.index) == len(t)
    assert base.index[0] == 0
    assert (np.diff(base.index) >= 1).all()
    assert 0 < base.sampling_rate_hz < np.inf


@given(index=gappy_index())
@settings(max_examples=50, deadline=None)
def test_the_grid_equals_its_twin(index: np.ndarray) -> None:
    t = index / 100.0
    assert estimate_timebase(t).index.tolist() == grid_index(t.tolist(), 0.01)


@given(
    seed=st.integers(0, 2**32 - 1),
    jitter=st.sampled_from([0.05, 0.15, 0.6, 2.0]),
    holes=st.lists(st.integers(5, 190), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_the_gap_search_equals_its_twin(seed: int, jitter: float, holes: list[int]) -> None:
    rng = np.random.default_rng(seed)
    steps = np.ones(200)
    steps[holes] += 40
    t = (np.cumsum(steps) + rng.exponential(jitter, 200)) * 0.01
    width = timebase._envelope_width(np.diff(t), 0.01)
    threshold, last = 0.5 * 0.01, len(t) - width // 2
    if width > timebase._SHORT_ENVELOPE:
        late = timebase._median_of_three(t - 0.01 * np.arange(len(t)))
        envelope = np.array([late[k : k + width].min() for k in range(len(late))])
        low, middle = np.quantile(envelope[width:] - envelope[:-width], [0.05, 0.25])
        threshold += timebase._NOISE_FACTOR * (middle - low) / 0.970 + np.median(late - envelope)
    twin = tracked_index(t.tolist(), 0.01, width, threshold, last)
    assert timebase.missing_before(t, 0.01).tolist() == twin


def test_a_header_rate_settles_what_rounding_leaves_open() -> None:
    """Milliseconds of an 800 Hz sensor look like lost rows of a 1000 Hz one."""
    t = np.round(np.arange(4000) / 800.0, 3)
    assert estimate_timebase(t, 800.0).sampling_rate_hz == pytest.approx(800.0, rel=1e-3)
    assert estimate_timebase(t, 800.0).n_missing == 0


def test_a_wrong_header_rate_is_not_believed() -> None:
    base = estimate_timebase(np.arange(1000) / 100.0, 208.0)
    assert base.sampling_rate_hz == 100.0
    assert base.n_missing == 0


def test_a_single_wild_stamp_is_no_gap() -> None:
    t = np.arange(1000) / 100.0 + np.random.default_rng(1).normal(0.0, 0.001, 1000)
    t[500] -= 3.0
    base = estimate_timebase(t)
    assert base.n_missing == 0
    assert base.backwards == 1


@pytest.mark.parametrize("where", [0.2, 0.5, 0.9])
def test_a_clock_that_was_set_back_does_not_change_the_rate(where: float) -> None:
    t = np.arange(2000) / 100.0
    t[round(2000 * where) :] -= 3.0
    base = estimate_timebase(t)
    assert base.sampling_rate_hz == pytest.approx(100.0, rel=1e-6)
    assert base.n_missing == 0
    assert base.backwards == 1


def test_frozen_readings_are_not_looked_at_and_repeated_stamps_are_counted() -> None:
    t = np.arange(400) / 400.0
    t[100::50] = t[99:-1:50]
    base = estimate_timebase(t)
    assert base.n_missing == 0
    assert base.duplicates > 0


@pytest.mark.parametrize(
    "t", [[], [1.0], [1.0, 1.0, 1.0], [0.0, np.nan, 0.02], [3.0, 2.0, 1.0], [0.0, np.inf, 1.0]], ids=str
)
def test_stamps_that_place_nothing_get_a_sentence(t: list[float]) -> None:
    with pytest.raises(RecordingError) as caught:
        estimate_timebase(np.array(t))
    assert caught.value.hint


@pytest.mark.needs_data
def test_lost_radio_packets_of_real_walks_are_counted_exactly(stride_data: Path) -> None:
    files = sorted((stride_data / "G_lowback_feet_walk_LR_events").glob("*.npz"))
    assert files
    for path in files:
        t = np.load(path)["t"]
        base = estimate_timebase(t)
        assert base.sampling_rate_hz == pytest.approx(100.0, rel=1e-9), path.name
        assert np.array_equal(base.index, np.rint((t - t[0]) * 100.0).astype(int)), path.name


@pytest.mark.needs_data
def test_real_jittered_stamps_give_one_even_clock(stride_data: Path) -> None:
    t = np.load(stride_data / "I_foot_walk_NGIMU" / "short_walk.npz")["t"]
    base = estimate_timebase(t)
    assert base.duplicates > 100
    assert np.abs(base.t0_s + base.index / base.sampling_rate_hz - t).max() < 0.02
    assert 390.0 < base.sampling_rate_hz < 405.0
