"""The codec of profiles that are tables alone: one or several streams of records, paired by order."""

from __future__ import annotations

from collections import deque

import numpy as np

from firmware_profiles.base import ProfileCodec
from firmware_profiles.errors import FormatError
from firmware_profiles.frames import FrameStream
from firmware_profiles.layout import Layout
from firmware_profiles.model import FirmwareProfile, Stream
from firmware_profiles.readings import NO_FLAGS, Reading
from firmware_profiles.records import Counts, RecordCodec

_OUT_OF_STEP = 8
"""After so many notifications without all streams being level, one of them has lost a notification."""


class StreamsCodec(ProfileCodec):
    """Reads and writes what `stream` or `streams` of a profile describe; see `firmware_profiles.readings.Codec`."""

    def __init__(self, profile: FirmwareProfile, **options: int) -> None:
        super().__init__(profile, **options)
        default = profile.gatt.notify[0] if profile.gatt.notify else ""
        every = [
            (stream.characteristic or default, RecordCodec(profile, stream, **self.options))
            for _, stream in profile.named_streams()
        ]
        self._sent = [part for part in every if self._is_set(part[1].stream)]
        # Streams of one sensor are alternatives, such as packed and single samples: all that the device may send are
        # read, so that a wrong idea of its settings does not cost samples.
        sensors = list(dict.fromkeys(_sensors(codec) for _, codec in self._sent))
        self._by_characteristic: dict[str, list[tuple[int, RecordCodec]]] = {}
        for characteristic, codec in every:
            if _sensors(codec) in sensors:
                part = sensors.index(_sensors(codec)), codec
                self._by_characteristic.setdefault(characteristic, []).append(part)
        self.width = 6 if any(codec.stream.gyr is not None for _, codec in self._sent) else 3
        if self.acc_range_g is None:
            self.acc_range_g = next((c.acc_range_g for _, c in self._sent if c.acc_range_g is not None), None)
        self._frames = {
            characteristic: FrameStream(codec)
            for characteristic, codec in self._sent
            if codec.stream.framing == "resync"
        }
        self._streams = len(sensors)
        self._sensors = sensors
        self._pairing = Pairing(sensors) if self._streams > 1 else None
        is_one = len(every) == 1 and not self._frames and not self._sent[0][1].header
        self._only = self._sent[0] if is_one else None

    def _is_set(self, stream: Stream) -> bool:
        return all(self.options[key] == value for key, value in stream.when.items())

    @property
    def pending_bytes(self) -> int:
        """Bytes kept of a frame that is not complete yet."""
        return sum(frames.pending_bytes for frames in self._frames.values())

    @property
    def is_level(self) -> bool:
        """Whether no frame is cut, and no notification waits for its other half."""
        is_paired = self._pairing is None or self._pairing.is_level
        return is_paired and all(frames.is_level for frames in self._frames.values())

    def layouts(self) -> tuple[Layout, ...]:
        """Return where the samples of the usual notifications lie; see `firmware_profiles.base.ProfileCodec`."""
        found = [codec.layout(characteristic) for characteristic, codec in self._sent]
        is_one = self._streams == 1 and len(self._sent) == 1 and self._sensors[0][0]
        layouts = tuple(layout for layout in found if layout is not None)
        if len(layouts) == len(found) == 2 and self._sensors == [(True, False), (False, True)] and not self._frames:
            acc, gyr = layouts
            is_alike = (acc.at, acc.each, acc.most, acc.letter, acc.endian) == (
                gyr.at, gyr.each, gyr.most, gyr.letter, gyr.endian,
            )  # fmt: skip
            has_only_heads = len(acc.fixed) == len(gyr.fixed) == acc.at
            return layouts if is_alike and has_only_heads else ()
        return layouts if len(layouts) == len(found) and is_one else ()

    def decode(self, characteristic: str, data: bytes) -> list[Reading]:
        """Read one notification."""
        if self._only is not None and characteristic == self._only[0]:
            return [self._only[1].read(data)]
        if characteristic in self._frames:
            return self._frames[characteristic].feed(data)
        parts = self._by_characteristic.get(characteristic)
        if parts is None:
            raise FormatError(f"{self.profile.name} has no stream on the characteristic {characteristic}", 0)
        if len(parts) == 1 and not parts[0][1].header:
            index, codec = parts[0]
        else:
            found = next((part for part in parts if data.startswith(part[1].header)), None)
            if found is None:
                if self.reply(characteristic, data) is not None:
                    return []
                known = " or ".join(codec.header.hex() for _, codec in parts)
                raise FormatError(f"the packet begins with {data[:2].hex() or 'nothing'}, expected {known}", 0)
            index, codec = found
        reading = codec.read(data)
        return [reading] if self._pairing is None else self._pairing.push(index, reading)

    def reset(self) -> None:
        """Forget half packets."""
        for frames in self._frames.values():
            frames.reset()
        if self._pairing is not None:
            self._pairing = Pairing(self._sensors)

    def flush(self) -> list[Reading]:
        """Return what waits for its other half."""
        return [] if self._pairing is None else self._pairing.flush()

    def encode(self, reading: Reading) -> list[tuple[str, bytes]]:
        """Write the notifications of a reading, one for each stream and packet."""
        samples = reading.samples
        if samples is None:
            raise ValueError(f"{self.profile.name} sends samples only")
        out: list[tuple[str, bytes]] = []
        step = min(codec.stream.max_records for _, codec in self._sent)
        for first in range(0, len(samples), step):
            for characteristic, codec in self._sent:
                counts = Counts(codec.counts(samples[first : first + step]), reading.counter, reading.ticks)
                out.append((characteristic, codec.encode(counts)))
        if self._frames:  # frames travel together
            return [(out[0][0], b"".join(data for _, data in out))]
        return out


