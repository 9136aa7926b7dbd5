"""Movesense GATT SensorData Protocol: notifications `code, ref, body`, told apart by the ref that the command carried.

The samples of a packet are array-major (all of acceleration, then all of angular rate), without counts: the number of
samples follows from the length. A body that does not fit one notification continues in the next (code 3, then 4).

Acceleration and angular rate may be two subscriptions, each with packets and times of its own, which join them.
"""

from __future__ import annotations

import struct
from typing import Final

import numpy as np

from firmware_profiles.base import ProfileCodec
from firmware_profiles.errors import FormatError
from firmware_profiles.joining import ACCELERATION, RATES, TimeJoin, is_whole
from firmware_profiles.layout import Column, Half, Halves, Layout
from firmware_profiles.model import FirmwareProfile
from firmware_profiles.readings import NO_FLAGS, FloatArray, Reading, Reply, Value
from firmware_profiles.scaling import RangeCheck, check_finite, plausible_limits

_RESPONSE, _DATA, _PART2, _PART3 = 1, 2, 3, 4

# The refs that the profile's commands carry.
REF_HELLO: Final = 0x40
REF_BATTERY: Final = 0x41
REF_ACC_CONFIG: Final = 0x42
REF_ACC_INFO: Final = 0x43
REF_GYRO_INFO: Final = 0x44
REF_IMU_INFO: Final = 0x45
REF_TIME: Final = 0x46
REF_SAMPLES: Final = 0x63
REF_HEART_RATE: Final = 0x64
REF_TEMPERATURE: Final = 0x65
REF_ECG: Final = 0x66
REF_RATES: Final = 0x67

_PART_BYTES: Final = 150
"""Body bytes of a notification that is continued; a shorter one that is not whole samples is damaged."""

_MOST_SAMPLES: Final = 128
_BYTE_ORDER_MARK: Final = 600  # a status beyond it was sent big-endian, as the sample firmware does with 507
_F32: Final = np.dtype("<f4")
_TWO: Final = 33
_SENSORS: Final = {3: 1, 6: 2, 9: 3, _TWO: 1}
_US_PER_MS: Final = 1000


