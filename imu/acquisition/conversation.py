"""What is said to a connected sensor: who are you, how full, do this script; and its answers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Final

from firmware_profiles import Action, Codec, Patch, Read, Reply, Wait, Write
from imu.acquisition.transport import Connection
from imu.errors import DeviceError, DeviceLostError, WrongDeviceError

_log = logging.getLogger(__name__)

_SIG: Final = "0000{}-0000-1000-8000-00805f9b34fb"
BATTERY: Final = _SIG.format("2a19")
FIRMWARE: Final = _SIG.format("2a26")
"""Assigned numbers of the Bluetooth SIG: Battery Level, Firmware Revision String."""

_ANSWER_S: Final = 2.0
_IDENTIFY_S: Final = 5.0


class Conversation:
    """Runs scripts over one connection, one command at a time.

    Parameters
    ----------
    connection : Connection
    codec : Codec
        Tells answers from data.
    control_points : collection of str
        Characteristics that answer what is written to them, by indication.
    """

    def __init__(self, connection: Connection, codec: Codec, control_points: Sequence[str] = ()) -> None:
        self._connection = connection
        self._codec = codec
        self._control_points = frozenset(control_points)
        self._answered = asyncio.Event()
        self._refusal: Reply | None = None
        self.battery_pct: float | None = None

    def heard(self, characteristic: str, data: bytes) -> bool:
        """Tell whether these bytes were an answer, not data; what it said is kept."""
        reply = self._codec.reply(characteristic, data)
        if reply is None:
            return False
        if not reply.ok:
            self._refusal = reply
        battery = reply.values.get("battery_pct")
        if isinstance(battery, (int, float)):
            self.battery_pct = float(battery)
        self._answered.set()
        return True

    async def firmware(self) -> str:
        """Return the firmware revision; empty where the sensor does not say."""
        data = await self._maybe(FIRMWARE)
        return data.decode("utf-8", "replace").strip("\0 ") if data else ""

    async def battery(self, script: Sequence[Action]) -> float | None:
        """Return the charge in percent, by the profile's way, else the standard one; None = it does not say."""
        if script:
            try:
                await self.run(script)
                asks = any(isinstance(action, (Write, Patch)) for action in script)
                async with asyncio.timeout(_ANSWER_S if asks else 0.0):  # what is read is there already
                    while self.battery_pct is None:
                        self._answered.clear()
                        await self._answered.wait()
            except (DeviceError, TimeoutError) as error:
                _log.info("no battery level: %s", error)
        elif (data := await self._maybe(BATTERY)) and data[0] <= 100:
            self.battery_pct = float(data[0])
        return self.battery_pct

    async def run(self, script: Sequence[Action], before_last: Callable[[], None] | None = None) -> None:
        """Do the actions in order; `before_last` is called just before the last write.

        Raises
        ------
        WrongDeviceError
            The sensor refuses a command.
        DeviceError
            It does not answer, or is gone.
        """
        writes = [i for i, action in enumerate(script) if isinstance(action, (Write, Patch))]
        for number, action in enumerate(script):
            if before_last is not None and writes and number == writes[-1]:
                before_last()
            if isinstance(action, Wait):
                await asyncio.sleep(action.seconds)
            elif isinstance(action, Read):
                self.heard(action.characteristic, await self._connection.read(action.characteristic))
            elif isinstance(action, Patch):
                value = bytearray(await self._connection.read(action.characteristic))
                for offset, data in action.edits:
                    value[offset : offset + len(data)] = data
                await self._connection.write(action.characteristic, bytes(value), response=True)
            else:
                await self._write(action)
            self.check()

    def check(self) -> None:
        """Raise if the sensor has refused something."""
        refusal, self._refusal = self._refusal, None
        if refusal is not None:
            raise WrongDeviceError(
                f"The sensor refuses its settings: {refusal.text}.",
                hint="Choose another rate or range, or the profile for its firmware.",
            )

    async def _write(self, action: Write) -> None:
        self._answered.clear()
        await self._connection.write(action.characteristic, action.data, response=action.response)
        if action.characteristic in self._control_points:
            try:
                async with asyncio.timeout(_ANSWER_S):
                    await self._answered.wait()
            except TimeoutError:
                raise DeviceLostError(
                    "The sensor does not answer a command.", hint="Switch it off and on, then try again."
                ) from None

    async def _maybe(self, characteristic: str) -> bytes | None:
        """Read what not every sensor has."""
        if characteristic not in self._connection.characteristics:
            return None
        with contextlib.suppress(DeviceError, TimeoutError):
            async with asyncio.timeout(_IDENTIFY_S):
                return await self._connection.read(characteristic)
        return None
