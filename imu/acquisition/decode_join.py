"""The quick way of sensors that come apart: one compiled call for a packet of either, joined by the device's time.

The codec says what the packets are like (`JoiningCodec.halves`) and what it remembers of them; the kernel goes on from
there while packets plainly follow, and hands everything back before the slow way sees anything else. Its kernel is
compiled when the first such sensor is opened, not before: few have it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from firmware_profiles import Codec, FirmwareProfile
from firmware_profiles.joining import JoiningCodec, JoinState
from firmware_profiles.layout import Halves
from firmware_profiles.pairing import Packet, PairingState
from firmware_profiles.stamps import LineState
from imu.acquisition.decode_kernel import KernelDecoder, kernel_period
from imu.acquisition.decode_readings import ReadingDecoder
from imu.acquisition.loss_time import StampOrder
from imu.kernels import join as kernel
from imu.kernels import packet as order_kernel
from imu.kernels._jit import entry
from imu.types import FloatArray, IntArray, RawPacket, SampleBlock

_LARGEST: Final = float(np.finfo(np.float64).max)
_NONE: Final = 256  # no byte


def join_decoder(
    profile: FirmwareProfile, codec: Codec, sampling_rate_hz: float | None = None
) -> ReadingDecoder | None:
    """Return a decoder with a quick way; None = the sensors of this profile do not come apart."""
    if profile.loss.kind != "timestamp" or not isinstance(codec, JoiningCodec):
        return None
    halves = codec.halves()
    if halves is None:
        return None
    kind = JoinDecoder if halves.parts is None else JoinPartsDecoder
    return kind(profile, codec, halves, sampling_rate_hz=sampling_rate_hz)


class JoinDecoder(KernelDecoder):
    """Every notification is a packet of one sensor; see `imu.acquisition.decode.Decoder`."""

    def __init__(
        self, profile: FirmwareProfile, codec: JoiningCodec, halves: Halves, *, sampling_rate_hz: float | None = None
    ) -> None:
        super().__init__(profile, codec, sampling_rate_hz=sampling_rate_hz)
        assert isinstance(self._order, StampOrder)  # `join_decoder` has looked
        self._joining_codec = codec
        self._characteristic = halves.characteristic
        self._plan, self._floats = _plan(halves, codec.joining.period, self._order)
        self._rows = np.zeros(((1 + kernel.SLOTS) * halves.most, 6))
        # Compiled or loaded before the stream begins.
        self._take = entry(kernel.take_half, b"", 0, self._plan, self._floats, self._rows)

    def push(self, packet: RawPacket) -> list[SampleBlock]:
        """Decode one notification; see `Decoder`."""
        payload = packet[2]
        if packet[1] == self._characteristic:
            taken = self._take(payload, packet[0], self._plan, self._floats, self._rows)
            if taken > 0:
                n = taken >> kernel.SHIFT
                return self._taken(packet[0], self._rows[:n].copy(), n, taken & kernel.SAID)
            if taken:
                return []
        return self._push_slowly(packet)

    def _tell_order(self) -> None:
        """Bring order and codec up to date with what the kernel has taken since."""
        is_kernels = self._plan[order_kernel.READY]
        super()._tell_order()
        if is_kernels:
            self._joining_codec.joining.take_state(_read_state(self._plan, self._floats, self._rows))

    def _ask_order(self) -> None:
        super()._ask_order()
        if self._plan[order_kernel.READY]:
            halves, state = self._joining_codec.halves(), self._joining_codec.joining.give_state()
            is_told = (
                halves is not None and state is not None and _write_state(self._plan, self._floats, self._rows, state)
            )
            if halves is None or not is_told:
                self._plan[order_kernel.READY] = 0
                return
            _write_form(self._plan, self._floats, halves)


class JoinPartsDecoder(JoinDecoder):
    """A packet may come as two notifications: the first is kept until the second has come."""

    def __init__(
        self, profile: FirmwareProfile, codec: JoiningCodec, halves: Halves, *, sampling_rate_hz: float | None = None
    ) -> None:
        super().__init__(profile, codec, halves, sampling_rate_hz=sampling_rate_hz)
        assert halves.parts is not None  # `join_decoder` has looked
        self._head_bytes = halves.time[0]
        self._part_bytes, code = halves.parts
        heads = [bytes(value for _, value in sorted(half_fixed)) for half_fixed in _fixed(halves)]
        # By the head of a first part, the head of what follows it.
        self._next_heads = {head: bytes([code]) + head[1:] for head in heads}
        self._firsts: dict[bytes, RawPacket] = {}

    def push(self, packet: RawPacket) -> list[SampleBlock]:
        """Decode one notification; see `Decoder`."""
        arrival_ns, characteristic, payload = packet
        head = payload[: self._head_bytes]
        firsts = self._firsts
        next_head = self._next_heads.get(head)
        if next_head is None:
            first = firsts.get(head)
            if first is None or characteristic != self._characteristic:
                return self._push_slowly(packet)
            payload = first[2] + payload[self._head_bytes :]
        elif next_head in firsts or characteristic != self._characteristic:
            return self._push_slowly(packet)
        elif len(payload) == self._part_bytes:
            if not self._plan[order_kernel.READY]:
                return self._push_slowly(packet)
            firsts[next_head] = packet
            return []
        taken = self._take(payload, arrival_ns, self._plan, self._floats, self._rows)
        if not taken:
            return self._push_slowly(packet)
        if next_head is None:
            del firsts[head]
        if taken < 0:
            return []
        n = taken >> kernel.SHIFT
        return self._taken(arrival_ns, self._rows[:n].copy(), n, taken & kernel.SAID)

    def _tell_order(self) -> None:
        super()._tell_order()
        firsts, self._firsts = self._firsts, {}
        for first in firsts.values():
            self._codec.decode(first.characteristic, first.payload)  # it keeps it as well


def _fixed(halves: Halves) -> list[list[tuple[int, int]]]:
    return [[half.kind, half.form] if half.form else [half.kind] for half in (halves.acceleration, halves.rates)]


def _plan(halves: Halves, period: int, order: StampOrder) -> tuple[IntArray, FloatArray]:
    """Translate what the packets are like for the kernel; nothing is expected yet."""
    plan, floats = np.zeros(kernel.INTS, dtype=np.int64), np.zeros(kernel.FLOATS)
    plan[order_kernel.ORDER] = order_kernel.BY_TIME
    plan[order_kernel.STAMPS_LAST], plan[order_kernel.PERIOD] = order.stamps_last, kernel_period(order)
    plan[kernel.IS_COMPRESSED], plan[kernel.AT] = halves.is_compressed, halves.at
    plan[kernel.TIME_AT], plan[kernel.TIME_BYTES] = halves.time
    plan[kernel.UNIT], plan[kernel.STAMPS_FIRST] = halves.unit, halves.span is not None
    plan[kernel.MOST], plan[kernel.PERIOD] = halves.most, period
    floats[kernel.SPAN] = halves.span or 0.0
    return plan, floats


def _write_form(plan: IntArray, floats: FloatArray, halves: Halves) -> None:
    """Say by what the packets of either sensor are known, and what a count is worth."""
    for sensor, half in enumerate((halves.acceleration, halves.rates)):
        a, f = _places(sensor)
        plan[a + kernel.KIND_AT], plan[a + kernel.KIND] = half.kind
        plan[a + kernel.FORM_AT], plan[a + kernel.FORM] = half.form or (0, _NONE)
        floats[f + kernel.FACTOR], floats[f + kernel.LIMIT] = half.factor, min(half.limit, _LARGEST)


def _write_state(plan: IntArray, floats: FloatArray, rows: FloatArray, state: JoinState) -> bool:
    """Tell the kernel all that the codec remembers; False = that is more than there is room for."""
    pairing, most = state.pairing, len(rows) // (1 + kernel.SLOTS)
    plan[kernel.UNEVEN_TO] = pairing.uneven_to
    for sensor, packets in enumerate((pairing.waiting, pairing.rates)):
        if len(packets) > kernel.SLOTS or any(len(packet.values) > most for packet in packets):
            return False
        a, f = _places(sensor)
        line, last = state.lines[sensor], pairing.last[sensor]
        plan[a + kernel.LINE_LAST], plan[a + kernel.IS_MEASURED] = line.last, line.is_measured
        plan[a + kernel.LAST], plan[a + kernel.HAS_LAST] = last or 0, last is not None
        plan[a + kernel.HEAD], plan[a + kernel.COUNT] = 0, len(packets)
        floats[f + kernel.LINE_PERIOD] = line.period
        for slot, packet in enumerate(packets):
            e, row, n = _entry(a, slot), (1 + slot) * most, len(packet.values)
            plan[e : e + kernel.SLOT_INTS] = packet.last, packet.first, n, packet.forgotten_to
            floats[f + kernel.SLOT_PERIOD + slot] = packet.period
            rows[row : row + n, 3 * sensor : 3 * sensor + 3] = packet.values
    return True


def _read_state(plan: IntArray, floats: FloatArray, rows: FloatArray) -> JoinState:
    """Return what the kernel has made of it."""
    most = len(rows) // (1 + kernel.SLOTS)
    lines, lasts, packets = [], [], []
    for sensor in range(2):
        a, f = _places(sensor)
        line_last, is_measured, last, has_last, head, count = plan[a + kernel.LINE_LAST : a + kernel.COUNT + 1].tolist()
        lines.append(LineState(line_last, float(floats[f + kernel.LINE_PERIOD]), bool(is_measured)))
        lasts.append(last if has_last else None)
        kept = []
        for slot in ((head + k) % kernel.SLOTS for k in range(count)):
            e, row = _entry(a, slot), (1 + slot) * most
            packet_last, _, n, forgotten_to = plan[e : e + kernel.SLOT_INTS].tolist()
            values = rows[row : row + n, 3 * sensor : 3 * sensor + 3].copy()
            kept.append(Packet(packet_last, float(floats[f + kernel.SLOT_PERIOD + slot]), values, forgotten_to))
        packets.append(tuple(kept))
    pairing = PairingState((lasts[0], lasts[1]), int(plan[kernel.UNEVEN_TO]), packets[0], packets[1])
    return JoinState((lines[0], lines[1]), pairing)


def _places(sensor: int) -> tuple[int, int]:
    """Where the numbers of a sensor begin."""
    return kernel.SENSORS + kernel.SENSOR_INTS * sensor, kernel.SENSOR_FLOATS_AT + kernel.SENSOR_FLOATS * sensor


def _entry(a: int, slot: int) -> int:
    return a + kernel.SLOT + kernel.SLOT_INTS * slot
