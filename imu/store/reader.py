"""Read a session back, from its file or the library; damage is skipped and said, never guessed."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from imu.errors import RecordingError, StoreError
from imu.store import schema
from imu.store.connect import DAMAGE, describe, open_for_reading
from imu.store.decoded import Decoded, raw_hash, read_decoded
from imu.store.packing import unpack
from imu.store.rows import chunk_crc, plain_rows, row_crc, select_steps, step_of, steps_crc
from imu.store.writer import Marker
from imu.types import Gap, RawPacket, Side, Step, StreamInfo

Row = dict[str, Any]

STEPS_DAMAGED = "The stored steps are damaged; they are computed anew from the packets."


@dataclass(frozen=True, slots=True)
class StoredSession:
    """One session as it was recorded.

    Attributes
    ----------
    path : Path
    info : StreamInfo
    profile_name, profile_text, options : str, str, dict
        What reads the packets.
    packets : tuple of RawPacket
        As they arrived; those of damaged chunks are missing.
    settings : dict
        As the user had set them, ready for `imu.settings.Settings`.
    gaps, steps : tuple
        As stored while it ran.
    markers : tuple of Marker
        As they are now; those that were removed later are left out.
    recorded_markers : tuple of Marker
        As they were while it ran.
    cuts : tuple of (float, float)
        Stretches that do not count: start and end in seconds.
    steps_intact : bool
        The steps match the checksum that was stored when it ended.
    raw_sha256 : str
        Of the packets as they are stored; "" where they cannot be read to the end.
    chunks_intact : bool
        Every second of packets is what was written.
    decoded : Decoded or None
        What decoding these very packets gave, where it is known.
    started_utc, ended_utc : str, str or None
        None = the recording was cut off (crash, power).
    product_version, filter_version : str
    warnings : tuple of str
    """

    path: Path
    info: StreamInfo
    profile_name: str
    profile_text: str
    options: dict[str, int]
    packets: tuple[RawPacket, ...]
    settings: dict[str, Any]
    gaps: tuple[Gap, ...]
    markers: tuple[Marker, ...]
    steps: tuple[Step, ...]
    started_utc: str
    ended_utc: str | None
    product_version: str
    filter_version: str
    warnings: tuple[str, ...]
    recorded_markers: tuple[Marker, ...] = ()
    cuts: tuple[tuple[float, float], ...] = ()
    steps_intact: bool = True
    raw_sha256: str = ""
    chunks_intact: bool = True
    decoded: Decoded | None = None


def read_session(path: str | Path) -> StoredSession:
    """Read the session of a file.

    Raises
    ------
    RecordingError
        The file is missing, empty, not a session file, of a newer version, locked, or too damaged to be read.
    """
    path = Path(path)
    connection = open_for_reading(path)
    try:
        return read_stored(path, connection)
    finally:
        connection.close()


def read_stored(
    path: Path,
    connection: sqlite3.Connection,
    session_id: int | None = None,
    *,
    with_steps: bool = True,
    with_packets: bool = True,
) -> StoredSession:
    """Read one session through an open connection; None = the first.

    Without packets, only their hash is read, and what decoding them gave where that is known.

    Raises
    ------
    RecordingError
        There is no such session, or it is too damaged to be read.
    """
    try:
        if session_id is None:
            session = connection.execute("SELECT * FROM session ORDER BY id LIMIT 1").fetchone()
        else:
            session = connection.execute("SELECT * FROM session WHERE id = ?", (session_id,)).fetchone()
            path = Path(f"Session {session_id} of {path.name}")  # for messages
        return _read(path, connection, session, with_steps=with_steps, with_packets=with_packets)
    except DAMAGE as error:
        raise describe(path, error) from None
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise _damaged(path, str(error)) from None


def _read(
    path: Path, connection: sqlite3.Connection, session: Row | None, *, with_steps: bool, with_packets: bool
) -> StoredSession:
    stream = None
    if session is not None:
        stream = connection.execute(
            "SELECT stream.*, profile.name AS profile_name, profile.text AS profile_text FROM stream "
            "JOIN profile ON profile.sha256 = stream.profile_sha256 WHERE session_id = ? ORDER BY stream.id LIMIT 1",
            (session["id"],),
        ).fetchone()
    if session is None or stream is None:
        raise RecordingError(f"{path} holds no session.", hint="The recording ended before it began; record again.")
    if stream["crc32"] != row_crc(*(stream[name] for name in schema.STREAM_COLUMNS)):
        raise _damaged(path, "the description of the sensor does not match its checksum")
    if stream["profile_sha256"] != hashlib.sha256(stream["profile_text"].encode()).hexdigest():
        raise _damaged(path, "the firmware profile does not match its checksum")
    if session["settings_crc32"] != row_crc(session["settings"]):
        raise _damaged(path, "the settings do not match their checksum")
    warnings: list[str] = []
    if session["ended_utc"] is None:
        warnings.append("This recording was cut off; everything up to its last second is here.")
    key = stream["id"]
    packets: list[RawPacket] = []
    chunks_intact = True
    if with_packets:
        digest = hashlib.sha256()
        said = len(warnings)
        packets = _packets(connection, stream, warnings, digest)
        chunks_intact = len(warnings) == said
        raw_sha256 = digest.hexdigest()
        if not packets:
            raise RecordingError(
                f"{path} holds no readable packets.",
                hint="The recording ended within its first second, or the file is damaged; record again.",
            )
    else:
        raw_sha256 = raw_hash(connection, key)
    gaps = _readable(connection, "SELECT * FROM gap WHERE stream_id = ? ORDER BY start_index", key, "gaps", warnings)
    steps: tuple[Step, ...] = ()
    intact = True
    if with_steps:
        steps, intact = read_steps(connection, key, stream.get("steps_crc32"), warnings)
    markers = _readable(
        connection, "SELECT * FROM marker WHERE session_id = ? ORDER BY time_s, id", session["id"], "markers", warnings
    )
    cuts = []
    if "cut_off" in session:  # a file of version 1 has none
        query = "SELECT * FROM cut WHERE session_id = ? ORDER BY start_s"
        cuts = _readable(connection, query, session["id"], "cuts", warnings)
    return StoredSession(
        path=path,
        info=_info(stream),
        profile_name=stream["profile_name"],
        profile_text=stream["profile_text"],
        options=json.loads(stream["options"]),
        packets=tuple(packets),
        settings=_settings(json.loads(session["settings"])),
        gaps=tuple(Gap(row["start_index"], row["stop_index"]) for row in gaps),
        markers=tuple(_marker(row) for row in markers if row.get("removed_utc") is None),
        steps=steps,
        started_utc=session["started_utc"],
        ended_utc=session["ended_utc"],
        product_version=session["product_version"],
        filter_version=session["filter_version"],
        warnings=tuple(warnings),
        recorded_markers=tuple(_marker(row) for row in markers if row.get("added_utc") is None),
        cuts=tuple((row["start_s"], row["stop_s"]) for row in cuts),
        steps_intact=intact,
        raw_sha256=raw_sha256,
        chunks_intact=chunks_intact,
        decoded=read_decoded(stream, raw_sha256),
    )


class Facts(NamedTuple):
    """What a session's numbers depend on beside its packets."""

    info: StreamInfo
    settings: dict[str, Any]
    ended: bool


