"""A virtual sensor as a source: the world, the link and bleak run in the loop that reads it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine

from imu.acquisition.link import Target
from imu.acquisition.link_source import LinkSource, stream_info
from imu.acquisition.profiles import get_profile
from imu.acquisition.scan import find
from imu.acquisition.source import WireFormat
from imu.acquisition.transport import Advert
from imu.acquisition.virtual.warp import WarpLoop
from imu.acquisition.virtual.world import SensorSpec, World, virtual_world
from imu.types import LinkReport, LinkState, RawPacket, SampleBlock, StreamInfo

Script = Callable[[World], Coroutine[None, None, None]]


class VirtualSource:
    """The first of some virtual sensors, scanned for, connected and streamed with bleak.

    Parameters
    ----------
    spec : SensorSpec
    duration_s : float or None
        Time from the connection on after which the source ends; None = when it is stopped.
    stream_s : float or None
        The same from the first packet on.
    realtime : bool
        False = virtual time: as fast as the computer can.
    script : callable or None
        Runs beside the stream and makes trouble.
    """

    def __init__(
        self,
        spec: SensorSpec,
        *,
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
        async with virtual_world([self.spec]) as world:
            self.world = world
            found = await find(world.transport, world.sensors[0].peripheral.address)
            assert isinstance(found.handle, Advert)  # made by the scan
            profile = get_profile(self.spec.profile)
            target = Target(found.handle, profile, self.wire.options)
            self._source = source = LinkSource(
                target, self.wire, self.info, transport=world.transport, duration_s=self._stream_s
            )
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
