"""One run of a virtual sensor in virtual time, through bleak, decoder and pipeline, and what came out of it."""

from __future__ import annotations

import asyncio
import functools
import math
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from imu.acquisition.simulation import Simulation
from imu.acquisition.virtual.firmware import SensorFirmware
from imu.acquisition.virtual.source import VirtualSource
from imu.acquisition.virtual.world import SensorSpec, World
from imu.errors import DecodeError, ImuError
from imu.pipeline import Pipeline
from imu.settings import Settings
from imu.types import FloatArray, LinkReport, RawPacket, SampleBlock, Step, StreamInfo

RUNNER = Simulation(standing_s=4.5, walking_s=0.0, seed=3)
DURATION_S = 13.0
LONGEST_S = 22.0

Script = Callable[[World], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Fault:
    """One trouble.

    Attributes
    ----------
    name : str
    script : callable or None
        Makes it, while the stream runs.
    firmware, options : dict
        Of a sensor that has it from the start.
    max_mtu, interval_s, duration_s
        Of the link and of the run.
    nonsense_s : tuple or None
        Stretch of the stream, in its own time, in which the sensor sends what it does not measure.
    """

    name: str
    script: Script | None = None
    firmware: dict[str, Any] = field(default_factory=dict)
    options: dict[str, int] = field(default_factory=dict)
    max_mtu: int = 247
    duration_s: float = DURATION_S
    interval_s: float | None = None
    nonsense_s: tuple[float, float] | None = None


@dataclass
class Outcome:
    """What came out of one run."""

    fault: Fault
    info: StreamInfo
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
    def counted(self) -> int:
        """Samples that are said to be missing."""
        return sum(b.gap_before for b in self.blocks)

    @property
    def stop(self) -> int:
        return self.blocks[-1].stop_index

    @property
    def gaps_s(self) -> list[tuple[float, float]]:
        """Stretches of the stream in which something is missing."""
        rate = self.info.sampling_rate_hz
        return [((b.start_index - b.gap_before) / rate, b.start_index / rate) for b in self.blocks if b.gap_before]


def run(profile: str, fault: Fault, runner: Simulation = RUNNER) -> Outcome:
    """Stream a virtual sensor with one fault, in virtual time, through decoder and pipeline."""
    spec = SensorSpec(
        profile, runner, fault.options, firmware=fault.firmware, max_mtu=fault.max_mtu, interval_s=fault.interval_s
    )
    source = VirtualSource(spec, duration_s=fault.duration_s, realtime=False, script=fault.script)
    assert source.wire is not None
    decoder = source.wire.decoder(source.info.sampling_rate_hz)
    pipeline = new_pipeline(source.info, runner)
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
    overflowed = sensor.peripheral.overflowed
    return Outcome(
        fault, source.info, packets, blocks, steps, decoder, sensor.firmware, source.report, overflowed, error
    )


def new_pipeline(info: StreamInfo, runner: Simulation = RUNNER) -> Pipeline:
    return Pipeline(Settings().with_suggestions(runner.suggested()), info)


@functools.cache
def undisturbed(profile: str, options: tuple[tuple[str, int], ...] = ()) -> Outcome:
    """The run that nothing happens to."""
    outcome = run(profile, Fault("nothing", duration_s=LONGEST_S, options=dict(options)))
    assert outcome.counted == 0
    return outcome


class Against:
    """A run compared with the undisturbed one of the same sensor on the same runner.

    Attributes
    ----------
    first : int
        Number, in the undisturbed run, of the first sample that arrived.
    lost : int
        Samples that the sensor measured between the first and the last that arrived, and that did not arrive: by
        finding the last one again in the undisturbed run, not by any counter.
    """

    def __init__(self, outcome: Outcome, whole: Outcome) -> None:
        self.outcome = outcome
        self.whole = whole
        self._samples = np.concatenate([b.samples for b in whole.blocks])
        self.first = self._place_of(outcome.blocks[0].samples[0])
        last = self._place_of(outcome.blocks[-1].samples[-1])
        self.lost = last + 1 - self.first - outcome.received

    def true_samples(self, block: SampleBlock) -> FloatArray:
        """What the undisturbed run has at the place of a block."""
        return self._samples[self.first + block.start_index : self.first + block.stop_index]

    def _place_of(self, sample: FloatArray) -> int:
        places = np.flatnonzero((self._samples == sample).all(axis=1))
        assert len(places) == 1, "measured once, and only once"
        return int(places[0])

    @property
    def misplaced(self) -> int:
        """Blocks that differ, in any bit, from what was measured at their place."""
        return sum(not np.array_equal(self.true_samples(b), b.samples) for b in self.outcome.blocks)

    @property
    def invented(self) -> int:
        """Samples that the sensor never measured."""
        measured = {row.tobytes() for row in self._samples}
        return sum(row.tobytes() not in measured for b in self.outcome.blocks for row in b.samples)

    def steps_of_the_same_samples(self) -> list[Step]:
        """Steps of the undisturbed samples, with nothing but the gaps cut out."""
        pipeline = new_pipeline(self.outcome.info)
        steps: list[Step] = []
        for block in self.outcome.blocks:
            steps += pipeline.push(block._replace(samples=self.true_samples(block)))
        return steps + pipeline.flush()

    def pairs(self) -> list[tuple[Step, Step | None]]:
        """Each step of the undisturbed run within this one, and the same step here."""
        rate = self.outcome.info.sampling_rate_hz
        first_s, stop_s = self.first / rate, self.outcome.stop / rate - 1.0
        if first_s:  # it begins in the middle: the first seconds are not comparable
            first_s += 4.0
        offset_s = self.first / rate
        return [
            (step, _at(self.outcome.steps, step.ic_s - offset_s))
            for step in self.whole.steps
            if first_s <= step.ic_s < stop_s + offset_s
        ]

    @property
    def affected(self) -> list[Step]:
        """Steps that are missing, flagged or different here, as the undisturbed run has them."""
        return [
            a for a, b in self.pairs() if b is None or a.quality != b.quality or not alike(a, b, self.seconds_after(a))
        ]

    @property
    def troubles_s(self) -> list[tuple[float, float]]:
        """Stretches of this run in which samples are missing, or made up by the sensor."""
        made_up = self.outcome.fault.nonsense_s
        return self.outcome.gaps_s if made_up is None else [*self.outcome.gaps_s, made_up]

    def seconds_after(self, step: Step) -> float:
        """Time of a step of the undisturbed run since the last trouble before it ended; 0 within one, or before."""
        at = step.ic_s - self.first / self.outcome.info.sampling_rate_hz
        return min((max(0.0, at - stop) for start, stop in self.troubles_s if start <= at), default=0.0)

    @property
    def largest(self) -> tuple[float, float]:
        """Largest differences of load (g) and contact time (ms) of steps away from any trouble."""
        pairs = [(a, b) for a, b in self.pairs() if b is not None and not self.is_near_trouble(a)]
        return (
            max((abs((a.load_peak_g or 0.0) - (b.load_peak_g or 0.0)) for a, b in pairs), default=0.0),
            1000.0 * max((abs((a.contact_time_s or 0.0) - (b.contact_time_s or 0.0)) for a, b in pairs), default=0.0),
        )

    def is_near_trouble(self, step: Step, margin_s: float = 1.0) -> bool:
        """Whether samples are missing, or made up by the sensor, within a second of a step of the undisturbed run."""
        at = step.ic_s - self.first / self.outcome.info.sampling_rate_hz
        return any(start - margin_s <= at <= stop + margin_s for start, stop in self.troubles_s)


def _at(steps: list[Step], ic_s: float) -> Step | None:
    nearest = min(steps, key=lambda s: abs(s.ic_s - ic_s), default=None)
    return nearest if nearest is not None and abs(nearest.ic_s - ic_s) < 0.02 else None


PEAK_G, CONTACT_S = 0.03, 0.7e-3
"""What the tracked direction of gravity misses by a gap in the first ten seconds of a run; it fades in `MEMORY_S`."""
MEMORY_S = 8.0
TIE_S = 2e-3
"""Of two samples that rise as steeply the other one may be taken: a contact then moves by a third of a sample."""


def alike(a: Step, b: Step, after_s: float, contact_s: float = TIE_S) -> bool:
    """Equal but for what the tracked direction of gravity has missed, so long after a gap."""
    peak_g = PEAK_G * math.exp(-after_s / MEMORY_S)
    pairs = [(a.load_peak_g, b.load_peak_g, peak_g), (a.shock_peak_g, b.shock_peak_g, peak_g)]
    pairs.append((a.contact_time_s, b.contact_time_s, contact_s))
    close = all(x is y or (x is not None and y is not None and abs(x - y) < by) for x, y, by in pairs)
    return close and a.side is b.side and a.activity is b.activity
