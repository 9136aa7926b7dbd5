"""Standing still: tilt, roll and noise from the mean specific force."""

from __future__ import annotations

import math

import numpy as np
import pytest

from imu.api.stance import stance_of
from imu.constants import G_MPS2
from imu.types import SampleBlock

RATE = 100.0


def standing(tilt_deg: float, roll_deg: float, noise_g: float = 0.003) -> list[SampleBlock]:
    """Sensor x up, y right, z forward in its case, which leans forward and to the right."""
    tilt, roll = math.radians(tilt_deg), math.radians(roll_deg)
    up = np.array([1.0, -math.tan(roll), -math.tan(tilt)])
    acc = G_MPS2 * up / np.linalg.norm(up) + np.random.default_rng(1).normal(0.0, noise_g * G_MPS2, (500, 3))
    return [SampleBlock(i, acc[i : i + 50]) for i in range(0, 500, 50)]


@pytest.mark.parametrize(("tilt", "roll"), [(7.0, 0.6), (-4.0, -3.0), (0.0, 0.0)])
def test_lean_forward_and_to_the_right_is_positive(tilt: float, roll: float) -> None:
    stance = stance_of(standing(tilt, roll), RATE, 4.0, "+x+y+z")
    assert stance.tilt_deg == pytest.approx(tilt, abs=0.1)
    assert stance.roll_deg == pytest.approx(roll, abs=0.1)
    assert stance.still


def test_without_axes_no_angle_and_without_rest_no_stillness() -> None:
    stance = stance_of(standing(7.0, 1.0, noise_g=0.1), RATE, 4.0, None)
    assert (stance.tilt_deg, stance.roll_deg, stance.still) == (None, None, False)
    assert stance.noise_g == pytest.approx(0.1, rel=0.2)


def test_nothing_is_said_before_there_are_four_seconds_without_a_gap() -> None:
    blocks = standing(0.0, 0.0)
    assert stance_of(blocks[:7], RATE, 4.0, "+x+y+z") is None
    assert stance_of([], RATE, 4.0, "+x+y+z") is None
    late = blocks[:5] + [SampleBlock(300, b.samples, 50 if i == 0 else 0) for i, b in enumerate(blocks[5:])]
    assert stance_of(late, RATE, 4.0, "+x+y+z") is None
