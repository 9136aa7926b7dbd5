"""The simulated runner: a person with known contacts, sides and forces, seen through a sensor with known faults.

The same seed gives the same samples, however they are asked for. See `gait` and `body` for the physics.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import AsyncIterator, Iterator
from typing import Final

import numpy as np

from firmware_profiles import Counts
from imu.acquisition.body import TAIL_S, Pelvis
from imu.acquisition.contact import Contact
from imu.acquisition.gait import GaitPlan
from imu.acquisition.plan import run_plan
from imu.acquisition.profiles import get_profile, make_codec
from imu.acquisition.simulation import Simulation, TrueStep, Truth
from imu.acquisition.source import Pacer, WireFormat
from imu.constants import NS_PER_S
from imu.frames import parse_mounting
from imu.types import FloatArray, IntArray, Place, RawPacket, Recording, SampleBlock, Side, StreamInfo

__all__ = [
    "PacketStream",
    "SimulatedRunner",
    "SimulatedSource",
    "Simulation",
    "TrueStep",
    "Truth",
    "simulate_packets",
    "simulate_recording",
]

PROFILE: Final = "open_packet"
PACKET_SAMPLES: Final = 8
ACC_RANGE_G: Final = 16
GYR_RANGE_DPS: Final = 2000

_RENDER_SAMPLES: Final = 64
"""Rendered in pieces of this fixed size, so that the result cannot depend on how it is asked for."""
_NOISE_DPS_PER_G: Final = 1.0 / 0.03
_TICKS_PER_S: Final = 1_000_000
_HIP_OFFSET_M: Final = 0.15
"""From the spine to the iliac crest."""


class SimulatedRunner:
    """Produces the sensor's counts, without end, and remembers the truth of what it has produced."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        gait_seed, noise_seed, loss_seed = np.random.SeedSequence(simulation.seed).spawn(3)
        gait = np.random.default_rng(gait_seed)
        self._noise = np.random.default_rng(noise_seed)
        self._loss = np.random.default_rng(loss_seed)
        drawn_side = Side.RIGHT if gait.random() < 0.5 else Side.LEFT
        plan = run_plan(simulation, simulation.first_side or drawn_side)
        self._plan = GaitPlan(plan, simulation.person, gait)
        self._pelvis = Pelvis(
            simulation.person,
            first_ic_s=simulation.standing_s,
            turns=plan.turns,
            lateral_offset_m=_HIP_OFFSET_M if simulation.place is Place.HIP else 0.0,
            knee_lifts=simulation.knee_lifts,
        )
        self.codec = make_codec(
            get_profile(PROFILE),
            {
                "rate_hz": max(1, round(simulation.sampling_rate_hz)),
                "acc_range_g": ACC_RANGE_G,
                "gyr_range_dps": GYR_RANGE_DPS,
            },
        )
        self.info = StreamInfo(
            sampling_rate_hz=simulation.sampling_rate_hz,
            channels=6,
            acc_range_g=float(ACC_RANGE_G),
            name="simulated runner",
        )
        self._to_sensor = _sensor_matrix(simulation)
        self._contacts: deque[Contact] = deque()
        self._stand_again_s = math.inf
        self._true: list[TrueStep] = []
        self._rendered = 0
        self._given = 0
        self._waiting = np.empty((0, 6), dtype=np.int64)

    def next_counts(self, n: int) -> IntArray:
        """Return the next `n` samples as int16 counts, shape (n, 6)."""
        parts = [self._waiting]
        have = len(self._waiting)
        while have < n:
            parts.append(self._render())
            have += _RENDER_SAMPLES
        counts = np.concatenate(parts)
        self._waiting = counts[n:]
        self._given += n
        return counts[:n]

    def next_lost(self) -> bool:
        """Draw whether the next packet is lost on the air."""
        return bool(self._loss.random() * 100.0 < self.simulation.loss_pct)

    def steps_until(self, end_s: float) -> tuple[TrueStep, ...]:
        """Return the true steps whose toe-off lies before `end_s`, which must have been produced already."""
        return tuple(s for s in self._true if s.tc_s < end_s)

    def _render(self) -> IntArray:
        index = np.arange(self._rendered, self._rendered + _RENDER_SAMPLES)
        t = index / self.simulation.sampling_rate_hz
        self._plan_until(t[-1] + 1.0)
        while self._contacts and max(self._contacts[0].ic_s + TAIL_S, self._contacts[0].tc_s) < t[0]:
            self._contacts.popleft()
        body = self._pelvis.render(t, list(self._contacts), self._stand_again_s)
        sensor = np.hstack([body[:, :3] @ self._to_sensor.T, body[:, 3:] @ self._to_sensor.T])
        noise_g = self.simulation.noise_g
        level = np.array([noise_g / self._g_per_count] * 3 + [noise_g * _NOISE_DPS_PER_G / self._dps_per_count] * 3)
        counts = sensor / self.codec.scales + level * self._noise.standard_normal((_RENDER_SAMPLES, 6))
        self._rendered += _RENDER_SAMPLES
        whole: IntArray = np.clip(np.rint(counts), -32768, 32767).astype(np.int64)
        return whole

    @property
    def _g_per_count(self) -> float:
        return ACC_RANGE_G / 32768

    @property
    def _dps_per_count(self) -> float:
        return GYR_RANGE_DPS / 32768

    def _plan_until(self, end_s: float) -> None:
        while not self._plan.finished and (not self._contacts or self._contacts[-1].ic_s < end_s):
            contact = self._plan.next_contact()
            if contact is None:
                break
            self._contacts.append(contact)
            peak, impact = contact.peaks_bw()
            self._true.append(
                TrueStep(
                    ic_s=contact.ic_s,
                    tc_s=contact.tc_s,
                    side=contact.side,
                    activity=contact.activity,
                    contact_time_s=contact.contact_time_s,
                    step_time_s=contact.next_ic_s - contact.ic_s,
                    vgrf_peak_bw=peak,
                    impact_peak_bw=impact,
                )
            )
            if self._plan.finished:
                self._stand_again_s = contact.tc_s


