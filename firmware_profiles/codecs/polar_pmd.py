"""Polar Measurement Data: frames of acceleration (type 2) and angular rate (type 5), raw or delta-compressed."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from firmware_profiles.base import ProfileCodec
from firmware_profiles.errors import FormatError
from firmware_profiles.joining import ACCELERATION, RATES, TimeJoin, is_whole
from firmware_profiles.layout import Column, Half, Halves, Layout
from firmware_profiles.model import FirmwareProfile
from firmware_profiles.readings import NO_FLAGS, FloatArray, Reading, Reply
from firmware_profiles.scaling import STANDARD_GRAVITY_MPS2, RangeCheck, check_finite, plausible_limits

_ACC, _GYRO = 2, 5
_HEADER: Final = struct.Struct("<BQB")
_CONTROL_REPLY, _FEATURES, _STOPPED = 0xF0, 0x0F, 0x01
_DELTA: Final = 0x80
_RAW_BYTES: Final = {0: 1, 1: 2, 2: 3}
_NS_PER_S: Final = 1_000_000_000
_MOST_NS: Final = 1 << 62
"""Nanoseconds since 2000; below it, differences of times stay within 64 bits."""
_FORM_CHANGE_NS: Final = 5 * _NS_PER_S
_MOST_RAW: Final = 100
"""Samples that no notification holds more of without compression."""
_MOST_DELTA: Final = 1000
"""Samples that no notification holds more of."""
_MOST_JOINED: Final = 256
"""Samples that no usual frame of differences holds more of."""
_FULL_SCALE_COUNTS: Final = 32768.0
_I8: Final = np.dtype("i1")
_I16: Final = np.dtype("<i2")
_I32: Final = np.dtype("<i4")
_MILLI: Final = STANDARD_GRAVITY_MPS2 / 1000.0
_FACTOR_ID: Final = 5
_VALUE_BYTES: Final = {0: 2, 1: 2, 2: 2, 3: 4, 4: 1, 5: 4, 6: 16}
_STATUS: Final = {
    1: "the operation is not known",
    2: "the measurement is not known",
    3: "the measurement is not supported",
    4: "the length is wrong",
    5: "a parameter is wrong",
    6: "it is in that state already",
    7: "the resolution is wrong",
    8: "the sampling rate is wrong",
    9: "the range is wrong",
    10: "the MTU is too small",
    11: "there are too many channels",
    12: "not possible in the sensor's present state",
    13: "the sensor is in its charger",
}

Unpack = Callable[[bytes, float, float, FloatArray], int]

_IntArray = npt.NDArray[np.int64]


class Codec(ProfileCodec):
    """Options: rate_hz, acc_range_g; where the sensor has them `gyro` (1 = also angular rate), gyr_range_dps, sdk_mode.

    A delta frame of type 0 holds counts; the start response says what one is worth (FACTOR), and until it has come the
    full scale spread over 16 bits is taken, which is the same to 5 digits on the units that were seen.

    Attributes
    ----------
    unpack : callable or None
        A compiled way to read frames of differences, `(frame, factor, limit, out) -> samples`, 0 = look closer.
    """

    def __init__(self, profile: FirmwareProfile, **options: int) -> None:
        super().__init__(profile, **options)
        self._has_gyro = bool(self.options.get("gyro", 0))
        self.width = 6 if self._has_gyro else 3
        gyr_range = self.options.get("gyr_range_dps", 2000)
        self._acc_factor = (self.acc_range_g or 8.0) / _FULL_SCALE_COUNTS * STANDARD_GRAVITY_MPS2
        self._gyr_factor = gyr_range / _FULL_SCALE_COUNTS
        limits = plausible_limits(profile, 6)
        self._acc_check, self._gyr_check = RangeCheck(limits[:3]), RangeCheck(limits[3:])
        largest = np.finfo(np.float64).max
        self._acc_limit, self._gyr_limit = float(min(limits[0], largest)), float(min(limits[3], largest))
        self.unpack: Unpack | None = None
        self._scratch = np.empty((_MOST_DELTA, 3))
        self._period = round(_NS_PER_S / self.sampling_rate_hz)
        self.reset()

    def reset(self) -> None:
        """Forget what waits for its other half, and what frames were like."""
        self.joining = TimeJoin(self._period)
        self._forms: dict[int, int] = {}
        self._other_form = (0, 0, 0)

    def flush(self) -> list[Reading]:
        """Return the acceleration that waits for its angular rate."""
        return [_paired(samples, last) for last, samples in self.joining.flush()]

    def layouts(self) -> tuple[Layout, ...]:
        """Return where the samples lie in a frame of 16 bits that is not compressed."""
        assert self.profile.codec is not None
        if self._has_gyro or self.profile.codec.settings.get("delta"):
            return ()
        limits = plausible_limits(self.profile, 3)
        return (
            Layout(
                characteristic=self.profile.gatt.notify[0],
                columns=tuple(Column(c, 2 * c, 0, _MILLI, float(limits[c])) for c in range(3)),
                width=3,
                letter="h",
                fixed=((0, _ACC), (9, 1)),
                at=10,
                step=6,
                rest=10,
                each=6,
                most=_MOST_RAW,
                time=(1, 8),
            ),
        )

    def halves(self) -> Halves | None:
        """Return what frames of 16-bit differences are like; their layout is known once there was one."""
        if not self._has_gyro:
            return None
        acc_form, gyr_form = self._forms.get(_ACC, 0), self._forms.get(_GYRO, 0)
        acc_factor = self._acc_factor if acc_form == _DELTA else _MILLI
        return Halves(
            characteristic=self.profile.gatt.notify[0],
            acceleration=Half((0, _ACC), _readable(acc_form, _DELTA, _DELTA + 1), acc_factor, self._acc_limit),
            rates=Half((0, _GYRO), _readable(gyr_form, _DELTA), self._gyr_factor, self._gyr_limit),
            is_compressed=True,
            time=(1, 8),
            at=10,
            unit=1,
            span=None,
            most=_MOST_JOINED,
        )

    def decode(self, characteristic: str, data: bytes) -> list[Reading]:
        """Read one notification."""
        if len(data) < 10:
            if self.reply(characteristic, data) is not None:
                return []
            raise FormatError("a frame begins with 10 bytes of type, time and layout", len(data))
        kind, ticks, layout = _HEADER.unpack_from(data)
        if kind == _CONTROL_REPLY:
            self.reply(characteristic, data)
            return []
        if ticks >= _MOST_NS:
            raise FormatError("the time is beyond the year 2146", 1)
        if kind == _ACC:
            samples, flags = self._acceleration(data, layout)
            self._check_form(kind, ticks, layout)
            if not self._has_gyro:
                return [Reading(samples, None, ticks, {}, flags)]
            joined = self.joining.push(ACCELERATION, ticks, samples)
        elif kind == _GYRO:
            rates, flags = self._rates(data, layout)
            self._check_form(kind, ticks, layout)
            if not self._has_gyro:
                return [Reading(np.column_stack([np.full_like(rates, np.nan), rates]), None, ticks, {}, flags)]
            joined = self.joining.push(RATES, ticks, rates)
        else:
            raise FormatError(f"measurement {kind} is neither acceleration (2) nor angular rate (5)", 0)
        return [_paired(samples, last, flags) for last, samples in joined]

    def _check_form(self, kind: int, ticks: int, layout: int) -> None:
        """Refuse a frame of another layout than the ones before, unless the one just before it was the same.

        A damaged layout would be read as other numbers, and as more or fewer of them.
        """
        usual = self._forms.setdefault(kind, layout)
        if layout == usual:
            return
        other, self._other_form = self._other_form, (kind, layout, ticks)
        if other[:2] != (kind, layout) or not 0 < ticks - other[2] < _FORM_CHANGE_NS:
            raise FormatError(f"the layout is {layout:02x}, that of the frames before was {usual:02x}", 9)
        self._forms[kind] = layout

    def _acceleration(self, data: bytes, layout: int) -> tuple[FloatArray, frozenset[str]]:
        if layout in {_DELTA, _DELTA + 1}:
            factor = self._acc_factor if layout == _DELTA else _MILLI
            return self._unpacked(data, factor, self._acc_limit, self._acc_check)
        if layout in _RAW_BYTES:
            samples: FloatArray = np.multiply(_raw(data, _RAW_BYTES[layout]), _MILLI)
            return samples, self._acc_check.flags(samples)
        raise FormatError(f"the layout {layout:02x} of acceleration is not known", 9)

    def _rates(self, data: bytes, layout: int) -> tuple[FloatArray, frozenset[str]]:
        if layout == _DELTA:
            return self._unpacked(data, self._gyr_factor, self._gyr_limit, self._gyr_check)
        if layout == _DELTA + 1:
            bits = _delta(data, 4).astype(np.uint32).view(np.float32)
            check_finite(bits, 10, 0)
            rates: FloatArray = bits.astype(np.float64)
            return rates, self._gyr_check.flags(rates)
        raise FormatError(f"the layout {layout:02x} of angular rate is not known", 9)

    def _unpacked(
        self, data: bytes, factor: float, limit: float, check: RangeCheck
    ) -> tuple[FloatArray, frozenset[str]]:
        """Return the samples of a frame of differences, and flags; quickly where nothing is wrong with it."""
        if self.unpack is not None and (n := self.unpack(data, factor, limit, self._scratch)):
            return self._scratch[:n].copy(), NO_FLAGS
        samples: FloatArray = np.multiply(_delta(data, 2), factor)
        return samples, check.flags(samples)

    def reply(self, characteristic: str, data: bytes) -> Reply | None:
        """Read an answer of the control point; FACTOR of a start is taken over."""
        if data[:1] == bytes([_CONTROL_REPLY]):
            if len(data) < 4:
                raise FormatError("the answer of the control point is cut short", len(data))
            _, operation, kind, status = data[:4]
            if status:
                return Reply(False, _STATUS.get(status, f"the sensor answered {status}"))
            factor = _factor(data[5:]) if operation == 2 else None
            if factor is None:
                return Reply(True, "done")
            if kind & 0x3F == _ACC:
                self._acc_factor = factor * STANDARD_GRAVITY_MPS2
            elif kind & 0x3F == _GYRO:
                self._gyr_factor = factor
            return Reply(True, "started", {"factor": factor})
        if characteristic not in self.profile.gatt.indicate:
            return super().reply(characteristic, data)
        if data[:1] == bytes([_STOPPED]):
            return Reply(False, "the sensor has stopped the measurement")
        if data[:1] == bytes([_FEATURES]) and len(data) > 2:
            names = {2: "acceleration", 5: "angular rate", 6: "magnetic field"}
            found = [name for bit, name in names.items() if data[1] >> bit & 1]
            return Reply(True, ", ".join(found) + (", SDK mode" if data[2] & 2 else ""))
        return None

    def encode(self, reading: Reading) -> list[tuple[str, bytes]]:
        """Write raw frames of 16 bits (H10), or delta frames where the profile's setting `delta` says so."""
        samples = reading.samples
        if samples is None:
            raise ValueError("a frame holds samples")
        assert self.profile.codec is not None
        uuid = self.profile.gatt.notify[0]
        milli = np.rint(samples[:, :3] / _MILLI).astype(np.int64)
        if not self.profile.codec.settings.get("delta"):
            return [(uuid, _HEADER.pack(_ACC, reading.ticks or 0, 1) + milli.astype("<i2").tobytes())]
        frames = [(uuid, _HEADER.pack(_ACC, reading.ticks or 0, _DELTA + 1) + _compress(milli))]
        if self._has_gyro:
            counts = np.rint(samples[:, 3:] / self._gyr_factor).astype(np.int64)
            frames.append((uuid, _HEADER.pack(_GYRO, reading.ticks or 0, _DELTA) + _compress(counts)))
        return frames


