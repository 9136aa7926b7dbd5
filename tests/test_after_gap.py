"""After a gap: what differs from the undisturbed stream, how much after how long, and from when on nothing."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from after_gap import (
    LENGTHS_S,
    LIMB_LENGTHS_S,
    LIMBS,
    PAGE,
    RECORDED,
    SIMULATED,
    SIMULATED_LEGS,
    WINDOWS_S,
    Comparison,
    compared,
    faded,
    limb,
    limb_table,
    recorded_lines,
    recorded_runner,
    simulated_leg,
    simulated_lines,
    simulated_runner,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from pipeline_tools import push_all, simulated, stream_of

from imu.exchange.npz import read_npz
from imu.settings import Settings
from imu.types import Place

LOAD_G, CONTACT_MS = 0.01, 0.35
"""Largest differences just after a gap, once gravity has been followed for its memory of 8 s; they fade with it."""
EARLY = 2.0
"""Times as much where the gap comes before that."""
TIE_MS = 2.0
"""Of two samples that rise as steeply the other one may be taken: a contact then moves by a third of a sample."""
FROM_1_S = slice(1, None)


def checked(comparison: Comparison, times: float = 1.0) -> None:
    """Hold what every comparison with a simulated runner promises."""
    assert comparison.before > 0
    assert comparison.before_changed == comparison.invented == 0
    steps = ties = 0
    for window in comparison.windows[FROM_1_S]:
        assert window.missing == window.marked == window.sides == 0
        assert max(faded(window.load_g, times * LOAD_G), default=0.0) < 1.0
        ties += sum(share > 1.0 for share in faded(window.contact_ms, times * CONTACT_MS))
        steps += window.steps
        assert max((v for _, v in window.contact_ms), default=0.0) < TIE_MS
    assert ties <= max(1, 0.005 * steps)


@pytest.mark.parametrize("name", SIMULATED)
def test_what_a_gap_has_changed_fades_with_the_memory_of_gravity(name: str) -> None:
    mounting, early = SIMULATED[name]
    comparison = simulated_runner(mounting, early=early)
    checked(comparison, EARLY if early else 1.0)
    assert comparison.gaps == len(LENGTHS_S)
    sizes = [share for window in comparison.windows[1:5] for share in faded(window.load_g, LOAD_G)]
    assert max(sizes) > 0.4, "the bound is no tighter than it must be"


@pytest.mark.parametrize("name", SIMULATED)
def test_six_minutes_after_a_gap_steps_are_those_of_the_undisturbed_stream_to_the_last_bit(name: str) -> None:
    mounting, early = SIMULATED[name]
    last = simulated_runner(mounting, early=early).windows[-1]
    assert last.steps > 400
    assert last.changed == 0
    assert last.confidence < 1e-8  # what votes mean is learnt from all steps, so it never is quite the same


@settings(max_examples=12, deadline=None)
@given(at_s=st.floats(20.0, 30.0), length_s=st.floats(0.005, 12.0), mounting=st.sampled_from(["+y-x+z", None]))
def test_wherever_the_gap_is(at_s: float, length_s: float, mounting: str | None) -> None:
    stream, _ = simulated(75.0, standing_s=4.5, walking_s=0.0, seed=7)
    stream = replace(stream, settings=replace(stream.settings, mounting=mounting))
    checked(compared(stream, [at_s], [length_s]))


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_runs_say_the_same(name: str, stride_data) -> None:
    """There a step in a thousand stands at a threshold, and falls to the other side of it."""
    comparison = recorded_runner(name, stride_data)
    assert comparison.before > 900
    assert comparison.before_changed == comparison.invented == 0
    after = comparison.windows[FROM_1_S]
    assert sum(w.missing + w.marked for w in after) == 0
    assert sum(w.sides for w in after) <= 0.001 * sum(w.steps for w in after)
    for window in comparison.windows:
        assert max(faded(window.load_g, 1.5 * LOAD_G), default=0.0) < 1.0
    last = comparison.windows[-1]
    if last.steps:  # forward is learnt from walking steps alone where the mounting is not stated: they are few here
        assert max(v for _, v in last.load_g + last.contact_ms) == 0.0
        assert last.changed < 0.01 * last.steps


@pytest.mark.parametrize("name", SIMULATED)
def test_the_tables_in_the_documentation_are_true(name: str) -> None:
    page = PAGE.read_text("utf-8")
    for line in simulated_lines(name):
        assert line in page, "run `python -m tests.after_gap --write`"


@pytest.mark.parametrize("name", RECORDED)
def test_the_tables_of_recordings_are_true(name: str, stride_data) -> None:
    page = PAGE.read_text("utf-8")
    for line in recorded_lines(name, stride_data):
        assert line in page, "run `python -m tests.after_gap --write`"


# -- one leg ---------------------------------------------------------------------------------------------------------

LIMB_CONTACT_MS = 4.0
"""Running at the shank: toe-off is read along the leg's long axis, which follows gravity."""


