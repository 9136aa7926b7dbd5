"""Append-only recording: packets are handed over at once, one thread writes them, a kill loses at most a second."""

from __future__ import annotations

import errno
import logging
import sqlite3
import threading
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from imu.constants import NS_PER_S
from imu.errors import DiskFullError, StoreError
from imu.settings import Settings
from imu.store import connect, schema
from imu.store.decoded import Decoded
from imu.store.finish import finish
from imu.store.fresh import FreshSession, StreamHeader
from imu.store.presence import Presence
from imu.store.rows import INSERT_STEP, step_values
from imu.store.schema import Transaction
from imu.types import Gap, RawPacket, Step

_log = logging.getLogger(__name__)

_COMMIT_EVERY_S: Final = 0.7
"""A little under a second, so that waiting and writing together stay within it."""
_CHUNK_NS: Final = NS_PER_S
_MAX_WAITING: Final = 20_000
_PATIENCE_S: Final = 20.0
_LOCKED_MS: Final = 60_000
"""While another window erases or writes the file anew, packets wait in memory: a run is not ended by that."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Something a person did: kind is mark, swap_sides or speed."""

    time_s: float
    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class LibraryTarget:
    """A library to record into, instead of a file of its own.

    Attributes
    ----------
    path : Path
    opener : callable
        Opens another connection to it.
    facts : dict
        Columns of the session that are known before it begins: client_id, shoe_id, surface_id, wizard, notes.
    """

    path: Path
    opener: connect.Opener
    facts: Mapping[str, Any] = field(default_factory=dict)


def check_target(path: Path, *, overwrite: bool = False) -> None:
    """Say before a run, not after it, that its file cannot be made.

    Raises
    ------
    StoreError
        The file exists (and may not be replaced), or there is no such folder.
    """
    if path.exists() and not overwrite:
        raise StoreError(f"{path} exists already.", hint="Choose another name, or delete it first.")
    if not path.parent.is_dir():
        raise StoreError(f"There is no folder {path.parent}.", hint="Create it, or choose another one.")


