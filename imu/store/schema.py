"""The schema of a session file, and how a file is opened and told from something else.

One schema for the single portable file (`*.stride`, one session) and for a library of many. What came off the air is
kept unchanged, with the text of the profile that reads it, so that a session can always be decoded again.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from imu.errors import RecordingError

APPLICATION_ID: Final = 0x53545244
"""Bytes "STRD" in the file's header: tells a session file from any other SQLite file."""

SCHEMA_VERSION: Final = 1

STEP_COLUMNS: Final = (
    "activity", "side", "side_confidence", "ic_s", "tc_s", "contact_time_s", "flight_time_s", "step_time_s",
    "stride_time_s", "duty_factor", "load_peak_g", "load_peak_s", "shock_peak_g", "vgrf_peak_bw", "impulse_bw_s",
    "quality", "ic_latency_s", "tc_latency_s", "load_latency_s",
)  # fmt: skip
"""Fields of a Step that have a column of the same name."""

STREAM_COLUMNS: Final = (
    "name", "profile_sha256", "options", "characteristics", "sampling_rate_hz", "channels", "acc_range_g", "t0_s",
)  # fmt: skip
"""What a stream's row holds under its checksum: a damaged rate would silently change every time."""

_TEXT_COLUMNS = {"activity": "TEXT NOT NULL", "side": "TEXT NOT NULL", "quality": "INTEGER NOT NULL"}

SCHEMA: Final = f"""
CREATE TABLE session (
    id              INTEGER PRIMARY KEY,
    uuid            TEXT NOT NULL UNIQUE,
    started_utc     TEXT NOT NULL,
    ended_utc       TEXT,                       -- NULL: the recording was cut off
    settings        TEXT NOT NULL,              -- JSON, as of imu.settings.Settings
    settings_crc32  INTEGER NOT NULL,
    product_version TEXT NOT NULL,
    filter_version  TEXT NOT NULL
) STRICT;

CREATE TABLE profile (
    sha256 TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    text   TEXT NOT NULL                        -- the firmware profile that reads the packets
) STRICT;

CREATE TABLE stream (
    id               INTEGER PRIMARY KEY,
    session_id       INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    name             TEXT NOT NULL,
    profile_sha256   TEXT NOT NULL REFERENCES profile,
    options          TEXT NOT NULL,             -- JSON: what the device was set to
    characteristics  TEXT NOT NULL,             -- JSON list: chunks refer to its positions
    sampling_rate_hz REAL NOT NULL,
    channels         INTEGER NOT NULL,
    acc_range_g      REAL,
    t0_s             REAL NOT NULL,
    crc32            INTEGER NOT NULL           -- over STREAM_COLUMNS
) STRICT;

CREATE TABLE packet_chunk (
    stream_id INTEGER NOT NULL REFERENCES stream ON DELETE CASCADE,
    number    INTEGER NOT NULL,
    n_packets INTEGER NOT NULL,
    crc32     INTEGER NOT NULL,                 -- over the numbers above and the data
    data      BLOB NOT NULL,                    -- imu.store.packing
    PRIMARY KEY (stream_id, number)
) STRICT;

CREATE TABLE gap (
    stream_id   INTEGER NOT NULL REFERENCES stream ON DELETE CASCADE,
    start_index INTEGER NOT NULL,
    stop_index  INTEGER NOT NULL,
    PRIMARY KEY (stream_id, start_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE marker (
    id         INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    time_s     REAL NOT NULL,                   -- on the recording's own clock
    kind       TEXT NOT NULL,                   -- mark, swap_sides, speed
    value      TEXT NOT NULL
) STRICT;

CREATE TABLE step (
    stream_id INTEGER NOT NULL REFERENCES stream ON DELETE CASCADE,
    number    INTEGER NOT NULL,
    {", ".join(f"{name} {_TEXT_COLUMNS.get(name, 'REAL')}" for name in STEP_COLUMNS)},
    PRIMARY KEY (stream_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX stream_of_session ON stream (session_id);
CREATE INDEX marker_of_session ON marker (session_id);
"""

DAMAGE: Final = (sqlite3.Error, UnicodeError)
"""What reading a damaged file raises: SQLite's own message may hold bytes that are no text."""

_SQLITE_MAGIC = b"SQLite format 3\x00"


def create(connection: sqlite3.Connection) -> None:
    """Lay out an empty file, in write-ahead mode; every commit reaches the disk."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(SCHEMA)


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open a session file without changing it.

    Raises
    ------
    RecordingError
        The file is missing, empty, not a session file, of a newer version, locked, or damaged at its very start.
    """
    _check_start(path)
    connection = _connect(path)
    try:
        application_id = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        _check_version(path, application_id, version)
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except DAMAGE as error:
        connection.close()
        raise describe(path, error) from None
    except RecordingError:
        connection.close()
        raise
    return connection


def _check_version(path: Path, application_id: int, version: int) -> None:
    if application_id != APPLICATION_ID:
        raise RecordingError(
            f"{path} is a database of another program, not a recording of this one.",
            hint="Choose a file that was recorded here (.stride).",
        )
    if version > SCHEMA_VERSION:
        raise RecordingError(
            f"{path} was written by a newer version of this program (format {version}, known up to {SCHEMA_VERSION}).",
            hint="Update this program; the file has not been changed.",
        )


def describe(path: Path, error: Exception) -> RecordingError:
    """Turn SQLite's complaint into a sentence for the user."""
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return RecordingError(
            f"{path} is locked by another program.", hint="Close the program that is using it and try again."
        )
    return RecordingError(
        f"{path} is damaged ({error}).", hint="Use a copy or a backup of it; the file has not been changed."
    )


def _check_start(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(len(_SQLITE_MAGIC))
    except FileNotFoundError:
        raise RecordingError(f"There is no file {path}.", hint="Check the name and the folder.") from None
    except IsADirectoryError:
        raise RecordingError(f"{path} is a folder.", hint="Name a file in it.") from None
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror}.", hint="Check its permissions.") from None
    if not start:
        raise RecordingError(f"{path} is empty: nothing was recorded.", hint="Delete it and record again.")
    if start != _SQLITE_MAGIC:
        raise RecordingError(
            f"{path} is not a session file, or its beginning is damaged.",
            hint="Choose a file that was recorded here (.stride), or a copy of it.",
        )


def _connect(path: Path) -> sqlite3.Connection:
    uri = path.resolve().as_uri()
    # A file that was cut off has its newest part in the write-ahead file beside it, which needs a writable folder.
    # Where that is impossible the file alone is read, as it stands.
    for mode in ("mode=ro", "mode=ro&immutable=1"):
        connection = sqlite3.connect(f"{uri}?{mode}", uri=True, timeout=1.0, isolation_level=None)
        try:
            connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            if "unable to open" not in str(error) and "readonly" not in str(error):
                raise describe(path, error) from None
        except DAMAGE as error:
            connection.close()
            raise describe(path, error) from None
        else:
            return connection
    raise RecordingError(f"{path} cannot be opened.", hint="Check the permissions of the file and of its folder.")
