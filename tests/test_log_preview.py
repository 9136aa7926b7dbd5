"""What is shown of a log before it is imported, and what is said where it cannot be read yet."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu import api
from imu.cli import main
from imu.errors import RecordingError
from imu.exchange.columns import guess
from imu.types import ColumnMapping
from tests.make_npz import G, running

ACC = running(12.0, 100.0)


def write(path: Path, heading: str, *, wrong: dict[int, str] | None = None) -> Path:
    lines = [heading] if heading else []
    lines += [f"{i * 10};" + ";".join(f"{v / G:.5f}".replace(".", ",") for v in row) for i, row in enumerate(ACC)]
    for line, text in (wrong or {}).items():
        lines[line - 1] = text
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_table_whose_columns_are_named_is_ready(tmp_path: Path) -> None:
    seen = api.preview_log(write(tmp_path / "log.csv", "time;acc x;acc y;acc z"), rows=3)
    assert seen.problems == ()
    assert seen.names == ("time", "acc x", "acc y", "acc z")
    assert seen.first_line == 2
    assert len(seen.rows) == 3
    assert seen.rows[1][0] == "10"
    assert seen.mapping == ColumnMapping(acc=(1, 2, 3), acc_unit="g", time=0, time_unit="ms")
    assert seen.n_samples == len(ACC)
    assert seen.sampling_rate_hz == pytest.approx(100.0, rel=1e-6)
    assert seen.acc_size_g == pytest.approx(np.median(np.linalg.norm(ACC, axis=1)) / G, rel=1e-3)


def test_columns_without_names_are_shown_and_read_once_they_are_chosen(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", "")
    seen = api.preview_log(path)
    assert len(seen.rows) == 8
    assert "no columns that are named as acceleration" in seen.problems[0].text
    assert seen.problems[0].line is None
    chosen = ColumnMapping(acc=(1, 2, 3), time=0)
    again = api.preview_log(path, chosen)
    assert again.problems == ()
    assert again.mapping == replace(chosen, acc_unit="g", time_unit="ms")
    made = api.import_log(path, tmp_path / "log.npz", again.mapping)
    assert made.n_samples == again.n_samples
    assert api.read(tmp_path / "log.npz").stream.sampling_rate_hz == pytest.approx(again.sampling_rate_hz)


def test_a_missing_time_leaves_what_was_found_in_place(tmp_path: Path) -> None:
    seen = api.preview_log(write(tmp_path / "log.csv", "number;acc x;acc y;acc z"))
    assert seen.mapping.acc == (1, 2, 3)
    assert "no column of time" in seen.problems[0].text
    ready = api.preview_log(seen.path, replace(seen.mapping, rate_hz=100.0))
    assert (ready.problems, ready.duration_s) == ((), pytest.approx(len(ACC) / 100.0, abs=0.02))


def test_every_wrong_cell_is_listed_by_line_and_column(tmp_path: Path) -> None:
    wrong = {100: "980;1;x;0", 200: "1980;1", 300: "when;0;0;1"}
    seen = api.preview_log(write(tmp_path / "log.csv", "time;acc x;acc y;acc z", wrong=wrong))
    assert [(p.line, p.column) for p in seen.problems] == [(100, 3), (200, None), (300, 1)]
    many = dict.fromkeys(range(100, 200), "0;x;0;1")
    assert len(api.preview_log(write(tmp_path / "many.csv", "t;ax;ay;az", wrong=many)).problems) == 20


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (ColumnMapping(acc=(1, 2), time=0), "needs three columns"),
        (ColumnMapping(acc=(1, 2, 3), gyr=(1,), time=0), "angular rate needs three"),
        (ColumnMapping(acc=(1, 2, 9), time=0), "has 4 columns"),
        (ColumnMapping(acc=(1, 2, 2), time=0), "acc y is chosen for two things"),
        (ColumnMapping(acc=(1, 2, 3), time=3), "acc z is chosen for two things"),
        (ColumnMapping(acc=(1, 2, 3), acc_unit="furlong", time=0), "no unit"),
        (ColumnMapping(acc=(1, 2, 3)), "no column of time"),
        (ColumnMapping(acc=(1, 2, 3), time=0, time_unit="date"), "neither a number nor a date"),
    ],
)
def test_a_choice_that_cannot_be_is_said(tmp_path: Path, mapping: ColumnMapping, said: str) -> None:
    seen = api.preview_log(write(tmp_path / "log.csv", "time;acc x;acc y;acc z"), mapping)
    assert said in seen.problems[0].text
    assert seen.mapping == mapping


def test_makers_are_named_and_json_has_no_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "log.txt", "timestamp;x;y;z")
    assert api.preview_log(path).kind == "Movesense"
    packet = '{"Timestamp": %d, "ArrayAcc": [%s]}\n'
    axes = ",".join('{"x": 0.1, "y": 0.2, "z": 9.8}' for _ in range(10))
    (tmp_path / "log.json").write_text("".join(packet % (i * 100, axes) for i in range(100)), encoding="utf-8")
    seen = api.preview_log(tmp_path / "log.json")
    assert (seen.names, seen.problems, seen.n_samples) == ((), (), 1000)


def test_the_command_shows_the_table_and_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "log.csv", "time;acc x;acc y;acc z")
    assert main(["import", str(path), "--preview"]) == 0
    assert "100 Hz" in capsys.readouterr().out
    bad = write(tmp_path / "bad.csv", "time;acc x;acc y;acc z", wrong=dict.fromkeys(range(50, 60), "0;x;0;1"))
    assert main(["import", str(bad), "--preview"]) == 2
    shown = capsys.readouterr()
    assert "= acc x" in shown.out
    assert "line 50, column 2" in shown.err
    assert "more than 5" in shown.err
    assert main(["import", str(bad)]) == 2
    assert not (tmp_path / "bad.npz").exists()


@given(st.lists(st.sampled_from(["t", "ax", "ay", "az", "x", "gx", "gyr y", "", "acc z (g)", "1"]), max_size=8))
def test_any_heading_gives_a_preview_that_agrees_with_the_guess(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    path = tmp_path_factory.mktemp("any") / "x.csv"
    row = ";".join("1.5" for _ in names)
    path.write_text(";".join(names) + "\n" + f"{row}\n" * 10, encoding="utf-8")
    with contextlib.suppress(RecordingError):  # no table at all
        seen = api.preview_log(path)
        with contextlib.suppress(RecordingError):
            assert seen.mapping.acc == guess(seen.names, "x").acc
