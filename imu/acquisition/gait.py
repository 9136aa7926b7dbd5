"""The simulated runner's contacts: when each foot is on the ground, and how hard it pushes.

Every contact carries the impulse that gravity takes between it and its neighbours, tc + (tf_before + tf_after) / 2 in
body weights times seconds, so the mean vertical force over whole strides is exactly one body weight.

Sources. Contact time in running: tc = 0.3497 - 0.01843 v - 0.02544 f (least squares over the 37 runners of Alcantara
et al. 2021, doi 10.7717/peerj.11199; v in m/s, f in steps per second; 9.5 ms RMSE, 3.8 to 5.4 m/s: below that an
extrapolation). Typical step rate from the same table: 3.07 /s at 3.8 m/s, 3.30 /s at 4.9 m/s. Peak force = 1.732 T/tc
body weights (same table; a half sine would give pi/2, Morin et al. 2005, doi 10.1123/jab.21.2.167). Step-to-step
variation: contact time 4 ms, peak 0.04 BW, step time 1.5 % (1 to 2 % in healthy runners).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from imu.types import ActivityKind, FloatArray, Side

PEAK_FACTOR: Final = 1.732
CONTACT_TIME_SD_S: Final = 0.004
PEAK_SD_BW: Final = 0.04
STEP_TIME_CV: Final = 0.015

WALK_STEP_RATE_HZ: Final = 1.9
"""114 steps per minute at a brisk walk."""
WALK_CONTACT_SHARE: Final = 1.24
"""Contact time / step time in walking: 62 % of the stride (Perry 1992, Gait Analysis)."""
WALK_HUMP: Final = 0.35
"""Third harmonic / first: gives the two humps of about 1.1 BW and a valley of about 0.75 BW."""
CONTACT_SHARE_OF_PEAK_ASYMMETRY: Final = 0.3
"""The leg with the higher peak is on the ground for less time; this part of the asymmetry goes there."""

IMPACT_CENTRE_S: Final = 0.025
IMPACT_HALF_S: Final = 0.018
"""Impact transient of a rearfoot contact: a bump of 36 ms around 25 ms after contact."""
IMPACT_BW_AT_3_MPS: Final = {"rear": 0.8, "mid": 0.3, "fore": 0.0}
MAX_DUTY: Final = 0.9
"""Contact may take at most this part of the step, else it would not be running."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One foot on the ground, times in seconds of stream time."""

    ic_s: float
    tc_s: float
    next_ic_s: float
    side: Side
    activity: ActivityKind
    amplitude_bw: float
    """Running: peak of amplitude * sin(pi u) ** exponent. Walking: of the first harmonic."""
    exponent: float
    impact_bw: float
    speed_mps: float

    @property
    def contact_time_s(self) -> float:
        """From initial to terminal contact."""
        return self.tc_s - self.ic_s

    def force_bw(self, t: FloatArray) -> FloatArray:
        """Vertical ground reaction force of this foot at the times `t`, in body weights."""
        u = (t - self.ic_s) / self.contact_time_s
        on = (u > 0.0) & (u < 1.0)
        s = np.sin(np.pi * np.where(on, u, 0.0))
        if self.activity is ActivityKind.WALKING:
            third = np.sin(3.0 * np.pi * np.where(on, u, 0.0))
            return np.asarray(self.amplitude_bw * (s + WALK_HUMP * third))
        return np.asarray(
            self.amplitude_bw * s**self.exponent + self.impact_bw * bump(t - self.ic_s, IMPACT_CENTRE_S, IMPACT_HALF_S)
        )

    def peaks_bw(self) -> tuple[float, float | None]:
        """Peak of the active part, and the impact peak: the highest local maximum in the first 35 % of stance."""
        u = np.linspace(0.0, 1.0, 401)
        force = self.force_bw(self.ic_s + u * self.contact_time_s)
        early = np.flatnonzero((force[1:-1] > force[:-2]) & (force[1:-1] >= force[2:]) & (u[1:-1] < 0.35)) + 1
        running = self.activity is ActivityKind.RUNNING
        impact = float(force[early].max()) if running and len(early) else None
        return (self.amplitude_bw if running else float(force.max())), impact


def bump(t: FloatArray, centre: float, half: float) -> FloatArray:
    """Return a raised cosine of height 1 between centre - half and centre + half; its integral is `half`."""
    x = np.clip((t - centre) / half, -1.0, 1.0)
    return np.asarray(0.5 * (1.0 + np.cos(np.pi * x)))