def _paired(samples: FloatArray, last: int, flags: frozenset[str] = NO_FLAGS) -> Reading:
    """Return a reading of both sensors; a packet of angular rate that was lost leaves whole ends without it."""
    if not is_whole(samples):
        flags |= {"incomplete"}
    return Reading(samples, None, last, {}, flags)


def _readable(form: int, *known: int) -> tuple[int, int] | None:
    return (9, form) if form in known else None


def _raw(data: bytes, size: int) -> npt.NDArray[Any]:
    n, rest = divmod(len(data) - 10, 3 * size)
    if rest or not n:
        raise FormatError(f"{len(data) - 10} bytes are not whole samples of {3 * size} bytes", len(data))
    if size == 3:
        parts = np.frombuffer(data, np.uint8, offset=10).reshape(-1, 3).astype(np.int64)
        values = parts[:, 0] | parts[:, 1] << 8 | parts[:, 2] << 16
        return (values - ((values & 0x800000) << 1)).reshape(n, 3)
    return np.ndarray((n, 3), _I16 if size == 2 else _I8, data, 10)


def _delta(data: bytes, reference_bytes: int) -> _IntArray:
    """Undo the compression: a reference, then blocks of `bits, n, n x 3 signed differences of so many bits`."""
    at = 10 + 3 * reference_bytes
    if len(data) < at:
        raise FormatError("the reference sample is cut short", len(data))
    reference = np.ndarray((1, 3), _I16 if reference_bytes == 2 else _I32, data, 10).astype(np.int64)
    blocks = [reference]
    most_bits = 8 * reference_bytes + 1
    while at < len(data):
        if at + 2 > len(data):
            raise FormatError("the head of a block is cut short", len(data))
        bits, n = data[at], data[at + 1]
        if not 1 <= bits <= most_bits or not n:
            raise FormatError(f"a block of {n} differences of {bits} bits is not possible", at)
        end = at + 2 + (3 * n * bits + 7) // 8
        if end > len(data):
            raise FormatError(f"a block of {n} differences of {bits} bits is cut short", len(data))
        blocks.append(_unpack(data[at + 2 : end], bits, 3 * n).reshape(n, 3))
        at = end
    return np.concatenate(blocks).cumsum(axis=0)


