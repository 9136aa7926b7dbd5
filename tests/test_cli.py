"""The command line: answers, exit codes, sentences; what a user types wrong gets a way on."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imu.cli import main
from imu.cli.text import nearest, number, plain, speed_words
from imu.types import ActivityKind, Side, Step
from tests.make_npz import G, running, write

Run = Callable[..., tuple[int, str, str]]

KEYS = {
    "index",
    "side",
    "side_confidence",
    "ic_s",
    "tc_s",
    "contact_time_s",
    "flight_time_s",
    "step_time_s",
    "load_peak_g",
    "shock_peak_g",
    "vgrf_peak_bw",
    "quality",
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(a) for a in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return call


@pytest.fixture
def good(tmp_path: Path) -> Path:
    meta = {"placement": "sacrum", "acc_axes": ["up", "right", "forward"], "body_mass_kg": 70, "speed_mps": 3.0}
    return write(tmp_path / "good.npz", running(20.0, stand_s=4.0), meta=meta)


# -- analyze ---------------------------------------------------------------------------------------------------------


def test_analyze_lists_steps_and_a_summary(run: Run, good: Path) -> None:
    code, out, err = run("analyze", good)
    assert (code, err) == (0, "")
    rows = [line for line in out.splitlines() if line.split()[1:2] == ["run"]]
    assert len(rows) > 30
    assert "Summary:" in out
    assert "not a medical device" in out
    assert "docs/validation.md" in out


def test_json_is_one_object_per_recording_with_the_promised_keys(run: Run, good: Path, tmp_path: Path) -> None:
    second = write(tmp_path / "second.npz", running(20.0, 200.0))
    code, out, _ = run("analyze", good, second, "--json")
    assert code == 0
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["recording"] for line in lines] == [str(good), str(second)]
    for line in lines:
        assert {"recording", "activity", "summary", "steps"} <= set(line)
        assert line["steps"]
        assert all(set(step) >= KEYS for step in line["steps"])
        assert {span["kind"] for span in line["activity"]} <= {"running", "walking", "standing", "other"}
        assert all(set(span) >= {"start_s", "end_s", "kind"} for span in line["activity"])
    assert lines[0]["settings"]["body_mass_kg"] == 70.0
    assert lines[0]["settings"]["mounting"] == "+x+y+z"


def test_typed_settings_win_over_the_header_also_where_they_are_the_default(run: Run, tmp_path: Path) -> None:
    meta = {"placement": "left hip", "body_mass_kg": 70}
    path = write(tmp_path / "hip.npz", running(20.0), meta=meta)
    _, out, _ = run("analyze", path, "--json")
    assert json.loads(out)["settings"]["place"] == "hip"
    _, out, _ = run("analyze", path, "--json", "--place", "sacrum", "--mass-kg", "81.5", "--first-side", "right")
    settings = json.loads(out)["settings"]
    assert (settings["place"], settings["body_mass_kg"], settings["first_side"]) == ("sacrum", 81.5, "right")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("library", "restore"), "See stride library restore --help."),
        (("analyze",), "See stride analyze --help."),
        (("library", "--nothing"), "See stride library --help."),
        (("--nothing",), "See stride --help."),
        (("analyze", "x.npz", "--mass-kg", "much"), "not a number. See stride analyze --help."),
        (("export-session", "x", "--out", "y.stride"), "not a whole number. See stride export-session --help."),
    ],
)
def test_a_command_typed_wrong_is_told_where_its_own_help_is(run: Run, arguments: tuple[str, ...], words: str) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert words in err


def test_a_folder_is_no_recording(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIDE_LIBRARY", str(tmp_path / "l.stride-library"))
    code, _, err = run("import", tmp_path, "--library")
    assert code == 2
    assert "is a folder. Name the recordings in it." in err


def test_a_dutch_table_tells_its_time(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "telefoon.csv"
    rows = "".join(f"{i / 100:.2f};0,01;0,02;{1.0 + 0.001 * (i % 3):.3f}\n".replace(".", ",") for i in range(500))
    log.write_text("tijd;x;y;z\n" + rows)
    code, out, _ = run("import", log)
    assert code == 0
    assert "500 samples at 100 Hz" in out


def test_a_table_never_takes_the_place_of_a_recording(run: Run, good: Path, tmp_path: Path) -> None:
    before = good.read_bytes()
    code, _, err = run("analyze", good, "--csv", good)
    assert code == 2
    assert "ends in .csv" in err
    assert good.read_bytes() == before
    log = tmp_path / "phone.csv"
    log.write_text("time,ax,ay,az\n0,0,0,9.81\n")
    for inputs in ([good], [log]):
        code, _, err = run("analyze", *inputs, "--csv", log)
        assert code == 2
        assert "Choose another name for the table." in err
    assert log.read_text().startswith("time,")


def test_an_earlier_table_is_replaced(run: Run, good: Path, tmp_path: Path) -> None:
    target = tmp_path / "steps.csv"
    assert run("export", good, "--out", target)[0] == 0
    assert run("analyze", good, "--csv", target)[0] == 0
    assert run("analyze", good, "--csv", target)[0] == 0
    assert target.read_text().startswith("recording,index,")


def test_csv_has_one_row_per_step_and_empty_cells_for_the_unknown(run: Run, good: Path, tmp_path: Path) -> None:
    target = tmp_path / "steps.csv"
    code, out, _ = run("analyze", good, "--csv", target)
    assert code == 0
    with target.open(newline="") as file:
        rows = list(csv.DictReader(file))
    of_step = Step(0, ActivityKind.RUNNING, Side.LEFT, 1.0, 0.0).as_dict()
    assert set(rows[0]) == {"recording", *of_step, "line_g"}
    assert {row["line_g"] for row in rows} == {""}  # none was set
    _, as_json, _ = run("analyze", good, "--json")
    steps = json.loads(as_json)["steps"]
    assert len(rows) == len(steps) > 30
    assert f"{len(rows)} steps" in out
    for row, step in zip(rows, steps, strict=True):
        assert float(row["ic_s"]) == step["ic_s"]
        assert row["side"] == step["side"]
        assert (row["tc_s"] == "") == (step["tc_s"] is None)


def test_among_several_the_good_ones_are_answered_and_the_bad_ones_named(run: Run, good: Path, tmp_path: Path) -> None:
    slow = write(tmp_path / "slow.npz", running(60.0, 25.0), rate=25.0)
    code, out, err = run("analyze", slow, good, tmp_path / "gone.npz", "--json")
    assert code == 2
    assert [json.loads(line)["recording"] for line in out.splitlines()] == [str(good)]
    sentences = err.splitlines()
    assert len(sentences) == 2
    assert "slow.npz" in sentences[0]
    assert "too slow" in sentences[0]
    assert "gone.npz" in sentences[1]


@pytest.mark.parametrize(
    ("acc", "words"),
    [
        (running() - [G, 0.0, 0.0], "no gravity"),
        (np.tile([G, 0.0, 0.0], (1200, 1)), "constant"),
        (np.full((1200, 3), np.nan), "NaN"),
        (running() / G, "in g"),
    ],
    ids=["linear acceleration", "constant", "NaN", "in g"],
)
def test_a_bad_recording_ends_with_one_sentence_and_code_2(
    run: Run, tmp_path: Path, acc: np.ndarray, words: str
) -> None:
    code, out, err = run("analyze", write(tmp_path / "bad.npz", acc))
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert words in err
    assert "bad.npz" in err


def test_standing_has_no_steps(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("analyze", write(tmp_path / "still.npz", running(20.0, stand_s=20.0)), "--json")
    assert code == 0
    assert json.loads(out)["steps"] == []
    code, out, _ = run("analyze", tmp_path / "still.npz")
    assert code == 0
    assert "No steps were found." in out


def test_a_gap_never_becomes_a_step(run: Run, tmp_path: Path) -> None:
    acc = running(30.0)
    t = np.arange(len(acc)) / 100.0
    keep = (t < 12.0) | (t >= 15.0)
    _, out, _ = run("analyze", write(tmp_path / "gap.npz", acc[keep], t=t[keep]), "--json")
    result = json.loads(out)
    assert result["missing_samples"] == 300
    assert result["steps"]
    assert not [s for s in result["steps"] if 12.0 <= s["ic_s"] < 15.0]
    assert all(s["step_time_s"] is None or s["step_time_s"] < 2.0 for s in result["steps"])


def test_a_further_sensor(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "two.npz", running(20.0), meta={"placement": "sacrum"}, lshank_acc=running(20.0))
    code, out, _ = run("analyze", path, "--sensor", "lshank", "--json")
    assert code == 0
    settings = json.loads(out)["settings"]
    assert (settings["place"], settings["sensor_side"]) == ("shank", "left")
    code, _, err = run("analyze", path, "--sensor", "lshnk")
    assert code == 2
    assert "Did you mean 'lshank'?" in err


def test_an_assumed_place_is_said(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "bare.npz", running(20.0))
    assert "sacrum is assumed" in run("analyze", path)[1]
    assert "is assumed" not in run("analyze", path, "--place", "sacrum")[1]


def test_patterns_that_the_shell_left_alone_and_folders(run: Run, good: Path, tmp_path: Path) -> None:
    write(tmp_path / "good2.npz", running(20.0))
    code, out, _ = run("analyze", tmp_path / "good*.npz", "--json")
    assert code == 0
    assert len(out.splitlines()) == 2
    code, _, err = run("analyze", tmp_path)
    assert code == 2
    assert "is a folder" in err
    assert "no file" in run("analyze", tmp_path / "none*.npz")[2]


# -- typing errors ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["analyz", "x.npz"], "Did you mean 'analyze'?"),
        (["profiles", "lst"], "Did you mean 'list'?"),
        (["profiles", "show", "open_pcket"], "Did you mean 'open_packet'?"),
        (["analyze"], "Missing argument"),
        (["analyze", "--nonsense", "x.npz"], "--nonsense"),
        (["analyze", "x.npz", "--place", "wrist"], "sacrum"),
        (["analyze", "x.npz", "--mass-kg", "7000"], "20 to 250 kg"),
        (["analyze", "x.npz", "--mounting", "+x-x+z"], "not a mounting"),
        (["analyze", "x.npz", "--speed-mps", "fast"], "--speed-mps"),
        (["replay", "x.npz", "--speed", "warp"], "no replay speed"),
        (["demo", "--headless", "--speed-mps", "90"], "outside"),
        (["demo", "--headless", "--out", "/no/such/folder/a.stride"], "no folder"),
        (["validate", "/no/such/folder"], "no folder"),
        (["verify", "x.stride"], "no file"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_a_typing_error_gets_one_line_and_code_2(run: Run, arguments: list[str], words: str) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert len(err.splitlines()) == 1
    assert words in err


def test_the_nearest_file_is_named(run: Run, good: Path, tmp_path: Path) -> None:
    code, _, err = run("analyze", tmp_path / "godo.npz")
    assert code == 2
    assert f"Did you mean {good}?" in err
    assert nearest(tmp_path / "zzzzzz.npz") == "Check the path."
    code, _, err = run("validate", tmp_path.with_name(tmp_path.name + "x"))
    assert f"Did you mean {tmp_path}?" in err


def test_no_arguments_show_the_help_and_version_is_told(run: Run) -> None:
    code, out, _ = run()
    assert code == 2
    assert "analyze" in out
    code, out, _ = run("--help")
    assert code == 0
    assert "not" in out
    assert "medical device" in " ".join(out.split())
    code, out, _ = run("--version")
    assert code == 0
    assert out.startswith("stride-impact ")


@pytest.mark.parametrize("command", ["analyze", "replay", "demo", "validate", "verify", "doctor", "profiles"])
def test_every_command_has_help(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert len(out.split()) > 10


def test_the_command_line_loads_nothing_heavy() -> None:
    """`stride --help` stays quick only while numpy, numba, scipy, rich tables and Qt wait for their command."""
    code = "import sys, imu.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "typer" in loaded
    heavy = ("numpy", "numba", "scipy", "pandas", "PySide6", "bleak", "pyqtgraph", "platformdirs", "rich.table")
    assert not loaded & set(heavy)


# -- profiles, validate ----------------------------------------------------------------------------------------------


def test_profiles_are_listed_and_shown(run: Run) -> None:
    code, out, _ = run("profiles", "list")
    assert code == 0
    assert "open_packet" in out
    code, out, _ = run("profiles", "show", "open_packet")
    assert code == 0
    assert "[" in out


def test_validate_prints_a_table_and_json(run: Run, good: Path, tmp_path: Path) -> None:
    code, out, err = run("validate", tmp_path)
    assert (code, out) == (2, "")
    assert "has a reference" in err
    ic = np.arange(4.0, 19.5, 0.36)
    meta = {"placement": "sacrum", "dataset": "made up", "activity": "running", "acc_axes": ["up", "right", "forward"]}
    truth: dict[str, Any] = {"truth_ic": ic, "truth_ic_side": np.array(["A", "B"] * 50)[: len(ic)]}
    write(tmp_path / "truth.npz", running(20.0, stand_s=4.0), meta=meta, **truth)
    code, out, _ = run("validate", tmp_path)
    assert code == 0
    assert "made up" in out
    assert "left out:" in out
    code, out, _ = run("validate", tmp_path, "--json")
    table = json.loads(out)
    assert table["groups"][0]["set"] == "made up"
    assert table["total"]["ic"]["whole"]["true"] == len(ic)
    assert table["groups"][0]["ic"]["window_bias_removed"]["f1"] > 0.9


@pytest.mark.needs_data
def test_real_recordings_of_every_kind_are_answered(run: Run, stride_data: Path) -> None:
    paths = [
        sorted((stride_data / folder).glob("*.npz"))[0]
        for folder in ("A_sacrum_grf_treadmill", "B_shank_grf_treadmill", "F_lowback_walk_LR_reference")
    ]
    paths += [stride_data / "J_virtual_sacrum_grf_LR" / "jdx_run_0021_first5s.npz"]
    paths += [stride_data / "L_hip_impactr_sample" / "impactr_hip_raw.npz"]
    code, out, err = run("analyze", *paths, "--json")
    assert (code, err) == (0, "")
    results = [json.loads(line) for line in out.splitlines()]
    assert [r["settings"]["place"] for r in results] == ["sacrum", "shank", "sacrum", "sacrum", "hip"]
    assert all(r["steps"] for r in results[:4])
    for step in results[4]["steps"]:  # daily wear: nothing in it is running
        assert step["load_peak_g"] is None


@pytest.mark.needs_data
def test_twenty_hertz_is_refused_and_the_others_answered(run: Run, stride_data: Path) -> None:
    slow = stride_data / "N_ble_sensortag_jog_walk" / "Subject_02_ADL_Jogging_1.npz"
    fine = sorted((stride_data / "A_sacrum_grf_treadmill").glob("*.npz"))[0]
    code, out, err = run("analyze", slow, fine, "--json")
    assert code == 2
    assert len(out.splitlines()) == 1
    assert "too slow" in err


# -- small things ----------------------------------------------------------------------------------------------------


def test_plain_values() -> None:
    made = plain({"a": np.float64("nan"), "b": (np.int64(3), True), "c": np.array([1.0, np.inf]), "d": Side.LEFT})
    assert made == {"a": None, "b": [3, True], "c": [1.0, None], "d": 1}
    assert json.dumps(made)


def test_numbers_as_text() -> None:
    assert number(None) == number(float("nan")) == "–"
    assert number(0.2345, 0, 1000.0) == "234"
    assert number(1.25, 1, sign=True) == "+1.2"


@pytest.mark.parametrize(
    ("more", "words"),
    [((), "; 10.8 km/h"), (("--speed-unit", "km/h"), "; 10.8 km/h"), (("--speed-unit", "min/km"), "; 5:33 min/km")],
)
def test_the_table_says_the_speed_in_the_unit_that_is_read(
    run: Run, good: Path, more: tuple[str, ...], words: str
) -> None:
    code, out, _ = run("analyze", good, *more)
    assert code == 0
    assert words in out.splitlines()[1]


def test_a_speed_in_words() -> None:
    assert speed_words(9.5 / 3.6) == "9.5 km/h"
    assert speed_words(9.5 / 3.6, "min/km") == "6:19 min/km"
    assert speed_words(0.0, "min/km") == "– min/km"
    assert speed_words(1000.0 / 359.6, "min/km") == "6:00 min/km"
