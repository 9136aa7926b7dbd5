"""Sensors as the user meets them: found by a scan, and how the link to one of them stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from imu.types.words import LinkState


class Charge(NamedTuple):
    """Charge of a sensor as it was read last.

    Attributes
    ----------
    pct : float
    utc : str
        When; ISO 8601.
    """

    pct: float
    utc: str

    def age(self, now: datetime | None = None) -> tuple[int, str]:
        """Return how long ago that was: whole "day", "hour" or "minute"s, the largest that fit; 0 "now" below one."""
        age_s = ((now or datetime.now(UTC)) - datetime.fromisoformat(self.utc)).total_seconds()
        for unit, unit_s in (("day", 86400), ("hour", 3600), ("minute", 60)):
            n = int(age_s // unit_s)
            if n >= 1:
                return n, unit
        return 0, "now"


@dataclass(frozen=True, slots=True)
class FoundSensor:
    """A device that a scan has seen.

    Attributes
    ----------
    name : str
        As advertised; its address where it gives none.
    address : str
        On macOS an identifier that only this computer knows.
    profiles : tuple of str
        Firmware profiles that fit what it advertises, best first; empty = not a sensor that is known here.
    kind : str
        "imu" (movement), "context" (treadmill, heart rate, foot pod), or "" (not known).
    title : str
        Maker and model in words, from the best profile; else empty.
    rssi_dbm : int or None
        Signal: -50 is near, -90 is at the edge.
    battery_pct : float or None
        None = not advertised; known after connecting.
    held : bool
        This computer is connected to it already, through another program or by itself, and it does not advertise.
    handle : object
        What the radio needs to connect; of no use to anybody else.
    """

    name: str
    address: str
    profiles: tuple[str, ...] = ()
    kind: str = ""
    title: str = ""
    rssi_dbm: int | None = None
    battery_pct: float | None = None
    held: bool = False
    handle: object = field(default=None, repr=False, compare=False)

    @property
    def known(self) -> bool:
        """Whether a profile can read it."""
        return bool(self.profiles)


@dataclass(frozen=True, slots=True)
class LinkReport:
    """How the link to one sensor stands, at one moment.

    Attributes
    ----------
    state : LinkState
        CONNECTING, STREAMING, RECONNECTING, FINISHED or FAILED.
    detail : str
        One sentence: what is being done, or why the link was lost and what follows.
    name, firmware : str
        Of the sensor; firmware empty where it does not say.
    battery_pct, rssi_dbm : float, int or None
    reconnects : int
        Times the link was lost and came back.
    early : int
        Packets of an earlier stream that came before this one was started; they are left out.
    warnings : tuple of str
        What the user should know of this sensor: range, rate.
    """

    state: LinkState
    detail: str = ""
    name: str = ""
    firmware: str = ""
    battery_pct: float | None = None
    rssi_dbm: int | None = None
    reconnects: int = 0
    early: int = 0
    warnings: tuple[str, ...] = ()
