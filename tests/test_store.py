"""Nothing that was recorded is lost or changed; damage becomes a gap and a sentence, never a wrong sample."""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu.acquisition.profiles import get_profile_text
from imu.acquisition.simulator import PacketStream, Simulation, simulate_packets
from imu.errors import ImuError, RecordingError, StoreError
from imu.settings import Settings
from imu.store import schema
from imu.store.fresh import StreamHeader
from imu.store.packing import Shape, pack, unpack
from imu.store.reader import read_session
from imu.store.writer import Marker, SessionWriter
from imu.types import ActivityKind, Gap, Quality, RawPacket, Side, Step, StreamInfo

SHAPE = Shape(header_bytes=8, channels=6)
INFO = StreamInfo(sampling_rate_hz=208.0, channels=6, acc_range_g=16.0, name="test sensor")
HEADER = StreamHeader(INFO, "open_packet", get_profile_text("open_packet"), {"rate_hz": 208}, SHAPE)
STEP = Step(
    index=3,
    activity=ActivityKind.RUNNING,
    side=Side.RIGHT,
    side_confidence=0.9,
    ic_s=1.1,
    tc_s=1.1 + 0.1 + 0.1,
    load_peak_g=2.3456789012345678,
    quality=Quality.AFTER_GAP | Quality.EDGE,
)


@pytest.fixture(scope="module")
def packets():
    return simulate_packets(Simulation(loss_pct=2, standing_s=1, walking_s=1), 10.0)[0]


@pytest.fixture(scope="module")
def good_file(tmp_path_factory, packets):
    path = tmp_path_factory.mktemp("good") / "run.stride"
    write(path, packets).close()
    return path


def write(path, packets, **kwargs):
    writer = SessionWriter(path, Settings(body_mass_kg=70, first_side=Side.LEFT), HEADER, **kwargs)
    for packet in packets:
        writer.append(packet)
    return writer


def committed(path):
    """Chunks that another connection can see."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM packet_chunk").fetchone()[0]


payloads = st.one_of(
    st.lists(st.binary(max_size=60), max_size=12),
    st.integers(1, 5).flatmap(lambda n: st.lists(st.binary(min_size=8 + 12 * n, max_size=8 + 12 * n), max_size=12)),
)


@given(payloads, st.data())
@settings(deadline=None)
def test_packing_gives_back_every_packet_unchanged(contents, data):
    times = data.draw(st.lists(st.integers(-(2**62), 2**62), min_size=len(contents), max_size=len(contents)))
    where = data.draw(st.lists(st.sampled_from("abc"), min_size=len(contents), max_size=len(contents)))
    packets = [RawPacket(t, w, p) for t, w, p in zip(times, where, contents, strict=True)]
    for shape in (SHAPE, None):
        characteristics: list[str] = []
        assert unpack(pack(packets, characteristics, shape), characteristics) == packets


@given(st.binary(max_size=300))
def test_unpacking_nonsense_is_an_error_not_a_packet(data):
    with pytest.raises(StoreError):
        unpack(data, ["a"])


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_unpacking_a_block_with_changed_contents_never_crashes(data):
    inside = bytearray(zlib.decompress(pack([RawPacket(5, "a", bytes(range(20)))] * 3, [], SHAPE)))
    at = data.draw(st.integers(0, len(inside) - 1))
    inside[at] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(StoreError):
        unpack(zlib.compress(bytes(inside)), ["a"])


def test_a_session_comes_back_whole(tmp_path, packets):
    path = tmp_path / "run.stride"
    writer = write(path, packets)
    writer.step(STEP)
    writer.gap(Gap(8, 24))
    writer.marker(Marker(2.5, "mark", "hill"))
    writer.close()
    writer.close()
    assert [p.name for p in tmp_path.iterdir()] == ["run.stride"]
    back = read_session(path)
    assert list(back.packets) == packets
    assert back.steps == (STEP,)
    assert back.gaps == (Gap(8, 24),)
    assert back.markers == (Marker(2.5, "mark", "hill"),)
    assert back.info == INFO
    assert back.options == {"rate_hz": 208}
    assert (back.profile_name, back.profile_text) == ("open_packet", HEADER.profile_text)
    assert Settings(**back.settings) == Settings(body_mass_kg=70, first_side=Side.LEFT)
    assert back.ended_utc >= back.started_utc
    assert back.warnings == ()


def test_every_field_of_a_step_has_its_column():
    assert {f.name for f in fields(Step)} - {"index"} == set(schema.STEP_COLUMNS)


def test_a_minute_takes_less_room_than_what_came_off_the_air(tmp_path):
    packets, _ = simulate_packets(Simulation(), 130.0)
    size = {}
    for name, n in (("one", 1560), ("two", 3120)):
        write(tmp_path / name, packets[:n]).close()
        size[name] = (tmp_path / name).stat().st_size
    assert size["two"] - size["one"] < 0.8 * sum(len(p.payload) for p in packets[1560:3120])


def test_an_existing_recording_is_not_overwritten_unless_asked(tmp_path, packets):
    path = tmp_path / "run.stride"
    write(path, packets[:50]).close()
    with pytest.raises(StoreError, match="exists already"):
        write(path, packets)
    assert len(read_session(path).packets) == 50
    write(path, packets[:60], overwrite=True).close()
    assert len(read_session(path).packets) == 60


def test_a_folder_that_does_not_exist_is_said_at_once(tmp_path, packets):
    with pytest.raises(StoreError, match="no folder"):
        write(tmp_path / "nowhere" / "run.stride", packets)


def test_a_file_that_stops_being_writable_is_said_and_kept(tmp_path, packets):
    path = tmp_path / "run.stride"
    writer = write(path, packets[:100])
    deadline = time.monotonic() + 30
    while not committed(path):
        assert time.monotonic() < deadline
    other = sqlite3.connect(path)
    other.execute("DROP TABLE packet_chunk")
    other.commit()
    other.close()
    writer.append(packets[100])
    with pytest.raises(StoreError, match="cannot be written"):
        writer.close()
    with pytest.raises(StoreError, match="cannot be written"):
        writer.append(packets[101])


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_kill_9_loses_at_most_the_last_second(tmp_path):
    script = """
