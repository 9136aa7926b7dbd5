"""Recording into the library survives what ends programs: kill -9, a full disk, a lock, a folder that is read only."""

import contextlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from store_tools import record, record_file

from imu import api
from imu.acquisition.simulator import Simulation, simulate_packets
from imu.api import Library, Session
from imu.errors import ImuError, RecordingError, StoreError
from imu.store import schema
from imu.types import LinkState

TESTS = Path(__file__).parent


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_20_rounds_of_kill_9_lose_at_most_the_last_second_and_nothing_of_the_others(tmp_path):
    path = tmp_path / "library.stride-library"
    with Library.open(path) as library:
        before = record(library)
        kept = library.session(before)
    out = subprocess.run(
        [sys.executable, str(TESTS / "killed_rounds.py"), str(path), "20", str(random.randrange(1000))],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])},
    )
    rounds = json.loads(out.stdout)
    assert len(rounds) == 20
    with Library.open(path) as library:
        found = {
            library._rows("SELECT name FROM stream WHERE session_id = ?", r.id)[0]["name"]: r.id
            for r in library.unfinished()
        }
        survived = 0
        for number, (a_second_before, at_the_kill) in enumerate(rounds):
            session_id = found.pop(f"round {number}", None)
            packets = packets_of(library, session_id)
            assert a_second_before <= len(packets) <= at_the_kill
            expected, _ = simulate_packets(Simulation(sampling_rate_hz=1000.0, seed=number), 2.0)
            assert packets == expected[: len(packets)]
            survived += len(packets) > 0
            if session_id is not None:
                row = library.finish(session_id)
                assert row.cut_off
                assert not row.unfinished
        assert survived >= 5
        assert found == {}
        assert library.unfinished() == []
        assert library.check() == []
        again = library.session(before)
        assert again == kept
        assert record(library, seed=2) > before


def packets_of(library, session_id):
    if session_id is None:
        return []
    chunks = library._rows(
        "SELECT 1 FROM packet_chunk JOIN stream ON stream.id = stream_id WHERE session_id = ?", session_id
    )
    return list(library._stored(session_id).packets) if chunks else []


def cut_off(library, session_id):
    """Take away what a crash would have prevented: the end, the last steps, the numbers of the list."""
    with library._change() as connection:
        connection.execute("UPDATE session SET ended_utc = NULL, n_steps = NULL, headline = '{}'")
        connection.execute("UPDATE stream SET steps_crc32 = NULL")
        connection.execute("DELETE FROM step WHERE number > 10")
        connection.execute("DELETE FROM packet_chunk WHERE number > 8")


def test_a_session_that_was_cut_off_is_found_kept_and_finished_from_its_packets(tmp_path):
    with Library.open(tmp_path / "library.stride-library") as library:
        session_id = record(library)
        whole = library.session(session_id)
        cut_off(library, session_id)
    with Library.open(tmp_path / "library.stride-library") as library:
        (found,) = library.unfinished()
        assert (found.id, found.unfinished) == (session_id, True)
        assert library.info().n_unfinished == 1
        assert any("cut off" in w for w in library.session(session_id).warnings)
        row = library.finish(session_id)
        assert row.cut_off
        assert 8.0 < row.duration_s < 10.0
        run = library.session(session_id)
        assert run.steps == api.analyze(library.recording(session_id)).steps
        assert run.steps[:15] == whole.steps[:15]
        assert sum("cut off" in w for w in run.warnings) == 1
        with pytest.raises(StoreError, match="finished already"):
            library.finish(session_id)


def test_a_session_that_is_being_recorded_is_not_taken_for_a_crashed_one(tmp_path):
    with Library.open(tmp_path / "library.stride-library") as library, Library.open(library.path) as other:
        session = Session.simulate(Simulation(), out=library.record(), realtime=True)
        with session:
            while session.status().state is not LinkState.STREAMING:
                assert not session.wait(0.01)
            assert session.session_id == 1
            assert other.unfinished() == []
            assert other.sessions()[0].unfinished
            with pytest.raises(StoreError, match="being recorded now"):
                other.finish(1)
            with pytest.raises(StoreError, match="being recorded"):
                other.erase_session(1)
            assert session.status().recording_path == str(library.path)
        assert other.sessions()[0].ended_utc is not None
        assert list(tmp_path.glob(".*")) == []


