"""The running detector at the pelvis against its slow twin, on invented and on simulated signals."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_engine import NaiveSacral
from strategies import FEW, MODEST, cuts

from imu.acquisition.simulator import Simulation, simulate_recording
from imu.constants import G_MPS2
from imu.events.front import MAX_BLOCK, Front
from imu.events.sacral import SacralParams, filters, pack
from imu.kernels import engine, rows
from imu.kernels import sacral as S  # noqa: N812 (its constants are read in every line)
from imu.kernels.ring import ring_append, ring_skip
from imu.types import ActivityKind, StreamInfo

FS = 100.0


class Kernel:
    """The compiled detector on a ring of its own."""

    def __init__(self, params: np.ndarray, capacity: int) -> None:
        self.params = params
        self.sig = np.full((rows.N_ROWS, 2 * capacity), np.nan)
        self.istate = np.zeros(S.N_ISTATE, dtype=np.int64)
        self.fstate = np.zeros(S.N_FSTATE)
        self.head = 0
        self.steps: list[np.ndarray] = []
        self.live: list[np.ndarray] = []
        self._out = np.zeros((200, S.N_ROW))
        self._live = np.zeros((600, S.N_LIVE))
        S.sacral_reset(self.istate, self.fstate, params)

    def push(self, block: np.ndarray) -> None:
        ring_append(self.sig, self.head, block)
        n, m = S.sacral_events(
            self.sig, self.head, len(block), self.params, self.istate, self.fstate, self._out, self._live
        )
        self.head += len(block)
        self.steps += list(self._out[:n].copy())
        self.live += list(self._live[:m].copy())

    def bridge(self, missing: int) -> None:
        ring_skip(self.sig, self.head, missing)
        self.head += missing

    def gap(self, missing: int) -> None:
        self.finish()
        ring_skip(self.sig, self.head, missing)
        self.head += missing
        S.sacral_reset(self.istate, self.fstate, self.params)

    def finish(self) -> None:
        n = S.sacral_finish(self.sig, self.istate, self.fstate, self.head, self.params, self._out)
        self.steps += list(self._out[:n].copy())

    def table(self) -> np.ndarray:
        return np.array(self.steps).reshape(-1, S.N_ROW)

    def live_table(self) -> np.ndarray:
        return np.array(self.live).reshape(-1, S.N_LIVE)


def invented(n: int, seed: int, kind: str, *, two_axes: bool = False) -> np.ndarray:
    """Rows of the detector ring, shape (n, rows), that visit every phase in every order."""
    if n == 0:
        return np.empty((0, rows.N_ROWS))
    rng = np.random.default_rng(seed)
    t = np.arange(n) / FS
    sig = rng.normal(0.0, 3.0, (n, rows.N_ROWS))
    rhythm = rng.uniform(1.5, 4.5)
    height = rng.uniform(0.3, 2.5)
    bumps = np.convolve(rng.normal(0.0, 1.0, n + 8), np.ones(9) / 3.0, "valid") * rng.uniform(0.0, 0.8)
    runner = 1.0 + height * np.sin(2 * np.pi * rhythm * t + rng.uniform(0, 6)) + bumps
    if kind == "walk between runs":
        runner[n // 3 : 2 * n // 3] = 1.0 + 0.3 * (runner[n // 3 : 2 * n // 3] - 1.0)
    elif kind == "noise":
        runner = 1.0 + np.cumsum(rng.normal(0.0, 0.25, n)) * np.exp(-t)
        runner += np.convolve(rng.normal(0.0, 1.0, n + 4), np.ones(5) / 2.0, "valid")
    elif kind == "constant":
        runner = np.full(n, rng.choice([0.0, 1.0, 1.6, 3.0]))
    elif kind == "saturated":
        runner = np.clip(4.0 * (runner - 1.0), -1.0, 1.0) * 16.0
    for row in (rows.IS, rows.DET_IS, rows.LOAD, rows.SHOCK, rows.ACTIVE):
        late = {rows.LOAD: 2, rows.ACTIVE: 4}.get(row, 0)
        sig[:, row] = G_MPS2 * np.concatenate([np.full(late, runner[0]), runner])[:n]
    sig[:, rows.FAULT] = rng.choice([0.0, 0.0, 0.0, 1.0, 2.0, np.nan], n)
    if two_axes:
        sig[:, rows.DET_PA] = np.nan
    return sig


def parameters(forward_known: bool) -> np.ndarray:
    return pack(SacralParams(), FS, forward_known=forward_known)


def agree(kernel: Kernel, twin: NaiveSacral) -> None:
    assert len(kernel.steps) == len(twin.steps)
    np.testing.assert_allclose(kernel.table(), twin.table(), rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(kernel.live_table(), twin.live_table(), rtol=1e-9, atol=1e-6)


AXES = st.sampled_from(["named", "unnamed", "two"])
"""Forward is known from the mounting; is learned; or one horizontal axis is missing and nothing can be learned."""

KINDS = ["run", "walk between runs", "noise", "constant", "saturated"]


@MODEST
@given(
    kind=st.sampled_from(KINDS),
    seed=st.integers(0, 10_000),
    n=st.integers(0, 900),
    axes=AXES,
    data=st.data(),
)
def test_equals_the_twin_on_invented_signals_in_any_cut(kind, seed, n, axes, data):
    signals = invented(n, seed, kind, two_axes=axes == "two")
    params = parameters(axes == "named")
    twin = NaiveSacral(params)
    for sample in signals:
        twin.sample(sample)
    twin.finish()
    kernel = Kernel(params, capacity=900)
    for a, b in data.draw(cuts(n)):
        kernel.push(signals[a:b])
    kernel.finish()
    agree(kernel, twin)


@MODEST
@given(
    seed=st.integers(0, 10_000),
    lengths=st.lists(st.integers(0, 300), min_size=2, max_size=5),
    missing=st.integers(1, 400),
    axes=AXES,
)
def test_equals_the_twin_with_gaps(seed, lengths, missing, axes):
    params = parameters(axes == "named")
    twin, kernel = NaiveSacral(params), Kernel(params, capacity=700)
    for part, n in enumerate(lengths):
        if part:
            twin.gap(missing)
            kernel.gap(missing)
        signals = invented(n, seed + part, "run", two_axes=axes == "two")
        for sample in signals:
            twin.sample(sample)
        kernel.push(signals)
    twin.finish()
    kernel.finish()
    agree(kernel, twin)


@MODEST
@given(
    seed=st.integers(0, 10_000),
    lengths=st.lists(st.integers(0, 300), min_size=2, max_size=8),
    missing=st.integers(1, 6),
    axes=AXES,
)
def test_equals_the_twin_across_short_holes(seed, lengths, missing, axes):
    params = parameters(axes == "named")
    twin, kernel = NaiveSacral(params), Kernel(params, capacity=900)
    signals = invented(sum(lengths), seed, "run", two_axes=axes == "two")
    at = 0
    for part, n in enumerate(lengths):
        if part:
            twin.bridge(missing)
            kernel.bridge(missing)
        for sample in signals[at : at + n]:
            twin.sample(sample)
        kernel.push(signals[at : at + n])
        at += n
    twin.finish()
    kernel.finish()
    agree(kernel, twin)


def test_the_invented_signals_reach_steps_and_every_kind_of_event():
    counts = dict.fromkeys(KINDS, 0)
    events = set()
    for kind in KINDS:
        for seed in range(6):
            kernel = Kernel(parameters(True), capacity=900)
            kernel.push(invented(900, seed, kind))
            counts[kind] += len(kernel.steps)
            events |= {row[S.L_KIND] for row in kernel.live}
    assert counts["constant"] == 0
    assert all(counts[kind] > 5 for kind in KINDS if kind != "constant"), counts
    assert events == {1.0, 2.0, 3.0}


@lru_cache(maxsize=8)
def prepared(seconds: float = 14.0, **simulation: object) -> tuple[np.ndarray, float, tuple]:
    """A simulated run through levelling and filters: rows (n, N_ROWS), the rate, and the true running steps."""
    recording, truth = simulate_recording(Simulation(**simulation), seconds)  # type: ignore[arg-type]
    stream = recording.stream
    front = Front(
        StreamInfo(stream.sampling_rate_hz),
        filters(stream.sampling_rate_hz),
        mounting="+y-x+z",
        detector_floats=0,
        detector_ints=0,
    )
    parts = []
    for block in recording.blocks:
        for first in range(0, block.n, MAX_BLOCK):
            piece = block.samples[first : first + MAX_BLOCK]
            head = block.start_index + first
            engine.prepare(piece, head, stream.sampling_rate_hz, front.memory, front.counters, front.sig)
            columns = (head + np.arange(len(piece))) % front.capacity
            parts.append(front.sig[:, columns].T.copy())
    steps = tuple(s for s in truth.steps if s.activity is ActivityKind.RUNNING)
    return np.concatenate(parts), stream.sampling_rate_hz, steps


@FEW
@given(data=st.data(), forward_known=st.booleans())
def test_equals_the_twin_on_a_simulated_run_in_any_cut(data, forward_known):
    signals, fs, _ = prepared()
    params = pack(SacralParams(), fs, forward_known=forward_known)
    twin, kernel = NaiveSacral(params), Kernel(params, capacity=3500)
    for sample in signals:
        twin.sample(sample)
    twin.finish()
    for a, b in data.draw(cuts(len(signals))):
        kernel.push(signals[a:b])
    kernel.finish()
    agree(kernel, twin)
    assert len(kernel.steps) > 10


@pytest.mark.parametrize("forward_known", [True, False])
def test_finds_every_contact_of_a_simulated_run_and_nothing_else(forward_known):
    signals, fs, steps = prepared(24.0)
    kernel = Kernel(pack(SacralParams(), fs, forward_known=forward_known), capacity=6000)
    kernel.push(signals)
    kernel.finish()
    found = kernel.table()[:, S.R_IC] / fs
    true = np.array([s.ic_s for s in steps])
    inner = true[(true > found[0] - 0.1) & (true < found[-1] + 0.1)]
    assert len(inner) >= len(true) - 3  # the first and the last may lack a flight on one side
    assert len(found) == len(inner)
    assert np.abs(found - inner).max() < 0.05


def test_too_short_for_a_step_and_empty_input_give_nothing():
    signals, fs, _ = prepared()
    for n in (0, 1, int(0.05 * fs)):
        kernel = Kernel(pack(SacralParams(), fs, forward_known=True), capacity=100)
        kernel.push(signals[:n])
        kernel.finish()
        assert kernel.table().shape == (0, S.N_ROW)


def test_standing_gives_no_event_at_all():
    rng = np.random.default_rng(0)
    still = np.full((3000, rows.N_ROWS), 0.0)
    for row in (rows.IS, rows.DET_IS, rows.LOAD, rows.SHOCK, rows.ACTIVE):
        still[:, row] = G_MPS2 + rng.normal(0.0, 0.3, 3000)
    kernel = Kernel(parameters(True), capacity=3000)
    kernel.push(still)
    kernel.finish()
    assert kernel.live == []
    assert kernel.steps == []


@pytest.mark.parametrize("field", ["ahead_s", "back_s", "min_step_s", "timeout_s", "shock_s", "settle_s"])
def test_parameters_in_seconds_become_samples(field):
    values = {fs: pack(SacralParams(**{field: 0.4}), fs, forward_known=True) for fs in (100.0, 200.0)}
    default = pack(SacralParams(**{field: 0.8}), 100.0, forward_known=True)
    changed = np.flatnonzero(values[100.0] != default)
    assert len(changed) == 1
    assert values[100.0][changed[0]] == pytest.approx(40.0)
    assert values[200.0][changed[0]] == pytest.approx(80.0)
    assert default[changed[0]] == pytest.approx(80.0)
