"""The pipeline: any cut gives the same bits, bad samples are gaps, and a gap never becomes a step."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pipeline_tools import Stream, bits, check_promises, column, push_all, running, simulated
from strategies import FEW, cuts

from imu.constants import G_MPS2
from imu.errors import SettingsError
from imu.events.pelvis import BRIDGE_S
from imu.pipeline import Pipeline
from imu.settings import Settings
from imu.types import Quality, SampleBlock, StreamInfo

PLACES = ("sacrum", "hip", "foot", "shank")


def placed(stream: Stream, place: str, mounting: str | None = "+y-x+z") -> Stream:
    return Stream(stream.samples, stream.info, Settings(place=place, mounting=mounting), stream.first)


@st.composite
def spoiled(draw: st.DrawFn) -> Stream:
    """A short run with walking and standing, in which things go wrong."""
    stream, _ = simulated(
        16.0, seed=draw(st.integers(0, 3)), standing_s=1.5, walking_s=4.0, running_s=8.0, sampling_rate_hz=100.0
    )
    samples = stream.samples.copy()
    fs = int(stream.info.sampling_rate_hz)
    for _ in range(draw(st.integers(0, 4))):
        a = draw(st.integers(0, len(samples) - 1))
        n = draw(st.sampled_from([1, 2, 5, 15, 40, 3 * fs]))
        kind = draw(st.sampled_from(["lost", "one axis lost", "infinite", "frozen", "saturated"]))
        if kind == "lost":
            samples[a : a + n] = np.nan
        elif kind == "one axis lost":
            samples[a : a + n, draw(st.integers(0, 2))] = np.nan
        elif kind == "infinite":
            samples[a : a + n, 1] = np.inf
        elif kind == "frozen":
            samples[a : a + n] = samples[a]
        else:
            samples[a : a + n, :3] = np.clip(8.0 * samples[a : a + n, :3], -16 * G_MPS2, 16 * G_MPS2)
    if draw(st.booleans()):
        samples = samples[draw(st.integers(0, 300)) :]
    place = draw(st.sampled_from(PLACES))
    mounting = draw(st.sampled_from(["+y-x+z", None]))
    return Stream(samples, stream.info, Settings(place=place, mounting=mounting), draw(st.sampled_from([0, 7, 10**9])))


@settings(FEW, max_examples=40)
@given(stream=spoiled(), data=st.data())
def test_any_cut_gives_the_same_bits(stream, data):
    whole = push_all(stream)
    pieces = data.draw(cuts(stream.n))
    assert bits(push_all(stream, pieces)) == bits(whole)


@settings(FEW, max_examples=20)
@given(stream=spoiled(), data=st.data())
def test_a_missing_sample_is_the_same_whether_left_out_or_given_as_nan(stream, data):
    bad = ~np.isfinite(stream.samples[:, :3]).all(axis=1)
    samples = stream.samples.copy()
    samples[bad] = np.nan
    stream = Stream(samples, stream.info, stream.settings, stream.first)
    whole = push_all(stream)
    assert bits(push_all(stream, data.draw(cuts(stream.n)), drop_missing=True)) == bits(whole)


@settings(FEW, max_examples=25)
@given(stream=spoiled())
def test_whatever_comes_in_the_steps_keep_their_promises(stream):
    check_promises(push_all(stream).steps)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("size", [1, 8])
def test_sample_by_sample_and_packet_by_packet_equal_the_whole(place, size):
    stream = placed(simulated(14.0, walking_s=3.0, standing_s=2.0)[0], place)
    pieces = [(a, min(stream.n, a + size)) for a in range(0, stream.n, size)]
    assert bits(push_all(stream, pieces)) == bits(push_all(stream))


def test_the_runs_of_these_tests_do_contain_steps():
    # else every test above would pass on nothing
    stream, true = simulated(14.0, walking_s=3.0, standing_s=2.0)
    assert len(running(push_all(placed(stream, "sacrum")).steps)) > 15
    assert len(true) > 15


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("samples", [np.empty((0, 6)), np.full((500, 6), np.nan), np.zeros((1, 6))])
def test_nothing_in_gives_nothing_out(place, samples):
    stream = Stream(samples, StreamInfo(208.0), Settings(place=place))
    result = push_all(stream)
    assert result.steps == []
    assert result.live == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("level", [0.0, G_MPS2, 16 * G_MPS2])
def test_a_constant_signal_gives_no_step(place, level):
    samples = np.zeros((3000, 6))
    samples[:, 1] = level
    assert push_all(Stream(samples, StreamInfo(208.0, acc_range_g=16.0), Settings(place=place))).steps == []


@pytest.mark.parametrize("mounting", ["+y-x+z", None])
def test_standing_gives_no_step(mounting):
    stream, _ = simulated(30.0, standing_s=30.0, walking_s=0.0, running_s=0.0)
    assert push_all(placed(stream, "sacrum", mounting)).steps == []


def test_leading_nan_rows_are_not_taken_for_missing_axes():
    stream = placed(simulated(14.0, walking_s=3.0, standing_s=2.0)[0], "sacrum")
    late = stream.without((0, 50))
    wanted = push_all(late).steps
    assert len(running(wanted)) > 15
    pieces = [(a, a + 1) for a in range(60)] + [(60, late.n)]
    assert push_all(late, pieces).steps == wanted


@pytest.mark.parametrize("rate", [20.0, 48.9, 0.0, -1.0, float("nan")])
def test_a_stream_too_slow_is_refused_with_advice(rate):
    with pytest.raises(SettingsError) as caught:
        Pipeline(Settings(), StreamInfo(rate))
    assert "100 Hz" in caught.value.hint


def test_a_block_from_the_past_is_refused():
    pipeline = Pipeline(Settings(), StreamInfo(208.0))
    pipeline.push(SampleBlock(0, np.ones((20, 6))))
    with pytest.raises(ValueError, match="already in"):
        pipeline.push(SampleBlock(19, np.ones((5, 6))))


@pytest.mark.parametrize("place", PLACES)
def test_a_block_that_is_no_table_is_refused(place):
    """The compiled code takes every block for a table: it must not see another."""
    pipeline = Pipeline(Settings(place=place, mounting="+y-x+z"), StreamInfo(208.0))
    pipeline.push(SampleBlock(0, np.ones((20, 6))))
    for shape in ((8,), (8, 6, 1)):
        with pytest.raises(ValueError, match="a table"):
            pipeline.push(SampleBlock(20, np.ones(shape)))
    pipeline.push(SampleBlock(20, np.ones((8, 6))))


def test_flush_gives_the_open_step_once():
    stream = placed(simulated(12.0, walking_s=2.0, standing_s=2.0)[0], "sacrum")
    pipeline = Pipeline(stream.settings, stream.info)
    pipeline.push(SampleBlock(0, stream.samples))
    assert len(pipeline.flush()) == 1
    assert pipeline.flush() == []


# -- gaps ------------------------------------------------------------------------------------------------------------


@st.composite
def holes(draw: st.DrawFn, n: int, longest: int) -> list[tuple[int, int]]:
    starts = draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=5))
    return [(a, min(n, a + draw(st.integers(1, longest)))) for a in starts]


@FEW
@given(data=st.data(), mounting=st.sampled_from(["+y-x+z", None]))
def test_a_gap_never_becomes_a_step(data, mounting):
    stream, true = simulated(20.0, standing_s=1.0, walking_s=0.0)
    stream = placed(stream, "sacrum", mounting)
    lost = data.draw(holes(stream.n, 400))
    steps = running(push_all(stream.without(*lost)).steps)
    fs = stream.info.sampling_rate_hz
    for step in steps:
        for a, b in lost:
            inside = step.tc_s is not None and step.ic_s < a / fs and step.tc_s > b / fs
            assert not inside or Quality.AFTER_GAP in step.quality, (step, (a / fs, b / fs))
            if b - a <= BRIDGE_S * fs:
                continue  # a short loss leaves the events around it, and the step says so
            for end in (step.tc_s, None if step.step_time_s is None else step.ic_s + step.step_time_s):
                # neither a stance nor a step time reaches across a longer one
                assert end is None or not (step.ic_s < a / fs and end > b / fs), (step, (a / fs, b / fs))
    ic = np.array([t.ic_s for t in true])
    assert len(steps) <= len(true)
    for step in steps:  # every contact is a true one, none was invented; beside a gap it may be found by walking alone
        near = 0.1 if step.quality & (Quality.AFTER_GAP | Quality.NO_TOE_OFF) else 0.05
        assert np.abs(ic - step.ic_s).min() < near


@FEW
@given(at=st.floats(3.0, 13.0), length=st.floats(0.005, 3.0), mounting=st.sampled_from(["+y-x+z", None]))
def test_steps_after_a_gap_equal_those_of_the_undisturbed_run(at, length, mounting):
    stream, _ = simulated(20.0, standing_s=2.0, walking_s=0.0)
    stream = placed(stream, "sacrum", mounting)
    fs = stream.info.sampling_rate_hz
    end = at + length
    disturbed = running(push_all(stream.without((int(at * fs), int(end * fs) + 1))).steps)
    calm = running(push_all(stream).steps)
    # Gravity has missed some data, so amplitudes may differ a little; contacts are the same ones.
    resynced = end + 1.0
    after = [s for s in disturbed if s.ic_s > resynced]
    wanted = [s for s in calm if s.ic_s > resynced]
    assert len(after) == len(wanted) > 5
    np.testing.assert_allclose(column(after, "ic_s"), column(wanted, "ic_s"), atol=0.005)
    np.testing.assert_allclose(column(after, "contact_time_s"), column(wanted, "contact_time_s"), atol=0.008)
    np.testing.assert_allclose(column(after, "load_peak_g"), column(wanted, "load_peak_g"), atol=0.03)
    # the shock window ends on a steep flank, where half a millisecond can move a single value
    off = np.abs(column(after, "shock_peak_g") - column(wanted, "shock_peak_g"))
    assert np.nanpercentile(off, 90) < 0.05
    before = [s for s in disturbed if s.ic_s < at - 0.6]
    assert [replace_none(s) for s in before] == [replace_none(s) for s in calm[: len(before)]]
    # at most the steps that the gap touches are missing
    assert len(disturbed) >= len(calm) - (length + 0.4) / 0.3 - 2


def replace_none(step):
    return (step.ic_s, step.tc_s, step.load_peak_g)


def test_the_first_step_after_a_gap_says_so_and_is_an_edge():
    stream = placed(simulated(20.0, standing_s=2.0, walking_s=0.0)[0], "sacrum")
    fs = stream.info.sampling_rate_hz
    steps = push_all(stream.without((int(10 * fs), int(10.5 * fs)))).steps
    flagged = [s for s in steps if Quality.AFTER_GAP in s.quality]
    assert len(flagged) == 1
    assert 10.5 <= flagged[0].ic_s < 11.2
    last_before = steps[flagged[0].index - 1]
    assert last_before.step_time_s is None
    assert Quality.EDGE in last_before.quality


# -- saturated and frozen --------------------------------------------------------------------------------------------


def test_a_clipped_peak_marks_its_step_and_only_that():
    stream = placed(simulated(16.0, standing_s=2.0, walking_s=0.0)[0], "sacrum")
    calm = running(push_all(stream).steps)
    target = calm[10]
    samples = stream.samples.copy()
    at = int((target.ic_s + 0.08) * stream.info.sampling_rate_hz)
    samples[at, 1] = 16 * G_MPS2
    steps = running(push_all(Stream(samples, stream.info, stream.settings)).steps)
    marked = [s for s in steps if Quality.SATURATED in s.quality]
    assert [s.index for s in marked] == [target.index]
    pipeline = Pipeline(stream.settings, stream.info)
    pipeline.push(SampleBlock(0, samples))
    assert pipeline.saturated_samples == 1


def test_a_frozen_sensor_gives_no_steps_while_it_hangs_and_marks_those_it_touches():
    stream = placed(simulated(20.0, standing_s=2.0, walking_s=0.0)[0], "sacrum")
    fs = stream.info.sampling_rate_hz
    samples = stream.samples.copy()
    a, b = int(9 * fs), int(13 * fs)
    samples[a:b] = samples[a]
    steps = running(push_all(Stream(samples, stream.info, stream.settings)).steps)
    assert not [s for s in steps if 9.3 < s.ic_s < 12.9]
    for step in steps:
        if step.step_time_s is not None and step.contact_time_s is not None and step.contact_time_s > 0.6:
            assert Quality.FROZEN in step.quality
    assert len([s for s in steps if s.ic_s > 13.5]) > 10


# -- what else comes out ---------------------------------------------------------------------------------------------


def test_live_events_come_in_order_and_belong_to_the_steps_that_follow():
    stream = placed(simulated(16.0, standing_s=2.0, walking_s=0.0)[0], "sacrum")
    pieces = [(a, min(stream.n, a + 8)) for a in range(0, stream.n, 8)]
    result = push_all(stream, pieces)
    by_step: dict[int, dict[int, float]] = {}
    for event in result.live:
        kinds = by_step.setdefault(event.step_index, {})
        assert all(kind < int(event.kind) for kind in kinds), event  # contact, load peak, toe-off; each once
        kinds[int(event.kind)] = event.time_s
        assert math.isnan(event.value) == (int(event.kind) != 2)
    spoken_for = [s for s in result.steps if s.index in by_step]
    assert len(spoken_for) > 20
    assert len(spoken_for) >= len(running(result.steps)) - 4  # a bout has to be recognised first
    for step in spoken_for:
        events = by_step[step.index]
        assert events.get(1, step.ic_s) == step.ic_s
        if step.tc_s is not None:
            assert events[3] == step.tc_s
            assert events[2] == pytest.approx(step.load_peak_s, abs=0.02)


def test_the_snapshot_shows_the_newest_signal_in_g_with_gaps_as_gaps():
    stream = placed(simulated(12.0, standing_s=2.0, walking_s=0.0)[0], "sacrum")
    fs = stream.info.sampling_rate_hz
    pipeline = Pipeline(stream.settings, stream.info, history_s=3.0)
    cut = 1900
    pipeline.push(SampleBlock(0, stream.samples[:cut]))
    pipeline.push(SampleBlock(cut + 50, stream.samples[cut + 50 :], 50))
    shot = pipeline.snapshot(2.0)
    assert len(shot.t_s) == len(shot.acc_is_g) == len(shot.load_g) == round(2.0 * fs)
    np.testing.assert_allclose(np.diff(shot.t_s), 1.0 / fs, rtol=1e-9)
    assert shot.t_s[-1] == pytest.approx((stream.n - 1) / fs)
    index = np.rint(shot.t_s * fs).astype(int)
    np.testing.assert_array_equal(np.isnan(shot.acc_is_g), (index >= cut) & (index < cut + 50))
    vertical = stream.samples[index, 1] / G_MPS2  # +y is up, but for some degrees of tilt
    good = np.isfinite(shot.acc_is_g)
    assert np.corrcoef(vertical[good], shot.acc_is_g[good])[0, 1] > 0.99
    steady = np.isfinite(shot.load_g) & (index > cut + 150)
    assert np.corrcoef(shot.load_g[steady], shot.acc_is_g[steady])[0, 1] > 0.9  # shifted back onto the trace


def test_without_history_there_is_no_snapshot():
    pipeline = Pipeline(Settings(), StreamInfo(208.0))
    assert len(pipeline.snapshot(5.0).t_s) == 0