def test_two_windows_record_at_once(tmp_path):
    with Library.open(tmp_path / "library.stride-library") as library:
        sessions = [
            Session.simulate(Simulation(seed=n), out=library.record(), duration_s=8.0, realtime=False) for n in (1, 2)
        ]
        for session in sessions:
            session.start()
        for session in sessions:
            assert session.wait(60.0)
            session.stop()
        assert {s.session_id for s in sessions} == {1, 2}
        for session in sessions:
            assert library.session(session.session_id).steps == tuple(session.steps())
        assert library.check() == []


def test_a_disk_that_fills_up_is_said_and_everything_before_is_kept(tmp_path):
    with Library.open(tmp_path / "library.stride-library") as library:
        first = record(library)
        kept = library.session(first).steps
        target = library.record()

        def small_disk():
            connection = target.opener()
            pages = next(iter(connection.execute("PRAGMA page_count").fetchone().values()))
            connection.execute(f"PRAGMA max_page_count = {pages + 20}")
            return connection

        session = Session.simulate(
            Simulation(seed=2), out=replace(target, opener=small_disk), duration_s=600.0, realtime=False
        )
        with session:
            assert session.wait(60.0)
        status = session.status()
        assert status.state is LinkState.FAILED
        assert "full" in status.detail
        assert "kept" in status.detail
        assert library.session(first).steps == kept
        (row,) = library.unfinished()
        assert library.finish(row.id).cut_off
        assert library.check() == []


def test_what_a_full_disk_does_not_take_is_not_half_stored(tmp_path):
    with Library.open(tmp_path / "library.stride-library") as library:
        client = library.add_client("K-1")
        with library._open() as connection:
            pages = next(iter(connection.execute("PRAGMA page_count").fetchone().values()))
            connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="is full") as caught:
            library.add_consent(client.id, "1", "x" * 1_000_000, ["recording"])
        assert "kept" in caught.value.hint
        assert library.consents(client.id) == []
        assert library.clients() == [client]
        library.update_client(client.id, notes="still writable")


def test_a_locked_library_is_said_and_can_still_be_read(tmp_path):
    with Library.open(tmp_path / "library.stride-library") as library:
        library.add_client("K-1")
        other = sqlite3.connect(library.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with library._open() as connection:
            connection.execute("PRAGMA busy_timeout = 10")
        with pytest.raises(StoreError, match="locked by another program"):
            library.add_client("K-2")
        assert [c.code for c in library.clients()] == ["K-1"]
        other.execute("ROLLBACK")
        other.close()
        library.add_client("K-2")


def test_a_library_that_is_locked_for_a_while_delays_a_recording_and_loses_nothing(tmp_path):
    locked, tried = threading.Event(), threading.Event()
    with Library.open(tmp_path / "library.stride-library") as library:
        target = library.record()
        other = sqlite3.connect(library.path, isolation_level=None, check_same_thread=False)

        def impatient():
            connection = target.opener()
            connection.execute("PRAGMA busy_timeout = 0")
            connection.set_trace_callback(lambda sql: tried.set() if locked.is_set() and "BEGIN" in sql else None)
            return connection

        def lock(_step):
            if not locked.is_set():
                other.execute("BEGIN IMMEDIATE")
                locked.set()

        session = Session.simulate(
            Simulation(seed=2), out=replace(target, opener=impatient), duration_s=12.0, realtime=False
        )
        session.on_step(lock)
        with session, contextlib.closing(other):
            assert tried.wait(60.0)
            other.execute("ROLLBACK")
            assert session.wait(60.0)
        assert (session.status().state, session.status().detail) == (LinkState.FINISHED, "")
        expected, _ = simulate_packets(Simulation(seed=2), 12.0)
        assert packets_of(library, session.session_id) == expected
        assert library.session(session.session_id).steps == tuple(session.steps())


def test_a_library_that_may_not_be_written_can_be_read(tmp_path):
    folder = tmp_path / "archive"
    folder.mkdir()
    path = folder / "library.stride-library"
    with Library.open(path) as library:
        session_id = record(library)
    path.chmod(0o444)
    folder.chmod(0o555)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "access", lambda *_: False)  # root may write anything
            with Library.open(path) as library:
                assert library.read_only
                assert len(library.session(session_id).steps) > 10
                assert library.export_session(session_id, tmp_path / "out.stride").exists()
                for change in (lambda: library.add_client("x"), library.record, lambda: library.erase_session(1)):
                    with pytest.raises(StoreError, match="can be read but not written"):
                        change()
    finally:
        folder.chmod(0o755)


