"""What a source of samples is, and how it keeps time: the clock is injected, so tests need none."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from imu.acquisition.decode import Decoder, make_decoder
from imu.acquisition.profiles import get_profile, get_profile_text, parse_profile
from imu.types import RawPacket, SampleBlock, StreamInfo

_BREATH: Final = 32
"""An unpaced source lets others have a turn after so many items."""


@dataclass(frozen=True, slots=True)
class WireFormat:
    """How a stream's packets are read: everything that has to be stored beside them."""

    profile_name: str
    profile_text: str
    options: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, profile_name: str, options: dict[str, int] | None = None) -> WireFormat:
        """Wire format of a profile, named as `get_profile` takes it; a file's own name is what is stored."""
        profile = get_profile(profile_name)
        return cls(profile.name, get_profile_text(profile_name), profile.choose(**(options or {})))

    def decoder(self, sampling_rate_hz: float | None) -> Decoder:
        """Return a decoder for a stream of that rate; None = the nominal one of the options."""
        return make_decoder(parse_profile(self.profile_text), self.options, sampling_rate_hz)

    def packet_shape(self) -> tuple[int, int] | None:
        """Bytes of header and number of 16-bit channels, where the packets are of that kind."""
        stream = parse_profile(self.profile_text).stream
        if stream is None or set(stream.record.replace(" ", "")) != {"h"} or stream.endian != "little":
            return None
        return stream.header_bytes, len(stream.channels)


class Source(Protocol):
    """A stream of raw packets, or of blocks where there are no packets, in order.

    Attributes
    ----------
    info : StreamInfo
    wire : WireFormat or None
        None = the source yields blocks.
    """

    @property
    def info(self) -> StreamInfo:
        """What is known before the first sample."""

    @property
    def wire(self) -> WireFormat | None:
        """How packets are read."""

    def __aiter__(self) -> AsyncIterator[RawPacket | SampleBlock]:
        """Yield what arrives, when it arrives."""


class Pacer:
    """Waits until a moment of the stream is due.

    Parameters
    ----------
    speed : float or None
        1 = as it was, 4 = four times as fast, None = as fast as it goes.
    now, sleep : callable
        The clock; replaced in tests.
    """

    def __init__(
        self,
        speed: float | None,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._speed = speed
        self._now = now
        self._sleep = sleep
        self._start: float | None = None
        self._turn = 0

    async def until(self, stream_s: float) -> None:
        """Return when `stream_s` seconds of stream time have passed since the first call, which returns at once."""
        if self._speed is None:
            self._turn += 1
            if self._turn % _BREATH == 0:
                await self._sleep(0.0)
            return
        due = stream_s / self._speed
        if self._start is None:
            self._start = self._now() - due
        ahead = self._start + due - self._now()
        # Always a turn for others, so that a source that lags behind can still be stopped.
        await self._sleep(max(0.0, ahead))