class Pairing:
    """Joins streams that come in notifications of their own, such as acceleration and angular rate, by their order.

    One stream may run ahead of the others, since a radio bunches packets. Streams that are not level for long have lost
    a notification: then the waiting samples are passed on with the missing columns NaN.
    """

    def __init__(self, sensors: list[tuple[bool, bool]]) -> None:
        self._waiting: list[deque[Reading]] = [deque() for _ in sensors]
        # Columns that each stream fills: acceleration, angular rate, or both.
        self._columns = [slice(0 if acc else 3, 6 if gyr else 3) for acc, gyr in sensors]
        self._since_level = 0

    @property
    def is_level(self) -> bool:
        """Whether nothing waits."""
        return not any(self._waiting)

    def push(self, stream: int, reading: Reading) -> list[Reading]:
        """Add one stream's reading and return what is complete now."""
        waiting = self._waiting
        waiting[stream].append(reading)
        out = []
        while all(waiting):
            out.append(self._join([queue.popleft() for queue in waiting]))
        if not any(waiting):
            self._since_level = 0
            return out
        self._since_level += 1
        if self._since_level > _OUT_OF_STEP:
            self._since_level = 0
            longest = max(waiting, key=len)
            out.append(self._join([queue.popleft() if queue is longest else None for queue in waiting]))
        return out

    def flush(self) -> list[Reading]:
        """Return what waits, with the missing columns NaN."""
        out = []
        while any(self._waiting):
            out.append(self._join([queue.popleft() if queue else None for queue in self._waiting]))
        self._since_level = 0
        return out

    def _join(self, readings: list[Reading | None]) -> Reading:
        present = [r for r in readings if r is not None]
        lengths = {len(r.samples) for r in present if r.samples is not None}
        samples = np.empty((max(lengths), 6))
        if len(present) < len(readings) or len(lengths) > 1:
            samples.fill(np.nan)
        flags = NO_FLAGS
        for reading, columns in zip(readings, self._columns, strict=True):
            if reading is not None and reading.samples is not None:
                samples[: len(reading.samples), columns] = reading.samples[:, columns]
                flags |= reading.flags
        return Reading(samples, present[0].counter, present[0].ticks, {}, flags)


def _sensors(codec: RecordCodec) -> tuple[bool, bool]:
    return codec.stream.acc is not None, codec.stream.gyr is not None
