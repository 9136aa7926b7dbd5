"""Walking steps of a sensor at the low back, online: filters and memory for `imu.kernels.walk`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from imu.constants import G_MPS2
from imu.dsp.design import low_pass
from imu.kernels import still, walk
from imu.types import FloatArray, IntArray

HISTORY_S = 1.25
"""Filtered samples kept: a slow step and the search before its peak."""


@dataclass(frozen=True, slots=True)
class WalkSettings:
    """What the walking detector rests on; every number has a meaning of its own.

    Attributes
    ----------
    step_hz : float
        Low-pass that leaves one rise and fall per step: walking steps come at 1.2-2.4 Hz.
    contact_hz : float
        Low-pass of the signals in which the contact is located.
    hysteresis_mps2 : float
        Smallest rise and fall of a step, vertical, after the `step_hz` filter (0.06 g).
    min_rise_mps3 : float
        Least steepness of the push upwards and backwards at a contact (about 1 g per second).
    back_s, ahead_s : float
        Where the contact is looked for: from so long before to so long after the step's peak.
    braking : float
        Weight of the backward (braking) against the upward acceleration: braking marks the contact more sharply.
    peak_weight : float
        Share of the loading peak's instant in the contact's instant; averages two landmarks of one loading.
    shift_both_s, shift_vertical_s : float
        How long after the reference contact these landmarks lie, the filter's delay taken off (set G, hand-checked
        contacts of the feet).
    min_step_s : float
        Two contacts are not closer than this.
    bridge_s : float
        Losses up to this long are bridged with a straight line; a longer one starts the detector afresh.
    """

    step_hz: float = 2.5
    contact_hz: float = 5.0
    hysteresis_mps2: float = 0.6
    min_rise_mps3: float = 10.0
    back_s: float = 0.25
    ahead_s: float = 0.08
    braking: float = 2.0
    peak_weight: float = 0.2
    shift_both_s: float = 0.02
    shift_vertical_s: float = 0.04
    min_step_s: float = 0.28
    bridge_s: float = 0.15
    turn_s: float = 0.06
    min_turn_mps2: float = 0.5
    turn_steps: float = 8.0
    flight_g: float = 0.2
    wait_s: float = 0.3


class WalkDetector:
    """Feeds a ring of body-frame samples to the kernel and keeps its memory.

    Parameters
    ----------
    fs : float
        Samples per second, 50-512.
    settings : WalkSettings
    forward_known : bool
        Whether row `pa` of the ring points forward; False = it points anywhere in the horizontal plane.

    Notes
    -----
    Latency: a contact is known about 0.2 s after it happened (`OUT_REPORT`), at slow walking up to 0.45 s.
    Any partition of the stream into blocks gives the same rows bit for bit.
    """

    def __init__(self, fs: float, settings: WalkSettings | None = None, *, forward_known: bool = True) -> None:
        s = settings or WalkSettings()
        self.fs = float(fs)
        p: FloatArray = np.zeros(walk.N_PARAMS)
        for section, delay, cutoff in (
            (walk.P_STEP_SECTION, walk.P_STEP_DELAY, s.step_hz),
            (walk.P_CONTACT_SECTION, walk.P_CONTACT_DELAY, s.contact_hz),
        ):
            design = low_pass(cutoff, fs)
            p[section : section + 5] = design.sos[0][[0, 1, 2, 4, 5]]
            p[delay] = design.delay_s * fs
        p[walk.P_HYSTERESIS] = s.hysteresis_mps2
        p[walk.P_MIN_RISE] = s.min_rise_mps3
        p[walk.P_BACK] = s.back_s * fs
        p[walk.P_AHEAD] = s.ahead_s * fs
        p[walk.P_PEAK_WEIGHT] = s.peak_weight
        p[walk.P_SHIFT_BOTH] = s.shift_both_s * fs
        p[walk.P_SHIFT_VERTICAL] = s.shift_vertical_s * fs
        p[walk.P_MIN_STEP] = s.min_step_s * fs
        p[walk.P_BRIDGE] = np.floor(s.bridge_s * fs)
        p[walk.P_BRAKING] = s.braking
        p[walk.P_GRAVITY] = G_MPS2
        p[walk.P_FORWARD_KNOWN] = float(forward_known)
        p[walk.P_TURN] = max(1.0, np.round(s.turn_s * fs))
        p[walk.P_MIN_TURN] = s.min_turn_mps2
        p[walk.P_TURN_STEPS] = s.turn_steps
        p[walk.P_WAIT] = s.wait_s * fs
        p[walk.P_FLIGHT_G] = s.flight_g
        self.params = p
        history = 1 << int(np.ceil(np.log2(HISTORY_S * fs)))
        self.fstate: FloatArray = np.zeros(walk.N_FSTATE + 3 * history)
        self.istate: IntArray = np.zeros(walk.N_ISTATE, dtype=np.int64)
        # The kernel looks for stillness, too: here below a spread of 0, which finds none.
        self._still = (np.array([1.0, 0.0, 1.0]), np.zeros(still.N_FSTATE), np.zeros((0, 2)))
        self.reset()

    def reset(self) -> None:
        """Forget everything; the next sample starts a new stretch."""
        self.fstate[:] = 0.0
        self.istate[:] = 0
        self.istate[walk.I_START] = -1

    def push(self, sig: FloatArray, head: int, n: int) -> FloatArray:
        """Rows of the contacts found in samples `head` to `head + n` of the ring, shape (k, 9): see `walk_events`."""
        out = np.full((n // 2 + 1, walk.N_OUT), np.nan)
        count, _ = walk.walk_events(sig, head, n, self.fs, self.params, self.fstate, self.istate, out, self._still)
        return out[:count]


def forward_error_deg(fstate: FloatArray, settings: WalkSettings | None = None) -> float | None:
    """Angle between the forward direction that the walk shows and the one that row `pa` stands for.

    Parameters
    ----------
    fstate : ndarray
        Memory of the walking kernel.
    settings : WalkSettings

    Returns
    -------
    float or None
        0 to 180 degrees; None while fewer than `turn_steps` walking steps have been seen or none brakes clearly. With
        a stated mounting more than 90 degrees says that the sensor is worn the other way round.
    """
    s = settings or WalkSettings()
    ml, pa = float(fstate[walk.F_TURN_ML]), float(fstate[walk.F_TURN_PA])
    if fstate[walk.F_TURN_N] < s.turn_steps or math.hypot(ml, pa) < s.min_turn_mps2:
        return None
    return math.degrees(math.atan2(abs(ml), -pa))
