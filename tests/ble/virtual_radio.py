"""A program's radio with virtual sensors around it, in virtual time: time passes only while somebody waits for it.

Whoever reads a sensor in a loop of its own keeps up: time does not pass before it has taken what has arrived. So what a
test does at some packet happens, for every reader, at that packet, however busy the machine is.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import selectors
import threading
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from imu.acquisition.radio import Radio
from imu.acquisition.virtual.peripheral import Entry, Peripheral
from imu.acquisition.virtual.world import SensorSpec, World, virtual_world

T = TypeVar("T")

_LONGEST_S = 4 * 3600.0
_HOPS = 3
"""Turns of a reader's loop from its being woken to its having read: the event, the waiting task, one to spare."""


class _GatedSelector(selectors.DefaultSelector):
    """Jumps to the next timer while there is work; waits in earnest while there is none."""

    now = 0.0
    busy = 0
    wanted = 1
    readers: tuple[asyncio.AbstractEventLoop, ...] = ()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.busy >= self.wanted:
            self.wanted = 1
        elif timeout != 0:
            return super().select(None)
        ready = super().select(0)
        if not ready and timeout:
            self.readers = tuple(reader for reader in self.readers if not reader.is_closed())
            for reader in self.readers:
                _let_read(reader)
            ready = super().select(0)  # a reader may have answered
        if not ready and timeout:
            self.now += timeout
            assert self.now < _LONGEST_S, "somebody waits for what never comes"
        return ready


def _let_read(reader: asyncio.AbstractEventLoop) -> None:
    """Wait until another thread's loop has done what it was woken for."""
    done = threading.Event()

    def hop(left: int) -> None:
        if left:
            reader.call_soon(hop, left - 1)
        else:
            done.set()

    with contextlib.suppress(RuntimeError):  # it has closed
        reader.call_soon_threadsafe(hop, _HOPS)
        while not done.wait(0.01) and not reader.is_closed():
            pass


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

    def together(self, works: int) -> None:
        """Let no time pass before so many sessions run at once: none begins earlier because its thread is quicker."""
        self._gated.gate.wanted = works

    def submit(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        try:
            reader = asyncio.get_running_loop()
        except RuntimeError:  # a thread without a loop waits for the result
            reader = None
        return super().submit(self._counted(work, reader))

    def close(self) -> None:
        """Switch all sensors off, then end the thread."""
        self.call(self._stack.aclose())
        super().close()

    async def _counted(self, work: Coroutine[Any, Any, T], reader: asyncio.AbstractEventLoop | None) -> T:
        gate = self._gated.gate
        gate.busy += 1
        if reader is not None:
            gate.readers = (*gate.readers, reader)
        try:
            return await work
        finally:
            gate.busy -= 1

    async def _enter(self, specs: list[SensorSpec], phones: Sequence[str]) -> None:
        self.world = await self._stack.enter_async_context(virtual_world(specs))
        for number, name in enumerate(phones):
            phone = Peripheral(self.world.air, _Phone(), name=name, address=f"E0:E1:E2:E3:E4:{number:02X}")
            await phone.power_on()
            self._stack.push_async_callback(phone.power_off)
