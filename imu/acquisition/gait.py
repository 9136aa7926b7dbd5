"""The simulated runner's contacts, one after the other: when, on which foot, how hard.

Every contact carries the impulse that gravity takes between it and its neighbours, tc + (tf_before + tf_after) / 2 in
body weights times seconds, so the mean vertical force over whole strides is exactly one body weight.

Sources. Who the runner is: `imu.acquisition.person`. Impact: height of the transient over the active part on the level
about 0.85 BW at 3.3 m/s for a rearfoot runner, 0.11 / v seconds after contact, times exp(-0.095) per degree uphill (A:
2.1 BW at -10 degrees, 1.4 at -5, 0.4 at +5). Step-to-step standard deviations: step time 1.5 % (A 0.7 to 2.9 %),
contact time 4 ms (A 4.4), active peak 0.04 BW (A 0.041), impact 20 % (gives the 4 to 11 % of the shock peak in A).
Start: the first steps of D are longer on the ground and settle over about four steps.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from imu.acquisition.contact import WALK_HUMP, Contact, exponent_for, mean_over_peak
from imu.acquisition.fluctuation import Fluctuation
from imu.acquisition.person import (
    CONTACT_RATE_EXPONENT,
    CONTACT_SPEED_EXPONENT,
    MAX_DUTY,
    STEP_RATE_SPEED_EXPONENT,
    Person,
)
from imu.acquisition.plan import TURN_DROP, RunPlan
from imu.types import ActivityKind, Side

CONTACT_TIME_SD_S: Final = 0.004
PEAK_CV: Final = 0.012
STEP_TIME_CV: Final = 0.015
IMPACT_SD: Final = 0.2
"""Of the logarithm."""
LOOSENESS_SD: Final = 0.15
"""Of the logarithm: the pelvis' own motion; with it the load peak varies by 2 to 4 % (A 2 to 5 %; E, C 8 to 11 %)."""

WALK_STEP_RATE_HZ: Final = 1.9
"""114 steps per minute at a brisk walk."""
WALK_SPEED_MPS: Final = 1.4
WALK_CONTACT_SHARE: Final = 1.24
"""Contact time / step time in walking: 62 % of the stride (Perry 1992, Gait Analysis)."""
CONTACT_SHARE_OF_PEAK_ASYMMETRY: Final = 0.3
"""The leg with the higher peak is on the ground for less time; this part of the asymmetry goes there."""

IMPACT_CENTRE_M: Final = 0.11
"""Impact comes this over the speed after contact: 40 ms at 2.5 m/s, 28 ms at 4.2 m/s in A."""
IMPACT_HALF_SHARE: Final = 0.5

START_DROP: Final = 0.4
"""First running step is this much slower than the run; it fades over `START_STEPS`."""
STOP_DROP: Final = 0.2
START_STEPS: Final = 2.0
FATIGUE_S: Final = 1800.0
"""Fatigue reaches its asked size after half an hour of running."""


