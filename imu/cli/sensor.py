"""`stride live` and `stride record`: sensors found by Bluetooth, in the dashboard or in the terminal."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import typer

from imu import api
from imu.acquisition.profiles import choose_options, get_profile, open_codec, profile_path
from imu.cli.dashboard import require_writable, show_dashboard
from imu.cli.library import client_id_of
from imu.cli.machine import has_display
from imu.cli.profiles import read_settings
from imu.cli.scan import signal_text
from imu.cli.watch import Watched, drop_if_empty, print_summary, refuse_failed, stop_all, watch
from imu.errors import ImuError, ProfileError, SettingsError, StoreError
from imu.settings import Settings
from imu.types import FoundSensor, LinkState, Place, Side

T = TypeVar("T")

_SHOWN: Final = 2
"""Sensors that the dashboard shows."""
_OFFSCREEN_S: Final = 20.0
"""Length of a run for a picture that was given none."""
_MAX_LABEL: Final = 12
_WITH_GYROSCOPE: Final = 6
"""Channels."""


@dataclass(frozen=True)
class Request:
    """What was typed.

    Attributes
    ----------
    devices, profiles, places, sides, mountings : sequence
        One entry for all sensors, or one for each, in the order of the devices.
    given : dict
        Settings of the person: mass, height, speed, first side.
    words : sequence of str
        Options of the sensors, such as "rate_hz=200".
    treadmill, heart_rate : str or None
    out : Path or None
        With several sensors: -1, -2 ... is put before its ending.
    search_s : float
    seconds : float or None
    """

    devices: Sequence[str]
    profiles: Sequence[str] = ()
    places: Sequence[str] = ()
    sides: Sequence[Side] = ()
    mountings: Sequence[str] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    words: Sequence[str] = ()
    treadmill: str | None = None
    heart_rate: str | None = None
    out: Path | None = None
    search_s: float = 8.0
    seconds: float | None = None


@dataclass(frozen=True)
class _Wanted:
    """One sensor as it was asked for."""

    device: str
    profile: str | None
    options: dict[str, int]
    settings: Settings
    label: str
    out: Path | None


def live(request: Request, *, headless: bool, language: str | None, theme: str | None, screenshot: Path | None) -> int:
    """Show sensors live; see `stride live --help`.

    Raises
    ------
    ImuError
        Something typed is wrong, a sensor is not found or cannot be used, a file cannot be written.
    """
    wanted = _wanted(request)
    for file in (request.out, screenshot):
        require_writable(file)
    shown = not headless and (has_display() or screenshot is not None)
    if shown and len(wanted) > _SHOWN:
        typer.echo(f"The dashboard shows {_SHOWN} sensors; the steps of more come as a table.", err=True)
        shown = False
    elif not shown and not headless:
        typer.echo("No display: the steps as a table (with --screenshot FILE also a picture).", err=True)
    seconds = request.seconds
    if shown and screenshot is not None and seconds is None:
        seconds = _OFFSCREEN_S
    found = _find(request, wanted)
    sessions = _connect(request, wanted, found, [w.out for w in wanted], seconds)
    if not shown:
        return _in_terminal(wanted, sessions, found)
    made = list(sessions[:1])

    def make() -> api.Session:
        if made:
            return made.pop()
        return _connect(request, wanted[:1], found, [None], None)[0]  # begun anew from the window: not recorded

    second = None
    if len(sessions) > 1:
        second = (lambda: sessions[1], sessions[1].settings)
    try:
        show_dashboard(make, language, theme, screenshot, seconds, second=second)
    finally:
        stop_all(sessions)
        for session in sessions:
            drop_if_empty(session)
    for w in wanted:
        _say_file(f"Session{f' of the {w.label}' if w.label else ''}", w.out)
    _say_file("Picture of the dashboard", screenshot)
    return 0


def record(request: Request, *, library: Path | None, client: str | None) -> int:
    """Record sensors without a display; see `stride record --help`.

    Raises
    ------
    ImuError
        As `live`.
    """
    wanted = _wanted(request)
    if request.out is not None:
        if library is not None or client is not None:
            raise StoreError(
                "A recording goes into a file of its own (--out) or into the library (--library, --client), not both.",
                hint="Leave out one of them; `stride import-session` takes a file into the library later.",
            )
        require_writable(request.out)
        found = _find(request, wanted)
        sessions = _connect(request, wanted, found, [w.out for w in wanted], request.seconds)
        return _in_terminal(wanted, sessions, found)
    with api.Library.open(library) as opened:
        client_id = None if client is None else client_id_of(opened, client)
        found = _find(request, wanted)
        targets = [opened.record(client_id) for _ in wanted]
        return _in_terminal(wanted, _connect(request, wanted, found, targets, request.seconds), found)


# -- before ----------------------------------------------------------------------------------------------------------


def _wanted(request: Request) -> list[_Wanted]:
    """Check everything that can be checked before a search of some seconds."""
    devices = request.devices or ["first"]
    n = len(devices)
    profiles = spread(request.profiles, n, "--profile")
    places = spread(request.places, n, "--place")
    sides = spread(request.sides, n, "--side")
    mountings = spread(request.mountings, n, "--mounting")
    options = read_settings(request.words)
    out: list[_Wanted] = []
    for i, device in enumerate(devices):
        name = profiles[i]
        if name is not None:
            profile_path(name)  # says the nearest name
            choose_options(get_profile(name), options)
        elif options and n == 1 and not request.profiles:
            _check_words(options)
        own: dict[str, Any] = {"place": places[i], "sensor_side": sides[i], "mounting": mountings[i]}
        settings = Settings(**request.given, **{k: v for k, v in own.items() if v is not None})
        label = "" if n == 1 else _label(settings, i, given=places[i] is not None)
        out.append(_Wanted(device, name, options, settings, label, _numbered(request.out, i, n)))
    for w in out:
        _check_out(w.out)
    return out


def spread(values: Sequence[T], n: int, option: str) -> Sequence[T | None]:
    """Return one value per sensor: none, one for all, or one for each.

    Raises
    ------
    SettingsError
        Another number of them.
    """
    if len(values) in {0, 1}:
        return [*values, None][:1] * n
    if len(values) != n:
        raise SettingsError(
            option.lstrip("-"),
            f"{option} was given {len(values)} times for {n} sensor{'' if n == 1 else 's'}.",
            hint="Give it once for all sensors, or once for each in the order of --device.",
        )
    return list(values)


def _check_words(options: Mapping[str, int]) -> None:
    """Refuse an option that no profile has, before the search."""
    from imu.acquisition.profiles import profile_names
    from imu.cli.text import nearest_word

    known: set[str] = set()
    for name in profile_names():
        with contextlib.suppress(ImuError):  # `stride profiles list` tells of a file that is wrong
            known |= get_profile(name).options.keys()
    for key in options:
        if key not in known:
            raise ProfileError(f"No sensor has an option '{key}'.", hint=nearest_word(key, sorted(known)))


def _label(settings: Settings, i: int, *, given: bool) -> str:
    side = "" if settings.sensor_side is Side.UNKNOWN else f"{settings.sensor_side.name.lower()} "
    place = settings.place.value if given or side else f"sensor {i + 1}"
    return f"{side}{place}"[:_MAX_LABEL]


def _numbered(out: Path | None, i: int, n: int) -> Path | None:
    return out if out is None or n == 1 else out.with_name(f"{out.stem}-{i + 1}{out.suffix}")


def _check_out(path: Path | None) -> None:
    if path is None:
        return
    if path.suffix != ".stride":
        raise StoreError(f"A session file ends in .stride, not in '{path.suffix}'.", hint=f"Use {path.stem}.stride.")
    if path.exists():
        raise StoreError(f"{path} exists already.", hint="Choose another name: what was recorded is never replaced.")


# -- finding and connecting ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    sensors: list[FoundSensor]
    joined: dict[str, FoundSensor]
    warnings: set[str]


def _find(request: Request, wanted: Sequence[_Wanted]) -> _Found:
    """Look for all that was asked for, one after the other; say what was found."""
    taken: list[str] = []

    def look(device: str, kind: str, profile: str | None) -> FoundSensor:
        what = f"'{device}'" if device.lower() != "first" else "the nearest sensor"
        if kind == "context" and device.lower() == "first":
            what = "a treadmill" if profile == "treadmill" else "a heart-rate belt"
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
            typer.echo(f"Found {joined[name].name}.", err=True)
    return _Found(sensors, joined, said)


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


def _connect(
    request: Request, wanted: Sequence[_Wanted], found: _Found, targets: Sequence[Any], seconds: float | None
) -> list[api.Session]:
    """Make a session per sensor; what joins is linked with the first."""
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
    return sessions


# -- in the terminal -------------------------------------------------------------------------------------------------


def _in_terminal(wanted: Sequence[_Wanted], sessions: Sequence[api.Session], found: _Found) -> int:
    watched = [Watched(s, w.label, linked=True, advise=True) for w, s in zip(wanted, sessions, strict=True)]
    watch(watched)
    failed = []
    for w, one in zip(wanted, watched, strict=True):
        status = one.session.status()
        if status.received:
            if one.label:
                typer.echo(f"\n{one.label} ({status.source})")
            print_summary(one.session, one.session.settings, legend=one is watched[-1], said=found.warnings)
        _say_file(f"Session{f' of the {one.label}' if one.label else ''}", w.out)
        if one.session.keeps_in_library and one.session.session_id is not None:
            number = one.session.session_id
            typer.echo(f"Session {number} in the library: stride analyze {number}, stride report {number}")
        if status.state is LinkState.FAILED:
            failed.append(one)
        elif not status.received:
            typer.echo(f"{one.who}: ended before the first sample.", err=True)
    if failed:  # what each ended with was said when it did
        refuse_failed(failed[-1].session)
    return 0


def _say_file(label: str, file: Path | None) -> None:
    if file is not None and file.exists():
        typer.echo(f"{label}: {file.resolve()}")
