"""Where sessions come from, and what was decided before one begins. Plain data and callables; no Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from imu.api import Library, Session
from imu.settings import Settings

MakeSession = Callable[[], Session]


class Nearby(Protocol):
    """A Bluetooth device that a scan has seen, as far as the window looks at it (`imu.types.FoundSensor`)."""

    @property
    def name(self) -> str:
        """As advertised."""

    @property
    def address(self) -> str:
        """Tells two of one name apart."""

    @property
    def kind(self) -> str:
        """imu, context (treadmill, heart rate) or empty (not known)."""

    @property
    def title(self) -> str:
        """Maker and model."""

    @property
    def profiles(self) -> tuple[str, ...]:
        """Firmware profiles that fit; empty = it cannot be read."""

    @property
    def rssi_dbm(self) -> int | None:
        """Signal."""

    @property
    def battery_pct(self) -> float | None:
        """Charge, where it is advertised."""

    @property
    def held(self) -> bool:
        """Whether this computer is connected to it already: another program, or the system."""


OnChange = Callable[[Sequence[Nearby]], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the wizard decided: everything that a session needs to begin.

    Attributes
    ----------
    settings : Settings
    sensor : Nearby or None
        None = the simulated runner.
    treadmill : Nearby or None
        Joins with its speed.
    client_id, client_code, shoe_id : int, str or None
    answers : dict
        What was answered; None = skipped. Stored with the session.
    pain, pain_place : int, str
        Before the run; pain None = not asked.
    notes : str
    """

    settings: Settings = field(default_factory=Settings)
    sensor: Nearby | None = None
    treadmill: Nearby | None = None
    client_id: int | None = None
    client_code: str = ""
    shoe_id: int | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    pain: int | None = None
    pain_place: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where sessions come from; the window makes none itself.

    Attributes
    ----------
    demo : callable
    replay : callable
        Takes the path of a recording.
    begin : callable or None
        Takes a plan and the library to record into (or None) and makes a session; None = this version cannot.
    scan : callable or None
        Takes seconds and a callback, blocks, returns what was found.
    library : callable or None
        Opens the library of sessions.
    """

    demo: MakeSession
    replay: Callable[[Path], MakeSession]
    begin: Callable[[Plan, Library | None], Session] | None = None
    scan: Callable[[float, OnChange], Sequence[Nearby]] | None = None
    library: Callable[[], Library] | None = None
