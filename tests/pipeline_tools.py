"""What the pipeline's tests share: runs to look at, ways to cut and to spoil them, and how steps are compared."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from imu.acquisition.simulator import Simulation, simulate_recording
from imu.pipeline import Pipeline
from imu.settings import Settings
from imu.types import ActivityKind, LiveEvent, Recording, SampleBlock, Step, StreamInfo

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class Stream:
    """All samples of a stream from its first index on; a missing sample is a NaN row."""

    samples: Array
    info: StreamInfo
    settings: Settings
    first: int = 0

    def __repr__(self) -> str:
        s = self.settings
        return f"Stream({self.n} samples from {self.first}, {self.info.sampling_rate_hz} Hz, {s.place}, {s.mounting})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))  # hypothesis would print every sample of a dataclass

    @property
    def n(self) -> int:
        return len(self.samples)

    def without(self, *holes: tuple[int, int]) -> Stream:
        """The same with holes (half-open)."""
        samples = self.samples.copy()
        for a, b in holes:
            samples[a:b] = np.nan
        return replace(self, samples=samples)


@dataclass(frozen=True)
class Result:
    steps: list[Step]
    live: list[LiveEvent]


def push_all(stream: Stream, pieces: list[tuple[int, int]] | None = None, *, drop_missing: bool = False) -> Result:
    """Run a pipeline over a stream, cut into pieces.

    `drop_missing`: missing samples are left out, as a decoder does, so that the index jumps; otherwise they are NaN
    rows inside the blocks, as a file has them.
    """
    pipeline = Pipeline(stream.settings, stream.info)
    steps: list[Step] = []
    live: list[LiveEvent] = []
    for a, b in pieces or [(0, stream.n)]:
        for c, d in _present(stream.samples, a, b) if drop_missing else [(a, b)]:
            steps += pipeline.push(SampleBlock(stream.first + c, stream.samples[c:d]))
            live += pipeline.drain_events()
    steps += pipeline.flush()
    live += pipeline.drain_events()
    return Result(steps, live)


def _present(samples: Array, a: int, b: int) -> list[tuple[int, int]]:
    good = np.isfinite(samples[a:b, :3]).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], good.astype(int), [0]))))
    return [(a + int(c), a + int(d)) for c, d in edges.reshape(-1, 2)]


def stream_of(recording: Recording, settings: Settings, *, last_s: float = math.inf) -> Stream:
    """A recording as one array, its gaps as NaN rows."""
    first = recording.blocks[0].start_index
    n = min(recording.blocks[-1].stop_index - first, int(min(last_s, 1e9) * recording.stream.sampling_rate_hz))
    samples = np.full((n, recording.blocks[0].samples.shape[1]), np.nan)
    for block in recording.blocks:
        a = block.start_index - first
        if a < n:
            samples[a : a + block.n] = block.samples[: n - a]
    return Stream(samples, recording.stream, settings.with_suggestions(recording.suggested), first)


@lru_cache(maxsize=64)
def simulated(seconds: float, **simulation: Any) -> tuple[Stream, tuple[Any, ...]]:
    """A simulated run and its true running steps, those that the end cuts off included."""
    recording, truth = simulate_recording(Simulation(**simulation), seconds + 1.0)
    stream = stream_of(recording, Settings(), last_s=seconds)
    stream.samples.flags.writeable = False
    return stream, tuple(s for s in truth.steps if s.activity is ActivityKind.RUNNING and s.ic_s < seconds)


def column(steps: list[Step], name: str) -> Array:
    return np.array([np.nan if (v := getattr(s, name)) is None else float(v) for s in steps])


def running(steps: list[Step]) -> list[Step]:
    return [s for s in steps if s.activity is ActivityKind.RUNNING]


def bits(result: Result) -> tuple[Any, ...]:
    """Everything that came out, comparable: NaN equals NaN here."""
    live = [tuple("nan" if isinstance(v, float) and math.isnan(v) else v for v in event) for event in result.live]
    return tuple(result.steps), tuple(live)


def check_promises(steps: list[Step]) -> None:
    """What every list of steps keeps, whatever the input was."""
    assert [s.index for s in steps] == list(range(len(steps)))
    for step, later in zip(steps, [*steps, None][1:], strict=True):
        for f in fields(step):
            value = getattr(step, f.name)
            assert not (isinstance(value, float) and not math.isfinite(value)), (f.name, step)
        assert 0.0 <= step.side_confidence <= 1.0
        if later is not None:
            assert later.ic_s > step.ic_s
            if step.step_time_s is not None and later.activity is step.activity:
                # A contact that only the walking detector saw to its end stands in for the one that was expected.
                stand_in = not {"after_gap", "no_toe_off"}.isdisjoint(later.quality.words())
                within = 0.1 if stand_in else 1e-6
                assert math.isclose(later.ic_s, step.ic_s + step.step_time_s, abs_tol=within), (step, later)
        words = step.quality.words()
        if step.tc_s is not None:
            assert step.tc_s > step.ic_s
            assert later is None or step.tc_s < later.ic_s + 1e-9
            assert step.contact_time_s is not None
            assert math.isclose(step.contact_time_s, step.tc_s - step.ic_s, abs_tol=1e-6)
        assert (step.contact_time_s is None) == ("no_toe_off" in words) or step.activity is ActivityKind.WALKING
        if step.contact_time_s is not None and step.flight_time_s is not None:
            assert step.step_time_s is not None
            assert math.isclose(step.contact_time_s + step.flight_time_s, step.step_time_s, abs_tol=1e-6)
        if step.duty_factor is not None:
            assert 0.0 < step.duty_factor < 1.0
        if step.activity is ActivityKind.WALKING:
            assert "walking" in words
            running_only = (step.load_peak_g, step.load_peak_s, step.shock_peak_g, step.vgrf_peak_bw)
            assert running_only == (None, None, None, None)
        elif step.load_peak_s is not None and step.tc_s is not None:
            assert step.ic_s < step.load_peak_s < step.tc_s, step
        for latency in (step.ic_latency_s, step.load_latency_s):
            assert latency is None or 0.0 <= latency < 1.5
