"""Tables of runners: what is read, what is refused, and that a left-out runner is predicted by the others only."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from imu.errors import RecordingError
from imu.validate.runners import left_out, read_table, score_table

HEADER = "Sub,Mass,Speed,GRFPeak,GRFImpulse,GRFtc,IMUPeak,IMUImpulse,IMUtc,IMUsf"


def write_table(path: Path, *, runners: int = 8, spoil: str = "") -> Path:
    """Runners whose force follows 1 + 0.7 bounce + 0.1 speed, and contact time a power law."""
    rng = np.random.default_rng(3)
    lines = [HEADER]
    for runner in range(runners):
        for speed in (3.8, 4.9):
            rate, mean = rng.uniform(2.7, 3.1), 1.0
            peak, detected = rng.uniform(2.5, 3.5), rng.uniform(0.18, 0.26)
            true = 1.0 + 0.7 * (peak - mean) + 0.1 * speed
            contact = 0.9 * detected**0.8 * speed**-0.3
            cells = (runner, 70.0, speed, true, 0.3, contact, peak, mean / rate, detected, rate)
            lines.append(",".join(str(c) for c in cells))
    text = "\n".join(lines)
    path.write_text(text.replace("3.8,", spoil + ",", 1) if spoil else text, encoding="utf-8")
    return path


def rows(path: Path) -> dict[tuple[str, str], dict[str, float]]:
    table = read_table(path)
    assert table is not None
    scored = score_table(table, "X")
    json.dumps(scored, allow_nan=False)
    return {(row["quantity"], row["estimate"]): row for row in scored}


def test_an_estimate_of_the_true_form_has_no_error(tmp_path):
    found = rows(write_table(tmp_path / "t.csv"))
    assert found["active peak", "refitted: bounce (peak - mean), speed"]["rmse"] < 1e-9
    assert found["contact time", "refitted: power law of detected, cadence, peak, speed"]["rmse"] < 1e-6
    assert found["active peak", "the mean of the others"]["rmse"] > 0.1
    assert found["active peak", "speed alone"]["runners"] == 8


def test_a_left_out_group_is_predicted_by_the_others_only():
    x = np.ones((6, 1))
    y = np.array([1.0, 1.0, 3.0, 3.0, 5.0, 5.0])
    group = ["a", "a", "b", "b", "c", "c"]
    assert left_out(x, y, group) == pytest.approx([4.0, 4.0, 3.0, 3.0, 2.0, 2.0])


def test_another_table_is_not_for_us(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("trial,force\n1,2\n", encoding="utf-8")
    assert read_table(path) is None


def test_a_cell_that_is_no_number_is_named(tmp_path):
    with pytest.raises(RecordingError, match="line 2, column Speed: 'fast' is not a number"):
        read_table(write_table(tmp_path / "t.csv", spoil="fast"))


def test_two_runners_are_too_few(tmp_path):
    with pytest.raises(RecordingError, match="fewer than three runners"):
        read_table(write_table(tmp_path / "t.csv", runners=2))


def test_37_runners(stride_data):
    found = rows(stride_data / "K_sacral_summary_37_runners" / "GRF_IMU_data.csv")
    peak = found["active peak", "refitted: bounce (peak - mean), speed"]
    assert peak["runners"] == 37
    assert peak["rmse"] <= 0.145
    assert found["active peak", "refitted: bounce (peak - mean)"]["rmse"] <= 0.165
    assert found["contact time", "refitted: power law of detected, cadence, peak, speed"]["rmse"] <= 8.0
    assert found["contact time", "refitted: power law of detected, cadence, peak"]["rmse"] <= 11.0
    assert found["active peak", "the sensor's peak as it is"]["rmse"] == pytest.approx(0.307, abs=0.001)
    assert found["contact time", "the sensor's contact time as it is"]["rmse"] == pytest.approx(27.0, abs=0.1)
