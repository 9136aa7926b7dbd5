"""Find sensors: what is around, which profile reads it, and which one the user means."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from imu.acquisition.link import not_found
from imu.acquisition.profiles import get_profile, match_profiles
from imu.acquisition.transport import Advert, Transport
from imu.errors import DeviceHeldHereError, DeviceNotFoundError
from imu.types import FoundSensor

FIRST: Final = "first"
SCAN_S: Final = 8.0
_CHOOSE_S: Final = 1.5
"""After the first sensor that fits, so long for a nearer one; also for the name, which may come in a second packet."""

_LEAST_LETTERS: Final = 3
"""Of a part of a name."""
_MOST_NAMES: Final = 6
_JOINING: Final = {"treadmill": "treadmill", "heart_rate": "heart-rate belt", "running_speed_cadence": "foot pod"}


class Sightings:
    """Collects advertisements of one scan: one entry per device, the newest signal, all names and services."""

    def __init__(self) -> None:
        self._adverts: dict[str, Advert] = {}
        self._found: dict[str, FoundSensor] = {}

    def add(self, advert: Advert) -> FoundSensor:
        """Take one advertisement; return what is known of its device now."""
        before = self._adverts.get(advert.address)
        if before is not None:
            advert = Advert(
                advert.handle,
                advert.address,
                advert.name or before.name,
                tuple(dict.fromkeys((*before.services, *advert.services))),
                tuple(dict.fromkeys((*before.company_ids, *advert.company_ids))),
                advert.rssi_dbm if advert.rssi_dbm is not None else before.rssi_dbm,
            )
        self._adverts[advert.address] = advert
        self._found[advert.address] = found = to_sensor(advert)
        return found

    def add_held(self, advert: Advert) -> None:
        """Take a device that this computer is connected to; one that advertises all the same is free."""
        if advert.address not in self._adverts:
            self._found[advert.address] = replace(to_sensor(advert), held=True)

    def sensors(self) -> list[FoundSensor]:
        """Known sensors first, the nearest first."""
        return sorted(self._found.values(), key=lambda s: (not s.known, s.held, -(s.rssi_dbm or -999), s.name))


def to_sensor(advert: Advert) -> FoundSensor:
    """Match an advertisement with the profiles."""
    names = match_profiles(advert.name, advert.services, advert.company_ids)
    best = get_profile(names[0]) if names else None
    return FoundSensor(
        name=advert.name or advert.address,
        address=advert.address,
        profiles=tuple(names),
        kind="" if best is None else best.kind,
        title="" if best is None else best.about.title,
        rssi_dbm=advert.rssi_dbm,
        handle=advert,
    )


async def scan(
    transport: Transport,
    seconds: float = SCAN_S,
    on_change: Callable[[list[FoundSensor]], None] | None = None,
    is_enough: Callable[[list[FoundSensor]], bool] | None = None,
) -> list[FoundSensor]:
    """Listen for some seconds.

    Parameters
    ----------
    transport : Transport
    seconds : float
    on_change : callable or None
        Called in the radio's thread with the list so far, whenever something is new.
    is_enough : callable or None
        Ends the scan early, `_CHOOSE_S` after it first says yes.

    Raises
    ------
    DeviceError
        No adapter, switched off, no permission.
    """
    sightings = Sightings()

    def changed() -> list[FoundSensor]:
        sensors = sightings.sensors()
        if on_change is not None:
            on_change(sensors)
        return sensors

    enough = asyncio.Event()

    def seen(advert: Advert) -> None:
        sightings.add(advert)
        sensors = changed()
        if is_enough is not None and is_enough(sensors):
            enough.set()

    async with transport.scan(seen):
        try:
            async with asyncio.timeout(seconds):
                for advert in await transport.held():
                    sightings.add_held(advert)
                    changed()
                await enough.wait()
                await asyncio.sleep(_CHOOSE_S)
        except TimeoutError:
            pass
    return sightings.sensors()


async def find(
    transport: Transport,
    device: str = FIRST,
    *,
    seconds: float = SCAN_S,
    kind: str = "imu",
    profile: str | None = None,
    besides: Collection[str] = (),
) -> FoundSensor:
    """Scan until the sensor that the user means is there.

    Parameters
    ----------
    transport : Transport
    device : str
        "first" (the nearest that a profile of `kind` fits), a name, the beginning of one, or an address.
    seconds : float
    kind : str
        "imu" or "context".
    profile : str or None
        Take only sensors that this profile fits, for "first".
    besides : collection of str
        Addresses that are left out.

    Raises
    ------
    DeviceNotFoundError
        Not seen; the hint names similar ones.
    DeviceHeldHereError
        This computer is connected to it already.
    DeviceError
        No adapter, switched off, no permission.
    """

    def is_enough(sensors: list[FoundSensor]) -> bool:
        others = [s for s in sensors if s.address not in besides and not s.held]
        return choose(others, device, kind=kind, profile=profile) is not None

    sensors = await scan(transport, seconds, is_enough=is_enough)
    taken = [s for s in sensors if s.address in besides]
    sensors = [s for s in sensors if s.address not in besides]
    free = [s for s in sensors if not s.held]
    found = choose(free, device, kind=kind, profile=profile)
    if found is not None:
        return found
    held = choose((s for s in sensors if s.held), device, kind=kind, profile=profile)
    if held is not None:
        raise held_here(held)
    raise missing(free, device, kind, profile=profile, taken=taken)


def held_here(sensor: FoundSensor) -> DeviceHeldHereError:
    """Explain that this computer is connected to a sensor already."""
    return DeviceHeldHereError(
        f"{sensor.name} is connected to this computer already: by another program, or by the system itself.",
        hint="Close the other program, or disconnect it in the system's Bluetooth settings (on Linux: bluetoothctl "
        f"disconnect {sensor.address}), then try again.",
    )


def choose(
    sensors: Iterable[FoundSensor], device: str, *, kind: str = "imu", profile: str | None = None
) -> FoundSensor | None:
    """Return the sensor that is meant; an address or a whole name wins over the beginning of a name."""
    sensors = list(sensors)
    if device.lower() == FIRST:
        fitting = [s for s in sensors if (profile in s.profiles if profile else s.kind == kind)]
        return fitting[0] if fitting else None
    wanted = device.casefold()
    for test in (
        lambda s: s.address.casefold() == wanted,
        lambda s: s.name.casefold() == wanted,
        lambda s: len(wanted) >= _LEAST_LETTERS and wanted in s.name.casefold(),
    ):
        hits = [s for s in sensors if test(s)]
        if hits:
            return hits[0]
    return None


def missing(
    sensors: list[FoundSensor],
    device: str,
    kind: str,
    *,
    profile: str | None = None,
    taken: Sequence[FoundSensor] = (),
) -> DeviceNotFoundError:
    """Explain that a sensor was not found, with what was; `taken` were found, and are used already."""
    if device.lower() == FIRST:
        return DeviceNotFoundError(
            f"{_none_of(kind, profile)} {_seen(sensors, taken)}",
            hint="Wake the sensor (move it, or press its button) and bring it near. One that is connected elsewhere "
            "does not show: close the maker's app, also on phones.",
        )
    said = f"No sensor '{device}' was found."
    if (used := choose(taken, device, kind=kind)) is not None:
        said = f"No other sensor '{device}' was found: {used.name} is used already."
    names = [s.name for s in sensors if s.known]
    close = difflib.get_close_matches(device, names, 3, cutoff=0.5)
    lower = {n.casefold(): n for n in names}
    close = close or [lower[c] for c in difflib.get_close_matches(device.casefold(), lower, 3, cutoff=0.5)]
    if close:
        return DeviceNotFoundError(said, hint=f"Did you mean {' or '.join(repr(c) for c in close)}?")
    if names:
        short = f"A part of a name has {_LEAST_LETTERS} letters at least. " if len(device) < _LEAST_LETTERS else ""
        return DeviceNotFoundError(said, hint=f"{short}{_there(names)}")
    if said.startswith("No other"):
        return DeviceNotFoundError(said, hint="Each sensor is asked for once.")
    return not_found(device)


def _none_of(kind: str, profile: str | None) -> str:
    if kind == "imu":
        fits = f" that the profile {profile} fits" if profile else ""
        return f"No movement sensor{fits} was found."
    return f"No {_JOINING.get(profile or '', 'treadmill, belt or pod')} was found."


def _seen(sensors: list[FoundSensor], taken: Sequence[FoundSensor]) -> str:
    if not sensors:
        return "Nothing else was seen." if taken else "Nothing at all was seen."
    known = [f"{s.name} ({', '.join(s.profiles)})" for s in sensors if s.known]
    if known:
        return _there(known)
    return f"Seen: {len(sensors)} other Bluetooth {'device' if len(sensors) == 1 else 'devices'}, none that is known."


def _there(names: Sequence[str]) -> str:
    """Name what was seen, six at most."""
    return f"There {'is' if len(names) == 1 else 'are'}: {', '.join(names[:_MOST_NAMES])}."
