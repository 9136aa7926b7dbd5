"""Parameters of the running detector at the pelvis, in seconds and g, each with its physical meaning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu.constants import G_MPS2
from imu.dsp import design
from imu.kernels import rows, sacral
from imu.types import FloatArray


@dataclass(frozen=True, slots=True)
class SacralParams:
    """Running detector at the pelvis (see `imu.kernels.sacral`).

    Attributes
    ----------
    flight_g : float
        The low-passed vertical must fall below this between two steps: in flight the body is near free fall (0 g);
        walking stays above.
    peak_g : float
        ... and rise above this in stance: the mean over a stride is 1 g, so a stance shorter than the stride's half
        must exceed it.
    sure_g : float
        A rise is believed to be a contact once it has reached this; bumps in flight stay below.
    min_step_s : float
        Shortest time between contacts: 240 steps per minute.
    min_stance_s : float
        Shortest ground contact, about that of a sprinter.
    ahead_s, back_s : float
        Stretch around the upward 1 g crossing in which rise and braking are looked for.
    no_flight_s : float
        No flight within this after the vertical has fallen below 1 g: not running.
    timeout_s : float
        No next contact within this: the bout has ended.
    shock_s : float
        The shock peak is looked for in this stretch after contact.
    unload_g, unload_share, unload_s : float
        Toe-off follows this long after the load signal has fallen through unload_g, or through this share of its
        peak where that is lower (soft runners). For a half-sine of 0.25 s and 2.5 g the time from 1.5 g to 0 is
        0.051 s; measured 0.063 (set A) and 0.059 s (set J).
    brake_min_g, brake_steps : float
        The forward axis is opposite to the mean horizontal braking after contact; it is believed when that mean, over
        about this many steps, is at least this large.
    ic_bias_pa_s, ic_bias_s : float
        Constants taken off the initial contact (with fore-aft axis; without): the force's 5 % threshold comes before
        the pelvis shows it. How they were found: docs/validation.md.
    settle_s : float
        After a start or a gap the filters settle this long before a contact is believed.
    """

    flight_g: float = 0.4
    peak_g: float = 1.5
    sure_g: float = 1.25
    min_step_s: float = 0.25
    min_stance_s: float = 0.1
    ahead_s: float = 0.03
    back_s: float = 0.05
    no_flight_s: float = 0.25
    timeout_s: float = 1.0
    shock_s: float = 0.06
    unload_g: float = 1.5
    unload_share: float = 0.7
    unload_s: float = 0.061
    brake_min_g: float = 0.1
    brake_steps: float = 10.0
    ic_bias_pa_s: float = 0.007
    ic_bias_s: float = 0.007
    settle_s: float = 0.1


SECTIONS = {
    rows.DET_IS: design.DETECTION_HZ,
    rows.DET_ML: design.DETECTION_HZ,
    rows.DET_PA: design.DETECTION_HZ,
    rows.LOAD: design.LOAD_HZ,
    rows.SHOCK: design.SHOCK_HZ,
    rows.ACTIVE: design.ACTIVE_HZ,
}


def filters(sampling_rate_hz: float) -> dict[int, design.LowPass]:
    """Low-pass of each filtered row of the detector ring."""
    return {row: design.low_pass(cutoff, sampling_rate_hz) for row, cutoff in SECTIONS.items()}


def pack(params: SacralParams, sampling_rate_hz: float, *, forward_known: bool) -> FloatArray:
    """Turn parameters into the kernel's array (samples, m/s2)."""
    fs = sampling_rate_hz
    by_row = filters(fs)
    out = np.zeros(sacral.N_PARAMS)
    out[sacral.P_ONE_G] = G_MPS2
    out[sacral.P_FLIGHT] = params.flight_g * G_MPS2
    out[sacral.P_PEAK] = params.peak_g * G_MPS2
    out[sacral.P_SURE] = params.sure_g * G_MPS2
    for slot, seconds in (
        (sacral.P_MIN_STEP, params.min_step_s),
        (sacral.P_MIN_STANCE, params.min_stance_s),
        (sacral.P_NO_FLIGHT, params.no_flight_s),
        (sacral.P_TIMEOUT, params.timeout_s),
        (sacral.P_SHOCK, params.shock_s),
        (sacral.P_IC_BIAS_PA, params.ic_bias_pa_s),
        (sacral.P_IC_BIAS, params.ic_bias_s),
        (sacral.P_UNLOAD_TIME, params.unload_s),
        (sacral.P_DELAY_DET, by_row[rows.DET_IS].delay_s),
        (sacral.P_DELAY_LOAD, by_row[rows.LOAD].delay_s),
        (sacral.P_DELAY_SHOCK, by_row[rows.SHOCK].delay_s),
        (sacral.P_DELAY_ACTIVE, by_row[rows.ACTIVE].delay_s),
    ):
        out[slot] = seconds * fs
    for slot, seconds in (
        (sacral.P_AHEAD, params.ahead_s),
        (sacral.P_BACK, params.back_s),
        (sacral.P_SETTLE, params.settle_s),
    ):
        out[slot] = max(2, round(seconds * fs))
    out[sacral.P_FORWARD_KNOWN] = float(forward_known)
    out[sacral.P_UNLOAD] = params.unload_g * G_MPS2
    out[sacral.P_UNLOAD_SHARE] = params.unload_share
    out[sacral.P_BRAKE_MIN] = params.brake_min_g * G_MPS2
    out[sacral.P_BRAKE_STEPS] = params.brake_steps
    return out
