"""How much the acquisition carries: virtual sensors over a real GATT, ATT, L2CAP and HCI stack, in real time.

python -m benchmarks.ble_load [--seconds 60]

Once in real time, and once in virtual time, where the clock stands still while somebody works: the same bytes as fast
as this computer can, however busy it is otherwise. Sensors, stack and bleak share the one Bluetooth thread here, so its
loop is busier than with hardware; each session decodes and analyses in a thread of its own, as always. What a sensor
cannot hand to its radio in time (its queue is full) is lost at the source, as with hardware, and is told apart from
what would be lost in our code.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from imu.acquisition.radio import Radio
from imu.acquisition.simulation import Simulation
from imu.acquisition.virtual.warp import WarpLoop
from imu.acquisition.virtual.world import SensorSpec, World, virtual_world
from imu.api import Session
from imu.settings import Settings

LAG_EVERY_S = 0.01
RUNNER = Simulation(standing_s=1.0, walking_s=0.0)


def eight_sensors() -> list[SensorSpec]:
    """Eight sensors of six channels at 208 Hz, on eight runners."""
    return [SensorSpec("open_packet", replace(RUNNER, seed=i)) for i in range(8)]


def one_fast_sensor() -> list[SensorSpec]:
    """A sensor that sends each of its 1000 samples a second by itself."""
    return [SensorSpec("open_packet", RUNNER, options={"rate_hz": 1000}, firmware={"packet_samples": 1})]


@dataclass(frozen=True)
class Load:
    """What came out.

    Attributes
    ----------
    notifications, received, steps : int
        Of all sensors.
    lost_at_source, lost_by_us : int
        Samples: the sensor's queue was full; anything else that is missing.
    lag_ms : tuple of float
        How late the Bluetooth thread's loop was, looked at every 10 ms: median, 99th percentile, maximum.
    cpu : float
        Cores in use, sensors and stack included.
    seconds : float
        Wall time of the run.
    """

    notifications: int
    received: int
    steps: int
    lost_at_source: int
    lost_by_us: int
    lag_ms: tuple[float, float, float]
    cpu: float
    seconds: float


class SensorsAround(Radio):
    """This computer's radio with virtual sensors in range."""

    world: World

    def __init__(self, specs: Sequence[SensorSpec], *, realtime: bool = True) -> None:
        self._stack = AsyncExitStack()
        super().__init__(lambda: self.world.transport, loop=None if realtime else WarpLoop())
        self.call(self._enter(list(specs)))

    async def _enter(self, specs: list[SensorSpec]) -> None:
        self.world = await self._stack.enter_async_context(virtual_world(specs))

    def close(self) -> None:
        """Switch the sensors off, and end the thread."""
        self.call(self._stack.aclose())
        super().close()


def carry(radio: Any, specs: Sequence[SensorSpec], seconds: float, *, realtime: bool = False) -> Load:
    """Stream all sensors at once for so long, each in a session of its own."""
    lags: list[float] = []

    async def watch() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(LAG_EVERY_S)
            lags.append(time.perf_counter() - before - LAG_EVERY_S)

    sensors = radio.world.sensors
    sessions = [
        Session.connect(
            sensor.peripheral.address,
            Settings().with_suggestions((spec.simulation or RUNNER).suggested()),
            options=spec.options,
            duration_s=seconds,
            radio=radio,
        )
        for spec, sensor in zip(specs, sensors, strict=True)
    ]
    looking = radio.submit(watch()) if realtime else None
    begun, worked = time.perf_counter(), time.process_time()
    for session in sessions:
        session.start()
    for session in sessions:
        assert session.wait(240.0 + 10.0 * seconds)  # the first session compiles
        session.stop()
    passed, worked = time.perf_counter() - begun, time.process_time() - worked
    if looking is not None:
        looking.cancel()
    status = [session.status() for session in sessions]
    assert not any(s.detail for s in status), [s.detail for s in status]
    samples = [sensor.firmware.packet_samples for sensor in sensors]
    at_source = sum(sensor.peripheral.overflowed * n for sensor, n in zip(sensors, samples, strict=True))
    received = [s.received for s in status]
    return Load(
        notifications=sum(r // n for r, n in zip(received, samples, strict=True)),
        received=sum(received),
        steps=sum(len(session.steps()) for session in sessions),
        lost_at_source=at_source,
        lost_by_us=sum(s.lost for s in status) - at_source,
        lag_ms=tuple(float(v) * 1e3 for v in np.percentile(lags or [0.0], [50, 99, 100])),  # type: ignore[arg-type]
        cpu=worked / passed,
        seconds=passed,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    seconds = parser.parse_args().seconds
    others = f"; {os.getloadavg()[0]:.1f} in use by all programs" if hasattr(os, "getloadavg") else ""
    print(f"{os.cpu_count()} cores{others}\n")
    print(
        "| load | notifications | per second | lost in our code | lost at the sensor | loop late p50/p99/max | cores |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, specs in (
        ("8 sensors at 208 Hz", eight_sensors()),
        ("1 sensor, 1000 notifications/s", one_fast_sensor()),
    ):
        for realtime in (True, False):
            radio = SensorsAround(specs, realtime=realtime)
            load = carry(radio, specs, seconds, realtime=realtime)
            radio.close()
            late = " / ".join(f"{v:.1f}" for v in load.lag_ms) + " ms" if realtime else "–"
            print(
                f"| {name}, {seconds:.0f} s{'' if realtime else ' of virtual time'} | {load.notifications} "
                f"| {load.notifications / load.seconds:.0f} | {load.lost_by_us} | {load.lost_at_source} "
                f"| {late} | {load.cpu:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
