"""The simulated runner as a person: what differs between people and stays the same from step to step.

Everything is drawn once, from the seed alone, in a fixed order. Left and right do not differ here: a runner without an
asked asymmetry is symmetric in the mean, however odd the person.

Sources. A: one runner on a force treadmill, 15 conditions, sacrum (doi 10.7717/peerj.12752); J: one runner, pelvis from
markers; K: 37 runners, means (doi 10.7717/peerj.11199); E: waist recordings of jogging (doi 10.3390/s17010198).
"Residual" is the vertical acceleration of the sacrum minus the force in body weights, averaged over stances.

Contact time: least squares over K and A with one constant per runner, 38 runners, 1.5 % left within a runner:
tc = exp(a) v^-0.45 f^-0.39 exp(0.0075 grade in degrees). The constant a is -0.56 +- 0.05 in K (collegiate runners),
-0.52 in A and -0.36 in J (recreational): drawn from -0.53 +- 0.06. Step rate: f = 3.07 (v / 3.8)^0.23 (same fit, K and
the level trials of A), +- 5 % between people (K: 5.7 %); exp(0.0088 grade in degrees) in A.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

CONTACT_LOG_MEAN: Final = -0.53
CONTACT_LOG_SD: Final = 0.06
CONTACT_SPEED_EXPONENT: Final = -0.45
CONTACT_RATE_EXPONENT: Final = -0.39
CONTACT_PER_DEG: Final = 0.0075
STEP_RATE_HZ_AT_3_8: Final = 3.07
STEP_RATE_SPEED_EXPONENT: Final = 0.23
STEP_RATE_SD: Final = 0.05
STEP_RATE_PER_DEG: Final = 0.0088
MAX_DUTY: Final = 0.9
"""Contact may take at most this part of the step, else it would not be running."""
IMPACT_BW: Final = {"rear": 0.85, "mid": 0.35, "fore": 0.0}
"""Height of the impact transient at 3.3 m/s on the level, by the way the foot lands."""


@dataclass(frozen=True, slots=True)
class Person:
    """One runner.

    Attributes
    ----------
    contact_log : float
        Constant of the contact time's power law.
    step_rate_factor : float
        Step rate against other runners at the same speed.
    peak_shape : float
        Peak over mean of the force during contact, impact left out: 1.70 +- 0.08 (K: 1.83 +- 0.06; A: 1.57 to
        1.74; J about 1.75).
    impact_factor : float
        Size of the impact against other runners of the same foot strike.
    transient_g : float
        The pelvis' own answer to an impact of 1 BW: height of the first bump of the residual (A: 1.3 g after a 20 Hz
        low-pass, which takes a third of it away, for about 0.9 BW; J 0.9 g).
    transient_half_s, rebound_half_s : float
        Half length of that bump, and of the longer, flatter one the other way that follows it (A: 25 ms wide at half
        height, E up to 40 ms; mid-stance reads below the force in E and J).
    fore_aft_transient : float
        Its fore-aft part, backwards first and narrower (A, J and E: 0.5 g or more above the braking itself).
    soft_g, soft_hz : float
        Soft tissue under the sensor: the second hump 70 to 110 ms after the first in E.
    lateral_g, lateral_hz : float
        The same sideways, opposite left and right (E 0.3 to 1.3 g, J 1.3 g).
    bounce_g : float
        The pelvis against the centre of mass: mid-flight reads minus this (J -0.7, D -0.6, E -0.3 to 0; A, where
        negative values were set to 0, has a mean 0.15 to 0.2 g above 1 g).
    push_g_per_mps, brake_share : float
        Propulsion per speed; the part of it that the braking of early stance takes back, the rest goes in flight.
    fore_aft_bounce_g : float
        Fore-aft counterpart of `bounce_g`: backwards in mid-flight, forwards at toe-off and contact.
    roll_factor, yaw_factor, tilt_factor : float
        Size of the pelvis' rotations.
    wobble_deg : float
        The belt's slow sway on the body, standard deviation per axis.
    wobble_hz, wobble_phase : tuple of 4 floats
        Two sines about the forward and two about the right axis.
    """

    contact_log: float
    step_rate_factor: float
    peak_shape: float
    impact_factor: float
    transient_g: float
    transient_half_s: float
    rebound_half_s: float
    fore_aft_transient: float
    soft_g: float
    soft_hz: float
    lateral_g: float
    lateral_hz: float
    bounce_g: float
    push_g_per_mps: float
    brake_share: float
    fore_aft_bounce_g: float
    roll_factor: float
    yaw_factor: float
    tilt_factor: float
    wobble_deg: float
    wobble_hz: tuple[float, float, float, float]
    wobble_phase: tuple[float, float, float, float]

    def step_rate_hz(self, speed_mps: float, grade_deg: float = 0.0) -> float:
        """Return the steps per second that this person chooses at this speed."""
        usual: float = STEP_RATE_HZ_AT_3_8 * (speed_mps / 3.8) ** STEP_RATE_SPEED_EXPONENT
        return self.step_rate_factor * usual * math.exp(STEP_RATE_PER_DEG * grade_deg)

    def contact_time_s(self, speed_mps: float, step_rate_hz: float, grade_deg: float = 0.0) -> float:
        """Return the contact time in running, never longer than the step allows."""
        usual: float = speed_mps**CONTACT_SPEED_EXPONENT * step_rate_hz**CONTACT_RATE_EXPONENT
        grade = math.exp(CONTACT_PER_DEG * grade_deg)
        return min(math.exp(self.contact_log) * usual * grade, 0.95 * MAX_DUTY / step_rate_hz)


def draw_person(seed: int) -> Person:
    """Draw the person of this seed."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1_000,)))

    def normal(mean: float, sd: float) -> float:
        return mean + sd * min(2.5, max(-2.5, float(rng.standard_normal())))

    def spread(mean: float, share: float) -> float:
        return mean * math.exp(normal(0.0, share))

    def uniform(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    return Person(
        contact_log=normal(CONTACT_LOG_MEAN, CONTACT_LOG_SD),
        step_rate_factor=1.0 + normal(0.0, STEP_RATE_SD),
        peak_shape=normal(1.70, 0.08),
        impact_factor=spread(1.0, 0.18),
        transient_g=spread(1.7, 0.2),
        transient_half_s=uniform(0.017, 0.034),
        rebound_half_s=uniform(0.07, 0.12),
        fore_aft_transient=spread(0.7, 0.3),
        soft_g=spread(1.0, 0.4),
        soft_hz=uniform(6.0, 11.0),
        lateral_g=spread(2.2, 0.4),
        lateral_hz=uniform(5.5, 11.0),
        bounce_g=max(0.05, normal(0.45, 0.18)),
        push_g_per_mps=spread(0.17, 0.2),
        brake_share=uniform(0.3, 0.6),
        fore_aft_bounce_g=uniform(0.1, 0.7),
        roll_factor=spread(1.0, 0.25),
        yaw_factor=spread(1.0, 0.25),
        tilt_factor=spread(1.0, 0.3),
        wobble_deg=spread(0.4, 0.4),
        wobble_hz=(uniform(0.05, 0.15), uniform(0.2, 0.4), uniform(0.05, 0.15), uniform(0.2, 0.4)),
        wobble_phase=(uniform(0.0, 6.28), uniform(0.0, 6.28), uniform(0.0, 6.28), uniform(0.0, 6.28)),
    )
