"""The general way from packets to blocks: the profile's codec reads a packet, an order of packets finds its place.

What `decode_quick` and `decode_records` are built on; `imu.acquisition.decode` chooses among them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from firmware_profiles import Codec, FirmwareProfile, FormatError, RecordCodec, Reply
from firmware_profiles.model import FIELD_BYTES
from firmware_profiles.readings import OUT_OF_RANGE
from firmware_profiles.scaling import plausible_limits
from imu.acquisition.clock import SampleClock
from imu.acquisition.loss_count import CountOrder
from imu.acquisition.loss_rate import ArrivalOrder
from imu.acquisition.loss_time import StampOrder
from imu.acquisition.order import Arrived, Order, Placed
from imu.errors import DecodeError, ProfileError
from imu.types import LINK_RESTORED, ClockReport, ContextReading, FloatArray, RawPacket, SampleBlock, StreamInfo

_new_tuple: Final = tuple.__new__  # makes a NamedTuple in two thirds of the time


class DecoderBase:
    """What all decoders share: the description of the stream, context, clock and counts."""

    def __init__(self, profile: FirmwareProfile, codec: Codec | RecordCodec, sampling_rate_hz: float | None) -> None:
        rate = sampling_rate_hz or codec.sampling_rate_hz or 1.0  # a context stream has none
        self.info = StreamInfo(
            sampling_rate_hz=rate, channels=codec.width or 3, acc_range_g=codec.acc_range_g, name=profile.name
        )
        self.lost = self.duplicates = self.late = self.errors = self.restarts = 0
        self.flags: dict[str, int] = {}
        self._name = profile.name
        self._limits = plausible_limits(profile, 6)
        self._context: list[ContextReading] = []
        self._next = 0
        self._clock = SampleClock(rate, tick_s=profile.clock.tick_s, ticks_period=ticks_period(profile))

    @property
    def received(self) -> int:
        """Samples decoded so far."""
        return self._next - self.lost

    @property
    def clock(self) -> ClockReport:
        """Measured rate, and drift of the device's clock."""
        return self._clock.report()

    def named(self, name: str) -> StreamInfo:
        """Return the stream's description under a name for display."""
        return replace(self.info, name=name)

    def take_context(self) -> list[ContextReading]:
        """Return what came besides movement since the last call."""
        if not self._context:
            return []
        out, self._context = self._context, []
        return out

    def _measurable(self, samples: FloatArray) -> FloatArray:
        """Return the samples with NaN for what the sensor cannot have measured: one such value would spoil steps."""
        kept: FloatArray = np.where(np.abs(samples) > self._limits[: samples.shape[1]], np.nan, samples)
        return kept


