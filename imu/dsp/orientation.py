"""How the pelvis is turned: tilt, lean and rotation from gyroscope and accelerometer, by the VQF filter.

VQF (Laidig and Seel 2023, doi:10.1016/j.inffus.2022.10.014), no magnetometer. It low-passes the specific force in an
inertial frame, so the near free fall of running does not mislead it as it does filters that take single samples. Which
way is north is not known and drifts: rotation is given only as what is left above 0.3 Hz. The first seconds of standing
tell the gyroscope's offset. The filter is an extra of the product: `pip install "stride-impact[angles]"`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from imu.errors import ImuError
from imu.frames import parse_mounting
from imu.types import FloatArray

if TYPE_CHECKING:
    from collections.abc import Sequence

TILT, LEAN, ROTATION = 0, 1, 2
"""Columns of the angles: forward, to the right, to the left about the vertical; degrees."""

HIGH_PASS_HZ = 0.3
"""Rotation below this is drift or a bend in the way; a stride has 1.2 Hz and more."""


def _filter(sampling_rate_hz: float) -> Any:
    try:
        from vqf import VQF
    except ImportError:
        raise ImuError(
            "Pelvis angles need the package vqf, which is not installed.",
            hint='Install it with: pip install "stride-impact[angles]"',
        ) from None
    return VQF(1.0 / sampling_rate_hz)


class PelvisAngles:
    """Follows the pelvis' angles, block by block; any partition gives the same.

    Parameters
    ----------
    sampling_rate_hz : float
    mounting : str
        See `imu.frames`.

    Raises
    ------
    ImuError
        The package vqf is not installed; the hint says how to get it.

    Notes
    -----
    Latency: none; the high-pass of the rotation is of first order and settles in about a second.
    """

    def __init__(self, sampling_rate_hz: float, mounting: str) -> None:
        self._vqf = _filter(sampling_rate_hz)
        self._matrix = parse_mounting(mounting)
        self._keep = math.exp(-2.0 * math.pi * HIGH_PASS_HZ / sampling_rate_hz)
        self._heading: float | None = None
        self._rotation = 0.0

    def push(self, samples: FloatArray) -> FloatArray:
        """Take a block without holes; return the angles in degrees, shape (n, 3): columns TILT, LEAN, ROTATION.

        Parameters
        ----------
        samples : ndarray, shape (n, 6)
            Sensor frame, m/s2 and deg/s.

        Raises
        ------
        ValueError
            No gyroscope, or a sample that is not a number.
        """
        if samples.ndim != 2 or samples.shape[1] != 6 or not np.isfinite(samples).all():
            raise ValueError("angles need six numbers per sample")
        out = np.zeros((len(samples), 3))
        if len(samples) == 0:
            return out
        body = np.ascontiguousarray(np.hstack([samples[:, :3] @ self._matrix.T, samples[:, 3:] @ self._matrix.T]))
        gyr = np.ascontiguousarray(np.radians(body[:, 3:]))
        w, x, y, z = self._vqf.updateBatch(gyr, np.ascontiguousarray(body[:, :3]))["quat6D"].T
        # Up in body axes: third row of the rotation body -> earth. Forward in earth axes: its third column.
        up = np.stack([2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)], axis=1)
        out[:, TILT] = np.degrees(np.arctan2(-up[:, 2], up[:, 0]))
        out[:, LEAN] = np.degrees(np.arctan2(-up[:, 1], up[:, 0]))
        heading = np.degrees(np.arctan2(2.0 * (y * z - w * x), 2.0 * (x * z + w * y)))
        out[:, ROTATION] = self._high_passed(heading.tolist())
        return out

    def _high_passed(self, headings: Sequence[float]) -> list[float]:
        out = []
        for heading in headings:
            before = heading if self._heading is None else self._heading
            turned = (heading - before + 180.0) % 360.0 - 180.0
            self._rotation = self._keep * (self._rotation + turned)
            self._heading = heading
            out.append(self._rotation)
        return out


def range_per_stride(angle_deg: FloatArray, contacts: FloatArray) -> FloatArray:
    """Highest minus lowest value within each stride.

    Parameters
    ----------
    angle_deg : ndarray, shape (n,)
    contacts : ndarray, shape (k,)
        Contacts of both feet in samples, one after the other.

    Returns
    -------
    ndarray, shape ((k - 1) // 2,)
    """
    marks = np.rint(contacts).astype(int)
    pairs = zip(marks[:-2:2], marks[2::2], strict=True)
    return np.array([np.ptp(angle_deg[a:b]) for a, b in pairs])
