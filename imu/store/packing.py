"""Packets of about a second as one compact block of bytes, and back, unchanged to the last bit.

Packets that are alike (one size, 16-bit values) are stored as differences between neighbouring samples, split into
low and high bytes, which zlib then packs to about two thirds of the raw size; anything else is stored as it is.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from imu.errors import StoreError
from imu.types import RawPacket

_AS_IS: Final = 0
_DIFFERENCES: Final = 1
_HEAD: Final = struct.Struct("<BIHH")  # kind, packets, header bytes, channels
_LEVEL: Final = 1
_MAX_BYTES: Final = 1 << 26
"""No second of packets unpacks to more than 64 MB: a damaged block is refused before it fills the memory."""


class Shape(NamedTuple):
    """How the packets of a stream look: bytes of header, then records of so many 16-bit values."""

    header_bytes: int
    channels: int


def pack(packets: Sequence[RawPacket], characteristics: list[str], shape: Shape | None) -> bytes:
    """Pack packets; characteristics that are not yet in the list are appended to it."""
    for packet in packets:
        if packet.characteristic not in characteristics:
            characteristics.append(packet.characteristic)
    arrivals = np.array([p.t_arrival_ns for p in packets], dtype="<i8")
    where = np.array([characteristics.index(p.characteristic) for p in packets], dtype="<u2")
    lengths = np.array([len(p.payload) for p in packets], dtype="<u2")
    body = b"".join(p.payload for p in packets)
    kind, header, channels = _AS_IS, 0, 0
    if shape is not None and len(packets) and _alike(lengths, shape):
        kind, header, channels = _DIFFERENCES, *shape
        body = _difference(body, len(packets), shape)
    head = _HEAD.pack(kind, len(packets), header, channels)
    steps = np.diff(arrivals, prepend=np.zeros(1, dtype="<i8")).astype("<i8")
    return zlib.compress(head + _planes(steps) + where.tobytes() + lengths.tobytes() + body, _LEVEL)


def unpack(data: bytes, characteristics: Sequence[str]) -> list[RawPacket]:
    """Return the packets that `pack` was given.

    Raises
    ------
    StoreError
        The block does not hold what it says; its checksum should have shown that before.
    """
    try:
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(data, _MAX_BYTES)
        _require(unpacker.eof, "too long")
        kind, n, header, channels = _HEAD.unpack_from(raw)
        at = _HEAD.size
        arrivals = np.cumsum(_unplanes(raw[at : at + 8 * n], n, 8).view("<i8").ravel())
        where = np.frombuffer(raw, "<u2", n, at + 8 * n)
        lengths = np.frombuffer(raw, "<u2", n, at + 10 * n).astype(int)
        body = raw[at + 12 * n :]
        if kind == _DIFFERENCES:
            body = _sum(body, n, Shape(header, channels))
        else:
            _require(kind == _AS_IS, "unknown kind")
        _require(len(body) == lengths.sum(), "lengths do not add up")
        ends = np.cumsum(lengths)
        names = [characteristics[w] for w in where.tolist()]
        payloads = [body[start:end] for start, end in zip((ends - lengths).tolist(), ends.tolist(), strict=True)]
        return list(map(RawPacket, arrivals.tolist(), names, payloads))
    except (ValueError, IndexError, struct.error, zlib.error) as error:
        raise StoreError(f"A block of packets cannot be unpacked ({error}).") from None


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def _alike(lengths: npt.NDArray[np.uint16], shape: Shape) -> bool:
    records = int(lengths[0]) - shape.header_bytes
    return bool((lengths == lengths[0]).all()) and records > 0 and records % (2 * shape.channels) == 0


def _planes(values: npt.NDArray[np.generic]) -> bytes:
    """All lowest bytes, then all second ones, and so on."""
    return np.ascontiguousarray(values.reshape(-1, 1).view(np.uint8).T).tobytes()


def _unplanes(data: bytes, n: int, size: int) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(np.frombuffer(data, np.uint8, n * size).reshape(size, n).T)


def _difference(body: bytes, n: int, shape: Shape) -> bytes:
    rows = np.frombuffer(body, np.uint8).reshape(n, -1)
    headers = np.ascontiguousarray(rows[:, : shape.header_bytes].T).tobytes()
    values = np.ascontiguousarray(rows[:, shape.header_bytes :]).view("<i2").reshape(-1, shape.channels).T
    steps = np.diff(values, axis=1, prepend=np.zeros((shape.channels, 1), dtype="<i2"))  # wraps, and so does the sum
    folded = ((steps << 1) ^ (steps >> 15)).astype("<i2")  # small of either sign becomes small
    return headers + _planes(np.ascontiguousarray(folded).ravel())


def _sum(body: bytes, n: int, shape: Shape) -> bytes:
    split = n * shape.header_bytes
    headers = np.frombuffer(body, np.uint8, split).reshape(shape.header_bytes, n).T
    count = (len(body) - split) // 2
    whole = shape.channels > 0 and count * 2 == len(body) - split and count % (n * shape.channels) == 0
    _require(whole, "not a whole number of samples")
    folded = _unplanes(body[split:], count, 2).view("<u2").ravel().reshape(shape.channels, -1)
    steps = (folded >> 1) ^ (-(folded & 1).astype("<i2")).view("<u2")
    values = np.cumsum(steps, axis=1, dtype="<u2")
    records = np.ascontiguousarray(values.T).view(np.uint8).reshape(n, -1)
    return np.hstack([headers, records]).tobytes()
