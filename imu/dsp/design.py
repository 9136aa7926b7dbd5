"""Filter design: scipy.signal's second-order sections with their stated delay."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from imu.errors import SettingsError
from imu.types import FloatArray

DETECTION_HZ = 20.0
"""Band in which contacts are timed: keeps the impact's rise, drops sensor ringing (as the reference data of set A)."""

LOAD_HZ = 10.0
"""Load peak: displacement errors of the sensor are coherent below about 10 Hz (PMC10820910)."""

SHOCK_HZ = 50.0
"""Shock peak: cut-off of commercial impact sensors (TgForce: 1600 Hz sampled, 50 Hz low-pass)."""

ACTIVE_HZ = 5.0
"""Active peak of the vertical force (Day et al. 2021: 5 Hz sacral acceleration)."""


@dataclass(frozen=True)
class LowPass:
    """A causal low-pass.

    Attributes
    ----------
    cutoff_hz : float
        -3 dB frequency really used: at most 0.45 of the sampling rate.
    sos : ndarray, shape (sections, 6)
    delay_s : float
        Group delay at low frequency; event times are corrected by it.
    """

    cutoff_hz: float
    sos: FloatArray
    delay_s: float


@lru_cache(maxsize=64)
def low_pass(cutoff_hz: float, sampling_rate_hz: float, order: int = 2) -> LowPass:
    """Design a Butterworth low-pass.

    Parameters
    ----------
    cutoff_hz, sampling_rate_hz : float
    order : int
        2 by default: one section, least delay.

    Returns
    -------
    LowPass
        The delay is the group delay at 0 Hz of the digital filter (close to sqrt(2) / (2 pi cutoff) for order 2).

    Raises
    ------
    SettingsError
        The sampling rate is not above zero.
    """
    from scipy import signal

    if not (math.isfinite(sampling_rate_hz) and sampling_rate_hz > 0):
        raise SettingsError("sampling_rate_hz", f"{sampling_rate_hz} is not a sampling rate.")
    used = min(cutoff_hz, 0.45 * sampling_rate_hz)
    sos = np.ascontiguousarray(signal.butter(order, used, fs=sampling_rate_hz, output="sos"))
    b, a = signal.sos2tf(sos)
    _, delay = signal.group_delay((b, a), w=np.array([1e-4]))
    return LowPass(cutoff_hz=used, sos=sos, delay_s=float(delay[0]) / sampling_rate_hz)
