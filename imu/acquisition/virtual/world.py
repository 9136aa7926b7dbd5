"""Virtual sensors and the radio that finds them, in one event loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from bumble.device import Device
from bumble.hci import Address
from bumble.host import Host

from imu.acquisition.ble import BleakTransport
from imu.acquisition.simulation import Simulation
from imu.acquisition.virtual.air import Air, AirController, Weather
from imu.acquisition.virtual.backend import backends
from imu.acquisition.virtual.firmware import ContextFirmware, SensorFirmware
from imu.acquisition.virtual.peripheral import Peripheral
from imu.acquisition.virtual.sensors import make_firmware, outfit
from imu.constants import NS_PER_S

_CENTRAL: Final = "C0:C1:C2:C3:C4:C5"


@dataclass
class VirtualSensor:
    """One sensor of the world.

    Attributes
    ----------
    peripheral : Peripheral
    firmware : SensorFirmware
    weather : Weather
        The air between it and the computer.
    """

    peripheral: Peripheral
    firmware: SensorFirmware
    weather: Weather

    def leave_range(self) -> None:
        """Radio silence; both ends notice after the supervision time-out."""
        self.peripheral.air.leave_range(self.peripheral.address)

    def return_to_range(self) -> None:
        """Be heard again."""
        self.peripheral.air.return_to_range(self.peripheral.address)


@dataclass(frozen=True)
class SensorSpec:
    """Which sensor, worn by whom.

    Attributes
    ----------
    profile : str
    simulation : Simulation or None
        Not for context sensors.
    options : dict
        What the sensor is set to; empty = the profile's defaults.
    context : dict
        What a context sensor says at first.
    firmware : dict
        Further arguments of the firmware: ppm, first_tick, streams_unasked, packet_samples.
    max_mtu : int
    interval_s : float or None
        Connection interval; None = everything passes at once.
    """

    profile: str
    simulation: Simulation | None = None
    options: dict[str, int] = field(default_factory=dict)
    context: dict[str, float | list[float]] = field(default_factory=dict)
    firmware: dict[str, Any] = field(default_factory=dict)
    max_mtu: int = 247
    interval_s: float | None = None


@dataclass
class World:
    """Sensors, air, and a transport that reaches them with bleak.

    Attributes
    ----------
    air : Air
    sensors : list of VirtualSensor
    transport : BleakTransport
        Its clock is the event loop's, so it also runs in virtual time.
    """

    air: Air
    sensors: list[VirtualSensor]
    transport: BleakTransport


@asynccontextmanager
async def sensors_on(air: Air, specs: list[SensorSpec]) -> AsyncIterator[list[VirtualSensor]]:
    """Switch virtual sensors on, and off at the end."""
    sensors: list[VirtualSensor] = []
    try:
        for number, spec in enumerate(specs):
            firmware = make_firmware(
                spec.profile, spec.simulation or Simulation(), spec.options, spec.context, spec.firmware
            )
            name, advertised, company_id = outfit(spec.profile, number)
            peripheral = Peripheral(
                air,
                firmware,
                name=name,
                address=f"F0:F1:F2:F3:F4:{number:02X}",
                max_mtu=spec.max_mtu,
                advertised=advertised,
                company_id=company_id,
            )
            air.weather[peripheral.address].interval_s = spec.interval_s
            await peripheral.power_on()
            firmware.switch_on()
            sensors.append(VirtualSensor(peripheral, firmware, air.weather[peripheral.address]))
        yield sensors
    finally:
        for sensor in sensors:
            await sensor.firmware.switch_off()
            with contextlib.suppress(Exception):  # the link may be half gone
                await sensor.peripheral.power_off()


async def central_on(air: Air) -> Device:
    """Return a bumble central that is switched on: the computer's Bluetooth adapter."""
    central = Device(name="computer", address=Address(_CENTRAL), host=Host())
    central.host.controller = AirController("computer", link=air)
    await central.power_on()
    return central


@asynccontextmanager
async def virtual_world(specs: list[SensorSpec]) -> AsyncIterator[World]:
    """Virtual sensors, and a bleak that finds them."""
    air = Air()
    async with sensors_on(air, specs) as sensors:
        scanner, client = backends(await central_on(air))
        loop = asyncio.get_running_loop()
        now_ns: Callable[[], int] = lambda: round(loop.time() * NS_PER_S)  # noqa: E731  (typed)
        yield World(air, sensors, BleakTransport(scanner_backend=scanner, client_backend=client, now_ns=now_ns))


__all__ = [
    "ContextFirmware",
    "SensorSpec",
    "VirtualSensor",
    "World",
    "central_on",
    "sensors_on",
    "virtual_world",
]
