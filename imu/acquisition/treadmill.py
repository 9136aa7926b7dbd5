"""Treadmills, heart-rate belts and foot pods beside a movement sensor: what they say joins the session as it comes.

Their readings have their own time, that of their arrival: they come once a second and describe the last second or two.
A device that falls silent says nothing any more: its last value is not kept alive.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from firmware_profiles import FormatError
from imu.acquisition.link import Link, Target
from imu.acquisition.profiles import open_codec
from imu.acquisition.transport import Transport
from imu.constants import NS_PER_S
from imu.errors import DeviceError
from imu.types import RawPacket

_log = logging.getLogger(__name__)

SILENT_S: Final = 10.0
_AGAIN_S: Final = 30.0

OnContext = Callable[[Mapping[str, float | None]], None]
"""Called with what a device said last: speed_mps, incline_pct, heart_rate_bpm, cadence_spm ...; None = no longer."""


class ContextFeed:
    """Keeps one such device linked until it is cancelled; it never ends a session.

    Parameters
    ----------
    target : Target
    on_context : callable
        Called in the radio's loop.
    """

    def __init__(self, target: Target, on_context: OnContext) -> None:
        self._target = target
        self._on_context = on_context
        self._codec = open_codec(target.profile, target.options)
        self._told: set[str] = set()
        self._last_ns = 0
        self._trouble = ""

    @property
    def unreached(self) -> str:
        """Name of the device where the last try failed and it has said nothing since; else empty."""
        return self._target.name if self._trouble else ""

    async def run(self, transport: Transport) -> None:
        """Run until cancelled."""
        watch = asyncio.ensure_future(self._watch(transport))
        try:
            while True:
                self._codec.reset()
                try:
                    await Link(transport, self._target).run(self._take)
                except DeviceError as error:
                    self._say(error)
                await asyncio.sleep(_AGAIN_S)
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch

    def _say(self, error: DeviceError) -> None:
        """Log what is wrong: as a warning once, until the device has spoken again."""
        said, name = str(error), self._target.name
        level = logging.INFO if said == self._trouble else logging.WARNING
        self._trouble = said
        _log.log(level, "%s", said if name in said else f"{name}: {said}")

    def _take(self, packet: RawPacket) -> None:
        if not packet.payload:  # the link is back: nothing to decode
            return
        try:
            readings = self._codec.decode(packet.characteristic, packet.payload)
        except FormatError as error:
            _log.info("%s: %s", self._target.name, error)
            return
        for reading in readings:
            said = {k: v for k, v in reading.context.items() if isinstance(v, (int, float))}
            if said:
                self._last_ns = packet.t_arrival_ns
                self._trouble = ""
                self._told |= said.keys()
                self._on_context(said)

    async def _watch(self, transport: Transport) -> None:
        while True:
            await asyncio.sleep(1.0)
            silent_s = (transport.now_ns() - self._last_ns) / NS_PER_S
            if self._told and silent_s > SILENT_S:
                self._on_context(dict.fromkeys(self._told))
                self._told.clear()


class Keeper(Protocol):
    """A sensor of the run."""

    linked: bool


class Feeds:
    """What joins a run: linked while one of its sensors is, whichever that is.

    Parameters
    ----------
    targets : sequence of Target

    Attributes
    ----------
    keepers : tuple of Keeper
        Sensors that share them; replaced, never changed.
    on_context : callable or None
        Called in the radio's loop.
    """

    def __init__(self, targets: Sequence[Target], keeper: Keeper) -> None:
        self.keepers: tuple[Keeper, ...] = (keeper,)
        self.on_context: OnContext | None = None
        self._targets = targets
        self._feeds: tuple[ContextFeed, ...] = ()
        self._running: list[asyncio.Future[None]] = []

    @property
    def unreached(self) -> tuple[str, ...]:
        """Names of those that cannot be linked at present; they are tried again and again."""
        return tuple(name for feed in self._feeds if (name := feed.unreached))

    def open(self, transport: Transport) -> None:
        """Begin to link them, unless that has begun; call it in the radio's loop."""
        if not self._running:
            self._feeds = tuple(ContextFeed(target, self._tell) for target in self._targets)
            self._running = [asyncio.ensure_future(feed.run(transport)) for feed in self._feeds]

    async def close_if_left(self) -> None:
        """Let go of them where no sensor is linked any more; returns when that is done."""
        if any(keeper.linked for keeper in self.keepers):
            return
        running, self._running = self._running, []
        for feed in running:
            feed.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _tell(self, said: Mapping[str, float | None]) -> None:
        if self.on_context is not None:
            self.on_context(said)