@pytest.mark.parametrize(("place", "stride_s"), SIMULATED_LEGS)
def test_a_simulated_leg_goes_on_after_a_gap(place: Place, stride_s: float) -> None:
    comparison = simulated_leg(place, stride_s)
    assert comparison.gaps == 7 * len(LIMB_LENGTHS_S)
    assert comparison.before > 0
    assert comparison.before_changed == comparison.invented == 0
    for window in comparison.windows[FROM_1_S]:
        assert window.missing == 0
        assert max((v for _, v in window.ic_ms), default=0.0) < 0.01
        assert max((v for _, v in window.contact_ms), default=0.0) < CONTACT_MS
    # the first step after the gap says so; where the gap hid a contact it comes later than a second after it
    assert sum(w.marked for w in comparison.windows[2:]) == 0
    assert sum(w.steps for w in comparison.windows) > 1500


@pytest.mark.parametrize("name", LIMBS)
def test_recorded_legs_go_on_after_a_gap(name: str, stride_data) -> None:
    """At a turn contacts stand at the threshold, which the lost ones would have moved (set H)."""
    comparison = limb(name, stride_data)
    assert comparison.before > 10
    assert comparison.before_changed == 0
    after = comparison.windows[FROM_1_S]
    steps, wrong = sum(w.steps for w in after), sum(w.missing for w in after) + comparison.invented
    assert wrong <= (0.004 * steps if "turn" in name else 0.0002 * steps if "outdoors" in name else 0)
    for window in after:
        assert max((v for _, v in window.ic_ms), default=0.0) < 0.1
        assert max((v for _, v in window.contact_ms), default=0.0) < LIMB_CONTACT_MS


@pytest.mark.parametrize(("before", "after"), [("running", "walking"), ("walking", "running")])
@pytest.mark.parametrize("gap_s", [0.4, 2.0, 6.0])
def test_another_gait_after_a_gap_is_found_within_seconds(before: str, after: str, gap_s: float, stride_data) -> None:
    """What was learned does not fit then: one contact after four gaps is missed at most, within 4 s."""
    folder = stride_data / "B_shank_grf_treadmill"
    first, *_ = (stream_of(read_npz(p), Settings()) for p in sorted(folder.glob(f"*{before}*.npz")))
    fs = first.info.sampling_rate_hz
    hole = np.full((round(gap_s * fs), first.samples.shape[1]), np.nan)
    missed: list[float] = []
    gaps = 0
    for path in sorted(folder.glob(f"*{after}*.npz")):
        second = stream_of(read_npz(path), Settings())
        times = [s.ic_s for s in push_all(second).steps]
        for start in (round((2.0 + 0.3 * k) * fs) for k in range(4)):
            stream = replace(first, samples=np.vstack([first.samples, hole, second.samples[start:]]))
            shift_s = (first.n + len(hole) - start) / fs
            found = np.array([s.ic_s - shift_s for s in push_all(stream, drop_missing=True).steps])
            wanted = [t for t in times if start / fs + 1.0 < t < second.n / fs - 1.0]
            assert all(min(abs(t - u) for u in times) < 0.1 for t in found if start / fs + 1.0 < t < wanted[-1])
            missed += [t - start / fs for t in wanted if np.abs(found - t).min() > 0.1]
            gaps += 1
    assert len(missed) <= gaps / 4
    assert max(missed, default=0.0) < 4.0


def test_the_table_of_legs_is_true(stride_data) -> None:
    assert limb_table(stride_data) in PAGE.read_text("utf-8"), "run `python -m tests.after_gap --write`"


def test_windows_follow_each_other() -> None:
    assert [a for a, _ in WINDOWS_S[1:]] == [b for _, b in WINDOWS_S[:-1]]
    assert math.isinf(WINDOWS_S[-1][1])
