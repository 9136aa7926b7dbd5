"""A program's radio with virtual sensors around it, in virtual time: time passes only while somebody waits for it."""

from __future__ import annotations

import asyncio
import concurrent.futures
import selectors
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from imu.acquisition.radio import Radio
from imu.acquisition.virtual.peripheral import Entry, Peripheral
from imu.acquisition.virtual.world import SensorSpec, World, virtual_world

T = TypeVar("T")

_LONGEST_S = 4 * 3600.0


class _GatedSelector(selectors.DefaultSelector):
    """Jumps to the next timer while there is work; waits in earnest while there is none."""

    now = 0.0
    busy = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if not self.busy and timeout != 0:
            return super().select(None)
        ready = super().select(0)
        if not ready and timeout:
            self.now += timeout
            assert self.now < _LONGEST_S, "somebody waits for what never comes"
        return ready


class _GatedLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.gate = _GatedSelector()
        super().__init__(self.gate)

    def time(self) -> float:
        return self.gate.now


class _Phone:
    """A device that no profile fits."""

    def __init__(self) -> None:
        self.services: dict[str, Sequence[Entry]] = {}

    def attach(self, peripheral: Peripheral) -> None: ...
    def connected(self) -> None: ...
    def disconnected(self) -> None: ...
    def subscribed(self, uuid: str) -> None: ...
    async def written(self, uuid: str, data: bytes) -> None: ...


class VirtualRadio(Radio):
    """What `imu.acquisition.radio.shared_radio` gives a program, with these sensors (and phones) in range."""

    world: World

    def __init__(self, specs: Sequence[SensorSpec] = (), phones: Sequence[str] = ()) -> None:
        self._gated = _GatedLoop()
        self._stack = AsyncExitStack()
        super().__init__(lambda: self.world.transport, loop=self._gated)
        self.call(self._enter(list(specs), phones))

    def submit(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        self._gated.gate.busy += 1
        return super().submit(self._counted(work))

    def close(self) -> None:
        """Switch all sensors off, then end the thread."""
        self.call(self._stack.aclose())
        super().close()

    async def _counted(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return await work
        finally:
            self._gated.gate.busy -= 1

    async def _enter(self, specs: list[SensorSpec], phones: Sequence[str]) -> None:
        self.world = await self._stack.enter_async_context(virtual_world(specs))
        for number, name in enumerate(phones):
            phone = Peripheral(self.world.air, _Phone(), name=name, address=f"E0:E1:E2:E3:E4:{number:02X}")
            await phone.power_on()
            self._stack.push_async_callback(phone.power_off)
