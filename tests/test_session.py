"""A session from bytes to steps, without waiting: live, replayed and analysed give the very same steps."""

import sqlite3
import subprocess
import sys
import threading

import numpy as np
import pytest

import imu
from imu.acquisition.meter import Meter
from imu.acquisition.replay import BlockReplay
from imu.acquisition.simulator import SimulatedSource, Simulation, simulate_recording
from imu.acquisition.source import Pacer
from imu.api import Session, analyze, read, stored_session
from imu.errors import ImuError, RecordingError, SettingsError, StoreError
from imu.settings import Settings
from imu.store.reader import read_session
from imu.types import ActivityKind, LinkState, LiveKind, RawPacket, Recording, SampleBlock, Side, StreamInfo

RUNNER = Simulation(loss_pct=1.0, asymmetry_pct=4.0, standing_s=2.0, walking_s=0.0, seed=3)


def finished(session):
    with session:
        assert session.wait(100)
    status = session.status()
    assert status.state is LinkState.FINISHED, status.detail
    return session


def same_steps(ours, theirs):
    assert [s.as_dict() for s in ours] == [s.as_dict() for s in theirs]


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    path = tmp_path_factory.mktemp("session") / "run.stride"
    return finished(Session.simulate(RUNNER, out=path, duration_s=40.0, realtime=False)), path


def test_steps_and_sides_match_the_truth(live):
    session, _ = live
    truth = [s for s in session.truth().steps if s.activity is ActivityKind.RUNNING and 4.0 < s.ic_s < 39.0]
    steps = session.steps()
    found = np.array([s.ic_s for s in steps])
    nearest = [int(np.abs(found - t.ic_s).argmin()) for t in truth]
    offsets = np.array([found[i] - t.ic_s for i, t in zip(nearest, truth, strict=True)])
    lost_share = session.status().lost_pct / 100
    assert np.mean(np.abs(offsets) > 0.05) < 5 * lost_share + 0.01
    assert np.std(offsets[np.abs(offsets) < 0.05]) < 0.015
    assert len(found) <= len(session.truth().steps) + 1
    sides = [(steps[i].side, t.side) for i, t in zip(nearest, truth, strict=True)]
    assert np.mean([ours is theirs for ours, theirs in sides]) > 0.9
    assert not any(ours is theirs.other for ours, theirs in sides)


def test_the_status_counts_what_came_and_what_did_not(live):
    session, path = live
    status = session.status()
    truth = session.truth()
    assert status.received + status.lost == pytest.approx(40.0 * 208, abs=40)
    assert truth.lost_samples - status.lost in range(0, 80, 8)  # those lost at the very end are not known
    assert status.lost > 0
    assert status.lost_pct == pytest.approx(100 * status.lost / (status.lost + status.received))
    assert status.nominal_rate_hz == 208.0
    assert status.recording_path == str(path)
    assert status.decode_errors == 0
    assert status.speed_mps == RUNNER.speed_mps


def test_live_replayed_and_analysed_steps_are_equal_bit_for_bit(live):
    session, path = live
    assert len(session.steps()) > 80
    same_steps(session.steps(), analyze(read(path)).steps)
    same_steps(session.steps(), stored_session(path).steps)
    same_steps(session.steps(), finished(Session.replay(path, speed=None)).steps())
    recording, _ = simulate_recording(RUNNER, 40.0)
    same_steps(session.steps(), analyze(recording, session.settings).steps)


def test_gaps_are_stored_as_they_were_seen(live):
    session, path = live
    stored = read_session(path)
    assert sum(g.stop_index - g.start_index for g in stored.gaps) == session.status().lost
    assert stored.gaps == read(path).gaps


def test_settings_travel_with_the_file(live):
    session, path = live
    recording = read(path)
    assert Settings().with_suggestions(recording.suggested) == session.settings
    assert session.settings.mounting == RUNNER.mounting
    typed = Settings(body_mass_kg=55.0).with_suggestions(recording.suggested)
    assert typed.body_mass_kg == 55.0