class GaitPlan:
    """Draws one contact after the other; the sequence depends on the seed alone.

    Parameters
    ----------
    plan : RunPlan
    person : Person
    rng : Generator
    """

    def __init__(self, plan: RunPlan, person: Person, rng: np.random.Generator) -> None:
        self._plan = plan
        self._person = person
        self._draws = Fluctuation(rng, 5)
        self._side = plan.first_side
        self._ic = plan.walk_from_s
        self._ran = 0
        self._flight_before = -0.5 * plan.contact_time_s  # standing still carries the weight until then
        self.finished = plan.walk_from_s >= plan.run_until_s

    def next_contact(self) -> Contact | None:
        """Return the next contact, or None when the runner stands still for good."""
        if self.finished:
            return None
        draws = [self._plan.variability * z for z in self._draws.next(self._side)]
        made = self._run(draws) if self._ic >= self._plan.run_from_s else self._walk(draws)
        self._flight_before = made.next_ic_s - made.tc_s
        self._ic = made.next_ic_s
        self._side = self._side.other
        return made

    def _walk(self, draws: list[float]) -> Contact:
        step = (1.0 + STEP_TIME_CV * draws[0]) / (WALK_STEP_RATE_HZ * self._person.step_rate_factor)
        contact = WALK_CONTACT_SHARE * step
        impulse = self._impulse(step, contact)
        return Contact(
            ic_s=self._ic,
            tc_s=self._ic + contact,
            next_ic_s=self._ic + step,
            side=self._side,
            activity=ActivityKind.WALKING,
            amplitude_bw=impulse / (contact * (2.0 / math.pi) * (1.0 + WALK_HUMP / 3.0)),
            exponent=1.0,
            impact_bw=0.0,
            impact_centre_s=0.0,
            impact_half_s=1.0,
            speed_mps=WALK_SPEED_MPS,
        )

    def _run(self, draws: list[float]) -> Contact:
        plan = self._plan
        step_draw, contact_draw, peak_draw, impact_draw, loose_draw = draws
        sign = 1.0 if self._side is Side.RIGHT else -1.0
        pace = self._pace(self._ic, self._ran)
        tired = plan.fatigue_pct / 100.0 * min(1.0, max(0.0, self._ic - plan.run_from_s) / FATIGUE_S)
        rate_factor = pace**STEP_RATE_SPEED_EXPONENT
        usual_step = 1.0 / (plan.step_rate_hz * rate_factor * (1.0 - 0.5 * tired))
        usual_contact = plan.contact_time_s * pace**CONTACT_SPEED_EXPONENT * rate_factor**CONTACT_RATE_EXPONENT
        usual_contact = min(usual_contact * (1.0 + tired), MAX_DUTY * usual_step)
        asymmetry = 0.5 * sign * plan.asymmetry_pct / 100.0
        side_contact = usual_contact * (1.0 - CONTACT_SHARE_OF_PEAK_ASYMMETRY * asymmetry)

        step = usual_step * (1.0 + 0.5 * sign * plan.timing_asymmetry_pct / 100.0 + STEP_TIME_CV * step_draw)
        contact = min(side_contact + CONTACT_TIME_SD_S * contact_draw, MAX_DUTY * step)
        impulse = self._impulse(step, contact)
        centre = min(IMPACT_CENTRE_M / (pace * plan.speed_mps), 0.5 * contact)
        half = IMPACT_HALF_SHARE * centre
        side_impact = plan.impact_bw * math.sqrt(pace) * (1.0 + tired) * (1.0 + asymmetry)
        impact = side_impact * math.exp(IMPACT_SD * impact_draw - 0.5 * (IMPACT_SD * plan.variability) ** 2)
        active = impulse - impact * half
        # Half of what a longer flight or a shorter contact asks for goes into the peak, half into the shape.
        usual_active = usual_step + side_contact - usual_contact - side_impact * half
        peak = self._person.peak_shape * (usual_step - side_impact / (1.0 + asymmetry) * half) / usual_contact
        peak *= (1.0 + asymmetry) * math.sqrt(max(0.1, active / contact * side_contact / usual_active))
        peak *= 1.0 + PEAK_CV * peak_draw
        exponent = exponent_for(active / (peak * contact))
        self._ran += 1
        return Contact(
            ic_s=self._ic,
            tc_s=self._ic + contact,
            next_ic_s=self._ic + step,
            side=self._side,
            activity=ActivityKind.RUNNING,
            amplitude_bw=active / (contact * mean_over_peak(exponent)),
            exponent=exponent,
            impact_bw=impact,
            impact_centre_s=centre,
            impact_half_s=half,
            speed_mps=pace * plan.speed_mps,
            looseness=math.exp(LOOSENESS_SD * loose_draw),
            gain_mps=(self._pace(self._ic + step, self._ran) - pace) * plan.speed_mps,
        )

    def _impulse(self, step: float, contact: float) -> float:
        """Body weights times seconds that this contact has to carry; takes note when it is the last one."""
        self.finished = self._ic + step >= self._plan.run_until_s
        flight = step - contact
        return contact + 0.5 * (self._flight_before + (0.0 if self.finished else flight))

    def _pace(self, t_s: float, steps: int) -> float:
        """Part of the run's speed: slower in the first and the last steps and in a turn."""
        plan = self._plan
        left = max(0.0, plan.run_until_s - t_s) * plan.step_rate_hz
        start = 1.0 - START_DROP * math.exp(-steps / START_STEPS)
        stop = 1.0 - STOP_DROP * math.exp(-left / START_STEPS)
        return start * stop * (1.0 - TURN_DROP * plan.turns.depth(t_s))
