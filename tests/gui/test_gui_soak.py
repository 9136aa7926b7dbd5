"""A short soak: nothing in the window grows with the length of the run."""

from __future__ import annotations

from collections import deque

from benchmarks.soak import soak


def test_the_window_does_not_grow_with_the_run(qtbot, monkeypatch) -> None:
    states = []
    from gui import live_state

    made = live_state.LiveState.__init__

    def remember(self, *args: object, **more: object) -> None:
        made(self, *args, **more)
        states.append(self)

    monkeypatch.setattr(live_state.LiveState, "__init__", remember)
    found = soak(0.2, frame_s=6.0, stretch_s=240.0, size=(960, 560))  # twelve minutes in 120 frames
    assert [round(s.minutes) for s in found] == [4, 8, 12]
    assert found[-1].steps > 1500
    assert found[-1].memory_mb - found[-2].memory_mb < 20.0
    state = states[-1]
    for name, value in vars(state).items():
        if isinstance(value, deque):
            assert value.maxlen is not None, name
        elif isinstance(value, (list, dict)):
            assert len(value) <= 100, name
