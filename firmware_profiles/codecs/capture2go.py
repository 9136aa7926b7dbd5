"""Capture2Go packages: checksum, nanosecond time, and flags for gaps and clipping.

A notification is `0xff - k`, then k complete packages, then a slice of a stream of packages. A package is
`02, crc32 of what follows the length byte, length, kind (u16), payload`.
"""

from __future__ import annotations

import math
import struct
import zlib
from typing import Final

import numpy as np

from firmware_profiles.base import ProfileCodec
from firmware_profiles.errors import FormatError
from firmware_profiles.layout import Column, Layout
from firmware_profiles.model import FirmwareProfile
from firmware_profiles.readings import NO_FLAGS, Reading, Reply

_START: Final = 2
_HEAD: Final = struct.Struct("<BIBH")
_MOST_WHOLE: Final = 3
_SAMPLES: Final = 8
_RATES: Final = {1: 200, 2: 100, 3: 50, 4: 25, 5: 10, 6: 1}
_KINDS: Final = {0x0230 + code: (rate, 115) for code, rate in _RATES.items()} | {
    0x0220 + code: (rate, 163) for code, rate in _RATES.items()
}
_STATUS: Final = 0x0201
_FLAGS: Final = ((0x01, "time_gap"), (0x02, "clipped"), (0x04, "clipped"))
_ACC: Final = 16.0 / 32768.0 * 9.81  # the maker counts with 9.81
_GYR: Final = 2000.0 / 32768.0
_I16: Final = np.dtype("<i2")
_FACTORS: Final = np.array([[_ACC], [_GYR]])


