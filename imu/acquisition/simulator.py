"""The simulated runner: a person with known contacts, sides and forces, seen through a sensor with known faults.

The same seed gives the same samples, however they are asked for. See `gait` and `body` for the physics.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np

from firmware_profiles import Counts
from imu.acquisition.body import TAIL_S, Pelvis
from imu.acquisition.gait import (
    IMPACT_BW_AT_3_MPS,
    MAX_DUTY,
    Contact,
    GaitPlan,
    typical_contact_time_s,
    typical_step_rate_hz,
)
from imu.acquisition.profiles import get_profile, make_codec
from imu.constants import NS_PER_S, S_PER_MIN
from imu.errors import SettingsError
from imu.frames import parse_mounting
from imu.types import ActivityKind, FloatArray, IntArray, Place, RawPacket, Recording, SampleBlock, Side, StreamInfo

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

_RANGES: Final[dict[str, tuple[float, float, str]]] = {
    "speed_mps": (1.0, 8.0, "m/s"),
    "cadence_spm": (100.0, 260.0, "steps/min"),
    "contact_time_s": (0.08, 0.5, "s"),
    "body_mass_kg": (20.0, 250.0, "kg"),
    "asymmetry_pct": (-40.0, 40.0, "%"),
    "noise_g": (0.0, 1.0, "g"),
    "loss_pct": (0.0, 90.0, "%"),
    "sampling_rate_hz": (20.0, 2000.0, "Hz"),
    "standing_s": (0.0, 3600.0, "s"),
    "walking_s": (0.0, 36000.0, "s"),
    "running_s": (0.0, 360000.0, "s"),
}


@dataclass(frozen=True, slots=True)
class Simulation:
    """Who runs, how, and through which sensor.

    Parameters
    ----------
    speed_mps : float
        Of the run.
    cadence_spm, contact_time_s : float or None
        None = typical for the speed.
    body_mass_kg : float
        Written with the truth; accelerations do not depend on it.
    asymmetry_pct : float
        Symmetry index of the peak force, 200 (R - L) / (R + L); + = right larger.
    noise_g : float
        Standard deviation of the sensor's white noise; the gyroscope has 1 deg/s for each 0.03 g.
    loss_pct : float
        Packets lost, at random; the first one never is, so that the clock's zero is known.
    seed : int
    sampling_rate_hz : float
    place : Place or str
        "sacrum", or "hip" (15 cm to the right of the spine).
    mounting : str
        See `imu.frames`.
    pitch_deg, roll_deg : float
        Sensor leaning forward, and to the right, of its mounting.
    standing_s, walking_s, running_s : float
        How long each lasts; running_s None = until the end. After the run the person stands.
    foot_strike : str
        "rear", "mid" or "fore": size of the impact transient.
    first_side : Side
        UNKNOWN = drawn from the seed.

    Raises
    ------
    SettingsError
        A value is outside its range.
    """

    speed_mps: float = 2.8
    cadence_spm: float | None = None
    contact_time_s: float | None = None
    body_mass_kg: float = 72.0
    asymmetry_pct: float = 0.0
    noise_g: float = 0.03
    loss_pct: float = 0.0
    seed: int = 1
    sampling_rate_hz: float = 208.0
    place: Place = Place.SACRUM
    mounting: str = "+y-x+z"
    pitch_deg: float = 8.0
    roll_deg: float = 2.0
    standing_s: float = 4.0
    walking_s: float = 4.0
    running_s: float | None = None
    foot_strike: str = "rear"
    first_side: Side = Side.UNKNOWN

    def __post_init__(self) -> None:
        for name, (low, high, unit) in _RANGES.items():
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and low <= value <= high):
                raise SettingsError(
                    name, f"{value} is outside {low:g} to {high:g} {unit}.", hint="Check the number and its unit."
                )
        if self.place not in {Place.SACRUM, Place.HIP}:
            raise SettingsError(
                "place", f"'{self.place}' is not simulated.", hint="The simulated runner wears it at sacrum or hip."
            )
        object.__setattr__(self, "place", Place(self.place))
        if self.foot_strike not in IMPACT_BW_AT_3_MPS:
            raise SettingsError("foot_strike", f"'{self.foot_strike}' is unknown.", hint="Use rear, mid or fore.")
        if self.seed < 0:
            raise SettingsError("seed", f"{self.seed} is negative.", hint="Use 0 or more.")
        parse_mounting(self.mounting)
        if self.contact_time_s is not None and self.contact_time_s > MAX_DUTY / self.step_rate_hz:
            raise SettingsError(
                "contact_time_s",
                f"{self.contact_time_s} s leaves no flight at {self.step_rate_hz * S_PER_MIN:.0f} steps/min.",
                hint=f"Use at most {MAX_DUTY / self.step_rate_hz:.3f} s.",
            )

    @property
    def step_rate_hz(self) -> float:
        """Steps per second while running."""
        return self.cadence_spm / S_PER_MIN if self.cadence_spm else typical_step_rate_hz(self.speed_mps)

    def suggested(self) -> dict[str, Any]:
        """Return settings that fit this simulation, as a file's header would state them."""
        return {
            "place": self.place.value,
            "mounting": self.mounting,
            "body_mass_kg": self.body_mass_kg,
            "speed_mps": self.speed_mps,
        }

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {**asdict(self), "place": self.place.value, "first_side": self.first_side.name.lower()}


