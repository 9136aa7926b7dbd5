"""What can go wrong between a sensor and the computer, each with what is lost by it; used by tests and by the table."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from imu.acquisition.simulation import Simulation
from imu.acquisition.virtual.firmware import Motion, SensorFirmware
from imu.acquisition.virtual.source import VirtualSource
from imu.acquisition.virtual.world import SensorSpec, World
from imu.errors import DecodeError, ImuError
from imu.pipeline import Pipeline
from imu.settings import Settings
from imu.types import LinkReport, RawPacket, SampleBlock, Step

RUNNER = Simulation(standing_s=2.5, walking_s=0.0, seed=3)
DURATION_S = 20.0
TROUBLE_S = 12.0

Script = Callable[[World], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Fault:
    """One trouble.

    Attributes
    ----------
    name : str
    script : callable or None
        Makes it, while the stream runs.
    firmware : dict
        Sensor that has it from the start.
    max_mtu, interval_s, duration_s
        Of the link and of the run.
    """

    name: str
    script: Script | None = None
    firmware: dict[str, Any] = field(default_factory=dict)
    max_mtu: int = 247
    duration_s: float = DURATION_S
    interval_s: float | None = None


@dataclass
class Outcome:
    """What came out of one run."""

    packets: list[RawPacket]
    blocks: list[SampleBlock]
    steps: list[Step]
    decoder: Any
    firmware: SensorFirmware
    report: LinkReport
    overflowed: int
    error: str = ""

    @property
    def received(self) -> int:
        return sum(len(b.samples) for b in self.blocks)

    @property
    def lost(self) -> int:
        return sum(b.gap_before for b in self.blocks)

    @property
    def gaps_s(self) -> list[tuple[float, float]]:
        rate = self.firmware.codec.sampling_rate_hz
        return [((b.start_index - b.gap_before) / rate, b.start_index / rate) for b in self.blocks if b.gap_before]


def run(profile: str, fault: Fault, options: dict[str, int] | None = None, runner: Simulation = RUNNER) -> Outcome:
    """Stream a virtual sensor with one fault, in virtual time, through decoder and pipeline."""
    spec = SensorSpec(
        profile, runner, options or {}, firmware=fault.firmware, max_mtu=fault.max_mtu, interval_s=fault.interval_s
    )
    source = VirtualSource(spec, duration_s=fault.duration_s, realtime=False, script=fault.script)
    assert source.wire is not None
    decoder = source.wire.decoder(source.info.sampling_rate_hz)
    settings = Settings().with_suggestions(runner.suggested())
    pipeline = Pipeline(settings, source.info)
    packets: list[RawPacket] = []
    blocks: list[SampleBlock] = []
    steps: list[Step] = []

    async def main() -> str:
        try:
            async for item in source:
                assert isinstance(item, RawPacket)
                packets.append(item)
                try:
                    new = decoder.push(item)
                except DecodeError:
                    continue
                blocks.extend(new)
                for block in new:
                    steps.extend(pipeline.push(block))
        except ImuError as error:
            return str(error)
        return ""

    assert source.loop_factory is not None
    with asyncio.Runner(loop_factory=source.loop_factory) as loop:
        error = loop.run(main())
    for block in decoder.flush():
        blocks.append(block)
        steps.extend(pipeline.push(block))
    steps.extend(pipeline.flush())
    assert source.world is not None
    sensor = source.world.sensors[0]
    return Outcome(packets, blocks, steps, decoder, sensor.firmware, source.report, sensor.peripheral.overflowed, error)


def truth(outcome: Outcome, runner: Simulation = RUNNER) -> np.ndarray:
    """Every sample that the sensor has measured since the first one that it sent."""
    from dataclasses import replace

    firmware = outcome.firmware
    motion = Motion(replace(runner, sampling_rate_hz=firmware.codec.sampling_rate_hz))
    return motion.take(firmware.measured)[firmware.first_sent or 0 :, : firmware.codec.width]


def near_a_gap(step: Step, outcome: Outcome, margin_s: float = 1.0) -> bool:
    """Whether samples are missing within a second of the step."""
    return any(start - margin_s <= step.ic_s <= stop + margin_s for start, stop in outcome.gaps_s)


def steps_affected(outcome: Outcome, whole: Outcome) -> int:
    """Steps of the undisturbed run that are missing, flagged or different after the fault."""
    end_s = outcome.blocks[-1].stop_index / outcome.firmware.codec.sampling_rate_hz - 1.0
    return sum(
        (other := same_step(outcome.steps, s)) is None or other.quality != s.quality or not alike(s, other)
        for s in whole.steps
        if s.ic_s < end_s
    )


def same_step(steps: list[Step], step: Step) -> Step | None:
    """The step of another run that began at the same moment."""
    nearest = min(steps, key=lambda s: abs(s.ic_s - step.ic_s), default=None)
    return nearest if nearest is not None and abs(nearest.ic_s - step.ic_s) < 0.01 else None


def alike(a: Step, b: Step) -> bool:
    """Equal but for what the tracked direction of gravity has missed: a millisecond, 0.03 g."""
    pairs = [(a.ic_s, b.ic_s, 1e-3), (a.tc_s, b.tc_s, 1e-3), (a.load_peak_g, b.load_peak_g, 0.03)]
    pairs.append((a.shock_peak_g, b.shock_peak_g, 0.03))
    close = all(x is y or (x is not None and y is not None and abs(x - y) < by) for x, y, by in pairs)
    return close and a.side is b.side and a.activity is b.activity


# -- the troubles ----------------------------------------------------------------------------------------------------


def mangled(change: Callable[[int, bytes], list[tuple[float, bytes]]]) -> Script:
    async def script(world: World) -> None:
        world.sensors[0].weather.mangle = change

    return script


def lose(number: int, value: bytes) -> list[tuple[float, bytes]]:
    return [] if number in {200, 300, 301, 302} else [(0.0, value)]


def double(number: int, value: bytes) -> list[tuple[float, bytes]]:
    return [(0.0, value)] * (2 if number % 7 == 0 else 1)


def delay_one(number: int, value: bytes) -> list[tuple[float, bytes]]:
    return [(0.13 if number == 250 else 0.0, value)]


def flip_a_bit(number: int, value: bytes) -> list[tuple[float, bytes]]:
    # in the counter: the device time shows that it cannot be
    return [(0.0, value[:3] + bytes([value[3] ^ 0x10]) + value[4:] if number == 250 else value)]


def cut_short(number: int, value: bytes) -> list[tuple[float, bytes]]:
    return [(0.0, value[:50] if number == 250 else value)]


class Bunch:
    """Twelve notifications at a time."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def __call__(self, number: int, value: bytes) -> list[tuple[float, bytes]]:
        self.held.append(value)
        if len(self.held) < 12:
            return []
        out, self.held = [(0.0, v) for v in self.held], []
        return out