def _unpack(packed: bytes, bits: int, count: int) -> _IntArray:
    """Unpack signed fields of `bits` bits, least significant bit first."""
    if bits == 8:
        return np.frombuffer(packed, np.int8, count).astype(np.int64)
    if bits == 16:
        return np.frombuffer(packed, "<i2", count).astype(np.int64)
    ones = np.unpackbits(np.frombuffer(packed, np.uint8), count=bits * count, bitorder="little")
    values: _IntArray = (ones.reshape(count, bits) @ _weights(bits)).astype(np.int64)
    return values


@lru_cache(maxsize=64)
def _weights(bits: int) -> FloatArray:
    """Worth of each bit of a signed field."""
    weights: FloatArray = np.ldexp(1.0, np.arange(bits))
    weights[-1] = -weights[-1]
    return weights


def _compress(values: _IntArray) -> bytes:
    """Write a reference and one block that holds all differences."""
    out: bytes = values[0].astype("<i2").tobytes()
    steps = np.diff(values, axis=0)
    if not len(steps):
        return out
    largest = int(max(steps.max(), -steps.min() - 1, 1))
    bits = largest.bit_length() + 1
    field = steps.ravel()[:, None] >> np.arange(bits) & 1
    packed: bytes = np.packbits(field.astype(np.uint8).ravel(), bitorder="little").tobytes()
    return out + bytes([bits, len(steps)]) + packed


def _factor(parameters: bytes) -> float | None:
    """Find FACTOR among the parameters `id, count, values` of a start response; None = it is not there."""
    at = 0
    while at + 2 <= len(parameters):
        kind, count = parameters[at], parameters[at + 1]
        size = _VALUE_BYTES.get(kind)
        if size is None or at + 2 + size * count > len(parameters):
            raise FormatError("the parameters of the start response make no sense", 5 + at)
        if kind == _FACTOR_ID and count:
            return float(struct.unpack_from("<f", parameters, at + 2)[0])
        at += 2 + size * count
    return None
