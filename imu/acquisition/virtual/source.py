"""Virtual sensors as a source: the world, the link and bleak run in the loop that reads it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence

from imu.acquisition.link import Target
from imu.acquisition.link_source import LinkSource, stream_info
from imu.acquisition.profiles import choose_options, get_profile
from imu.acquisition.scan import choose, missing, scan
from imu.acquisition.source import WireFormat
from imu.acquisition.transport import Advert
from imu.acquisition.treadmill import OnContext
from imu.acquisition.virtual.warp import WarpLoop
from imu.acquisition.virtual.world import SensorSpec, World, virtual_world
from imu.types import LinkReport, LinkState, RawPacket, SampleBlock, StreamInfo

Script = Callable[[World], Coroutine[None, None, None]]


class VirtualSource:
    """A virtual sensor, and those that join it, scanned for, connected and streamed with bleak.

    Parameters
    ----------
    spec : SensorSpec
        What measures movement.
    joined : sequence of SensorSpec
        Treadmill, belt: linked for as long as the sensor is.
    duration_s : float or None
        Time from the connection on after which the source ends; None = when it is stopped.
    stream_s : float or None
        The same from the first packet on.
    realtime : bool
        False = virtual time: as fast as the computer can.
    script : callable or None
        Runs beside the stream and makes trouble.

    Attributes
    ----------
    on_context : callable or None
        Called with what joined sensors say.
    """

    def __init__(
        self,
        spec: SensorSpec,
        *,
        joined: Sequence[SensorSpec] = (),
        duration_s: float | None = None,
        stream_s: float | None = None,
        realtime: bool = True,
        script: Script | None = None,
    ) -> None:
        self.spec = spec
        self.wire: WireFormat | None = WireFormat.of(spec.profile, spec.options)
        profile = get_profile(spec.profile)
        self.info: StreamInfo = stream_info(
            Target(Advert(None, "", f"virtual {profile.name}"), profile, self.wire.options)
        )
        self.loop_factory: type[WarpLoop] | None = None if realtime else WarpLoop
        self.world: World | None = None
        self.on_context: OnContext | None = None
        self._joined = joined
        self._duration_s = duration_s
        self._stream_s = stream_s
        self._script = script
        self._source: LinkSource | None = None

    @property
    def report(self) -> LinkReport:
        """How the link stands."""
        report = None if self._source is None else self._source.report
        return report or LinkReport(LinkState.CONNECTING, "Looking for the virtual sensor ...")

    async def __aiter__(self) -> AsyncGenerator[RawPacket | SampleBlock, None]:
        """Yield packets as they arrive over the virtual radio."""
        assert self.wire is not None  # made above
        async with virtual_world([self.spec, *self._joined]) as world:
            self.world = world
            adverts = await _adverts(world)
            target, *joined = (
                Target(advert, get_profile(spec.profile), choose_options(get_profile(spec.profile), spec.options))
                for advert, spec in zip(adverts, (self.spec, *self._joined), strict=True)
            )
            self._source = source = LinkSource(
                target, self.wire, self.info, transport=world.transport, joined=joined, duration_s=self._stream_s
            )
            source.on_context = self.on_context
            tasks = [asyncio.ensure_future(self._script(world))] if self._script else []
            if self._duration_s is not None:
                asyncio.get_running_loop().call_later(self._duration_s, source.finish)
            packets = source.__aiter__()
            try:
                async for item in packets:
                    yield item
            finally:
                await packets.aclose()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


async def _adverts(world: World) -> list[Advert]:
    """Find all sensors of a world in one scan: the runner sets off without waiting for it."""
    wanted = [s.peripheral.address for s in world.sensors]
    found = await scan(world.transport, is_enough=lambda seen: {*wanted} <= {s.address for s in seen})
    adverts = []
    for address in wanted:
        sensor = choose(found, address)
        if sensor is None:
            raise missing(found, address, "imu")
        assert isinstance(sensor.handle, Advert)  # made by the scan
        adverts.append(sensor.handle)
    return adverts
