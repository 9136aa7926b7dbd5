"""What a simulated run is meant to be: pace, contact, impact and turns, from the settings and the person.

Impact: the force's early bump over its active part is about 0.85 BW at 3.3 m/s on the level for a rearfoot runner,
times exp(-0.095) per degree uphill (set A: 2.1 BW at -10 degrees, 1.4 at -5, 0.4 at +5), and grows with the root of the
speed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from imu.acquisition.person import IMPACT_BW
from imu.acquisition.turns import Turns
from imu.types import Side

if TYPE_CHECKING:
    from imu.acquisition.simulation import Simulation

IMPACT_SPEED_MPS: Final = 3.3
IMPACT_PER_DEG: Final = -0.095
TURN_DROP: Final = 0.4


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What the run is meant to be.

    Attributes
    ----------
    speed_mps, step_rate_hz, contact_time_s : float
        In the middle of the run.
    asymmetry_pct, timing_asymmetry_pct : float
        Symmetry index of the peak force and of the step time, 200 (R - L) / (R + L).
    impact_bw : float
        Height of the impact transient.
    fatigue_pct : float
        Contact time grows by so much in half an hour, impact too, the step rate falls by half of it.
    variability : float
        Times the usual step-to-step variation.
    walk_from_s, run_from_s, run_until_s : float
        Standing until the first, then walking, then running, then standing again.
    first_side : Side
    turns : Turns
    """

    speed_mps: float
    step_rate_hz: float
    contact_time_s: float
    asymmetry_pct: float
    timing_asymmetry_pct: float
    impact_bw: float
    fatigue_pct: float
    variability: float
    walk_from_s: float
    run_from_s: float
    run_until_s: float
    first_side: Side
    turns: Turns


def run_plan(simulation: Simulation, first_side: Side) -> RunPlan:
    """Say what a simulation's settings mean for the contacts."""
    run_from = simulation.standing_s + simulation.walking_s
    run_until = math.inf if simulation.running_s is None else run_from + simulation.running_s
    impact = IMPACT_BW[simulation.foot_strike] * simulation.person.impact_factor
    impact *= math.sqrt(simulation.speed_mps / IMPACT_SPEED_MPS) * math.exp(IMPACT_PER_DEG * simulation.grade_deg)
    return RunPlan(
        speed_mps=simulation.speed_mps,
        step_rate_hz=simulation.step_rate_hz,
        contact_time_s=simulation.usual_contact_time_s,
        asymmetry_pct=simulation.asymmetry_pct,
        timing_asymmetry_pct=simulation.timing_asymmetry_pct,
        impact_bw=impact,
        fatigue_pct=simulation.fatigue_pct,
        variability=simulation.variability,
        walk_from_s=simulation.standing_s,
        run_from_s=run_from,
        run_until_s=run_until,
        first_side=first_side,
        turns=Turns(run_from, run_until, simulation.turn_every_s),
    )
