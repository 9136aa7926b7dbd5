"""The virtual sensors there are: how each advertises itself, and what its GATT server holds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

from imu.acquisition.profiles import get_profile
from imu.acquisition.simulation import Simulation
from imu.acquisition.virtual.firmware import (
    BATTERY_LEVEL,
    BATTERY_SERVICE,
    FIRMWARE_REVISION,
    INFORMATION_SERVICE,
    ContextFirmware,
    Motion,
    MovesenseFirmware,
    OpenPacketFirmware,
    PolarFirmware,
    SensorFirmware,
    WitMotionFirmware,
)
from imu.acquisition.virtual.peripheral import Entry
from imu.errors import ProfileError


@dataclass(frozen=True)
class _Kind:
    """One make of sensor: its advertised name, and its ways."""

    name: str
    firmware: type[SensorFirmware] | None = None
    packet_samples: int = 1
    advertises_service: bool = False
    company_id: int | None = None
    write: str = "wc"
    options: dict[str, int] = field(default_factory=dict)
    context: dict[str, float | list[float]] = field(default_factory=dict)


_KINDS: Final[dict[str, _Kind]] = {
    "open_packet": _Kind("Stride {:02d}", OpenPacketFirmware, 8),
    "movesense": _Kind("Movesense 1742300000{:02d}", MovesenseFirmware, 8, company_id=0x009F, write="w"),
    "polar_h10": _Kind("Polar H10 A1B2C3{:02d}", PolarFirmware, 36, company_id=0x006B, write="rw"),
    "witmotion_wt901ble": _Kind("WT901BLE{:02d}", WitMotionFirmware, 4),
    "treadmill": _Kind("Virtual treadmill {}", advertises_service=True, context={"speed_mps": 2.8, "incline_pct": 1.0}),
    "heart_rate": _Kind("Virtual belt {}", advertises_service=True, context={"heart_rate_bpm": 152.0}),
}


def virtual_profiles() -> list[str]:
    """Profiles that there is a virtual sensor for."""
    return list(_KINDS)


def outfit(profile_name: str, number: int) -> tuple[str, tuple[str, ...], int | None]:
    """Advertised name, services and manufacturer of the `number`-th virtual sensor."""
    kind = _kind(profile_name)
    services = (get_profile(profile_name).gatt.service,) if kind.advertises_service else ()
    return kind.name.format(number + 1), services, kind.company_id


def make_firmware(
    profile_name: str,
    simulation: Simulation,
    options: dict[str, int],
    context: dict[str, float | list[float]],
    further: dict[str, Any],
) -> SensorFirmware:
    """Make what runs inside a virtual sensor; the runner is sampled at the sensor's own rate."""
    kind = _kind(profile_name)
    profile = get_profile(profile_name)
    firmware: SensorFirmware
    if kind.firmware is None:
        firmware = ContextFirmware(profile_name, {**kind.context, **context})
    else:
        chosen = profile.choose(**{**kind.options, **options})
        at_rate = replace(simulation, sampling_rate_hz=float(chosen["rate_hz"]))
        arguments = {"packet_samples": kind.packet_samples, **further}
        firmware = kind.firmware(Motion(at_rate), profile_name, chosen, **arguments)
    gatt = profile.gatt
    entries = [Entry(u, "n") for u in gatt.notify]
    entries += [Entry(u, "i" + (kind.write if u == gatt.write else "")) for u in gatt.indicate]
    if gatt.write is not None and gatt.write not in gatt.indicate:
        entries.append(Entry(gatt.write, kind.write))
    firmware.services = {
        gatt.service: entries,
        BATTERY_SERVICE: [Entry(BATTERY_LEVEL, "rn", bytes([firmware.battery_pct]))],
        INFORMATION_SERVICE: [Entry(FIRMWARE_REVISION, "r", b"virtual 1.0")],
    }
    return firmware


def _kind(profile_name: str) -> _Kind:
    try:
        return _KINDS[profile_name]
    except KeyError:
        raise ProfileError(
            f"There is no virtual sensor for the profile '{profile_name}'.", hint=f"There are: {', '.join(_KINDS)}."
        ) from None
