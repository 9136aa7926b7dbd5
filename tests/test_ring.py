"""The ring against a list of everything that was ever written."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_engine import NaiveRing
from strategies import MODEST

from imu.kernels.ring import ring_append, ring_mirror, ring_skip
from imu.ring_buffer import RingBuffer


def numbered(first: int, n: int, channels: int) -> np.ndarray:
    """Samples that say which they are: stream index + channel / 8, exact in float32 too."""
    return np.arange(first, first + n, dtype=float)[:, None] + np.arange(channels) / 8.0


appends = st.tuples(st.just("append"), st.integers(0, 90))
skips = st.tuples(st.just("skip"), st.integers(0, 90))


@MODEST
@given(
    capacity=st.integers(1, 40),
    channels=st.integers(1, 4),
    dtype=st.sampled_from([np.float64, np.float32]),
    pieces=st.lists(st.one_of(appends, appends, skips), max_size=12),
)
def test_any_window_after_any_pieces_equals_a_plain_list(capacity, channels, dtype, pieces):
    ring, naive = RingBuffer(channels, capacity, dtype), NaiveRing(channels, capacity)
    for kind, n in pieces:
        if kind == "append":
            block = numbered(len(naive.rows), n, channels)
            ring.append(block)
            naive.append(block)
        else:
            ring.skip(n)
            naive.skip(n)
        assert ring.head == len(naive.rows)
        for wanted in (0, 1, 2, capacity // 2, capacity - 1, capacity, capacity + 5, -1):
            window = ring.view(wanted)
            assert window.dtype == dtype
            np.testing.assert_array_equal(window, naive.newest(wanted))


@MODEST
@given(
    capacity=st.integers(1, 30),
    head=st.integers(0, 2**40),
    n=st.integers(0, 30),
    channels=st.integers(1, 3),
)
def test_append_at_any_head_writes_both_places_and_nothing_else(capacity, head, n, channels):
    n = min(n, capacity)
    before = np.full((channels, 2 * capacity), -1.0)
    store = before.copy()
    block = numbered(0, n, channels)
    assert ring_append(store, head, block) == head + n
    expected = before
    for i in range(n):
        expected[:, (head + i) % capacity] = block[i]
        expected[:, (head + i) % capacity + capacity] = block[i]
    np.testing.assert_array_equal(store, expected)


@MODEST
@given(capacity=st.integers(1, 30), head=st.integers(0, 2**40), n=st.integers(0, 30))
def test_mirror_completes_columns_written_in_one_stretch(capacity, head, n):
    n = min(n, capacity)
    store = np.full((2, 2 * capacity), -1.0)
    start = head % capacity
    store[:, start : start + n] = numbered(0, n, 2).T
    assert ring_mirror(store, head, n) == head + n
    expected = np.full((2, 2 * capacity), -1.0)
    ring_append(expected, head, numbered(0, n, 2))
    np.testing.assert_array_equal(store, expected)


@MODEST
@given(capacity=st.integers(1, 20), head=st.integers(0, 1000), n=st.integers(0, 70))
def test_skip_leaves_nan_in_the_missing_places_only(capacity, head, n):
    store = np.zeros((2, 2 * capacity))
    assert ring_skip(store, head, n) == head + n
    missing = {(head + i) % capacity for i in range(n)}
    for column in range(2 * capacity):
        assert np.isnan(store[:, column]).all() == (column % capacity in missing)


@pytest.mark.parametrize("value", [0.0, 9.80665, float("nan"), 156.9, -156.9])
def test_constant_nan_and_saturated_values_pass_unchanged(value):
    ring = RingBuffer(6, 50)
    ring.append(np.full((70, 6), value))
    np.testing.assert_array_equal(ring.view(50), np.full((6, 50), value))


def test_a_window_across_the_seam_is_a_view_without_a_copy():
    ring = RingBuffer(3, 100)
    ring.append(numbered(0, 130, 3))
    window = ring.view(60)  # samples 70 ... 129 lie on both sides of column 100
    assert np.shares_memory(window, ring.store)
    assert all(row.flags.c_contiguous for row in window)
    np.testing.assert_array_equal(window, numbered(70, 60, 3).T)


def test_a_snapshot_is_a_copy_that_later_appends_leave_alone():
    ring = RingBuffer(2, 64)
    ring.append(numbered(0, 64, 2))
    head, copy = ring.snapshot(40)
    assert head == 64
    assert not np.shares_memory(copy, ring.store)
    ring.append(numbered(64, 64, 2))
    np.testing.assert_array_equal(copy, numbered(24, 40, 2).T)


@MODEST
@given(capacity=st.integers(8, 40), written=st.integers(0, 100), n=st.integers(-3, 60))
def test_a_snapshot_without_a_writer_gives_what_is_asked_for(capacity, written, n):
    ring = RingBuffer(1, capacity)
    ring.append(numbered(0, written, 1))
    head, copy = ring.snapshot(n)
    assert head == written
    # One eighth of the capacity is the writer's: it may be overwriting it at this moment.
    kept = max(0, min(n, written, capacity - capacity // 8))
    np.testing.assert_array_equal(copy, numbered(head - kept, kept, 1).T)


class _InterruptedCopy(np.ndarray):
    """A store whose copy is interrupted by a writer at a chosen column, as another thread would."""

    interrupt = None
    at = 0

    def copy(self):
        out = np.array(np.asarray(self))
        half = min(self.at, self.shape[1])
        type(self).interrupt()
        out[:, half:] = np.asarray(self)[:, half:]
        return out


@MODEST
@given(
    capacity=st.integers(1, 40),
    written=st.integers(0, 120),
    n=st.integers(0, 50),
    at=st.integers(0, 50),
    meanwhile=st.lists(st.integers(0, 60), max_size=3),
    unfinished=st.integers(0, 6),
)
def test_a_snapshot_interrupted_at_any_column_is_never_torn(capacity, written, n, at, meanwhile, unfinished):
    ring = RingBuffer(2, capacity)
    ring.append(numbered(0, written, 2))
    plain = ring.store

    def write():
        ring._store = plain
        for m in meanwhile:
            ring.append(numbered(ring.head, m, 2))
        # and one piece whose data are there while the head has not moved yet
        ring_append(plain, ring.head, numbered(ring.head, min(unfinished, ring._piece), 2))

    ring._store = plain.view(_InterruptedCopy)
    _InterruptedCopy.interrupt, _InterruptedCopy.at = staticmethod(write), at
    head, copy = ring.snapshot(n)
    np.testing.assert_array_equal(copy, numbered(head - copy.shape[1], copy.shape[1], 2).T)


class _Writer(threading.Thread):
    """Writes numbered samples as fast as it can, with holes if asked, until told to stop."""

    def __init__(self, ring: RingBuffer, sizes: list[int], holes: list[int]) -> None:
        super().__init__(daemon=True)
        self.ring, self.sizes, self.holes = ring, sizes, holes
        self.stop = threading.Event()
        self.hole_at: set[int] = set()

    def run(self) -> None:
        k = 0
        while not self.stop.is_set():
            head = self.ring.head
            if self.holes and k % 50 == 49:
                n = self.holes[k // 50 % len(self.holes)]
                self.hole_at.update(range(head, head + n))
                self.ring.skip(n)
            else:
                self.ring.append(numbered(head, self.sizes[k % len(self.sizes)], 2))
            k += 1


@pytest.mark.parametrize(
    ("sizes", "holes"),
    [([8], []), ([1, 8, 200, 3], []), ([5000], []), ([8, 64], [3, 900, 1300])],
    ids=["packets", "mixed", "longer than the ring", "with holes"],
)
def test_a_reader_beside_a_busy_writer_never_gets_a_torn_window(sizes, holes):
    ring = RingBuffer(2, 1000)
    ring.append(numbered(0, 1000, 2))
    writer = _Writer(ring, sizes, holes)
    writer.start()
    torn: list[str] = []
    seen_heads = set()
    give_up = time.monotonic() + 3.0
    try:
        for k in range(3000):
            head, copy = ring.snapshot(1000 if k % 2 else 800)
            seen_heads.add(head)
            expected = numbered(head - copy.shape[1], copy.shape[1], 2).T
            wrong = copy[0] != expected[0]
            for at in np.flatnonzero(wrong):
                index = int(expected[0, at])
                if not (np.isnan(copy[0, at]) and index in writer.hole_at):
                    torn.append(f"sample {index} reads {copy[0, at]} (head {head}, now {ring.head})")
            np.testing.assert_array_equal(np.isnan(copy[0]), np.isnan(copy[1]))
            if torn or (time.monotonic() > give_up and len(seen_heads) > 1):
                break
    finally:
        writer.stop.set()
        writer.join(10.0)
    assert not torn, torn[:3]
    assert len(seen_heads) > 1, "the writer never ran, so nothing was tried"


@pytest.mark.parametrize(("channels", "capacity"), [(0, 10), (3, 0), (-1, 5)])
def test_an_impossible_ring_is_refused(channels, capacity):
    with pytest.raises(ValueError, match="at least one"):
        RingBuffer(channels, capacity)


def test_a_block_that_does_not_fit_is_refused_and_changes_nothing():
    ring = RingBuffer(3, 10)
    for bad in (np.zeros((4, 2)), np.zeros(3)):
        with pytest.raises(ValueError, match="does not fit"):
            ring.append(bad)
    with pytest.raises(ValueError, match="negative"):
        ring.skip(-1)
    assert ring.head == 0
    assert ring.view(10).shape == (3, 0)
