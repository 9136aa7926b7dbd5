"""Reading the NPZ form: numbers strictly, words liberally, gaps as gaps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu.errors import RecordingError
from imu.exchange.archive import sensor_names
from imu.exchange.axes import mounting_of, read_axes, read_place, read_sensor_name
from imu.exchange.check import check_recording
from imu.exchange.header import acc_range_g, body_facts
from imu.exchange.npz import read_npz
from imu.frames import mounting_names, parse_mounting
from imu.types import Place, Side
from tests.make_npz import G, running, write


def test_samples_come_out_as_written(tmp_path: Path) -> None:
    acc = running()
    gyr = np.random.default_rng(1).normal(size=acc.shape)
    recording = read_npz(write(tmp_path / "a.npz", acc, gyr=gyr))
    (block,) = recording.blocks
    assert block.start_index == 0
    assert block.gap_before == 0
    assert block.samples.dtype == np.float64
    assert np.array_equal(block.acc, acc)
    assert block.gyr is not None
    assert np.array_equal(block.gyr, gyr)
    assert recording.stream.sampling_rate_hz == 100.0
    assert recording.stream.channels == 6
    assert recording.gaps == ()


def test_an_axis_that_was_not_measured_stays_nan_and_makes_no_gap(tmp_path: Path) -> None:
    acc = running()
    acc[:, 2] = np.nan
    recording = read_npz(write(tmp_path / "a.npz", acc))
    assert recording.n_samples == len(acc)
    assert np.isnan(recording.blocks[0].acc[:, 2]).all()


def test_rows_without_a_reading_are_gaps(tmp_path: Path) -> None:
    acc = running()
    acc[100:130] = np.nan
    acc[500] = np.nan
    acc[700, 1] = np.inf
    recording = read_npz(write(tmp_path / "a.npz", acc))
    assert [(g.start_index, g.stop_index) for g in recording.gaps] == [(100, 130), (500, 501), (700, 701)]
    assert [b.gap_before for b in recording.blocks] == [0, 30, 1, 1]
    assert recording.blocks[1].start_index == 130
    assert any("gaps" in w for w in recording.warnings)


def test_missing_rows_are_gaps_and_the_clock_is_the_recordings_own(tmp_path: Path) -> None:
    acc = running()
    keep = np.ones(len(acc), dtype=bool)
    keep[200:265] = False
    t = 5.0 + np.arange(len(acc))[keep] / 100.0
    recording = read_npz(write(tmp_path / "a.npz", acc[keep], t=t))
    assert [(g.start_index, g.stop_index) for g in recording.gaps] == [(200, 265)]
    assert recording.stream.time_s(recording.blocks[1].start_index) == pytest.approx(7.65)


@given(missing=st.lists(st.integers(1, 598), max_size=40, unique=True), as_nan=st.booleans())
@settings(max_examples=40, deadline=None)
def test_nothing_is_lost_or_invented(
    tmp_path_factory: pytest.TempPathFactory, missing: list[int], as_nan: bool
) -> None:
    """Whether rows are left out or hold NaN, the same samples come back at the same places."""
    acc = np.arange(1800.0).reshape(600, 3)
    gone = np.zeros(600, dtype=bool)
    gone[missing] = True
    path = tmp_path_factory.mktemp("npz") / "a.npz"
    if as_nan:
        holed = acc.copy()
        holed[gone] = np.nan
        write(path, holed)
    else:
        write(path, acc[~gone], t=np.arange(600)[~gone] / 100.0)
    recording = read_npz(path)
    index = np.concatenate([np.arange(b.start_index, b.stop_index) for b in recording.blocks])
    assert np.array_equal(index, np.flatnonzero(~gone))
    assert np.array_equal(np.concatenate([b.acc for b in recording.blocks]), acc[~gone])
    holes = sum(g.stop_index - g.start_index for g in recording.gaps)
    assert holes == gone.sum()


PLACES = [
    ("sacrum (taped)", Place.SACRUM, Side.UNKNOWN),
    ("lower back (L5), belt; McRoberts-type Mobilise-D device", Place.SACRUM, Side.UNKNOWN),
    ("lower back L5 (main); left_* and right_* = on each foot; Xsens MTw Awinda", Place.SACRUM, Side.UNKNOWN),
    ("waist (belt buckle)", Place.SACRUM, Side.UNKNOWN),
    ("second derivative of the middle of the two PSIS markers", Place.SACRUM, Side.UNKNOWN),
    (
        "left hip, elastic belt (main); second sensor (foot_*) clipped outside the left shoe just below the ankle",
        Place.HIP,
        Side.LEFT,
    ),
    ("right side of the waist", Place.HIP, Side.RIGHT),
    ("hip (ActiGraph GT3X+ header, 100 Hz)", Place.HIP, Side.UNKNOWN),
    ("shank (side not published); force plate is of the same leg only", Place.SHANK, Side.UNKNOWN),
    ("right tibia, distal", Place.SHANK, Side.RIGHT),
    ("foot (shoe), left (main: acc/gyr) and right", Place.FOOT, Side.LEFT),
    ("instep of the right shoe", Place.FOOT, Side.RIGHT),
    ("wrist", None, Side.UNKNOWN),
    ("", None, Side.UNKNOWN),
]


@pytest.mark.parametrize(("text", "place", "side"), PLACES)
def test_place_and_side_from_a_placement_text(text: str, place: Place | None, side: Side) -> None:
    assert read_place(text) == (place, side)


SENSORS = [
    ("lshank", Place.SHANK, Side.LEFT),
    ("rshank", Place.SHANK, Side.RIGHT),
    ("left", Place.FOOT, Side.LEFT),
    ("right", Place.FOOT, Side.RIGHT),
    ("right_foot", Place.FOOT, Side.RIGHT),
    ("foot", Place.FOOT, Side.UNKNOWN),
    ("ankle", Place.SHANK, Side.UNKNOWN),
    ("chest", None, Side.UNKNOWN),
]


@pytest.mark.parametrize(("name", "place", "side"), SENSORS)
def test_place_and_side_from_a_sensor_name(name: str, place: Place | None, side: Side) -> None:
    assert read_sensor_name(name) == (place, side)


AXES: list[tuple[list[str], str | None, dict[str, str], str]] = [
    (
        ["V (up positive, device axis; clipped at 0 below)", "AP (device axis)", "ML not measured"],
        None,
        {"is": "+x", "pa": "y", "ml": "z"},
        "",
    ),
    (["x: vertical (up, +1 g)", "y", "z"], None, {"is": "+x"}, ""),
    (["x", "y (gravity reads about -1 g upright)", "z"], None, {"is": "-y"}, ""),
    (["x: vertical", "y: medio-lateral", "z: antero-posterior"], None, {"is": "x", "ml": "y", "pa": "z"}, ""),
    (
        [
            "X: vertical, gravity reads about -8.4 m/s2 upright (pointing down)",
            "Y",
            "Z: antero-posterior, sign flipped",
        ],
        None,
        {"is": "-x", "pa": "z", "ml": "y"},
        "",
    ),
    (["x", "y", "z (superior)"], None, {"is": "+z"}, ""),
    (["x", "y", "z"], None, {}, ""),
    (["up", "right", "forward"], "+x+y+z", {"is": "+x", "ml": "+y", "pa": "+z"}, ""),
    # two signs are enough: the third follows from right-handedness
    (["V up", "AP positive forwards", "ML not measured"], "+x-z+y", {"is": "+x", "pa": "+y", "ml": "z"}, ""),
    (["vertical, pointing down", "left-right", "anterior"], "-x-y+z", {"is": "-x", "ml": "y", "pa": "+z"}, ""),
    # three signs that no sensor can have: the lateral column is negated
    (
        ["V up", "ML positive to the runner's left", "AP positive forwards"],
        "+x+y+z",
        {"is": "+x", "ml": "-y", "pa": "+z"},
        "y",
    ),
    (["up", "up", "forward"], None, {"pa": "+z"}, ""),
]


@pytest.mark.parametrize(("texts", "mounting", "hints", "mirrored"), AXES)
def test_mounting_from_the_names_of_axes(
    texts: list[str], mounting: str | None, hints: dict[str, str], mirrored: str
) -> None:
    assert mounting_of(read_axes(texts)) == (mounting, hints, mirrored)


@pytest.mark.parametrize("name", mounting_names())
def test_every_mounting_is_read_back_from_its_own_words(name: str) -> None:
    """Describe each of the 24 mountings in words: it comes out, also with the lateral or fore-aft sign left out."""
    parse_mounting(name)
    words = {"is": ("vertical, up", "vertical, down"), "ml": ("right", "left"), "pa": ("forward", "backward")}
    silent = {"ml": "medio-lateral", "pa": "antero-posterior"}
    for quiet in ("", "ml", "pa"):
        texts = ["", "", ""]
        for k, role in enumerate(("is", "ml", "pa")):
            sign, axis = name[2 * k], name[2 * k + 1]
            texts["xyz".index(axis)] = silent[role] if role == quiet else words[role][sign == "-"]
        assert mounting_of(read_axes(texts))[0] == name, texts


def test_gravity_settles_the_sign_of_the_vertical(tmp_path: Path) -> None:
    acc = running()
    acc[:, 0] *= -1.0
    path = write(tmp_path / "a.npz", acc, meta={"acc_axes": ["vertical, up", "ML", "AP"]})
    recording = read_npz(path)
    assert recording.suggested["axis_hints"]["is"] == "-x"
    assert any("gravity is believed" in w for w in recording.warnings)


def test_left_handed_columns_are_made_right_handed(tmp_path: Path) -> None:
    acc = running()
    meta = {"acc_axes": ["V up", "ML positive to the runner's left", "AP positive forwards"]}
    recording = read_npz(write(tmp_path / "a.npz", acc, meta=meta))
    assert recording.suggested["mounting"] == "+x+y+z"
    assert np.array_equal(recording.blocks[0].acc, acc * [1.0, -1.0, 1.0])
    with_gyr = read_npz(write(tmp_path / "b.npz", acc, meta=meta, gyr=np.ones_like(acc)))
    assert "mounting" not in with_gyr.suggested
    assert np.array_equal(with_gyr.blocks[0].acc, acc)


FACTS: list[tuple[dict[str, Any], dict[str, float]]] = [
    ({"body_mass_kg": 76.8, "speed_mps": 2.5}, {"body_mass_kg": 76.8, "speed_mps": 2.5}),
    ({"subject": "male, 173 cm, 76.8 kg"}, {"body_mass_kg": 76.8, "body_height_m": 1.73}),
    ({"subject": {"Weight_kg": "63", "Height_cm": "167"}}, {"body_mass_kg": 63.0, "body_height_m": 1.67}),
    ({"subject": {"height_m": 1.59, "weight_kg": 73}}, {"body_mass_kg": 73.0, "body_height_m": 1.59}),
    ({"trial_summary": {"belt_speed_mps": 4.09, "mass_kg": 82.6}}, {"body_mass_kg": 82.6, "speed_mps": 4.09}),
    ({"trial_summary": {"speed_kmh": 9.0}}, {"speed_mps": 2.5}),
    ({"body_mass_kg": 7000.0, "speed_mps": "fast", "subject": None}, {}),
    ({"body_mass_kg": float("nan"), "height_m": True}, {}),
    ({}, {}),
]


@pytest.mark.parametrize(("meta", "facts"), FACTS)
def test_body_facts(meta: dict[str, Any], facts: dict[str, float]) -> None:
    assert body_facts(meta) == pytest.approx(facts)


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"preprocessing": "none; ActiGraph GT9X Link, +-8 g"}, 8.0),
        ({"preprocessing": "ADXL345 +-16 g 13 bit (acc), MMA8451Q +-8 g"}, 16.0),
        ({"acc_range_g": 32}, 32.0),
        ({"preprocessing": "g times 9.80665"}, None),
        ({}, None),
    ],
)
def test_the_accelerometers_range(meta: dict[str, Any], expected: float | None) -> None:
    assert acc_range_g(meta) == expected


def test_a_further_sensor_of_the_same_file(tmp_path: Path) -> None:
    acc, other = running(), running(step_s=0.4)
    path = write(
        tmp_path / "a.npz",
        acc,
        meta={"placement": "sacrum; second sensor (foot_*) on the right shoe", "acc_axes": ["up", "right", "forward"]},
        lshank_acc=other,
        foot_acc=other[:900],
        foot_t=np.arange(900) / 50.0,
    )
    assert sensor_names(list(np.load(path).files)) == ["foot", "lshank"]
    shank = read_npz(path, "lshank")
    assert (shank.suggested["place"], shank.suggested["sensor_side"]) == (Place.SHANK, Side.LEFT)
    assert "mounting" not in shank.suggested
    assert np.array_equal(shank.blocks[0].acc, other)
    foot = read_npz(path, "foot")
    assert (foot.suggested["place"], foot.suggested["sensor_side"]) == (Place.FOOT, Side.RIGHT)
    assert foot.stream.sampling_rate_hz == 50.0
    with pytest.raises(RecordingError, match="Did you mean 'lshank'"):
        read_npz(path, "lshnk")


def test_no_stamps_but_a_stated_rate(tmp_path: Path) -> None:
    recording = read_npz(write(tmp_path / "a.npz", t=None, meta={"fs": 100}))
    assert recording.stream.sampling_rate_hz == 100.0
    assert any("No time stamps" in w for w in recording.warnings)


def test_an_unknown_place_is_said(tmp_path: Path) -> None:
    recording = read_npz(write(tmp_path / "a.npz", meta={"placement": "wrist"}))
    assert "place" not in recording.suggested
    assert any("wrist" in w for w in recording.warnings)


@pytest.mark.needs_data
def test_every_real_recording_is_read_and_all_but_the_slow_ones_can_be_analysed(stride_data: Path) -> None:
    files = sorted(stride_data.rglob("*.npz"))
    assert files
    for path in files:
        recording = read_npz(path)
        assert recording.n_samples > 0
        assert recording.suggested["place"] in set(Place), path
        if "N_ble" in str(path):
            with pytest.raises(RecordingError, match="too slow"):
                check_recording(recording)
        else:
            check_recording(recording)


@pytest.mark.needs_data
@pytest.mark.parametrize(
    ("folder", "place", "up"),
    [
        ("A_sacrum_grf_treadmill", Place.SACRUM, "+x"),
        ("B_shank_grf_treadmill", Place.SHANK, "-x"),
        ("C_hip_foot_outdoor_run", Place.HIP, "-y"),
        ("D_sacrum_512Hz_sample", Place.SACRUM, "-x"),
        ("E_waist_200Hz_jog_walk", Place.SACRUM, "-y"),
        ("F_lowback_walk_LR_reference", Place.SACRUM, "+x"),
        ("G_lowback_feet_walk_LR_events", Place.SACRUM, "+x"),
        ("H_foot_walk_stride_events", Place.FOOT, "+z"),
    ],
)
def test_real_headers_name_place_and_vertical(stride_data: Path, folder: str, place: Place, up: str) -> None:
    for path in sorted((stride_data / folder).glob("*.npz")):
        recording = read_npz(path)
        assert recording.suggested["place"] is place
        assert recording.suggested["axis_hints"]["is"] == up
        sign = -1.0 if up[0] == "-" else 1.0
        assert sign * recording.blocks[0].acc[:, "xyz".index(up[1])].mean() > 0.5 * G
