"""The pipeline: blocks of samples in, finished steps out; the same code for a live sensor and for a stored recording.

However the input is cut into blocks, the steps are equal bit for bit. Nothing here reads a clock, a file or a global.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from imu.constants import G_MPS2, MIN_SAMPLING_RATE_HZ
from imu.errors import SettingsError
from imu.events.front import MAX_BLOCK
from imu.events.pelvis import PelvisDetector
from imu.metrics.step import RunningStepBuilder
from imu.settings import Settings
from imu.types import (
    ActivityKind,
    ActivitySpan,
    Analysis,
    FloatArray,
    LiveEvent,
    Quality,
    Recording,
    SampleBlock,
    Side,
    Snapshot,
    Step,
    StreamInfo,
)

_MAX_EVENTS = 4096
_NOTHING: list[Step] = []
_FIRST, _AFTER_GAP = int(Quality.EDGE), int(Quality.AFTER_GAP)


class Pipeline:
    """Online analysis of one sensor.

    Parameters
    ----------
    settings : Settings
    stream : StreamInfo
    history_s : float
        Seconds of signal kept for `snapshot`; 0 = none (analysis of files).

    Raises
    ------
    SettingsError
        The stream is slower than 50 Hz.
    """

    def __init__(self, settings: Settings, stream: StreamInfo, *, history_s: float = 0.0) -> None:
        if not stream.sampling_rate_hz >= MIN_SAMPLING_RATE_HZ:
            raise SettingsError(
                "sampling_rate_hz",
                f"{stream.sampling_rate_hz:.3g} Hz is too slow: contacts cannot be timed below "
                f"{MIN_SAMPLING_RATE_HZ:.0f} Hz.",
                hint="Set the sensor to 100 Hz or more; 200 Hz is best.",
            )
        self.settings = settings
        self.stream = stream
        self._history_samples = round(history_s * stream.sampling_rate_hz)
        self._detector: PelvisDetector | None = None
        self._builder = RunningStepBuilder(stream)
        self._count = 0
        self._fresh = _FIRST  # quality of the next step: the first after a start or a gap
        self._head = 0
        self._events: deque[LiveEvent] = deque(maxlen=_MAX_EVENTS)

    # -- input ---------------------------------------------------------------------------------------------------

    def push(self, block: SampleBlock) -> list[Step]:
        """Take the next block; return the steps that it finished.

        Parameters
        ----------
        block : SampleBlock
            May be of any length, also empty. `start_index` beyond the last block's end is a gap.

        Raises
        ------
        ValueError
            The block starts before the end of the one before: the source is at fault.
        """
        samples = block.samples
        detector = self._detector
        n = len(samples)
        if detector is not None and block.start_index == self._head and 0 < n <= MAX_BLOCK:
            n_rows, n_live = detector.push(samples, self._head)
            if n_rows == 0 and n_live == 0:
                self._head += n
                return _NOTHING
            if n_rows >= 0:
                self._head += n
                return self._collect(n_rows, n_live)
        return self._push_slowly(block)

    def flush(self) -> list[Step]:
        """End of the stream: give out what is open."""
        if self._detector is None:
            return []
        return self._collect(self._detector.finish(self._head), 0)

    def _push_slowly(self, block: SampleBlock) -> list[Step]:
        """First block, gaps, long blocks, and samples that are not numbers."""
        if len(block.samples) == 0:
            return []
        if block.start_index < self._head:
            raise ValueError(f"block starts at sample {block.start_index}, but {self._head} are already in")
        steps: list[Step] = []
        if self._detector is None:
            self._detector = self._make_detector(block.samples)
            self._head = block.start_index
        for start, stop in _stretches(block.samples, self._detector.front.is_sample):
            if stop - start:
                steps += self._gap_to(block.start_index + start)
            for first in range(start, stop, MAX_BLOCK):
                piece = block.samples[first : min(stop, first + MAX_BLOCK)]
                n_rows, n_live = self._detector.push(piece, self._head)
                self._head += len(piece)
                steps += self._collect(n_rows, n_live)
        return steps

    def _gap_to(self, index: int) -> list[Step]:
        missing = index - self._head
        if missing == 0 or self._detector is None:
            return []
        steps = self._collect(self._detector.gap(self._head, missing), 0)
        self._fresh = _FIRST | _AFTER_GAP
        self._head = index
        return steps

    def _make_detector(self, samples: FloatArray) -> PelvisDetector:
        s = self.settings
        seen = ~np.isnan(samples[:, :3])
        measured = seen[np.argmax(seen.any(axis=1))]  # the first reading tells which axes there are
        return PelvisDetector(
            self.stream,
            mounting=s.mounting,
            up_hint=s.up_axis,
            measured=(bool(measured[0]), bool(measured[1]), bool(measured[2])),
            history_samples=self._history_samples,
        )

    # -- output --------------------------------------------------------------------------------------------------

    def _collect(self, n_rows: int, n_live: int) -> list[Step]:
        """Turn kernel rows into steps and live events, in the order in which they were reported."""
        detector = self._detector
        if detector is None or n_rows + n_live == 0:
            return []
        steps = []
        for row in detector.rows[:n_rows]:
            step = self._builder.build(row, self._count, Side.UNKNOWN, 0.0, self._fresh, None)
            self._fresh = _FIRST if step.step_time_s is None else 0
            self._count += 1
            steps.append(step)
        for row in detector.live[:n_live]:
            self._events.append(self._builder.live(row, self._count, Side.UNKNOWN))
        return steps

    def drain_events(self) -> list[LiveEvent]:
        """Live events since the last call."""
        events = list(self._events)
        self._events.clear()
        return events

    def snapshot(self, seconds: float) -> Snapshot:
        """Newest signals of the display ring; the load trace is shifted back by its filter's delay."""
        if self._detector is None or not self._history_samples:
            empty = np.empty(0)
            return Snapshot(empty, empty, empty)
        front = self._detector.front
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
        return 0 if self._detector is None else self._detector.front.saturated

    def activity(self) -> tuple[ActivitySpan, ...]:
        """Stretches of running, walking, standing and other so far."""
        return ()

    @property
    def activity_now(self) -> ActivityKind:
        """What the runner does at the newest sample."""
        return ActivityKind.OTHER


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


def run(recording: Recording, settings: Settings) -> Analysis:
    """Feed a whole recording to a pipeline, block by block.

    Parameters
    ----------
    recording : Recording
    settings : Settings
        What it leaves open is filled from the recording's own header.
    """
    settings = settings.with_suggestions(recording.suggested)
    pipeline = Pipeline(settings, recording.stream)
    steps: list[Step] = []
    for block in recording.blocks:
        steps += pipeline.push(block)
    steps += pipeline.flush()
    return Analysis(
        steps=tuple(steps),
        activity=pipeline.activity(),
        summary={},
        stream=recording.stream,
        warnings=recording.warnings,
    )
