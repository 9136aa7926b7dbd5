"""Steps, settings and checksums as they stand in rows."""

from __future__ import annotations

import functools
import json
import sqlite3
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from imu.store.schema import STEP_COLUMNS
from imu.types import ActivityKind, Quality, Side, Step

_COLUMNS: Final = f"(stream_id, number, {', '.join(STEP_COLUMNS)}) VALUES (?, ?{', ?' * len(STEP_COLUMNS)})"
INSERT_STEP: Final = f"INSERT OR REPLACE INTO step {_COLUMNS}"
_ACTIVITIES: Final = {kind.value: kind for kind in ActivityKind}
_SIDES: Final = {side.name.lower(): side for side in Side}
_QUALITY: Final = STEP_COLUMNS.index("quality") - 2
INSERT_RECOMPUTED: Final = f"INSERT INTO recomputed_step {_COLUMNS}"


def chunk_crc(stream_id: int, number: int, n_packets: int, data: bytes) -> int:
    """Checksum of a chunk and of its place."""
    return zlib.crc32(data, zlib.crc32(struct.pack("<qqq", stream_id, number, n_packets)))


def row_crc(*values: object) -> int:
    """Checksum of values of a row."""
    return zlib.crc32(json.dumps(values).encode())


def step_values(step: Step) -> tuple[Any, ...]:
    """Return a step's number and the values of its columns."""
    row = step.as_dict() | {"quality": int(step.quality)}
    return (step.index, *(row[name] for name in STEP_COLUMNS))


def step_of(row: Sequence[Any]) -> Step:
    """Turn a row of `select_steps` back into the step it was; the columns stand in the order of a step's fields.

    Raises
    ------
    LookupError, ValueError, TypeError
        The row is damaged.
    """
    number, activity, side, *numbers = row
    numbers[_QUALITY] = _quality(numbers[_QUALITY])
    return Step(number, _ACTIVITIES[activity], _SIDES[side], *numbers)


@functools.cache
def _quality(bits: int) -> Quality:
    return Quality(bits)


def select_steps(table: str, every: int = 1) -> str:
    """Query for the steps of a stream, in order, all or each so many-th; all its rows are what `steps_crc` takes."""
    part = "" if every == 1 else f" AND number % {every:d} = 0"
    return f"SELECT number, {', '.join(STEP_COLUMNS)} FROM {table} WHERE stream_id = ?{part} ORDER BY number"


def plain_rows(connection: sqlite3.Connection, query: str, key: int) -> Iterator[tuple[Any, ...]]:
    """Rows as tuples, which are read in a fraction of the time of rows with names."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(query, (key,))


def steps_crc(rows: Iterable[Sequence[Any]]) -> int:
    """Checksum of all steps of a stream, as they stand in its rows."""
    crc, before = zlib.crc32(b"["), ""
    for row in rows:  # not as one text: other threads run between the rows
        crc = zlib.crc32(f"{before}{list(row)!r}".encode(), crc)
        before = ", "
    return zlib.crc32(b"]", crc)
