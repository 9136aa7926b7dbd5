"""Logs of other programs: each maker's form, any CSV, and the sentence for what cannot be read."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu import api
from imu.errors import RecordingError
from imu.exchange.columns import guess
from imu.exchange.logs import look_at, read_log
from imu.exchange.text_table import open_table
from imu.types import Recording
from tests.make_npz import G, running

ACC = running(12.0, 100.0)
GYR = np.random.default_rng(2).normal(0.0, 90.0, ACC.shape)
N = len(ACC)


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def rows(line: Callable[[int, np.ndarray], str]) -> str:
    return "".join(line(i, a) + "\n" for i, a in enumerate(ACC))


def acc_of(recording: Recording) -> np.ndarray:
    return np.concatenate([b.acc for b in recording.blocks])


def test_polar_sensor_logger_counts_on_the_sensors_clock(tmp_path: Path) -> None:
    start = 599_616_000_000_000_000
    body = rows(
        lambda i, a: (
            f"2026-06-10T21:10:00.{i // 36:03d};{start + i * 10_000_000};" + ";".join(f"{v:.2f}" for v in a / G * 1e3)
        )
    )
    path = text(tmp_path / "Polar_H10_ACC.txt", "Phone timestamp;sensor timestamp [ns];X [mg];Y [mg];Z [mg]\n" + body)
    recording = api.read(path)
    assert recording.stream.sampling_rate_hz == pytest.approx(100.0, rel=1e-6)
    assert np.abs(acc_of(recording) - ACC).max() < 0.01e-3 * G
    assert recording.gaps == ()
    assert "Polar Sensor Logger" in recording.warnings[0]


def test_movella_dot_with_both_sensors_and_a_clock_that_rolls_over(tmp_path: Path) -> None:
    names = "PacketCounter,SampleTimeFine,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z,FreeAcc_X,FreeAcc_Y,FreeAcc_Z\n"
    body = rows(
        lambda i, a: (
            f"{i + 1},{(4_294_000_000 + i * 10_000) % 2**32}," + ",".join(map(repr, map(float, [*a, *GYR[i], 0, 0, 0])))
        )
    )
    path = text(tmp_path / "dot.csv", "DeviceTag:,Xsens DOT\nOutputRate:,100Hz\n\n" + names + body)
    recording = api.read(path)
    assert recording.stream.sampling_rate_hz == pytest.approx(100.0, rel=1e-6)
    assert recording.gaps == ()
    assert np.array_equal(acc_of(recording), ACC)
    assert recording.blocks[0].gyr is not None
    assert np.array_equal(recording.blocks[0].gyr, GYR)


@pytest.mark.parametrize("heading", ["", "Accelerometer X,Accelerometer Y,Accelerometer Z\n"])
def test_actigraph_is_numbered_at_the_rate_in_its_heading(tmp_path: Path, heading: str) -> None:
    top = (
        "------------ Data File Created By ActiGraph GT3X+ ActiLife v6.13.3 Firmware v3.2.1 date format M/d/yyyy"
        " at 100 Hz  Filter Normal -----------\nSerial Number: X\nStart Time 10:00:00\nCurrent Memory Address: 0\n"
        "--------------------------------------------------\n"
    )
    path = text(tmp_path / "acti.csv", top + heading + rows(lambda _, a: ",".join(f"{v:.4f}" for v in a / G)))
    recording = api.read(path)
    assert recording.stream.sampling_rate_hz == 100.0
    assert recording.n_samples == N
    assert np.abs(acc_of(recording) - ACC).max() < 0.6e-4 * G
    assert any("losses cannot be seen" in w for w in recording.warnings)


def test_movesense_csv_and_json_say_the_same(tmp_path: Path) -> None:
    table = text(
        tmp_path / "a.csv",
        "timestamp,x,y,z\n" + rows(lambda i, a: f"{5000 + i * 10}," + ",".join(map(repr, map(float, a)))),
    )
    packets = [
        {
            "acc": {
                "Timestamp": 5000 + i * 10,
                "ArrayAcc": [dict(zip("xyz", map(float, a), strict=True)) for a in ACC[i : i + 8]],
            }
        }
        for i in range(0, N, 8)
    ]
    whole = text(tmp_path / "b.json", json.dumps({"data": packets}))
    lines = text(tmp_path / "c.json", "\n".join(json.dumps({"Body": p["acc"]}) for p in packets))
    for path in (table, whole, lines):
        recording = api.read(path)
        assert recording.stream.sampling_rate_hz == pytest.approx(100.0, rel=1e-9)
        assert np.array_equal(acc_of(recording), ACC)
        assert recording.gaps == ()


def test_a_lost_movesense_packet_is_a_gap(tmp_path: Path) -> None:
    packets = [
        {"Timestamp": i * 10, "ArrayAcc": [dict(zip("xyz", map(float, a), strict=True)) for a in ACC[i : i + 8]]}
        for i in range(0, N, 8)
    ]
    del packets[40:42]
    recording = api.read(text(tmp_path / "a.json", json.dumps(packets)))
    assert [(g.start_index, g.stop_index) for g in recording.gaps] == [(320, 336)]


def test_decimal_commas_semicolons_units_in_the_heading_and_utf16(tmp_path: Path) -> None:
    body = rows(lambda i, a: ";".join(f"{v:.5f}" for v in [i * 10, *(a / G)]).replace(".", ","))
    path = text(tmp_path / "nl.csv", "time (ms);acc x (g);acc y (g);acc z (g)\n" + body, "utf-16")
    recording = api.read(path)
    assert recording.stream.sampling_rate_hz == pytest.approx(100.0)
    assert np.abs(acc_of(recording) - ACC).max() < 1e-5 * G


def test_dates_as_time(tmp_path: Path) -> None:
    body = rows(
        lambda i, a: f"2026-05-01T10:00:{i // 100:02d}.{i % 100 * 10:03d}," + ",".join(map(repr, map(float, a)))
    )
    recording = api.read(text(tmp_path / "d.csv", "time,ax,ay,az\n" + body))
    assert recording.stream.sampling_rate_hz == pytest.approx(100.0)
    assert np.array_equal(acc_of(recording), ACC)


def test_units_that_are_not_stated_come_from_gravity_and_spacing(tmp_path: Path) -> None:
    for factor, tick in ((1.0, 0.01), (1 / G, 10.0), (1000 / G, 10_000.0), (1.0, 1e7)):
        body = rows(lambda i, a, f=factor, dt=tick: f"{i * dt!r} " + " ".join(map(repr, map(float, a * f))))
        recording = api.read(text(tmp_path / "u.txt", "t ax ay az\n" + body))
        assert recording.stream.sampling_rate_hz == pytest.approx(100.0)
        assert np.allclose(acc_of(recording), ACC, atol=1e-9)


def test_an_empty_cell_is_a_gap_and_a_line_cut_off_at_the_end_is_left_out(tmp_path: Path) -> None:
    body = rows(
        lambda i, a: f"{i / 100},{a[0]!r},{'' if i == 500 else repr(float(a[1]))},{a[2]!r}".replace("np.float64", "")
    )
    recording = api.read(text(tmp_path / "h.csv", "t,ax,ay,az\n" + body.replace("(", "").replace(")", "") + "12.0,1."))
    assert [(g.start_index, g.stop_index) for g in recording.gaps] == [(500, 501)]
    assert recording.n_samples == N - 1


@given(
    line=st.integers(0, N - 1), column=st.integers(0, 3), word=st.sampled_from(["abc", "1_0", "--", "0x1F", "1.2.3"])
)
def test_a_wrong_cell_is_named_by_line_and_column(
    tmp_path_factory: pytest.TempPathFactory, line: int, column: int, word: str
) -> None:
    path = tmp_path_factory.mktemp("logs") / "b.csv"
    table = [[f"{i / 100}", *(f"{v:.4f}" for v in a)] for i, a in enumerate(ACC)]
    table[line][column] = word
    text(path, "t,ax,ay,az\n" + "\n".join(",".join(r) for r in table))
    with pytest.raises(RecordingError) as caught:
        read_log(path)
    if line:  # a wrong first row is taken for the heading, and refused as one
        assert f"line {line + 2}, column {column + 1}" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("a\0b\0c", "not a text file"),
        ("Dear reader,\nthis is a letter.\n", "no rows of numbers"),
        ("t,FreeAcc_X,FreeAcc_Y,FreeAcc_Z\n" + "0.01,1,2,3\n" * 50, "without gravity"),
        (
            "Phone timestamp;sensor timestamp [ns];X [dps];Y [dps];Z [dps]\n" + "p;1;2;3;4\n" * 50,
            "angular rate, but no acc",
        ),
        ("ax,ay,az\n" + "0,0,9.81\n" * 50, "no column of time"),
        ("t,ax,ay,az\n" + "".join(f"{i / 100},1,2,4000\n" for i in range(500)), "gravity in none of m/s2, g and mg"),
        ("t,ax,ay,az\n" + "".join(f"{i * 5000},0,0,9.81\n" for i in range(500)), "200"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, content: str, said: str) -> None:
    path = text(tmp_path / "x.csv", content)
    if said == "200":  # microseconds: read after all, and at the rate that the spacing says
        assert read_log(path).stream.sampling_rate_hz == pytest.approx(200.0)
        return
    with pytest.raises(RecordingError, match=said) as caught:
        read_log(path)
    assert caught.value.hint


def test_json_that_is_cut_off_is_refused_with_line_and_column(tmp_path: Path) -> None:
    path = text(tmp_path / "x.json", '{"data":\n [{"ArrayAcc": [')
    with pytest.raises(RecordingError, match="line 2, column"):
        read_log(path)


def test_columns_that_the_user_names_win(tmp_path: Path) -> None:
    body = rows(lambda i, a: f"{i / 100}," + ",".join(map(repr, map(float, [*(a[::-1]), *a]))))
    path = text(tmp_path / "two.csv", "t,ax,ay,az,p,q,r\n" + body)
    recording = read_log(path, {"acc": ("p", "Q", "7"), "acc_unit": "m/s2"})
    assert np.array_equal(acc_of(recording), ACC)
    with pytest.raises(RecordingError, match=r"no column 'pp'.*Did you mean 'p'"):
        look_at(path, {"acc": ("pp", "q", "r")})
    without = read_log(path, {"acc": ("p", "q", "r"), "rate_hz": 50.0})
    assert without.stream.sampling_rate_hz == 50.0


@pytest.mark.parametrize(
    ("names", "acc", "gyr", "time"),
    [
        (["t", "ax", "ay", "az", "gx", "gy", "gz"], (1, 2, 3), (4, 5, 6), 0),
        (["timestamp_ms", "acc_x_mps2", "acc_y_mps2", "acc_z_mps2"], (1, 2, 3), (), 0),
        (["accZ", "accY", "accX", "time"], (2, 1, 0), (), 3),
        (["Time (s)", "Linear Acceleration x (m/s^2)", "Acceleration x (m/s^2)", "Acceleration y (m/s^2)",
          "Acceleration z (m/s^2)"], (2, 3, 4), (), 0),
        (["seconds_elapsed", "gyroscope_x", "gyroscope_y", "gyroscope_z", "accelerometer_x", "accelerometer_y",
          "accelerometer_z", "mag_x", "mag_y", "mag_z"], (4, 5, 6), (1, 2, 3), 0),
        (["host timestamp", "device timestamp", "x-axis (g)", "y-axis (g)", "z-axis (g)"], (2, 3, 4), (), 1),
    ],
)  # fmt: skip
def test_names_of_columns_as_people_write_them(
    names: list[str], acc: tuple[int, ...], gyr: tuple[int, ...], time: int
) -> None:
    found = guess(names, "x.csv")
    assert (found.acc, found.gyr, found.time) == (acc, gyr, time)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    for suffix in (".csv", ".json"):
        path = tmp_path_factory.mktemp("any") / f"x{suffix}"
        path.write_bytes(content)
        with contextlib.suppress(RecordingError):  # any other exception is a traceback for the user
            assert read_log(path).n_samples > 0


def test_a_heading_is_told_from_the_first_row(tmp_path: Path) -> None:
    table = open_table(text(tmp_path / "n.csv", "\n".join(f"{i},0,0,1" for i in range(30))))
    assert table.names == ("1", "2", "3", "4")
    assert table.first_line == 1
