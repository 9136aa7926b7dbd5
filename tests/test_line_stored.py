"""The feedback line of a run: stored when it is set and moved, the same in every copy, and which steps stayed in it."""

from __future__ import annotations

import csv
import json
import math
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu import api
from imu.acquisition.simulator import Simulation
from imu.api import Library, LineCount
from imu.errors import SettingsError
from imu.store.stated import LINE_MARKER, stated_lines
from imu.types import ActivityKind, LineChange, Side, Step

FIRST, SECOND = 2.9, 2.4
MOVED_AT, TAKEN_AT = 30, 60


def recorded(out: object, *, first: float | None = FIRST, seconds: float = 40.0) -> api.Session:
    """A run whose line is moved at one step and taken away at another."""
    simulation = Simulation(seed=5, standing_s=1.0, walking_s=0.0, speed_mps=3.0)
    run = api.Session.simulate(simulation, out=out, duration_s=seconds, realtime=False)  # type: ignore[arg-type]
    run.set_line(first)

    def move(step: Step) -> None:
        if step.index in {MOVED_AT, TAKEN_AT}:
            run.set_line(SECOND if step.index == MOVED_AT else None)

    run.on_step(move)
    with run:
        assert run.wait(60.0)
    return run


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("line") / "run.stride"
    recorded(path)
    return path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("line") / "line.stride-library"
    with Library.open(path) as library:
        recorded(library.record(library.add_client("K-017").id))
    return path


def naive_count(steps: list[Step], changes: list[LineChange]) -> LineCount:
    n_in = n = 0
    for step in steps:
        line_g = None
        for change in changes:
            if change.time_s <= step.ic_s:
                line_g = change.line_g
        if line_g is None or step.load_peak_g is None or step.activity is not ActivityKind.RUNNING:
            continue
        n += 1
        n_in += step.load_peak_g <= line_g
    return LineCount(n_in, n)


def test_a_line_is_stored_at_the_start_and_whenever_it_moves(file: Path) -> None:
    stored = api.stored_session(file)
    assert [m.value for m in stored.markers if m.kind == LINE_MARKER] == [repr(FIRST), repr(SECOND), ""]
    start, moved, taken = api.read(file).suggested["line_changes"]
    steps = api.analyze(api.read(file)).steps
    assert (start.line_g, moved.line_g, taken.line_g) == (FIRST, SECOND, None)
    assert start.time_s <= steps[0].ic_s
    # a step is told a little after its contact, and the line counts from then on
    assert steps[MOVED_AT].ic_s < moved.time_s < steps[MOVED_AT].ic_s + 1.0
    assert steps[TAKEN_AT].ic_s < taken.time_s < steps[TAKEN_AT].ic_s + 1.0


def test_a_run_without_a_line_stores_none(tmp_path: Path) -> None:
    run = api.Session.simulate(Simulation(seed=5), out=tmp_path / "r.stride", duration_s=5.0, realtime=False)
    run.set_line(None)
    with run:
        assert run.wait(60.0)
    assert not [m for m in api.stored_session(tmp_path / "r.stride").markers if m.kind == LINE_MARKER]
    assert "line_changes" not in api.read(tmp_path / "r.stride").suggested


