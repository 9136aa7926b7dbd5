"""The simulated runner behind virtual sensors: what `stride demo --ble` connects to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from imu.acquisition.gait import WALK_SPEED_MPS
from imu.acquisition.profiles import get_profile
from imu.acquisition.simulation import Simulation, Truth
from imu.acquisition.virtual.sensors import virtual_profiles
from imu.acquisition.virtual.source import VirtualSource
from imu.acquisition.virtual.world import ContextFirmware, SensorSpec, World
from imu.errors import ProfileError
from imu.types import RawPacket, SampleBlock

_INTERVAL_S: Final = 0.015
"""Connection interval that computers usually grant to a sensor that streams."""
_BELT_S: Final = 0.25
"""So often the treadmill is set to what the runner does; it speaks once a second."""


class DemoSource(VirtualSource):
    """A runner with one virtual sensor that measures movement, and others that join it.

    The sensor loses what the simulation says, in its own queue. A treadmill goes as fast as the runner does.

    Parameters
    ----------
    profiles : sequence of str
        Of `imu.acquisition.virtual.sensors.virtual_profiles`, exactly one that measures movement.
    simulation : Simulation
    duration_s : float or None
        Time after the first packet; None = until it is stopped.
    realtime : bool
        False = in virtual time.

    Raises
    ------
    ProfileError
        There is no virtual sensor of a profile, none of them measures movement, or several do.
    """

    def __init__(
        self, profiles: Sequence[str], simulation: Simulation, *, duration_s: float | None = None, realtime: bool = True
    ) -> None:
        worn, *others = _in_order(profiles)
        super().__init__(
            SensorSpec(worn, simulation, interval_s=_INTERVAL_S),
            joined=[SensorSpec(name, interval_s=_INTERVAL_S) for name in others],
            stream_s=duration_s,
            realtime=realtime,
            script=self._play,
        )
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

    async def _play(self, world: World) -> None:
        worn = world.sensors[0].firmware
        worn.log = []
        belts = [s.firmware for s in world.sensors if s.firmware.profile.name == "treadmill"]
        while belts:
            now_s = worn.measured / worn.codec.sampling_rate_hz
            for belt in belts:
                assert isinstance(belt, ContextFirmware)
                belt.context.update(speed_mps=_speed_mps(worn.runner.simulation, now_s))
                belt.context.update(incline_pct=worn.runner.simulation.grade_pct)
            await asyncio.sleep(_BELT_S)

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


def _in_order(profiles: Sequence[str]) -> list[str]:
    """Return the one that measures movement, then those that join it."""
    movement = [name for name in virtual_profiles() if get_profile(name).kind == "imu"]
    context = [name for name in virtual_profiles() if name not in movement]
    worn = [name for name in profiles if name in movement]
    for name in profiles:
        if name not in (*movement, *context):
            raise ProfileError(
                f"There is no virtual sensor of the profile {name}.",
                hint=f"A runner can wear one of {', '.join(movement)}; {' and '.join(context)} can join it.",
            )
        if profiles.count(name) > 1 and name in context:
            raise ProfileError(f"The profile {name} was given twice.", hint="One of each kind can join.")
    if len(worn) != 1:
        what = f"not {' and '.join(worn)}" if worn else f"and {' and '.join(profiles) or 'nothing'} does not"
        raise ProfileError(
            f"The simulated runner wears one sensor that measures movement, {what}: it has a pelvis and no foot.",
            hint=f"Take one of {', '.join(movement)}; {' and '.join(context)} can join it.",
        )
    return [*worn, *(name for name in profiles if name in context)]


def _speed_mps(simulation: Simulation, now_s: float) -> float:
    """Return how fast the runner goes: stands, walks, runs, and stands again."""
    walk_s = simulation.standing_s
    run_s = walk_s + simulation.walking_s
    end_s = None if simulation.running_s is None else run_s + simulation.running_s
    if now_s < walk_s or (end_s is not None and now_s >= end_s):
        return 0.0
    return WALK_SPEED_MPS if now_s < run_s else simulation.speed_mps
