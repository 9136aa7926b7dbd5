"""The checksum of stored steps: over the rows as one list, whatever the way it is worked out."""

from __future__ import annotations

import zlib

import pytest

from imu.store.rows import steps_crc

ROW = (3, "running", "left", 0.97, 1.25, None, 0.1 + 0.2, -0.0, 1e-17, 5)


@pytest.mark.parametrize("rows", [[], [ROW], [ROW, ROW[::-1]], [ROW] * 100])
def test_it_is_that_of_the_list_of_rows(rows: list[tuple[object, ...]]) -> None:
    assert steps_crc(rows) == zlib.crc32(repr([list(row) for row in rows]).encode())
    assert steps_crc(iter(rows)) == steps_crc(rows)
