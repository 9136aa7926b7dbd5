"""The acquisition thread: source -> file -> decoder -> pipeline -> steps, on an asyncio loop of its own.

One lock guards what other threads look at; it is held for one block's analysis (microseconds) or for a copy.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from imu.acquisition.meter import Meter
from imu.api.files import swapped
from imu.api.joined import Joined
from imu.api.recording import Recording
from imu.api.warm import warm_up
from imu.constants import HISTORY_S
from imu.errors import DecodeError, ImuError, SettingsError
from imu.settings import Settings
from imu.types import (
    Anchor,
    Gap,
    LineChange,
    LinkState,
    LiveEvent,
    LiveKind,
    RawPacket,
    SampleBlock,
    Step,
    Worn,
)

if TYPE_CHECKING:
    from imu.acquisition.decode import Decoder
    from imu.acquisition.source import Source
    from imu.events.gesture import KneeLiftDetector
    from imu.metrics.worn import WornWatch
    from imu.pipeline import Pipeline
    from imu.store.writer import LibraryTarget

_log = logging.getLogger(__name__)

_MAX_EVENTS: Final = 10_000
_BELT_STEP_MPS: Final = 0.02
"""A smaller change of the belt's speed is rounding: treadmills send steps of 0.01 km/h."""
_MOST_LINE_G: Final = 16.0
"""Range of the strongest sensors worn here."""
_RECENT_BLOCKS: Final = 2000
"""Newest blocks as they came, for whoever asks how the sensor hangs: seconds, whatever the packets hold."""
_LOG_EVERY: Final = 100
"""One line in the log for so many packets that do not decode."""