async def bunch(world: World) -> None:
    world.sensors[0].weather.mangle = Bunch()


async def slow_interval(world: World) -> None:
    await asyncio.sleep(6.0)
    world.sensors[0].weather.interval_s = 0.1
    await asyncio.sleep(4.0)
    world.sensors[0].weather.interval_s = 0.4  # 15 packets a second: less than the 26 that are made
    await asyncio.sleep(4.0)
    world.sensors[0].weather.interval_s = 0.03


async def drop_link(world: World) -> None:
    await asyncio.sleep(TROUBLE_S)
    await world.sensors[0].peripheral.drop()


async def drop_twice(world: World) -> None:
    await asyncio.sleep(TROUBLE_S - 4.0)
    await world.sensors[0].peripheral.drop()
    await asyncio.sleep(5.0)
    await world.sensors[0].peripheral.drop()


async def out_of_range(world: World) -> None:
    await asyncio.sleep(8.0)
    world.sensors[0].leave_range()
    await asyncio.sleep(5.0)
    world.sensors[0].return_to_range()


async def freeze(world: World) -> None:
    await asyncio.sleep(TROUBLE_S)
    world.sensors[0].firmware.frozen = True
    await asyncio.sleep(1.5)
    world.sensors[0].firmware.frozen = False


async def fall_silent(world: World) -> None:
    await asyncio.sleep(5.0)
    world.sensors[0].firmware.hung = True
    await asyncio.sleep(11.0)
    world.sensors[0].firmware.hung = False


async def go_deaf(world: World) -> None:
    world.sensors[0].peripheral.deaf = True


FAULTS = [
    Fault("lost notifications", mangled(lose)),
    Fault("duplicated notifications", mangled(double)),
    Fault("a late notification", mangled(delay_one)),
    Fault("bunched notifications", bunch),
    Fault("slow connection interval", slow_interval),
    Fault("23-byte MTU", max_mtu=23),
    Fault("a flipped bit", mangled(flip_a_bit)),
    Fault("a truncated notification", mangled(cut_short)),
    Fault("disconnect, reconnect", drop_link),
    Fault("disconnect twice", drop_twice),
    Fault("out of range for 5 s", out_of_range),
    Fault("silent for 11 s", fall_silent, duration_s=24.0),
    Fault("frozen for 1.5 s", freeze),
    Fault("streams before it is started", firmware={"streams_unasked": True}, interval_s=0.03),
    Fault("clock 200 ppm fast", firmware={"ppm": 200.0}),
    Fault("device time rolls over", firmware={"first_tick": 2**32 - 8_000_000}),
]
