"""Packets of records with a counter and device time: the exact way, and the fastest.

Latency: none beyond the packet itself. The common case, the very packet that was expected, costs one kernel call;
everything else takes the slow path, which explains it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from firmware_profiles import Counts, FirmwareProfile, FormatError, RecordCodec
from firmware_profiles.model import FIELD_BYTES
from imu.acquisition.decode_readings import DecoderBase, ticks_period
from imu.acquisition.loss import PacketOrder, Stamp
from imu.errors import DecodeError, ProfileError
from imu.kernels import clock
from imu.kernels import decode as kernel
from imu.kernels._jit import entry
from imu.types import LINK_RESTORED, IntArray, RawPacket, SampleBlock

_KERNEL_LETTERS: Final = ("h", "t")

_new_tuple = tuple.__new__  # makes a NamedTuple in two thirds of the time


class RecordDecoder(DecoderBase):
    """Decodes packets of one plain layout in a compiled kernel; see `imu.acquisition.decode.Decoder`.

    Raises
    ------
    ProfileError
        The profile has no packet counter with device time.
    """

    def __init__(self, profile: FirmwareProfile, codec: RecordCodec, *, sampling_rate_hz: float | None = None) -> None:
        super().__init__(profile, codec, sampling_rate_hz)
        self._codec = codec
        stream = codec.stream
        tick_s = profile.clock.tick_s
        if stream.counter is None or stream.time is None or tick_s is None:
            raise ProfileError(
                f"The profile {profile.name} has no packet counter with device time.",
                hint="Use a profile with loss.kind = 'counter' and clock.kind = 'device'.",
            )
        self._order = PacketOrder(
            counter_period=256 ** FIELD_BYTES[stream.counter.type],
            ticks_period=ticks_period(profile),
            ticks_per_sample=1.0 / (self.info.sampling_rate_hz * tick_s),
            tick_s=tick_s,
        )
        self._data = frozenset(profile.gatt.notify)
        self._n = 0
        self._arrival_ns = 0
        self._shape = (0, codec.width)
        self._plan = _plan(codec)
        self._floats = np.concatenate([codec.scales, np.zeros(clock.FLOATS)])
        every_column = set(range(codec.width)) <= set(codec.columns.tolist())
        plain = stream.endian == "little" and not codec.header and not stream.padding_bytes
        self._is_fast = codec.letter in _KERNEL_LETTERS and every_column and plain and not codec.can_exceed
        self._decode_packet = entry(kernel.decode_packet, b"", 0, self._plan, self._floats, np.empty(self._shape))

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
        arrival_ns = packet[0]
        taken = self._decode_packet(packet[2], arrival_ns, self._plan, self._floats, samples)
        if taken:
            start = self._next
            self._next = start + self._n
            self._arrival_ns = arrival_ns
            if taken == kernel.NOTE:
                self._clock.take_state(self._plan, self._floats)
                self._note(arrival_ns, self._plan.item(kernel.TICKS))
            return [_new_tuple(SampleBlock, (start, samples, 0))]
        return self._push_unexpected(packet)

    def new_epoch(self, t_arrival_ns: int) -> list[SampleBlock]:
        """Note that the link came back; see `Decoder`."""
        self._tell_order()
        self._order.new_epoch(self._next)
        self._clock.new_epoch()
        self._plan[kernel.N] = 0  # nothing is expected
        self._n = 0
        return []

    def flush(self) -> list[SampleBlock]:
        """Return what is left: nothing, since every packet is complete in itself."""
        return []

    def _push_unexpected(self, packet: RawPacket) -> list[SampleBlock]:
        if packet.characteristic == LINK_RESTORED:
            return self.new_epoch(packet.t_arrival_ns)
        if packet.characteristic not in self._data:
            return []  # an answer to a command
        try:
            counts = self._codec.parse(packet.payload)
        except FormatError as error:
            self.errors += 1
            raise DecodeError(error.message, offset=error.offset, packet=packet.payload) from None
        assert counts.counter is not None  # the profile has both
        assert counts.ticks is not None
        self._tell_order()
        stamp = Stamp(counts.counter, counts.ticks, packet.t_arrival_ns, len(counts.values))
        is_first = self._n == 0  # of the stream, or after a lost link
        placement = self._order.place(stamp)
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
        if is_first or placement.kind == "restart":
            self._order.anchor(stamp, start)
        self._next = start + len(counts.values)
        self._expect_after(counts, packet.t_arrival_ns)
        samples = self._codec.samples(counts)
        for flag in self._codec.flags(samples):
            self.flags[flag] = self.flags.get(flag, 0) + 1
            samples = self._measurable(samples)
        return [SampleBlock(start, samples, placement.missing)]

    def _tell_order(self) -> None:
        """Bring the slow path up to date with what the kernel has accepted since."""
        if self._n:
            counter, ticks = int(self._plan[kernel.COUNTER]), int(self._plan[kernel.TICKS])
            self._order.last = Stamp(counter, ticks, self._arrival_ns, self._n)
            if self._is_fast:
                self._clock.take_state(self._plan, self._floats)

    def _expect_after(self, counts: Counts, arrival_ns: int) -> None:
        self._n = len(counts.values)
        self._arrival_ns = arrival_ns
        self._shape = (self._n, self._codec.width)
        low, high = self._order.tick_bounds(self._n)
        self._note(arrival_ns, counts.ticks)
        self._plan[kernel.STATE] = [self._n if self._is_fast else 0, counts.counter or 0, counts.ticks or 0, low, high]

    def _note(self, arrival_ns: int, ticks: int | None) -> None:
        self._clock.note(arrival_ns, self._next, ticks)
        if self._is_fast:
            self._clock.give_state(self._plan, self._floats, self._next, by_time=True)


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
    return np.array(head + columns + [0] * clock.INTS, dtype=np.int64)
