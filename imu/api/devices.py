"""Sensors around: find them, and open one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from imu.errors import DeviceError, ImuError, ProfileError
from imu.types import FoundSensor

if TYPE_CHECKING:
    from imu.acquisition.link import Target
    from imu.acquisition.link_source import LinkSource
    from imu.acquisition.radio import Radio
    from imu.acquisition.simulation import Simulation
    from imu.acquisition.source import Source

OnChange = Callable[[tuple[FoundSensor, ...]], None]


def scan(
    seconds: float = 8.0, on_change: OnChange | None = None, *, radio: Radio | None = None
) -> tuple[FoundSensor, ...]:
    """Look for Bluetooth devices; blocks for so long, so a program with a window calls it in a thread.

    Parameters
    ----------
    seconds : float
    on_change : callable or None
        Called in the Bluetooth thread with what was found so far, whenever something is new: be quick.
    radio : Radio or None
        Another radio than this computer's, for tests.

    Returns
    -------
    tuple of FoundSensor
        Known sensors first, the nearest first.

    Raises
    ------
    DeviceError
        No adapter, switched off, or no permission: the message says what to do.
    """
    from imu.acquisition import scan as scanning
    from imu.acquisition.radio import shared_radio

    radio = radio or shared_radio()

    def changed(sensors: list[FoundSensor]) -> None:
        if on_change is not None:
            on_change(tuple(sensors))

    async def work() -> list[FoundSensor]:
        return await scanning.scan(radio.transport, seconds, on_change=changed)

    return tuple(radio.call(work()))


def find_sensor(
    device: str = "first",
    *,
    profile: str | None = None,
    kind: str = "imu",
    besides: Collection[str] = (),
    scan_s: float = 8.0,
    radio: Radio | None = None,
) -> FoundSensor:
    """Look for one sensor until it is there; blocks.

    Parameters
    ----------
    device : str
        "first" (the nearest that can be read), a name, part of one, or an address.
    profile : str or None
        For "first": take only sensors that this profile fits.
    kind : str
        For "first": "imu" (movement) or "context" (treadmill, heart rate).
    besides : collection of str
        Addresses of sensors that are taken already.
    scan_s : float
        How long to look.
    radio : Radio or None
        Another radio than this computer's, for tests.

    Raises
    ------
    DeviceError
        Not found (the hint names similar ones), no adapter, switched off, or no permission.
    """
    from imu.acquisition.radio import shared_radio
    from imu.acquisition.scan import find

    radio = radio or shared_radio()
    return radio.call(find(radio.transport, device, seconds=scan_s, kind=kind, profile=profile, besides=besides))


def read_battery(sensor: FoundSensor, *, radio: Radio | None = None) -> float | None:
    """Connect for a moment and read the charge in percent; None where the sensor does not say, or cannot be reached."""
    from imu.acquisition.link import look_at
    from imu.acquisition.radio import shared_radio

    radio = radio or shared_radio()

    async def work() -> float | None:
        return await look_at(radio.transport, target_of(sensor))

    try:
        return radio.call(work())
    except DeviceError:
        return None


def open_sensor(
    device: str | FoundSensor,
    *,
    profile: str | None,
    options: dict[str, int] | None,
    joined: Mapping[str, str | FoundSensor],
    duration_s: float | None,
    scan_s: float,
    radio: Radio | None,
) -> LinkSource:
    """Find a sensor, and what joins it, and make a source of it; see `Session.connect`.

    Raises
    ------
    DeviceError
        Not found, or no Bluetooth.
    ProfileError
        No profile fits it, or an option is wrong.
    """
    from imu.acquisition.link_source import LinkSource, stream_info
    from imu.acquisition.profiles import choose_options, get_profile
    from imu.acquisition.radio import shared_radio
    from imu.acquisition.scan import held_here
    from imu.acquisition.source import WireFormat

    if profile is not None:
        choose_options(get_profile(profile), options)  # a typing mistake is said before the search
    radio = radio or shared_radio()

    def look(wanted: str | FoundSensor, kind: str, only: str | None) -> FoundSensor:
        if isinstance(wanted, FoundSensor):
            if wanted.held:
                raise held_here(wanted)
            return wanted
        return find_sensor(wanted, kind=kind, profile=only, scan_s=scan_s, radio=radio)

    target = target_of(look(device, "imu", profile), profile, options)
    targets = [target_of(look(wanted, "context", name), name) for name, wanted in joined.items()]
    wire = WireFormat.of(profile or target.profile.name, target.options)
    return LinkSource(target, wire, stream_info(target), radio=radio, joined=targets, duration_s=duration_s)


def target_of(sensor: FoundSensor, profile: str | None = None, options: dict[str, int] | None = None) -> Target:
    """Decide how a sensor that was found is read.

    Raises
    ------
    ProfileError
        No profile fits what it advertises, or an option is wrong.
    """
    from imu.acquisition.link import Target
    from imu.acquisition.profiles import choose_options, get_profile
    from imu.acquisition.transport import Advert

    name = profile or (sensor.profiles[0] if sensor.profiles else None)
    if name is None:
        raise ProfileError(
            f"No profile fits {sensor.name}: what it sends cannot be read.",
            hint="Name one with --profile (`stride profiles list`), or write one: docs/firmware-profiles.md.",
        )
    chosen = get_profile(name)
    handle = sensor.handle
    advert = handle if isinstance(handle, Advert) else Advert(handle, sensor.address, sensor.name)
    return Target(advert, chosen, choose_options(chosen, options))


def virtual_sensors(
    profiles: Sequence[str], simulation: Simulation, *, duration_s: float | None, realtime: bool
) -> Source:
    """Make a source of a simulated runner who wears a virtual sensor, which others may join; see `Session.simulate`.

    Raises
    ------
    ProfileError
        There is no virtual sensor of a profile, none of them measures movement, or several do.
    ImuError
        The Bluetooth stack of the virtual sensors is not installed.
    """
    try:
        from imu.acquisition.virtual.demo import DemoSource
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "bumble":
            raise
        raise ImuError(
            "Virtual sensors need the package bumble, a Bluetooth stack without a radio, which is not installed.",
            hint='Install it: pip install "stride-impact[virtual]", or pip install "bumble>=0.0.236,<0.1".',
        ) from None
    return DemoSource(profiles, simulation, duration_s=duration_s, realtime=realtime)
