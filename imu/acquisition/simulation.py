"""Settings of the simulated runner, and the truth about a simulated run."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

from imu.acquisition.lift import lifts_end_s
from imu.acquisition.person import IMPACT_BW, MAX_DUTY, Person, draw_person
from imu.acquisition.turns import TURN_S
from imu.constants import S_PER_MIN
from imu.errors import SettingsError
from imu.frames import parse_mounting
from imu.types import ActivityKind, Place, Side

_RANGES: Final[dict[str, tuple[float, float, str]]] = {
    "speed_mps": (1.0, 8.0, "m/s"),
    "cadence_spm": (100.0, 260.0, "steps/min"),
    "contact_time_s": (0.08, 0.5, "s"),
    "body_mass_kg": (20.0, 250.0, "kg"),
    "asymmetry_pct": (-40.0, 40.0, "%"),
    "timing_asymmetry_pct": (-20.0, 20.0, "%"),
    "fatigue_pct": (-20.0, 20.0, "%"),
    "grade_pct": (-20.0, 20.0, "%"),
    "variability": (0.0, 3.0, "times the usual"),
    "turn_every_s": (0.0, 3600.0, "s"),
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
        None = what the seed's person does at this speed and grade.
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
        Sensor against its mounting: leaning forward; turned about the forward axis, right edge up.
    standing_s, walking_s, running_s : float
        How long each lasts; running_s None = until the end. After the run the person stands.
    foot_strike : str
        "rear", "mid" or "fore": size of the impact transient.
    first_side : Side
        UNKNOWN = drawn from the seed.
    timing_asymmetry_pct : float
        Symmetry index of the step time (right contact to left contact against left to right).
    fatigue_pct : float
        Half an hour into the run the contact time has grown by so much, the impact too; the step rate has fallen by
        half of it. Steady from then on.
    grade_pct : float
        Of the run, + = uphill: less impact, shorter flight; downhill the opposite.
    variability : float
        Times the usual variation from step to step; 0 = every step alike.
    knee_lifts : int
        So often the left knee is lifted while standing, from 1.5 s on, every 1.6 s; standing must last long enough.
    turn_every_s : float
        Seconds between half turns during the run, as in a hall; 0 = straight on.

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
    timing_asymmetry_pct: float = 0.0
    fatigue_pct: float = 0.0
    grade_pct: float = 0.0
    variability: float = 1.0
    turn_every_s: float = 0.0
    knee_lifts: int = 0

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
        if self.foot_strike not in IMPACT_BW:
            raise SettingsError("foot_strike", f"'{self.foot_strike}' is unknown.", hint="Use rear, mid or fore.")
        if self.seed < 0:
            raise SettingsError("seed", f"{self.seed} is negative.", hint="Use 0 or more.")
        parse_mounting(self.mounting)
        if self.turn_every_s and self.turn_every_s < 4.0 * TURN_S:
            raise SettingsError(
                "turn_every_s",
                f"A half turn takes {TURN_S:g} s: {self.turn_every_s:g} s leaves no run between two.",
                hint=f"Use 0 or at least {4.0 * TURN_S:g} s.",
            )
        if self.knee_lifts < 0 or (self.knee_lifts and lifts_end_s(self.knee_lifts) > self.standing_s):
            raise SettingsError(
                "knee_lifts",
                f"{self.knee_lifts} lifts do not fit into {self.standing_s:g} s of standing.",
                hint=f"Stand for at least {lifts_end_s(max(1, self.knee_lifts)):g} s.",
            )
        if self.contact_time_s is not None and self.contact_time_s > MAX_DUTY / self.step_rate_hz:
            raise SettingsError(
                "contact_time_s",
                f"{self.contact_time_s} s leaves no flight at {self.step_rate_hz * S_PER_MIN:.0f} steps/min.",
                hint=f"Use at most {MAX_DUTY / self.step_rate_hz:.3f} s.",
            )

    @property
    def person(self) -> Person:
        """Who runs, drawn from the seed."""
        return draw_person(self.seed)

    @property
    def grade_deg(self) -> float:
        """Slope of the ground as an angle."""
        return math.degrees(math.atan(self.grade_pct / 100.0))

    @property
    def step_rate_hz(self) -> float:
        """Steps per second while running."""
        if self.cadence_spm is not None:
            return self.cadence_spm / S_PER_MIN
        return self.person.step_rate_hz(self.speed_mps, self.grade_deg)

    @property
    def usual_contact_time_s(self) -> float:
        """Contact time of a running step, both legs' mean."""
        if self.contact_time_s is not None:
            return self.contact_time_s
        return self.person.contact_time_s(self.speed_mps, self.step_rate_hz, self.grade_deg)

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
    lost_samples: int = 0

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready values: {"steps": [...], "settings": {...}, ...}."""
        return {
            "steps": [s.as_dict() for s in self.steps],
            "settings": self.simulation.as_dict(),
            "duration_s": self.duration_s,
            "lost_samples": self.lost_samples,
        }
