"""One session from a file into the library and back, with everything that belongs to it, packets unchanged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from imu.errors import StoreError
from imu.settings import Settings
from imu.store import schema
from imu.store.base import Row, utc_now
from imu.store.connect import DAMAGE, connect, describe, open_for_reading, pragma, remove
from imu.store.finish import finish
from imu.store.reader import read_session
from imu.store.rows import chunk_crc
from imu.store.schema import Transaction

_CLIENT_FACTS: Final = ("uuid", "code", "birth_year", "body_mass_kg", "body_height_m", "created_utc")
_PARTS: Final = ("marker", "tag", "pain", "cut", "edit")
_PARTS_OF_A_STREAM: Final = ("gap", "step", "recomputed", "recomputed_step")


def export_session(library: sqlite3.Connection, session_id: int, path: Path, *, with_client: bool = True) -> None:
    """Write one session to a new file of its own; a half-written one is taken away.

    Parameters
    ----------
    library : connection
    session_id : int
    path : Path
        Must not exist.
    with_client : bool
        With the client's code, birth year, mass and height (not the notes, not the consents).

    Raises
    ------
    StoreError
        The file exists or cannot be written.
    """
    if path.exists():
        raise StoreError(f"{path} exists already.", hint="Choose another name, or delete it first.")
    if not path.parent.is_dir():
        raise StoreError(f"There is no folder {path.parent}.", hint="Make it, or choose another one.")
    fresh = path.with_name(path.name + ".part")
    remove(fresh)
    try:
        with closing(connect(fresh)) as target:
            schema.create(target)
            with Transaction(target):
                target.executemany("INSERT INTO about VALUES (?, ?)", [("kind", "session"), ("created_utc", utc_now())])
                copy_session(library, target, session_id, with_client=with_client)
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            target.execute("PRAGMA journal_mode = DELETE")
        fresh.replace(path)
    except DAMAGE as error:
        raise describe(path, error, StoreError) from None
    finally:
        remove(fresh)


def import_session(library: sqlite3.Connection, path: Path, client_id: int | None = None) -> int:
    """Take a session file into the library; inside a transaction.

    Parameters
    ----------
    library : connection
    path : Path
    client_id : int or None
        Whose it is; None = the client that the file names, made where the library has none.

    Returns
    -------
    int
        Its id in the library.

    Raises
    ------
    RecordingError
        The file cannot be read.
    StoreError
        It is in the library already.
    """
    stored = read_session(path)  # says what is wrong with it, before anything is copied
    with closing(open_for_reading(path)) as source:
        session = source.execute("SELECT * FROM session ORDER BY id LIMIT 1").fetchone()
        known = library.execute("SELECT id FROM session WHERE uuid = ?", (session["uuid"],)).fetchone()
        if known is not None:
            raise StoreError(
                f"{path.name} is in the library already, as session {known['id']}.", hint="Nothing was changed."
            )
        old_version = pragma(source, "user_version") < 2
        new_id = copy_session(source, library, session["id"], client_id=client_id)
    if old_version and session["ended_utc"] is not None:
        finish(library, new_id, Settings(**stored.settings), stored.info)
        library.execute(
            "UPDATE session SET ended_utc = ?, place = ? WHERE id = ?",
            (session["ended_utc"], Settings(**stored.settings).place.value, new_id),
        )
    return new_id


def copy_session(
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    session_id: int,
    *,
    with_client: bool = True,
    client_id: int | None = None,
) -> int:
    """Copy a session and all that belongs to it; damaged seconds are left out. Returns its id in the target."""
    session = source.execute("SELECT * FROM session WHERE id = ?", (session_id,)).fetchone()
    if session is None:
        raise StoreError(f"There is no session {session_id} in the library.", hint="See `stride library info`.")
    del session["id"]
    if client_id is None and with_client:
        client_id = _client(source, target, session.get("client_id"))
    session["client_id"] = client_id
    if session.get("shoe_id") is not None:
        session["shoe_id"] = _shoe(source, target, session["shoe_id"], client_id)
    if session.get("surface_id") is not None:
        session["surface_id"] = _named(source, target, "surface", session["surface_id"], ("name",))
    new_id = _insert(target, "session", session)
    tables = {row["name"] for row in source.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()}
    for table in _PARTS:
        if table in tables:
            rows = source.execute(f"SELECT * FROM {table} WHERE session_id = ?", (session_id,)).fetchall()
            _insert_all(target, table, rows, session_id=new_id)
    for stream in source.execute("SELECT * FROM stream WHERE session_id = ? ORDER BY id", (session_id,)).fetchall():
        _copy_stream(source, target, stream, new_id, tables)
    return new_id


def _copy_stream(
    source: sqlite3.Connection, target: sqlite3.Connection, stream: Row, session_id: int, tables: set[str]
) -> None:
    old_id = stream.pop("id")
    profile = source.execute("SELECT * FROM profile WHERE sha256 = ?", (stream["profile_sha256"],)).fetchone()
    target.execute(
        "INSERT OR IGNORE INTO profile (sha256, name, text) VALUES (?, ?, ?)",
        (profile["sha256"], profile["name"], profile["text"]),
    )
    if stream.get("sensor_id") is not None:
        stream["sensor_id"] = _named(source, target, "sensor", stream["sensor_id"], ("name", "profile_name"))
    new_id = _insert(target, "stream", stream | {"session_id": session_id})
    query = "SELECT number, n_packets, crc32, data FROM packet_chunk WHERE stream_id = ? ORDER BY number"
    for row in source.execute(query, (old_id,)):
        if row["crc32"] == chunk_crc(old_id, row["number"], row["n_packets"], row["data"]):
            crc = chunk_crc(new_id, row["number"], row["n_packets"], row["data"])  # it covers the place too
            target.execute(
                "INSERT INTO packet_chunk VALUES (?, ?, ?, ?, ?)",
                (new_id, row["number"], row["n_packets"], crc, row["data"]),
            )
    for table in _PARTS_OF_A_STREAM:
        if table in tables:
            rows = source.execute(f"SELECT * FROM {table} WHERE stream_id = ?", (old_id,)).fetchall()
            _insert_all(target, table, rows, stream_id=new_id)


def _client(source: sqlite3.Connection, target: sqlite3.Connection, client_id: int | None) -> int | None:
    """Find the same client in the target, or make it; a code that another has gets a number."""
    if client_id is None:
        return None
    facts = source.execute(f"SELECT {', '.join(_CLIENT_FACTS)} FROM client WHERE id = ?", (client_id,)).fetchone()
    same = target.execute("SELECT id FROM client WHERE uuid = ?", (facts["uuid"],)).fetchone()
    if same is not None:
        return int(same["id"])
    code, n = facts["code"], 1
    while target.execute("SELECT 1 AS taken FROM client WHERE code = ?", (facts["code"],)).fetchone():
        n += 1
        facts["code"] = f"{code} ({n})"
    return _insert(target, "client", facts)


def _shoe(source: sqlite3.Connection, target: sqlite3.Connection, shoe_id: int, client_id: int | None) -> int:
    row = source.execute("SELECT name, distance_km, retired FROM shoe WHERE id = ?", (shoe_id,)).fetchone()
    same = target.execute("SELECT id FROM shoe WHERE client_id IS ? AND name = ?", (client_id, row["name"])).fetchone()
    return int(same["id"]) if same else _insert(target, "shoe", row | {"client_id": client_id})


def _named(
    source: sqlite3.Connection, target: sqlite3.Connection, table: str, row_id: int, names: tuple[str, ...]
) -> int:
    """Find a row of the same name(s) in the target, or copy it there."""
    row = source.execute(f"SELECT * FROM {table} WHERE id = ?", (row_id,)).fetchone()
    where = " AND ".join(f"{name} = ?" for name in names)
    same = target.execute(f"SELECT id FROM {table} WHERE {where}", [row[name] for name in names]).fetchone()
    return int(same["id"]) if same else _insert(target, table, {k: v for k, v in row.items() if k != "id"})


def _insert(target: sqlite3.Connection, table: str, row: dict[str, Any]) -> int:
    places = ", ".join("?" * len(row))
    row_id = target.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", tuple(row.values())).lastrowid
    assert row_id is not None
    return row_id


def _insert_all(target: sqlite3.Connection, table: str, rows: Iterable[Row], **owner: int) -> None:
    """Insert rows under a new owner, with ids of their own."""
    fresh = [{k: v for k, v in row.items() if k != "id"} | owner for row in rows]
    if fresh:
        columns = list(fresh[0])
        target.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            [tuple(row.values()) for row in fresh],
        )
