"""Logs of other programs as sessions of the library: the same steps as the file, provenance, dates, damage."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from imu import api
from imu.api import Library
from imu.cli import main
from imu.cli.verify import differences
from imu.errors import ImuError, RecordingError, SettingsError, StoreError
from imu.exchange.imported import blocks_of, packets_of
from imu.types import ColumnMapping, Place, Recording, SampleBlock, StreamInfo
from tests.make_npz import G, running, write

ACC = running(12.0, 100.0)
GYR = np.random.default_rng(2).normal(0.0, 90.0, ACC.shape)


def polar(path: Path) -> Path:
    lines = ["Phone timestamp;sensor timestamp [ns];X [mg];Y [mg];Z [mg]"]
    for i, a in enumerate(ACC):
        stamp = f"2026-06-10T21:10:{10 + i // 100:02d}.{i % 100:02d}0;{599_616_000_000_000_000 + i * 10_000_000}"
        lines.append(";".join([stamp, *(f"{v:.2f}" for v in a / G * 1e3)]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def movella(path: Path) -> Path:
    lines = ["DeviceTag:,Xsens DOT", "", "PacketCounter,SampleTimeFine,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z"]
    lines += [",".join(map(repr, [i, i * 10_000, *a.tolist(), *GYR[i].tolist()])) for i, a in enumerate(ACC)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def movesense_json(path: Path) -> Path:
    packets = [
        {"Timestamp": i * 10, "ArrayAcc": [dict(zip("xyz", a, strict=True)) for a in ACC[i : i + 8].tolist()]}
        for i in range(0, len(ACC), 8)
        if not 320 <= i < 336  # two packets were lost
    ]
    path.write_text(json.dumps(packets), encoding="utf-8")
    return path


def movesense_csv(path: Path) -> Path:
    lines = ["timestamp,x,y,z", *(f"{i * 10}," + ",".join(map(repr, a)) for i, a in enumerate(ACC.tolist()))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def actigraph(path: Path) -> Path:
    top = "----- Data File Created By ActiGraph GT3X+ ActiLife v6.13.3 date format M/d/yyyy at 100 Hz -----\n"
    path.write_text(top + "\n".join(",".join(f"{v:.4f}" for v in a / G) for a in ACC) + "\n", encoding="utf-8")
    return path


def table(path: Path) -> Path:
    lines = ["Time (s);ax (g);ay (g);az (g)"]
    lines += [f"{i / 100};".replace(".", ",") + ";".join(f"{v:.5f}" for v in a / G).replace(".", ",")
              for i, a in enumerate(ACC)]  # fmt: skip
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def arrays(path: Path) -> Path:
    acc = ACC.copy()
    acc[300:330] = np.nan
    return write(path, acc, meta={"placement": "sacrum", "body_mass_kg": 71.0})


LOGS = [
    (polar, "p_ACC.txt", "Polar Sensor Logger"),
    (movella, "dot.csv", "Movella DOT"),
    (movesense_json, "m.json", "Movesense"),
    (movesense_csv, "m.csv", "Movesense"),
    (actigraph, "a.csv", "ActiGraph"),
    (table, "t.csv", "table"),
    (arrays, "r.npz", "arrays"),
]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.stride-library") as opened:
        yield opened


def same_samples(one: Recording, other: Recording) -> bool:
    return one.stream == other.stream and all(
        a.start_index == b.start_index and np.array_equal(a.samples, b.samples, equal_nan=True)
        for a, b in zip(one.blocks, other.blocks, strict=True)
    )


@pytest.mark.parametrize(("make", "name", "kind"), LOGS)
def test_a_log_is_a_session_with_the_very_samples_and_steps_of_the_file(make, name, kind, library, tmp_path):
    path = make(tmp_path / name)
    recording = api.read(path)
    steps = tuple(api.analyze(recording).steps)
    row = api.import_to_library(library, path)
    run = library.session(row.id)
    assert len(steps) > 20
    assert (run.steps, run.gaps) == (steps, recording.gaps)
    assert same_samples(library.recording(row.id), recording)
    assert (row.n_steps, row.duration_s, row.cut_off) == (len(steps), recording.duration_s, False)
    assert run.provenance.profile_name == f"import: {kind}"
    assert "SHA-256" in run.edits[0].detail
    assert set(recording.warnings) <= set(run.warnings)
    stored = library.stored(row.id)
    assert differences(list(stored.steps), list(api.analyze(api.read_as_recorded(stored)).steps)) == []
    assert library.check() == []
    out = library.export_session(row.id, tmp_path / "out.stride")
    assert same_samples(api.read(out), recording)
    with Library.open(tmp_path / "other.stride-library") as other:
        assert other.session(other.import_session(out).id).steps == steps


def test_what_was_typed_wins_over_the_file_and_the_file_over_the_client(library, tmp_path):
    client = library.add_client("K-017", body_mass_kg=80.0, body_height_m=1.8)
    path = arrays(tmp_path / "r.npz")
    row = api.import_to_library(library, path, {"place": "hip", "speed_mps": 3.0}, client_id=client.id)
    settings = library.session(row.id).settings
    assert (settings["place"], settings["body_mass_kg"], settings["body_height_m"]) == ("hip", 71.0, 1.8)
    assert (row.client_code, row.place, row.speeds_mps) == ("K-017", Place.HIP.value, (3.0,))
    with pytest.raises(SettingsError):
        api.import_to_library(library, path, {"speed_mps": 300.0})


def test_the_date_is_the_logs_or_stated_or_that_of_the_file_which_is_said(library, tmp_path):
    dated = api.import_to_library(library, polar(tmp_path / "p.txt"))
    assert datetime.fromisoformat(dated.started_utc).astimezone().isoformat()[:19] == "2026-06-10T21:10:10"
    stated = api.import_to_library(library, table(tmp_path / "t.csv"), started_utc=datetime(2026, 5, 1, 10, tzinfo=UTC))
    assert stated.started_utc.startswith("2026-05-01T10:00:00")
    assert stated.ended_utc is not None
    assert stated.ended_utc.startswith("2026-05-01T10:00:1")
    path = movella(tmp_path / "d.csv")
    os.utime(path, (1_750_000_000, 1_750_000_000))
    row = api.import_to_library(library, path)
    assert datetime.fromisoformat(row.started_utc).timestamp() == 1_750_000_000
    for session_id, said in ((dated.id, False), (stated.id, False), (row.id, True)):
        assert any("not stated when" in w for w in library.session(session_id).warnings) is said


def test_what_cannot_be_taken_in_leaves_the_library_as_it_was(library, tmp_path):
    path = table(tmp_path / "t.csv")
    row = api.import_to_library(library, path, columns=ColumnMapping(acc=(1, 2, 3), acc_unit="g", time=0))
    with pytest.raises(StoreError, match=f"already, as session {row.id}"):
        api.import_to_library(library, path, columns=ColumnMapping(acc=(1, 2, 3), acc_unit="g", time=0))
    still = write(tmp_path / "still.npz", np.tile([0.0, 0.0, 0.0], (2000, 1)))
    bad = tmp_path / "bad.csv"
    bad.write_text(path.read_text(encoding="utf-8").replace("5,0;", "x;", 1), encoding="utf-8")
    for wrong in (still, bad, tmp_path / "none.csv"):
        with pytest.raises(ImuError):
            api.import_to_library(library, wrong)
    with pytest.raises(RecordingError, match="one sensor"):
        api.import_to_library(library, path, sensor="left")
    session = library.export_session(row.id, tmp_path / "s.stride")
    with pytest.raises(RecordingError, match="settings and a date of its own"):
        api.import_to_library(library, session, {"speed_mps": 3.0})
    assert len(library.sessions()) == 1
    assert library.check() == []


def test_a_damaged_second_of_a_log_is_a_gap_at_its_place(library, tmp_path):
    row = api.import_to_library(library, movella(tmp_path / "d.csv"))
    before = library.recording(row.id)
    library.close()
    with contextlib.closing(sqlite3.connect(library.path)) as connection:
        connection.execute("UPDATE packet_chunk SET data = zeroblob(100) WHERE number = 4")
        connection.commit()
    with Library.open(library.path) as again:
        after = again.recording(row.id)
        assert [(g.start_index, g.stop_index) for g in after.gaps] == [(400, 500)]
        assert np.array_equal(after.blocks[0].samples, before.blocks[0].samples[:400])
        assert np.array_equal(after.blocks[1].samples, before.blocks[0].samples[500:])
        assert any("damaged" in w for w in again.session(row.id).warnings)


def test_samples_of_any_rate_width_and_gaps_come_back(tmp_path):
    rng = np.random.default_rng(3)
    for rate, channels in ((10.0, 3), (97.3, 6), (1600.0, 3)):
        blocks, start = [], 7
        for n in (1, 500, 33):
            blocks.append(SampleBlock(start, rng.normal(size=(n, channels)), 5 if blocks else 0))
            start += n + 5
        stream = StreamInfo(sampling_rate_hz=rate, channels=channels, acc_range_g=None, t0_s=1.5)
        packets = packets_of(Recording(stream, tuple(blocks), {}, "x", ()))
        assert [p.t_arrival_ns for p in packets] == sorted(p.t_arrival_ns for p in packets)
        back = blocks_of(packets)
        assert np.array_equal(np.concatenate([b.samples for b in back]), np.concatenate([b.samples for b in blocks]))
        index = [i for b in back for i in range(b.start_index, b.stop_index)]
        assert index == [i for b in blocks for i in range(b.start_index, b.stop_index)]


# -- the commands ----------------------------------------------------------------------------------------------------


@pytest.fixture
def usual(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIDE_LIBRARY", str(tmp_path / "library.stride-library"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_numbers_of_sessions_are_taken_where_files_are(usual, capsys):
    log = movella(usual / "dot.csv")
    assert main(["library", "add-client", "K-017", "--mass-kg", "70"]) == 0
    assert main(["import", str(log), "--library", "--client", "k-017", "--speed-mps", "2.8"]) == 0
    assert "session 1 of K-017" in capsys.readouterr().out
    assert main(["analyze", "1", str(log), "--json", "--mass-kg", "70", "--speed-mps", "2.8"]) == 0
    of_session, of_file = (json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{"))
    assert of_session["steps"] == of_file["steps"]
    assert of_session["recording"] == "session 1"
    assert main(["verify", "1"]) == 0
    assert main(["replay", "1", "--headless", "--speed", "max"]) == 0
    assert main(["export", "1", "-o", "steps.csv", "--started", "2026-05-01T10:00:00"]) == 0
    assert main(["export", "1", "-o", "raw.npz"]) == 0
    assert np.array_equal(api.read("raw.npz").blocks[0].samples, api.read(log).blocks[0].samples)
    capsys.readouterr()
    for arguments, said in (
        (["analyze", "2"], "no session 2"),
        (["replay", "11"], "Did you mean 1?"),
        (["verify", "7"], "The newest is 1"),
        (["export", "7", "-o", "x.csv"], "no session 7"),
        (["report", "7"], "no session 7"),
        (["export-session", "7", "-o", "x.stride"], "no session 7"),
        (["analyze", "1", "--profile", "open_packet"], "samples of a log"),
        (["analyze", "1", "--sensor", "left"], "one sensor"),
        (["import", str(log), "--library", "--client", "K-01"], "Did you mean K-017?"),
        (["import", str(log), "--library", "--client", "Z"], "add-client Z"),
        (["import", str(log), "--library"], "already, as session 1"),
        (["import", str(log), "--library", "-o", "x.npz"], "two different things"),
        (["import", str(log), "--client", "K-017"], "Add --library"),
        (["import", "dott.csv", "--library"], "Did you mean dot.csv?"),
    ):
        assert main(arguments) == 2, arguments
        assert said in capsys.readouterr().err, arguments


def test_a_file_of_that_name_comes_first_and_without_a_library_it_is_said(usual, capsys):
    arrays(usual / "12.npz").rename(usual / "12")
    assert main(["analyze", "12"]) == 2
    assert "kind that cannot be read" in capsys.readouterr().err
    assert main(["analyze", "13"]) == 2
    assert "There is no library" in capsys.readouterr().err
    assert not (usual / "library.stride-library").exists()


def test_a_real_recording_is_the_same_session(library, stride_data):
    path = stride_data / "D_sacrum_512Hz_sample" / "sacrum_start_of_run_512Hz.npz"
    row = api.import_to_library(library, path)
    assert library.session(row.id).steps == tuple(api.analyze(api.read(path)).steps)
