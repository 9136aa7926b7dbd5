"""Recordings played again, at their own pace, faster, or at full speed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Final

from imu.acquisition.source import Pacer, WireFormat
from imu.constants import NS_PER_S
from imu.types import RawPacket, Recording, SampleBlock, StreamInfo

_PACED_S: Final = 0.04
"""Blocks as a sensor would send them, so that a replay looks like the live run."""
_UNPACED_SAMPLES: Final = 1024


class BlockReplay:
    """A recording without packets, cut into blocks."""

    wire: WireFormat | None = None

    def __init__(self, recording: Recording, pacer: Pacer, *, paced: bool = True) -> None:
        self.info = recording.stream
        self._recording = recording
        self._pacer = pacer
        rate = recording.stream.sampling_rate_hz
        self._size = max(1, round(_PACED_S * rate)) if paced else _UNPACED_SAMPLES

    async def __aiter__(self) -> AsyncIterator[RawPacket | SampleBlock]:
        """Yield the blocks when their last sample is due."""
        rate = self.info.sampling_rate_hz
        for block in self._recording.blocks:
            gap = block.gap_before
            for first in range(0, block.n, self._size):
                samples = block.samples[first : first + self._size]
                start = block.start_index + first
                await self._pacer.until((start + len(samples)) / rate)
                yield SampleBlock(start, samples, gap)
                gap = 0


class PacketReplay:
    """The raw packets of a session, in the rhythm in which they arrived."""

    def __init__(self, info: StreamInfo, wire: WireFormat, packets: Sequence[RawPacket], pacer: Pacer) -> None:
        self.info = info
        self.wire: WireFormat | None = wire
        self._packets = packets
        self._pacer = pacer

    async def __aiter__(self) -> AsyncIterator[RawPacket | SampleBlock]:
        """Yield the packets when they are due."""
        if not self._packets:
            return
        start_ns = self._packets[0].t_arrival_ns
        for packet in self._packets:
            await self._pacer.until((packet.t_arrival_ns - start_ns) / NS_PER_S)
            yield packet
