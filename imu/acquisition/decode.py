"""Packets to sample blocks: decoded, in order, with exact gaps. Nothing is interpolated and nothing is guessed.

Latency: none beyond the packet itself. The common case, the very packet that was expected, costs one kernel call;
everything else takes the slow path, which explains it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from firmware_profiles import Counts, FirmwareProfile, FormatError, RecordCodec
from firmware_profiles.model import FIELD_BYTES
from imu.acquisition.loss import PacketOrder, Stamp
from imu.acquisition.profiles import make_codec
from imu.errors import DecodeError, ProfileError
from imu.kernels import decode as kernel
from imu.types import LINK_RESTORED, IntArray, RawPacket, SampleBlock, StreamInfo

_KERNEL_LETTERS: Final = ("h", "t")

_new_tuple = tuple.__new__  # makes a NamedTuple in two thirds of the time


class Decoder:
    """Turns the packets of one stream into blocks.

    Parameters
    ----------
    profile : FirmwareProfile
    options : dict or None
        What the device is set to (rate, ranges); None = the profile's defaults.
    sampling_rate_hz : float or None
        Rate to count with where it is not the nominal one of the options.

    Attributes
    ----------
    info : StreamInfo
    lost, duplicates, late, errors, restarts : int
        Samples missing so far; packets dropped because they came twice or too late; packets that did not decode;
        times the device began anew.

    Raises
    ------
    ProfileError
        The profile's way of showing loss is not supported, or an option is wrong.
    """

    def __init__(
        self,
        profile: FirmwareProfile,
        options: dict[str, int] | None = None,
        *,
        sampling_rate_hz: float | None = None,
    ) -> None:
        self._codec = make_codec(profile, options)
        stream = self._codec.stream
        if profile.loss.kind != "counter" or stream.counter is None or stream.time is None or not profile.clock.tick_s:
            raise ProfileError(
                f"The profile {profile.name} has no packet counter with device time, which live decoding needs.",
                hint="Use a profile with loss.kind = 'counter' and clock.kind = 'device'.",
            )
        rate = sampling_rate_hz or self._codec.sampling_rate_hz
        self.info = StreamInfo(
            sampling_rate_hz=rate, channels=self._codec.width, acc_range_g=self._codec.acc_range_g, name=profile.name
        )
        self._tick_s = profile.clock.tick_s
        self._order = PacketOrder(
            counter_bytes=FIELD_BYTES[stream.counter.type],
            ticks_bytes=FIELD_BYTES[stream.time.type],
            ticks_per_sample=1.0 / (rate * self._tick_s),
            tick_s=self._tick_s,
        )
        self.lost = self.duplicates = self.late = self.errors = self.restarts = 0
        self._next = 0
        self._n = 0
        self._arrival_ns = 0
        self._shape = (0, self._codec.width)
        self._plan = _plan(self._codec)
        self._scales = self._codec.scales
        self._all_columns = set(range(self._codec.width)) <= set(self._codec.columns.tolist())
        self._decode_packet = kernel.decode_packet

    @property
    def received(self) -> int:
        """Samples decoded so far."""
        return self._next - self.lost

    def named(self, name: str) -> StreamInfo:
        """Return the stream's description under a name for display."""
        return replace(self.info, name=name)

    def push(self, packet: RawPacket) -> list[SampleBlock]:
        """Decode one packet: one block, or none where the packet was a duplicate or came too late.

        Raises
        ------
        DecodeError
            The packet is truncated, oversized, malformed, or contradicts itself; the decoder stays usable, and the
            samples of this packet will count as missing.
        """
        # Plain index access and an array of the expected size: this runs for every packet.
        samples = np.empty(self._shape)
        if self._decode_packet(packet[2], self._plan, self._scales, samples):
            start = self._next
            self._next = start + self._n
            self._arrival_ns = packet[0]
            return [_new_tuple(SampleBlock, (start, samples, 0))]
        return self._push_unexpected(packet)

    def flush(self) -> list[SampleBlock]:
        """Return what is left: nothing, since every packet is complete in itself."""
        return []

    def _push_unexpected(self, packet: RawPacket) -> list[SampleBlock]:
        if packet.characteristic == LINK_RESTORED:
            return []  # counter and device time show what was lost meanwhile
        try:
            counts = self._codec.parse(packet.payload)
        except FormatError as error:
            self.errors += 1
            raise DecodeError(error.message, offset=error.offset, packet=packet.payload) from None
        assert counts.counter is not None  # the profile has both
        assert counts.ticks is not None
        self._tell_order()
        placement = self._order.place(Stamp(counts.counter, counts.ticks, packet.t_arrival_ns, len(counts.values)))
        if placement.kind == "duplicate":
            self.duplicates += 1
            return []
        if placement.kind == "late":
            self.late += 1
            return []
        if placement.kind == "contradiction":
            self.errors += 1
            stream = self._codec.stream
            raise DecodeError(
                "the packet counter and the device time contradict each other",
                offset=stream.counter.at if stream.counter else 0,
                packet=packet.payload,
            )
        self.restarts += placement.kind == "restart"
        self.lost += placement.missing
        start = self._next + placement.missing
        self._expect_after(counts, packet.t_arrival_ns)
        self._next = start + self._n
        return [SampleBlock(start, self._codec.samples(counts), placement.missing)]

    def _tell_order(self) -> None:
        """Bring the slow path up to date with what the kernel has accepted since."""
        if self._n:
            counter, ticks = int(self._plan[kernel.COUNTER]), int(self._plan[kernel.TICKS])
            self._order.last = Stamp(counter, ticks, self._arrival_ns, self._n)

    def _expect_after(self, counts: Counts, arrival_ns: int) -> None:
        self._n = len(counts.values)
        self._arrival_ns = arrival_ns
        self._shape = (self._n, self._codec.width)
        low, high = self._order.tick_bounds(self._n)
        fast = self._codec.letter in _KERNEL_LETTERS and self._all_columns
        fast = fast and self._codec.stream.endian == "little"
        self._plan[kernel.STATE] = [self._n if fast else 0, counts.counter or 0, counts.ticks or 0, low, high]


def _plan(codec: RecordCodec) -> IntArray:
    """Translate the profile's layout for the kernel; nothing is expected yet."""
    stream = codec.stream
    head = [0] * kernel.COLUMNS
    head[kernel.HEADER_BYTES] = stream.header_bytes
    head[kernel.CHANNELS] = codec.channels
    head[kernel.VALUE_BYTES] = codec.value_bytes
    head[kernel.CONSTANT_AT] = stream.constant.at if stream.constant else -1
    head[kernel.CONSTANT] = stream.constant.value if stream.constant else 0
    head[kernel.COUNT_AT] = stream.count.at if stream.count else -1
    for part, at, size in (
        (stream.counter, kernel.COUNTER_AT, kernel.COUNTER_BYTES),
        (stream.time, kernel.TICKS_AT, kernel.TICKS_BYTES),
    ):
        if part is not None:
            head[at] = part.at
            head[size] = FIELD_BYTES[part.type]
    columns = [int(c) if c < codec.width else -1 for c in codec.columns]
    return np.array(head + columns, dtype=np.int64)
