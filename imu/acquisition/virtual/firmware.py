"""What runs inside a virtual sensor: it measures the runner without pause, and sends while it is told to.

Samples lie on the sensor's own clock from switching on: what is measured while nobody listens is gone, and the stream
goes on where the runner is. `due` therefore never depends on how the link behaves.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from firmware_profiles import Counts, Reading
from imu.acquisition.profiles import get_profile, open_codec
from imu.acquisition.simulator import SimulatedRunner
from imu.constants import G_MPS2
from imu.types import FloatArray

if TYPE_CHECKING:
    from imu.acquisition.simulation import Simulation
    from imu.acquisition.virtual.peripheral import Entry, Peripheral

_SIG: Final = "0000{}-0000-1000-8000-00805f9b34fb"
BATTERY_SERVICE: Final = _SIG.format("180f")
BATTERY_LEVEL: Final = _SIG.format("2a19")
INFORMATION_SERVICE: Final = _SIG.format("180a")
FIRMWARE_REVISION: Final = _SIG.format("2a26")
_ATT_HEADER: Final = 3


class Motion:
    """The simulated runner's movement in the sensor's frame, sample by sample."""

    def __init__(self, simulation: Simulation) -> None:
        self.runner = SimulatedRunner(simulation)

    def take(self, n: int) -> FloatArray:
        """Return the next `n` samples in m/s2 and deg/s, shape (n, 6)."""
        return self.runner.codec.samples(Counts(self.runner.next_counts(n), None, None))


class SensorFirmware:
    """A sensor that streams.

    Parameters
    ----------
    motion : Motion
    profile_name : str
    options : dict
        What it is set to.
    packet_samples : int
        Samples in one packet.
    ppm : float
        How much faster its clock runs than the host's.
    first_tick : int
        Its device time when it is switched on; near the rollover in tests.
    streams_unasked : bool
        It sends as soon as somebody listens, as after another program's visit.
    acc_range_g : int or None
        Acceleration at which it clips; None = where its packets end.

    Attributes
    ----------
    sent, measured : int
        Samples handed to the radio, and measured in all.
    first_sent : int or None
        Number of the first sample that was sent since it was first told to, counted from switching on.
    hung, frozen : bool
        Sends nothing though connected; repeats its last sample.
    drops : callable or None
        Asked before each packet but the first: True = its queue is full, the packet is lost in the sensor.
    dropped : int
        Samples lost so.
    log : list of (int, bytes) or None
        Number of the first sample, and bytes, of each packet sent, for whoever wants to know; None = not kept.
    battery_pct : int
    """

    def __init__(
        self,
        motion: Motion,
        profile_name: str,
        options: dict[str, int],
        *,
        packet_samples: int,
        ppm: float = 0.0,
        first_tick: int = 0,
        streams_unasked: bool = False,
        acc_range_g: int | None = None,
    ) -> None:
        self.profile = get_profile(profile_name)
        self.codec = open_codec(self.profile, options)
        self.acc_range_g = acc_range_g
        self.packet_samples = packet_samples
        self.services: dict[str, Sequence[Entry]] = {}
        self.sent = self.measured = self.packets = 0
        self.first_sent: int | None = None
        self._asked = False
        self.hung = self.frozen = False
        self.drops: Callable[[], bool] | None = None
        self.dropped = 0
        self.log: list[tuple[int, bytes]] | None = None
        self.battery_pct = 87
        self.streaming = streams_unasked
        self._motion = motion
        self._ppm = ppm
        self._first_tick = first_tick
        self._last: FloatArray | None = None
        self._peripheral: Peripheral | None = None
        self._task: asyncio.Task[None] | None = None
        self._tick_s = self.profile.clock.tick_s or 1e-6
        self._tick_period = 2 ** (self.profile.clock.bits or 32)

    # -- what a peripheral calls -------------------------------------------------------------------------------------

    def attach(self, peripheral: Peripheral) -> None:
        """Remember the radio."""
        self._peripheral = peripheral

    def connected(self) -> None:
        """Nothing to do."""

    def disconnected(self) -> None:
        """Most sensors stop."""
        self.streaming = False

    def subscribed(self, uuid: str) -> None:
        """Nothing to do."""

    async def written(self, uuid: str, data: bytes) -> None:
        """Obey a command."""

    # -- measuring ---------------------------------------------------------------------------------------------------

    def switch_on(self) -> None:
        """Measure from now on."""
        self._task = asyncio.ensure_future(self._measure())

    async def switch_off(self) -> None:
        """Measure no more."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task  # raises what went wrong in it

    @property
    def runner(self) -> SimulatedRunner:
        """Who wears it."""
        return self._motion.runner

    @property
    def radio(self) -> Peripheral:
        """The peripheral that this runs in."""
        assert self._peripheral is not None  # attached when the peripheral is made
        return self._peripheral

    async def _measure(self) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        rate_hz = self.codec.sampling_rate_hz * (1.0 + self._ppm * 1e-6)
        while True:
            n = self.packet_samples
            due = start + (self.measured + n) / rate_hz
            await asyncio.sleep(max(0.0, due - loop.time()))
            samples = self._motion.take(n)[:, : self.codec.width]
            if self.acc_range_g is not None:
                limit = self.acc_range_g * G_MPS2
                samples[:, :3] = samples[:, :3].clip(-limit, limit)
            first = self.measured
            self.measured += n
            if self.frozen and self._last is not None:
                samples = np.repeat(self._last, n, axis=0)
            self._last = samples[-1:]
            if self.streaming and not self.hung:
                size = self.samples_that_fit()
                for at in range(0, n, size):
                    await self._send(samples[at : at + size], first + at)

    def samples_that_fit(self) -> int:
        """Return the samples in one packet, at most."""
        return self.packet_samples

    def start(self) -> None:
        """Send from the next packet on."""
        self.streaming = True
        if not self._asked:  # what went out unasked belongs to nobody
            self._asked = True
            self.first_sent = None

    async def _send(self, samples: FloatArray, first: int) -> None:
        stamped = first if self.profile.clock.stamps == "first" else first + len(samples) - 1
        ticks = self._first_tick + round(stamped / self.codec.sampling_rate_hz / self._tick_s)
        reading = Reading(samples, self.packets, ticks % self._tick_period)
        self.packets = (self.packets + 1) % 65536
        if self.first_sent is None:
            self.first_sent = first
        elif self.drops is not None and self.drops():
            self.dropped += len(samples)
            return
        all_sent = True
        for uuid, data in self.codec.encode(reading):
            if self.log is not None:
                self.log.append((first, data))
            all_sent = await self.radio.notify(uuid, data) and all_sent
        if all_sent:
            self.sent += len(samples)


