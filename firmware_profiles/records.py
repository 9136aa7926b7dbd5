"""The declarative decoder: a packet of header and equal records, read as the profile's TOML describes it.

This is the reference form: clear, numpy only, and with a full explanation of what is wrong with a packet. The engine
above reads the very same layout with a compiled kernel and comes back here when a packet is not as expected.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from firmware_profiles.errors import FormatError
from firmware_profiles.model import CHANNELS, FIELD_BYTES, VALUE_BYTES, FirmwareProfile, HeaderField, Scale

_STANDARD_GRAVITY_MPS2 = 9.80665  # CGPM 1901; this package knows nothing of imu.constants

_FACTOR = {"g": _STANDARD_GRAVITY_MPS2, "m/s2": 1.0, "dps": 1.0, "rad/s": 180.0 / math.pi}

_DTYPE = {"b": "i1", "B": "u1", "h": "i2", "H": "u2", "i": "i4", "I": "u4", "f": "f4"}


class Counts(NamedTuple):
    """One packet as the device numbers it.

    Attributes
    ----------
    values : ndarray, shape (n, channels)
        Raw numbers in the order of the profile's channels.
    counter : int or None
        Packet counter, as sent (rolls over).
    ticks : int or None
        Device time of the stamped sample, as sent (rolls over).
    """

    values: npt.NDArray[np.int64] | npt.NDArray[np.float64]
    counter: int | None
    ticks: int | None


class RecordCodec:
    """Reads and writes the packets of one profile with one choice of options.

    Attributes
    ----------
    scales : ndarray, shape (channels,)
        Factor from counts to m/s2 or deg/s; NaN for a channel that is not used.
    columns : ndarray of int64, shape (channels,)
        Column of the decoded samples (ax ay az gx gy gz) that a channel fills; -1 = left out.
    width : int
        3 columns (acceleration) or 6 (and angular rate).
    acc_range_g : float or None
        Full scale where the profile states it.
    """

    def __init__(self, profile: FirmwareProfile, **options: int) -> None:
        self.profile = profile
        self.options = profile.choose(**options)
        stream = profile.stream
        self.letter = stream.record.replace(" ", "")[0]
        self.value_bytes = VALUE_BYTES[self.letter]
        self.channels = len(stream.channels)
        self.record_bytes = self.value_bytes * self.channels
        self.width = 6 if stream.gyr is not None else 3
        self.columns = np.array([CHANNELS.index(c) if c in CHANNELS else -1 for c in stream.channels], dtype=np.int64)
        self.scales = np.array([self._factor(c) for c in stream.channels])
        acc = stream.acc
        self.acc_range_g = float(self.options[acc.full_scale]) if acc.full_scale and acc.unit == "g" else None
        self.sampling_rate_hz = float(self.options["rate_hz"])

    def _factor(self, channel: str) -> float:
        stream = self.profile.stream
        scale: Scale | None = {"a": stream.acc, "g": stream.gyr}.get(channel[0]) if channel in CHANNELS else None
        if scale is None:
            return math.nan
        if scale.scale is not None:
            return scale.scale * _FACTOR[scale.unit]
        assert scale.full_scale is not None  # the model has checked both
        assert scale.bits is not None
        return self.options[scale.full_scale] / float(1 << scale.bits - 1) * _FACTOR[scale.unit]

    def parse(self, payload: bytes) -> Counts:
        """Read one packet.

        Raises
        ------
        FormatError
            The packet is too short, too long, of another kind, or contradicts itself.
        """
        stream = self.profile.stream
        if len(payload) < stream.header_bytes:
            raise FormatError(f"the packet ends in its header of {stream.header_bytes} bytes", len(payload))
        constant = stream.constant
        if constant is not None and (found := self._read(payload, constant)) != constant.value:
            raise FormatError(f"expected {constant.value}, found {found}", constant.at)
        body = len(payload) - stream.header_bytes
        n = body // self.record_bytes
        if stream.count is not None:
            stated = self._read(payload, stream.count)
            if not 1 <= stated <= stream.max_records:
                raise FormatError(
                    f"the header counts {stated} records, 1 to {stream.max_records} are possible", stream.count.at
                )
            if body != stated * self.record_bytes:
                raise FormatError(
                    f"the header counts {stated} records of {self.record_bytes} bytes, but {body} bytes follow it",
                    min(len(payload), stream.header_bytes + stated * self.record_bytes),
                )
        elif not 1 <= n <= stream.max_records or body % self.record_bytes:
            raise FormatError(f"{body} bytes are not 1 to {stream.max_records} records", stream.header_bytes)
        values = self._values(payload[stream.header_bytes :]).reshape(n, self.channels)
        if self.letter == "f" and not np.isfinite(values).all():
            first = int(np.flatnonzero(~np.isfinite(values))[0])
            raise FormatError("a value is not a number", stream.header_bytes + first * self.value_bytes)
        counter = None if stream.counter is None else self._read(payload, stream.counter)
        ticks = None if stream.time is None else self._read(payload, stream.time)
        return Counts(values, counter, ticks)

    def samples(self, counts: Counts) -> npt.NDArray[np.float64]:
        """Convert to m/s2 and deg/s, shape (n, 3) or (n, 6); a column that is not measured is NaN."""
        out = np.full((len(counts.values), self.width), np.nan)
        for channel, column in enumerate(self.columns):
            if 0 <= column < self.width:
                out[:, column] = counts.values[:, channel] * self.scales[channel]
        return out

    def encode(self, counts: Counts) -> bytes:
        """Write the packet that `parse` reads back to the same counts (simulator, tests, example firmware)."""
        stream = self.profile.stream
        header = bytearray(stream.header_bytes)
        parts = [
            (stream.constant, stream.constant.value if stream.constant else 0),
            (stream.count, len(counts.values)),
            (stream.counter, counts.counter or 0),
            (stream.time, counts.ticks or 0),
        ]
        for part, value in parts:
            if part is not None:
                size = FIELD_BYTES[part.type]
                header[part.at : part.at + size] = value.to_bytes(size, stream.endian)
        if self.letter == "t":
            body = b"".join(int(v).to_bytes(3, stream.endian, signed=True) for v in counts.values.ravel())
        else:
            body = counts.values.astype(self._dtype()).tobytes()
        return bytes(header) + body

    def _dtype(self) -> str:
        return ("<" if self.profile.stream.endian == "little" else ">") + _DTYPE[self.letter]

    def _read(self, payload: bytes, part: HeaderField) -> int:
        return int.from_bytes(payload[part.at : part.at + FIELD_BYTES[part.type]], self.profile.stream.endian)

    def _values(self, body: bytes) -> npt.NDArray[np.int64] | npt.NDArray[np.float64]:
        if self.letter == "t":
            order = self.profile.stream.endian
            return np.array(
                [int.from_bytes(body[i : i + 3], order, signed=True) for i in range(0, len(body), 3)], dtype=np.int64
            )
        raw = np.frombuffer(body, dtype=self._dtype())
        return raw.astype(np.float64) if self.letter == "f" else raw.astype(np.int64)
