"""What is written when a session ends: its end, its length, and the numbers for the list."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from imu.constants import NS_PER_S
from imu.settings import Settings
from imu.store.decoded import Decoded, store_decoded
from imu.store.headline import headline, known_speeds, speed_blocks
from imu.store.packing import unpack
from imu.store.rows import plain_rows, select_steps, step_of, steps_crc
from imu.types import Gap, Step, StreamInfo


def finish(
    connection: sqlite3.Connection,
    session_id: int,
    settings: Settings,
    info: StreamInfo,
    *,
    duration_s: float | None = None,
    decoded: Decoded | None = None,
    cut_off: bool = False,
) -> None:
    """Mark a session as ended; inside a transaction.

    Parameters
    ----------
    duration_s : float or None
        None = from the arrival of the first packet to that of the last.
    decoded : Decoded or None
        What decoding its packets gave; None = not known, so that whoever opens it has to decode them.
    cut_off : bool
        It ends where its packets end, not now.
    """
    streams = connection.execute("SELECT id, characteristics FROM stream WHERE session_id = ?", (session_id,))
    stream = streams.fetchone()
    rows = list(plain_rows(connection, select_steps("step"), stream["id"]))
    steps = [step_of(row) for row in rows]
    if duration_s is None:
        duration_s = _arrival_span_s(connection, stream)
    now = datetime.now(UTC)
    if cut_off:
        started = connection.execute("SELECT started_utc FROM session WHERE id = ?", (session_id,)).fetchone()
        now = datetime.fromisoformat(started["started_utc"]) + timedelta(seconds=duration_s)
    connection.execute(
        "UPDATE session SET ended_utc = ?, cut_off = ?, duration_s = ? WHERE id = ?",
        (now.isoformat(), int(cut_off), duration_s, session_id),
    )
    connection.execute("UPDATE stream SET steps_crc32 = ? WHERE id = ?", (steps_crc(rows), stream["id"]))
    if decoded is not None:
        store_decoded(connection, stream["id"], decoded)
    store_headline(connection, session_id, steps, settings, info)


def store_headline(
    connection: sqlite3.Connection, session_id: int, steps: Sequence[Step], settings: Settings, info: StreamInfo
) -> None:
    """Store the numbers for the list anew, from these steps; inside a transaction, after the length is known."""
    duration_s = connection.execute("SELECT duration_s AS d FROM session WHERE id = ?", (session_id,)).fetchone()["d"]
    gaps = connection.execute(
        "SELECT start_index, stop_index FROM gap JOIN stream ON stream.id = stream_id WHERE session_id = ?",
        (session_id,),
    )
    numbers = headline(
        steps, info, settings, [Gap(row["start_index"], row["stop_index"]) for row in gaps], duration_s or 0.0
    )
    changes = speed_changes(
        connection.execute(
            "SELECT time_s, value FROM marker WHERE session_id = ? AND kind = 'speed' AND removed_utc IS NULL "
            "ORDER BY time_s, id",
            (session_id,),
        ).fetchall()
    )
    stop_s = info.t0_s + (duration_s or 0.0)
    speeds = known_speeds(speed_blocks(settings.speed_mps, changes, info.t0_s, stop_s))
    connection.execute(
        "UPDATE session SET n_steps = ?, speeds_mps = ?, headline = ? WHERE id = ?",
        (len(steps), json.dumps(speeds), json.dumps(numbers), session_id),
    )


def speed_changes(markers: Sequence[Any]) -> list[tuple[float, float | None]]:
    """Return the changes of speed that speed markers state: (time in s, m/s or None)."""
    return [(m["time_s"], float(m["value"]) if m["value"] else None) for m in markers]


def _arrival_span_s(connection: sqlite3.Connection, stream: Any) -> float:
    """Seconds from the first stored packet's arrival to the last one's."""
    characteristics = json.loads(stream["characteristics"])
    ends = []
    for order in ("ASC", "DESC"):
        row = connection.execute(
            f"SELECT data FROM packet_chunk WHERE stream_id = ? ORDER BY number {order} LIMIT 1", (stream["id"],)
        ).fetchone()
        if row is not None:
            ends += [packet.t_arrival_ns for packet in unpack(row["data"], characteristics)]
    return (max(ends) - min(ends)) / NS_PER_S if ends else 0.0