def read_facts(connection: sqlite3.Connection, session_id: int) -> Facts:
    """Read the stream and the settings of a session of the library.

    Raises
    ------
    StoreError
        It holds no data.
    """
    session = connection.execute("SELECT * FROM session WHERE id = ?", (session_id,)).fetchone()
    query = "SELECT * FROM stream WHERE session_id = ? ORDER BY id LIMIT 1"
    stream = connection.execute(query, (session_id,)).fetchone()
    if session is None or stream is None:
        raise StoreError(f"Session {session_id} holds no data.", hint="Its recording ended before it began.")
    if session["settings_crc32"] != row_crc(session["settings"]):
        raise StoreError(
            f"Session {session_id} is damaged (its settings do not match their checksum).",
            hint="Take it from a backup; the other sessions are not affected.",
        )
    return Facts(_info(stream), _settings(json.loads(session["settings"])), session["ended_utc"] is not None)


def _info(stream: Row) -> StreamInfo:
    return StreamInfo(
        sampling_rate_hz=stream["sampling_rate_hz"],
        channels=stream["channels"],
        acc_range_g=stream["acc_range_g"],
        t0_s=stream["t0_s"],
        name=stream["name"],
    )


def read_steps(
    connection: sqlite3.Connection, stream_id: int, crc: int | None, warnings: list[str], table: str = "step"
) -> tuple[tuple[Step, ...], bool]:
    """Read the stored steps, and whether they are what was stored; without a checksum only obvious damage shows."""
    said = len(warnings)
    rows: list[tuple[Any, ...]] = []
    try:
        rows.extend(plain_rows(connection, select_steps(table), stream_id))
    except DAMAGE:
        warnings.append(STEPS_DAMAGED)
    try:
        steps = tuple(step_of(row) for row in rows)
    except (ValueError, LookupError, TypeError, AttributeError):
        steps = ()
        warnings.append(STEPS_DAMAGED)
    if len(warnings) == said and crc is not None and crc != steps_crc(rows):
        warnings.append(STEPS_DAMAGED)
    return steps, len(warnings) == said


