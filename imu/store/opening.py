"""Where the library is, and how it is opened: made where it is missing, brought up to this version, never by half."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from imu.errors import DiskFullError, ImuError, StoreError
from imu.store import schema
from imu.store.base import utc_now
from imu.store.connect import (
    DAMAGE,
    OPERATIONAL,
    Opener,
    check_version,
    connect,
    describe,
    first_bytes,
    pragma,
    remove,
)

SUFFIX: Final = ".stride-library"
_NAME: Final = "library"
_LEAST_BYTES: Final = 1 << 18
"""With less room than this on its disk a library is opened for reading: its write-ahead file needs some."""
_READING: Final = ("ro", "rw", "ro&immutable=1")


def default_path() -> Path:
    """Where the library is: STRIDE_LIBRARY, or the user's data folder."""
    if given := os.environ.get("STRIDE_LIBRARY"):
        return Path(given).expanduser()
    import platformdirs

    return platformdirs.user_data_path("stride-impact", appauthor=False) / f"{_NAME}{SUFFIX}"


def backup_folder(path: Path) -> Path:
    """Where the backups of a library go."""
    return path.parent / "backups"


def backups(path: Path) -> list[Path]:
    """Backups of a library, the oldest first."""
    return sorted(p for p in backup_folder(path).glob(f"{path.stem}-*{SUFFIX}") if p.is_file())


def copies(path: Path) -> list[Path]:
    """Whatever else may hold what this library held: its backups, and libraries that a backup has replaced."""
    return [*backups(path), *sorted(path.parent.glob(f"{path.stem}-*-replaced{path.suffix}"))]


def new_backup_name(path: Path, why: str = "") -> Path:
    """Name for a backup made now, in the backup folder, which is made where it is missing."""
    folder = backup_folder(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be made: {error.strerror}.", hint="Check the folder's permissions."
        ) from None
    stamp = f"{path.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}{why}"
    target, n = folder / f"{stamp}{SUFFIX}", 1
    while target.exists():
        n += 1
        target = folder / f"{stamp}-{n}{SUFFIX}"
    return target


def vacuum_into(connection: sqlite3.Connection, target: Path) -> None:
    """Copy a library, as it is at this moment, into a new file; a copy that failed is taken away."""
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    except DAMAGE:
        remove(target)
        raise


def prepare(path: Path, key: str | None) -> tuple[Opener, StoreError | None]:
    """Make a library ready to be used.

    Parameters
    ----------
    path : Path
        Made where it is missing.
    key : str or None
        Of an encrypted one.

    Returns
    -------
    opener : callable
        Opens a connection to it.
    refusal : StoreError or None
        Why it can be read but not written.

    Raises
    ------
    StoreError, RecordingError
        No library, of a newer version, damaged at its start, locked, or in a folder that cannot be written.
    """
    if not path.exists() or first_bytes(path) == b"":
        _make(path, key)
    refusal = _refusal(path)

    def opener() -> sqlite3.Connection:
        if refusal is not None:
            return _open_reading(path, key)
        connection = connect(path, key, mode="rw")
        try:
            schema.prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    try:
        connection = opener()
    except DAMAGE as error:
        raise _describe(path, error) from None
    try:
        _bring_up(path, connection, refusal)
    except DAMAGE as error:
        raise _describe(path, error) from None
    finally:
        connection.close()
    return opener, refusal


def _describe(path: Path, error: BaseException) -> ImuError:
    """Say why a library cannot be opened; where it is damaged, which backup there is."""
    told = describe(path, error, StoreError)
    made = backups(path)
    if isinstance(error, OPERATIONAL) or not made:
        return told
    hint = f"`stride library restore {made[-1]}` puts the newest backup back and keeps this file under another name."
    return StoreError(told.message, hint=hint)


def _refusal(path: Path) -> StoreError | None:
    """Why a library cannot be written; None = it can."""
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return StoreError(
            f"{path} can be read but not written.", hint="Check the permissions of the file and its folder."
        )
    with suppress(OSError):
        if shutil.disk_usage(path.parent).free < _LEAST_BYTES:
            return DiskFullError(
                f"The disk of {path} is full: it can be read but nothing can be stored.",
                hint="Free some space and open it again.",
            )
    return None


def _make(path: Path, key: str | None) -> None:
    """Lay out an empty library under another name, then put it in place unless somebody else was faster."""
    fresh = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = connect(fresh, key)
    except OSError as error:
        raise StoreError(
            f"The library cannot be made: {path.parent}: {error.strerror}.",
            hint="Choose another place with STRIDE_LIBRARY, or check the permissions.",
        ) from None
    except OPERATIONAL as error:
        raise describe(path, error, StoreError) from None
    try:
        schema.create(connection)
        with schema.Transaction(connection):
            connection.executemany(
                "INSERT OR IGNORE INTO about VALUES (?, ?)",
                [("kind", "library"), ("uuid", str(uuid.uuid4())), ("created_utc", utc_now())],
            )
    except DAMAGE as error:
        raise describe(path, error, StoreError) from None
    finally:
        connection.close()
    try:
        if path.exists() and path.stat().st_size == 0:
            path.unlink()
        with suppress(FileExistsError):
            try:
                os.link(fresh, path)
            except FileExistsError:
                raise
            except OSError:  # a file system without hard links
                fresh.rename(path)
    except OSError as error:
        raise StoreError(
            f"The library cannot be made: {path}: {error.strerror}.",
            hint="Choose another place with STRIDE_LIBRARY, or check the permissions.",
        ) from None
    finally:
        remove(fresh)


def _open_reading(path: Path, key: str | None) -> sqlite3.Connection:
    """Open what cannot be written.

    The write-ahead file needs shared memory, which needs room on the disk; alone with the file it needs none. Where not
    even that is possible the file is read without its write-ahead file.
    """
    for mode in _READING:
        connection = connect(path, key, mode=mode)
        try:
            if mode == "rw":
                connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            pragma(connection, "user_version")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except OPERATIONAL:
            connection.close()
            if mode == _READING[-1]:
                raise
        else:
            return connection
    raise AssertionError  # the loop returns or raises


def _bring_up(path: Path, connection: sqlite3.Connection, refusal: StoreError | None) -> None:
    version = pragma(connection, "user_version")
    application_id = pragma(connection, "application_id")
    try:
        check_version(path, application_id, version)
    except ImuError as error:
        raise StoreError(
            error.message.replace("recording of this one", "library of this one"), hint=error.hint
        ) from None
    if version < schema.SCHEMA_VERSION:
        if path.suffix == ".stride":
            raise _is_a_session(path)
        if refusal is not None:
            raise StoreError(
                f"{path} is of an older version and cannot be written, so it cannot be brought up to this one.",
                hint=refusal.hint,
            )
        vacuum_into(connection, new_backup_name(path, f"-format-{version}"))
        schema.upgrade(connection)
        with schema.Transaction(connection):
            connection.executemany(
                "INSERT OR IGNORE INTO about VALUES (?, ?)",
                [("kind", "library"), ("uuid", str(uuid.uuid4())), ("created_utc", utc_now())],
            )
    kind = connection.execute("SELECT value FROM about WHERE name = 'kind'").fetchone()
    if kind is None or kind["value"] != "library":
        raise _is_a_session(path)


def _is_a_session(path: Path) -> StoreError:
    return StoreError(f"{path} is a session file, not a library.", hint="Take it in with `stride import-session`.")