def test_a_damaged_second_becomes_a_gap_in_the_recording(live, tmp_path):
    _, path = live
    copy = tmp_path / "copy.stride"
    copy.write_bytes(path.read_bytes())
    connection = sqlite3.connect(copy)
    connection.execute("UPDATE packet_chunk SET crc32 = crc32 + 1 WHERE number = 20")
    connection.commit()
    connection.close()
    whole, holed = read(path), read(copy)
    assert holed.warnings
    missing = whole.n_samples - holed.n_samples
    assert 100 < missing <= 216
    kept = {
        i: row.tobytes()
        for b in holed.blocks
        for i, row in zip(range(b.start_index, b.stop_index), b.samples, strict=True)
    }
    for block in whole.blocks:
        for i, row in zip(range(block.start_index, block.stop_index), block.samples, strict=True):
            assert kept.get(i, row.tobytes()) == row.tobytes()
    assert len(analyze(holed).steps) < len(analyze(whole).steps)


def test_listeners_hear_every_step_and_a_failing_one_stops_nothing(caplog):
    heard = []
    session = Session.simulate(RUNNER, duration_s=12.0, realtime=False)
    session.on_step(lambda step: 1 / 0)
    session.on_step(heard.append)
    finished(session)
    assert tuple(heard) == session.steps()
    assert len(heard) > 5
    assert "listener failed" in caplog.text


def test_steps_since_a_position_and_events_come_once():
    session = finished(Session.simulate(RUNNER, duration_s=15.0, realtime=False))
    steps = session.steps()
    assert session.steps(5) == steps[5:]
    assert session.steps(len(steps)) == ()
    events = session.drain_events()
    assert {e.kind for e in events} >= {LiveKind.IC, LiveKind.TC}
    assert session.drain_events() == []
    assert session.status().dropped_events == 0


def test_events_that_nobody_fetches_are_dropped_and_counted(monkeypatch):
    monkeypatch.setattr("imu.api.engine._MAX_EVENTS", 20)
    session = finished(Session.simulate(RUNNER, duration_s=20.0, realtime=False))
    assert session.status().dropped_events > 0
    assert len(session.drain_events()) == 20


class Scripted(SimulatedSource):
    """A simulated runner that calls back before given packets, in the acquisition thread."""

    def __init__(self, duration_s, actions):
        super().__init__(RUNNER, Pacer(None), duration_s=duration_s)
        self.actions = actions

    async def __aiter__(self):
        number = 0
        async for packet in super().__aiter__():
            if action := self.actions.get(number):
                action()
            number += 1
            yield packet


def scripted(actions, *, duration_s=30.0, **kwargs):
    return Session(Scripted(duration_s, actions), Settings(mounting=RUNNER.mounting), name="test", **kwargs)


def test_swapped_sides_hold_from_then_on_and_survive_the_file(tmp_path):
    plain = finished(scripted({}))
    path = tmp_path / "swap.stride"
    actions = {}
    session = scripted(actions, out=path)
    actions[400] = session.swap_sides
    finished(session)
    (swap,) = [m for m in read_session(path).markers if m.kind == "swap_sides"]
    assert 15.0 < swap.time_s < 16.0
    for before, after in zip(plain.steps(), session.steps(), strict=True):
        assert after.side is (before.side.other if before.ic_s >= swap.time_s else before.side)
    same_steps(session.steps(), analyze(read(path)).steps)
    same_steps(session.steps(), finished(Session.replay(path, speed=None)).steps())


def test_an_exchange_really_exchanges_a_known_side():
    from imu.api.files import swapped
    from imu.types import Step

    step = Step(index=0, activity=ActivityKind.RUNNING, side=Side.LEFT, side_confidence=1.0, ic_s=5.0)
    assert swapped(step, [4.0]).side is Side.RIGHT
    assert swapped(step, [5.0]).side is Side.RIGHT
    assert swapped(step, [5.1]).side is Side.LEFT
    assert swapped(step, [3.0, 4.0]).side is Side.LEFT


def test_marks_and_typed_speeds_are_stored_with_their_time(tmp_path):
    path = tmp_path / "marks.stride"
    actions = {}
    session = scripted(actions, out=path, duration_s=12.0)
    actions[100] = lambda: session.mark("hill")
    actions[200] = lambda: session.set_speed(3.5)
    finished(session)
    assert session.status().speed_mps == 3.5
    markers = read_session(path).markers
    assert [(m.kind, m.value) for m in markers] == [("mark", "hill"), ("speed", "3.5")]
    assert 0 < markers[0].time_s < markers[1].time_s < 12.0
    with pytest.raises(SettingsError):
        session.set_speed(100.0)


