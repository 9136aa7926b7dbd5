"""Running, walking or neither: which steps are taken, in which order, and what the stretches say."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import median

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from naive_activity import NaiveGate
from strategies import MODEST, cuts

from imu.events.activity import ActivityGate, Candidate, activity_spans
from imu.kernels import gate as kernel
from imu.types import ActivityKind

FS = 100.0
RUN, WALK = ActivityKind.RUNNING, ActivityKind.WALKING


def runs(times, low=-0.2, report=0.42):
    """Running candidates, each reported at the next contact."""
    out = []
    for k, t in enumerate(times):
        following = times[k + 1] if k + 1 < len(times) else math.nan
        known = following + 0.05 if following - t < 1.0 else t + 1.0
        out.append(Candidate(t * FS, low, known * FS, following * FS if following - t < 1.0 else math.nan))
    return out


def walks(times, low=0.8, report=0.2):
    return [Candidate(t * FS, low, (t + report) * FS) for t in times]


def decide(running, walking, seconds=30.0, pieces=None, gate=None):
    gate = gate or ActivityGate(FS)
    out = []
    n = int(seconds * FS)
    for a, b in pieces or [(0, n)]:
        out += gate.push([c for c in running if a <= c.report < b], [c for c in walking if a <= c.report < b], b)
    return out + gate.flush(n)


def kinds(accepted):
    return [a.kind for a in accepted]


def test_walking_is_walking():
    times = 2.0 + 0.55 * np.arange(20)
    out = decide([], walks(times))
    assert kinds(out) == [WALK] * 20
    latency = [a.decided / FS - a.candidate.ic / FS for a in out]
    assert max(latency[2:]) < 0.21
    assert max(latency) < 1.5


def test_running_is_running_and_counted_once():
    times = 2.0 + 0.36 * np.arange(30)
    out = decide(runs(times), walks(times + 0.04, low=0.1))
    assert kinds(out) == [RUN] * 30
    assert not any(a.filled for a in out)
    np.testing.assert_allclose([a.candidate.ic / FS for a in out], times)


def test_fewer_than_three_steps_are_no_gait():
    assert decide([], walks([2.0, 2.6])) == []
    assert decide(runs([2.0, 2.35]), []) == []
    assert decide([], walks([2.0, 4.0, 6.0, 8.0])) == []
    assert decide([], []) == []


def test_flights_on_one_leg_only_are_no_run():
    # fast walking with a lateral sensor: every second step looks airborne
    times = 2.0 + 0.48 * np.arange(20)
    out = decide(runs(times[::2], low=0.1), walks(times, low=0.5))
    assert kinds(out) == [WALK] * 20


def test_now_and_then_a_flight_is_no_run():
    times = 2.0 + 0.5 * np.arange(20)
    running = [c._replace(low_g=0.15 if k in (5, 6, 12) else 0.3) for k, c in enumerate(runs(times))]
    assert kinds(decide(running, walks(times, low=0.4))) == [WALK] * 20


def test_walk_run_walk():
    first = 2.0 + 0.55 * np.arange(8)
    run = first[-1] + 0.45 + 0.36 * np.arange(20)
    last = run[-1] + 0.5 + 0.55 * np.arange(8)
    out = decide(runs(run), walks([*first, *last]) + walks(run + 0.03, low=0.1))
    assert kinds(out) == [WALK] * 8 + [RUN] * 20 + [WALK] * 8


def test_steps_into_a_run_from_standing_are_kept():
    run = 3.0 + 0.36 * np.arange(10)
    out = decide(runs(run), walks([2.6]) + walks(run + 0.03, low=0.1))
    assert kinds(out) == [WALK] + [RUN] * 10


def test_a_missed_running_step_is_filled_from_the_walking_detector():
    times = 2.0 + 0.36 * np.arange(20)
    seen = np.delete(times, 10)
    out = decide(runs(seen), walks(times + 0.02, low=0.3))
    assert kinds(out) == [RUN] * 20
    assert [k for k, a in enumerate(out) if a.filled] == [10]
    assert out[9].next_ic == out[10].candidate.ic
    assert abs(out[10].candidate.ic / FS - times[10]) < 0.05


def test_a_hole_without_a_walking_contact_stays():
    times = np.delete(2.0 + 0.36 * np.arange(20), 10)
    out = decide(runs(times), [])
    assert len(out) == 19
    assert not any(a.filled for a in out)


def test_unknown_flight_does_not_start_a_run():
    times = 2.0 + 0.36 * np.arange(6)
    assert decide(runs(times, low=math.nan), []) == []


def test_kind_now():
    gate = ActivityGate(FS)
    assert gate.kind_at(100) is ActivityKind.OTHER
    gate.push([], walks(1.0 + 0.5 * np.arange(6)), 420)
    assert gate.kind_at(400) is WALK
    assert gate.kind_at(1000) is ActivityKind.OTHER
    gate.push(runs(5.0 + 0.36 * np.arange(8)), [], 900)
    assert gate.kind_at(800) is RUN


@st.composite
def candidates(draw):
    """Any mixture of contacts, in the order of their reports."""
    n = draw(st.integers(0, 40))
    step = st.sampled_from([0.05, 0.2, 0.3, 0.36, 0.45, 0.55, 0.7, 1.0, 1.4, 3.0])
    low = st.sampled_from([-0.5, 0.1, 0.2, 0.3, 0.5, 0.9, math.nan])
    times = np.cumsum([draw(step) for _ in range(n)])
    seen = [draw(st.sampled_from(["run", "walk", "both"])) for _ in range(n)]
    run = runs([t for t, s in zip(times, seen, strict=True) if s != "walk"])
    run = [c._replace(low_g=draw(low)) for c in run]
    walk = [
        Candidate((t + draw(st.sampled_from([-0.03, 0.0, 0.04]))) * FS, draw(low), (t + draw(st.floats(0.1, 0.6))) * FS)
        for t, s in zip(times, seen, strict=True)
        if s != "run"
    ]
    walk = [
        c._replace(report=max(c.report, *(d.report for d in walk[: k + 1]))) if k else c for k, c in enumerate(walk)
    ]
    return run, walk


@MODEST
@given(both=candidates(), data=st.data())
def test_any_cut_gives_the_same_steps_in_time_order(both, data):
    running, walking = both
    whole = decide(running, walking, seconds=70.0)
    pieces = data.draw(cuts(7000))
    assert repr(decide(running, walking, seconds=70.0, pieces=pieces)) == repr(whole)
    ics = [a.candidate.ic for a in whole]
    assert all(b - a > 0.1 * FS for a, b in pairwise(ics))
    for a in whole:
        assert a.decided >= a.candidate.report or a.decided == 7000.0
        assert a.kind in (RUN, WALK)


@MODEST
@given(both=candidates(), data=st.data())
def test_the_gate_equals_its_slow_twin(both, data):
    running, walking = both
    pieces = data.draw(cuts(7000))
    quick = decide(running, walking, seconds=70.0, pieces=pieces)
    slow = decide(running, walking, seconds=70.0, pieces=pieces, gate=NaiveGate(FS))
    assert [(a.kind, a.filled) for a in quick] == [(a.kind, a.filled) for a in slow]
    numbers = [[(*a.candidate, a.next_ic, a.decided) for a in steps] for steps in (quick, slow)]
    np.testing.assert_array_equal(*numbers)


def test_more_contacts_than_can_be_held_are_decided_early():
    gate = ActivityGate(FS)
    run = 2.0 + 0.36 * np.arange(5)
    crowd = [Candidate(400.0 + 0.5 * k, 0.5, 500.0) for k in range(kernel.MAX_HELD + 5)]
    out = gate.push(runs(run), crowd, 501) + gate.flush(700)
    assert kinds(out)[:5] == [RUN] * 5
    assert len(out) <= 8


def test_median_is_that_of_the_library():
    rng = np.random.default_rng(2)
    for n in range(1, 8):
        values = rng.normal(size=n)
        assert kernel.median_of(values.copy(), n) == median(values.tolist())


@MODEST
@given(both=candidates())
def test_is_due_tells_when_time_alone_decides(both):
    gate = ActivityGate(FS)
    running, walking = both
    gate.push(running, walking, 6000)
    due = gate.is_due(7000)
    assert gate.is_due(6000) is False
    held = gate.push([], [], 7000)
    assert due or not held


# -- stretches -------------------------------------------------------------------------------------------------------


def spans_of(steps, still, start_s, end_s):
    times = np.array([t for t, _ in steps], dtype=float)
    return activity_spans(times, np.array([kind is RUN for _, kind in steps], dtype=float), still, start_s, end_s)


def as_pairs(spans):
    return [(round(s.start_s, 2), round(s.end_s, 2), s.kind.value) for s in spans]


def test_stretches_of_a_session():
    walk = [(t, WALK) for t in 5.0 + 0.5 * np.arange(10)]
    run = [(t, RUN) for t in 10.0 + 0.4 * np.arange(20)]
    spans = spans_of([*walk, *run], [(0.0, 4.0), (22.0, 30.0)], 0.0, 30.0)
    assert as_pairs(spans) == [
        (0.0, 4.0, "standing"),
        (4.0, 5.0, "other"),
        (5.0, 10.0, "walking"),
        (10.0, 18.0, "running"),
        (18.0, 22.0, "other"),
        (22.0, 30.0, "standing"),
    ]


def test_a_pause_parts_two_runs():
    run = [(t, RUN) for t in [*(1.0 + 0.4 * np.arange(5)), *(9.0 + 0.4 * np.arange(5))]]
    assert [s.kind.value for s in spans_of(run, [], 0.0, 20.0)] == [
        "other",
        "running",
        "other",
        "running",
        "other",
    ]


def test_nothing_at_all():
    assert spans_of([], [], 3.0, 3.0) == ()
    assert as_pairs(spans_of([], [], 0.0, 3.0)) == [(0.0, 3.0, "other")]


@MODEST
@given(
    steps=st.lists(st.tuples(st.floats(0.0, 50.0), st.sampled_from([RUN, WALK])), max_size=30),
    still=st.lists(st.floats(0.0, 60.0), max_size=8),
    end=st.floats(50.0, 60.0),
)
def test_stretches_cover_the_recording_once(steps, still, end):
    edges = sorted(still)
    quiet = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False) if b > a]
    spans = spans_of(sorted(steps, key=lambda s: s[0]), quiet, 0.0, end)
    assert spans[0].start_s == 0.0
    assert spans[-1].end_s == end
    for a, b in pairwise(spans):
        assert a.end_s == b.start_s
        assert a.kind is not b.kind
    assert all(s.end_s > s.start_s for s in spans)
