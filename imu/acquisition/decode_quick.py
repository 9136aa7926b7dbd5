"""The quick way of `ReadingDecoder`: one compiled call for the notification that plainly comes next.

The codec says where the samples lie (`Codec.layouts`), the order of packets what has to come next; the kernel takes a
notification that is exactly so. Everything else goes the slow way, which explains it, and the results are the same
either way, bit for bit.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from firmware_profiles import Codec, FirmwareProfile
from firmware_profiles.layout import Layout
from firmware_profiles.model import VALUE_BYTES
from imu.acquisition.decode_kernel import KernelDecoder, kernel_period
from imu.acquisition.decode_readings import ReadingDecoder
from imu.acquisition.loss_rate import ArrivalOrder
from imu.acquisition.loss_time import StampOrder
from imu.kernels import clock
from imu.kernels import packet as kernel
from imu.kernels._jit import entry
from imu.types import FloatArray, IntArray, RawPacket, SampleBlock

_LARGEST: Final = float(np.finfo(np.float64).max)
_NOTHING: Final = np.empty((0, 0))
_NO_PLAN: Final[IntArray] = np.zeros(kernel.COLUMNS + 1, dtype=np.int64)


def quick_decoder(
    profile: FirmwareProfile, codec: Codec, sampling_rate_hz: float | None = None
) -> ReadingDecoder | None:
    """Return a decoder with a quick way; None = the packets of this profile have no plain layout."""
    layouts = codec.layouts()
    if not layouts or profile.loss.kind == "counter" or (len(layouts) > 1 and profile.loss.kind != "rate"):
        return None
    kind = PairDecoder if len(layouts) > 1 else PartsDecoder if layouts[0].parts else QuickDecoder
    return kind(profile, codec, layouts, sampling_rate_hz=sampling_rate_hz)


class QuickDecoder(KernelDecoder):
    """Every notification is a packet; see `imu.acquisition.decode.Decoder`."""

    def __init__(
        self,
        profile: FirmwareProfile,
        codec: Codec,
        layouts: tuple[Layout, ...],
        *,
        sampling_rate_hz: float | None = None,
    ) -> None:
        super().__init__(profile, codec, sampling_rate_hz=sampling_rate_hz)
        self._layout = layouts[-1]
        self._characteristic = self._layout.characteristic
        self._shapes = _shapes(self._layout)
        self._plan, self._floats = _plan(self._layout, self._order)
        # Compiled or loaded before the stream begins.
        self._take = entry(kernel.take_packet, b"", 0, _NO_PLAN, self._floats, _NOTHING, _NOTHING)

    def push(self, packet: RawPacket) -> list[SampleBlock]:
        """Decode one packet; see `Decoder`."""
        # Plain index access and an array of the expected size: this runs for every packet.
        payload = packet[2]
        shape = self._shapes.get(len(payload))
        if shape is not None and packet[1] == self._characteristic:
            samples = np.empty(shape)
            taken = self._take(payload, packet[0], self._plan, self._floats, samples, self._before)
            if taken:
                return self._taken(packet[0], samples, shape[0], taken)
        return self._push_slowly(packet)


class PartsDecoder(QuickDecoder):
    """A packet may come as two notifications: the first is kept until the second has come."""

    def __init__(
        self,
        profile: FirmwareProfile,
        codec: Codec,
        layouts: tuple[Layout, ...],
        *,
        sampling_rate_hz: float | None = None,
    ) -> None:
        super().__init__(profile, codec, layouts, sampling_rate_hz=sampling_rate_hz)
        self._head = _head(self._layout)
        self._part_bytes, self._next_head = self._layout.parts or (0, b"")
        self._first: RawPacket | None = None

    def push(self, packet: RawPacket) -> list[SampleBlock]:
        """Decode one notification; see `Decoder`."""
        arrival_ns, characteristic, payload = packet
        first = self._first
        if characteristic != self._characteristic:
            return self._push_slowly(packet)
        if first is not None:
            if not payload.startswith(self._next_head):
                return self._push_slowly(packet)
            payload = first[2] + payload[len(self._next_head) :]
        elif len(payload) == self._part_bytes and payload.startswith(self._head) and self._plan[kernel.READY]:
            self._first = packet
            return []
        shape = self._shapes.get(len(payload))
        if shape is not None:
            samples = np.empty(shape)
            taken = self._take(payload, arrival_ns, self._plan, self._floats, samples, self._before)
            if taken:
                self._first = None
                return self._taken(arrival_ns, samples, shape[0], taken)
        return self._push_slowly(packet)

    def _tell_order(self) -> None:
        super()._tell_order()
        first, self._first = self._first, None
        if first is not None:
            self._codec.decode(first.characteristic, first.payload)  # it keeps it as well


class PairDecoder(QuickDecoder):
    """Two notifications, acceleration and angular rate in either order, belong to the same samples."""

    def __init__(
        self,
        profile: FirmwareProfile,
        codec: Codec,
        layouts: tuple[Layout, ...],
        *,
        sampling_rate_hz: float | None = None,
    ) -> None:
        super().__init__(profile, codec, (_joined(layouts),), sampling_rate_hz=sampling_rate_hz)
        # Which of the two it is shows in the characteristic or in the first bytes.
        self._head_bytes = layouts[0].at
        self._sensors = {(layout.characteristic, _head(layout)): k for k, layout in enumerate(layouts)}
        self._first: RawPacket | None = None
        self._first_sensor = 0
        self._leader: int | None = None
        # Floating point may hold what is no number: that is said of the first half when it comes, not of the second.
        self._checks = [_plan(layout, None) for layout in layouts] if layouts[0].letter == "f" else []
        self._half_shapes = [_shapes(layout) for layout in layouts]

    def push(self, packet: RawPacket) -> list[SampleBlock]:
        """Decode one notification; see `Decoder`."""
        arrival_ns, characteristic, payload = packet
        head = self._head_bytes
        sensor = self._sensors.get((characteristic, payload[:head]))
        first = self._first
        if sensor is None or not self._plan[kernel.READY] or (first is None and sensor != self._leader):
            return self._push_slowly(packet)
        if first is None:
            shape = self._half_shapes[sensor].get(len(payload))
            if shape is None or (self._checks and not self._is_fine(sensor, payload, shape)):
                return self._push_slowly(packet)
            self._first, self._first_sensor = packet, sensor
            return []
        if sensor != self._first_sensor and len(payload) == len(first[2]):
            values = payload[head:] + first[2][head:] if self._first_sensor else first[2][head:] + payload[head:]
            shape = self._shapes.get(len(values))
            if shape is not None:
                samples = np.empty(shape)
                taken = self._take(values, arrival_ns, self._plan, self._floats, samples, self._before)
                if taken:
                    self._first = None
                    return self._taken(arrival_ns, samples, shape[0], taken)
        return self._push_slowly(packet)

    def _ask_order(self) -> None:
        super()._ask_order()
        self._leader = self._codec.leader

    def _is_fine(self, sensor: int, payload: bytes, shape: tuple[int, int]) -> bool:
        plan, floats = self._checks[sensor]
        return bool(self._take(payload, 0, plan, floats, np.empty(shape), _NOTHING))

    def _tell_order(self) -> None:
        super()._tell_order()
        first, self._first = self._first, None
        if first is not None:
            self._codec.decode(first.characteristic, first.payload)  # it keeps it as well


def _head(layout: Layout) -> bytes:
    return bytes(value for _, value in layout.fixed)


def _shapes(layout: Layout) -> dict[int, tuple[int, int]]:
    """Shape of the samples of a packet of each length."""
    return {layout.rest + layout.each * n: (n, layout.width) for n in range(layout.least, layout.most + 1)}


def _joined(layouts: tuple[Layout, ...]) -> Layout:
    """Layout of the values of acceleration, and behind them those of angular rate, without their headers."""
    acc, gyr = layouts
    columns = tuple(column._replace(blocks=acc.each) for column in gyr.columns)
    return acc._replace(
        columns=acc.columns + columns, width=6, fixed=(), at=0, rest=0, each=acc.each + gyr.each, time=None
    )


def _plan(layout: Layout, order: StampOrder | ArrivalOrder | None) -> tuple[IntArray, FloatArray]:
    """Translate a layout for the kernel; nothing is expected yet, unless there is no order to keep."""
    head = [0] * kernel.COLUMNS
    if order is None:
        head[kernel.READY] = 1
    elif isinstance(order, StampOrder):
        head[kernel.ORDER] = kernel.BY_TIME
        head[kernel.STAMPS_LAST], head[kernel.PERIOD] = order.stamps_last, kernel_period(order)
    else:
        head[kernel.ORDER] = kernel.BY_ARRIVAL
    head[kernel.KIND] = kernel.KINDS[layout.letter]
    head[kernel.VALUE_BYTES] = VALUE_BYTES[layout.letter]
    head[kernel.IS_BIG] = layout.endian == "big"
    head[kernel.AT], head[kernel.STEP] = layout.at, layout.step
    head[kernel.TIME_AT], head[kernel.TIME_BYTES] = layout.time or (0, 0)
    head[kernel.CRC_AT] = -1 if layout.crc_at is None else layout.crc_at
    head[kernel.REPEATS] = layout.repeats
    head[kernel.FIXED] = len(layout.fixed)
    columns = [number for column in layout.columns for number in (column.column, column.offset, column.blocks)]
    fixed = [number for pair in layout.fixed for number in pair]
    plan = np.array([*head, len(layout.columns), *columns, *fixed, *[0] * clock.INTS], dtype=np.int64)
    limits = [(column.factor, min(column.limit, _LARGEST)) for column in layout.columns]
    return plan, np.concatenate([np.zeros(kernel.FACTORS), np.array(limits).ravel(), np.zeros(clock.FLOATS)])
