"""How much of the shock at the shank does not reach the sacrum: two sensors on one clock, the same contacts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imu.metrics.columns import columns
from imu.metrics.intervals import STRIDES, mean_of
from imu.types import ActivityKind, Estimate, Step

SAME_CONTACT_S = 0.06
"""Both sensors' contacts, each with its own bias (shank up to 18 ms late), are one when they are this near."""


def attenuation_pct(shank: Sequence[Step], sacrum: Sequence[Step], *, offset_s: float = 0.0) -> Estimate:
    """Shock taken up between shank and sacrum, 100 (1 - S_sacrum / S_shank) in percent, mean over contacts.

    Parameters
    ----------
    shank, sacrum : sequence of Step
        Running steps of both sensors, each in the order of time.
    offset_s : float
        Clock of the sacrum minus clock of the shank.

    Returns
    -------
    Estimate
        n = contacts that both sensors saw without a fault; no value without one.
    """
    running = [[s for s in steps if s.activity is ActivityKind.RUNNING] for steps in (shank, sacrum)]
    low, high = (columns(steps, ("shock_peak_g",)).values["shock_peak_g"] for steps in running)
    times = np.array([s.ic_s for s in running[1]]) - offset_s
    values = []
    for step, shock in zip(running[0], low, strict=True):
        if len(times) == 0 or not shock > 0.0:
            continue
        k = int(np.argmin(np.abs(times - step.ic_s)))
        if abs(times[k] - step.ic_s) <= SAME_CONTACT_S:
            values.append(100.0 * (1.0 - high[k] / shock))
    return mean_of(values, STRIDES).as_estimate()
