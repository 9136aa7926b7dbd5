"""An open library: one connection, one lock, every complaint of SQLite turned into a sentence."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from imu.errors import StoreError
from imu.store.connect import DAMAGE, Opener, describe
from imu.store.schema import Transaction

_logger = logging.getLogger(__name__)

Row = dict[str, Any]

_UNREADABLE: Final[tuple[type[Exception], ...]] = (
    *DAMAGE,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
)
"""SQLite's complaints, and what a damaged row raises when it is understood."""


def utc_now() -> str:
    """Present moment, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class LibraryFile:
    """Base of everything that works on an open library; may be called from any thread.

    Attributes
    ----------
    path : Path
    read_only : bool
        The file or its folder may not be written, or its disk is full.
    """

    def __init__(self, path: Path, opener: Opener, *, refusal: StoreError | None = None) -> None:
        self.path = path
        self.read_only = refusal is not None
        self._refusal = refusal
        self._opener = opener
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = opener()

    def close(self) -> None:
        """Close the file; idempotent."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

    def require_writable(self) -> None:
        """Say why nothing can be stored here.

        Raises
        ------
        StoreError
            The file or its folder may not be written, or its disk is full.
        """
        if self._refusal is not None:
            raise type(self._refusal)(self._refusal.message, hint=self._refusal.hint)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Give the connection, to one thread at a time."""
        with self._lock:
            if self._connection is None:
                raise StoreError("The library is closed.", hint="Open it again.")
            try:
                yield self._connection
            except _UNREADABLE as error:
                _logger.info("%s", self.path, exc_info=True)
                raise describe(self.path, error, StoreError) from None

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside a transaction."""
        self.require_writable()
        with self._open() as connection, Transaction(connection):
            yield connection

    def _rows(self, query: str, *values: object) -> list[Row]:
        with self._open() as connection:
            return connection.execute(query, values).fetchall()

    def _one(self, query: str, *values: object) -> Row | None:
        with self._open() as connection:
            row: Row | None = connection.execute(query, values).fetchone()
            return row

    def _log(self, connection: sqlite3.Connection, what: str, detail: str = "") -> None:
        """Keep for the practice that something was exported or erased: never a code, a name or a note."""
        connection.execute("INSERT INTO log (at_utc, what, detail) VALUES (?, ?, ?)", (utc_now(), what, detail))

    def log(self) -> list[tuple[str, str, str]]:
        """List exports and erasures, oldest first: when, what, how much; without names or codes."""
        rows = self._rows("SELECT at_utc, what, detail FROM log ORDER BY id")
        return [(row["at_utc"], row["what"], row["detail"]) for row in rows]


def like(text: str) -> str:
    """Pattern that finds `text` anywhere, its own % and _ taken literally (with ESCAPE backslash)."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
