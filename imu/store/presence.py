"""Whether a session is being recorded right now, by whichever process: a lock that dies with its holder."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from pathlib import Path

_LEFT_BEHIND_S = 60.0
"""A lock file this old that nobody holds was left behind by a crash."""


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=0.0)
    connection.execute("PRAGMA journal_mode = MEMORY")  # no second file beside it
    return connection


def _lock_file(library: Path, uuid: str) -> Path:
    return library.with_name(f".{library.name}-recording-{uuid}")


class Presence:
    """Held while a session is recorded into a library; SQLite's own file lock, so the same on every system.

    Parameters
    ----------
    library : Path
    uuid : str
        Of the session.
    """

    def __init__(self, library: Path, uuid: str) -> None:
        self._path = _lock_file(library, uuid)
        self._connection = _connect(self._path)
        self._connection.execute("BEGIN EXCLUSIVE")

    def release(self) -> None:
        """Let go."""
        self._connection.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def is_recording(library: Path, uuid: str) -> bool:
    """Tell whether a process is recording this session; what a crash left behind is cleared away."""
    path = _lock_file(library, uuid)
    return path.exists() and _is_held(path)


def sweep(library: Path) -> None:
    """Clear away what crashes left behind before their sessions were in the library."""
    for path in library.parent.glob(_lock_file(library, "*").name):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _LEFT_BEHIND_S:
                _is_held(path)


def _is_held(path: Path) -> bool:
    """Tell whether a lock is held; a free one is taken away."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=0.0)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    with suppress(OSError):
        path.unlink(missing_ok=True)
    return False
