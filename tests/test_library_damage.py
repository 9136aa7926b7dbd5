"""Damage anywhere in a library: a sentence, a gap, never a traceback, never a wrong sample; the rest stays usable."""

import contextlib
import random
import sqlite3

import numpy as np
import pytest
from store_tools import record

from imu.api import Library
from imu.errors import ImuError


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A library of three sessions, and what is in it."""
    path = tmp_path_factory.mktemp("library") / "library.stride-library"
    with Library.open(path) as library:
        client = library.add_client("K-017", notes="calf")
        for seed in (1, 2, 3):
            session_id = record(library, 8.0, seed, client.id, notes=f"run {seed}")
            library.add_marker(session_id, 3.0, "mark", "here")
        runs = {row.id: library.session(row.id) for row in library.sessions()}
        recorded = {row.id: samples(library.recording(row.id)) for row in library.sessions()}
    return path.read_bytes(), runs, recorded


def samples(recording):
    """Sample index -> values."""
    return {
        block.start_index + i: tuple(row) for block in recording.blocks for i, row in enumerate(block.samples.tolist())
    }


def moved_back(got, wanted):
    """Count from the beginning again what counts from the first second that could be read."""
    index = {values: i for i, values in wanted.items()}
    first, value = next(iter(got.items()))
    return {i - first + index[value]: values for i, values in got.items()}


def look_everywhere(path, out):
    """Use a library as the dashboard would; yields the sessions that can be read."""
    with Library.open(path) as library:
        for ask in (library.clients, library.unfinished, library.tags, library.surfaces, library.sensors, library.log):
            with contextlib.suppress(ImuError):
                ask()
        with contextlib.suppress(ImuError):
            library.info()
        library.check()
        for session_id in (1, 2, 3):
            with contextlib.suppress(ImuError):
                yield library.session(session_id), samples(library.recording(session_id))
        with contextlib.suppress(ImuError):
            library.export_session(1, out)
        out.unlink(missing_ok=True)
        with contextlib.suppress(ImuError):
            library.sessions(search="run")
        with contextlib.suppress(ImuError):
            library.cut(2, 1.0, 2.0)


@pytest.mark.parametrize("seed", range(6))
def test_scribbled_libraries_never_give_a_wrong_sample_or_a_traceback(seed, made, tmp_path):
    good, _, recorded = made
    rng = random.Random(seed)
    read = 0
    for number in range(8):
        content = bytearray(good)
        kind = rng.random()
        if kind < 0.2:
            del content[rng.randrange(1, len(content)) :]
        elif kind < 0.4:  # a whole page of something else
            at = 4096 * rng.randrange(len(content) // 4096)
            content[at : at + 4096] = rng.choice([bytes(4096), rng.randbytes(4096)])
        else:
            for _ in range(rng.choice([1, 3, 30])):
                content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        path = tmp_path / f"{number}.stride-library"
        path.write_bytes(content)
        with contextlib.suppress(ImuError):
            for run, found in look_everywhere(path, tmp_path / "out.stride"):
                read += 1
                wanted, got = recorded[run.row.id], found
                if any("times count from" in w for w in run.warnings):  # the very first packet is lost, twice
                    got = moved_back(got, wanted)
                assert got.items() <= wanted.items()
                assert got == wanted or run.warnings
                assert run.n_samples == len(got)
    assert read > 0


def damaged(made, tmp_path, *statements):
    path = tmp_path / "library.stride-library"
    path.write_bytes(made[0])
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return Library.open(path)


SPOILT = "CAST(substr(data, 1, 50) || x'00' || substr(data, 52) AS BLOB)"


@pytest.mark.parametrize("how", [f"UPDATE packet_chunk SET data = {SPOILT}", "DELETE FROM packet_chunk"])
def test_times_stay_where_they_are_when_the_first_seconds_are_damaged(made, tmp_path, how):
    with damaged(made, tmp_path, f"{how} WHERE stream_id = 1 AND number < 2") as library:
        run = library.session(1)
        wanted, got = made[2][1], samples(library.recording(1))
        assert got.items() < wanted.items()
        assert len(wanted) - len(got) < 2 * 208
        assert run.gaps
        assert "2 seconds" in run.warnings[0]


def test_where_the_beginning_is_lost_altogether_it_is_said_that_times_moved(made, tmp_path):
    statements = ("DELETE FROM packet_chunk WHERE stream_id = 1 AND number = 0", "UPDATE stream SET first_crc32 = 0")
    with damaged(made, tmp_path, *statements) as library:
        assert "times count from" in " ".join(library.session(1).warnings)


def test_a_damaged_second_becomes_a_gap_and_is_said(made, tmp_path):
    with damaged(
        made, tmp_path, f"UPDATE packet_chunk SET data = {SPOILT} WHERE stream_id = 2 AND number = 3"
    ) as library:
        run = library.session(2)
        assert run.warnings == ("1 second of this recording cannot be read (damaged) and count as missing samples.",)
        (gap,) = run.gaps
        assert 150 < gap.stop_index - gap.start_index < 260
        assert run.steps == made[1][2].steps
        assert [f.session_id for f in library.check()] == [2]
        assert "1 of its seconds" in library.check()[0].text
        assert library.session(1).warnings == ()
        path = library.export_session(2, tmp_path / "out.stride")
        kept = samples(library.recording(2))
    with Library.open(tmp_path / "other.stride-library") as other:
        assert samples(other.recording(other.import_session(path).id)) == kept


def test_damaged_steps_are_computed_anew(made, tmp_path):
    with damaged(made, tmp_path, "UPDATE step SET load_peak_g = 9.0 WHERE stream_id = 1 AND number = 5") as library:
        run = library.session(1)
        assert run.steps == made[1][1].steps
        assert any("computed anew" in w for w in run.warnings)
        assert [f.session_id for f in library.check()] == [1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE session SET headline = '{', speeds_mps = '?' WHERE id = 2",
        "UPDATE session SET started_utc = CAST(x'ff00' AS TEXT) WHERE id = 2",
        "UPDATE session SET wizard = 'x' WHERE id = 2",
        "UPDATE session SET settings = 'x' WHERE id = 2",
        "UPDATE stream SET sampling_rate_hz = 100 WHERE session_id = 2",
        "UPDATE marker SET kind = 'speed', value = 'fast' WHERE session_id = 2",
        "DELETE FROM stream WHERE session_id = 2",
    ],
)
def test_one_damaged_session_is_said_and_leaves_the_others_usable(made, tmp_path, statement):
    with damaged(made, tmp_path, "PRAGMA foreign_keys = ON", statement) as library:
        with pytest.raises(ImuError) as caught:
            library.session(2)
        assert "Session 2" in caught.value.message
        assert caught.value.hint
        assert {1, 3} <= {row.id for row in library.sessions()}
        for session_id in (1, 3):
            assert library.session(session_id).steps == made[1][session_id].steps
        assert {f.session_id for f in library.check()} <= {2}
        library.set_notes(1, "still writable")


def test_numbers_of_samples_are_those_of_the_recording(made):
    for session_id, run in made[1].items():
        assert run.n_samples == len(made[2][session_id])
        assert np.isfinite(list(made[2][session_id].values())).all()
        assert len(run.steps) > 8


def test_what_decoding_gave_is_believed_for_the_very_same_packets_only(made, tmp_path, monkeypatch):
    forget = "UPDATE stream SET decoded = NULL"
    spoil = "UPDATE stream SET decoded = replace(decoded, '\"n_samples\": ', '\"n_samples\": 9') WHERE session_id = 2"
    decode = "imu.exchange.stride.to_recording"
    for number, statements in enumerate(((), (forget,), (spoil,))):
        (tmp_path / str(number)).mkdir()
        with damaged(made, tmp_path / str(number), *statements) as library:
            assert {n: library.session(n) for n in (1, 2, 3)} == made[1]  # decoded where it has to be
            monkeypatch.setattr(decode, None)
            assert {n: library.session(n) for n in (1, 2, 3)} == made[1]  # and kept
            monkeypatch.undo()
    with damaged(made, tmp_path, "DELETE FROM packet_chunk WHERE stream_id = 2 AND number = 4") as library:
        assert library.session(2).n_samples < made[1][2].n_samples
        monkeypatch.setattr(decode, None)
        with pytest.raises(ImuError):
            library.session(2)  # of what is damaged nothing is kept