def test_a_speed_typed_in_mid_run_changes_steps_and_replays_the_same(tmp_path):
    path = tmp_path / "speed.stride"
    actions = {}
    session = scripted(actions, out=path)
    actions[0] = lambda: session.set_speed(2.8)
    actions[301] = lambda: session.set_speed(4.0)
    actions[500] = lambda: session.set_speed(None)
    finished(session)
    plain = finished(scripted({}))
    forces = [(a.vgrf_peak_bw, b.vgrf_peak_bw) for a, b in zip(plain.steps(), session.steps(), strict=True)]
    assert any(a != b for a, b in forces)
    same_steps(session.steps(), stored_session(path).steps)
    same_steps(session.steps(), analyze(read(path)).steps)
    again = finished(Session.replay(path, speed=None))
    same_steps(session.steps(), again.steps())
    assert again.status().speed_mps is None


def test_a_stopped_session_keeps_everything_up_to_then(tmp_path):
    path = tmp_path / "stopped.stride"
    actions = {}
    session = scripted(actions, out=path, duration_s=None)
    actions[500] = session.stop  # from within the acquisition thread
    session.start()
    session.start()
    assert session.wait(100)
    session.stop()
    session.stop()
    assert session.status().state is LinkState.FINISHED
    assert len(read_session(path).packets) == 501
    same_steps(session.steps(), analyze(read(path)).steps)


def test_stopping_does_not_wait_for_a_source_that_sleeps():
    class Silent:
        info = StreamInfo(sampling_rate_hz=208.0)
        wire = None
        started = threading.Event()

        async def __aiter__(self):
            import asyncio

            self.started.set()
            await asyncio.sleep(3600)
            yield SampleBlock(0, np.zeros((1, 6)))

    source = Silent()
    session = Session(source, Settings(), name="silent")
    session.start()
    assert source.started.wait(60)
    assert session.status().state is LinkState.CONNECTING
    session.stop()
    assert session.status().state is LinkState.FINISHED
    assert session.steps() == ()


def test_a_session_that_was_never_started_can_be_stopped():
    session = Session.simulate(RUNNER)
    assert session.status().state is LinkState.IDLE
    assert session.snapshot(5.0).t_s.size == 0
    session.stop()
    session.start()
    assert session.status().state is LinkState.FINISHED


def test_a_source_that_breaks_is_said_and_the_file_is_kept(tmp_path):
    path = tmp_path / "broken.stride"

    def fail():
        raise ImuError("The link to the sensor broke.", hint="Move closer.")

    session = scripted({300: fail}, out=path)
    session.start()
    assert session.wait(100)
    status = session.status()
    assert status.state is LinkState.FAILED
    assert status.detail == "The link to the sensor broke. Move closer."
    assert len(read_session(path).packets) == 300
    assert read_session(path).ended_utc is not None
    same_steps(session.steps(), analyze(read(path)).steps)


def test_an_unforeseen_error_is_a_sentence_too(caplog):
    session = scripted({10: [].pop})
    session.start()
    assert session.wait(100)
    assert session.status().state is LinkState.FAILED
    assert "IndexError" in session.status().detail
    assert "Traceback" in caplog.text


def test_a_file_that_exists_is_not_overwritten(tmp_path):
    path = tmp_path / "mine.stride"
    path.write_bytes(b"precious")
    with pytest.raises(StoreError, match="exists already"):
        Session.simulate(RUNNER, out=path, duration_s=5.0, realtime=False)
    assert path.read_bytes() == b"precious"
    finished(Session.simulate(RUNNER, out=path, duration_s=5.0, realtime=False, overwrite=True))
    assert 0.9 * 5 * 208 < read(path).n_samples <= 5 * 208


def test_packets_that_do_not_decode_are_counted_stored_and_cost_only_themselves(tmp_path, caplog):
    class Noisy(SimulatedSource):
        async def __aiter__(self):
            number = 0
            async for packet in super().__aiter__():
                number += 1
                yield packet
                if number % 50 == 0:
                    yield RawPacket(packet.t_arrival_ns, packet.characteristic, packet.payload[:20])

    path = tmp_path / "noisy.stride"
    source = Noisy(RUNNER, Pacer(None), duration_s=20.0)
    session = finished(Session(source, Settings(mounting=RUNNER.mounting), name="noisy", out=path))
    clean = finished(scripted({}, duration_s=20.0))
    assert session.status().decode_errors == 10
    same_steps(session.steps(), clean.steps())
    recording = read(path)
    assert "10 packets could not be decoded" in recording.warnings[0]
    same_steps(analyze(recording).steps, clean.steps())
    assert caplog.text.count("packet not decoded") == 1


