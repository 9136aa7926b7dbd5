"""The one thread in which Bluetooth lives: one event loop for the life of the program, shared by all sensors.

bleak wants it so: its objects belong to the loop that made them (a device found by a scan is connected in the same
loop), and on Windows to a thread without a window. Analysis runs elsewhere, so that no packet waits for it.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from imu.acquisition.transport import Transport

T = TypeVar("T")

_LAG_EVERY_S: Final = 0.05
_LAG_KEPT_S: Final = 5.0
_LOOK_S: Final = 0.2


class Radio:
    """A thread with an event loop, and the transport that lives in it.

    Parameters
    ----------
    make_transport : callable
        Called in the thread, once.
    loop : event loop or None
        Another one than the system's: of virtual time, for tests.
    """

    def __init__(
        self, make_transport: Callable[[], Transport], *, loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        self._make_transport = make_transport
        self._transport: Transport | None = None
        self._loop = loop or asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="stride-radio", daemon=True)
        self._lags: deque[tuple[float, float]] = deque(maxlen=round(_LAG_KEPT_S / _LAG_EVERY_S))
        self._thread.start()

    @property
    def transport(self) -> Transport:
        """For code that runs in the radio's own loop."""
        if self._transport is None:
            self._transport = self._make_transport()
        return self._transport

    def submit(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Run in the radio's loop; cancel the future to cancel the work."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run in the radio's loop and wait for the result; an interrupt cancels the work."""
        future = self.submit(work)
        try:
            while not concurrent.futures.wait([future], _LOOK_S).done:
                pass  # Windows lets Ctrl-C through between two waits only
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        """End the thread and its loop; the program's own radio lives as long as the program."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    @property
    def lag_s(self) -> float:
        """Longest time that the loop came late in the last 5 s: what a packet may have waited for its stamp."""
        since = time.perf_counter() - _LAG_KEPT_S
        return max((late for at, late in list(self._lags) if at >= since), default=0.0)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.create_task(self._measure())
        self._loop.run_forever()

    async def _measure(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(_LAG_EVERY_S)
            now = time.perf_counter()
            self._lags.append((now, max(0.0, now - before - _LAG_EVERY_S)))


_shared: list[Radio] = []
_lock = threading.Lock()


def shared_radio() -> Radio:
    """Return the program's radio; started at the first call."""

    def make() -> Transport:
        from imu.acquisition.ble import BleakTransport

        return BleakTransport()

    with _lock:
        if not _shared:
            _shared.append(Radio(make))
        return _shared[0]
