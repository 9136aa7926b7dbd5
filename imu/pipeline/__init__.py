"""The pipeline: blocks of samples in, finished steps out; the same code for a live sensor and for a stored recording.

However the input is cut into blocks, the steps are equal bit for bit. Nothing here reads a clock, a file or a global.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from imu.constants import G_MPS2, MIN_SAMPLING_RATE_HZ, RATE_TOLERANCE
from imu.errors import SettingsError
from imu.events.front import MAX_BLOCK
from imu.metrics.summary import summarise
from imu.pipeline.limb import LimbSteps
from imu.pipeline.pelvis import PelvisSteps
from imu.settings import Settings
from imu.types import (
    ActivityKind,
    ActivitySpan,
    Analysis,
    Anchor,
    FloatArray,
    LiveEvent,
    LiveKind,
    Place,
    Recording,
    SampleBlock,
    Side,
    Snapshot,
    Step,
    StreamInfo,
)

_MAX_EVENTS = 4096
_FLOAT64 = np.dtype(np.float64)


class Pipeline:
    """Online analysis of one sensor.

    Parameters
    ----------
    settings : Settings
    stream : StreamInfo
    history_s : float
        Seconds of signal kept for `snapshot`; 0 = none (analysis of files).
    live_events : bool
        Whether `drain_events` gives events before their step is finished; nobody waits for them in a file.
    whole : bool
        Whether steps are kept for `table` instead of being given out by `push` and `flush`: nobody waits for them in
        a file either, and a Step for each of an hour's 10,000 rows takes longer than the analysis.

    Raises
    ------
    SettingsError
        The stream is slower than 50 Hz.
    """

    def __init__(
        self,
        settings: Settings,
        stream: StreamInfo,
        *,
        history_s: float = 0.0,
        live_events: bool = True,
        whole: bool = False,
    ) -> None:
        if not stream.sampling_rate_hz >= RATE_TOLERANCE * MIN_SAMPLING_RATE_HZ:
            raise SettingsError(
                "sampling_rate_hz",
                f"{stream.sampling_rate_hz:.3g} Hz is too slow: contacts cannot be timed below "
                f"{MIN_SAMPLING_RATE_HZ:.0f} Hz.",
                hint="Set the sensor to 100 Hz or more; 200 Hz is best.",
            )
        self.settings = settings
        self.stream = stream
        self._history_samples = round(history_s * stream.sampling_rate_hz)
        self._steps: PelvisSteps | LimbSteps | None = None  # made at the first reading, which tells the axes there are
        self._head = 0
        self._events: deque[tuple[float, ...]] = deque(maxlen=_MAX_EVENTS)
        self._live = self._events.append if live_events else None
        self._whole = whole

    def push(self, block: SampleBlock) -> list[Step]:
        """Take the next block; return the steps that it finished.

        Parameters
        ----------
        block : SampleBlock
            May be of any length, also empty. `start_index` beyond the last block's end is a gap.

        Raises
        ------
        ValueError
            The block starts before the end of the one before, or is no table: the source is at fault.
        """
        start, samples, _ = block
        if (
            start == self._head
            and self._steps is not None
            and samples.dtype is _FLOAT64
            and samples.flags.carray
            and samples.ndim == 2
            and len(samples) <= MAX_BLOCK
        ):
            steps = self._steps.push(samples, start)
            if steps is not None:
                self._head = start + len(samples)
                return steps
        return self._push_slowly(block)

    def flush(self) -> list[Step]:
        """End of the stream: give out what is open."""
        return [] if self._steps is None else self._steps.finish(self._head)

    def table(self) -> Sequence[Step]:
        """Return the steps of a stream that was analysed as a whole."""
        return () if self._steps is None else self._steps.table()

    def _push_slowly(self, block: SampleBlock) -> list[Step]:
        """First block, gaps, long blocks, and samples that are not numbers."""
        if block.start_index < self._head:
            raise ValueError(f"block starts at sample {block.start_index}, but {self._head} are already in")
        if block.samples.ndim != 2:
            raise ValueError(f"a block is a table of samples and axes, not of shape {block.samples.shape}")
        out: list[Step] = []
        # Kernels are compiled for one kind of array; another would compile them anew, in the middle of a run.
        block = block._replace(samples=np.require(block.samples, np.float64, ["C", "A", "W"]))
        if self._steps is None:
            first = _first_reading(block.samples)
            if first < 0:
                return out
            self._steps = self._make_steps(block.samples[first])
            self._head = block.start_index + first
            block = SampleBlock(self._head, block.samples[first:])
        for begin in range(0, len(block.samples), MAX_BLOCK):
            piece = block.samples[begin : begin + MAX_BLOCK]
            start = block.start_index + begin
            steps = self._steps.push(piece, start) if start == self._head else None
            if steps is None:
                out += self._push_stretches(piece, start, self._steps)
            else:
                out += steps
                self._head = start + len(piece)
        return out

    def _push_stretches(self, samples: FloatArray, start_index: int, steps: PelvisSteps | LimbSteps) -> list[Step]:
        """Push what is numbers of at most MAX_BLOCK samples, with gaps between."""
        out: list[Step] = []
        for start, stop in _stretches(samples, steps.front.is_sample):
            missing = start_index + start - self._head
            if missing > 0 and stop > start:
                out += steps.gap(self._head, missing)
                self._head += missing
            out += steps.push(samples[start:stop], self._head) or []
            self._head += stop - start
        return out

    def _make_steps(self, reading: FloatArray) -> PelvisSteps | LimbSteps:
        x, y, z = (bool(np.isfinite(v)) for v in reading[:3])
        kind = PelvisSteps if self.settings.place in {Place.SACRUM, Place.HIP} else LimbSteps
        return kind(self.settings, self.stream, (x, y, z), self._history_samples, self._live, whole=self._whole)

    def set_speed(self, speed_mps: float | None) -> None:
        """State the speed from the next step on."""
        if isinstance(self._steps, PelvisSteps):
            self._steps.set_speed(speed_mps)
        self.settings = replace(self.settings, speed_mps=speed_mps)

    def anchor_worn(self, as_stated: bool, confidence: float) -> None:
        """State how a pelvis sensor is worn, from here on: as its mounting says, or back to front."""
        if isinstance(self._steps, PelvisSteps):
            self._steps.anchor_worn(as_stated, confidence)

    def drain_events(self) -> list[LiveEvent]:
        """Live events since the last call."""
        events = [_live_event(*row) for row in self._events]
        self._events.clear()
        return events

    def snapshot(self, seconds: float) -> Snapshot:
        """Newest signals of the display ring; the load trace is shifted back by its filter's delay."""
        if self._steps is None or not self._history_samples:
            empty = np.empty(0)
            return Snapshot(empty, empty, empty)
        front = self._steps.front
        n = min(self._head, self._history_samples, round(seconds * self.stream.sampling_rate_hz))
        stop = self._head % self._history_samples + self._history_samples
        window = front.history[:, stop - n : stop] / G_MPS2
        load = np.full(n, np.nan)
        shift = min(n, round(front.load_delay_s * self.stream.sampling_rate_hz))
        load[: n - shift] = window[1, shift:]
        t = self.stream.t0_s + np.arange(self._head - n, self._head) / self.stream.sampling_rate_hz
        return Snapshot(t, window[0], load)

    @property
    def saturated_samples(self) -> int:
        """Samples at the range limit so far."""
        return 0 if self._steps is None else self._steps.front.saturated

    def activity(self) -> tuple[ActivitySpan, ...]:
        """Stretches of running, walking, standing and other so far."""
        return () if self._steps is None else self._steps.activity(self._head)

    @property
    def activity_now(self) -> ActivityKind:
        """What the runner does at the newest sample."""
        return ActivityKind.OTHER if self._steps is None else self._steps.activity_now(self._head)


