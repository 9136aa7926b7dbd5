"""Standing still for a moment: how the sensor hangs, from the mean specific force."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from imu.constants import G_MPS2
from imu.frames import parse_mounting
from imu.types import SampleBlock, Stance

STILL_G = 0.05
"""Standing people sway and sensors are noisy (0.03 g together in the simulator): below this it is standing still."""


def stance_of(blocks: Sequence[SampleBlock], rate_hz: float, seconds: float, mounting: str | None) -> Stance | None:
    """Describe the newest seconds of a sensor that is being worn.

    Parameters
    ----------
    blocks : sequence of SampleBlock
        The newest samples, sensor frame, m/s2.
    rate_hz : float
    seconds : float
        How many of them are looked at.
    mounting : str or None
        As `Settings.mounting`; None = tilt and roll cannot be told apart, so neither is given.

    Returns
    -------
    Stance or None
        None until so many seconds without a gap are there.
    """
    wanted = round(seconds * rate_hz)
    rows: list[np.ndarray] = []
    for block in reversed(blocks):
        rows.append(block.samples[:, :3])
        if sum(len(r) for r in rows) >= wanted or block.gap_before:
            break
    acc = np.concatenate(rows[::-1])[-wanted:] if rows else np.empty((0, 3))
    if len(acc) < wanted or not np.isfinite(acc).all():
        return None
    noise_g = float(np.linalg.norm(acc, axis=1).std()) / G_MPS2
    mean = acc.mean(axis=0)
    if mounting is None:
        return Stance(None, None, noise_g, noise_g < STILL_G)
    up, right, forward = parse_mounting(mounting) @ mean
    tilt, roll = math.degrees(math.atan2(-forward, up)), math.degrees(math.atan2(-right, up))
    return Stance(tilt, roll, noise_g, noise_g < STILL_G)
