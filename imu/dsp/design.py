"""Filter design: second-order Butterworth low-passes with their stated delay."""

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
def low_pass(cutoff_hz: float, sampling_rate_hz: float) -> LowPass:
    """Design a second-order Butterworth low-pass: one section, the least delay for its steepness.

    Bilinear transform with the cut-off kept exact: with w = tan(pi cutoff / rate) and a0 = 1 + sqrt(2) w + w^2,
    b = (w^2, 2 w^2, w^2) / a0 and a = (1, 2 (w^2 - 1) / a0, (1 - sqrt(2) w + w^2) / a0); equal to
    `scipy.signal.butter(2, ...)`, which is not used because importing it costs over a second and 60 MB.

    Parameters
    ----------
    cutoff_hz, sampling_rate_hz : float

    Returns
    -------
    LowPass
        The delay is the group delay at 0 Hz of the digital filter, 1 / (sqrt(2) w) samples (close to
        sqrt(2) / (2 pi cutoff) seconds).

    Raises
    ------
    SettingsError
        The sampling rate is not above zero.
    """
    if not (math.isfinite(sampling_rate_hz) and sampling_rate_hz > 0):
        raise SettingsError("sampling_rate_hz", f"{sampling_rate_hz} is not a sampling rate.")
    used = min(cutoff_hz, 0.45 * sampling_rate_hz)
    w = math.tan(math.pi * used / sampling_rate_hz)
    a0 = 1.0 + math.sqrt(2.0) * w + w * w
    b0 = w * w / a0
    a1, a2 = 2.0 * (w * w - 1.0) / a0, (1.0 - math.sqrt(2.0) * w + w * w) / a0
    sos = np.array([[b0, 2.0 * b0, b0, 1.0, a1, a2]])
    return LowPass(cutoff_hz=used, sos=sos, delay_s=1.0 / (math.sqrt(2.0) * w) / sampling_rate_hz)