def test_a_recording_without_packets_is_replayed_the_same_at_any_pace():
    recording, _ = simulate_recording(RUNNER, 20.0)
    expected = analyze(recording).steps
    settings = Settings().with_suggestions(recording.suggested)
    now = [0.0]

    async def sleep(seconds):
        now[0] += seconds

    for paced in (True, False):
        pacer = Pacer(4.0 if paced else None, now=lambda: now[0], sleep=sleep)
        session = finished(Session(BlockReplay(recording, pacer, paced=paced), settings, name="replay"))
        same_steps(session.steps(), expected)
    assert now[0] == pytest.approx((20.0 - 0.04) / 4.0, abs=0.02)  # it begins with the first block


def test_a_recording_without_packets_cannot_be_written_as_one(tmp_path):
    recording, _ = simulate_recording(RUNNER, 5.0)
    session = Session(BlockReplay(recording, Pacer(None)), Settings(), name="replay", out=tmp_path / "x.stride")
    session.start()
    assert session.wait(100)
    assert "Only a stream of packets" in session.status().detail
    with pytest.raises(ImuError, match="simulated"):
        session.truth()


def test_the_pacer_keeps_time_without_drift_and_never_skips_a_turn():
    import asyncio

    now, slept = [100.0], []

    async def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds + 0.001  # every sleep is a little late

    async def go():
        pacer = Pacer(2.0, now=lambda: now[0], sleep=sleep)
        for i in range(1, 201):
            await pacer.until(i * 0.04)

    asyncio.run(go())
    assert now[0] - 100.0 == pytest.approx(199 * 0.02, abs=0.01)
    assert len(slept) == 200


def test_snapshot_shows_the_newest_signal():
    session = finished(Session.simulate(RUNNER, duration_s=20.0, realtime=False))
    shown = session.snapshot(5.0)
    assert len(shown.t_s) == len(shown.acc_is_g) == len(shown.load_g) == pytest.approx(5 * 208, abs=1)
    assert shown.t_s[-1] == pytest.approx(session.status().elapsed_s, abs=0.1)
    assert 1.5 < np.nanmax(shown.acc_is_g) < 5.0
    assert session.summary()["n_steps"] == len(session.steps())


def test_the_meter_tells_rate_and_delay():
    meter = Meter()
    assert meter.rate_hz(0.0) is None
    assert meter.delay_ms(0.0) is None
    for i in range(10_000):
        at = 50.0 + i * 8 / 208
        meter.arrived(at, 8, at + (0.002 if i % 100 else 0.5))
    assert meter.rate_hz(at) == pytest.approx(208.0, rel=0.01)
    assert meter.delay_ms(at) == pytest.approx(2.0, rel=0.01)
    assert meter.rate_hz(at + 100.0) is None


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.npz", None, "gone.npz"),
        ("gone.stride", None, "no file"),
        ("gone.csv", None, "no file"),
        ("notes.txt", b"hello", "no rows of numbers"),
        ("empty.stride", b"", "empty"),
        ("text.stride", b"hello hello hello", "not a session file"),
    ],
)
def test_files_that_cannot_be_read_get_one_sentence(tmp_path, name, content, said):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RecordingError, match=said):
        read(path)
    with pytest.raises(RecordingError):
        Session.replay(path)


def test_a_recording_that_cannot_be_analysed_is_refused():
    quiet = SampleBlock(0, np.zeros((2000, 6)))
    with pytest.raises(RecordingError):
        analyze(Recording(StreamInfo(sampling_rate_hz=208.0), (quiet,)))


def test_public_names_load_on_demand():
    assert set(dir(imu)) >= {"Session", "Settings", "analyze", "read", "Pipeline", "Simulation"}
    for name in imu.__all__:
        assert getattr(imu, name) is not None
    with pytest.raises(AttributeError):
        imu.nonsense  # noqa: B018
    heavy = ["numba", "numpy", "scipy", "pydantic", "PySide6", "bleak"]
    code = f"import imu, sys; print([m for m in {heavy!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path):
    path = tmp_path / "run.stride"
    session = Session.simulate(RUNNER, out=path, duration_s=5.0, realtime=False)
    path.write_bytes(b"precious")
    session.start()
    assert session.wait(100)
    assert session.status().state is LinkState.FAILED
    assert "exists already" in session.status().detail
    assert path.read_bytes() == b"precious"


def test_a_folder_that_does_not_exist_is_said_at_once(tmp_path):
    with pytest.raises(StoreError, match="There is no folder"):
        Session.simulate(RUNNER, out=tmp_path / "no" / "run.stride")