def test_a_folder_that_cannot_hold_a_library_is_said(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be made"):
        Library.open(tmp_path / "file" / "library.stride-library")
    with pytest.raises(RecordingError, match="is a folder"):
        Library.open(tmp_path)


def wrong(kind, path):
    if kind == "text":
        path.write_text("once upon a time, a file that was no library")
        return
    with Library.open(path) as library:
        library.add_client("K-1")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        if kind == "newer":
            connection.execute("PRAGMA user_version = 99")
        elif kind == "other program":
            connection.execute("PRAGMA application_id = 7")
    if kind == "zeroed":
        path.write_bytes(path.read_bytes()[:100] + bytes(path.stat().st_size - 100))
    elif kind == "cut short":
        path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("newer", "newer version"),
        ("other program", "another program"),
        ("zeroed", "damaged"),
        ("cut short", "damaged"),
        ("text", "not a library|encrypted|damaged"),
    ],
)
def test_a_file_that_is_no_usable_library_is_refused_and_left_alone(tmp_path, kind, said):
    path = tmp_path / "library.stride-library"
    wrong(kind, path)
    before = path.read_bytes()
    with pytest.raises(ImuError, match=said) as caught:
        Library.open(path)
    assert caught.value.hint
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_library(tmp_path):
    path = tmp_path / "library.stride-library"
    path.touch()
    with Library.open(path) as library:
        assert library.clients() == []


# -- versions ----------------------------------------------------------------------------------------------------------


def library_of_version_1(tmp_path):
    from test_library import as_version_1

    path = record_file(tmp_path / "old.stride")
    as_version_1(path)
    return path.rename(tmp_path / "old.stride-library")


def test_a_library_of_version_1_is_brought_up_with_a_backup_first(tmp_path):
    path = library_of_version_1(tmp_path)
    steps = api.stored_session(path).steps
    with Library.open(path) as library:
        assert library.info().schema_version == schema.SCHEMA_VERSION
        (row,) = library.sessions()
        assert row.place == "sacrum"
        assert library.session(row.id).steps == steps
        assert library.check() == []
    (backup,) = (tmp_path / "backups").iterdir()
    with contextlib.closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM step").fetchone() == (len(steps),)


def test_a_migration_that_fails_changes_nothing(tmp_path, monkeypatch):
    path = library_of_version_1(tmp_path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        before = list(connection.iterdump())
    monkeypatch.setattr(schema, "VERSIONS", (schema.VERSION_1, schema.VERSION_2 + "CREATE TABLE client (x);\n"))
    with pytest.raises(StoreError):
        Library.open(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert list(connection.iterdump()) == before


def test_a_fresh_file_and_one_that_was_brought_up_have_the_same_schema(tmp_path):
    old = library_of_version_1(tmp_path)
    Library.open(old).close()
    new = tmp_path / "new.stride-library"
    Library.open(new).close()
    schemas = []
    for path in (old, new):
        with contextlib.closing(sqlite3.connect(path)) as connection:
            schemas.append(connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall())
    assert schemas[0] == schemas[1]
