"""A session's steps as they count now: computed anew where that was asked for, sides swapped, cuts left out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from imu.errors import StoreError
from imu.store.reader import read_steps
from imu.types import Step


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
    markers = connection.execute(
        "SELECT time_s, kind, added_utc, removed_utc FROM marker WHERE session_id = ?", (session_id,)
    ).fetchall()
    cuts = connection.execute("SELECT start_s, stop_s FROM cut WHERE session_id = ?", (session_id,)).fetchall()
    swaps = [m for m in markers if m["kind"] == "swap_sides"]
    steps = edited(
        steps,
        recorded_swaps=[m["time_s"] for m in swaps if m["added_utc"] is None],
        swaps=[m["time_s"] for m in swaps if m["removed_utc"] is None],
        cuts=[(row["start_s"], row["stop_s"]) for row in cuts],
    )
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
