"""What the link needs of a radio: scan, connect, read, write, subscribe. Implemented by `ble` with bleak.

Everything happens in one asyncio loop; callbacks are plain functions, called in that loop, in order of arrival.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

OnData = Callable[[int, bytes], None]
"""Called with the host time of arrival in nanoseconds, and the bytes."""


@dataclass(frozen=True, slots=True)
class Advert:
    """A device as it advertised itself.

    Attributes
    ----------
    handle : object
        What the radio needs to connect: more than an address on some systems.
    address : str
        On macOS an identifier that only this computer knows.
    name : str or None
        None until the device has sent it: it may come in a second advertisement.
    services, company_ids : tuple
        Advertised service UUIDs (128 bits, lower case) and manufacturers.
    rssi_dbm : int or None
    """

    handle: object
    address: str
    name: str | None
    services: tuple[str, ...] = ()
    company_ids: tuple[int, ...] = ()
    rssi_dbm: int | None = None


class Connection(Protocol):
    """An open connection. Commands are serialised and end after some seconds, answered or not."""

    @property
    def characteristics(self) -> frozenset[str]:
        """UUIDs that the device has."""

    async def read(self, characteristic: str) -> bytes:
        """Return the value."""

    async def write(self, characteristic: str, data: bytes, *, response: bool) -> None:
        """Write the value; with `response`, return when the device has acknowledged it."""

    async def subscribe(self, characteristic: str, on_data: OnData) -> None:
        """Call back for every notification or indication from now on."""

    async def disconnect(self) -> None:
        """Let go of the device; also needed after it has gone by itself. Never raises."""


class Transport(Protocol):
    """A radio.

    All methods raise `DeviceError` or one of its kinds, and nothing else that is foreseeable.
    """

    def now_ns(self) -> int:
        """Host clock that stamps arrivals."""

    def scan(self, on_advert: Callable[[Advert], None]) -> AbstractAsyncContextManager[None]:
        """Listen while the context is open."""

    async def held(self) -> list[Advert]:
        """Return devices that this computer is connected to already, but not through here; empty = not known."""

    async def connect(
        self, advert: Advert, on_lost: Callable[[], None], *, patience_s: float | None = None
    ) -> Connection:
        """Connect, one device at a time; `on_lost` is called once when the connection has ended, for whatever reason.

        `patience_s` is how long at most, once it is this device's turn; None = as long as a connection may take.
        """
