"""The pitch of the tone above the line, and the beats of the metronome."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu.feedback.sound import LINE_HZ, MOST_HZ, Beats, tone_hz


def test_silence_in_the_line_and_a_higher_tone_the_further_above() -> None:
    assert [tone_hz(g) for g in (None, float("nan"), -0.2, 0.0)] == [None] * 4
    assert tone_hz(1.0) == 2 * LINE_HZ
    tones = [tone_hz(g) for g in (0.01, 0.1, 0.5, 1.5, 9.0)]
    assert tones == sorted(tones)
    assert tones[-1] == MOST_HZ


def places(beats: Beats, cuts: list[int]) -> list[int]:
    at, found = 0, []
    for frames in cuts:
        found += [at + i for i in beats.within(frames)]
        at += frames
    return found


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=40), st.floats(120.0, 220.0))
def test_the_beats_do_not_depend_on_the_cuts(cuts: list[int], per_min: float) -> None:
    def beating() -> Beats:
        beats = Beats(1000)
        beats.set_tempo(per_min)
        return beats

    found = places(beating(), cuts)
    assert found == places(beating(), [sum(cuts)])
    assert all(0 <= at < sum(cuts) for at in found)


def test_an_hour_of_beats_does_not_drift() -> None:
    beats = Beats(48_000)
    beats.set_tempo(171.3)
    found = places(beats, [480] * (100 * 3600))
    assert len(found) == pytest.approx(171.3 * 60, abs=1)
    assert np.abs(np.array(found) - np.arange(len(found)) * 48_000 * 60 / 171.3).max() <= 1.0


def test_another_tempo_keeps_the_beat_that_was_coming_and_none_is_silence() -> None:
    beats = Beats(1000)
    assert beats.within(2000) == []
    beats.set_tempo(120.0)
    assert beats.within(700) == [0, 500]
    beats.set_tempo(120.0)  # the same again is no new beginning
    assert beats.within(500) == [300]
    beats.set_tempo(60.0)
    assert beats.within(2000) == [300, 1300]
    beats.set_tempo(None)
    assert beats.within(5000) == []
    beats.set_tempo(120.0)
    assert beats.within(600) == [0, 500]
    with pytest.raises(ValueError, match="0"):
        beats.set_tempo(0.0)
