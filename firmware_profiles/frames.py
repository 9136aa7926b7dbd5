"""Frames of fixed length in a stream of bytes: found again after a loss, whatever lies between them."""

from __future__ import annotations

import numpy as np

from firmware_profiles.errors import FormatError
from firmware_profiles.readings import Reading
from firmware_profiles.records import RecordCodec


class FrameStream:
    """Cuts a stream of bytes into frames.

    Frames follow each other. After anything else, a place where a header stands is believed if the frame is followed by
    another header or by the end of what has arrived: the same bytes inside a frame do not mislead it.

    Parameters
    ----------
    codec : RecordCodec
        Reads one frame; its stream names the frames to step over.
    """

    def __init__(self, codec: RecordCodec) -> None:
        self._codec = codec
        stream = codec.stream
        self._length = stream.header_bytes + codec.record_bytes + stream.padding_bytes
        self._kinds = [(codec.header, self._length), *((bytes.fromhex(s.header), s.bytes) for s in stream.skip)]
        self._header_bytes = [codec.header[i : i + 1] for i in range(len(codec.header))]
        self._kept = b""
        self._in_step = True
        self._dropped = 0  # bytes since the last frame that belong to none

    @property
    def pending_bytes(self) -> int:
        """Bytes of the frame that is not complete yet."""
        return len(self._kept)

    @property
    def is_level(self) -> bool:
        """Whether the next bytes begin a frame, as far as is known."""
        return self._in_step and not self._kept and not self._dropped

    def reset(self) -> None:
        """Forget the incomplete frame."""
        self._kept = b""
        self._in_step = True
        self._dropped = 0

    def feed(self, data: bytes) -> list[Reading]:
        """Take the next bytes and return one reading for each run of frames.

        Where bytes between two runs belong to no frame, and they are as many as whole frames have, so many samples are
        missing there.

        Raises
        ------
        FormatError
            There is no frame where one has to be; what follows is read with the next bytes.
        """
        data = self._kept + data if self._kept else data
        self._kept = b""
        if self._is_run(data) and not self._dropped:
            self._in_step = True
            return [self._codec.read_frames(data, len(data) // self._length)]
        runs: list[list[Reading]] = []
        lost: list[int] = []  # bytes before each run
        at, first_bad = 0, -1
        while at < len(data):
            length = self._length_at(data, at)
            self._in_step = length is not None
            if length is None:
                first_bad = at if first_bad < 0 else first_bad
                at += 1
                self._dropped += 1
                continue
            if at + length > len(data):
                break
            if data.startswith(self._codec.header, at):
                frame = self._codec.read_frames(data[at : at + length], 1)
                if self._dropped or not runs:
                    lost.append(self._dropped)
                    runs.append([])
                    self._dropped = 0
                runs[-1].append(frame)
            at += length
        self._kept = data[at:]
        if not runs and first_bad >= 0:
            raise FormatError(f"no frame begins here with {self._codec.header.hex()}", first_bad)
        return [self._joined(run, dropped) for run, dropped in zip(runs, lost, strict=True)]

    def _is_run(self, data: bytes) -> bool:
        """Whether the bytes are whole frames of samples, nothing else."""
        length = self._length
        n, rest = divmod(len(data), length)
        if rest or not n:
            return False
        return all(data[i::length] == byte * n for i, byte in enumerate(self._header_bytes))

    def _length_at(self, data: bytes, at: int) -> int | None:
        """Length of the frame that begins at `at`; None = none does."""
        for header, length in self._kinds:
            head = data[at : at + len(header)]
            if head != header[: len(head)]:
                continue
            end = at + length
            after = data[end : end + 2]
            believed = self._in_step and header == self._codec.header
            if believed or not after or any(after == kind[: len(after)] for kind, _ in self._kinds):
                return length
        return None

    def _joined(self, run: list[Reading], dropped: int) -> Reading:
        samples = np.concatenate([r.samples for r in run if r.samples is not None])
        flags = frozenset().union(*(r.flags for r in run), {"resynced"} if dropped else ())
        missing, rest = divmod(dropped, self._length)
        return Reading(samples, None, None, {}, flags, 0 if rest else missing)