class PacketStream:
    """The runner's packets as they would come off the air: stamped, counted, some of them lost."""

    def __init__(self, simulation: Simulation, *, duration_s: float | None = None) -> None:
        self.runner = SimulatedRunner(simulation)
        self.lost_samples = 0
        self._packets = 0
        self._limit = None if duration_s is None else packets_in(simulation, duration_s)

    def __iter__(self) -> Iterator[RawPacket]:
        while (packet := self.next_packet()) is not None:
            yield packet

    @property
    def duration_s(self) -> float:
        """Stream time that has been produced."""
        return self._packets * PACKET_SAMPLES / self.runner.simulation.sampling_rate_hz

    def next_packet(self) -> RawPacket | None:
        """Return the next packet that arrives, None at the end."""
        while self._limit is None or self._packets < self._limit:
            counts = self.runner.next_counts(PACKET_SAMPLES)
            number = self._packets
            self._packets += 1
            if self.runner.next_lost() and number > 0:
                self.lost_samples += PACKET_SAMPLES
                continue
            rate = self.runner.simulation.sampling_rate_hz
            ticks = round(number * PACKET_SAMPLES / rate * _TICKS_PER_S)
            payload = self.runner.codec.encode(Counts(counts, number % 65536, ticks % 2**32))
            arrival_ns = round((number + 1) * PACKET_SAMPLES / rate * NS_PER_S)
            return RawPacket(arrival_ns, self.runner.codec.profile.gatt.notify[0], payload)
        return None

    def truth(self) -> Truth:
        """Return the truth of what has been produced so far."""
        runner = self.runner
        return Truth(runner.steps_until(self.duration_s), runner.simulation, self.duration_s, self.lost_samples)


class SimulatedSource:
    """The simulated runner as a source: packets when they are due, truth whenever it is asked for."""

    def __init__(self, simulation: Simulation, pacer: Pacer, *, duration_s: float | None = None) -> None:
        self._stream = PacketStream(simulation, duration_s=duration_s)
        self._pacer = pacer
        self.info = self._stream.runner.info
        self.wire: WireFormat | None = WireFormat.of(PROFILE, self._stream.runner.codec.options)

    async def __aiter__(self) -> AsyncIterator[RawPacket | SampleBlock]:
        """Yield packets at the moment at which their last sample is due."""
        for packet in self._stream:
            await self._pacer.until(packet.t_arrival_ns / NS_PER_S)
            yield packet

    def truth(self) -> Truth:
        """Return the truth of what has been produced so far; ask when the source has stopped."""
        return self._stream.truth()


def packets_in(simulation: Simulation, duration_s: float) -> int:
    """Whole packets in that time; at least one."""
    return max(1, int(duration_s * simulation.sampling_rate_hz / PACKET_SAMPLES + 1e-9))


def simulate_packets(simulation: Simulation, duration_s: float) -> tuple[list[RawPacket], Truth]:
    """Return all packets of a run of that length, and the truth."""
    stream = PacketStream(simulation, duration_s=duration_s)
    packets = list(stream)
    return packets, stream.truth()


def simulate_recording(simulation: Simulation, duration_s: float) -> tuple[Recording, Truth]:
    """Return the same run as a recording, without going through bytes: equal to the decoded packets, bit for bit."""
    runner = SimulatedRunner(simulation)
    n_packets = packets_in(simulation, duration_s)
    samples = runner.codec.samples(Counts(runner.next_counts(n_packets * PACKET_SAMPLES), None, None))
    kept = np.array([not runner.next_lost() for _ in range(n_packets)])
    kept[0] = True
    blocks: list[SampleBlock] = []
    edges = np.flatnonzero(np.diff(np.concatenate([[False], kept, [False]]).astype(int)))
    stop_before = 0
    for start, stop in zip(edges[::2] * PACKET_SAMPLES, edges[1::2] * PACKET_SAMPLES, strict=True):
        blocks.append(SampleBlock(int(start), samples[start:stop], int(start) - stop_before))
        stop_before = int(stop)
    total_s = n_packets * PACKET_SAMPLES / simulation.sampling_rate_hz
    truth = Truth(runner.steps_until(total_s), simulation, total_s, int(np.sum(~kept)) * PACKET_SAMPLES)
    recording = Recording(runner.info, tuple(blocks), suggested=simulation.suggested(), path="simulated runner")
    return recording, truth


def _sensor_matrix(simulation: Simulation) -> FloatArray:
    """Rotation from the body frame to the sensor's own, lean included."""
    pitch, roll = np.radians([simulation.pitch_deg, simulation.roll_deg])
    # Axes up, right, forward. Pitch turns about right, roll about forward.
    about_right = np.array([[np.cos(pitch), 0.0, np.sin(pitch)], [0.0, 1.0, 0.0], [-np.sin(pitch), 0.0, np.cos(pitch)]])
    about_forward = np.array([[np.cos(roll), -np.sin(roll), 0.0], [np.sin(roll), np.cos(roll), 0.0], [0.0, 0.0, 1.0]])
    leaning: FloatArray = parse_mounting(simulation.mounting).T @ about_right @ about_forward
    return leaning
