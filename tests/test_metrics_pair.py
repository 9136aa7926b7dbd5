"""Two sensors: the clocks are put together by contacts, and only what may be compared is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu.metrics.attenuation import attenuation_pct
from imu.metrics.pair import FEWEST, MOST_SPREAD_S, SEARCH_S, clock_offset, pair
from imu.types import ActivityKind, Place, Quality, Side, Step


def runner(n: int, seed: int, *, both: bool, clock_s: float = 0.0, late_s: float = 0.0, shock_g: float = 3.0):
    """Contacts of one runner as a sensor sees them: at the sacrum both feet, at a shank every second."""
    rng = np.random.default_rng(seed)
    at = np.cumsum(rng.normal(0.36, 0.012, n))
    noise = np.random.default_rng(seed + int(both)).normal(0.0, 0.003, n)
    made = []
    for k in range(0, n, 1 if both else 2):
        made.append(
            Step(
                index=len(made),
                activity=ActivityKind.RUNNING,
                side=Side.RIGHT if k % 2 else Side.LEFT,
                side_confidence=1.0,
                ic_s=float(at[k] + noise[k]) + clock_s + late_s,
                shock_peak_g=shock_g * (1.0 + 0.05 * float(noise[k]) / 0.003),
            )
        )
    return made


@given(
    clock=st.floats(-5000.0, 5000.0), rough=st.floats(-0.1, 0.1), late=st.floats(0.0, 0.018), seed=st.integers(0, 99)
)
def test_the_clocks_are_found_from_contacts(clock: float, rough: float, late: float, seed: int) -> None:
    sacrum, shank = runner(60, seed, both=True), runner(60, seed, both=False, clock_s=clock, late_s=late)
    found = clock_offset(sacrum, shank, clock + rough)
    assert found is not None
    assert found.offset_s == pytest.approx(clock + late, abs=0.004)
    assert found.spread_s <= MOST_SPREAD_S
    assert found.contacts >= 28


def test_contacts_that_do_not_belong_together_give_no_clock() -> None:
    sacrum = runner(60, 1, both=True)
    assert clock_offset(sacrum, runner(60, 2, both=False), 0.0) is None  # another runner
    assert clock_offset(sacrum, runner(60, 1, both=False), SEARCH_S + 0.03) is None
    assert clock_offset(sacrum, [], 0.0) is None
    assert clock_offset(sacrum[: FEWEST - 1], sacrum, 0.0) is None
    walking = [replace(s, activity=ActivityKind.WALKING) for s in sacrum]
    assert clock_offset(sacrum, walking, 0.0) is None


@pytest.mark.parametrize("shank_first", [True, False])
def test_attenuation_between_shank_and_sacrum_in_either_order(shank_first: bool) -> None:
    sacrum = runner(60, 3, both=True, shock_g=2.0)
    shank = runner(60, 3, both=False, clock_s=100.0, shock_g=5.0)
    if shank_first:
        found = pair(shank, Place.SHANK, sacrum, Place.SACRUM, -100.05)
        low, high = found.shock_g
    else:
        found = pair(sacrum, Place.SACRUM, shank, Place.SHANK, 100.05)
        high, low = found.shock_g
    assert low.value == pytest.approx(5.0, rel=0.02)
    assert high.value == pytest.approx(2.0, rel=0.02)
    assert found.attenuation_pct.n == 30
    assert found.attenuation_pct.value == pytest.approx(60.0, abs=1.0)
    expected = attenuation_pct(shank, sacrum, offset_s=-abs(found.clock.offset_s))
    assert found.attenuation_pct == expected


def test_other_pairs_and_an_unknown_clock_are_not_compared() -> None:
    left, right = runner(40, 4, both=False), runner(40, 5, both=False)
    for places in ((Place.FOOT, Place.FOOT), (Place.SACRUM, Place.HIP), (Place.SACRUM, Place.FOOT)):
        assert pair(left, places[0], right, places[1], 0.0).attenuation_pct is None
    assert pair(left, Place.SHANK, right, Place.SACRUM, None).clock is None
    spoiled = [replace(s, quality=Quality.SATURATED) for s in left]
    assert pair(spoiled, Place.FOOT, [], Place.FOOT, 0.0).shock_g[0].value is None
