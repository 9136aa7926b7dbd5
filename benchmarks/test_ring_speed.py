"""Rows 7, 8, 9 and 17: the ring against a plain copy, against other rings, and under a reader."""

from __future__ import annotations

import importlib.util
import threading
import time

import numpy as np
import pytest

from benchmarks import peers
from benchmarks.timing import interleave
from imu.ring_buffer import RingBuffer

CAPACITY, CHANNELS, N = 10_000, 6, 8
REPEAT = 250


def repeated(append, block):
    def run():
        for _ in range(REPEAT):
            append(block)

    return run


def copying(block):
    target = np.zeros((CAPACITY, CHANNELS), block.dtype)
    head = 0

    def append(block):
        nonlocal head
        at = head % (CAPACITY - N)
        np.copyto(target[at : at + N], block)
        head += N

    return append


def bare_copy(block):
    target = np.zeros((N, CHANNELS), block.dtype)

    def run():
        for _ in range(REPEAT):
            np.copyto(target, block)

    return run


def other_rings():
    """Rings that happen to be installed."""
    found = {}
    if importlib.util.find_spec("numpy_ringbuffer"):
        import numpy_ringbuffer

        found["numpy-ringbuffer"] = numpy_ringbuffer.RingBuffer(CAPACITY, dtype=(np.float32, CHANNELS))
    if importlib.util.find_spec("dvg_ringbuffer"):
        import dvg_ringbuffer

        found["dvg-ringbuffer"] = dvg_ringbuffer.RingBuffer(CAPACITY, dtype=(np.float32, CHANNELS))
    for ring in found.values():
        ring.extend(np.zeros((CAPACITY, CHANNELS), np.float32))
    return found


def test_append(gates, show):
    block = np.random.default_rng(0).normal(size=(N, CHANNELS)).astype(np.float32)
    ring = RingBuffer(CHANNELS, CAPACITY, np.float32)
    variants = {
        "ours": repeated(ring.append, block),
        "copy": bare_copy(block),
        "copy into a ring": repeated(copying(block), block),
        "textbook": repeated(peers.TextbookRing(CHANNELS, CAPACITY).append, block),
        "shift": repeated(peers.ShiftRing(CHANNELS, CAPACITY).append, block),
        "roll": repeated(peers.RollRing(CHANNELS, CAPACITY).append, block),
    }
    others = other_rings()
    for name, other in others.items():
        variants[name] = repeated(other.extend, block)
    times = interleave(variants, rounds=30)
    per_call = {name: t / REPEAT for name, t in times.items()}
    gates.within("7", "ring: append of 8 rows against np.copyto", per_call, "ours", "copy", 2.5)
    gates.within("7", "... against np.copyto into a place that moves", per_call, "ours", "copy into a ring", None)
    gates.faster("7", "... against np.roll of 10,000 rows", per_call, "ours", "roll", 15)
    for name in ["textbook", "shift", *others]:
        gates.faster("7", f"... against {name}", per_call, "ours", name, None)
    assert ring.head > CAPACITY
    np.testing.assert_array_equal(ring.view(N), block.T)
    show(variants["ours"])


def a_second(append, newest):
    """One second of a 1000 Hz stream: 125 packets of 8, and 63 looks at the newest 10 s of 6 contiguous channels."""
    block = np.random.default_rng(0).normal(size=(N, CHANNELS)).astype(np.float32)

    def run():
        total = 0.0
        for k in range(125):
            append(block)
            if k % 2 == 0:
                total += float(newest(CAPACITY - 8)[5, -1])
        return total

    return run


def test_stream_second(gates, show):
    ring = RingBuffer(CHANNELS, CAPACITY, np.float32)
    ring.append(np.zeros((CAPACITY, CHANNELS), np.float32))
    variants = {"ours": a_second(ring.append, ring.view)}
    kinds = {
        "textbook": peers.TextbookRing,
        "shift": peers.ShiftRing,
        "roll": peers.RollRing,
        "deques": peers.DequeRing,
    }
    for name, kind in kinds.items():
        one = kind(CHANNELS, CAPACITY)
        variants[name] = a_second(one.append, one.newest)
    for name, other in other_rings().items():
        variants[name] = a_second(other.extend, lambda n, o=other: np.ascontiguousarray(np.asarray(o)[-n:].T))
    times = interleave(variants, rounds=12, warm_up=1, seconds=15.0)
    assert variants["ours"]() == pytest.approx(variants["textbook"]())
    best = min((n for n in variants if n != "ours"), key=lambda n: times[n].min())
    gates.faster("8", f"ring: a stream-second against the best peer ({best})", times, "ours", best, 6)
    for name in variants:
        if name not in {"ours", best}:
            gates.faster("8", f"... against {name}", times, "ours", name, None)
    show(variants["ours"])


def test_mne_lsl(gates, show):
    asked = ">= 15x"
    what = "ring: append against MNE-LSL's own _acquire"
    if not importlib.util.find_spec("mne_lsl"):
        gates.skipped("9", what, asked, "mne-lsl is not installed")
        pytest.skip("mne-lsl is not installed")
    from mne_lsl.lsl import StreamInfo, StreamOutlet
    from mne_lsl.stream import StreamLSL

    info = StreamInfo("bench", "IMU", CHANNELS, 1000.0, "float32", "stride-bench")
    info.set_channel_names([f"c{k}" for k in range(CHANNELS)])
    info.set_channel_types("misc")
    info.set_channel_units("none")
    outlet = StreamOutlet(info, chunk_size=N)
    # without a delay it has no thread of its own: acquire() is called by us
    stream = StreamLSL(bufsize=CAPACITY / 1000.0, name="bench", source_id="stride-bench")
    stream.connect(acquisition_delay=None, timeout=10.0)
    block = np.random.default_rng(0).normal(size=(N, CHANNELS)).astype(np.float32)
    ring = RingBuffer(CHANNELS, CAPACITY, np.float32)
    ours, theirs = [], []
    try:
        outlet.push_chunk(block)
        time.sleep(0.05)
        stream.acquire()
        for _ in range(200):
            outlet.push_chunk(block)
            time.sleep(0.002)
            start = time.perf_counter()
            stream.acquire()
            theirs.append(time.perf_counter() - start)
            start = time.perf_counter()
            ring.append(block)
            ours.append(time.perf_counter() - start)
    finally:
        stream.disconnect()
    times = {"ours": np.array(ours), "mne-lsl": np.array(theirs)}
    gates.faster("9", what, times, "ours", "mne-lsl", 15)
    show(lambda: ring.append(block))


def test_no_torn_window(gates, show):
    ring = RingBuffer(2, 2000)
    stop = threading.Event()

    def write():
        sizes = (8, 1, 200, 64)
        k = 0
        while not stop.is_set():
            head = ring.head
            index = np.arange(head, head + sizes[k % 4], dtype=float)
            ring.append(np.stack([index, index + 0.5], axis=1))
            k += 1

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    torn = windows = cut = 0
    end = time.perf_counter() + 5.0
    while time.perf_counter() < end:
        for n in (2000, 1500, 200):
            head, copy = ring.snapshot(n)
            windows += 1
            cut += copy.shape[1] < min(n, head)
            expected = np.arange(head - copy.shape[1], head, dtype=float)
            torn += not (np.array_equal(copy[0], expected) and np.array_equal(copy[1], expected + 0.5))
    stop.set()
    writer.join()
    note = f"of {windows} windows while {ring.head} samples were written; {cut} were cut short instead"
    gates.value("17", "ring: torn windows given to a reader", torn, "", at_most=0, note=note)
    assert torn == 0
    show(lambda: ring.snapshot(1000))
