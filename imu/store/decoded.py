"""What decoding a stream's packets gave, kept beside them, so that a session opens without decoding them again.

It counts only for the very packets it was made from (their hash is in it) and for the version of the program that
made it; anything else, damage above all, means that they are decoded anew.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from dataclasses import dataclass
from typing import Any

from imu.store.connect import DAMAGE
from imu.store.product import product_version
from imu.store.rows import chunk_crc, plain_rows
from imu.types import ClockReport, Gap

_CHUNKS = "SELECT number, n_packets, crc32, data FROM packet_chunk WHERE stream_id = ? ORDER BY number"


@dataclass(frozen=True, slots=True)
class Decoded:
    """What is known once a stream was decoded.

    Attributes
    ----------
    start_index, stop_index : int
        First sample, and the one after the last.
    n_samples : int
        Received.
    gaps : tuple of Gap
    warnings : tuple of str
        Of the decoder: packets that did not decode, a clock that is off.
    clock : ClockReport or None
        The sensor's rate as measured; None = the samples are no sensor's packets, or an older version stored them.
    """

    start_index: int
    stop_index: int
    n_samples: int
    gaps: tuple[Gap, ...] = ()
    warnings: tuple[str, ...] = ()
    clock: ClockReport | None = None


def raw_hash(connection: sqlite3.Connection, stream_id: int) -> str:
    """SHA-256 of a stream's packets as they are stored; "" where a second is damaged or missing."""
    digest = hashlib.sha256()
    try:
        for expected, (number, n_packets, crc32, data) in enumerate(plain_rows(connection, _CHUNKS, stream_id)):
            if number != expected or crc32 != chunk_crc(stream_id, expected, n_packets, data):
                return ""
            digest.update(data)
    except DAMAGE:
        return ""
    return digest.hexdigest()


def store_decoded(connection: sqlite3.Connection, stream_id: int, decoded: Decoded) -> None:
    """Keep what decoding gave; inside a transaction, once all packets are written."""
    text = json.dumps(
        {
            "raw_sha256": raw_hash(connection, stream_id),
            "product_version": product_version(),
            "start_index": decoded.start_index,
            "stop_index": decoded.stop_index,
            "n_samples": decoded.n_samples,
            "gaps": decoded.gaps,
            "warnings": decoded.warnings,
            "clock": None if decoded.clock is None else decoded.clock._asdict(),
        }
    )
    connection.execute(
        "UPDATE stream SET decoded = ?, decoded_crc32 = ? WHERE id = ?", (text, zlib.crc32(text.encode()), stream_id)
    )


def read_decoded(stream: dict[str, Any], raw_sha256: str) -> Decoded | None:
    """Return what decoding gave, from the stream's row; None = decode it."""
    text = stream.get("decoded")
    if not isinstance(text, str) or not raw_sha256 or stream["decoded_crc32"] != zlib.crc32(text.encode()):
        return None
    stored = json.loads(text)
    if (stored["raw_sha256"], stored["product_version"]) != (raw_sha256, product_version()):
        return None
    clock = stored.get("clock")
    return Decoded(
        stored["start_index"],
        stored["stop_index"],
        stored["n_samples"],
        tuple(Gap(*gap) for gap in stored["gaps"]),
        tuple(stored["warnings"]),
        None if clock is None else ClockReport(**clock),
    )