def test_a_line_does_not_change_a_number(file: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.stride"
    simulation = Simulation(seed=5, standing_s=1.0, walking_s=0.0, speed_mps=3.0)
    with api.Session.simulate(simulation, out=plain, duration_s=40.0, realtime=False) as run:
        assert run.wait(60.0)
    assert api.analyze(api.read(file)).steps == api.analyze(api.read(plain)).steps


@pytest.mark.parametrize("wrong", [0.0, -1.0, 17.0, math.nan, math.inf])
def test_what_is_no_load_is_refused(wrong: float) -> None:
    run = api.Session.simulate(Simulation(seed=5), duration_s=1.0)
    with pytest.raises(SettingsError, match="line_g"):
        run.set_line(wrong)


def test_a_replay_shows_the_line_that_the_run_had(file: Path) -> None:
    lines: list[tuple[int, float | None]] = []
    run = api.Session.replay(file, speed=None)
    run.set_line(3.3)  # of whoever looks
    run.on_step(lambda step: lines.append((step.index, run.status().line_g)))
    with run:
        assert run.wait(60.0)
    assert run.status().line_g is None
    assert {line for index, line in lines if index <= MOVED_AT} == {FIRST}
    assert {line for index, line in lines if MOVED_AT + 3 <= index <= TAKEN_AT} == {SECOND}
    assert {line for index, line in lines if index >= TAKEN_AT + 3} == {None}


def test_a_replay_of_a_run_without_a_line_takes_that_of_whoever_looks(tmp_path: Path) -> None:
    plain = tmp_path / "plain.stride"
    with api.Session.simulate(Simulation(seed=5), out=plain, duration_s=5.0, realtime=False) as run:
        assert run.wait(60.0)
    again = api.Session.replay(plain, speed=None)
    again.set_line(3.3)
    with again:
        assert again.wait(60.0)
    assert again.status().line_g == 3.3


def test_library_file_and_zip_hold_the_same_line(kept: Path, tmp_path: Path) -> None:
    with Library.open(kept) as library:
        (row,) = library.sessions()
        lines = library.session(row.id).lines
        assert [change.line_g for change in lines] == [FIRST, SECOND, None]
        out = library.export_session(row.id, tmp_path / "one.stride")
        library.export_client(row.client_id or 0, tmp_path / "all.zip")
    assert tuple(api.read(out).suggested["line_changes"]) == lines
    with Library.open(tmp_path / "other.stride-library") as other:
        assert other.session(other.import_session(out).id).lines == lines
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        (facts,) = (n for n in archive.namelist() if n.startswith("sessions/") and n.endswith(".json"))
        (table,) = (n for n in archive.namelist() if n.endswith(".csv"))
        markers = json.loads(archive.read(facts))["markers"]
        rows = archive.read(table).decode().splitlines()
    assert [m["value"] for m in markers if m["kind"] == LINE_MARKER] == [repr(FIRST), repr(SECOND), ""]
    assert {r["line_g"] for r in csv.DictReader(rows[1:])} == {str(FIRST), str(SECOND), ""}


def test_the_table_of_steps_holds_the_line_at_each_contact(file: Path, tmp_path: Path) -> None:
    api.export_recording(file, tmp_path / "s.csv")
    rows = list(csv.DictReader((tmp_path / "s.csv").read_text(encoding="utf-8").splitlines()[1:]))
    changes = api.read(file).suggested["line_changes"]
    for row in rows:
        before = [c.line_g for c in changes if c.time_s <= float(row["ic_s"])]
        assert row["line_g"] == ("" if not before or before[-1] is None else str(before[-1]))


def test_a_drag_is_one_change_where_it_ends_and_a_damaged_value_is_no_line() -> None:
    def marked(*pairs: tuple[float, str]) -> list[SimpleNamespace]:
        return [SimpleNamespace(time_s=at, kind=LINE_MARKER, value=value) for at, value in pairs]

    drag = marked((0.0, "2.9"), (10.0, "2.8"), (10.5, "2.7"), (11.2, "2.6"), (20.0, ""))
    assert stated_lines(drag) == (LineChange(0.0, 2.9), LineChange(11.2, 2.6), LineChange(20.0, None))
    back = marked((0.0, "2.9"), (10.0, "2.5"), (10.4, "2.9"))
    assert stated_lines(back) == (LineChange(0.0, 2.9),)
    assert stated_lines(marked((0.0, "2.9"), (5.0, "nan"))) == (LineChange(0.0, 2.9), LineChange(5.0, None))
    assert stated_lines(marked((0.0, "x"))) == ()
    other = SimpleNamespace(time_s=1.0, kind="mark", value="2.5")
    assert stated_lines([other]) == ()


@given(
    st.lists(st.tuples(st.floats(0.0, 30.0), st.one_of(st.none(), st.floats(1.5, 4.0))), max_size=6),
    st.lists(st.tuples(st.floats(0.0, 30.0), st.one_of(st.none(), st.floats(1.5, 4.0)), st.booleans()), max_size=30),
)
def test_steps_in_the_line_as_a_slow_count_finds_them(
    set_to: list[tuple[float, float | None]], run: list[tuple[float, float | None, bool]]
) -> None:
    changes = [LineChange(at, line_g) for at, line_g in sorted(set_to, key=lambda pair: pair[0])]
    steps = [
        Step(k, ActivityKind.RUNNING if runs else ActivityKind.WALKING, Side.LEFT, 1.0, at, load_peak_g=load)
        for k, (at, load, runs) in enumerate(sorted(run, key=lambda triple: triple[0]))
    ]
    assert api.count_in_line(steps, changes) == naive_count(steps, changes)
    lines = api.lines_at(changes, np.array([s.ic_s for s in steps]))
    assert len(lines) == len(steps)


def test_a_load_on_the_line_is_in_it() -> None:
    step = Step(0, ActivityKind.RUNNING, Side.LEFT, 1.0, 1.0, load_peak_g=2.9)
    assert api.count_in_line([step], [LineChange(1.0, 2.9)]) == LineCount(1, 1)
    assert api.count_in_line([step], [LineChange(1.1, 2.9)]) == LineCount(0, 0)
    assert api.count_in_line([step], []).share is None
