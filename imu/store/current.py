"""A session's steps as they count now: computed anew where that was asked for, sides swapped, cuts left out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from imu.errors import StoreError
from imu.store.connect import DAMAGE
from imu.store.reader import read_steps
from imu.store.rows import plain_rows, select_steps, step_of
from imu.types import Step

_UNREADABLE: Final[tuple[type[Exception], ...]] = (*DAMAGE, ValueError, LookupError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Current:
    """Steps as they count now.

    Attributes
    ----------
    steps : tuple of Step
    intact : bool
        What was stored matches its checksum.
    stale : bool
        A speed was changed since they were computed.
    product_version, filter_version : str
        Of the program that computed them.
    recomputed_utc : str or None
    """

    steps: tuple[Step, ...]
    intact: bool
    stale: bool
    product_version: str
    filter_version: str
    recomputed_utc: str | None


def current_steps(connection: sqlite3.Connection, session_id: int) -> Current:
    """Read the steps of a session and apply its edits.

    Raises
    ------
    StoreError
        The session has no data.
    """
    session = connection.execute(
        "SELECT session.product_version, session.filter_version, stream.id AS stream_id, steps_crc32 FROM session "
        "JOIN stream ON stream.session_id = session.id WHERE session.id = ? ORDER BY stream.id LIMIT 1",
        (session_id,),
    ).fetchone()
    if session is None:
        raise StoreError(f"Session {session_id} holds no data.", hint="Its recording ended before it began.")
    stream_id = session["stream_id"]
    again = connection.execute("SELECT * FROM recomputed WHERE stream_id = ?", (stream_id,)).fetchone()
    if again is None:
        steps, intact = read_steps(connection, stream_id, session["steps_crc32"], [])
    else:
        steps, intact = read_steps(connection, stream_id, again["steps_crc32"], [], "recomputed_step")
    markers = _markers(connection, session_id)
    steps = _with_edits(connection, session_id, steps, markers)
    since = "" if again is None else again["at_utc"]
    changes = [m[name] for m in markers if m["kind"] == "speed" for name in ("added_utc", "removed_utc")]
    made_by = session if again is None else again
    return Current(
        steps=steps,
        intact=intact,
        stale=any(change is not None and change > since for change in changes),
        product_version=made_by["product_version"],
        filter_version=made_by["filter_version"],
        recomputed_utc=None if again is None else again["at_utc"],
    )


def some_steps(connection: sqlite3.Connection, session_id: int, most: int) -> tuple[Step, ...]:
    """Read steps evenly spread over a session, as they count now, at most `most`; empty where they cannot be read.

    An odd number of steps lies between two of them, so that both sides are among them.
    """
    try:
        query = "SELECT id FROM stream WHERE session_id = ? ORDER BY id LIMIT 1"
        stream = connection.execute(query, (session_id,)).fetchone()
        if stream is None:
            return ()
        key = (stream["id"],)
        again = connection.execute("SELECT 1 FROM recomputed WHERE stream_id = ?", key).fetchone()
        table = "step" if again is None else "recomputed_step"
        count = connection.execute(f"SELECT count(*) AS n FROM {table} WHERE stream_id = ?", key).fetchone()["n"]
        every = -(-count // max(most, 1)) | 1
        steps = [step_of(row) for row in plain_rows(connection, select_steps(table, every), *key)]
        return _with_edits(connection, session_id, steps, _markers(connection, session_id))
    except _UNREADABLE:
        return ()


def _markers(connection: sqlite3.Connection, session_id: int) -> list[Any]:
    query = "SELECT time_s, kind, added_utc, removed_utc FROM marker WHERE session_id = ?"
    return connection.execute(query, (session_id,)).fetchall()


def _with_edits(
    connection: sqlite3.Connection, session_id: int, steps: Iterable[Step], markers: Sequence[Any]
) -> tuple[Step, ...]:
    cuts = connection.execute("SELECT start_s, stop_s FROM cut WHERE session_id = ?", (session_id,)).fetchall()
    swaps = [m for m in markers if m["kind"] == "swap_sides"]
    return edited(
        steps,
        recorded_swaps=[m["time_s"] for m in swaps if m["added_utc"] is None],
        swaps=[m["time_s"] for m in swaps if m["removed_utc"] is None],
        cuts=[(row["start_s"], row["stop_s"]) for row in cuts],
    )


def edited(
    steps: Iterable[Step],
    *,
    recorded_swaps: Sequence[float],
    swaps: Sequence[float],
    cuts: Sequence[tuple[float, float]],
) -> tuple[Step, ...]:
    """Apply swaps and cuts to steps that hold the swaps made while recording; by the time of the contact."""
    if not (recorded_swaps or swaps or cuts):
        return tuple(steps)
    out = []
    for step in steps:
        if any(start <= step.ic_s < stop for start, stop in cuts):
            continue
        was = sum(time_s <= step.ic_s for time_s in recorded_swaps)
        now = sum(time_s <= step.ic_s for time_s in swaps)
        out.append(replace(step, side=step.side.other) if (was + now) % 2 else step)
    return tuple(out)