class Codec(ProfileCodec):
    """Option `sensors`: 3 = acceleration, 6 = and angular rate, 9 = and magnetic field (left out), 0 = any of them.

    33 = acceleration and angular rate as two subscriptions.
    """

    def __init__(self, profile: FirmwareProfile, **options: int) -> None:
        super().__init__(profile, **options)
        sensors = self.options["sensors"]
        self._vectors_sent = _SENSORS.get(sensors, 0)
        self.width = 3 if sensors == 3 else 6
        self._acc_range_known: float | None = None
        self._checks = {width: RangeCheck(plausible_limits(profile, width)) for width in (3, 6)}
        self._checks_of = {REF_SAMPLES: self._checks[3], REF_RATES: RangeCheck(plausible_limits(profile, 6)[3:])}
        self._data = (REF_SAMPLES, REF_RATES) if sensors == _TWO else (REF_SAMPLES,)
        self._period_us = 1e6 / self.sampling_rate_hz
        self._parts: dict[int, bytes] = {}
        self._lost_part = False
        self.reset()

    @property
    def pending_bytes(self) -> int:
        """Bytes kept of packets that are not complete yet."""
        return sum(len(part) for part in self._parts.values())

    def reset(self) -> None:
        """Forget half packets, and what waits for its other half."""
        self._parts.clear()
        self.joining = TimeJoin(round(self._period_us))

    def flush(self) -> list[Reading]:
        """Return the acceleration that waits for its angular rate."""
        return [self._paired(*packet) for packet in self.joining.flush()]

    @property
    def is_level(self) -> bool:
        """Whether no part of a packet waits for the next, and none was lost just now."""
        return not self._parts and not self._lost_part

    def layouts(self) -> tuple[Layout, ...]:
        """Return where the samples lie, where the subscription says how many sensors there are."""
        vectors = self._vectors_sent
        if not vectors or len(self._data) > 1:
            return ()
        limits = plausible_limits(self.profile, 6)
        columns = tuple(Column(c, 4 * (c % 3), 12 * (c // 3), 1.0, float(limits[c])) for c in range(self.width))
        return (
            Layout(
                characteristic=self.profile.gatt.notify[0],
                columns=columns,
                width=self.width,
                letter="f",
                fixed=((0, _DATA), (1, REF_SAMPLES)),
                at=6,
                step=12,
                rest=6,
                each=12 * vectors,
                most=_MOST_SAMPLES,
                time=(2, 4),
                parts=(2 + _PART_BYTES, bytes([_PART2, REF_SAMPLES])),
            ),
        )

    def halves(self) -> Halves | None:
        """Return what the packets of two subscriptions are like."""
        if len(self._data) == 1:
            return None
        limits = plausible_limits(self.profile, 6)
        return Halves(
            characteristic=self.profile.gatt.notify[0],
            acceleration=Half((1, REF_SAMPLES), (0, _DATA), 1.0, float(limits[:3].min())),
            rates=Half((1, REF_RATES), (0, _DATA), 1.0, float(limits[3:].min())),
            is_compressed=False,
            time=(2, 4),
            at=6,
            unit=_US_PER_MS,
            span=self._period_us,
            most=_MOST_SAMPLES,
            parts=(2 + _PART_BYTES, _PART2),
        )

    def decode(self, characteristic: str, data: bytes) -> list[Reading]:
        """Read one notification."""
        if len(data) < 2:
            raise FormatError("a notification begins with its kind and its ref", len(data))
        code, ref = data[0], data[1]
        if code == _DATA and ref in self._data:
            if self._parts and self._parts.pop(ref, None) is not None:
                self._lost_part = True
            return self._samples(data, 2, ref)
        if code == _RESPONSE:
            return []
        if code in {_PART2, _PART3}:
            before = self._parts.pop(ref, None)
            if before is None:
                raise FormatError("the first part of this packet has not come", 0)
            try:
                return self._samples(before + data[2:], 0, ref)
            except FormatError as error:
                at = error.offset - len(before)
                said = f"{error.message}, in an earlier part of the packet" if at < 0 else error.message
                raise FormatError(said, 0 if at < 0 else at + 2, error.missing) from None
        if code != _DATA:
            raise FormatError(f"{code:02x} is not a kind of notification (01 to 04)", 0)
        return [Reading(context=_other(ref, data))]

    def _samples(self, data: bytes, at: int, ref: int) -> list[Reading]:
        length = len(data) - at
        if length == 6 and not self._vectors_sent:
            return [Reading(context=_heart_rate(data[at:], at))]
        vectors = self._vectors(length)
        n, rest = divmod(length - 4, 12 * vectors)
        if rest or not 1 <= n <= _MOST_SAMPLES:
            if length < _PART_BYTES or length > 3 * _PART_BYTES:
                raise FormatError(
                    f"{max(0, length - 4)} bytes are not whole samples of {12 * vectors} bytes", len(data)
                )
            self._parts[ref] = data[at:]
            return []
        width = 3 if vectors == 1 else 6
        values = np.ndarray((vectors, n, 3), _F32, data, at + 4)  # acceleration, angular rate, magnetic field
        used = values if vectors < 3 else values[:2]
        samples = used.transpose(1, 0, 2).astype(np.float64, "C").reshape(n, width)
        check = self._checks[width] if len(self._data) == 1 else self._checks_of[ref]
        flags = NO_FLAGS
        if not check.is_plain(samples):
            check_finite(used, at + 4, 4)
            flags = check.flags(samples)
        if self._lost_part:
            self._lost_part = False
            flags |= {"incomplete"}
        ticks = int.from_bytes(data[at : at + 4], "little")
        if len(self._data) == 1:
            return [Reading(samples, None, ticks, {}, flags)]
        sensor = ACCELERATION if ref == REF_SAMPLES else RATES
        joined = self.joining.push(sensor, ticks * _US_PER_MS + self._span_us(n), samples)
        return [self._paired(*packet, flags) for packet in joined]

    def _span_us(self, n: int) -> int:
        """From the first of n samples, which the sensor stamps, to the last one."""
        return round((n - 1) * self._period_us)

    def _paired(self, last_us: int, samples: FloatArray, flags: frozenset[str] = NO_FLAGS) -> Reading:
        """Return a reading of both sensors; a packet of angular rate that was lost leaves whole ends without it."""
        if not is_whole(samples):
            flags |= {"incomplete"}
        return Reading(samples, None, (last_us - self._span_us(len(samples))) // _US_PER_MS, {}, flags)

    def _vectors(self, length: int) -> int:
        """Return the number of sensors in a body.

        The subscription says it. Where it is not known (sensors = 0) the length does: packets hold 1, 2, 4, 8 ...
        samples, so three sensors cannot be mistaken; two are assumed where one with twice the samples fits as well.
        """
        if self._vectors_sent:
            return self._vectors_sent
        for vectors in (3, 2, 1):
            n, rest = divmod(length - 4, 12 * vectors)
            if not rest and n > 0 and n & (n - 1) == 0:
                return vectors
        return 2

    def reply(self, characteristic: str, data: bytes) -> Reply | None:
        """Read a command result; the range of the accelerometer is taken over."""
        if len(data) < 2 or data[0] != _RESPONSE:
            return None
        ref, content = data[1], data[2:]
        if ref == REF_HELLO:
            words = [w.decode("ascii", "replace") for w in content[1:].split(b"\0") if w]
            return Reply(True, " ".join(words) or "hello")
        if len(content) < 2:
            raise FormatError("the status is cut short", len(data))
        status = int.from_bytes(content[:2], "little")
        if status > _BYTE_ORDER_MARK:
            status = int.from_bytes(content[:2], "big")
        if not 200 <= status < 300:
            return Reply(False, f"the sensor answered {status}")
        try:
            values = _answer(ref, content[2:])
        except (struct.error, IndexError):
            raise FormatError("the answer is cut short", len(data)) from None
        if ref == REF_ACC_CONFIG and isinstance(found := values.get("acc_range_g"), float):
            self.acc_range_g = found
        return Reply(True, f"status {status}", values)

    def encode(self, reading: Reading) -> list[tuple[str, bytes]]:
        """Write the notifications of one packet; a magnetometer that is subscribed to reads 0."""
        uuid = self.profile.gatt.notify[0]
        if reading.samples is None:
            raise ValueError("this encodes samples only")
        vectors = self._vectors_sent or 2
        arrays = [reading.samples[:, :3], reading.samples[:, 3:6], np.zeros((len(reading.samples), 3))]
        out = []
        for k, ref in enumerate(self._data):
            held = arrays[k : k + vectors]
            body = (reading.ticks or 0).to_bytes(4, "little") + b"".join(a.astype("<f4").tobytes() for a in held)
            chunks = [body[i : i + _PART_BYTES] for i in range(0, len(body), _PART_BYTES)]
            if len(chunks) > 3:
                raise ValueError(f"{len(reading.samples)} samples do not fit three notifications")
            out += [(uuid, bytes([_DATA + i, ref]) + chunk) for i, chunk in enumerate(chunks)]
        return out


def _heart_rate(body: bytes, at: int) -> dict[str, Value]:
    if len(body) < 4 or len(body) % 2:
        raise FormatError("a heart rate is 4 bytes and intervals of 2", at + len(body))
    (average,) = struct.unpack_from("<f", body)
    intervals = struct.unpack_from(f"<{len(body) // 2 - 2}H", body, 4)
    return {"heart_rate_bpm": average, "rr_s": [v / 1000.0 for v in intervals]}


def _other(ref: int, data: bytes) -> dict[str, Value]:
    """Read what is not samples."""
    body = data[2:]
    if ref == REF_HEART_RATE:
        return _heart_rate(body, 2)
    if ref == REF_TEMPERATURE:
        if len(body) != 8:
            raise FormatError(f"a temperature has 8 bytes, found {len(body)}", len(data))
        return {
            "timestamp_ms": float(int.from_bytes(body[:4], "little")),
            "temperature_k": struct.unpack("<f", body[4:])[0],
        }
    if ref == REF_ECG:
        if len(body) != 36:
            raise FormatError(f"16 values of the ECG have 36 bytes, found {len(body)}", len(data))
        return {
            "timestamp_ms": float(int.from_bytes(body[:4], "little")),
            "ecg_uv": [float(v) for v in struct.unpack("<16h", body[4:])],
        }
    raise FormatError(f"{ref:02x} is the ref of no subscription", 1)


def _answer(ref: int, content: bytes) -> dict[str, Value]:
    """Read the content of a GET; an unknown ref has none."""
    if ref == REF_BATTERY:
        return {"battery_pct": float(content[0])}
    if ref == REF_ACC_CONFIG:
        return {"acc_range_g": float(content[0])}
    if ref == REF_TIME:
        utc, relative, rate, accuracy = struct.unpack("<QIII", content)
        return {
            "utc_us": float(utc),
            "relative_ms": float(relative),
            "tick_rate": float(rate),
            "accuracy": float(accuracy),
        }
    layouts = {
        REF_ACC_INFO: (("rates_hz", "H"), ("acc_ranges_g", "B")),
        REF_GYRO_INFO: (("rates_hz", "H"), ("gyr_ranges_dps", "H")),
        REF_IMU_INFO: (("rates_hz", "H"), ("acc_ranges_g", "B"), ("gyr_ranges_dps", "H"), ("mag_ranges_ut", "H")),
    }
    values: dict[str, Value] = {}
    at = 0
    for name, letter in layouts.get(ref, ()):
        count = content[at]
        values[name] = [float(v) for v in struct.unpack_from(f"<{count}{letter}", content, at + 1)]
        at += 1 + count * struct.calcsize(letter)
    return values