class OpenPacketFirmware(SensorFirmware):
    """Our own packet: configuration with rate, ranges and a start byte."""

    def samples_that_fit(self) -> int:
        """As many as the connection's MTU allows."""
        room = self.radio.mtu - _ATT_HEADER - 8
        return max(1, min(self.packet_samples, room // 12))

    async def written(self, uuid: str, data: bytes) -> None:
        """Start or stop."""
        if uuid == self.profile.gatt.write and len(data) == 7:
            if data[6] == 1:
                self.packets = 0  # the counter begins with the stream
                self.start()
            else:
                self.streaming = False


class MovesenseFirmware(SensorFirmware):
    """GATT SensorData Protocol: subscribe to a path, unsubscribe by reference."""

    async def written(self, uuid: str, data: bytes) -> None:
        """Answer as the sample firmware does: nothing to a subscription that succeeds, a status to the rest."""
        if uuid != self.profile.gatt.write or len(data) < 2:
            return
        code, reference = data[0], data[1:2]
        if code == 0:
            await self._answer(reference + b"\x02" + b"174230000001\0Movesense\0")
        elif code == 1:
            self.start()
        elif code == 2:
            self.streaming = False
            await self._answer(reference + b"\xc8\x00")
        elif code == 4:
            said = self._resources().get(data[2:].rstrip(b"\0"))
            await self._answer(reference + (b"\x94\x01" if said is None else b"\xc8\x00" + bytes([said])))

    def _resources(self) -> dict[bytes, int]:
        """Return what can be asked for by its path; anything else is answered 404."""
        return {b"/System/Energy/Level": self.battery_pct, b"/Meas/Acc/Config": self.acc_range_g or 16}

    async def _answer(self, data: bytes) -> None:
        await self.radio.notify(self.profile.gatt.notify[0], b"\x01" + data)


class PolarFirmware(SensorFirmware):
    """Polar Measurement Data: a control point that answers by indication, data with the time of the last sample."""

    async def written(self, uuid: str, data: bytes) -> None:
        """Start and stop a measurement."""
        if uuid != self.profile.gatt.write or len(data) < 2:
            return
        operation = data[0]
        if operation == 2:
            self.start()
        elif operation == 3:
            self.streaming = False
        await self.radio.notify(uuid, bytes([0xF0, operation, data[1], 0, 0]))

    def disconnected(self) -> None:
        """Go on measuring, as an H10 does until it is told to stop."""


class WitMotionFirmware(SensorFirmware):
    """Streams from switching on; registers are written and read with five bytes."""

    def connected(self) -> None:
        """Stream whatever is asked for."""
        self.streaming = True

    def samples_that_fit(self) -> int:
        """Whole frames of 20 bytes, as many as the connection's MTU allows."""
        return max(1, min(self.packet_samples, (self.radio.mtu - _ATT_HEADER) // 20))

    async def written(self, uuid: str, data: bytes) -> None:
        """Answer the reading of registers."""
        if data[:3] == b"\xff\xaa\x27":
            reply = b"\x55\x71" + data[3:5] + (396).to_bytes(2, "little") + bytes(14)
            await self.radio.notify(self.profile.gatt.notify[0], reply)

    def disconnected(self) -> None:
        """Go on."""


class ContextFirmware(SensorFirmware):
    """A treadmill or a belt: one reading a second while somebody listens.

    Attributes
    ----------
    context : dict
        What it says; change it while it runs.
    """

    def __init__(self, profile_name: str, context: dict[str, float | list[float]]) -> None:
        self.profile = get_profile(profile_name)
        self.codec = open_codec(self.profile)
        self.context = context
        self.services = {}
        self.battery_pct = 61
        self.hung = self.streaming = False
        self.packets = 0
        self._peripheral = None
        self._task = None

    def subscribed(self, uuid: str) -> None:
        """Begin."""
        self.streaming = True

    async def _measure(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            if self.streaming and not self.hung:
                for uuid, data in self.codec.encode(Reading(context=dict(self.context))):
                    await self.radio.notify(uuid, data)
                    self.packets += 1
