"""Looking after a library: backup and restore, everything of a client out, and nothing of a client left."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from store_tools import record

from imu.api import Library
from imu.cli import main
from imu.errors import DiskFullError, StoreError
from imu.store import opening
from imu.store.reader import read_session
from imu.store.upkeep import restore

SECRETS = ("Q-SECRET-77", "whispered note", "tell nobody", "secret-tag", "secret place", "Secret Shoe", "consent words")


def fill(library):
    """A client with something secret everywhere, and another one."""
    other = library.add_client("K-001")
    kept = record(library, 6.0, 1, other.id)
    client = library.add_client("Q-SECRET-77", notes="whispered note", birth_year=1961)
    shoe = library.add_shoe(client.id, "Secret Shoe 9")
    library.add_consent(client.id, "1", "consent words of Q-SECRET-77", ["recording"])
    session = record(library, 6.0, 2, client.id, shoe_id=shoe.id, notes="tell nobody", wizard={"where": "secret place"})
    library.set_tags(session, ["secret-tag"])
    library.add_pain(session, "before", 3, "secret place", "tell nobody of it")
    marker = library.add_marker(session, 2.0, "note", "tell nobody either")
    library.edit_marker(session, marker.id, value="tell nobody at all")
    return client.id, session, kept


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("library") / "library.stride-library"
    with Library.open(path) as library:
        ids = fill(library)
    return path.read_bytes(), ids


@pytest.fixture
def path(made, tmp_path):
    path = tmp_path / "library.stride-library"
    path.write_bytes(made[0])
    return path


def all_bytes(folder):
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def raw_chunks(library, session_id):
    query = "SELECT data FROM packet_chunk JOIN stream ON stream.id = stream_id WHERE session_id = ?"
    return [row["data"] for row in library._rows(query, session_id)]


def left_of(chunks, content):
    """Pieces of packed seconds that are still there; their first bytes (arrivals, sizes) are alike in all sessions."""
    pieces = [chunk[at : at + 64] for chunk in chunks for at in range(256, len(chunk) - 64, 64)]
    assert len(pieces) > 50
    return [piece for piece in pieces if piece in content]


def test_nothing_of_an_erased_client_is_left_in_the_file_or_its_journals(path, made):
    client_id, session_id, kept = made[1]
    with Library.open(path) as library:
        library.set_notes(session_id, "tell nobody this either")  # in the journal, not yet in the file
        chunks = raw_chunks(library, session_id)
        before = all_bytes(path.parent)
        assert all(secret.encode() in before for secret in SECRETS)
        # a chunk larger than a page is split; its beginning stays in one piece
        assert all(chunk[:200] in before for chunk in chunks)
        others = library.session(kept).steps

        erased = library.erase_client(client_id)

        after = all_bytes(path.parent)  # while it is still open: the file, -wal and -shm
        assert [secret for secret in SECRETS if secret.encode() in after] == []
        assert left_of(chunks, after) == []
        assert (erased.n_sessions, erased.backups) == (1, ())
        assert [c.code for c in library.clients()] == ["K-001"]
        assert library.session(kept).steps == others
        assert library.check() == []
        assert [(what, detail) for _, what, detail in library.log()] == [("client erased", "1 session")]
    assert [secret for secret in SECRETS if secret.encode() in all_bytes(path.parent)] == []


def test_one_session_can_be_erased(path, made):
    _, session_id, _ = made[1]
    with Library.open(path) as library:
        chunks = raw_chunks(library, session_id)
        library.erase_session(session_id)
        after = all_bytes(path.parent)
        assert left_of(chunks, after) == []
        assert b"tell nobody" not in after
        with pytest.raises(StoreError, match="no session"):
            library.session(session_id)


def test_erasing_while_another_window_reads_says_that_bytes_may_be_left_and_wipe_takes_them(path, made):
    client_id, _, _ = made[1]
    with Library.open(path) as library, Library.open(path) as other:
        with library._open() as connection:
            connection.execute("PRAGMA busy_timeout = 10")
        with other._open() as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM session").fetchone()
            with pytest.raises(StoreError, match=r"in use elsewhere|locked") as caught:
                library.erase_client(client_id)
            connection.execute("ROLLBACK")
        assert caught.value.hint
        library.wipe()
        assert [s for s in SECRETS if s.encode() in all_bytes(path.parent)] == []


def test_backups_made_before_are_named_and_libraries_that_one_has_replaced(path, made):
    with Library.open(path) as library:
        backup = library.backup()
        assert library.info().last_backup_utc is not None
    aside = restore(path, backup)
    with Library.open(path) as library:
        assert library.erase_client(made[1][0]).backups == (backup, aside)


def test_everything_of_a_client_comes_out_as_one_zip(path, made, tmp_path):
    client_id, session_id, _ = made[1]

    def page(session, target):
        assert session == session_id
        target.write_bytes(b"%PDF-1.4 made by the caller")

    with Library.open(path) as library:
        out = library.export_client(client_id, tmp_path / "client.zip", pages=page)
        steps = library.session(session_id).steps
        with pytest.raises(StoreError, match="exists already"):
            library.export_client(client_id, out)
        assert [(what, detail) for _, what, detail in library.log()] == [("client exported", "1 session")]
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        (stem,) = {name.rpartition(".")[0] for name in names if name.startswith("sessions/")}
        endings = {name.rpartition(".")[2] for name in names if name.startswith("sessions/")}
        assert {"stride", "json", "csv", "pdf"} <= endings <= {"stride", "json", "csv", "pdf", "parquet"}
        about = json.loads(archive.read("client.json"))
        assert (about["code"], about["consents"][0]["text"]) == ("Q-SECRET-77", "consent words of Q-SECRET-77")
        facts = json.loads(archive.read(f"{stem}.json"))
        assert facts["notes"] == "tell nobody"
        assert facts["wizard"] == {"where": "secret place"}
        archive.extract(f"{stem}.stride", tmp_path)
        assert read_session(tmp_path / f"{stem}.stride").steps == steps
        assert b"K-001" not in b"".join(archive.read(name) for name in names)
        rows = [r for r in archive.read(f"{stem}.csv").decode().splitlines() if r and not r.startswith("#")]
        assert len(rows) == len(steps) + 1


def test_a_backup_is_whole_and_can_be_put_back(path, tmp_path, capsys):
    assert main(["library", "backup", "--library", str(path)]) == 0
    (backup,) = (tmp_path / "backups").iterdir()
    assert main(["library", "erase-client", "q-secret-77", "--yes", "--library", str(path)]) == 0
    assert str(backup) in capsys.readouterr().out
    assert main(["library", "restore", str(backup), "--yes", "--library", str(path)]) == 0
    with Library.open(path) as library:
        assert len(library.clients()) == 2
        assert library.check() == []
    (aside,) = tmp_path.glob("*-replaced.stride-library")
    with Library.open(aside) as library:
        assert len(library.clients()) == 1


def test_a_damaged_backup_is_refused_and_the_library_left_alone(path, tmp_path, capsys):
    bad = tmp_path / "bad.stride-library"
    content = path.read_bytes()
    bad.write_bytes(content[:4096] + bytes(4096) + content[8192:-4096])
    before = path.read_bytes()
    assert main(["library", "restore", str(bad), "--yes", "--library", str(path)]) == 2
    assert "damaged" in capsys.readouterr().err or "not a whole" in capsys.readouterr().err
    assert path.read_bytes() == before
    with Library.open(path) as library, pytest.raises(StoreError, match="exists already"):
        library.backup(bad)


def test_the_commands_say_what_is_there(path, made, tmp_path, capsys):
    _, session_id, _ = made[1]
    at = ["--library", str(path)]
    assert main(["library", "info", *at]) == 0
    assert "2 sessions of 2 clients" in capsys.readouterr().out
    assert main(["library", "info", "--json", *at]) == 0
    assert json.loads(capsys.readouterr().out)["n_sessions"] == 2
    assert main(["library", "sessions", "secret-tag", *at]) == 0
    head, row, *_ = capsys.readouterr().out.splitlines()
    assert head.split()[:4] == ["No.", "started", "(UTC)", "client"]
    assert row.startswith(f"{session_id:5d}")
    assert row[head.index("client") - 1] == " " != row[head.index("client")]
    assert main(["library", "check", *at]) == 0
    assert "All 2 sessions" in capsys.readouterr().out
    assert main(["library", "finish", *at]) == 0
    assert "No session was cut off" in capsys.readouterr().out
    out = tmp_path / "one.stride"
    assert main(["export-session", str(session_id), "-o", str(out), "--without-client", *at]) == 0
    assert main(["verify", str(out)]) == 0
    other = ["--library", str(tmp_path / "other.stride-library")]
    assert main(["import-session", str(out), *other]) == 0
    assert main(["import-session", str(out), *other]) == 2
    assert "in the library already" in capsys.readouterr().err
    assert main(["library", "log", *at]) == 0
    assert "session exported: 1 session" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["library", "info", "--library", "nowhere.stride-library"], "no library at"),
        (["library", "erase-client", "Q-SECRET-7", "--yes"], "Did you mean Q-SECRET-77?"),
        (["library", "backp"], "Did you mean 'backup'?"),
        (["export-session", "99", "-o", "x.stride"], "no session 99"),
        (["export-session", "1", "-o", "x.zip"], "ends in .stride"),
        (["import-session", "nowhere.stride"], "There is no file"),
    ],
)
def test_mistakes_get_one_sentence_and_exit_code_2(path, capsys, words, said, monkeypatch):
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("STRIDE_LIBRARY", str(path))
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_a_check_that_finds_something_names_the_session(path, made, capsys):
    with Library.open(path) as library, library._change() as connection:
        connection.execute("UPDATE packet_chunk SET crc32 = 0 WHERE number = 2 AND stream_id = 1")
    assert main(["library", "check", "--library", str(path)]) == 2
    said = capsys.readouterr()
    assert "session 1: 1 of its seconds cannot be read" in said.out
    assert "restore" in said.err


def test_a_full_disk_leaves_everything_readable_and_says_so(path, made, monkeypatch, tmp_path):
    client_id, session_id, _ = made[1]
    with Library.open(path) as library:
        expected = library.session(session_id)
    usage = shutil.disk_usage(path.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0))
    with Library.open(path) as library:
        assert library.read_only
        assert library.session(session_id) == expected
        for change in (
            lambda: library.add_client("K-9"),
            lambda: library.set_notes(session_id, "x"),
            lambda: library.record(client_id),
            lambda: library.erase_client(client_id),
        ):
            with pytest.raises(DiskFullError, match="is full") as caught:
                change()
            assert "Free some space" in caught.value.hint
    monkeypatch.undo()
    with Library.open(path) as library:
        library.set_notes(session_id, "there is room again")


def test_without_room_for_shared_memory_the_journal_is_read_too(path, made, monkeypatch):
    _, session_id, _ = made[1]
    with Library.open(path) as library:
        library.set_notes(session_id, "in the journal, not in the file")
        copy = path.with_name("copy.stride-library")
        for end in ("", "-wal"):  # as a crash would leave them
            shutil.copyfile(path.with_name(path.name + end), copy.with_name(copy.name + end))
    assert b"in the journal" not in copy.read_bytes()
    usage = shutil.disk_usage(path.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0))
    monkeypatch.setattr(opening, "_READING", ("rw", "ro&immutable=1"))
    with Library.open(copy) as library:
        assert library.notes(session_id) == "in the journal, not in the file"
        assert not copy.with_name(copy.name + "-shm").exists()


def test_a_library_that_cannot_be_opened_names_its_newest_backup_which_comes_back(path, made, monkeypatch, capsys):
    monkeypatch.setenv("STRIDE_LIBRARY", str(path))
    with Library.open(path) as library:
        backup = library.backup()
        expected = library.session(made[1][1])
    content = bytearray(path.read_bytes())
    content[100:4096] = bytes(4096 - 100)  # the list of tables begins here
    path.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged") as caught:
        Library.open(path)
    assert f"stride library restore {backup}" in caught.value.hint
    assert main(["library", "restore", str(backup), "--yes"]) == 0
    assert "is now" in capsys.readouterr().out
    with Library.open(path) as library:
        assert library.session(made[1][1]) == expected
    assert bytes(content) in [file.read_bytes() for file in path.parent.glob("*-replaced*")]


def test_what_cannot_be_put_in_place_says_so_and_leaves_what_was_there(path, made, monkeypatch, tmp_path):
    with Library.open(path) as library:
        backup = library.backup()
        with pytest.raises(StoreError, match="cannot be written"):
            library.export_client(made[1][0], tmp_path / "no" / "x.zip")
    before = path.read_bytes()
    replace = Path.replace

    def fails_at_the_end(self, target):
        if self.name.endswith(".restoring"):
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails_at_the_end)
    with pytest.raises(StoreError, match="cannot be put in place"):
        restore(path, backup)
    assert path.read_bytes() == before
    assert not path.with_name(path.name + ".restoring").exists()


def test_one_is_not_called_many(path, made, capsys):
    with Library.open(path) as library:
        library.erase_client(made[1][0])
    assert main(["library", "info", "--library", str(path)]) == 0
    assert "1 session of 1 client, " in capsys.readouterr().out


def test_a_table_given_as_the_library_is_said_to_be_one(tmp_path, capsys):
    table = tmp_path / "samples.csv"
    table.write_text("a,b\n1,2\n")
    assert main(["library", "info", "--library", str(table)]) == 2
    said = capsys.readouterr().err
    assert f"{table} is a recording or a table, not a library" in said
    assert "--library" in said


def test_python_m_imu_is_the_command(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "imu", "library", "info", "--library", str(tmp_path / "none.stride-library")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("stride: There is no library at")
