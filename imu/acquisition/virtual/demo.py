"""The simulated runner behind a virtual sensor: what `stride demo --ble` connects to."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from imu.acquisition.profiles import get_profile
from imu.acquisition.simulation import Simulation, Truth
from imu.acquisition.virtual.sensors import virtual_profiles
from imu.acquisition.virtual.source import VirtualSource
from imu.acquisition.virtual.world import SensorSpec, World
from imu.errors import ProfileError
from imu.types import RawPacket, SampleBlock

_INTERVAL_S: Final = 0.015
"""Connection interval that computers usually grant to a sensor that streams."""


class DemoSource(VirtualSource):
    """A runner with one virtual sensor; the sensor loses what the simulation says, in its own queue.

    Parameters
    ----------
    profile : str
        Of `imu.acquisition.virtual.sensors.virtual_profiles`, one that measures movement.
    simulation : Simulation
    duration_s : float or None
        Time after the first packet; None = until it is stopped.
    realtime : bool
        False = in virtual time.

    Raises
    ------
    ProfileError
        There is no virtual sensor of that profile, or it measures no movement.
    """

    def __init__(
        self, profile: str, simulation: Simulation, *, duration_s: float | None = None, realtime: bool = True
    ) -> None:
        movement = [name for name in virtual_profiles() if get_profile(name).kind == "imu"]
        if profile not in movement:
            raise ProfileError(
                f"There is no virtual sensor of the profile {profile} that a runner can wear.",
                hint=f"There are: {', '.join(movement)}.",
            )
        spec = SensorSpec(profile, simulation, interval_s=_INTERVAL_S)
        super().__init__(spec, stream_s=duration_s, realtime=realtime, script=self._keep_log)
        self._first: int | None = None
        self._measured = self._dropped = 0

    async def __aiter__(self) -> AsyncGenerator[RawPacket | SampleBlock, None]:
        """Yield packets as they arrive; find the first sample of the stream among those that were sent."""
        async with aclosing(super().__aiter__()) as items:
            async for item in items:
                self._follow(item)
                yield item

    def _follow(self, item: RawPacket | SampleBlock) -> None:
        assert self.world is not None  # the item has come from it
        firmware = self.world.sensors[0].firmware
        if self._first is None and isinstance(item, RawPacket):
            self._first = next((n for n, data in reversed(firmware.log or []) if data == item.payload), None)
            if self._first is not None:
                firmware.log = None
                if firmware.runner.simulation.loss_pct:
                    firmware.drops = firmware.runner.next_lost
        self._measured, self._dropped = firmware.measured, firmware.dropped

    async def _keep_log(self, world: World) -> None:
        world.sensors[0].firmware.log = []

    def truth(self) -> Truth:
        """Return the truth of what has come so far, on the stream's own clock; ask when the source has stopped."""
        if self.world is None or self._first is None:
            return Truth((), self.spec.simulation or Simulation(), 0.0)
        firmware = self.world.sensors[0].firmware
        rate = firmware.codec.sampling_rate_hz
        first_s, end_s = self._first / rate, self._measured / rate
        steps = tuple(
            replace(step, ic_s=step.ic_s - first_s, tc_s=step.tc_s - first_s)
            for step in firmware.runner.steps_until(end_s)
            if step.ic_s >= first_s
        )
        return Truth(steps, firmware.runner.simulation, end_s - first_s, self._dropped)