class SessionWriter:
    """Writes one session to a new file, or into a library.

    `append`, `step`, `gap` and `marker` return at once; a thread of its own commits what has come every 0.7 s.

    Parameters
    ----------
    path : Path
        Must not exist, unless `overwrite`; of the library where there is one.
    settings : Settings
    stream : StreamHeader
    library : LibraryTarget or None

    Attributes
    ----------
    session_id : int
        In its file.

    Raises
    ------
    StoreError
        The file exists, or its folder cannot be written. Later, from any method: writing has failed.
    """

    def __init__(
        self,
        path: Path,
        settings: Settings,
        stream: StreamHeader,
        *,
        overwrite: bool = False,
        library: LibraryTarget | None = None,
    ) -> None:
        self.path = path
        self.session_id = 0
        self._library = library
        self._uuid = str(uuid.uuid4())
        self._duration_s: float | None = None
        self._decoded: Decoded | None = None
        self._stream = stream
        self._settings = settings
        self._waiting: deque[RawPacket | Step | Gap | Marker] = deque()
        self._wake = threading.Event()
        self._room = threading.Event()
        self._room.set()
        self._ending = False
        self._failure: BaseException | None = None
        self._open_chunk: list[RawPacket] = []
        if library is None:
            self._prepare(overwrite)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stride-store", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._error()

    def append(self, packet: RawPacket) -> None:
        """Hand over a packet, before it is decoded; waits only where the disk lags thousands of packets behind."""
        self._put(packet)
        if len(self._waiting) >= _MAX_WAITING:
            self._room.clear()
            self._wake.set()
            if not self._room.wait(_PATIENCE_S):
                raise StoreError(
                    f"The disk of {self.path} is too slow: nothing was written for {_PATIENCE_S:.0f} s.",
                    hint="Record to another disk.",
                )

    def step(self, step: Step) -> None:
        """Hand over a finished step."""
        self._put(step)

    def gap(self, gap: Gap) -> None:
        """Hand over a gap."""
        self._put(gap)

    def marker(self, marker: Marker) -> None:
        """Hand over a marker."""
        self._put(marker)

    def close(self, duration_s: float | None = None, decoded: Decoded | None = None) -> None:
        """Write the rest and the headline numbers, and leave one single file (or a finished session); idempotent.

        Parameters
        ----------
        duration_s : float or None
            Stream time from the first to the last sample; None = from the packets' arrival.
        decoded : Decoded or None
            What decoding the packets gave.

        Raises
        ------
        StoreError
            Writing has failed; what was committed before is kept.
        """
        self._duration_s = self._duration_s if duration_s is None else duration_s
        self._decoded = self._decoded if decoded is None else decoded
        self._ending = True
        self._wake.set()
        self._thread.join()
        if self._failure is not None:
            raise self._error()

    # -- any thread ------------------------------------------------------------------------------------------------

    def _put(self, item: RawPacket | Step | Gap | Marker) -> None:
        if self._failure is not None:
            raise self._error()
        self._waiting.append(item)

    def _error(self) -> StoreError:
        what = "The library" if self._library is not None else str(self.path)
        full = "full" in str(self._failure) or getattr(self._failure, "errno", None) == errno.ENOSPC
        return (DiskFullError if full else StoreError)(
            f"{what} cannot be written: {self._failure}.",
            hint="Check that the disk is not full and that no other program uses the file; what was written before "
            "is kept.",
        )

    def _prepare(self, overwrite: bool) -> None:
        check_target(self.path, overwrite=overwrite)
        beside = [self.path.with_name(self.path.name + end) for end in ("-wal", "-shm", "-journal")]
        try:
            for old in (self.path, *beside):
                old.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"{self.path} cannot be replaced: {error.strerror}.", hint="Choose another name."
            ) from None

    # -- the writing thread ----------------------------------------------------------------------------------------

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        presence: Presence | None = None
        try:
            if self._library is not None:
                connection = self._library.opener()
                connection.execute(f"PRAGMA busy_timeout = {_LOCKED_MS}")
                presence = Presence(self.path, self._uuid)
            else:
                connection = connect.connect(self.path)
                schema.create(connection)
            fresh = self._begin(connection)
            self._ready.set()
            while True:
                ending = self._ending
                self._write(connection, fresh)
                if ending:
                    break
                self._wake.wait(_COMMIT_EVERY_S)
                self._wake.clear()
            with Transaction(connection):
                finish(
                    connection,
                    self.session_id,
                    self._settings,
                    self._stream.info,
                    duration_s=self._duration_s,
                    decoded=self._decoded,
                )
            if self._library is None:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.execute("PRAGMA journal_mode = DELETE")  # one single file, which can be copied and mailed
        except Exception as error:  # handed to whoever calls next
            self._failure = error
            _log.info("recording stopped: %s", error)
        finally:
            if connection is not None:
                connection.close()
            if presence is not None:
                presence.release()
            self._ready.set()
            self._room.set()

    def _begin(self, connection: sqlite3.Connection) -> FreshSession:
        facts = {} if self._library is None else self._library.facts
        with Transaction(connection):
            fresh = FreshSession(
                connection, self._uuid, datetime.now(UTC).isoformat(), self._settings, self._stream, facts
            )
        self.session_id = fresh.session_id
        return fresh

    def _write(self, connection: sqlite3.Connection, fresh: FreshSession) -> None:
        """Commit everything that waits, as one transaction."""
        if not self._waiting:
            self._room.set()
            return
        with Transaction(connection):
            while self._waiting:
                item = self._waiting.popleft()
                if isinstance(item, RawPacket):
                    chunk = self._open_chunk
                    if chunk and item.t_arrival_ns - chunk[0].t_arrival_ns >= _CHUNK_NS:
                        self._end_chunk(fresh)
                    self._open_chunk.append(item)
                elif isinstance(item, Step):
                    connection.execute(INSERT_STEP, (fresh.stream_id, *step_values(item)))
                elif isinstance(item, Gap):
                    connection.execute("INSERT OR REPLACE INTO gap VALUES (?, ?, ?)", (fresh.stream_id, *item))
                else:
                    connection.execute(
                        "INSERT INTO marker (session_id, time_s, kind, value) VALUES (?, ?, ?, ?)",
                        (self.session_id, item.time_s, item.kind, item.value),
                    )
            self._end_chunk(fresh)
        self._room.set()

    def _end_chunk(self, fresh: FreshSession) -> None:
        packets, self._open_chunk = self._open_chunk, []
        fresh.write_chunk(packets)
