"""Shock between two sensors: equal to a loop over the contacts, and nothing where nothing can be known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from metrics_tools import run_of

from imu.metrics.attenuation import attenuation_pct
from imu.types import Quality, Side


def test_equals_the_loop() -> None:
    rng = np.random.default_rng(1)
    sacrum = [replace(s, shock_peak_g=3.0 + 0.2 * rng.standard_normal()) for s in run_of(rng, 30.0)]
    shank = [
        replace(s, ic_s=s.ic_s + 2.0 + 0.018, shock_peak_g=8.0 + rng.standard_normal())
        for s in sacrum
        if s.side is Side.RIGHT
    ]
    found = attenuation_pct(shank, sacrum, offset_s=-2.0)
    by_hand = [100 * (1 - sacrum[s.index].shock_peak_g / s.shock_peak_g) for s in shank]  # type: ignore[operator]
    assert found.value == pytest.approx(sum(by_hand) / len(by_hand))
    assert found.n == len(shank)
    assert found.half_width is not None
    spoiled = [replace(s, quality=Quality.SATURATED) for s in shank[:5]] + shank[5:]
    assert attenuation_pct(spoiled, sacrum, offset_s=-2.0).n == len(shank) - 5
    assert attenuation_pct(shank, sacrum, offset_s=-1.8).n == 0
    assert attenuation_pct(shank, []).value is None
    assert attenuation_pct([], sacrum).value is None
