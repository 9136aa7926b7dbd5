"""The schema of a session file and of the library, and how a file is brought up to it.

One schema for the single portable file (`*.stride`, one session) and for a library of many. What came off the air is
kept unchanged, with the text of the profile that reads it, so that a session can always be decoded again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

APPLICATION_ID: Final = 0x53545244
"""Bytes "STRD" in the file's header: tells a session file from any other SQLite file."""

SCHEMA_VERSION: Final = 3

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

_STEP_TABLE: Final = f"""
    stream_id INTEGER NOT NULL REFERENCES stream ON DELETE CASCADE,
    number    INTEGER NOT NULL,
    {", ".join(f"{name} {_TEXT_COLUMNS.get(name, 'REAL')}" for name in STEP_COLUMNS)},
    PRIMARY KEY (stream_id, number)
"""

VERSION_1: Final = f"""
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

CREATE TABLE step ({_STEP_TABLE}) STRICT, WITHOUT ROWID;

CREATE INDEX stream_of_session ON stream (session_id);
CREATE INDEX marker_of_session ON marker (session_id);
"""

VERSION_2: Final = f"""
CREATE TABLE about (
    name  TEXT PRIMARY KEY,                     -- kind (session or library), uuid, created_utc
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE client (
    id            INTEGER PRIMARY KEY,
    uuid          TEXT NOT NULL UNIQUE,
    code          TEXT NOT NULL UNIQUE COLLATE NOCASE,
    birth_year    INTEGER,
    body_mass_kg  REAL,
    body_height_m REAL,
    notes         TEXT NOT NULL DEFAULT '',
    created_utc   TEXT NOT NULL
) STRICT;

CREATE TABLE consent (
    id            INTEGER PRIMARY KEY,
    client_id     INTEGER NOT NULL REFERENCES client ON DELETE CASCADE,
    given_utc     TEXT NOT NULL,
    text_version  TEXT NOT NULL,
    text          TEXT NOT NULL,                -- the very words that were shown
    text_sha256   TEXT NOT NULL,
    kinds         TEXT NOT NULL,                -- JSON list: what was ticked
    withdrawn_utc TEXT
) STRICT;

CREATE TABLE shoe (
    id          INTEGER PRIMARY KEY,
    client_id   INTEGER REFERENCES client ON DELETE CASCADE,
    name        TEXT NOT NULL,
    distance_km REAL,
    retired     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE surface (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE
) STRICT;

CREATE TABLE sensor (
    id             INTEGER PRIMARY KEY,
    name           TEXT NOT NULL,
    profile_name   TEXT NOT NULL,
    first_used_utc TEXT NOT NULL,
    notes          TEXT NOT NULL DEFAULT '',
    UNIQUE (name, profile_name)
) STRICT;

ALTER TABLE session ADD COLUMN client_id INTEGER REFERENCES client ON DELETE CASCADE;
ALTER TABLE session ADD COLUMN shoe_id INTEGER REFERENCES shoe ON DELETE SET NULL;
ALTER TABLE session ADD COLUMN surface_id INTEGER REFERENCES surface ON DELETE SET NULL;
ALTER TABLE session ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN wizard TEXT NOT NULL DEFAULT '{{}}';
ALTER TABLE session ADD COLUMN cut_off INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN duration_s REAL;
ALTER TABLE session ADD COLUMN n_steps INTEGER;
ALTER TABLE session ADD COLUMN speeds_mps TEXT NOT NULL DEFAULT '[]';
ALTER TABLE session ADD COLUMN headline TEXT NOT NULL DEFAULT '{{}}';
ALTER TABLE stream ADD COLUMN steps_crc32 INTEGER;      -- over all its steps, set when it ended
ALTER TABLE stream ADD COLUMN first_packet BLOB;        -- once more: times count from it, so it must not be lost
ALTER TABLE stream ADD COLUMN first_crc32 INTEGER;
ALTER TABLE stream ADD COLUMN sensor_id INTEGER REFERENCES sensor ON DELETE SET NULL;
ALTER TABLE marker ADD COLUMN added_utc TEXT;
ALTER TABLE marker ADD COLUMN removed_utc TEXT;
UPDATE session SET place = coalesce(json_extract(settings, '$.place'), '') WHERE json_valid(settings);

CREATE TABLE tag (
    session_id INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    name       TEXT NOT NULL,
    PRIMARY KEY (session_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE pain (
    id          INTEGER PRIMARY KEY,
    session_id  INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    period      TEXT NOT NULL,                  -- before, during, after, next_morning
    score       INTEGER NOT NULL CHECK (score BETWEEN 0 AND 10),
    place       TEXT NOT NULL,
    note        TEXT NOT NULL,
    entered_utc TEXT NOT NULL
) STRICT;

CREATE TABLE cut (
    id         INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    start_s    REAL NOT NULL,                   -- on the recording's own clock
    stop_s     REAL NOT NULL,
    reason     TEXT NOT NULL
) STRICT;

CREATE TABLE edit (
    id         INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    at_utc     TEXT NOT NULL,
    what       TEXT NOT NULL,
    detail     TEXT NOT NULL
) STRICT;

CREATE TABLE recomputed (                       -- steps made anew; those of the run itself stay in step
    stream_id       INTEGER PRIMARY KEY REFERENCES stream ON DELETE CASCADE,
    at_utc          TEXT NOT NULL,
    product_version TEXT NOT NULL,
    filter_version  TEXT NOT NULL,
    steps_crc32     INTEGER NOT NULL
) STRICT;

CREATE TABLE recomputed_step ({_STEP_TABLE}) STRICT, WITHOUT ROWID;

CREATE TABLE log (                              -- exports and erasures, without names or codes
    id     INTEGER PRIMARY KEY,
    at_utc TEXT NOT NULL,
    what   TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;

CREATE INDEX session_of_client ON session (client_id, started_utc);
CREATE INDEX session_by_time ON session (started_utc);
CREATE INDEX consent_of_client ON consent (client_id);
CREATE INDEX shoe_of_client ON shoe (client_id);
CREATE INDEX session_of_shoe ON session (shoe_id);
CREATE INDEX session_of_surface ON session (surface_id);
CREATE INDEX stream_of_sensor ON stream (sensor_id);
CREATE INDEX pain_of_session ON pain (session_id);
CREATE INDEX cut_of_session ON cut (session_id);
CREATE INDEX edit_of_session ON edit (session_id);
"""

