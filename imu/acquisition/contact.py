"""One foot on the ground: its times and its vertical force.

The force in running is amplitude * sin(pi u) ** exponent over the contact, plus the impact transient, a raised cosine.
In walking it has two humps: a first and a third harmonic.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from imu.types import ActivityKind, FloatArray, Side

WALK_HUMP: Final = 0.35
"""Third harmonic / first: gives the two humps of about 1.1 BW and a valley of about 0.75 BW."""


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
    """Height of the impact transient, a bump around `impact_centre_s` after contact, `impact_half_s` to each side."""
    impact_centre_s: float
    impact_half_s: float
    speed_mps: float
    gain_mps: float = 0.0
    """Speed gained until the next contact."""
    looseness: float = 1.0
    """How far the pelvis and the soft tissue move at this contact, against the person's usual."""

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
        impact = self.impact_bw * bump(t - self.ic_s, self.impact_centre_s, self.impact_half_s)
        return np.asarray(self.amplitude_bw * s**self.exponent + impact)

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
