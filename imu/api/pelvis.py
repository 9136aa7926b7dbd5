"""The pelvis of a live run: looks at what the acquisition thread has left, in the thread of whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imu.errors import ImuError
from imu.metrics.pelvis import PelvisStrides
from imu.types import PelvisState, Place, SampleBlock, StreamInfo

if TYPE_CHECKING:
    from imu.api.engine import Engine


class PelvisWatch:
    """Follows the samples of an engine from its newest blocks.

    Parameters
    ----------
    engine : Engine
    stream : StreamInfo
    """

    def __init__(self, engine: Engine, stream: StreamInfo) -> None:
        self._engine = engine
        self._strides: PelvisStrides | None = None
        self._reason = ""
        self._seen = 0
        self._swaps = 0
        settings = engine.settings
        if settings.place is not Place.SACRUM:
            self._reason = "not_pelvis"
        elif stream.channels < 6:
            self._reason = "no_gyroscope"
        elif settings.mounting is None:
            self._reason = "no_mounting"
        else:
            try:
                self._strides = PelvisStrides(stream, settings.mounting)
            except ImuError:
                self._reason = "no_filter"
        self._state = PelvisState(self._reason)

    def look(self) -> PelvisState:
        """Follow what has come since the last call."""
        if self._strides is None:
            return self._state
        engine, strides = self._engine, self._strides
        with engine.lock:
            blocks: list[SampleBlock] = []
            for block in reversed(engine.recent):
                if block.start_index < strides.head:
                    break
                blocks.append(block)
            steps = engine.steps[self._seen :]
            self._seen += len(steps)
            swaps = engine.swaps
        for block in reversed(blocks):
            strides.push(block)
        strides.take(steps)
        if swaps != self._swaps:
            self._swaps = swaps
            strides.forget_strides()
        if steps:
            self._state = PelvisState("", strides.motion())
        return self._state
