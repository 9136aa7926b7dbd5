"""Exports: every form is read back by somebody else's reader, or by our own, and says the same."""

from __future__ import annotations

import csv
import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imu import api
from imu.acquisition.simulator import Simulation
from imu.cli import main
from imu.errors import ImuError, RecordingError, StoreError
from imu.exchange.raw import axis_words
from imu.exchange.seconds import per_second
from imu.frames import mounting_names
from imu.settings import Settings
from imu.types import Analysis, Recording, Side
from tests.make_npz import running, write

SPEED = 3.0


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exports") / "run.stride"
    with api.Session.simulate(Simulation(seed=5, speed_mps=SPEED), out=path, duration_s=40.0, realtime=False) as run:
        assert run.wait(60.0)
    return path


@pytest.fixture(scope="module")
def result(session: Path) -> Analysis:
    return api.analyze(api.read(session))


def test_steps_as_csv_have_one_comment_line_with_settings_and_versions(
    session: Path, result: Analysis, tmp_path: Path
) -> None:
    target = tmp_path / "s.csv"
    said = api.export_recording(session, target)
    assert said == f"{len(result.steps)} steps written to {target}"
    first, *rest = target.read_text(encoding="utf-8").splitlines()
    provenance = json.loads(first.removeprefix("# "))
    assert provenance["settings"]["speed_mps"] == SPEED
    assert provenance["method"]["load_peak_cutoff_hz"] == 10.0
    assert datetime.fromisoformat(provenance["started_utc"]).tzinfo is not None
    rows = list(csv.DictReader(rest))
    assert [float(r["ic_s"]) for r in rows] == [s.ic_s for s in result.steps]
    assert [r["load_peak_g"] for r in rows] == [
        "" if s.load_peak_g is None else str(s.load_peak_g) for s in result.steps
    ]


