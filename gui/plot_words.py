"""What the plots show of a stretch of the run: signal, steps, and the words for gaps and marks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from gui.i18n import Texts
from gui.live_state import PLOT_SECONDS, GapSpan, LiveState, find_gaps, step_mark
from gui.numbers import clock, number
from gui.shown import GapShown, MarkShown, PlotShown
from imu.types import Snapshot

_MARGIN_S: Final = 1.0
"""A step that began so long before the left edge still reaches into the plot."""


def _gaps(gaps: Iterable[GapSpan], texts: Texts) -> list[GapShown]:
    return [
        GapShown(
            gap.start_s,
            gap.end_s,
            texts(
                "word.no_data_more" if gap.cut else "word.no_data_s",
                seconds=number(gap.end_s - gap.start_s, 2, texts.language),
            ),
        )
        for gap in gaps
    ]


def _marks(state: LiveState, texts: Texts, oldest: float, newest: float) -> tuple[MarkShown, ...]:
    return tuple(MarkShown(t, texts("word.mark", n=n)) for t, n in state.marks if oldest <= t <= newest)


def _line(state: LiveState) -> float | None:
    return state.line_g if state.line_g is None or math.isfinite(state.line_g) else None


def live_plot(state: LiveState, texts: Texts) -> PlotShown:
    """Return the newest `PLOT_SECONDS`, up to now."""
    now, snapshot = state.now_s, state.snapshot
    gaps = _gaps(state.gaps, texts)
    if state.silence_s > 0:
        seconds = number(state.status.stale_s, 1, texts.language)
        gaps.append(GapShown(state.newest_s, now, texts("word.no_data_s", seconds=seconds)))
    return PlotShown(
        now_s=now,
        t_s=snapshot.t_s,
        raw_g=snapshot.acc_is_g,
        load_g=snapshot.load_g,
        steps=state.step_marks(PLOT_SECONDS),
        gaps=tuple(gaps),
        marks=_marks(state, texts, now - PLOT_SECONDS, now),
        line_g=_line(state),
    )


def past_plot(state: LiveState, texts: Texts, snapshot: Snapshot, at_s: float, seconds: float) -> PlotShown:
    """Return the `seconds` before `at_s`, from a snapshot that reaches back so far; final steps only."""
    oldest = at_s - seconds - _MARGIN_S
    first, stop = np.searchsorted(snapshot.t_s, (oldest, at_s + 1e-9)).tolist()
    cut = Snapshot(*(column[first:stop] for column in snapshot))
    tenths = max(at_s - state.origin_s, 0.0)
    decimals = number(tenths % 1.0 // 0.1 / 10.0, 1, texts.language)[1:]
    return PlotShown(
        now_s=at_s,
        t_s=cut.t_s,
        raw_g=cut.acc_is_g,
        load_g=cut.load_g,
        steps=tuple(step_mark(s) for s in state.history if oldest <= s.ic_s <= at_s),
        gaps=tuple(_gaps(find_gaps(cut), texts)),
        marks=_marks(state, texts, oldest, at_s),
        line_g=_line(state),
        edge=clock(tenths) + decimals,
    )
