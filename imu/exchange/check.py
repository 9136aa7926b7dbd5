"""One look at a recording before it is analysed: whether steps can be found in it at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from imu.constants import G_MPS2, MIN_SAMPLING_RATE_HZ, RATE_TOLERANCE
from imu.errors import RecordingError
from imu.types import FloatArray, Recording

_MIN_SECONDS = 1.5
"""Shorter than two running steps: nothing can be said."""
_MAX_LOST_SHARE = 0.5
_WINDOW_S = 2.0
"""Gravity is looked for in means over this long: several steps, little turning."""
_GRAVITY_RANGE_G = (0.5, 4.0)
"""Mean specific force over seconds is near 1 g at the trunk and up to 2 g at a swinging foot; outside is no gravity."""
_REPEATED_SHARE = 0.95
_TINY_MPS2 = 1e-6


def check_recording(recording: Recording) -> None:
    """Refuse what cannot be analysed, with one sentence that says what is wrong and what to do.

    Parameters
    ----------
    recording : Recording
        From any file kind, read without error.

    Raises
    ------
    RecordingError
        Too slow, too short, mostly missing, constant or frozen, without gravity (a linear-acceleration log), in g
        or raw counts instead of m/s2, or not a number.
    """
    name = Path(recording.path).name or recording.stream.name or "The recording"
    rate = recording.stream.sampling_rate_hz
    if recording.n_samples == 0:
        raise RecordingError(f"{name} is empty: it has no samples.", hint="Record or export it again.")
    if rate < RATE_TOLERANCE * MIN_SAMPLING_RATE_HZ:
        raise RecordingError(
            f"{name} was sampled at {rate:.3g} Hz, too slow to time steps (at least {MIN_SAMPLING_RATE_HZ:g} Hz).",
            hint="Set the sensor to 100 Hz or more, 200 Hz if it can, and record again.",
        )
    if recording.n_samples < _MIN_SECONDS * rate:
        raise RecordingError(
            f"{name} holds only {recording.n_samples / rate:.2g} s of data, less than two steps.",
            hint="Record at least ten seconds.",
        )
    lost = 1.0 - recording.n_samples / max(1.0, recording.duration_s * rate)
    if lost > _MAX_LOST_SHARE:
        raise RecordingError(
            f"{name} misses {100 * lost:.0f} % of its samples, too many to find steps.",
            hint="Keep the receiver close to the sensor, and check the time stamps.",
        )
    acc = np.concatenate([b.acc for b in recording.blocks])
    measured = np.isfinite(acc).any(axis=0)
    acc = acc[:, measured]
    if acc.shape[1] == 0 or float(np.isfinite(acc).all(axis=1).mean()) < 1.0 - _MAX_LOST_SHARE:
        raise RecordingError(
            f"{name} holds mostly NaN instead of acceleration.", hint="Export it again; check the columns."
        )
    acc = acc[np.isfinite(acc).all(axis=1)]
    _refuse_constant(name, acc)
    _refuse_without_gravity(name, acc, rate, missing_axes=bool((~measured).any()))


def _refuse_constant(name: str, acc: FloatArray) -> None:
    if float(np.ptp(acc, axis=0).max()) < _TINY_MPS2:
        raise RecordingError(
            f"{name} holds one constant reading: the sensor did not measure.",
            hint="Check that it was switched on, and record again.",
        )
    repeated = float((np.abs(np.diff(acc, axis=0)).max(axis=1) < _TINY_MPS2).mean())
    if repeated > _REPEATED_SHARE:
        raise RecordingError(
            f"{name} repeats the same reading in {100 * repeated:.0f} % of its samples: the sensor slept or hung.",
            hint="Switch off its sleep mode, and record again.",
        )


def _refuse_without_gravity(name: str, acc: FloatArray, rate: float, *, missing_axes: bool) -> None:
    """Mean acceleration over seconds must be about 1 g, whatever the axes and however one runs."""
    width = max(1, min(len(acc), round(_WINDOW_S * rate)))
    count = len(acc) // width
    means = acc[: count * width].reshape(count, width, -1).mean(axis=1)
    mean = float(np.median(np.linalg.norm(means, axis=1)))
    rms = float(np.sqrt((acc * acc).sum(axis=1).mean()))
    low, high = (bound * G_MPS2 for bound in _GRAVITY_RANGE_G)
    if low <= mean <= high:
        return
    steady = mean > 0.35 * rms
    if steady and 0.7 <= mean <= 1.6:
        raise RecordingError(
            f"{name} seems to be in g: it averages {mean:.2f} where m/s2 would give about 9.8.",
            hint="Multiply acc by 9.80665 and save it again.",
        )
    if steady and 700.0 <= mean <= 1600.0:
        raise RecordingError(
            f"{name} seems to be in milli-g: it averages {mean:.0f} where m/s2 would give about 9.8.",
            hint="Multiply acc by 0.00980665 and save it again.",
        )
    if mean > high:
        raise RecordingError(
            f"{name} averages {mean:.4g} where m/s2 would give about 9.8: raw counts, or a wrong scale.",
            hint="Convert acc to m/s2 with the sensor's sensitivity.",
        )
    axes = " in the measured axes" if missing_axes else ""
    raise RecordingError(
        f"{name} holds no gravity{axes}: it averages {mean / G_MPS2:.2f} g where a worn sensor gives 1 g.",
        hint="It looks like a 'linear acceleration' log; record raw acceleration, gravity included.",
    )
