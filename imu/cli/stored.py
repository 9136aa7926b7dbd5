"""A session of the library where a command takes a file: its number, as `stride library sessions` prints it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from imu.errors import StoreError

if TYPE_CHECKING:
    from imu.api import Library
    from imu.store.reader import StoredSession


def number_of(path: Path) -> int | None:
    """Return the number that was typed instead of a file; None = it is a file."""
    text = str(path)
    return int(text) if text.isascii() and text.isdecimal() and not path.exists() else None


def refuse_recording(library: Path) -> None:
    """Refuse what has the name of a recording or a table.

    Raises
    ------
    StoreError
        It has.
    """
    from imu.exchange.kinds import RECORDING_SUFFIXES

    if library.suffix.lower() in RECORDING_SUFFIXES:
        raise StoreError(
            f"{library} is a recording or a table, not a library.",
            hint="Leave out --library for the usual one, or name a file that ends in .stride-library.",
        )


def open_library(path: Path | None = None) -> Library:
    """Open a library that is there; only the dashboard and the imports make one.

    Raises
    ------
    StoreError
        There is none, or it cannot be opened.
    """
    from imu.api import Library
    from imu.store.opening import default_path

    chosen = default_path() if path is None else path
    if not chosen.exists():
        raise StoreError(
            f"There is no library at {chosen} yet.",
            hint="It is made when something is recorded, by `stride library add-client CODE`, or by "
            "`stride import FILE --library`.",
        )
    refuse_recording(chosen)
    return Library.open(chosen)


def require_session(library: Library, number: int) -> None:
    """Check that a session is in the library; a typo gets the nearest number that is.

    Raises
    ------
    StoreError
        It is not.
    """
    from imu.cli.text import nearest_word

    known = [str(row["id"]) for row in library._rows("SELECT id FROM session ORDER BY id DESC")]
    if str(number) not in known:
        near = nearest_word(str(number), known)
        newest = f"The newest is {known[0]}; `stride library sessions` lists them." if known else "It holds none."
        raise StoreError(
            f"There is no session {number} in the library, and no file of that name.",
            hint=near if near.startswith("Did") else newest,
        )


def stored_session(number: int) -> StoredSession:
    """Read a session of the user's library.

    Raises
    ------
    ImuError
        There is no library, no such session, or it is too damaged to be read.
    """
    with open_library() as library:
        require_session(library, number)
        return library.stored(number)