def _live_event(
    kind: float, step_index: float, time_s: float, value: float, side: float, latency_s: float
) -> LiveEvent:
    return LiveEvent(LiveKind(int(kind)), int(step_index), time_s, value, Side(int(side)), latency_s)


def _first_reading(samples: FloatArray) -> int:
    """First row with an acceleration that is a number; -1 = none. Looked for piece by piece: nearly always it is 0."""
    for begin in range(0, len(samples), MAX_BLOCK):
        readings = np.isfinite(samples[begin : begin + MAX_BLOCK, :3]).any(axis=1)
        if readings.any():
            return begin + int(np.argmax(readings))
    return -1


def _stretches(
    samples: FloatArray, is_sample: Callable[[FloatArray], npt.NDArray[np.bool_]]
) -> Iterator[tuple[int, int]]:
    """Half-open runs of rows that are numbers."""
    good = is_sample(samples)
    if good.all():
        yield 0, len(samples)
        return
    edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(np.int8)))
    for start, stop in edges.reshape(-1, 2):
        yield int(start), int(stop)


def run(
    recording: Recording,
    settings: Settings,
    *,
    speed_changes: Sequence[tuple[int, float | None]] = (),
    anchors: Sequence[Anchor] = (),
) -> Analysis:
    """Feed a whole recording to a pipeline, block by block.

    Parameters
    ----------
    recording : Recording
    settings : Settings
        What it leaves open is filled from the recording's own header.
    speed_changes : sequence of (sample index, m/s or None)
        Speeds stated during the session: each holds from the first block that begins at or after its sample.
    anchors : sequence of Anchor
        What knee lifts have shown, each from its sample on in the same way.
    """
    settings = settings.with_suggestions(recording.suggested)
    pipeline = Pipeline(settings, recording.stream, live_events=False, whole=True)
    waiting = deque(sorted(speed_changes, key=itemgetter(0)))
    lifted = deque(sorted(anchors))
    reached = 0
    for block in recording.blocks:
        while waiting and waiting[0][0] <= reached:
            pipeline.set_speed(waiting.popleft()[1])
        while lifted and lifted[0].sample_index <= reached:
            _, as_stated, confidence = lifted.popleft()
            pipeline.anchor_worn(as_stated, confidence)
        pipeline.push(block)
        reached = block.stop_index
    for _, speed_mps in waiting:
        pipeline.set_speed(speed_mps)
    pipeline.flush()
    steps = pipeline.table()
    return Analysis(
        steps=steps,
        activity=pipeline.activity(),
        summary=summarise(steps, recording.stream, pipeline.settings),
        stream=recording.stream,
        warnings=recording.warnings,
    )
