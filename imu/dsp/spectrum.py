"""How the vertical acceleration is spread over frequency: steps and their multiples, and the shaking after contact.

Power spectral density by the mean of overlapping Hann windows (Welch 1967, doi:10.1109/TAU.1967.1161901). In running,
the movement of the body lies at 3 to 8 Hz and the shock after contact at 9 to 20 Hz (Shorten and Winslow 1992,
doi:10.1123/ijsb.8.4.288). For looking at: no number of a step comes from here.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from imu.types import FloatArray

WINDOW_S: Final = 2.0
"""Length of a window: lines 0.5 Hz apart, each about 0.7 Hz wide."""

HIGHEST_HZ: Final = 50.0


class Spectrum(NamedTuple):
    """Power spectral density of a stretch of signal.

    Attributes
    ----------
    frequency_hz : ndarray, shape (k,)
        Multiples of 0.5 Hz from 0 to 50 Hz, or to half the sampling rate.
    density_g2_hz : ndarray, shape (k,)
        g squared per Hz, one-sided; the mean of each window is taken out first.
    windows : int
        Windows of 2 s, half overlapping, that were averaged; each is whole.
    """

    frequency_hz: FloatArray
    density_g2_hz: FloatArray
    windows: int

    def rms_g(self, low_hz: float, high_hz: float) -> float:
        """Root mean square of what lies in a band, in g: the density summed over low <= f < high."""
        inside = (self.frequency_hz >= low_hz - 1e-9) & (self.frequency_hz < high_hz - 1e-9)
        return math.sqrt(float(self.density_g2_hz[inside].sum()) / WINDOW_S)


def vertical_spectrum(acc_is_g: FloatArray, sampling_rate_hz: float) -> Spectrum | None:
    """Return the spectrum of a stretch of vertical acceleration.

    Parameters
    ----------
    acc_is_g : ndarray, shape (n,)
        In g, oldest first; NaN = missing. A window with a hole in it is left out, never filled.
    sampling_rate_hz : float

    Returns
    -------
    Spectrum or None
        None where no window of 2 s is whole.
    """
    n = round(WINDOW_S * sampling_rate_hz)
    hop = max(n // 2, 1)
    starts = range(len(acc_is_g) - n, -1, -hop)  # the newest sample is always in
    pieces = [piece for start in starts if not np.isnan(piece := acc_is_g[start : start + n]).any()]
    if not pieces:
        return None
    hann = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(n) / n)
    block = np.array(pieces)
    block -= block.mean(axis=1, keepdims=True)
    power = (np.abs(np.fft.rfft(block * hann, axis=1)) ** 2).mean(axis=0)
    density = power / (sampling_rate_hz * float((hann**2).sum()))
    density[1 : (n + 1) // 2] *= 2.0  # both signs of a frequency; 0 and half the rate have one
    frequency = np.arange(len(density), dtype=np.float64) * (sampling_rate_hz / n)
    keep = frequency <= HIGHEST_HZ + 1e-9
    return Spectrum(frequency[keep], density[keep], len(pieces))