import sys, time
sys.path.insert(0, sys.argv[2])
from pathlib import Path
import test_store as t
from imu.acquisition.simulator import PacketStream, Simulation
writer = t.SessionWriter(Path(sys.argv[1]), t.Settings(), t.HEADER)
start = time.monotonic()
for number, packet in enumerate(PacketStream(Simulation(sampling_rate_hz=1000.0))):
    ahead = packet.t_arrival_ns / 1e9 - (time.monotonic() - start)
    if ahead > 0:
        time.sleep(ahead)
    writer.append(packet)
    print(number, flush=True)
"""
    path = tmp_path / "killed.stride"
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(path), str(Path(__file__).parent)], stdout=subprocess.PIPE, text=True
    )
    last, stop_at = -1, 125 * 2 + random.randrange(125)
    for line in process.stdout:
        last = int(line)
        if last >= stop_at:
            break
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read().split()
    process.stdout.close()
    process.wait()
    appended = int(rest[-1]) if rest else last
    back = read_session(path)
    assert back.ended_utc is None
    assert "cut off" in back.warnings[0]
    assert len(back.packets) >= appended - 125
    expected, _ = simulate_packets(Simulation(sampling_rate_hz=1000.0), 5.0)
    assert list(back.packets) == expected[: len(back.packets)]


def damage_chunk(path, number, column="data"):
    connection = sqlite3.connect(path)
    data = connection.execute(f"SELECT {column} FROM packet_chunk WHERE number = ?", (number,)).fetchone()[0]
    wrong = data + 1 if column != "data" else data[:40] + bytes([data[40] ^ 4]) + data[41:]
    connection.execute(f"UPDATE packet_chunk SET {column} = ? WHERE number = ?", (wrong, number))
    connection.commit()
    connection.close()


@pytest.mark.parametrize("column", ["data", "crc32", "n_packets"])
def test_a_damaged_second_is_left_out_and_said(tmp_path, packets, column):
    path = tmp_path / "run.stride"
    write(path, packets).close()
    damage_chunk(path, 4, column)
    back = read_session(path)
    assert len(back.warnings) == 1
    assert back.warnings[0].startswith("1 second of this recording cannot be read")
    assert 0 < len(packets) - len(back.packets) <= 27
    assert set(back.packets) < set(packets)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stream SET sampling_rate_hz = 100",
        "UPDATE session SET settings = '{}'",
        "UPDATE profile SET text = replace(text, '16', '32')",
    ],
)
def test_a_changed_description_is_noticed(tmp_path, packets, statement):
    path = tmp_path / "run.stride"
    write(path, packets).close()
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
    with pytest.raises(RecordingError, match="checksum"):
        read_session(path)


def test_swapped_seconds_are_noticed(tmp_path, packets):
    path = tmp_path / "run.stride"
    write(path, packets).close()
    connection = sqlite3.connect(path)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        connection.execute("UPDATE packet_chunk SET number = ? WHERE number = ?", (new, old))
    connection.commit()
    connection.close()
    back = read_session(path)
    assert back.warnings[0].startswith("2 seconds")


def prepared(kind, path, packets):
    write(path, packets).close()
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "text":
        path.write_text("ic_s;side\n1.0;L\n")
    elif kind == "folder":
        path.unlink()
        path.mkdir()
    elif kind == "missing":
        path.unlink()
    elif kind in {"other program", "newer", "no session", "no packets", "no tables"}:
        connection = sqlite3.connect(path)
        statement = {
            "other program": "PRAGMA application_id = 7",
            "newer": "PRAGMA user_version = 99",
            "no session": "DELETE FROM session",
            "no packets": "DELETE FROM packet_chunk",
            "no tables": "DROP TABLE stream",
        }[kind]
        connection.execute(statement)
        connection.commit()
        connection.close()
    elif kind == "zeroed":
        data = path.read_bytes()
        path.write_bytes(data[:100] + bytes(len(data) - 100))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("empty", "is empty"),
        ("text", "not a session file"),
        ("folder", "is a folder"),
        ("missing", "There is no file"),
        ("other program", "another program"),
        ("newer", "newer version"),
        ("no session", "holds no session"),
        ("no packets", "no readable packets"),
        ("no tables", "damaged"),
        ("zeroed", "damaged"),
    ],
)
def test_a_file_that_cannot_be_used_gets_one_clear_sentence(tmp_path, packets, kind, said):
    path = tmp_path / "run.stride"
    prepared(kind, path, packets)
    with pytest.raises(RecordingError, match=said) as caught:
        read_session(path)
    assert "run.stride" in caught.value.message
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_a_locked_file_is_said(tmp_path, packets):
    path = tmp_path / "run.stride"
    write(path, packets).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(RecordingError, match="locked"):
        read_session(path)
    other.close()


@pytest.mark.parametrize("seed", range(10))
def test_truncated_and_scribbled_files_never_give_a_wrong_packet(seed, good_file, packets):
    rng = random.Random(seed)
    good = good_file.read_bytes()
    wanted = [p.payload for p in packets]
    for number in range(20):
        path = good_file.with_name(f"damaged-{seed}-{number}.stride")
        content = bytearray(good)
        if rng.random() < 0.3:
            del content[rng.randrange(1, len(content)) :]
        else:
            at = rng.randrange(len(content))
            noise = rng.randbytes(rng.choice([1, 4, 100, 5000]))
            content[at : at + len(noise)] = noise
        path.write_bytes(content)
        with contextlib.suppress(ImuError):
            back = read_session(path)
            kept = [p.payload for p in back.packets]
            assert set(kept) <= set(wanted)
            assert kept == wanted or back.warnings
        path.unlink()


def test_a_read_only_folder_can_be_read(tmp_path, packets):
    folder = tmp_path / "archive"
    folder.mkdir()
    write(folder / "run.stride", packets).close()
    (folder / "run.stride").chmod(0o444)
    folder.chmod(0o555)
    try:
        assert len(read_session(folder / "run.stride").packets) == len(packets)
    finally:
        folder.chmod(0o755)


def test_numbers_survive_to_the_last_bit(tmp_path, packets):
    rng = np.random.default_rng(1)
    steps = [
        Step(index=i, activity=ActivityKind.WALKING, side=Side.UNKNOWN, side_confidence=0.0, ic_s=float(rng.normal()))
        for i in range(50)
    ]
    writer = write(tmp_path / "run.stride", packets)
    for step in steps:
        writer.step(step)
    writer.close()
    assert list(read_session(tmp_path / "run.stride").steps) == steps


@pytest.mark.skipif(sys.platform == "win32", reason="a file's size cannot be limited")
def test_a_full_disk_is_said_and_what_was_written_before_is_kept(tmp_path):
    script = """
import resource, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
import test_store as t
from imu.acquisition.simulator import PacketStream, Simulation
writer = t.SessionWriter(Path(sys.argv[1]), t.Settings(), t.HEADER)
try:
    for number, packet in enumerate(PacketStream(Simulation(), duration_s=3600.0)):
        writer.append(packet)
        if number == 300:
            while not t.committed(sys.argv[1]):
                pass
            full = max(p.stat().st_size for p in Path(sys.argv[1]).parent.iterdir()) + 60_000
            resource.setrlimit(resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
    writer.close()
except t.StoreError as error:
    print(error)
"""
    path = tmp_path / "full.stride"
    out = subprocess.run(
        [sys.executable, "-c", script, str(path), str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    assert "cannot be written" in out.stdout
    assert "disk is not full" in out.stdout
    back = read_session(path)
    assert len(back.packets) > 100
    for packet, expected in zip(back.packets, PacketStream(Simulation()), strict=False):
        assert packet == expected
