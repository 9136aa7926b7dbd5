"""The library: clients, what is known about sessions, edits that touch nothing recorded, one session in and out."""

import json
import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest
from store_tools import record, record_file

from imu import api
from imu.api import Library
from imu.cli.verify import differences
from imu.errors import RecordingError, SettingsError, StoreError
from imu.store.reader import read_session
from imu.store.schema import SCHEMA_VERSION


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A library with a client and one session; copied, never changed."""
    path = tmp_path_factory.mktemp("library") / "library.stride-library"
    with Library.open(path) as library:
        client = library.add_client("K-017", birth_year=1984, body_mass_kg=72.0, body_height_m=1.78)
        shoe = library.add_shoe(client.id, "Brooks A", 412.0)
        surface = library.add_surface("treadmill")
        record(
            library,
            client_id=client.id,
            shoe_id=shoe.id,
            surface_id=surface.id,
            wizard={"pain": 2, "calibration": None},
            notes="left calf",
        )
    return path


@pytest.fixture
def library(made, tmp_path):
    path = tmp_path / made.name
    path.write_bytes(made.read_bytes())
    with Library.open(path) as opened:
        yield opened


def test_a_new_library_is_empty_and_says_so(tmp_path):
    with Library.open(tmp_path / "new" / "library.stride-library") as library:
        assert (library.clients(), library.sessions(), library.unfinished()) == ([], [], [])
        info = library.info()
    assert (info.n_clients, info.n_sessions, info.schema_version) == (0, 0, SCHEMA_VERSION)
    assert not info.encrypted
    assert info.last_backup_utc is None


def test_the_library_is_where_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIDE_LIBRARY", str(tmp_path / "here.stride-library"))
    with Library.open() as library:
        assert library.path == tmp_path / "here.stride-library"
    monkeypatch.delenv("STRIDE_LIBRARY")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with Library.open() as library:
        assert library.path.name == "library.stride-library"


def test_clients_are_found_by_code_and_notes(library):
    library.add_client("K-018", notes="100 % motivated")
    assert [c.code for c in library.clients()] == ["K-018", "K-017"]  # the newest first
    assert library.clients("k-01") == library.clients()
    assert [c.code for c in library.clients("100 %")] == ["K-018"]
    assert library.clients("%") == library.clients("100 %")
    seen = library.clients("017")[0]
    assert (seen.n_sessions, seen.birth_year, seen.body_mass_kg) == (1, 1984, 72.0)
    assert seen.last_session_utc is not None


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"code": "  "}, "needs a code"),
        ({"code": "k-017"}, "is taken"),
        ({"code": "x" * 41}, "longer than"),
        ({"code": "new", "birth_year": 1066}, "no birth year"),
    ],
)
def test_a_client_that_cannot_be_is_refused_with_a_sentence(library, facts, said):
    with pytest.raises(StoreError, match=said) as caught:
        library.add_client(**facts)
    assert caught.value.hint
    assert len(library.clients()) == 1


def test_impossible_body_facts_are_refused(library):
    with pytest.raises(SettingsError, match="body_mass_kg"):
        library.update_client(1, body_mass_kg=720.0)
    assert library.update_client(1, code="K 17", body_mass_kg=71.5, birth_year=None).body_mass_kg == 71.5
    assert library.client(1).birth_year is None
    with pytest.raises(StoreError, match="not in the library"):
        library.client(99)


def test_a_consent_keeps_the_very_words(library):
    consent = library.add_consent(1, "2026-11 nl", "Ik ga akkoord.", ["explained", "recording"])
    assert (consent.text, consent.kinds, consent.withdrawn_utc) == ("Ik ga akkoord.", ("explained", "recording"), None)
    assert len(consent.text_sha256) == 64
    library.withdraw_consent(consent.id)
    assert library.consents(1)[0].withdrawn_utc is not None


def test_the_list_shows_what_was_stored_when_the_session_ended(library):
    (row,) = library.sessions()
    assert (row.client_code, row.shoe, row.surface, row.place) == ("K-017", "Brooks A", "treadmill", "sacrum")
    assert row.duration_s == pytest.approx(12.0, abs=0.2)
    assert row.n_steps > 20
    assert row.speeds_mps == (2.78,)
    assert row.ended_utc is not None
    assert not row.unfinished
    load = row.headline["load_peak_g"]
    again = api.analyze(library.recording(row.id))
    assert load == again.summary["load_peak_g"]
    assert row.headline["lost_pct"] == 0.0


def test_sessions_are_found_by_words_and_tags(library):
    library.set_tags(1, ["cue test", " hill ", ""])
    assert library.tags() == ["cue test", "hill"]
    assert library.sessions()[0].tags == ("cue test", "hill")
    for words in ("K-017", "brooks calf", "treadmill", "cue", "sacrum"):
        assert len(library.sessions(search=words)) == 1, words
    assert library.sessions(search="brooks beach") == []
    assert library.sessions(tag="cue") == []
    assert len(library.sessions(tag="hill")) == 1
    assert library.sessions(client_id=99) == []
    assert library.sessions(offset=1) == []


def test_a_session_comes_back_with_everything(library):
    run = library.session(1)
    assert run.wizard == {"pain": 2, "calibration": None}
    assert run.notes == "left calf"
    assert run.warnings == ()
    assert [b.speed_mps for b in run.speeds] == [2.78]
    assert run.steps == api.analyze(library.recording(1)).steps
    assert (run.provenance.profile_name, len(run.provenance.raw_sha256)) == ("open_packet", 64)
    assert run.provenance.recomputed_utc is None


def test_pain_entries_are_a_diary(library):
    library.add_pain(1, "before", 2, "low back")
    library.add_pain(1, "next_morning", 0)
    assert [(p.when, p.score, p.place) for p in library.session(1).pain] == [
        ("before", 2, "low back"),
        ("next_morning", 0, ""),
    ]
    with pytest.raises(StoreError, match="no pain score"):
        library.add_pain(1, "after", 11)
    with pytest.raises(StoreError, match="no moment"):
        library.add_pain(1, "later", 1)


def test_swapped_sides_change_what_is_shown_and_nothing_that_was_recorded(library):
    before = library.session(1)
    old = library.sessions()[0].headline
    middle = before.steps[len(before.steps) // 2].ic_s
    library.swap_sides(1, middle)
    after = library.session(1)
    assert after.provenance.raw_sha256 == before.provenance.raw_sha256
    for was, now in zip(before.steps, after.steps, strict=True):
        assert now == (replace(was, side=was.side.other) if was.ic_s >= middle else was)
    assert library.sessions()[0].headline["load_symmetry_pct"] != old["load_symmetry_pct"]
    library.swap_sides(1, middle)
    assert library.session(1).steps == before.steps
    assert library.sessions()[0].headline == old
    assert [e.what for e in library.edits(1)] == ["sides swapped"] * 2


def test_a_cut_leaves_steps_out_and_can_be_taken_back(library):
    before = library.session(1)
    cut = library.cut(1, 0.0, 6.0, "tied a lace")
    after = library.session(1)
    assert after.steps == tuple(s for s in before.steps if s.ic_s >= 6.0)
    assert after.cuts == (cut,)
    assert library.sessions()[0].n_steps == len(after.steps)
    assert api.analyze(library.recording(1)).steps == after.steps
    library.uncut(1, cut.id)
    assert library.session(1).steps == before.steps
    with pytest.raises(StoreError, match="no stretch"):
        library.cut(1, 5.0, 5.0)
    with pytest.raises(StoreError, match="no such cut"):
        library.uncut(1, cut.id)


def test_markers_are_added_moved_and_removed_and_the_log_keeps_what_they_were(library):
    marker = library.add_marker(1, 3.0, "mark", "hill")
    note = library.add_note(1, 4.0, "heavy legs")
    moved = library.edit_marker(1, marker.id, time_s=3.5)
    assert (moved.time_s, moved.value) == (3.5, "hill")
    assert [m.value for m in library.markers(1)] == ["hill", "heavy legs"]
    library.remove_marker(1, note.id)
    assert [m.value for m in library.markers(1)] == ["hill"]
    assert "heavy legs" in library.edits(1)[-1].detail
    for wrong in (note.id, 99):
        with pytest.raises(StoreError, match="no such marker"):
            library.remove_marker(1, wrong)
    with pytest.raises(StoreError, match="no kind"):
        library.add_marker(1, 3.0, "guess")
    with pytest.raises(StoreError, match="no speed"):
        library.add_marker(1, 3.0, "speed", "fast")
    with pytest.raises(StoreError, match="needs a time"):
        library.add_marker(1, float("nan"))


def test_a_corrected_speed_counts_when_the_steps_are_computed_anew_and_the_old_ones_are_kept(library):
    before = library.session(1)
    library.add_marker(1, 0.0, "speed", "3.5")
    stale = library.session(1)
    assert stale.steps == before.steps
    assert any("speed was changed" in w for w in stale.warnings)
    library.swap_sides(1, 5.0)
    library.recompute(1)
    again = library.session(1)
    assert again.warnings == ()
    assert again.provenance.recomputed_utc is not None
    assert again.steps == api.analyze(library.recording(1)).steps
    assert [s.ic_s for s in again.steps] == [s.ic_s for s in before.steps]
    assert [s.vgrf_peak_bw for s in again.steps] != [s.vgrf_peak_bw for s in before.steps]
    assert library.sessions()[0].speeds_mps == (3.5,)
    count = library._rows("SELECT count(*) AS n FROM step")[0]["n"]
    assert count == len(before.steps)


def test_a_session_out_and_into_another_library_is_the_same_session(library, tmp_path):
    library.add_pain(1, "before", 1)
    library.set_tags(1, ["x"])
    library.add_marker(1, 2.0, "mark", "here")
    library.cut(1, 0.0, 3.0)
    path = library.export_session(1, tmp_path / "out.stride")
    assert [p.name for p in tmp_path.glob("out*")] == ["out.stride"]
    with Library.open(tmp_path / "other.stride-library") as other:
        row = other.import_session(path)
        assert (row.client_code, row.shoe, row.surface, row.tags) == ("K-017", "Brooks A", "treadmill", ("x",))
        mine, theirs = library.session(1), other.session(row.id)
        for name in ("steps", "stream", "settings", "speeds", "gaps", "notes", "wizard", "provenance", "warnings"):
            assert getattr(mine, name) == getattr(theirs, name), name
        assert other.check() == []
        with pytest.raises(StoreError, match="in the library already, as session 1"):
            other.import_session(path)
        assert other.client(1).birth_year == 1984
        other.update_client(1, code="mine")
        other.erase_session(1)
        assert other.import_session(path).client_code == "mine"  # the same client under whatever code it has now
    with Library.open(tmp_path / "third.stride-library") as third:
        third.add_client("K-017")
        assert third.import_session(path).client_code == "K-017 (2)"
    with pytest.raises(StoreError, match="exists already"):
        library.export_session(1, path)


def test_a_session_can_be_exported_without_its_client(library, tmp_path):
    path = library.export_session(1, tmp_path / "out.stride", with_client=False)
    assert b"K-017" not in path.read_bytes()
    with Library.open(tmp_path / "other.stride-library") as other:
        client = other.add_client("A-1")
        assert other.import_session(path, client.id).client_code == "A-1"
    assert [entry[1] for entry in library.log()] == ["session exported"]


def test_commands_read_what_was_exported(library, tmp_path, capsys):
    from imu.cli import main

    path = library.export_session(1, tmp_path / "out.stride")
    assert main(["verify", str(path)]) == 0
    assert main(["analyze", str(path), "--json"]) == 0
    steps = json.loads(capsys.readouterr().out.splitlines()[-1])["steps"]
    assert len(steps) == len(library.session(1).steps)
    assert main(["replay", str(path), "--headless", "--speed", "max"]) == 0


def test_an_edited_session_is_verified_as_it_was_recorded(library, tmp_path):
    library.swap_sides(1, 4.0)
    library.cut(1, 0.0, 5.0)
    path = library.export_session(1, tmp_path / "out.stride")
    stored = list(api.stored_session(path).steps)
    assert differences(stored, list(api.analyze(api.read_as_recorded(path)).steps)) == []
    assert list(api.analyze(api.read(path)).steps) == list(library.session(1).steps)


def test_files_of_version_1_are_read_and_taken_in_unchanged(tmp_path):
    path = record_file(tmp_path / "old.stride")
    expected = read_session(path)
    as_version_1(path)
    before = path.read_bytes()
    old = read_session(path)
    assert (old.packets, old.steps, old.markers) == (expected.packets, expected.steps, expected.markers)
    assert list(api.analyze(api.read(path)).steps) == list(old.steps)
    with Library.open(tmp_path / "library.stride-library") as library:
        row = library.import_session(path)
        assert row.ended_utc == old.ended_utc
        assert row.n_steps == len(old.steps)
        assert row.headline["load_peak_g"]["value"] > 1.0
        assert library.session(row.id).steps == old.steps
    assert path.read_bytes() == before


def as_version_1(path):
    """Give a file the schema that the first version of the program wrote."""
    from imu.store import schema

    connection = sqlite3.connect(path)
    fresh = path.with_suffix(".v1")
    old = sqlite3.connect(fresh)
    old.executescript(f"PRAGMA application_id = {schema.APPLICATION_ID}; PRAGMA user_version = 1;{schema.VERSION_1}")
    for table in ("profile", "session", "stream", "packet_chunk", "gap", "marker", "step"):
        columns = [row[1] for row in old.execute(f"PRAGMA table_info({table})")]
        rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
        old.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)
    old.commit()
    old.close()
    connection.close()
    fresh.replace(path)


def test_a_session_file_is_not_a_library_and_a_library_no_session_file(library, tmp_path):
    path = library.export_session(1, tmp_path / "out.stride")
    with pytest.raises(StoreError, match="not a library"):
        Library.open(path)
    with pytest.raises(RecordingError, match="There is no file"):
        library.import_session(tmp_path / "nowhere.stride")


def test_a_session_is_opened_without_loading_what_decodes_it(library):
    code = (
        "import sys; from imu.api import Library; "
        "library = Library.open(sys.argv[1]); loaded = set(sys.modules); assert library.session(1).steps; "
        "late = {'imu.acquisition.decode', 'numba.core.dispatcher', 'firmware_profiles.model'} & set(sys.modules); "
        "print(sorted(late - loaded))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(library.path)], capture_output=True, text=True, check=True, timeout=120
    )
    assert out.stdout.strip() == "[]"
