"""A run in blocks of one speed and in minutes, each with its numbers.

The first 15 s after the start of running or a change of speed are left out of the numbers: a runner settles. Where that
leaves too little, everything is used and the block says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from gui.review.run import Run, Span
from imu import api
from imu.api import LineCount, Movement
from imu.constants import MPS_PER_KMH, S_PER_MIN
from imu.types import Step, StepTable

SETTLE_S: Final = 15.0
SAME_SPEED_KMH: Final = 0.3
"""Blocks whose speeds differ by no more count as one speed."""

_PAUSE_S: Final = 8.0
"""A pause of this length without a running step ends a block; a shorter one is a gap in the data or a stumble."""
_FEWEST_SETTLED: Final = 20
_SHORTEST_MINUTE: Final = 6
"""Steps that a minute needs to get numbers: three per side."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of running at one speed.

    Attributes
    ----------
    speed_mps : float or None
    span : Span
        First to last contact, the settling included.
    steps : tuple of Step
        Those behind the numbers.
    table : StepTable
        The same.
    settled : bool
        Whether the first 15 s were left out.
    """

    speed_mps: float | None
    span: Span
    steps: tuple[Step, ...]
    table: StepTable
    settled: bool


@dataclass(frozen=True, slots=True)
class AtSpeed:
    """All blocks of one speed together.

    Attributes
    ----------
    speed_mps : float or None
    blocks : tuple of Block
    summary : dict
        As of `imu.api.summarise`.
    movement : Movement or None
        What the samples say beside the steps; None = not looked at, see `gui.review.signal`.
    """

    speed_mps: float | None
    blocks: tuple[Block, ...]
    summary: dict[str, Any]
    movement: Movement | None = None

    @property
    def n_steps(self) -> int:
        """Steps behind the numbers."""
        return sum(len(b.steps) for b in self.blocks)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Steps behind the numbers, in the order of time."""
        return tuple(s for b in self.blocks for s in b.steps)

    @property
    def settled(self) -> bool:
        """Whether a runner who had still to settle was left out everywhere."""
        return all(b.settled for b in self.blocks)

    @property
    def left_out(self) -> bool:
        """Whether the first 15 s of some block were left out; a runner who ran before the recording had settled."""
        return any(b.settled and b.steps[0].ic_s > b.span.start_s for b in self.blocks)


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute of the run's own clock.

    Attributes
    ----------
    number : int
        From 1.
    span : Span
        Part of the minute that holds running, settling left out.
    speed_mps : float or None
        None where it is not known or changes within the minute.
    numbers : dict
        As of `imu.api.window_summary`.
    n_steps : int
    missing_s : float
        Seconds without data.
    marks : int
        Marks set in this minute.
    in_line : LineCount
        Steps in the feedback line, of those that were run while there was one.
    """

    number: int
    span: Span
    speed_mps: float | None
    numbers: dict[str, Any]
    n_steps: int
    missing_s: float
    marks: int
    in_line: LineCount


def same_speed(a: float | None, b: float | None) -> bool:
    """Whether two speeds in m/s count as equal; an unknown speed equals only another unknown one."""
    if a is None or b is None:
        return a is b
    return abs(a - b) <= SAME_SPEED_KMH * MPS_PER_KMH + 1e-9


def blocks_of(run: Run) -> tuple[Block, ...]:
    """Cut the running steps into blocks of one speed."""
    times = run.table.numbers("ic_s")
    if not len(times):
        return ()
    # the speed of a step is that of the last change before it
    changes = np.searchsorted([change.time_s for change in run.speeds], times, side="right")
    begins = [0]
    for k in np.flatnonzero((np.diff(changes) != 0) | (np.diff(times) > _PAUSE_S)).tolist():
        before_s, after_s = float(times[k]), float(times[k + 1])
        if run.speed_at(before_s) != run.speed_at(after_s) or _paused(run, before_s, after_s):
            begins.append(k + 1)
    return tuple(_block(run, first, stop) for first, stop in pairwise([*begins, len(times)]))


def _paused(run: Run, before_s: float, after_s: float) -> bool:
    if after_s - before_s <= _PAUSE_S:
        return False
    missing = sum(min(g.end_s, after_s) - max(g.start_s, before_s) for g in run.gaps if _overlap(g, before_s, after_s))
    return after_s - before_s - missing > _PAUSE_S


def _overlap(span: Span, start_s: float, end_s: float) -> bool:
    return span.start_s < end_s and span.end_s > start_s


def _block(run: Run, begin: int, stop: int) -> Block:
    times = run.table.numbers("ic_s")[begin:stop]
    first = float(times[0])
    span = Span(first, float(times[-1]))
    # running from the very first second of a recording: the runner was running before, nothing to settle
    from_s = first if first - run.start_s < 3.0 else first + SETTLE_S
    late = int(np.searchsorted(times, from_s))
    settled = len(times) - late >= min(_FEWEST_SETTLED, len(times))
    part = slice(begin + late if settled else begin, stop)
    table = run.table[part]
    return Block(run.speed_at(first), span, run.running[part], table, settled)


def by_speed(run: Run, blocks: Sequence[Block] | None = None) -> tuple[AtSpeed, ...]:
    """Put blocks of equal speed together; most steps first, unknown speed last.

    Parameters
    ----------
    run : Run
    blocks : sequence of Block or None
        None = all of the run.
    """
    groups: list[list[Block]] = []
    for block in blocks_of(run) if blocks is None else blocks:
        for group in groups:
            if same_speed(group[0].speed_mps, block.speed_mps):
                group.append(block)
                break
        else:
            groups.append([block])
    found = [_at_speed(run, group) for group in groups]
    return tuple(sorted(found, key=lambda a: (a.speed_mps is None, -a.n_steps)))


def _at_speed(run: Run, group: list[Block]) -> AtSpeed:
    steps = StepTable.join([b.table for b in group])
    return AtSpeed(group[0].speed_mps, tuple(group), api.summarise(steps, run.stream, run.settings))


def minutes_of(run: Run, blocks: Sequence[Block] | None = None) -> tuple[Minute, ...]:
    """Cut the run into minutes of its own clock; minutes without enough running are left out."""
    chosen = blocks_of(run) if blocks is None else blocks
    pieces: dict[int, list[tuple[float | None, StepTable]]] = {}
    for block in chosen:
        numbers = ((block.table.numbers("ic_s") - run.start_s) // S_PER_MIN).astype(np.int64)
        ends = [*(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
        for first, stop in pairwise([0, *ends]):
            pieces.setdefault(int(numbers[first]), []).append((block.speed_mps, block.table[first:stop]))
    minutes = (
        (k, {speed for speed, _ in found}, StepTable.join([table for _, table in found]))
        for k, found in sorted(pieces.items())
    )
    return tuple(_minute(run, k, speeds, steps) for k, speeds, steps in minutes if len(steps) >= _SHORTEST_MINUTE)


def _minute(run: Run, k: int, speeds: set[float | None], steps: StepTable) -> Minute:
    start, end = run.start_s + k * S_PER_MIN, run.start_s + (k + 1) * S_PER_MIN
    times = steps.numbers("ic_s")
    numbers = api.window_summary(steps, len(steps), place=run.settings.place)
    missing = sum(min(g.end_s, end) - max(g.start_s, start) for g in run.gaps if _overlap(g, start, end))
    return Minute(
        number=k + 1,
        span=Span(float(times[0]), float(times[-1])),
        speed_mps=next(iter(speeds)) if len(speeds) == 1 else None,
        numbers=numbers,
        n_steps=len(steps),
        missing_s=missing,
        in_line=api.count_in_line(steps, run.lines),
        marks=sum(start <= m.time_s < end and m.kind == "mark" for m in run.marks),
    )
