"""The link to one sensor, from the first connection to the last byte, over every loss in between.

::

    connect -> who are you -> subscribe -> init -> start -> stream -> stop -> disconnect
       ^                                                      |
       +---- back off, fresh scan, on_reconnect, epoch <------+ lost, silent

Every packet is delivered unchanged. Two things are left out, and counted: packets of an earlier stream that arrive
before this one is started (their settings are not known), and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from firmware_profiles import Action, FirmwareProfile
from firmware_profiles.model import Script
from imu.acquisition.conversation import BATTERY, Conversation
from imu.acquisition.profiles import open_codec
from imu.acquisition.transport import Advert, Connection, Transport
from imu.constants import NS_PER_S
from imu.errors import (
    DeviceError,
    DeviceLostError,
    DeviceNotFoundError,
    DevicePermissionError,
    NoAdapterError,
    WrongDeviceError,
)
from imu.types import LINK_RESTORED, LinkReport, LinkState, RawPacket

_log = logging.getLogger(__name__)

BACK_OFF_S: Final = (0.25, 0.5, 1.0, 2.0, 4.0)
_FIRST_ATTEMPTS: Final = 4
_GIVE_UP_S: Final = 1800.0
"""A runner may be out of range for a long lap; after half an hour the session ends with what it has."""
_FIND_S: Final = 10.0
_UNSEEN_S: Final = 5.0
"""A sensor that no scan has seen is given so long to connect: another one that has lost its link waits its turn."""
_FIRST_DATA_S: Final = 5.0
_SILENT_S: Final = 10.0
"""A connected sensor that sends nothing for so long is connected anew."""
_QUIET_S: Final = 0.3
_TICK_S: Final = 1.0
_BATTERY_EVERY_S: Final = 60.0
_STOP_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Target:
    """Which sensor, and how it is read.

    Attributes
    ----------
    advert : Advert
        From the scan.
    profile : FirmwareProfile
    options : dict
        What it is set to; all options of the profile.
    """

    advert: Advert
    profile: FirmwareProfile
    options: dict[str, int]

    @property
    def name(self) -> str:
        """For display."""
        return self.advert.name or self.advert.address

    def script(self, kind: Script) -> tuple[Action, ...]:
        """Return what to do for init, start, stop, battery or on_reconnect."""
        return self.profile.script(kind, **self.options)


Deliver = Callable[[RawPacket], None]


class Link:
    """Keeps one sensor streaming until it is cancelled.

    Attributes
    ----------
    report : LinkReport
        How it stands; replaced, never changed, so other threads may read it.
    """

    def __init__(self, transport: Transport, target: Target) -> None:
        self._transport = transport
        self._target = target
        self._codec = open_codec(target.profile, target.options)  # for answers; the decoder has its own
        self._advert = target.advert
        self._seen = True
        self._streamed = False
        self._open = False
        self._restored = False
        self._early_now = 0
        self._last_ns = 0
        self._data = asyncio.Event()
        self.report = LinkReport(
            LinkState.CONNECTING,
            name=target.name,
            rssi_dbm=target.advert.rssi_dbm,
            warnings=target.profile.about.warnings,
        )

    async def run(self, deliver: Deliver) -> None:
        """Deliver packets until cancelled.

        Raises
        ------
        DeviceError
            The sensor cannot be reached, or was not found again in half an hour; the message says what to do.
        """
        loop = asyncio.get_running_loop()
        attempt, lost_at = 0, None
        while True:
            streamed_before = self._streamed
            self._data.clear()
            try:
                await self._once(deliver)
                reason: DeviceError = DeviceLostError(f"The link to {self._target.name} broke.")
            except DeviceError as error:
                reason = error
            if self._data.is_set():  # it has streamed since the last loss
                attempt, lost_at = 0, loop.time()
            lost_at = loop.time() if lost_at is None else lost_at
            attempt += 1
            if self._is_final(reason, attempt, loop.time() - lost_at):
                self._tell(LinkState.FAILED, str(reason))
                raise reason
            _log.info("link to %s: %s (attempt %d)", self._target.name, reason, attempt)
            delay_s = BACK_OFF_S[min(attempt, len(BACK_OFF_S)) - 1]
            state = LinkState.RECONNECTING if self._streamed or streamed_before else LinkState.CONNECTING
            self._tell(state, f"{reason.message} Connecting again (attempt {attempt}).")
            await asyncio.sleep(delay_s)
            self._advert = await self._find_again(state, self._advert)

    def _is_final(self, reason: DeviceError, attempt: int, lost_s: float) -> bool:
        if isinstance(reason, (DevicePermissionError, WrongDeviceError)):
            return True
        if not self._streamed:
            return isinstance(reason, NoAdapterError) or attempt >= _FIRST_ATTEMPTS
        return lost_s > _GIVE_UP_S

    async def _find_again(self, state: LinkState, known: Advert) -> Advert:
        """Scan for the same device; the old object stands in where it does not advertise (the next try will tell)."""
        found = asyncio.get_running_loop().create_future()

        def seen(advert: Advert) -> None:
            if advert.address == known.address and not found.done():
                found.set_result(advert)

        with contextlib.suppress(DeviceError, TimeoutError):
            async with asyncio.timeout(_FIND_S), self._transport.scan(seen):
                advert: Advert = await found
                self._seen = True
                self.report = replace(self.report, rssi_dbm=advert.rssi_dbm)
                return replace(advert, name=advert.name or known.name)
        self._seen = False
        _log.info("%s was not seen in a scan (%s)", self._target.name, state.value)
        return known

    # -- one connection ----------------------------------------------------------------------------------------------

    async def _once(self, deliver: Deliver) -> None:
        """Connect and stream until the link is lost."""
        lost = asyncio.Event()
        self._open = False
        self._restored = self._streamed
        self._early_now = 0
        if not self._streamed:
            self._tell(LinkState.CONNECTING, f"Connecting to {self._target.name} ...")
        patience_s = None if self._seen else _UNSEEN_S
        connection = await self._transport.connect(self._advert, lost.set, patience_s=patience_s)
        conversation = Conversation(connection, self._codec, self._target.profile.gatt.indicate)
        try:
            await self._set_up(connection, conversation, deliver)
            await self._first_data(conversation, lost)
            await self._stream(conversation, lost)
        finally:
            await self._let_go(connection, conversation, lost)

    async def _set_up(self, connection: Connection, conversation: Conversation, deliver: Deliver) -> None:
        gatt = self._target.profile.gatt
        missing = [u for u in (*gatt.notify, *gatt.indicate) if u not in connection.characteristics]
        if missing:
            raise WrongDeviceError(
                f"{self._target.name} is not what the profile {self._target.profile.name} describes: it has no "
                f"characteristic {missing[0]}.",
                hint="Choose another profile (`stride profiles list`), or update its firmware.",
            )
        if not self._streamed:
            self.report = replace(self.report, firmware=await conversation.firmware())
        self._codec.reset()
        scripts = self._scripts()
        self._open = not any(scripts)
        for characteristic in (*gatt.indicate, *gatt.notify):
            await connection.subscribe(characteristic, self._receiver(characteristic, conversation, deliver))
        if not self._streamed:  # after a loss every second counts: the charge is asked for again later
            battery = await conversation.battery(self._target.script("battery"))
            self.report = replace(self.report, battery_pct=battery)
        if self._early_now and self._target.script("stop") and not self._streamed:
            await self._silence(conversation)
        last = max((i for i, script in enumerate(scripts) if script), default=-1)
        for i, script in enumerate(scripts):
            # Data of this stream may overtake the acknowledgement of the command that starts it.
            await conversation.run(script, self._open_gate if i == last else None)
        self._open = True

    def _scripts(self) -> list[tuple[Action, ...]]:
        again = self._target.script("on_reconnect") if self._streamed else ()
        return [again] if again else [self._target.script("init"), self._target.script("start")]

    def _open_gate(self) -> None:
        self._open = True

    async def _silence(self, conversation: Conversation) -> None:
        """Stop a stream that was there before: it has somebody else's settings."""
        await conversation.run(self._target.script("stop"))
        await asyncio.sleep(_QUIET_S)

    def _receiver(
        self, characteristic: str, conversation: Conversation, deliver: Deliver
    ) -> Callable[[int, bytes], None]:
        def arrived(t_ns: int, data: bytes) -> None:
            answer = conversation.heard(characteristic, data)
            if not self._open and not answer:
                self._early_now += 1
                self.report = replace(self.report, early=self.report.early + 1)
                return
            if not answer:
                self._last_ns = t_ns
                if not self._data.is_set():
                    self._begin(t_ns, deliver)
            # Answers are part of the record: some hold the factor that the samples are scaled with.
            deliver(RawPacket(t_ns, characteristic, data))

        return arrived

    def _begin(self, t_ns: int, deliver: Deliver) -> None:
        """Mark the first packet of a stream."""
        if self._restored:
            deliver(RawPacket(t_ns, LINK_RESTORED, b""))
            self.report = replace(self.report, reconnects=self.report.reconnects + 1)
        self._data.set()
        self._streamed = True
        self._tell(LinkState.STREAMING)

    async def _first_data(self, conversation: Conversation, lost: asyncio.Event) -> None:
        if await _either(self._data, lost, _FIRST_DATA_S):
            return
        conversation.check()
        raise DeviceLostError(
            f"{self._target.name} is connected but sends nothing.", hint="Switch it off and on, then try again."
        )

    async def _stream(self, conversation: Conversation, lost: asyncio.Event) -> None:
        """Watch the stream until the link is lost."""
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        battery = self._target.script("battery")
        while not lost.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK_S):
                    await lost.wait()
            silent_s = (self._transport.now_ns() - self._last_ns) / NS_PER_S
            if silent_s > _SILENT_S and not lost.is_set():
                raise DeviceLostError(f"{self._target.name} has sent nothing for {silent_s:.0f} s.")
            if loop.time() - asked_at > _BATTERY_EVERY_S and BATTERY not in self._target.profile.gatt.notify:
                asked_at = loop.time()
                self.report = replace(self.report, battery_pct=await conversation.battery(battery))

    async def _let_go(self, connection: Connection, conversation: Conversation, lost: asyncio.Event) -> None:
        """Stop the sensor if it can still be reached, and disconnect in any case."""
        try:
            if not lost.is_set():
                with contextlib.suppress(DeviceError, TimeoutError):
                    async with asyncio.timeout(_STOP_S):
                        await conversation.run(self._target.script("stop"))
        finally:
            self._open = False
            await connection.disconnect()

    def _tell(self, state: LinkState, detail: str = "") -> None:
        self.report = replace(self.report, state=state, detail=detail)


