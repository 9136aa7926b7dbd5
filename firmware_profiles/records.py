"""The declarative decoder: a packet of header and equal records, read as the profile's TOML describes it.

This is the reference form: clear, numpy only, and with a full explanation of what is wrong with a packet. The engine
above reads the very same layout with a compiled kernel and comes back here when a packet is not as expected.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from firmware_profiles.errors import FormatError, ProfileFileError
from firmware_profiles.layout import Column, Layout
from firmware_profiles.model import CHANNELS, FIELD_BYTES, VALUE_BYTES, FirmwareProfile, HeaderField, Scale, Stream
from firmware_profiles.readings import NO_FLAGS, Reading
from firmware_profiles.scaling import STANDARD_GRAVITY_MPS2, RangeCheck, check_finite, plausible_limits

_FACTOR = {"g": STANDARD_GRAVITY_MPS2, "m/s2": 1.0, "dps": 1.0, "rad/s": 180.0 / math.pi}

_DTYPE = {"b": "i1", "B": "u1", "h": "i2", "H": "u2", "i": "i4", "I": "u4", "f": "f4"}

_MOST_FRAMES = 64
"""More frames than any notification holds."""

_new_tuple = tuple.__new__  # makes a NamedTuple in two thirds of the time


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
    """Reads and writes the packets of one stream of a profile with one choice of options.

    Parameters
    ----------
    profile : FirmwareProfile
    stream : Stream or None
        None = the profile's only one.
    **options : int

    Attributes
    ----------
    stream : Stream
    header : bytes
        First bytes of every packet of this stream; empty where it has none.
    scales : ndarray, shape (channels,)
        Factor from counts to m/s2 or deg/s; NaN for a channel that is not used.
    columns : ndarray of int64, shape (channels,)
        Column of the decoded samples (ax ay az gx gy gz) that a channel fills; -1 = left out.
    width : int
        3 columns (acceleration) or 6 (and angular rate).
    acc_range_g : float or None
        Full scale where the profile states it.
    """

    def __init__(self, profile: FirmwareProfile, stream: Stream | None = None, /, **options: int) -> None:
        self.profile = profile
        self.options = profile.choose(**options)
        if stream is None:
            if profile.stream is None:
                raise ProfileFileError(f"{profile.name} has not one stream of records: open it with open_codec.")
            stream = profile.stream
        self.stream = stream
        self.header = bytes.fromhex(stream.header)
        self.letter = stream.record.replace(" ", "")[0]
        self.value_bytes = VALUE_BYTES[self.letter]
        self.channels = len(stream.channels)
        self.record_bytes = self.value_bytes * self.channels
        self.width = 6 if stream.gyr is not None else 3
        self.columns = np.array([CHANNELS.index(c) if c in CHANNELS else -1 for c in stream.channels], dtype=np.int64)
        self.scales = np.array([self._factor(c) for c in stream.channels])
        acc = stream.acc
        in_g = acc is not None and acc.full_scale and acc.unit == "g"
        self.acc_range_g = float(self.options[acc.full_scale]) if acc is not None and acc.full_scale and in_g else None
        self.sampling_rate_hz = float(self.options["rate_hz"])
        self._overhead = stream.header_bytes + stream.padding_bytes
        self._padding = bytes(stream.padding_bytes)
        self._most, self._at = stream.max_records, stream.header_bytes
        self._counter, self._time = stream.counter, stream.time
        self._is_bare = not (self.header or self._padding or stream.constant or stream.count)
        self._code = np.dtype("u1" if self.letter == "t" else self._dtype())
        # Where each column of the samples stands in a record, and its factor.
        self._is_rate_alone = stream.acc is None
        columns = CHANNELS[3:] if self._is_rate_alone else CHANNELS[: self.width]
        self._used = [stream.channels.index(c) for c in columns]
        at = self._used[0]
        self._as_sent = slice(at, at + len(columns)) if self._used == list(range(at, at + len(columns))) else None
        self._factors = self.scales[self._used]
        limits = plausible_limits(profile, self.width)[-len(columns) :]
        self._check = RangeCheck.of(limits, self._factors, largest=self._largest_count())

    @property
    def can_exceed(self) -> bool:
        """Whether a record can hold values beyond what the sensor can measure."""
        return not self._check.is_idle

    def flags(self, samples: npt.NDArray[np.float64]) -> frozenset[str]:
        """Return "out_of_range" where a value is beyond what the sensor can measure."""
        return self._check.flags(samples)

    def layout(self, characteristic: str) -> Layout | None:
        """Return where the samples lie; None = only this codec can say, since the header holds what differs."""
        stream = self.stream
        if stream.count is not None or stream.counter is not None:
            return None
        fixed = list(enumerate(self.header))
        if (constant := stream.constant) is not None:
            fixed += enumerate(constant.value.to_bytes(FIELD_BYTES[constant.type], stream.endian), constant.at)
        fixed += [(-1 - i, 0) for i in range(stream.padding_bytes)]
        first = 3 if self._is_rate_alone else 0
        limits = plausible_limits(self.profile, 6)
        is_frame = stream.framing == "resync"
        each = self._overhead + self.record_bytes if is_frame else self.record_bytes
        return Layout(
            characteristic=characteristic,
            columns=tuple(
                Column(first + i, used * self.value_bytes, 0, float(factor), float(limits[first + i]))
                for i, (used, factor) in enumerate(zip(self._used, self._factors, strict=True))
            ),
            width=self.width,
            letter=self.letter,
            fixed=tuple(fixed),
            at=stream.header_bytes,
            step=each,
            rest=0 if is_frame else self._overhead,
            each=each,
            most=_MOST_FRAMES if is_frame else self._most,
            endian=stream.endian,
            repeats=is_frame,
            time=None if stream.time is None else (stream.time.at, FIELD_BYTES[stream.time.type]),
        )

    def _largest_count(self) -> float:
        """Largest magnitude that the values of a record can have; infinity for floating point."""
        return math.inf if self.letter == "f" else 2.0 ** (8 * self.value_bytes - self.letter.islower())

    def _factor(self, channel: str) -> float:
        stream = self.stream
        scale: Scale | None = {"a": stream.acc, "g": stream.gyr}.get(channel[0]) if channel in CHANNELS else None
        if scale is None:
            return math.nan
        if scale.scale is not None:
            return scale.scale * _FACTOR[scale.unit]
        assert scale.full_scale is not None  # the model has checked it
        counts = scale.counts if scale.bits is None else float(1 << scale.bits - 1)
        assert counts is not None
        return self.options[scale.full_scale] / counts * _FACTOR[scale.unit]

    def parse(self, payload: bytes) -> Counts:
        """Read one packet.

        Raises
        ------
        FormatError
            The packet is too short, too long, of another kind, or contradicts itself.
        """
        try:
            return self._parse(payload)
        except FormatError as error:
            raise FormatError(error.message, error.offset, self.would_hold(payload)) from None

    def would_hold(self, payload: bytes) -> int:
        """Return the samples of a packet of this length, if that says it; 0 = it is not the length of a packet."""
        n, rest = divmod(len(payload) - self._overhead, self.record_bytes)
        return n if not rest and 0 < n <= self._most and self.stream.count is None else 0

    def _parse(self, payload: bytes) -> Counts:
        stream = self.stream
        n = self._checked_count(payload)
        body = payload[stream.header_bytes : len(payload) - stream.padding_bytes]
        values = self._values(body).reshape(n, self.channels)
        counter = None if stream.counter is None else self._read(payload, stream.counter)
        ticks = None if stream.time is None else self._read(payload, stream.time)
        return Counts(values, counter, ticks)

    def read(self, payload: bytes) -> Reading:
        """Read one packet into SI units.

        Raises
        ------
        FormatError
            As `parse`.
        """
        n, rest = divmod(len(payload) - self._overhead, self.record_bytes)
        if rest or not 0 < n <= self._most or self.letter == "t" or not self._header_fits(payload, n):
            return self._read_slowly(payload)
        raw = np.ndarray((n, self.channels), self._code, payload, self._at)
        if self.letter == "f" and not np.isfinite(raw).all():
            return self._read_slowly(payload)
        samples = self._scaled(raw)
        if not self._check.is_idle and not self._check.is_plain(samples):
            return self._read_slowly(payload)
        if self._is_rate_alone:
            rates, samples = samples, np.empty((n, 6))
            samples[:, :3] = math.nan
            samples[:, 3:] = rates
        counter = None if self._counter is None else self._read(payload, self._counter)
        ticks = None if self._time is None else self._read(payload, self._time)
        return _new_tuple(Reading, (samples, counter, ticks, {}, NO_FLAGS, 0))

    def _read_slowly(self, payload: bytes) -> Reading:
        counts = self.parse(payload)
        samples = self.samples(counts)
        flags = self._check.flags(samples[:, 3:] if self._is_rate_alone else samples)
        return Reading(samples, counts.counter, counts.ticks, {}, flags)

    def _header_fits(self, payload: bytes, n: int) -> bool:
        """Whether everything but the values is as it has to be; nothing is explained here."""
        if self._is_bare:
            return True
        stream = self.stream
        return (
            payload.startswith(self.header)
            and payload.endswith(self._padding)
            and (stream.constant is None or self._read(payload, stream.constant) == stream.constant.value)
            and (stream.count is None or self._read(payload, stream.count) == n)
        )

    def read_frames(self, frames: bytes, n: int) -> Reading:
        """Read `n` packets of one record that follow each other; their headers have been checked."""
        size = len(frames) // n
        if self.letter == "t":  # numpy has no number of 24 bits
            samples = np.concatenate(
                [self.samples(self._parse(frames[at : at + size])) for at in range(0, len(frames), size)]
            )
            return Reading(samples, None, None, {}, self._check.flags(samples))
        strides = (size, self.value_bytes)
        raw = np.ndarray((n, self.channels), self._code, frames, self.stream.header_bytes, strides=strides)
        if self.letter == "f":
            check_finite(raw, self.stream.header_bytes, self.value_bytes)
        samples = self._scaled(raw)
        return Reading(samples, None, None, {}, NO_FLAGS if self._check.is_idle else self._check.flags(samples))

    def _scaled(self, raw: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        if self._as_sent is None:
            raw = raw[:, self._used]
        elif self.channels != len(self._used):
            raw = raw[:, self._as_sent]
        samples: npt.NDArray[np.float64] = raw * self._factors
        return samples

    def _checked_count(self, payload: bytes) -> int:
        """Return the number of records in the packet, once its header and length have been found right."""
        stream = self.stream
        if len(payload) < stream.header_bytes:
            raise FormatError(f"the packet ends in its header of {stream.header_bytes} bytes", len(payload))
        if not payload.startswith(self.header):
            raise FormatError(f"expected {self.header.hex()}, found {payload[: len(self.header)].hex()}", 0)
        constant = stream.constant
        if constant is not None and (found := self._read(payload, constant)) != constant.value:
            raise FormatError(f"expected {constant.value}, found {found}", constant.at)
        body = len(payload) - self._overhead
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
            possible = "one record" if stream.max_records == 1 else f"1 to {stream.max_records} records"
            raise FormatError(
                f"{max(0, body)} bytes are not {possible} of {self.record_bytes} bytes", self._ends(payload)
            )
        if self._padding and not payload.endswith(self._padding):
            last = len(payload) - len(self._padding)
            bad = next(i for i in range(last, len(payload)) if payload[i])
            raise FormatError(f"expected {len(self._padding)} zero bytes at the end", bad)
        return n

    def _ends(self, payload: bytes) -> int:
        """Byte where a packet of a wrong length stops making sense."""
        longest = self._overhead + self.stream.max_records * self.record_bytes
        return min(len(payload), longest)

    def samples(self, counts: Counts) -> npt.NDArray[np.float64]:
        """Convert to m/s2 and deg/s, shape (n, 3) or (n, 6); a column that is not measured is NaN."""
        out = np.full((len(counts.values), self.width), np.nan)
        for channel, column in enumerate(self.columns):
            if 0 <= column < self.width:
                out[:, column] = counts.values[:, channel] * self.scales[channel]
        return out

    def counts(self, samples: npt.NDArray[np.float64]) -> npt.NDArray[np.int64] | npt.NDArray[np.float64]:
        """Convert SI units to the numbers of a record, rounded and held within what they can be; unused channels 0."""
        out = np.zeros((len(samples), self.channels))
        for channel, column in enumerate(self.columns):
            if 0 <= column < samples.shape[1]:
                out[:, channel] = samples[:, column] / self.scales[channel]
        if self.letter == "f":
            return out.astype(np.float32).astype(np.float64)
        largest = self._largest_count()
        least = -largest if self.letter.islower() else 0
        out[np.isnan(out)] = 0.0
        return np.minimum(np.maximum(np.rint(out), least), largest - 1).astype(np.int64)

    def encode(self, counts: Counts) -> bytes:
        """Write the packet that `parse` reads back to the same counts (simulator, tests, example firmware)."""
        stream = self.stream
        header = bytearray(stream.header_bytes)
        header[: len(self.header)] = self.header
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
        return bytes(header) + body + self._padding

    def _dtype(self) -> str:
        return ("<" if self.stream.endian == "little" else ">") + _DTYPE[self.letter]

    def _read(self, payload: bytes, part: HeaderField) -> int:
        return int.from_bytes(payload[part.at : part.at + FIELD_BYTES[part.type]], self.stream.endian)

    def _values(self, body: bytes) -> npt.NDArray[np.int64] | npt.NDArray[np.float64]:
        if self.letter == "t":
            order = self.stream.endian
            return np.array(
                [int.from_bytes(body[i : i + 3], order, signed=True) for i in range(0, len(body), 3)], dtype=np.int64
            )
        raw = np.frombuffer(body, dtype=self._dtype())
        if self.letter == "f":
            check_finite(raw, self.stream.header_bytes, self.value_bytes)  # before any arithmetic, which would warn
            return raw.astype(np.float64)
        return raw.astype(np.int64)
