"""A device around, as a scan gives it."""

from __future__ import annotations

from typing import Any

from imu.types import FoundSensor


def nearby(name: str, address: str = "AA:BB", **facts: Any) -> FoundSensor:
    """Return a Movesense, unless it is said otherwise."""
    usual = {"kind": "imu", "title": "Movesense", "profiles": ("movesense",)}
    return FoundSensor(name, address, **{**usual, **facts})