async def _either(wanted: asyncio.Event, unwanted: asyncio.Event, timeout_s: float) -> bool:
    """Wait for one of two events; True = the wanted one."""
    tasks = [asyncio.ensure_future(event.wait()) for event in (wanted, unwanted)]
    try:
        await asyncio.wait(tasks, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    return wanted.is_set()


def not_found(name: str) -> DeviceNotFoundError:
    """Say that the sensor did not advertise."""
    return DeviceNotFoundError(
        f"No sensor '{name}' was found.",
        hint="Wake it (move it, or press its button) and bring it near. A sensor that is connected elsewhere does not "
        "show: close the maker's app, also on phones.",
    )


async def look_at(transport: Transport, target: Target) -> float | None:
    """Connect for a moment and return the charge in percent, where the sensor says it.

    Raises
    ------
    DeviceError
        It cannot be reached.
    """
    connection = await transport.connect(target.advert, lambda: None)
    try:
        conversation = Conversation(connection, open_codec(target.profile, target.options))
        for characteristic in (*target.profile.gatt.indicate, *target.profile.gatt.notify):
            if target.script("battery") and characteristic in connection.characteristics:
                await connection.subscribe(characteristic, _listener(conversation, characteristic))
        return await conversation.battery(target.script("battery"))
    finally:
        await connection.disconnect()


def _listener(conversation: Conversation, characteristic: str) -> Callable[[int, bytes], None]:
    def arrived(_: int, data: bytes) -> None:
        conversation.heard(characteristic, data)

    return arrived