class ReadingDecoder(DecoderBase):
    """Decodes with the profile's codec, and orders by device time, counter or arrivals."""

    def __init__(self, profile: FirmwareProfile, codec: Codec, *, sampling_rate_hz: float | None = None) -> None:
        super().__init__(profile, codec, sampling_rate_hz)
        self._codec = codec
        self._order = _make_order(profile, self.info.sampling_rate_hz)
        self._data = frozenset(profile.gatt.notify)
        self._missing = 0  # samples of packets that were refused since the last one

    def push(self, packet: RawPacket) -> list[SampleBlock]:
        """Decode one packet; see `imu.acquisition.decode.Decoder`."""
        arrival_ns, characteristic, payload = packet
        if characteristic not in self._data:
            return self._push_other(packet)
        try:
            readings = self._codec.decode(characteristic, payload)
        except FormatError as error:
            self.errors += 1
            self._missing += error.missing
            raise DecodeError(error.message, offset=error.offset, packet=payload) from None
        if not readings:
            self._hear(characteristic, payload)
        out: list[SampleBlock] = []
        for samples, counter, ticks, context, flags, missing in readings:
            if context:
                self._context.append(ContextReading(arrival_ns, self._name, context))
            if flags:
                for flag in flags:
                    self.flags[flag] = self.flags.get(flag, 0) + 1
            if samples is None:
                continue
            kept = self._measurable(samples) if flags >= OUT_OF_RANGE else samples
            arrived = _new_tuple(Arrived, (arrival_ns, kept, ticks, counter, missing + self._missing))
            self._missing = 0
            if self._order.fits(arrived):
                start = self._next
                self._next = start + len(samples)
                out.append(_new_tuple(SampleBlock, (start, kept, 0)))
            else:
                out += self._blocks(self._order.place(arrived))
        if arrival_ns >= self._clock.note_at_ns and out:
            self._clock.note(arrival_ns, self._next, ticks)
        return out

    def new_epoch(self, t_arrival_ns: int) -> list[SampleBlock]:
        """Note that the link came back; see `imu.acquisition.decode.Decoder`."""
        out = self.flush()
        self._codec.reset()
        self._missing = 0
        self._order.new_epoch()
        self._clock.new_epoch()
        return out

    def flush(self) -> list[SampleBlock]:
        """Return what was kept back."""
        return self._blocks(self._order.flush())

    def _hear(self, characteristic: str, payload: bytes) -> Reply | None:
        """Take an answer; a range that the sensor was asked for counts from then on."""
        reply = self._codec.reply(characteristic, payload)
        if self._codec.acc_range_g != self.info.acc_range_g:
            self.info = replace(self.info, acc_range_g=self._codec.acc_range_g)
        return reply

    def _push_other(self, packet: RawPacket) -> list[SampleBlock]:
        """Take what is no data: the note that the link came back, or an answer that says how to read the data."""
        if packet.characteristic == LINK_RESTORED:
            return self.new_epoch(packet.t_arrival_ns)
        try:
            reply = self._hear(packet.characteristic, packet.payload)
        except FormatError as error:
            self.errors += 1
            raise DecodeError(error.message, offset=error.offset, packet=packet.payload) from None
        if reply is not None and reply.values:
            self._context.append(ContextReading(packet.t_arrival_ns, self._name, reply.values))
        return []

    def _blocks(self, placed: list[Placed]) -> list[SampleBlock]:
        tally = self._order.tally
        if tally.duplicates or tally.late or tally.errors or tally.restarts:
            self.duplicates += tally.duplicates
            self.late += tally.late
            self.errors += tally.errors
            self.restarts += tally.restarts
            tally.clear()
        out = []
        for missing, samples, _ in placed:
            start = self._next + missing
            self._next = start + len(samples)
            self.lost += missing
            out.append(SampleBlock(start, samples, missing))
        return out


def ticks_period(profile: FirmwareProfile) -> int:
    """Ticks after which the device's time rolls over; 0 = not known, or no time at all."""
    if profile.clock.bits is not None:
        return 1 << profile.clock.bits
    times = [stream.time for _, stream in profile.named_streams() if stream.time is not None]
    return 256 ** FIELD_BYTES[times[0].type] if times else 0


def _make_order(profile: FirmwareProfile, rate_hz: float) -> Order:
    tick_s, period = profile.clock.tick_s, ticks_period(profile)
    if profile.loss.kind == "rate" or profile.kind == "context":
        return ArrivalOrder(sampling_rate_hz=rate_hz)
    if tick_s is not None and period:
        per_sample = 1.0 / (rate_hz * tick_s)
        is_last = profile.clock.stamps == "last"
        return StampOrder(ticks_period=period, ticks_per_sample=per_sample, tick_s=tick_s, stamps_last=is_last)
    counters = [stream.counter for _, stream in profile.named_streams() if stream.counter is not None]
    if profile.loss.kind == "counter" and counters:
        return CountOrder(counter_period=256 ** FIELD_BYTES[counters[0].type], sampling_rate_hz=rate_hz)
    raise ProfileError(
        f"The profile {profile.name} says that device time shows what is missing, but not when it rolls over.",
        hint="Give clock.tick_s and clock.bits, or use loss.kind = 'rate'.",
    )
