"""Read a session file back: packets, provenance, markers, stored steps; damage is skipped and said, never guessed."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imu.errors import RecordingError, StoreError
from imu.store import schema
from imu.store.packing import unpack
from imu.store.writer import Marker, chunk_crc, row_crc
from imu.types import ActivityKind, Gap, Quality, RawPacket, Side, Step, StreamInfo


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
    gaps, markers, steps : tuple
        As stored while it ran.
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


def read_session(path: str | Path) -> StoredSession:
    """Read the (first) session of a file.

    Raises
    ------
    RecordingError
        The file is missing, empty, not a session file, of a newer version, locked, or too damaged to be read.
    """
    path = Path(path)
    connection = schema.open_for_reading(path)
    connection.row_factory = sqlite3.Row
    try:
        return _read(path, connection)
    except schema.DAMAGE as error:
        raise schema.describe(path, error) from None
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise _damaged(path, str(error)) from None
    finally:
        connection.close()


def _read(path: Path, connection: sqlite3.Connection) -> StoredSession:
    session = connection.execute("SELECT * FROM session ORDER BY id LIMIT 1").fetchone()
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
    packets = _packets(connection, stream, warnings)
    if not packets:
        raise RecordingError(
            f"{path} holds no readable packets.",
            hint="The recording ended within its first second, or the file is damaged; record again.",
        )
    key = stream["id"]
    gaps = _readable(connection, "SELECT * FROM gap WHERE stream_id = ? ORDER BY start_index", key, "gaps", warnings)
    steps = _readable(connection, "SELECT * FROM step WHERE stream_id = ? ORDER BY number", key, "steps", warnings)
    markers = _readable(
        connection, "SELECT * FROM marker WHERE session_id = ? ORDER BY id", session["id"], "markers", warnings
    )
    info = StreamInfo(
        sampling_rate_hz=stream["sampling_rate_hz"],
        channels=stream["channels"],
        acc_range_g=stream["acc_range_g"],
        t0_s=stream["t0_s"],
        name=stream["name"],
    )
    return StoredSession(
        path=path,
        info=info,
        profile_name=stream["profile_name"],
        profile_text=stream["profile_text"],
        options=json.loads(stream["options"]),
        packets=tuple(packets),
        settings=_settings(json.loads(session["settings"])),
        gaps=tuple(Gap(row["start_index"], row["stop_index"]) for row in gaps),
        markers=tuple(Marker(row["time_s"], row["kind"], row["value"]) for row in markers),
        steps=tuple(_step(row) for row in steps),
        started_utc=session["started_utc"],
        ended_utc=session["ended_utc"],
        product_version=session["product_version"],
        filter_version=session["filter_version"],
        warnings=tuple(warnings),
    )


def _damaged(path: Path, what: str) -> RecordingError:
    return RecordingError(
        f"{path} is damaged ({what}).", hint="Use a copy or a backup of it; the file has not been changed."
    )


def _packets(connection: sqlite3.Connection, stream: sqlite3.Row, warnings: list[str]) -> list[RawPacket]:
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
        except schema.DAMAGE:
            warnings.append(
                f"The file is damaged after second {expected}: what follows could not be read and is missing."
            )
            break
        if row is None:
            break
        damaged += row["number"] - expected
        expected = row["number"] + 1
        if row["crc32"] != chunk_crc(stream["id"], row["number"], row["n_packets"], row["data"]):
            damaged += 1
            continue
        try:
            packets += unpack(row["data"], characteristics)
        except StoreError:
            damaged += 1
    if damaged:
        seconds = "1 second" if damaged == 1 else f"{damaged} seconds"
        warnings.append(f"{seconds} of this recording cannot be read (damaged) and count as missing samples.")
    return packets


def _settings(stored: dict[str, Any]) -> dict[str, Any]:
    for name in ("sensor_side", "first_side"):
        if isinstance(stored.get(name), str):
            stored[name] = Side[stored[name]]
    return stored


def _readable(
    connection: sqlite3.Connection, query: str, key: int, what: str, warnings: list[str]
) -> list[sqlite3.Row]:
    """Rows up to the first damaged page."""
    rows: list[sqlite3.Row] = []
    try:
        for row in connection.execute(query, (key,)):
            rows.append(row)  # noqa: PERF402 (what came before the damage is kept)
    except schema.DAMAGE:
        warnings.append(f"The stored {what} are damaged in part; they are computed anew from the packets.")
    return rows


def _step(row: sqlite3.Row) -> Step:
    values = {name: row[name] for name in schema.STEP_COLUMNS}
    values["activity"] = ActivityKind(values["activity"])
    values["side"] = Side[values["side"].upper()]
    values["quality"] = Quality(values["quality"])
    return Step(index=row["number"], **values)