def typical_step_rate_hz(speed_mps: float) -> float:
    """Return the steps per second that runners choose at this speed (line through the two rows cited above)."""
    return 3.07 + (3.30 - 3.07) / (4.9 - 3.8) * (speed_mps - 3.8)


def typical_contact_time_s(speed_mps: float, step_rate_hz: float) -> float:
    """Contact time in running, never longer than the step allows."""
    return min(0.3497 - 0.01843 * speed_mps - 0.02544 * step_rate_hz, MAX_DUTY / step_rate_hz * 0.95)


def mean_over_peak(exponent: float) -> float:
    """Mean of sin(pi u) ** exponent over 0..1."""
    return math.gamma((exponent + 1.0) / 2.0) / (math.sqrt(math.pi) * math.gamma(exponent / 2.0 + 1.0))


def exponent_for(mean: float) -> float:
    """Exponent whose mean is `mean`, between 0.5 (blunt) and 4 (sharp)."""
    low, high = 0.5, 4.0
    if mean >= mean_over_peak(low):
        return low
    if mean <= mean_over_peak(high):
        return high
    for _ in range(50):
        middle = 0.5 * (low + high)
        if mean_over_peak(middle) > mean:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


class GaitPlan:
    """Draws one contact after the other; the sequence depends on the seed alone.

    Parameters
    ----------
    speed_mps, step_rate_hz, contact_time_s : float
        Of the run.
    asymmetry_pct : float
        Symmetry index of the peak force, 200 (R - L) / (R + L).
    impact_bw : float
        Height of the impact transient.
    walk_from_s, run_from_s, run_until_s : float
        Standing until the first, then walking, then running, then standing again.
    first_side : Side
    rng : Generator
    """

    def __init__(
        self,
        *,
        speed_mps: float,
        step_rate_hz: float,
        contact_time_s: float,
        asymmetry_pct: float,
        impact_bw: float,
        walk_from_s: float,
        run_from_s: float,
        run_until_s: float,
        first_side: Side,
        rng: np.random.Generator,
    ) -> None:
        self._speed = speed_mps
        self._step_s = 1.0 / step_rate_hz
        self._contact_s = contact_time_s
        self._asymmetry = asymmetry_pct / 100.0
        self._impact = impact_bw
        self._run_from = run_from_s
        self._run_until = run_until_s
        self._rng = rng
        self._side = first_side
        self._ic = walk_from_s
        self._flight_before = -0.5 * self._contact_s  # standing still carries the weight until then
        self.finished = walk_from_s >= run_until_s

    def next_contact(self) -> Contact | None:
        """Return the next contact, or None when the runner stands still for good."""
        if self.finished:
            return None
        time_draw, contact_draw, peak_draw, impact_draw = self._rng.standard_normal(4).tolist()
        running = self._ic >= self._run_from
        sign = 1.0 if self._side is Side.RIGHT else -1.0
        if running:
            step = self._step_s * (1.0 + STEP_TIME_CV * time_draw)
            share = CONTACT_SHARE_OF_PEAK_ASYMMETRY * self._asymmetry
            contact = self._contact_s * (1.0 - 0.5 * sign * share) + CONTACT_TIME_SD_S * contact_draw
            contact = min(contact, MAX_DUTY * step)
        else:
            step = (1.0 + STEP_TIME_CV * time_draw) / WALK_STEP_RATE_HZ
            contact = WALK_CONTACT_SHARE * step
        last = self._ic + step >= self._run_until
        flight = step - contact
        impulse = contact + 0.5 * (self._flight_before + (0.0 if last else flight))
        impact = 0.0
        exponent = 1.0
        if running:
            impact = self._impact * max(0.0, 1.0 + 0.1 * impact_draw) * (1.0 + 0.5 * sign * self._asymmetry)
            active = impulse - impact * IMPACT_HALF_S
            peak = PEAK_FACTOR * self._step_s / self._contact_s * (1.0 + 0.5 * sign * self._asymmetry)
            peak += PEAK_SD_BW * peak_draw
            exponent = exponent_for(active / (peak * contact))
            amplitude = active / (contact * mean_over_peak(exponent))
        else:
            amplitude = impulse / (contact * (2.0 / math.pi) * (1.0 + WALK_HUMP / 3.0))
        made = Contact(
            ic_s=self._ic,
            tc_s=self._ic + contact,
            next_ic_s=self._ic + step,
            side=self._side,
            activity=ActivityKind.RUNNING if running else ActivityKind.WALKING,
            amplitude_bw=amplitude,
            exponent=exponent,
            impact_bw=impact,
            speed_mps=self._speed if running else 1.4,
        )
        self._flight_before = flight
        self._ic += step
        self._side = self._side.other
        self.finished = last
        return made
