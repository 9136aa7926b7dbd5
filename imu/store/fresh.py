"""A new session's rows: what is written once when it begins, and its packets, chunk by chunk."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

from imu.constants import FILTER_VERSION
from imu.settings import Settings
from imu.store import schema
from imu.store.packing import Shape, pack
from imu.store.product import product_version
from imu.store.rows import chunk_crc, row_crc
from imu.types import Place, RawPacket, Side, StreamInfo

_CHARACTERISTICS: Final = schema.STREAM_COLUMNS.index("characteristics")

_INSERT_STREAM = (
    f"INSERT INTO stream (session_id, {', '.join(schema.STREAM_COLUMNS)}, crc32) "
    f"VALUES (?{', ?' * len(schema.STREAM_COLUMNS)}, ?)"
)


@dataclass(frozen=True, slots=True)
class StreamHeader:
    """What is stored once for a stream.

    Attributes
    ----------
    info : StreamInfo
    profile_name, profile_text : str
        Firmware profile that reads the packets.
    options : dict
        What the device is set to.
    shape : Shape or None
        Of its usual packets, for compact storage.
    """

    info: StreamInfo
    profile_name: str
    profile_text: str
    options: dict[str, int] = field(default_factory=dict)
    shape: Shape | None = None


def settings_json(settings: Settings) -> str:
    """Write settings as JSON: enums by name."""
    out: dict[str, Any] = {}
    for f in fields(Settings):
        value = getattr(settings, f.name)
        out[f.name] = value.value if isinstance(value, Place) else value.name if isinstance(value, Side) else value
    return json.dumps(out)


class FreshSession:
    """Inserts a session and its only stream, then its packets; everything inside transactions of the caller.

    Parameters
    ----------
    connection : connection
    uuid, started_utc : str
    settings : Settings
    header : StreamHeader
    facts : dict
        Further columns of the session.
    is_sensor : bool
        Whether the stream comes from a sensor that is to be listed.

    Attributes
    ----------
    session_id, stream_id : int
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        uuid: str,
        started_utc: str,
        settings: Settings,
        header: StreamHeader,
        facts: Mapping[str, Any],
        *,
        is_sensor: bool = True,
    ) -> None:
        self._connection = connection
        self._shape = header.shape
        self._characteristics: list[str] = []
        self._chunks = 0
        as_json = settings_json(settings)
        columns = {
            "uuid": uuid,
            "started_utc": started_utc,
            "settings": as_json,
            "settings_crc32": row_crc(as_json),
            "product_version": product_version(),
            "filter_version": FILTER_VERSION,
            "place": settings.place.value,
            **facts,
        }
        session = connection.execute(
            f"INSERT INTO session ({', '.join(columns)}) VALUES (?{', ?' * (len(columns) - 1)})",
            tuple(columns.values()),
        ).lastrowid
        info, sha256 = header.info, hashlib.sha256(header.profile_text.encode()).hexdigest()
        connection.execute(
            "INSERT OR IGNORE INTO profile (sha256, name, text) VALUES (?, ?, ?)",
            (sha256, header.profile_name, header.profile_text),
        )
        self._row: list[Any] = [info.name, sha256, json.dumps(header.options), "[]"]
        self._row += [info.sampling_rate_hz, info.channels, info.acc_range_g, info.t0_s]
        stream = connection.execute(_INSERT_STREAM, (session, *self._row, row_crc(*self._row))).lastrowid
        assert session is not None
        assert stream is not None
        self.session_id, self.stream_id = session, stream
        if is_sensor:
            connection.execute(
                "INSERT OR IGNORE INTO sensor (name, profile_name, first_used_utc) VALUES (?, ?, ?)",
                (info.name, header.profile_name, started_utc),
            )
            connection.execute(
                "UPDATE stream SET sensor_id = (SELECT id FROM sensor WHERE name = ? AND profile_name = ?) "
                "WHERE id = ?",
                (info.name, header.profile_name, stream),
            )

    def write_chunk(self, packets: Sequence[RawPacket]) -> None:
        """Insert packets of about a second as one chunk."""
        if not packets:
            return
        known = len(self._characteristics)
        data = pack(packets, self._characteristics, self._shape)
        if len(self._characteristics) != known:
            self._row[_CHARACTERISTICS] = json.dumps(self._characteristics)
            self._connection.execute(
                "UPDATE stream SET characteristics = ?, crc32 = ? WHERE id = ?",
                (self._row[_CHARACTERISTICS], row_crc(*self._row), self.stream_id),
            )
        if self._chunks == 0:
            first = pack(packets[:1], self._characteristics, None)
            self._connection.execute(
                "UPDATE stream SET first_packet = ?, first_crc32 = ? WHERE id = ?",
                (first, zlib.crc32(first), self.stream_id),
            )
        crc = chunk_crc(self.stream_id, self._chunks, len(packets), data)
        self._connection.execute(
            "INSERT INTO packet_chunk VALUES (?, ?, ?, ?, ?)", (self.stream_id, self._chunks, len(packets), crc, data)
        )
        self._chunks += 1
