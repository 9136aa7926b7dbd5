"""What was typed for `stride live` and `stride record`, checked as far as it can be before a search of some seconds."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from imu.acquisition.profiles import choose_options, get_profile, profile_names, profile_path
from imu.cli.profiles import read_settings
from imu.cli.text import nearest_word
from imu.errors import ImuError, ProfileError, SettingsError, StoreError
from imu.settings import Settings
from imu.types import Side

T = TypeVar("T")

_MAX_LABEL: Final = 12


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
    speed_unit : str or None
        `km/h` or `min/km`, of the terminal; None = what the dashboard remembers.
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
    speed_unit: str | None = None


@dataclass(frozen=True)
class Wanted:
    """One sensor as it was asked for; label is empty where it is the only one."""

    device: str
    profile: str | None
    options: dict[str, int]
    settings: Settings
    label: str
    out: Path | None


def check_request(request: Request) -> list[Wanted]:
    """Check everything that can be checked before a search of some seconds.

    Raises
    ------
    ImuError
        A profile, an option, a setting or a file name is wrong.
    """
    devices = request.devices or ["first"]
    n = len(devices)
    profiles = spread(request.profiles, n, "--profile")
    places = spread(request.places, n, "--place")
    sides = spread(request.sides, n, "--side")
    mountings = spread(request.mountings, n, "--mounting")
    options = read_settings(request.words)
    out: list[Wanted] = []
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
        out.append(Wanted(device, name, options, settings, label, _numbered(request.out, i, n)))
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
