"""What a few strides in a row show beside their contacts: bounce, regularity, where the pelvis shakes, which way is up.

A segment is 16 running steps without a fault between them. Over whole strides at constant speed the mean specific force
is gravity, so each segment is levelled by itself and knows nothing of what came before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from imu.constants import G_MPS2
from imu.dsp.design import DETECTION_HZ
from imu.metrics.stability import rms_ratio, step_and_stride_regularity
from imu.types import FloatArray

STEPS_PER_SEGMENT = 16
"""Eight strides: about 6 s."""

BRAKE_S = (-0.03, 0.05)
"""About each contact the pelvis is braked: the stretch in which the running detector looks for it too."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment.

    Attributes
    ----------
    oscillation_m : tuple of float
        Vertical movement of the sensor, one value per stride (mean of its two steps), in metres.
    step_regularity, stride_regularity : float or None
    rms_ratio : tuple of float or None
        Of up, right and forward; None where the horizontal axes are not known.
    up : ndarray, shape (3,)
        Direction of the mean specific force in the sensor's frame, length 1.
    lateral_g : float or None
        Lateral acceleration at the load peaks, opposite left and right: half the difference of neighbouring steps.
    brake_g : float or None
        Mean forward acceleration about the contacts: negative when the forward axis points forward.
    """

    oscillation_m: tuple[float, ...]
    step_regularity: float | None
    stride_regularity: float | None
    rms_ratio: tuple[float, float, float] | None
    up: FloatArray
    lateral_g: float | None
    brake_g: float | None


def low_passed(signal: FloatArray, fs: float, cutoff_hz: float = DETECTION_HZ) -> FloatArray:
    """Low-pass whole strides without delay: each frequency times the amplitude of a second-order Butterworth.

    Parameters
    ----------
    signal : ndarray, shape (n, channels)
        Taken as one period of a periodic signal.
    fs, cutoff_hz : float
    """
    n = len(signal)
    frequency = np.fft.rfftfreq(n, 1.0 / fs)
    gain = 1.0 / np.sqrt(1.0 + (frequency / cutoff_hz) ** 4)
    out: FloatArray = np.fft.irfft(np.fft.rfft(signal, axis=0) * gain[:, None], n, axis=0)
    return out


def stride_oscillation(acc_is: FloatArray, middle: int, fs: float) -> float:
    """Vertical movement within one stride: highest minus lowest point of each of its two steps, their mean, in metres.

    The acceleration is integrated twice as a Fourier series over the stride (divided by minus the angular frequency
    squared, without its mean), so that neither offset nor drift is left.

    Parameters
    ----------
    acc_is : ndarray, shape (n,)
        Vertical specific force or acceleration of one whole stride, m/s2.
    middle : int
        Where the second step begins.
    fs : float
    """
    n = len(acc_is)
    omega = 2.0 * math.pi * np.fft.rfftfreq(n, 1.0 / fs)
    spectrum = np.fft.rfft(acc_is)
    spectrum[0] = 0.0
    spectrum[1:] /= -(omega[1:] ** 2)
    height = np.fft.irfft(spectrum, n)
    return float(0.5 * (np.ptp(height[:middle]) + np.ptp(height[middle:])))


def levelled(acc: FloatArray, up: FloatArray) -> FloatArray:
    """Turn mounted accelerations (is, ml, pa) by the shortest rotation that takes `up` to the first axis."""
    c, s1, s2 = up.tolist()
    if c < -0.999999:
        c, s1, s2 = -0.999999, 0.0014142, 0.0
    h = 1.0 / (1.0 + c)
    turn = np.array([[c, s1, s2], [-s1, 1.0 - s1 * s1 * h, -s1 * s2 * h], [-s2, -s1 * s2 * h, 1.0 - s2 * s2 * h]])
    out: FloatArray = acc @ turn.T
    return out


def describe(
    acc: FloatArray, contacts: FloatArray, peaks: FloatArray, fs: float, mounting: FloatArray | None
) -> Segment | None:
    """Describe one segment.

    Parameters
    ----------
    acc : ndarray, shape (n, 3)
        Specific force in the sensor's frame, m/s2; an axis that is not measured is NaN throughout.
    contacts : ndarray, shape (k + 1,)
        Contacts of k steps (an even number) and the next one, in samples of `acc`.
    peaks : ndarray, shape (k,)
        Load peaks of the steps in samples; NaN = unknown.
    fs : float
    mounting : ndarray, shape (3, 3), or None
        Rows is, ml, pa; None = only the vertical is known.

    Returns
    -------
    Segment or None
        None when a sample is missing.
    """
    marks = np.rint(contacts).astype(int)
    first, last = int(marks[0]), int(marks[-1])
    missing = np.isnan(acc).all(axis=0)
    whole = np.where(missing, 0.0, acc)[first:last]
    if first < 0 or last > len(acc) or not np.isfinite(whole).all():
        return None
    mean = whole.mean(axis=0)
    up = mean / np.linalg.norm(mean)
    marks -= first
    if mounting is None:
        vertical = whole @ up
        body = None
    else:
        body = levelled(whole @ mounting.T, mounting @ up)
        vertical = body[:, 0]
    bounce = tuple(
        stride_oscillation(vertical[marks[i] : marks[i + 2]], int(marks[i + 1] - marks[i]), fs)
        for i in range(0, len(marks) - 2, 2)
    )
    smooth = low_passed(vertical[:, None] if body is None else body, fs)
    step_time_s = float(contacts[-1] - contacts[0]) / (len(contacts) - 1) / fs
    ad1, ad2 = step_and_stride_regularity(smooth[:, 0], step_time_s, fs)
    sideways = forward = None
    if mounting is not None and not (np.abs(mounting) @ missing).any():
        sideways, forward = smooth[:, 1], smooth[:, 2]
    return Segment(
        oscillation_m=bounce,
        step_regularity=ad1,
        stride_regularity=ad2,
        rms_ratio=None if sideways is None else rms_ratio(smooth),
        up=up,
        lateral_g=None if sideways is None else _alternating(sideways, peaks - first),
        brake_g=None if forward is None else _about(forward, marks[:-1], fs),
    )


def _alternating(signal: FloatArray, at: FloatArray) -> float | None:
    index = np.rint(np.where(np.isfinite(at), at, -1.0)).astype(int)
    good = (index >= 0) & (index < len(signal))
    even, odd = good & (np.arange(len(at)) % 2 == 0), good & (np.arange(len(at)) % 2 == 1)
    if not even.any() or not odd.any():
        return None
    return float(abs(signal[index[even]].mean() - signal[index[odd]].mean()) / 2.0 / G_MPS2)


def _about(signal: FloatArray, marks: np.ndarray[tuple[int], np.dtype[np.int64]], fs: float) -> float:
    around = np.arange(round(BRAKE_S[0] * fs), round(BRAKE_S[1] * fs) + 1)
    return float(signal[(marks[:, None] + around[None, :]) % len(signal)].mean() / G_MPS2)
