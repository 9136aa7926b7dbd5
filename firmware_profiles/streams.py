"""The codec of profiles that are tables alone: one stream of records, or two that are paired by order."""

from __future__ import annotations

import numpy as np

from firmware_profiles.base import ProfileCodec
from firmware_profiles.errors import FormatError, ProfileFileError
from firmware_profiles.frames import FrameStream
from firmware_profiles.layout import Layout
from firmware_profiles.model import FirmwareProfile, Stream
from firmware_profiles.readings import Reading
from firmware_profiles.records import Counts, RecordCodec


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
        if self._streams > 2:
            raise ProfileFileError(
                f"{profile.name} has more than two streams at once: {self._streams} cannot be paired."
            )
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

    @property
    def leader(self) -> int | None:
        """Which of two streams sends first, as far as is known."""
        return None if self._pairing is None else self._pairing.leader

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
                missing = self._sent[0][1].would_hold(data) if self._pairing is None else 0
                raise FormatError(f"the packet begins with {data[:2].hex() or 'nothing'}, expected {known}", 0, missing)
            index, codec = found
        try:
            reading = codec.read(data)
        except FormatError as error:
            # Of two streams the other half still comes. Of one, the damaged type may name another form than is sent.
            error.missing = self._sent[0][1].would_hold(data) if self._pairing is None else 0
            raise
        return [reading] if self._pairing is None else self._pairing.push(index, reading)

    def reset(self) -> None:
        """Forget half packets."""
        for frames in self._frames.values():
            frames.reset()
        if self._pairing is not None:
            self._pairing.reset()

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
    """Joins two streams that come in notifications of their own, acceleration and angular rate, by their order.

    Each batch of samples comes as one notification of either stream, and a link keeps their order. The stream that came
    first in the first pair leads. Where the other comes first, either the leader's notification was lost, or the two
    have changed places: the third one shows which. What has lost its other half is passed on with those columns NaN,
    so one lost notification costs nothing beyond its own samples.

    What this cannot see: a whole batch that was lost (arrivals may show it), and two losses that touch.
    """

    def __init__(self, sensors: list[tuple[bool, bool]]) -> None:
        # Columns that each stream fills: acceleration, angular rate, or both.
        self._columns = [slice(0 if acc else 3, 6 if gyr else 3) for acc, gyr in sensors]
        self.reset()

    def reset(self) -> None:
        """Forget what waits, and which stream leads."""
        self._waiting: list[tuple[int, Reading]] = []
        self.leader: int | None = None

    @property
    def is_level(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def push(self, stream: int, reading: Reading) -> list[Reading]:
        """Add one stream's reading and return what is complete now."""
        waiting = self._waiting
        waiting.append((stream, reading))
        first = waiting[0][0]
        if len(waiting) == 1:
            return []
        if len(waiting) == 2:
            if first == stream:  # the other one between them was lost
                return [self._join(waiting.pop(0))]
            if self.leader is None:
                self.leader = first
            if first != self.leader:
                return []
        elif stream == self.leader:  # the two have only changed places
            return [self._join(waiting.pop(0), waiting.pop(0))]
        # Now a pair stands at the end; what is before it has lost its leader.
        self._waiting = []
        return [*(self._join(alone) for alone in waiting[:-2]), self._join(*waiting[-2:])]

    def flush(self) -> list[Reading]:
        """Return what waits, with the missing columns NaN."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return []
        rest = self._join(*waiting)
        return [rest._replace(flags=rest.flags - {"incomplete"})]  # its other half may only not have come yet

    def _join(self, *halves: tuple[int, Reading]) -> Reading:
        arrays = [(stream, r.samples) for stream, r in halves if r.samples is not None]
        lengths = {len(samples) for _, samples in arrays}
        samples = np.empty((max(lengths), 6))
        flags = frozenset().union(*(r.flags for _, r in halves))
        if len(arrays) < len(self._columns) or len(lengths) > 1:
            samples.fill(np.nan)
            flags |= {"incomplete"}
        for stream, half in arrays:
            columns = self._columns[stream]
            samples[: len(half), columns] = half[:, columns]
        _, first = min(halves, key=lambda item: item[0])
        return Reading(samples, first.counter, first.ticks, {}, flags)


def _sensors(codec: RecordCodec) -> tuple[bool, bool]:
    return codec.stream.acc is not None, codec.stream.gyr is not None