def test_steps_as_parquet_read_back_equal(session: Path, result: Analysis, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    api.export_recording(session, tmp_path / "s.parquet")
    table = parquet.read_table(tmp_path / "s.parquet")
    assert table.to_pylist() == [s.as_dict() | {"line_g": None} for s in result.steps]
    provenance = json.loads(table.schema.metadata[b"stride_impact"])
    assert provenance["settings"]["place"] == "sacrum"


def test_raw_samples_read_back_bit_for_bit_with_their_settings(session: Path, result: Analysis, tmp_path: Path) -> None:
    recording = api.read(session)
    for name, what in (("r.npz", None), ("r.csv", "raw")):
        api.export_recording(session, tmp_path / name, what=what)  # type: ignore[arg-type]
        again = api.read(tmp_path / name)
        assert np.array_equal(samples(again), samples(recording))
        for key in ("place", "mounting", "body_mass_kg", "speed_mps"):
            assert again.suggested[key] == recording.suggested[key]
        steps = api.analyze(again).steps
        assert len(steps) == len(result.steps)
        assert [s.side for s in steps] == [s.side for s in result.steps]
        assert np.allclose([s.ic_s for s in steps], [s.ic_s for s in result.steps], atol=1e-6)


def samples(recording: Recording) -> np.ndarray:
    return np.concatenate([b.samples for b in recording.blocks])


@pytest.mark.parametrize("mounting", mounting_names())
def test_a_mounting_in_words_is_read_back_as_the_same_mounting(mounting: str, tmp_path: Path) -> None:
    from imu.frames import parse_mounting

    acc = running() @ np.asarray(parse_mounting(mounting))
    path = write(tmp_path / "m.npz", acc, meta={"acc_axes": axis_words(mounting)})
    assert api.read(path).suggested["mounting"] == mounting


def records(messages: list[dict[str, Any]]) -> dict[str, list[float]]:
    out: dict[str, list[float]] = {}
    for message in messages:
        for name, value in message.items():
            if isinstance(value, (int, float)) and not math.isnan(value):
                out.setdefault(str(name), []).append(float(value))
    return out


def fitdecode_records(path: Path) -> list[dict[str, Any]]:
    fitdecode = pytest.importorskip("fitdecode")
    with fitdecode.FitReader(str(path), check_crc=fitdecode.CrcCheck.RAISE) as reader:
        return [
            {f.name: f.value for f in frame.fields}
            for frame in reader
            if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "record"
        ]


def garmin_records(path: Path) -> list[dict[str, Any]]:
    sdk = pytest.importorskip("garmin_fit_sdk")
    assert sdk.Decoder(sdk.Stream.from_file(str(path))).check_integrity()
    messages, errors = sdk.Decoder(sdk.Stream.from_file(str(path))).read()
    assert errors == []
    assert len(messages["session_mesgs"]) == 1
    assert messages["session_mesgs"][0]["sport"] == "running"
    names = {d["key"]: d["field_name"] for d in messages["field_description_mesgs"]}
    return [{**r, **{names[k]: v for k, v in r.get("developer_fields", {}).items()}} for r in messages["record_mesgs"]]


@pytest.mark.parametrize("decode", [fitdecode_records, garmin_records])
def test_an_activity_is_read_back_by_other_decoders(
    session: Path, result: Analysis, tmp_path: Path, decode: Any
) -> None:
    api.export_recording(session, tmp_path / "a.fit")
    found = records(decode(tmp_path / "a.fit"))
    expected = result.summary
    cadence = 2.0 * (np.mean(found["cadence"]) + np.mean(found["fractional_cadence"]))
    assert cadence == pytest.approx(expected["cadence_spm"]["value"], rel=0.02)
    assert np.mean(found["stance_time"]) == pytest.approx(1000.0 * expected["contact_time_s"]["value"], rel=0.02)
    assert np.mean(found["stance_time_percent"]) == pytest.approx(100.0 * expected["duty_factor"]["value"], rel=0.02)
    assert np.mean(found["stance_time_balance"]) == pytest.approx(50.0, abs=1.5)
    assert np.mean(found["step_length"]) == pytest.approx(
        1000.0 * SPEED * 60.0 / expected["cadence_spm"]["value"], rel=0.02
    )
    movement = api.movement(api.read(session), result.steps, Settings(place="sacrum"))
    moved_m = movement.vertical_oscillation_m.value
    assert moved_m is not None
    assert np.mean(found["vertical_oscillation"]) == pytest.approx(1000.0 * moved_m, rel=0.02)
    assert len(found["vertical_oscillation"]) < len(found["cadence"])  # only where a stretch of 16 steps is whole
    assert np.mean(found["load_peak_g"]) == pytest.approx(expected["load_peak_g"]["value"], rel=0.02)


def test_an_activity_without_a_date_gets_none(session: Path, tmp_path: Path) -> None:
    fitdecode = pytest.importorskip("fitdecode")
    api.export_recording(session, tmp_path / "a.npz")
    api.export_recording(tmp_path / "a.npz", tmp_path / "no.fit")
    when = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
    api.export_recording(tmp_path / "a.npz", tmp_path / "yes.fit", started_utc=when)
    for name, expected in (("no.fit", None), ("yes.fit", when)):
        with fitdecode.FitReader(str(tmp_path / name)) as reader:
            first = next(f for f in reader if isinstance(f, fitdecode.FitDataMessage) and f.name == "event")
        stamp = first.get_value("timestamp")
        if expected is None:
            assert not isinstance(stamp, datetime) or stamp.year < 1999
        else:
            assert stamp == expected


def test_observations_are_valid_fhir(session: Path, result: Analysis, tmp_path: Path) -> None:
    bundle = pytest.importorskip("fhir.resources.R4B.bundle")
    api.export_recording(session, tmp_path / "o.json")
    content = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    bundle.Bundle.model_validate(content)
    by_code = {e["resource"]["code"]["coding"][0]["code"]: e["resource"] for e in content["entry"]}
    load = by_code["load_peak_g"]
    assert load["valueQuantity"]["value"] == result.summary["load_peak_g"]["value"]
    half = result.summary["load_peak_g"]["half_width_95"]
    interval = load["component"][0]["valueRange"]
    assert interval["high"]["value"] - interval["low"]["value"] == pytest.approx(2.0 * half)
    assert "subject" not in load


def test_seconds_without_running_are_blank(result: Analysis) -> None:
    rows = per_second(result.steps, 0.0, 40.0)
    assert len(rows) == 40
    running_from = min(s.ic_s for s in result.steps if s.activity.value == "running")
    early = [r for r in rows if r.time_s <= running_from]
    assert early
    assert all(v is None for r in early for v in r[1:])
    late = rows[25]
    inside = [s for s in result.steps if 25.0 <= s.ic_s < 26.0]
    assert late.contact_time_s == pytest.approx(np.mean([s.contact_time_s for s in inside]))
    sides = {side: np.mean([s.contact_time_s for s in result.steps if 16.0 <= s.ic_s < 26.0 and s.side is side])
             for side in (Side.LEFT, Side.RIGHT)}  # fmt: skip
    assert late.balance_pct == pytest.approx(100.0 * sides[Side.LEFT] / (sides[Side.LEFT] + sides[Side.RIGHT]))


def test_what_cannot_be_written_is_said_before_the_work(session: Path, tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        api.export_recording(session, tmp_path / "there.csv")
    assert (tmp_path / "there.csv").read_text() == "mine"
    with pytest.raises(StoreError, match="no folder"):
        api.export_recording(session, tmp_path / "no" / "x.csv")
    with pytest.raises(RecordingError, match=r"cannot be exported to '\.xlsx'"):
        api.export_recording(session, tmp_path / "x.xlsx")
    with pytest.raises(RecordingError, match="Samples cannot"):
        api.export_recording(session, tmp_path / "x.fit", what="raw")
    still = np.tile([0.0, 9.81, 0.0], (2000, 1)) + np.random.default_rng(1).normal(0, 0.02, (2000, 3))
    write(tmp_path / "still.npz", still)
    for ending in (".fit", ".json"):
        with pytest.raises(RecordingError, match="no running"):
            api.export_recording(tmp_path / "still.npz", tmp_path / f"still{ending}")


def test_the_commands(session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(session), "-o", str(tmp_path / "raw.csv"), "--what", "raw"]) == 0
    assert main(["import", str(tmp_path / "raw.csv"), "--preview"]) == 0
    assert "= acc x" in capsys.readouterr().out
    assert main(["import", str(tmp_path / "raw.csv"), "-o", str(tmp_path / "back.npz")]) == 0
    assert np.array_equal(samples(api.read(tmp_path / "back.npz")), samples(api.read(session)))
    for arguments, said in (
        (["export", str(session), "-o", str(tmp_path / "raw.csv")], "exists already"),
        (["export", str(session), "-o", str(tmp_path / "d.fit"), "--started", "yesterday"], "no date"),
        (["import", str(tmp_path / "raw.csv"), "--acc", "a,b"], "three columns"),
        (["import", str(tmp_path / "raw.csv"), "--acc-unit", "furlongs"], "no unit"),
        (["import", str(tmp_path / "row.csv")], "Did you mean"),
        (["import", str(session)], "no log"),
    ):
        assert main(arguments) == 2
        assert said in capsys.readouterr().err


def test_a_missing_package_is_said(session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "fit_tool.fit_file_builder", None)
    with pytest.raises(ImuError, match="pip install") as caught:
        api.export_recording(session, tmp_path / "x.parquet")
    assert "pyarrow" in str(caught.value)
    with pytest.raises(ImuError, match="fit-tool"):
        api.export_recording(session, tmp_path / "x.fit")


def test_settings_typed_for_an_export_are_used(session: Path, tmp_path: Path) -> None:
    api.export_recording(session, tmp_path / "s.csv", Settings(body_mass_kg=90.0))
    first = (tmp_path / "s.csv").read_text(encoding="utf-8").splitlines()[0]
    assert json.loads(first.removeprefix("# "))["settings"]["body_mass_kg"] == 90.0


def test_half_a_file_is_taken_away(session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    for ending, where in ((".csv", "imu.exchange.csv.csv.DictWriter"), (".npz", "numpy.savez_compressed")):
        with monkeypatch.context() as patch:
            patch.setattr(where, full)
            with pytest.raises(ImuError, match="No space left"):
                api.export_recording(session, tmp_path / f"x{ending}")
        assert not (tmp_path / f"x{ending}").exists()