@dataclass(frozen=True, slots=True)
class TrueStep:
    """What really happened; times in seconds of the recording's own clock (sample index / rate)."""

    ic_s: float
    tc_s: float
    side: Side
    activity: ActivityKind
    contact_time_s: float
    step_time_s: float
    vgrf_peak_bw: float
    impact_peak_bw: float | None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {**asdict(self), "side": self.side.name.lower(), "activity": self.activity.value}


@dataclass(frozen=True, slots=True)
class Truth:
    """All steps whose contact and toe-off lie within the recording, and the settings that made them."""

    steps: tuple[TrueStep, ...]
    simulation: Simulation
    duration_s: float
    lost_samples: int = field(default=0)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values: {"steps": [...], "settings": {...}, ...}."""
        return {
            "steps": [s.as_dict() for s in self.steps],
            "settings": self.simulation.as_dict(),
            "duration_s": self.duration_s,
            "lost_samples": self.lost_samples,
        }


class SimulatedRunner:
    """Produces the sensor's counts, without end, and remembers the truth of what it has produced."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        gait_seed, noise_seed, loss_seed = np.random.SeedSequence(simulation.seed).spawn(3)
        person = np.random.default_rng(gait_seed)
        self._noise = np.random.default_rng(noise_seed)
        self._loss = np.random.default_rng(loss_seed)
        vertical_ring_hz, lateral_ring_hz = float(person.uniform(9.0, 13.0)), float(person.uniform(13.0, 17.0))
        side = Side.RIGHT if person.random() < 0.5 else Side.LEFT
        speed, rate = simulation.speed_mps, simulation.step_rate_hz
        run_from = simulation.standing_s + simulation.walking_s
        self._plan = GaitPlan(
            speed_mps=speed,
            step_rate_hz=rate,
            contact_time_s=simulation.contact_time_s or typical_contact_time_s(speed, rate),
            asymmetry_pct=simulation.asymmetry_pct,
            impact_bw=IMPACT_BW_AT_3_MPS[simulation.foot_strike] * math.sqrt(speed / 3.0),
            walk_from_s=simulation.standing_s,
            run_from_s=run_from,
            run_until_s=math.inf if simulation.running_s is None else run_from + simulation.running_s,
            first_side=simulation.first_side or side,
            rng=person,
        )
        self._pelvis = Pelvis(
            vertical_ring_hz=vertical_ring_hz,
            lateral_ring_hz=lateral_ring_hz,
            first_ic_s=simulation.standing_s,
            lateral_offset_m=_HIP_OFFSET_M if simulation.place is Place.HIP else 0.0,
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