def _marker(row: Row) -> Marker:
    return Marker(row["time_s"], row["kind"], row["value"])


def _damaged(path: Path, what: str) -> RecordingError:
    return RecordingError(
        f"{path} is damaged ({what}).", hint="Use a copy or a backup of it; the file has not been changed."
    )


def _packets(
    connection: sqlite3.Connection, stream: Row, warnings: list[str], digest: hashlib._Hash
) -> list[RawPacket]:
    characteristics = json.loads(stream["characteristics"])
    packets: list[RawPacket] = []
    damaged = 0
    expected = 0
    rows = connection.execute(
        "SELECT number, n_packets, crc32, data FROM packet_chunk WHERE stream_id = ? ORDER BY number", (stream["id"],)
    )
    while True:
        try:
            row = rows.fetchone()
        except DAMAGE:
            warnings.append(
                f"The file is damaged after second {expected}: what follows could not be read and is missing."
            )
            break
        if row is None:
            break
        damaged += row["number"] - expected
        if expected == 0 and row["number"] > 0:
            packets += _first_packet(stream, characteristics, warnings)
        expected = row["number"] + 1
        digest.update(row["data"])
        if row["crc32"] != chunk_crc(stream["id"], row["number"], row["n_packets"], row["data"]):
            damaged += 1
            if row["number"] == 0:
                packets += _first_packet(stream, characteristics, warnings)
            continue
        try:
            packets += unpack(row["data"], characteristics)
        except StoreError:
            damaged += 1
    if damaged:
        seconds = "1 second" if damaged == 1 else f"{damaged} seconds"
        warnings.append(f"{seconds} of this recording cannot be read (damaged) and count as missing samples.")
    return packets


def _first_packet(stream: Row, characteristics: list[str], warnings: list[str]) -> list[RawPacket]:
    """Return the copy of the very first packet, so that times count from it where its second is damaged."""
    data = stream.get("first_packet")
    if data is not None and stream["first_crc32"] == zlib.crc32(data):
        return unpack(data, characteristics)
    warnings.append("The beginning cannot be read (damaged): times count from the first second that can.")
    return []


def _settings(stored: dict[str, Any]) -> dict[str, Any]:
    for name in ("sensor_side", "first_side"):
        if isinstance(stored.get(name), str):
            stored[name] = Side[stored[name]]
    return stored


def _readable(connection: sqlite3.Connection, query: str, key: int, what: str, warnings: list[str]) -> list[Row]:
    """Rows up to the first damaged page."""
    rows: list[Row] = []
    try:
        for row in connection.execute(query, (key,)):
            rows.append(row)  # noqa: PERF402 (what came before the damage is kept)
    except DAMAGE:
        warnings.append(f"Some of the stored {what} are damaged and missing.")
    return rows
