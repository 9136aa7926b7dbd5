"""Looking after a library: facts, check, backup, restore."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from imu.errors import ImuError, StoreError
from imu.store.connect import DAMAGE, connect, describe, first_bytes, pragma, remove
from imu.store.crypt import is_encrypted, key_of
from imu.store.edits import Edits
from imu.store.opening import backup_folder, backups, new_backup_name, vacuum_into
from imu.store.packing import unpack
from imu.store.presence import is_recording, sweep
from imu.store.reader import read_steps
from imu.store.rows import chunk_crc, row_crc
from imu.store.schema import APPLICATION_ID, STREAM_COLUMNS
from imu.types import Finding, LibraryInfo

_UNREADABLE: Final[tuple[type[Exception], ...]] = (
    *DAMAGE,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ImuError,
)


class Upkeep(Edits):
    """What keeps a library in order."""

    def info(self) -> LibraryInfo:
        """Facts about the file, its disk and its backups."""
        with self._open() as connection:
            count = {
                name: connection.execute(f"SELECT count(*) AS n FROM {rest}").fetchone()["n"]
                for name, rest in (
                    ("n_clients", "client"),
                    ("n_sessions", "session"),
                    ("n_unfinished", "session WHERE ended_utc IS NULL"),
                )
            }
            version = pragma(connection, "user_version")
        made = backups(self.path)
        newest = max((p.stat().st_mtime for p in made), default=None)
        beside = [self.path, self.path.with_name(self.path.name + "-wal")]
        return LibraryInfo(
            path=self.path,
            backup_folder=backup_folder(self.path),
            schema_version=version,
            encrypted=is_encrypted(self.path),
            read_only=self.read_only,
            size_bytes=sum(p.stat().st_size for p in beside if p.exists()),
            free_bytes=shutil.disk_usage(self.path.parent).free,
            last_backup_utc=None if newest is None else datetime.fromtimestamp(newest, UTC).isoformat(),
            **count,
        )

    def unfinished_ids(self) -> list[int]:
        """Sessions that a crash cut off: not ended, and recorded by no process that is alive."""
        sweep(self.path)
        rows = self._rows("SELECT id, uuid FROM session WHERE ended_utc IS NULL ORDER BY id")
        return [row["id"] for row in rows if not is_recording(self.path, row["uuid"])]

    def check(self) -> list[Finding]:
        """Read everything there is and say what is not as it was written; empty = all is well."""
        found = []
        with self._open() as connection:
            try:
                rows = connection.execute("PRAGMA integrity_check(20)").fetchall()
                texts = [str(next(iter(row.values()))) for row in rows]
                found += [Finding(None, f"The file itself: {text}.") for text in texts if text != "ok"]
                dangling = connection.execute("PRAGMA foreign_key_check").fetchall()
                found += [Finding(None, f"A row of {row['table']} belongs to nothing.") for row in dangling[:20]]
                ids = [row["id"] for row in connection.execute("SELECT id FROM session ORDER BY id").fetchall()]
            except DAMAGE as error:
                return [*found, Finding(None, f"The file itself: {describe(self.path, error).message}")]
            for session_id in ids:
                try:
                    found += [Finding(session_id, text) for text in _check_session(connection, session_id)]
                except _UNREADABLE as error:
                    found.append(Finding(session_id, f"It cannot be read ({error})."))
        return found

    def backup(self, target: Path | None = None) -> Path:
        """Copy the library, as it is now, into a new file (by default in its backup folder), and check the copy.

        An encrypted library gives an encrypted backup with the same key.

        Raises
        ------
        StoreError
            The file exists, its disk is full, or the copy is not whole.
        """
        target = new_backup_name(self.path) if target is None else target
        if target.exists():
            raise StoreError(f"{target} exists already.", hint="Choose another name.")
        if not target.parent.is_dir():
            raise StoreError(f"There is no folder {target.parent}.", hint="Make it, or choose another one.")
        with self._open() as connection:
            try:
                vacuum_into(connection, target)
            except DAMAGE as error:
                raise describe(target, error, StoreError) from None
        check_copy(target, key_of(target))
        return target


def check_copy(path: Path, key: str | None) -> None:
    """Refuse a copy that is not whole.

    Raises
    ------
    StoreError, RecordingError
    """
    if first_bytes(path) == b"":
        raise StoreError(f"{path} is empty.", hint="Choose another backup.")
    connection = connect(path, key, mode="ro")
    try:
        whole = pragma(connection, "quick_check") == "ok" and pragma(connection, "application_id") == APPLICATION_ID
    except DAMAGE as error:
        raise describe(path, error, StoreError) from None
    finally:
        connection.close()
    if not whole:
        raise StoreError(f"{path} is not a whole library.", hint="Choose another backup.")


def restore(path: Path, backup: Path) -> Path | None:
    """Put a backup in the place of the library, which is kept under another name.

    Returns
    -------
    Path or None
        Where the library that was there is now; None where there was none.

    Raises
    ------
    StoreError, RecordingError
        The backup is not whole, or a file cannot be moved.
    """
    check_copy(backup, key_of(backup))
    fresh = path.with_name(path.name + ".restoring")
    aside: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(backup, fresh)
        if path.exists():
            aside = path.with_name(f"{path.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}-replaced{path.suffix}")
            _move(path, aside)
        fresh.replace(path)
    except OSError as error:
        remove(fresh)
        if aside is not None and aside.exists() and not path.exists():
            _move(aside, path)
        raise StoreError(
            f"The backup cannot be put in place: {error.strerror}.", hint="Close the program everywhere and try again."
        ) from None
    return aside


def _move(path: Path, to: Path) -> None:
    """Give a library another name, its write-ahead file with it."""
    for end in ("", "-wal"):
        part = path.with_name(path.name + end)
        if part.exists():
            part.replace(to.with_name(to.name + end))
    remove(path.with_name(path.name + "-shm"))


def _check_session(connection: sqlite3.Connection, session_id: int) -> Iterator[str]:
    session = connection.execute("SELECT * FROM session WHERE id = ?", (session_id,)).fetchone()
    if session["settings_crc32"] != row_crc(session["settings"]):
        yield "Its settings do not match their checksum."
    for name in ("wizard", "headline", "speeds_mps"):
        json.loads(session[name])
    streams = connection.execute("SELECT * FROM stream WHERE session_id = ? ORDER BY id", (session_id,)).fetchall()
    if not streams:
        yield "It has no data: the recording ended before it began."
    for stream in streams:
        if stream["crc32"] != row_crc(*(stream[name] for name in STREAM_COLUMNS)):
            yield "The description of its sensor does not match its checksum."
        if damaged := _damaged_chunks(connection, stream):
            yield f"{damaged} of its seconds cannot be read; they count as missing samples."
        warnings: list[str] = []
        read_steps(connection, stream["id"], stream["steps_crc32"], warnings)
        yield from dict.fromkeys(warnings)


def _damaged_chunks(connection: sqlite3.Connection, stream: dict[str, Any]) -> int:
    characteristics = json.loads(stream["characteristics"])
    damaged = expected = 0
    query = "SELECT number, n_packets, crc32, data FROM packet_chunk WHERE stream_id = ? ORDER BY number"
    for row in connection.execute(query, (stream["id"],)):
        damaged += row["number"] - expected
        expected = row["number"] + 1
        try:
            whole = row["crc32"] == chunk_crc(stream["id"], row["number"], row["n_packets"], row["data"])
            damaged += not (whole and len(unpack(row["data"], characteristics)) == row["n_packets"])
        except ImuError:
            damaged += 1
    return damaged
