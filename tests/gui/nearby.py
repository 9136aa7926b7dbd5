"""A made-up device around, as a scan gives it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sensor:
    name: str
    address: str = "AA:BB"
    kind: str = "imu"
    title: str = "Movesense"
    profiles: tuple[str, ...] = ("movesense",)
    rssi_dbm: int | None = None
    held: bool = False
    battery_pct: float | None = None
