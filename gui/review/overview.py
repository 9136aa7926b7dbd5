"""What the overview of a run shows: every step, 30 s means with their interval, speeds, gaps, marks, cuts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from gui.i18n import Texts
from gui.review.blocks import Block, blocks_of
from gui.review.cues import cues_of, is_verdict, mark_words
from gui.review.run import Mark, Run, Span
from gui.review.words import speed_words
from imu import api
from imu.types import ActivityKind, FloatArray, IntArray, Quality, Side, Step

WINDOW_S: Final = 30.0
_EVERY_S: Final = 10.0
_MOST_MEANS: Final = 240
"""A run longer than 40 minutes gets its means farther apart, up to one per window."""
_FEWEST: Final = 10
_UNSURE: Final = Quality.AFTER_GAP | Quality.SATURATED | Quality.FROZEN
_LEAST_G: Final = 1.0


class Band(NamedTuple):
    """A stretch with its name over the plot."""

    start_s: float
    end_s: float
    text: str
    running: bool


class MeanLine(NamedTuple):
    """Means of 30 s of one side, one piece without a break; arrays of equal length."""

    side: Side
    t_s: FloatArray
    mean: FloatArray
    half: FloatArray


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that is painted, seconds on the recording's own clock.

    Attributes
    ----------
    steps : tuple of Step
        Running steps with a load, in the order of time; the arrays have one value per step.
    t_s, load_g : ndarray
    side : ndarray of int64
    unsure : ndarray of bool
        The load may read too low: after a gap, clipped, frozen; or cut out by the user.
    labels : tuple of str
        Text of each mark.
    cues : tuple of Band
        Blocks of the cue tests.
    feedback : tuple of (Span, float)
        The feedback line in g, stretch by stretch as it was set.
    """

    start_s: float
    end_s: float
    steps: tuple[Step, ...]
    t_s: FloatArray
    load_g: FloatArray
    side: IntArray
    unsure: np.ndarray[tuple[int], np.dtype[np.bool_]]
    bands: tuple[Band, ...]
    lines: tuple[MeanLine, ...]
    gaps: tuple[Span, ...]
    cuts: tuple[Span, ...]
    marks: tuple[Mark, ...]
    labels: tuple[str, ...]
    cues: tuple[Band, ...]
    feedback: tuple[tuple[Span, float], ...]
    low_g: float
    high_g: float

    def line_at(self, time_s: float) -> float | None:
        """Feedback line in force at a moment; None = there was none."""
        return next((g for span, g in self.feedback if span.start_s <= time_s < span.end_s), None)


def overview_of(run: Run, t: Texts, blocks: Sequence[Block] | None = None) -> Overview:
    """Collect what the overview of a run shows; its blocks are worked out where they are not given."""
    steps = tuple(s for s in run.steps if s.activity is ActivityKind.RUNNING and s.load_peak_g is not None)
    load = np.array([s.load_peak_g for s in steps], dtype=float)
    blocks = blocks_of(run) if blocks is None else blocks
    low, high = _range(load, [line_g for _, line_g in run.line_spans])
    sides = (Side.LEFT, Side.RIGHT) if run.sides_known else (Side.UNKNOWN,)
    every_s = max(_EVERY_S, min(run.duration_s / _MOST_MEANS, WINDOW_S))
    return Overview(
        start_s=run.start_s,
        end_s=max(run.end_s, run.start_s + 1.0),
        steps=steps,
        t_s=np.array([s.ic_s for s in steps], dtype=float),
        load_g=load,
        side=np.array([int(s.side) for s in steps], dtype=np.int64),
        unsure=np.array([bool(int(s.quality) & int(_UNSURE)) or run.is_cut(s.ic_s) for s in steps], dtype=bool),
        bands=_bands(run, blocks, t),
        lines=tuple(line for block in blocks for line in _lines(run, block, sides, every_s)),
        gaps=run.gaps,
        cuts=run.cuts,
        marks=_marks(run),
        labels=tuple(mark_words(m, t) for m in _marks(run)),
        cues=_cues(run, t),
        feedback=run.line_spans,
        low_g=low,
        high_g=high,
    )


def _range(load: FloatArray, lines: Sequence[float]) -> tuple[float, float]:
    """Range of the vertical axis in halves of g; a few wild steps, or a line far off, do not squeeze the others."""
    if len(load) == 0:
        return _LEAST_G, 3.0
    low, high = np.percentile(load, [0.2, 99.8])
    high = min(float(load.max()), high + 1.0)
    near = [line for line in lines if low - 1.0 <= line <= high + 1.0]
    low, high = min([low, *near]), max([high, *near])
    return math.floor((low - 0.05) / 0.5) * 0.5, math.ceil((high + 0.05) / 0.5) * 0.5


def _bands(run: Run, blocks: Sequence[Block], t: Texts) -> tuple[Band, ...]:
    bands = [
        Band(
            b.span.start_s,
            b.span.end_s,
            speed_words(b.speed_mps or None, t),
            True,
        )
        for b in blocks
    ]
    bands += [
        Band(a.start_s, a.end_s, t("review.walking"), False) for a in run.activity if a.kind is ActivityKind.WALKING
    ]
    return tuple(sorted(bands))


def renamed(shown: Overview, run: Run, t: Texts) -> Overview:
    """Return the same overview with its words in another language or unit of speed."""
    labels = tuple(mark_words(m, t) for m in shown.marks)
    return replace(shown, bands=_bands(run, blocks_of(run), t), labels=labels, cues=_cues(run, t))


def _marks(run: Run) -> tuple[Mark, ...]:
    return tuple(m for m in run.marks if m.kind in {"mark", "note", "swap_sides"} and not is_verdict(m))


def _cues(run: Run, t: Texts) -> tuple[Band, ...]:
    names = (t("cue.before"), t("cue.with"), t("cue.after"))
    return tuple(
        Band(block.start_s, block.end_s, name, k == 1)
        for tried in cues_of(run)
        for k, (block, name) in enumerate(zip(tried.blocks, names, strict=True))
    )


def _lines(run: Run, block: Block, sides: tuple[Side, ...], every_s: float) -> list[MeanLine]:
    """Mean of 30 s every so many seconds; a window that a gap or the block's end cuts short keeps what it has."""
    names = {Side.LEFT: "load_peak_left_g", Side.RIGHT: "load_peak_right_g", Side.UNKNOWN: "load_peak_g"}
    found: dict[Side, list[list[tuple[float, float, float]]]] = {side: [[]] for side in sides}
    if not block.steps:
        return []
    times = block.table.numbers("ic_s")
    first, last = times[0], times[-1]
    centre = first + min(WINDOW_S, last - first) / 2.0
    while centre <= last - min(WINDOW_S, last - first) / 2.0 + 1e-6:
        low, high = np.searchsorted(times, [centre - WINDOW_S / 2.0, centre + WINDOW_S / 2.0])
        chosen = block.table[int(low) : int(high)]
        numbers = api.window_loads(chosen, place=run.settings.place) if len(chosen) >= _FEWEST else {}
        gap = any(g.start_s <= centre < g.end_s for g in run.gaps)
        for side in sides:
            estimate = numbers.get(names[side])
            if gap or estimate is None or estimate.value is None:
                found[side].append([])
            else:
                found[side][-1].append((centre, estimate.value, estimate.half_width or 0.0))
        centre += every_s
    return [
        MeanLine(side, *(np.array(column) for column in zip(*piece, strict=True)))
        for side in sides
        for piece in found[side]
        if len(piece) > 1
    ]