VERSION_3: Final = """
ALTER TABLE stream ADD COLUMN decoded TEXT;             -- what decoding its packets gave: imu.store.decoded
ALTER TABLE stream ADD COLUMN decoded_crc32 INTEGER;
"""

VERSIONS: Final = (VERSION_1, VERSION_2, VERSION_3)
"""Each brings a file of the version before to the next; together they lay out an empty one."""


def create(connection: sqlite3.Connection) -> None:
    """Lay out an empty file, in write-ahead mode; every commit reaches the disk."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA journal_mode = WAL")
    prepare(connection)
    upgrade(connection)


def prepare(connection: sqlite3.Connection) -> None:
    """Set what holds for a connection that writes: safe commits, and deleted bytes overwritten."""
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")


def upgrade(connection: sqlite3.Connection, *, to: int = SCHEMA_VERSION) -> None:
    """Bring a file to a version in one transaction: whole or not at all."""
    with Transaction(connection):
        version = int(connection.execute("SELECT user_version AS v FROM pragma_user_version").fetchone()["v"])
        for number in range(version, to):
            for statement in _statements(VERSIONS[number]):
                connection.execute(statement)
        if version < to:
            connection.execute(f"PRAGMA user_version = {to}")


class Transaction:
    """Whole or not at all."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:  # a full disk may have rolled it back already
                self._connection.execute("ROLLBACK")


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements; `executescript` would commit before the first."""
    waiting = ""
    for line in script.splitlines():
        waiting += line + "\n"
        if line.split("--")[0].rstrip().endswith(";") and sqlite3.complete_statement(waiting):
            yield waiting
            waiting = ""