class Codec(ProfileCodec):
    """Eight samples of both sensors in each package, with or without the magnetometer's."""

    def __init__(self, profile: FirmwareProfile, **options: int) -> None:
        super().__init__(profile, **options)
        self.width = 6
        self._kept = b""

    @property
    def pending_bytes(self) -> int:
        """Bytes of the package that is not complete yet."""
        return len(self._kept)

    def reset(self) -> None:
        """Forget the incomplete package."""
        self._kept = b""

    def layouts(self) -> tuple[Layout, ...]:
        """Return where the samples lie in a notification that is one package without a flag."""
        kind, length = next((kind, size) for kind, (rate, size) in _KINDS.items() if rate == self.options["rate_hz"])
        head = enumerate(struct.pack("<BH", length, kind), 6)
        columns = tuple(
            Column(c, 2 * (c % 3) + (0 if c > 2 else 6 * _SAMPLES), 0, float(_FACTORS[c // 3, 0]), math.inf)
            for c in range(6)
        )
        return (
            Layout(
                characteristic=self.profile.gatt.notify[0],
                columns=columns,
                width=6,
                letter="h",
                fixed=((0, 0xFF), (1, _START), *head, (-1, 0)),
                at=17,
                step=6,
                rest=length + 9 - 12 * _SAMPLES,
                each=12,
                least=_SAMPLES,
                most=_SAMPLES,
                time=(9, 8),
                crc_at=2,
            ),
        )

    def decode(self, characteristic: str, data: bytes) -> list[Reading]:
        """Read one notification."""
        if not data:
            raise FormatError("the notification is empty", 0)
        whole = 0xFF - data[0]
        if whole > _MOST_WHOLE:
            raise FormatError(f"{whole} whole packages in one notification are not possible", 0)
        at = 1
        readings: list[Reading] = []
        for _ in range(whole):
            length = _length(data, at)
            if length is None:
                raise FormatError("a whole package is cut short", len(data))
            readings += self._package(data[at : at + length], at)
            at += length
        kept = len(self._kept)
        self._kept += data[at:]
        return readings + self._stream(at - kept)

    def _stream(self, origin: int) -> list[Reading]:
        """Cut packages out of the stream; `origin` = where it begins, counted in the present notification."""
        data, at, dropped = self._kept, 0, 0
        readings: list[Reading] = []
        wrong: FormatError | None = None
        while at < len(data):
            try:
                length = _length(data, at)
                if length is None:
                    break
                readings += self._package(data[at : at + length], origin + at)
                at += length
            except FormatError as error:
                wrong = wrong or error
                start = data.find(_START, at + 1)
                start = len(data) if start < 0 else start
                dropped += start - at
                at = start
        self._kept = data[at:]
        if wrong is not None and not readings:
            raise FormatError(wrong.message, max(0, wrong.offset))
        if wrong is not None:
            readings[0] = readings[0]._replace(flags=readings[0].flags | {"resynced"})
        return readings

    def _package(self, package: bytes, at: int) -> list[Reading]:
        _, crc, _, kind = _HEAD.unpack_from(package)
        if zlib.crc32(package[6:]) != crc:
            raise FormatError("the checksum of the package is wrong", at + 1)
        if kind not in _KINDS:
            return []  # status, clock, answers: nothing for the stream
        rate, length = _KINDS[kind]
        if len(package) != 8 + length:
            raise FormatError(f"a package {kind:04x} has {length} bytes, found {len(package) - 8}", at + 5)
        if rate != self.options["rate_hz"]:
            raise FormatError(f"the sensor sends {rate} samples a second, {self.options['rate_hz']} are set", at + 6)
        sent = np.ndarray((2, _SAMPLES, 3), _I16, package, 16)  # angular rate, then acceleration
        samples = np.empty((_SAMPLES, 2, 3))
        np.multiply(sent[::-1].transpose(1, 0, 2), _FACTORS, out=samples)
        told = package[-1]
        flags = frozenset(word for bit, word in _FLAGS if told & bit) if told else NO_FLAGS
        return [
            Reading(samples.reshape(_SAMPLES, 6), None, int.from_bytes(package[8:16], "little", signed=True), {}, flags)
        ]

    def reply(self, characteristic: str, data: bytes) -> Reply | None:
        """Read a status package."""
        for at in range(1, len(data) - 8):
            if data[at] != _START or (length := _length(data, at)) is None:
                continue
            _, crc, size, kind = _HEAD.unpack_from(data, at)
            if kind == _STATUS and size == 19 and zlib.crc32(data[at + 6 : at + length]) == crc:
                battery = data[at + 8 + 17]
                return Reply(
                    True, "charging" if battery & 0x80 else "on battery", {"battery_pct": float(battery & 0x7F)}
                )
        return None

    def encode(self, reading: Reading) -> list[tuple[str, bytes]]:
        """Write one package of 8 samples as a slice of the stream."""
        samples = reading.samples
        if samples is None or len(samples) != _SAMPLES:
            raise ValueError("a package holds 8 samples")
        counts = [
            np.clip(np.rint(part / unit), -32768, 32767).astype("<i2").tobytes()
            for part, unit in ((samples[:, 3:], _GYR), (samples[:, :3], _ACC))
        ]
        told = sum(bit for bit, word in _FLAGS[:2] if word in reading.flags)
        payload = struct.pack("<q", reading.ticks or 0) + b"".join(counts) + bytes(10) + bytes([told])
        code = next(code for code, rate in _RATES.items() if rate == self.options["rate_hz"])
        return [(self.profile.gatt.notify[0], b"\xff" + package(0x0230 + code, payload))]


def package(kind: int, payload: bytes = b"") -> bytes:
    """Write a package: data, or a command."""
    body = struct.pack("<H", kind) + payload
    return struct.pack("<BIB", _START, zlib.crc32(body), len(payload)) + body


def _length(data: bytes, at: int) -> int | None:
    """Return the bytes of the package that begins at `at`; None = it has not come completely."""
    if at >= len(data):
        return None
    if data[at] != _START:
        raise FormatError(f"a package begins with 02, found {data[at]:02x}", at)
    if at + 8 > len(data):
        return None
    length = 8 + data[at + 5]
    return length if at + length <= len(data) else None
