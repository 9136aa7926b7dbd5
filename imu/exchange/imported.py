"""Samples of a log of another program as packets of a session, and back, to the last bit.

A log has no packets. Its samples are stored as they were read from it, in m/s2 and deg/s, about a second to a packet:
its first sample's index (int64), the number of channels (uint8), then the samples (float64), little-endian. What
stands for the firmware profile says in JSON which log it was and how it was read. A damaged packet becomes a gap at its
own place, since every packet has its index.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from imu.constants import NS_PER_S
from imu.types import ColumnMapping, RawPacket, Recording, SampleBlock

PREFIX: Final = "import: "
"""Begins the name that stands for the firmware profile; the maker of the log follows."""

_CHARACTERISTIC: Final = "samples"
_HEAD: Final = struct.Struct("<qB")
_MIN_PER_PACKET: Final = 8


def packets_of(recording: Recording) -> list[RawPacket]:
    """Cut the samples of a recording into packets, each "arrived" when its last sample was due."""
    rate = recording.stream.sampling_rate_hz
    first, size = recording.blocks[0].start_index, max(_MIN_PER_PACKET, round(rate))
    packets = []
    for block in recording.blocks:
        for at in range(0, block.n, size):
            samples = np.ascontiguousarray(block.samples[at : at + size], dtype="<f8")
            start = block.start_index + at
            arrival_ns = round((start + len(samples) - first) / rate * NS_PER_S)
            payload = _HEAD.pack(start, samples.shape[1]) + samples.tobytes()
            packets.append(RawPacket(arrival_ns, _CHARACTERISTIC, payload))
    return packets


def blocks_of(packets: Iterable[RawPacket]) -> list[SampleBlock]:
    """Turn packets back into blocks; what is missing between them is a gap.

    Raises
    ------
    ValueError
        A packet is not of this form; its checksum should have shown that before.
    """
    blocks: list[SampleBlock] = []
    expected: int | None = None
    for packet in packets:
        try:
            start, channels = _HEAD.unpack_from(packet.payload)
            samples = np.frombuffer(packet.payload, "<f8", offset=_HEAD.size).reshape(-1, channels).astype(np.float64)
        except (struct.error, ValueError):
            raise ValueError("a packet does not hold samples") from None
        if expected is not None and start < expected:
            raise ValueError("packets of samples overlap")
        blocks.append(SampleBlock(start, samples, 0 if expected is None else start - expected))
        expected = start + len(samples)
    return blocks


def description(
    *, file: str, sha256: str, kind: str, sensor: str | None, mapping: ColumnMapping | None, notes: Iterable[str]
) -> str:
    """Say in JSON which log it was, how it was read, and what was noticed; stored where a profile would be."""
    facts = {
        "form": "imported samples 1",
        "file": file,
        "sha256": sha256,
        "kind": kind,
        "sensor": sensor,
        "columns": None if mapping is None else asdict(mapping),
        "notes": list(notes),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1)


def notes_of(text: str) -> list[str]:
    """Return what was noticed when the log was read."""
    facts: dict[str, Any] = json.loads(text)
    return [str(note) for note in facts["notes"]]
