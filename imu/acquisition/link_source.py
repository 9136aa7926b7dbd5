"""A linked sensor as a source of packets: the link runs in the radio's loop, the packets are read in another."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from imu.acquisition.link import Link, Target
from imu.acquisition.profiles import open_codec
from imu.acquisition.source import WireFormat
from imu.acquisition.treadmill import Feeds, OnContext
from imu.errors import ProfileError
from imu.types import LinkReport, RawPacket, SampleBlock, StreamInfo

if TYPE_CHECKING:
    from imu.acquisition.radio import Radio
    from imu.acquisition.transport import Transport

_END_S: Final = 20.0


def stream_info(target: Target) -> StreamInfo:
    """Describe a sensor's stream before it begins.

    Raises
    ------
    ProfileError
        The profile describes no movement.
    """
    codec = open_codec(target.profile, target.options)
    if codec.width == 0:
        raise ProfileError(
            f"{target.name} measures no movement: it can only join a movement sensor.",
            hint="Connect a movement sensor, and this one with --treadmill or --heart-rate.",
        )
    return StreamInfo(codec.sampling_rate_hz, codec.width, codec.acc_range_g, name=target.name)


class LinkSource:
    """Packets of one sensor, in order of arrival.

    Parameters
    ----------
    target : Target
    wire : WireFormat
    info : StreamInfo
    transport : Transport or None
        In whose loop the source is read; None = the radio's.
    radio : Radio or None
        The thread in which the link runs.
    joined : sequence of Target
        Treadmill, belt, pod: linked for as long as the sensor is, or one that shares them.
    duration_s : float or None
        Time after the first packet at which the stream ends; None = when it is stopped.

    Attributes
    ----------
    linked : bool
        Whether its link is being kept; changes in the radio's loop.
    """

    def __init__(
        self,
        target: Target,
        wire: WireFormat,
        info: StreamInfo,
        *,
        transport: Transport | None = None,
        radio: Radio | None = None,
        joined: Sequence[Target] = (),
        duration_s: float | None = None,
    ) -> None:
        self.info = info
        self.wire: WireFormat | None = wire
        self._target = target
        self._radio = radio
        self._transport = transport
        self._feeds = Feeds(joined, self)
        self._heard: tuple[Feeds, ...] = (self._feeds,)
        self._duration_s = duration_s
        self.linked = False
        self._link: Link | None = None
        self._finished = False
        self._awake = asyncio.Event()

    @property
    def on_context(self) -> OnContext | None:
        """Called in the radio's loop with what joined devices say."""
        return self._feeds.on_context

    @on_context.setter
    def on_context(self, tell: OnContext | None) -> None:
        self._feeds.on_context = tell

    @property
    def unreached(self) -> tuple[str, ...]:
        """Names of the joined devices that cannot be linked at present."""
        return self._feeds.unreached

    def share(self, other: LinkSource) -> None:
        """Keep what joins this sensor until another of the same radio has ended, too; any thread may call it."""
        if self._feeds not in other._heard:
            other._heard = (*other._heard, self._feeds)  # first: whoever keeps them looks whether it was the last
            self._feeds.keepers = (*self._feeds.keepers, other)

    def finish(self) -> None:
        """End the stream; call it in the loop that reads it."""
        self._finished = True
        self._awake.set()

    @property
    def report(self) -> LinkReport | None:
        """How the link stands; None before the first attempt."""
        return None if self._link is None else self._link.report

    @property
    def loop_lag_s(self) -> float | None:
        """How late the radio's loop came at most in the last seconds; None where the link has no loop of its own."""
        return None if self._radio is None else self._radio.lag_s

    async def __aiter__(self) -> AsyncGenerator[RawPacket | SampleBlock, None]:
        """Yield packets as they arrive, until the link fails for good; ends the link in any case.

        Raises
        ------
        DeviceError
            The sensor cannot be reached.
        """
        waiting: deque[RawPacket] = deque()
        awake = self._awake
        wake = self._waker(awake)
        begun = False

        def end() -> None:
            self._finished = True
            wake()

        def deliver(packet: RawPacket) -> None:
            nonlocal begun
            if self._finished:
                return
            if not begun and self._duration_s is not None:
                asyncio.get_running_loop().call_later(self._duration_s, end)
            begun = True
            waiting.append(packet)
            wake()

        ended: concurrent.futures.Future[None] = concurrent.futures.Future()
        work = self._run(deliver, ended)
        if self._radio is None:
            task: asyncio.Future[Any] = asyncio.ensure_future(work)
        else:
            task = asyncio.wrap_future(self._radio.submit(work))
        task.add_done_callback(lambda _: awake.set())
        try:
            while True:
                await awake.wait()
                awake.clear()
                finished = self._finished  # looked at first: nothing is delivered after it
                while waiting:
                    yield waiting.popleft()
                if finished:
                    return
                if task.done():
                    task.result()
                    return
        finally:
            await _end(task, ended)

    async def _run(self, deliver: Callable[[RawPacket], None], ended: concurrent.futures.Future[None]) -> None:
        try:
            transport = self._transport or (self._radio.transport if self._radio else None)
            assert transport is not None  # one of the two is given
            self._link = Link(transport, self._target)
            self.linked = True
            for feeds in self._heard:
                feeds.open(transport)
            try:
                await self._link.run(deliver)
            finally:
                self.linked = False
                for feeds in self._heard:
                    await feeds.close_if_left()
        finally:
            ended.set_result(None)

    def _waker(self, awake: asyncio.Event) -> Callable[[], None]:
        if self._radio is None:
            return awake.set
        loop = asyncio.get_running_loop()

        def wake() -> None:
            if not awake.is_set():  # a burst wakes once
                with contextlib.suppress(RuntimeError):  # the reader's loop has closed meanwhile
                    loop.call_soon_threadsafe(awake.set)

        return wake


async def _end(task: asyncio.Future[Any], ended: concurrent.futures.Future[None]) -> None:
    """Cancel the link, and wait until it has stopped the sensor and let go of it."""
    task.cancel()  # returns before the other loop has done it
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_END_S):
            await asyncio.wrap_future(ended)
    with contextlib.suppress(asyncio.CancelledError, Exception):
        await task
