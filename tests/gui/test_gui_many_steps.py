"""A long run from arrays: blocks, minutes and means are those that the steps one by one give, to the last bit."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from made_run import made_run

from gui.i18n import Texts
from gui.review.blocks import Block, blocks_of, by_speed, minutes_of
from gui.review.overview import overview_of
from gui.review.run import Run, Span, SpeedChange
from imu import api
from imu.constants import S_PER_MIN
from imu.types import ActivityKind, Estimate, LineChange, Quality, Side, Step, StepTable


def odd_run(seed: int, *, sides: bool = True) -> Run:
    """Scattered steps with what occurs: missing values, flags, walking, pauses, gaps, cuts, changes of speed."""
    rng = random.Random(seed)
    base = made_run(1500.0, sides=sides)

    def odd(step: Step) -> Step:
        quality = Quality.OK
        for flag in (Quality.AFTER_GAP, Quality.SATURATED, Quality.FROZEN):
            if rng.random() < 0.02:
                quality |= flag
        return replace(
            step,
            activity=ActivityKind.WALKING if 700.0 < step.ic_s < 760.0 else ActivityKind.RUNNING,
            side=Side.UNKNOWN if rng.random() < 0.03 else step.side,
            load_peak_g=None if rng.random() < 0.03 else rng.gauss(2.6, 0.2),
            contact_time_s=None if rng.random() < 0.03 else rng.gauss(0.24, 0.01),
            step_time_s=rng.gauss(1 / 3, 0.01) * (2.0 if rng.random() < 0.01 else 1.0),
            quality=quality,
        )

    steps = tuple(odd(s) for s in base.steps if not (300.0 < s.ic_s < 330.0 or rng.random() < 0.01))
    return replace(
        base,
        steps=steps,
        speeds=(SpeedChange(0.0, 2.5), SpeedChange(400.0, 2.5), SpeedChange(431.0, 3.0), SpeedChange(1100.0, None)),
        gaps=(Span(100.0, 103.1), Span(905.0, 921.0)),
        cuts=(Span(600.0, 640.0),),
        lines=(LineChange(50.0, 2.6), LineChange(615.0, 2.4), LineChange(1300.0, None)),
    )


def slow_blocks(run: Run) -> list[list[Step]]:
    """Running steps of one speed without a pause of 8 s that no gap explains."""
    groups: list[list[Step]] = []
    for step in run.running:
        before = groups[-1][-1] if groups else None
        if before is not None:
            pause = step.ic_s - before.ic_s
            missing = sum(max(min(g.end_s, step.ic_s) - max(g.start_s, before.ic_s), 0.0) for g in run.gaps)
            same = run.speed_at(step.ic_s) == run.speed_at(before.ic_s)
            if same and not (pause > 8.0 and pause - missing > 8.0):
                groups[-1].append(step)
                continue
        groups.append([step])
    return groups


def settled(run: Run, group: list[Step]) -> list[Step]:
    first = group[0].ic_s
    late = [s for s in group if s.ic_s >= (first if first - run.start_s < 3.0 else first + 15.0)]
    return late if len(late) >= min(20, len(group)) else group


RUNS = [odd_run(1), odd_run(2), odd_run(3, sides=False), made_run(90.0), replace(made_run(), steps=())]


@pytest.mark.parametrize("run", RUNS)
def test_blocks_are_those_of_the_steps_one_by_one(run: Run) -> None:
    groups = slow_blocks(run)
    blocks = blocks_of(run)
    assert [list(b.steps) for b in blocks] == [settled(run, g) for g in groups]
    assert [b.span for b in blocks] == [Span(g[0].ic_s, g[-1].ic_s) for g in groups]
    assert [b.speed_mps for b in blocks] == [run.speed_at(g[0].ic_s) for g in groups]
    for block in blocks:
        assert block.table == block.steps
    for at in by_speed(run, blocks):
        assert at.summary == api.summarise(at.steps, run.stream, run.settings)


@pytest.mark.parametrize("run", RUNS)
def test_minutes_have_the_numbers_of_their_steps_to_the_last_bit(run: Run) -> None:
    by_number: dict[int, list[Step]] = {}
    for group in slow_blocks(run):
        for step in settled(run, group):
            by_number.setdefault(int((step.ic_s - run.start_s) // S_PER_MIN), []).append(step)
    wanted = {k: steps for k, steps in sorted(by_number.items()) if len(steps) >= 6}
    minutes = minutes_of(run)
    assert [m.number - 1 for m in minutes] == list(wanted)
    for minute, steps in zip(minutes, wanted.values(), strict=True):
        assert minute.numbers == api.window_summary(steps, len(steps), place=run.settings.place)
        assert minute.n_steps == len(steps)
        assert minute.span == Span(steps[0].ic_s, steps[-1].ic_s)
        speeds = {run.speed_at(s.ic_s) for s in steps}
        assert minute.speed_mps == (speeds.pop() if len(speeds) == 1 else None)
        assert minute.in_line == api.count_in_line(steps, run.lines)


def means(block: Block, name: str, run: Run, every_s: float) -> list[tuple[float, float, float]]:
    times = np.array([s.ic_s for s in block.steps])
    half = min(30.0, times[-1] - times[0]) / 2.0
    found, centre = [], times[0] + half
    while centre <= times[-1] - half + 1e-6:
        chosen = [s for s in block.steps if centre - 15.0 <= s.ic_s < centre + 15.0]
        if len(chosen) >= 10 and not any(g.start_s <= centre < g.end_s for g in run.gaps):
            estimate = api.window_summary(chosen, len(chosen), place=run.settings.place)[name]
            assert isinstance(estimate, Estimate)
            if estimate.value is not None:
                found.append((centre, estimate.value, estimate.half_width or 0.0))
        centre += every_s
    return found


@pytest.mark.parametrize("run", RUNS[:3])
def test_mean_lines_have_the_numbers_of_their_steps_to_the_last_bit(run: Run) -> None:
    shown = overview_of(run, Texts("en"))
    assert shown.lines
    names = {Side.LEFT: "load_peak_left_g", Side.RIGHT: "load_peak_right_g", Side.UNKNOWN: "load_peak_g"}
    for side in {line.side for line in shown.lines}:
        drawn = {
            p for line in shown.lines if line.side is side for p in zip(line.t_s, line.mean, line.half, strict=True)
        }
        wanted = {p for block in blocks_of(run) for p in means(block, names[side], run, 10.0)}
        assert drawn <= wanted
        assert len(drawn) >= len(wanted) - 2 * len(blocks_of(run)) - 2 * len(run.gaps)  # a single point is no line


def test_a_table_of_steps_is_equal_to_its_steps_and_joins() -> None:
    steps = RUNS[0].running
    table = StepTable.of(steps)
    assert StepTable.of(table) is table
    assert table == steps
    assert StepTable.join([table[:10], table[10:11], table[11:]]) == steps
    assert len(StepTable.join([])) == len(StepTable.of(())) == 0
    assert math.isnan(StepTable.of([replace(steps[0], load_peak_g=None)]).numbers("load_peak_g")[0])
