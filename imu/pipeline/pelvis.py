"""Steps of a pelvis sensor: running and walking contacts joined, sides given, numbers computed."""

from __future__ import annotations

from collections.abc import Callable

from imu.events.pelvis import PelvisDetector
from imu.kernels import sacral
from imu.metrics.step import RunningStepBuilder
from imu.settings import Settings
from imu.types import ActivityKind, ActivitySpan, FloatArray, LiveEvent, Quality, Side, Step, StreamInfo

_FIRST, _AFTER_GAP = int(Quality.EDGE), int(Quality.AFTER_GAP)
_NOTHING: list[Step] = []


class PelvisSteps:
    """Turns detector rows into Steps.

    Parameters
    ----------
    settings : Settings
    stream : StreamInfo
    measured : tuple of bool
        Acceleration axes that the sensor has.
    history_samples : int
        Length of the display ring.
    live : callable
        Receives live events.
    """

    def __init__(
        self,
        settings: Settings,
        stream: StreamInfo,
        measured: tuple[bool, bool, bool],
        history_samples: int,
        live: Callable[[LiveEvent], None],
    ) -> None:
        self.detector = PelvisDetector(
            stream,
            mounting=settings.mounting,
            up_hint=settings.up_axis,
            measured=measured,
            history_samples=history_samples,
        )
        self.front = self.detector.front
        self._builder = RunningStepBuilder(stream)
        self._live = live
        self._count = 0
        self._fresh = _FIRST  # quality of the next step: the first after a start or a gap

    def push(self, samples: FloatArray, head: int) -> list[Step] | None:
        """Take a block; None when a sample is not a number."""
        n_rows, n_live, n_walked = self.detector.push(samples, head)
        if n_rows == 0 and n_live == 0 and n_walked == 0:
            return _NOTHING
        if n_rows < 0:
            return None
        return self._collect(n_rows, n_live)

    def gap(self, head: int, missing: int) -> list[Step]:
        """Close what is open before a hole of `missing` samples."""
        steps = self._collect(self.detector.gap(head, missing), 0)
        self._fresh = _FIRST | _AFTER_GAP
        return steps

    def finish(self, head: int) -> list[Step]:
        """End of the stream."""
        return self._collect(self.detector.finish(head), 0)

    def _collect(self, n_rows: int, n_live: int) -> list[Step]:
        """Give steps and live events in the order of their reports; at one sample the step comes first."""
        steps: list[Step] = []
        events = self.detector.live[:n_live].tolist()
        at = 0
        for row in self.detector.rows[:n_rows]:
            reported = row[sacral.R_STEP_REPORT]
            while at < n_live and events[at][sacral.L_REPORT] < reported:
                self._live(self._builder.live(events[at], self._count, Side.UNKNOWN))
                at += 1
            step = self._builder.build(row, self._count, Side.UNKNOWN, 0.0, self._fresh, None)
            self._fresh = _FIRST if step.step_time_s is None else 0
            self._count += 1
            steps.append(step)
        for event in events[at:]:
            self._live(self._builder.live(event, self._count, Side.UNKNOWN))
        return steps

    def activity(self, head: int) -> tuple[ActivitySpan, ...]:
        """Stretches of running, walking, standing and other up to sample `head`."""
        return ()

    def activity_now(self, head: int) -> ActivityKind:
        """Tell what the runner does at the newest sample."""
        return ActivityKind.OTHER
