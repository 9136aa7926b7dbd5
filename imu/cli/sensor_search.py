"""The sensors that were asked for: looked for one after the other, told about, and made into sessions."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import typer

from imu import api
from imu.acquisition.profiles import get_profile, open_codec
from imu.cli.scan import signal_text
from imu.cli.sensor_request import Request, Wanted
from imu.errors import ImuError, ProfileError
from imu.types import FoundSensor, Place

_WITH_GYROSCOPE: Final = 6
"""Channels."""
_JOINING: Final = {"treadmill": "treadmill", "heart_rate": "heart-rate belt"}


@dataclass(frozen=True)
class Found:
    """What the search has found.

    Attributes
    ----------
    sensors : list of FoundSensor
        In the order in which they were asked for.
    joined : dict
        Treadmill and belt, by the name of their profile.
    warnings : set of str
        Of the profiles; said already.
    """

    sensors: list[FoundSensor]
    joined: dict[str, FoundSensor]
    warnings: set[str]


def find_all(request: Request, wanted: Sequence[Wanted]) -> Found:
    """Look for all that was asked for, one after the other; say what was found.

    Raises
    ------
    DeviceError
        One is not there, or there is no Bluetooth.
    ProfileError
        One cannot be read.
    """
    taken: list[str] = []

    def look(device: str, kind: str, profile: str | None) -> FoundSensor:
        what = f"'{device}'" if device.lower() != "first" else "the nearest sensor"
        if kind == "context" and device.lower() == "first":
            what = f"a {_JOINING[profile or '']}"
        typer.echo(f"Looking for {what} ({request.search_s:g} s at most) ...", err=True)
        found = api.find_sensor(device, profile=profile, kind=kind, besides=taken, scan_s=request.search_s)
        taken.append(found.address)
        return found

    sensors, said = [], set()
    for w in wanted:
        found = look(w.device, "imu", w.profile)
        name = w.profile or (found.profiles[0] if found.profiles else None)
        if name is None:
            raise ProfileError(
                f"{found.name} was found, but no profile fits what it advertises, so what it sends cannot be read.",
                hint="Name one with --profile (`stride profiles list`), or write one: docs/firmware-profiles.md.",
            )
        if get_profile(name).kind == "context":
            raise ProfileError(
                f"{found.name} measures no movement: it can only join a movement sensor.",
                hint="Connect a movement sensor, and this one with --treadmill or --heart-rate.",
            )
        typer.echo(f"Found {found.name}: profile {name}, signal {signal_text(found.rssi_dbm)}, worn at the "
                   f"{w.settings.place.value}.", err=True)  # fmt: skip
        for warning in get_profile(name).about.warnings:
            if warning not in said:
                typer.echo(f"note: {warning}", err=True)
            said.add(warning)
        if w.settings.place not in {Place.FOOT, Place.SHANK}:
            _say_without_gyroscope(name, w.options)
        sensors.append(found)
    joined = {}
    for name, device in (("treadmill", request.treadmill), ("heart_rate", request.heart_rate)):
        if device is not None:
            joined[name] = look(device, "context", name)
            found = joined[name]
            typer.echo(f"Found {found.name}.", err=True)
            if found.known and name not in found.profiles:
                is_known = get_profile(found.profiles[0]).about.title
                typer.echo(
                    f"note: it is known as {is_known} and does not say that it is a "
                    f"{_JOINING[name]}; it is tried all the same.", err=True,
                )  # fmt: skip
    return Found(sensors, joined, said)


def _say_without_gyroscope(name: str, options: dict[str, int]) -> None:
    """Say that left and right need the angular rate, and which option adds it."""
    profile = get_profile(name)
    if open_codec(profile, options).width >= _WITH_GYROSCOPE:
        return
    for key, option in profile.options.items():
        for value in (v for v in option.allowed if v > option.default):
            with contextlib.suppress(ImuError):  # not together with the other options
                if open_codec(profile, {**options, key: value}).width >= _WITH_GYROSCOPE:
                    typer.echo(
                        f"note: as it is set it sends no angular rate, so left and right may not be known: "
                        f"--set {key}={value} adds it.",
                        err=True,
                    )
                    return
    typer.echo("note: it measures no angular rate, so left and right may not be known.", err=True)


def connect_all(
    request: Request, wanted: Sequence[Wanted], found: Found, targets: Sequence[Any], seconds: float | None
) -> list[api.Session]:
    """Make a session per sensor; what joins is linked with the first, and reaches the recordings of all."""
    sessions = []
    for i, (w, sensor, target) in enumerate(zip(wanted, found.sensors, targets, strict=False)):
        joined = found.joined if i == 0 else {}
        sessions.append(
            api.Session.connect(
                sensor,
                w.settings,
                profile=w.profile,
                options=w.options,
                treadmill=joined.get("treadmill"),
                heart_rate=joined.get("heart_rate"),
                out=target,
                duration_s=seconds,
            )
        )
    for other in sessions[1:]:
        sessions[0].share_context(other)
    return sessions
