"""Mountings and the rotation that takes gravity up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from strategies import mountings

from imu.errors import SettingsError
from imu.frames import mounting_names, parse_mounting
from imu.settings import Settings

UP = np.array([1.0, 0.0, 0.0])


def is_rotation(matrix: np.ndarray, tolerance: float = 1e-12) -> bool:
    return bool(np.allclose(matrix @ matrix.T, np.eye(3), atol=tolerance) and np.linalg.det(matrix) > 0)


def test_there_are_24_different_mountings_in_a_fixed_order():
    names = mounting_names()
    assert len(set(names)) == 24
    assert names == mounting_names()
    assert len({parse_mounting(name).tobytes() for name in names}) == 24


@given(mountings)
def test_every_mounting_is_a_rotation_of_whole_axes(name):
    matrix = parse_mounting(name)
    assert is_rotation(matrix, 0.0)
    assert set(np.unique(matrix)) <= {-1.0, 0.0, 1.0}


@given(mountings)
def test_a_mounting_names_the_sensor_axis_along_up_right_and_forward(name):
    matrix = parse_mounting(name)
    for body_axis in range(3):
        sign, axis = name[2 * body_axis], name[2 * body_axis + 1]
        sensor = np.zeros(3)
        sensor["xyz".index(axis)] = 1.0 if sign == "+" else -1.0
        np.testing.assert_array_equal(matrix @ sensor, np.eye(3)[body_axis])


def test_the_example_of_the_docs():
    # "+y-x+z": y up, x to the left, z forward
    body = parse_mounting("+y-x+z") @ np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(body, [2.0, -1.0, 3.0])


@pytest.mark.parametrize("name", [" +Y-X+Z ", "+y-x+z"])
def test_spaces_and_capitals_do_not_matter(name):
    np.testing.assert_array_equal(parse_mounting(name), parse_mounting("+y-x+z"))


@pytest.mark.parametrize("name", ["", "yxz", "+y-x", "+y-x+y", "+y-x+w", "y+x+z+", "+y-x+z+", "++-xyz", "+y -x +z"])
def test_what_is_no_mounting_is_refused_with_an_example(name):
    with pytest.raises(SettingsError) as caught:
        parse_mounting(name)
    assert "+y-x+z" in caught.value.hint


@given(mountings)
def test_a_left_handed_name_is_refused_with_the_right_handed_one(name):
    flipped = name[:4] + ("-" if name[4] == "+" else "+") + name[5:]
    with pytest.raises(SettingsError, match="left-handed") as caught:
        parse_mounting(flipped)
    suggestion = caught.value.hint.removeprefix("Did you mean ").removesuffix("?")
    assert suggestion in mounting_names()
    assert suggestion[:2] == name[:2]


def test_settings_refuse_a_wrong_mounting_at_once():
    with pytest.raises(SettingsError, match="mounting"):
        Settings(mounting="+y+x+z")