class Engine:
    """Runs one source to its end, or until it is stopped.

    Everything public is read under `lock` by other threads and written by the acquisition thread.
    """

    def __init__(
        self,
        source: Source,
        settings: Settings,
        *,
        out: Path | LibraryTarget | None,
        overwrite: bool,
        swaps: list[float],
        speed_changes: Sequence[tuple[int, float | None]],
        anchors: Sequence[Anchor] = (),
        lines: Sequence[LineChange] = (),
    ) -> None:
        self.source = source
        self.settings = settings
        self.lock = threading.Lock()
        self.state = LinkState.IDLE
        self.detail = ""
        self.code = ""
        self.steps: list[Step] = []
        self.events: deque[LiveEvent] = deque(maxlen=_MAX_EVENTS)
        self.dropped_events = 0
        self.callbacks: list[Callable[[Step], None]] = []
        self.received = 0
        self.lost = 0
        self.recent: deque[SampleBlock] = deque(maxlen=_RECENT_BLOCKS)
        self.first_index = 0
        self.stop_index = 0
        self.meter = Meter()
        self.context: dict[str, float] = {}
        self.joined = Joined(self)
        if hasattr(source, "on_context"):  # a linked sensor
            source.on_context = self.joined.hear
        self.pipeline: Pipeline | None = None
        self.decoder: Decoder | None = None
        self.lifts: KneeLiftDetector | None = None  # while somebody waits for the anchor gesture
        self.anchors: list[Anchor] = []  # in force, the last one counts
        self.worn = Worn()
        self.line_g: float | None = None  # the feedback line in force
        self.ended = threading.Event()
        self.session_id: int | None = None
        self._out = out
        self._overwrite = overwrite
        self._swaps = swaps
        self._speed_changes = deque(speed_changes)  # of a recording that is replayed
        self._anchors = deque(anchors)  # likewise
        self._lines = deque(lines)  # likewise
        self._event_step = -1
        self._event_swapped = False
        self._recording: Recording | None = None
        self._watch: WornWatch | None = None
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    # -- other threads -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the thread; a second call does nothing."""
        with self.lock:
            if self._thread is not None or self._stopping:
                return
            self.state = LinkState.PREPARING
            self._thread = threading.Thread(target=self._run, name="stride-acquisition", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop, flush and close; returns when all is done, unless called from the acquisition thread itself."""
        with self.lock:
            self._stopping = True
            loop, task, thread = self._loop, self._task, self._thread
            if thread is None:
                self.state = LinkState.FINISHED
        if loop is not None and task is not None:
            with contextlib.suppress(RuntimeError):  # the loop may have closed by itself meanwhile
                loop.call_soon_threadsafe(task.cancel)
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        self.ended.set()

    def mark(self, kind: str, value: str) -> None:
        """Store a marker at the newest sample; with `swap_sides`, sides change for steps that begin after it."""
        with self.lock:
            if kind == "swap_sides":
                self._swaps.append(self.now_s)
            self._store_marker(kind, value)

    def set_speed(self, speed_mps: float | None) -> None:
        """State the speed from the next step on.

        Raises
        ------
        SettingsError
            Outside the range of speeds.
        """
        with self.lock:
            self.settings = replace(self.settings, speed_mps=speed_mps)
            if self.pipeline is not None:
                self.pipeline.set_speed(speed_mps)
                self._store_marker("speed", "" if speed_mps is None else repr(speed_mps))

    def set_least_tilt(self, deg: float) -> None:
        """State the roll that is reckoned with at least, for the whole session.

        Raises
        ------
        SettingsError
            Outside its range.
        """
        from imu.store.stated import TILT_MARKER

        with self.lock:
            self.settings = replace(self.settings, least_tilt_deg=deg)
            self._tell_worn()
            self._store_marker(TILT_MARKER, repr(deg))

    def set_line(self, line_g: float | None) -> None:
        """State the feedback line from now on, in g; None = there is none.

        Raises
        ------
        SettingsError
            No load of a running step.
        """
        if line_g is not None and not 0.0 < line_g <= _MOST_LINE_G:
            raise SettingsError(
                "line_g", f"{line_g:g} g is outside 0 to {_MOST_LINE_G:g} g.", hint="Running steps reach 1.5 to 6 g."
            )
        with self.lock:
            if line_g != self.line_g:
                self.line_g = line_g
                self._store_line()

    def _store_line(self) -> None:
        from imu.store.stated import LINE_MARKER

        self._store_marker(LINE_MARKER, "" if self.line_g is None else repr(self.line_g))

    def take_context(self, said: Mapping[str, float | None]) -> None:
        """Take what a treadmill or a belt says, in whatever thread; a belt speed counts as if it were typed."""
        with self.lock:
            for name, value in said.items():
                if value is None:
                    self.context.pop(name, None)
                else:
                    self.context[name] = value
            if self.pipeline is None:
                return
            if "speed_mps" in said:
                self._belt_speed(said["speed_mps"])
            rest = {k: v for k, v in said.items() if k != "speed_mps"}
            if rest:
                self._store_marker("context", json.dumps(rest))

    def _belt_speed(self, speed_mps: float | None) -> None:
        """Follow the belt; the lock is held. A belt that stands, or says what nobody runs, gives no speed."""
        now, pipeline = self.settings.speed_mps, self.pipeline
        assert pipeline is not None  # the caller has looked
        if speed_mps is not None and now is not None and abs(speed_mps - now) < _BELT_STEP_MPS:
            return
        try:
            self.settings = replace(self.settings, speed_mps=speed_mps or None)
        except SettingsError:
            self.settings = replace(self.settings, speed_mps=None)
        if self.settings.speed_mps != now:
            pipeline.set_speed(self.settings.speed_mps)
            self._store_marker("speed", "" if self.settings.speed_mps is None else repr(self.settings.speed_mps))

    def _store_marker(self, kind: str, value: str) -> None:
        if self._recording is not None:
            self._recording.marker(self.now_s, kind, value)

    @property
    def swaps(self) -> int:
        """How often left and right were exchanged."""
        return len(self._swaps)

    @property
    def now_s(self) -> float:
        """Time of the newest sample on the recording's own clock."""
        return self.source.info.time_s(self.stop_index)

    # -- the acquisition thread --------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            try:
                self._prepare()
                # A virtual sensor may bring a loop whose time is virtual too.
                with asyncio.Runner(loop_factory=getattr(self.source, "loop_factory", None)) as runner:
                    runner.run(self._main())
            finally:
                self._finish()
        except ImuError as error:
            self._fail(str(error), error.code)
        except Exception as error:
            _log.exception("the session ended with an error")
            self._fail(f"The session ended with an unexpected error ({type(error).__name__}: {error}).")
        else:
            self._set_state(LinkState.FINISHED)
        self.ended.set()

    def _prepare(self) -> None:
        from imu.metrics.worn import WornWatch
        from imu.pipeline import Pipeline

        source = self.source
        if source.wire is not None:
            self.decoder = source.wire.decoder(source.info.sampling_rate_hz)
        warm_up(self.settings)
        with self.lock:  # whatever is set from now on is stored as a marker, and before as a setting
            if self._lines:
                self.line_g = None  # a recording is shown with the line that it was run with
            if self._out is not None:
                self._recording = Recording(self.source, self.settings, self._out, overwrite=self._overwrite)
                self.session_id = self._recording.session_id
                if self.line_g is not None:
                    self._store_line()
            self.pipeline = Pipeline(self.settings, source.info, history_s=HISTORY_S)
            self._watch = WornWatch(self.settings, source.info)
            self.state = LinkState.CONNECTING

    async def _main(self) -> None:
        with self.lock:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.current_task()
            if self._stopping:
                return
        with contextlib.suppress(asyncio.CancelledError):
            async for item in self.source:
                arrived = time.perf_counter()
                received = self.received
                if isinstance(item, RawPacket):
                    self._take_packet(item)
                else:
                    self._take_block(item)
                self.meter.arrived(arrived, self.received - received, time.perf_counter())
                if self._stopping:
                    break

    def _take_packet(self, packet: RawPacket) -> None:
        if self._recording is not None:
            self._recording.packet(packet)
        assert self.decoder is not None  # made with the source's wire format
        try:
            blocks = self.decoder.push(packet)
        except DecodeError as error:
            if self.decoder.errors % _LOG_EVERY == 1:
                _log.warning("packet not decoded (%d so far): %s", self.decoder.errors, error)
            return
        for block in blocks:
            self._take_block(block)
        for reading in self.decoder.take_context():
            self.take_context({k: v for k, v in reading.values.items() if isinstance(v, int | float)})

    def _take_block(self, block: SampleBlock) -> None:
        assert self.pipeline is not None  # made before the first block
        n = len(block.samples)
        with self.lock:
            if self.received == 0:
                self._take_range()
                self.first_index = block.start_index
                self.state = LinkState.STREAMING
            elif block.gap_before:
                self.lost += block.gap_before
                if self._recording is not None:
                    self._recording.gap(Gap(block.start_index - block.gap_before, block.start_index))
            if self._speed_changes:
                self._replay_speeds()
            while self._lines and self._lines[0].time_s <= self.now_s:
                self.line_g = self._lines.popleft().line_g
            while self._anchors and self._anchors[0].sample_index <= self.stop_index:
                self._anchor(self._anchors.popleft())
            self.received += n
            self.recent.append(block)
            self.stop_index = block.start_index + n
            steps = self._collect(self.pipeline.push(block))
            if self.lifts is not None:
                self._watch_lifts(self.lifts, block)
        if self._watch is not None and self._watch.push(block, steps):
            self._tell_worn()
        self._tell(steps)

    def _take_range(self) -> None:
        """Analyse with the range that the sensor has told when it was asked; the lock is held, no sample has come."""
        info = self.source.info
        if self.decoder is None or self.decoder.info.acc_range_g in {None, info.acc_range_g}:
            return
        from imu.pipeline import Pipeline

        info = replace(info, acc_range_g=self.decoder.info.acc_range_g)
        self.pipeline = Pipeline(self.settings, info, history_s=HISTORY_S)

    def _watch_lifts(self, lifts: KneeLiftDetector, block: SampleBlock) -> None:
        """Look for the anchor gesture; what it said is stored with the recording and counts from here on."""
        if lifts.state.done:
            return
        if block.gap_before:
            lifts.reset()
        seen = lifts.push(block.samples)
        if seen.done:
            if seen.as_stated is None:
                lifts.reset()  # another try
            else:
                self._anchor(Anchor(self.stop_index, seen.as_stated, seen.confidence))

    def _anchor(self, anchor: Anchor) -> None:
        """Let the sides of the steps follow from the next one on; the lock is held, a block has just ended."""
        from imu.exchange.stride import ANCHOR_MARKER

        assert self.pipeline is not None
        self.pipeline.anchor_worn(anchor.as_stated, anchor.confidence)
        before = self.anchors[-1].as_stated if self.anchors else True
        if self._watch is not None and anchor.as_stated is not before:
            self._watch.turn_round()
        self.anchors.append(anchor)
        self._tell_worn()
        value = json.dumps({"as_stated": anchor.as_stated, "confidence": anchor.confidence})
        self._store_marker(ANCHOR_MARKER, value)

    def _tell_worn(self) -> None:
        if self._watch is not None:
            anchor = self.anchors[-1] if self.anchors else None
            self.worn = self._watch.worn(self.settings.least_tilt_deg)._replace(
                anchor=anchor, least_tilt_deg=self.settings.least_tilt_deg
            )

    def _replay_speeds(self) -> None:
        """State typed speeds where they were typed: after the same samples."""
        assert self.pipeline is not None
        while self._speed_changes and self._speed_changes[0][0] <= self.stop_index:
            _, speed_mps = self._speed_changes.popleft()
            self.settings = replace(self.settings, speed_mps=speed_mps)
            self.pipeline.set_speed(speed_mps)

    def _collect(self, steps: list[Step]) -> list[Step]:
        """Keep new steps and events, sides exchanged where that was asked for; the lock is held."""
        assert self.pipeline is not None
        if steps:
            if self._swaps:
                steps = [swapped(step, self._swaps) for step in steps]
            self.steps += steps
            if self._recording is not None:
                self._recording.steps(steps)
        for event in self.pipeline.drain_events():
            self.dropped_events += len(self.events) == _MAX_EVENTS
            self.events.append(self._swapped_event(event) if self._swaps else event)
        return steps

    def _swapped_event(self, event: LiveEvent) -> LiveEvent:
        """Exchange an event's side as its step's: a swap counts from the contact on."""
        if event.kind is LiveKind.IC or event.step_index != self._event_step:
            self._event_step = event.step_index
            self._event_swapped = sum(time_s <= event.time_s for time_s in self._swaps) % 2 == 1
        return event._replace(side=event.side.other) if self._event_swapped else event

    def _tell(self, steps: list[Step]) -> None:
        for step in steps:
            for callback in self.callbacks:
                try:
                    callback(step)
                except Exception:
                    _log.exception("a step listener failed")

    def _finish(self) -> None:
        """Flush the pipeline and close the file, whatever happened before."""
        try:
            if self.pipeline is not None:
                for block in () if self.decoder is None else self.decoder.flush():
                    self._take_block(block)
                with self.lock:
                    self._replay_speeds()
                    steps = self._collect(self.pipeline.flush())
                self._tell(steps)
        finally:
            if self._recording is not None:
                self._recording.close(self.first_index, self.stop_index, self.received, self.decoder)

    def _fail(self, detail: str, code: str = "unexpected") -> None:
        with self.lock:
            self.state, self.detail, self.code = LinkState.FAILED, detail, code

    def _set_state(self, state: LinkState) -> None:
        with self.lock:
            self.state = state
