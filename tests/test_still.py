"""Stillness: against a slow twin, on bad input, and however the stream is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import MODEST, cuts

from imu.events.walking import WalkDetector
from imu.kernels import rows, still
from imu.kernels.walk import walk_events

PARAMS = np.array([40.0, 0.5, 100.0])  # 100 Hz: 0.4 s, 0.5 m/s2, 1 s


def run(x, pieces=None, params=PARAMS, end=True):
    n = len(x)
    sig = np.full((rows.N_ROWS, 2 * max(n, 1)), np.nan)
    sig[rows.RESULTANT, :n] = x
    sig[rows.RESULTANT, max(n, 1) : max(n, 1) + n] = x
    state = np.empty(still.N_FSTATE)
    still.still_reset(state)
    walker = WalkDetector(100.0)  # which shares its loop, and sees missing samples only
    contacts = np.empty((1, 9))
    found = []
    for a, b in pieces or [(0, n)]:
        out = np.full((b - a + 1, 2), np.nan)
        walking, count = walk_events(
            sig, a, b - a, 100.0, walker.params, walker.fstate, walker.istate, contacts, (params, state, out)
        )
        assert walking == 0
        found += [tuple(map(int, row)) for row in out[:count]]
    out = np.full((1, 2), np.nan)
    if end and still.still_finish(state, params, n, out):
        found.append((int(out[0, 0]), int(out[0, 1])))
    return found


def twin(x, params=PARAMS):
    """Weights written out: the newest `memory` samples' exponential mean and variance, then runs of small ones."""
    memory, spread, shortest = params
    quiet = np.zeros(len(x), dtype=bool)
    mean = variance = 0.0
    for seen, k in enumerate(np.flatnonzero(~np.isnan(x)), start=1):
        share = 1.0 / min(seen, memory)
        new = (1 - share) * mean + share * x[k]
        variance = (1 - share) * variance + share * (x[k] - mean) * (x[k] - new)
        mean = new
        quiet[k] = seen >= memory and variance < spread**2
    out, start = [], None
    for k in [*np.flatnonzero(~np.isnan(x)), len(x)]:
        is_quiet = k < len(x) and quiet[k]
        if is_quiet and start is None:
            start = k
        elif not is_quiet and start is not None:
            if k - start >= shortest:
                out.append((int(start), int(k)))
            start = None
    return out


def session(seed=0):
    rng = np.random.default_rng(seed)
    quiet = rng.normal(9.81, 0.15, 600)
    busy = 9.81 + 3.0 * np.sin(0.1 * np.arange(500)) + rng.normal(0.0, 0.3, 500)
    return np.concatenate([quiet, busy, quiet[:300], busy, quiet])


@pytest.mark.parametrize(
    "x",
    [
        session(),
        np.where(np.arange(len(session())) % 50 < 4, np.nan, session()),
        np.full(500, 9.81),
        np.full(500, np.nan),
        np.clip(session(), 9.0, 10.0),
        session()[:30],
        np.empty(0),
        np.random.default_rng(1).normal(9.81, 0.5, 3000),
    ],
    ids=["session", "holes", "constant", "nan", "clipped", "short", "empty", "edge"],
)
def test_equals_the_slow_twin(x):
    assert run(x) == twin(x)


def test_finds_the_quiet_stretches():
    found = run(session())
    assert len(found) == 3
    for (a, b), (start, stop) in zip(found, [(0, 600), (1100, 1400), (1900, 2500)], strict=True):
        assert start <= a <= start + 150
        assert stop <= b <= stop + 10


@MODEST
@given(data=st.data(), seed=st.integers(0, 9))
def test_any_cut_gives_the_same_stretches(data, seed):
    x = session(seed)
    assert run(x, data.draw(cuts(len(x)))) == run(x)


def test_the_open_stretch_is_told_without_being_closed():
    x = session()
    assert run(x, end=False) == run(x)[:-1]
