"""What the contact detector of a foot or shank sensor assumes, in seconds, hertz and m/s2.

The detector itself is `imu.kernels.foot`. Its parameters are physical: how long an impact shakes the leg, how short a
stride can be, how slow the push-off is. Two sets exist, one per placement; each holds for walking and running and for
every person.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from imu.constants import G_MPS2
from imu.dsp.design import low_pass
from imu.kernels import foot_slots as slots
from imu.types import FloatArray


@dataclass(frozen=True, slots=True)
class FootParameters:
    """Parameters of the foot and shank detector.

    Attributes
    ----------
    on_foot : bool
        The sensor is on the foot: an impact must follow a swing, and toe-off is read from the angular rate.
    impact_low_hz, impact_high_hz : float
        Band of the shock that a contact sends through the leg; below lies the swing, above what 100 Hz cannot carry.
    impact_smooth_hz : float
        Low-pass of the band's magnitude: one hump per impact although the shock rings.
    push_hz : float
        Low-pass of the axial acceleration (shank) or of the angular rate's magnitude (foot) for toe-off.
    confirm_s : float
        Time for which a hump must stay the highest before it counts.
    search_s : float
        How far before the hump's top the contact may lie (ringing time plus the filters' delay).
    rise : float
        Foot: the contact is where the shock first reaches this fraction of its highest value.
    ic_lead_s : float
        Contact lies this long before the reading. Shank: the resultant peaks this long after 5 % of body weight; 40 and
        36 ms in the two people of set B running, 39 and 32 ms walking. Foot: from set G (10 ms samples).
    score_ratio : float
        An impact must reach this fraction of the typical one. The other foot's landing reaches 0.2 to 0.45.
    min_impact_mps2 : float
        Lowest hump that can be a contact at all; standing and fidgeting stay below.
    swing_start_s, swing_end_s : float
        Foot: window before the hump's top in which the swing must show.
    turn_start_s, turn_end_s : float
        Foot with gyroscope: window in which the foot has turned throughout before contact, but not before toe-off.
    run_swing_mps2 : float
        Foot: mean resultant above gravity in that window, from which on it is running.
    refractory : float
        Fraction of the stride within which only one contact of the same foot can lie.
    first_refractory_s : float
        The same as a time while the stride is not known yet: shorter than the fastest stride.
    first_stride_s : float
        While the stride is not known, a second contact within this time must equal the first: the push-off of a
        walking stride would pass otherwise.
    hold : float
        Fraction of the stride for which a stronger impact may still replace a contact before it becomes final.
    sure_ratio : float
        An impact of this fraction of the typical one does not wait for a stronger one.
    stance_min_s : float
        Shortest time from contact to toe-off.
    push_min : float
        Least height of the push-off above its surroundings, m/s2 (shank) or deg/s (foot).
    run_push_mps2 : float
        Shank: the same for a push-off that ends as early as a running one (`run_contact_s`): more than the loading
        of a walking step.
    push_fall : float
        Toe-off is read where the push-off has fallen to this fraction of its height (shank, running: to 1 g).
    run_contact_s : float
        Shank: a push-off that ends earlier after contact is running. Running stance lasts at most 0.4 s, walking
        stance at least 0.5 s.
    tc_lag_run_s, tc_lag_walk_s : float
        The reading follows toe-off by this time (negative: it precedes it), filter delay included. Shank: set B,
        4 ms apart between the two people. Foot: set G, walking; running has not been compared with a force plate.
    give_up_s : float
        Time after contact at which toe-off counts as not found.
    longest_stride_s : float
        A longer pause between contacts is no stride: the stride is then learned anew, and a gap in it forgets the rest.
    shock_s : float
        Window after contact in which the highest resultant is the shock peak.
    settle_s : float
        A contact this soon after the start or a gap gets no toe-off: the long axis is not known yet.
    memory_s : float
        Over a loss up to this long what was learned of the person stays: few change their gait within it, and the
        stride before it still fits. After a longer one (or several, without a contact between) all is learned anew.
    """

    on_foot: bool = False
    impact_low_hz: float = 15.0
    impact_high_hz: float = 45.0
    impact_smooth_hz: float = 6.0
    push_hz: float = 6.0
    confirm_s: float = 0.020
    search_s: float = 0.100
    rise: float = 0.5
    ic_lead_s: float = 0.037
    score_ratio: float = 0.5
    min_impact_mps2: float = 4.0
    swing_start_s: float = 0.25
    swing_end_s: float = 0.07
    turn_start_s: float = 0.45
    turn_end_s: float = 0.05
    run_swing_mps2: float = 20.0
    refractory: float = 0.7
    first_refractory_s: float = 0.5
    first_stride_s: float = 0.9
    hold: float = 0.5
    sure_ratio: float = 0.75
    stance_min_s: float = 0.15
    push_min: float = 3.0
    run_push_mps2: float = 7.0
    push_fall: float = 0.7
    run_contact_s: float = 0.45
    tc_lag_run_s: float = -0.015
    tc_lag_walk_s: float = 0.067
    give_up_s: float = 1.2
    longest_stride_s: float = 2.0
    shock_s: float = 0.060
    settle_s: float = 0.3
    memory_s: float = 10.0

    def pack(self, sampling_rate_hz: float) -> FloatArray:
        """Turn the parameters into the kernel's array for one sampling rate.

        Parameters
        ----------
        sampling_rate_hz : float
            Samples per second, 100 to 512.

        Returns
        -------
        ndarray, shape (N_PARAMS,), float64
            Times in samples, filters as coefficients.
        """
        fs = sampling_rate_hz
        p = np.zeros(slots.N_PARAMS)
        p[slots.P_ON_FOOT] = float(self.on_foot)
        band = _band_pass(self.impact_low_hz, min(self.impact_high_hz, 0.45 * fs), fs)
        p[slots.P_BAND : slots.P_BAND + 5] = band
        p[slots.P_SMOOTH : slots.P_SMOOTH + 3] = _first_order(self.impact_smooth_hz, fs)
        p[slots.P_PUSH : slots.P_PUSH + 5] = low_pass(self.push_hz, fs).sos[0][[0, 1, 2, 4, 5]]
        for slot, seconds in (
            (slots.P_CONFIRM, self.confirm_s),
            (slots.P_LEAD, self.ic_lead_s),
            (slots.P_FIRST_REFRACTORY, self.first_refractory_s),
            (slots.P_STANCE_MIN, self.stance_min_s),
            (slots.P_RUN_CONTACT, self.run_contact_s),
            (slots.P_TC_LAG_RUN, self.tc_lag_run_s),
            (slots.P_TC_LAG_WALK, self.tc_lag_walk_s),
            (slots.P_GIVE_UP, self.give_up_s),
            (slots.P_SHOCK, self.shock_s),
            (slots.P_LONGEST_STRIDE, self.longest_stride_s),
            (slots.P_SETTLE, self.settle_s),
            (slots.P_FIRST_STRIDE, self.first_stride_s),
            (slots.P_MEMORY, self.memory_s),
        ):
            p[slot] = seconds * fs
        for slot, seconds in (
            (slots.P_SEARCH, self.search_s),
            (slots.P_SWING_START, self.swing_start_s),
            (slots.P_SWING_END, self.swing_end_s),
            (slots.P_TURN_START, self.turn_start_s),
            (slots.P_TURN_END, self.turn_end_s),
        ):
            p[slot] = round(seconds * fs)  # whole samples: these bound windows
        for slot, value in (
            (slots.P_RISE, self.rise),
            (slots.P_RATIO, self.score_ratio),
            (slots.P_MIN_IMPACT, self.min_impact_mps2),
            (slots.P_RUN_SWING, self.run_swing_mps2),
            (slots.P_REFRACTORY, self.refractory),
            (slots.P_HOLD, self.hold),
            (slots.P_PUSH_MIN, self.push_min),
            (slots.P_RUN_PUSH, self.run_push_mps2),
            (slots.P_PUSH_FALL, self.push_fall),
            (slots.P_SURE, self.sure_ratio),
            (slots.P_ONE_G, G_MPS2),
        ):
            p[slot] = value
        return p


SHANK = FootParameters()
"""Shank, just above the ankle to just below the knee."""

FOOT = FootParameters(
    on_foot=True,
    push_hz=10.0,
    score_ratio=0.2,
    ic_lead_s=0.002,
    push_min=100.0,
    push_fall=0.85,
    tc_lag_run_s=-0.010,
    tc_lag_walk_s=-0.010,
)
"""Instep, heel counter or side of the shoe."""


def _band_pass(low_hz: float, high_hz: float, fs: float) -> FloatArray:
    """Butterworth band-pass of first order per edge: b0, b1, b2, a1, a2 (bilinear, edges exact)."""
    w1, w2 = math.tan(math.pi * low_hz / fs), math.tan(math.pi * high_hz / fs)
    width, centre = w2 - w1, w1 * w2
    a0 = 1.0 + width + centre
    return np.array([width / a0, 0.0, -width / a0, 2.0 * (centre - 1.0) / a0, (1.0 - width + centre) / a0])


def _first_order(cutoff_hz: float, fs: float) -> FloatArray:
    """First-order low-pass: b0, b1, a1."""
    w = math.tan(math.pi * cutoff_hz / fs)
    return np.array([w / (1.0 + w), w / (1.0 + w), (w - 1.0) / (1.0 + w)])
