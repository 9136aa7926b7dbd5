"""How a file of ours is opened, told from something else, and what is said when that fails."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, cast

from imu.errors import ImuError, RecordingError
from imu.store import schema

try:
    from sqlcipher3 import dbapi2 as _cipher
except ImportError:  # the extra `encryption` is not installed
    _cipher = None

_CIPHER_ERRORS: tuple[type[Exception], ...] = () if _cipher is None else (_cipher.Error,)

DAMAGE: Final[tuple[type[Exception], ...]] = (sqlite3.Error, UnicodeError, *_CIPHER_ERRORS)
"""What reading a damaged file raises: SQLite's own message may hold bytes that are no text."""

OPERATIONAL: Final[tuple[type[Exception], ...]] = (
    sqlite3.OperationalError,
    *(() if _cipher is None else (_cipher.OperationalError,)),
)

Opener = Callable[[], sqlite3.Connection]

MAGIC: Final = b"SQLite format 3\x00"
_NO_ROOM_BYTES: Final = 1 << 16
_HALF = "Use a copy or a backup of it; the file has not been changed."


def has_cipher() -> bool:
    """Whether encrypted files can be opened here."""
    return _cipher is not None


def connect(
    path: Path, key: str | None = None, *, mode: str = "rwc", timeout_s: float = 5.0, cipher: bool = False
) -> sqlite3.Connection:
    """Open a file, encrypted where a key is given; rows come as dicts.

    Parameters
    ----------
    path : Path
    key : str or None
        64 hexadecimal digits.
    mode : str
        ro, ro&immutable=1, rw or rwc (make it where it is missing).
    timeout_s : float
        How long another writer is waited for.
    cipher : bool
        Open with the library that can encrypt, whether there is a key or not.
    """
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    module: Any = sqlite3 if key is None and not cipher else _cipher
    connection = module.connect(uri, uri=True, timeout=timeout_s, isolation_level=None, check_same_thread=False)
    if key is not None:
        connection.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is said by us
        connection.execute(f"PRAGMA key = \"x'{key}'\"")
    connection.row_factory = _as_dict
    return cast("sqlite3.Connection", connection)


def remove(path: Path) -> None:
    """Take a file of ours away, if it is there and can be; what has to be said was said already."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


def pragma(connection: sqlite3.Connection, name: str) -> Any:
    """Value of a pragma."""
    row = connection.execute(f"PRAGMA {name}").fetchone()
    return None if row is None else next(iter(row.values()))


def open_for_reading(path: Path, key: str | None = None) -> sqlite3.Connection:
    """Open a session file without changing it.

    Raises
    ------
    RecordingError
        The file is missing, empty, not a session file, of a newer version, locked, or damaged at its very start.
    """
    check_start(path, encrypted=key is not None)
    connection = _connect_reading(path, key)
    try:
        check_version(path, pragma(connection, "application_id"), pragma(connection, "user_version"))
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except DAMAGE as error:
        connection.close()
        raise describe(path, error) from None
    except RecordingError:
        connection.close()
        raise
    return connection


def check_version(path: Path, application_id: int, version: int) -> None:
    """Refuse a file of another program or of a newer version of this one.

    Raises
    ------
    RecordingError
    """
    if application_id != schema.APPLICATION_ID:
        raise RecordingError(
            f"{path} is a database of another program, not a recording of this one.",
            hint="Choose a file that was recorded here (.stride).",
        )
    if version > schema.SCHEMA_VERSION:
        raise RecordingError(
            f"{path} was written by a newer version of this program "
            f"(format {version}, known up to {schema.SCHEMA_VERSION}).",
            hint="Update this program; the file has not been changed.",
        )


def explain(path: Path, error: BaseException) -> tuple[str, str]:
    """Turn SQLite's complaint into a sentence and what to do."""
    text = str(error)
    if isinstance(error, OPERATIONAL):
        if "locked" in text or "busy" in text:
            return f"{path} is locked by another program.", "Close the program that is using it and try again."
        if "full" in text:
            return (
                f"The disk of {path} is full: this could not be stored.",
                "Free some space and try again; what was stored before is kept.",
            )
        if "readonly" in text:
            return f"{path} cannot be written.", "Check the permissions of the file and of its folder."
        if "unable to open" in text:
            return f"{path} cannot be opened.", "Check the permissions of the file and of its folder."
        if "disk I/O" in text and _is_full(path):
            return f"The disk of {path} is full.", "Free some space and try again; what was stored before is kept."
        if "disk I/O" in text:
            return (
                f"{path} cannot be read or written: the disk reports an error.",
                "Check the disk and its cable; make a copy of the file before anything else.",
            )
    return f"{path} is damaged ({text}).", _HALF


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _NO_ROOM_BYTES
    except OSError:
        return False


def describe(path: Path, error: BaseException, kind: type[ImuError] = RecordingError) -> ImuError:
    """Turn SQLite's complaint into an error for the user."""
    message, hint = explain(path, error)
    return kind(message, hint=hint)


def check_start(path: Path, *, encrypted: bool = False) -> None:
    """Look at the first bytes of a file.

    Raises
    ------
    RecordingError
        Missing, a folder, empty, unreadable, or no SQLite file.
    """
    start = first_bytes(path)
    if not start:
        raise RecordingError(f"{path} is empty: nothing was recorded.", hint="Delete it and record again.")
    if start != MAGIC and not encrypted:
        raise RecordingError(
            f"{path} is not a session file, or its beginning is damaged.",
            hint="Choose a file that was recorded here (.stride), or a copy of it.",
        )


def first_bytes(path: Path) -> bytes:
    """Read the first 16 bytes: SQLite's signature, or the salt of an encrypted file.

    Raises
    ------
    RecordingError
        Missing, a folder, or unreadable.
    """
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC))
    except FileNotFoundError:
        raise RecordingError(f"There is no file {path}.", hint="Check the name and the folder.") from None
    except IsADirectoryError:
        raise RecordingError(f"{path} is a folder.", hint="Name a file in it.") from None
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror}.", hint="Check its permissions.") from None


def _connect_reading(path: Path, key: str | None) -> sqlite3.Connection:
    # A file that was cut off has its newest part in the write-ahead file beside it, which needs a writable folder.
    # Where that is impossible the file alone is read, as it stands.
    for mode in ("ro", "ro&immutable=1"):
        connection = connect(path, key, mode=mode, timeout_s=1.0)
        try:
            pragma(connection, "user_version")
        except OPERATIONAL as error:
            connection.close()
            if "unable to open" not in str(error) and "readonly" not in str(error):
                raise describe(path, error) from None
        except DAMAGE as error:
            connection.close()
            raise describe(path, error) from None
        else:
            return connection
    raise RecordingError(f"{path} cannot be opened.", hint="Check the permissions of the file and of its folder.")
