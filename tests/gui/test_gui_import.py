"""A table of another program: which column is what, seen before it is taken in; faults by line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.views import import_dialog, library_page
from gui.views.import_dialog import ImportDialog, take_in
from gui.views.library_page import LibraryPage
from imu import api
from imu.acquisition.simulator import Simulation, simulate_recording
from imu.api import Library
from imu.errors import ImuError

Make = Callable[..., ImportDialog]


@pytest.fixture(scope="module")
def table() -> list[list[float]]:
    """Time in ms, three accelerations in m/s2, three rates."""
    recording, _ = simulate_recording(Simulation(seed=4, standing_s=1.0, walking_s=0.0), 20.0)
    samples = np.concatenate([block.samples for block in recording.blocks])
    t = np.arange(len(samples)) * 1000.0 / recording.stream.sampling_rate_hz
    return [[round(float(v), 4) for v in row] for row in np.column_stack([t, samples[:, :6]])]


def write(path: Path, head: str, rows: list[list[float]], wrong: tuple[int, int] | None = None) -> Path:
    lines = [[str(v) for v in row] for row in rows]
    if wrong is not None:
        lines[wrong[0]][wrong[1]] = "oops"
    path.write_text("\n".join([head, *(",".join(line) for line in lines)]), encoding="utf-8")
    return path


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "small.stride-library") as opened:
        opened.add_client("K-017")
        yield opened


@pytest.fixture
def make(qtbot: QtBot, library: Library) -> Make:
    def build(path: Path, language: str = "en", client_id: int | None = None) -> ImportDialog:
        look = Look(theme.LIGHT, theme.load_fonts(), Texts(language))
        dialog = ImportDialog(look, library, path, api.preview_log(path), client_id)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return build


STRANGE = "q,p1,p2,p3,r1,r2,r3"


def choose(dialog: ImportDialog, acc: tuple[int, ...] = (1, 2, 3), time: int | None = 0) -> None:
    assert dialog.columns is not None
    for box, column in zip(dialog.columns.acc, acc, strict=True):
        box.setCurrentIndex(column + 1)
    if time is not None:
        dialog.columns.time.setCurrentIndex(time + 1)
    dialog.look_again()


def test_columns_of_strange_names_are_chosen_and_what_comes_out_is_seen_before(
    make: Make, table: list[list[float]], tmp_path: Path, library: Library
) -> None:
    path = write(tmp_path / "strange.csv", STRANGE, table)
    dialog = make(path, "nl", library.clients()[0].id)
    assert not dialog.take_button.isEnabled()
    assert dialog.said.toPlainText().startswith("Het is nog niet leesbaar:")
    choose(dialog)
    assert dialog.take_button.isEnabled()
    said = dialog.said.toPlainText()
    assert f"{len(table) // 1000} {len(table) % 1000} metingen" in said
    assert "tijd uit q" in said
    assert "208,0 Hz" in said
    assert "p1\nversn. x" in [dialog.rows.horizontalHeaderItem(k).text() for k in range(7)]
    dialog.place.setCurrentIndex(1)
    dialog.speed.setText("9,5")
    dialog.take()
    assert dialog.row is not None
    stored = library.session(dialog.row.id)
    assert stored.row.client_code == "K-017"
    assert stored.row.place == "sacrum"
    assert stored.settings["speed_mps"] == pytest.approx(9.5 / 3.6)
    assert len(stored.steps) > 30


def test_a_wrong_cell_is_named_by_line_and_column_and_marked(
    make: Make, table: list[list[float]], tmp_path: Path
) -> None:
    path = write(tmp_path / "wrong.csv", "t [ms],ax,ay,az,gx,gy,gz", table, wrong=(4, 2))
    dialog = make(path)
    assert "line 6, column 3" in dialog.said.toPlainText()
    assert not dialog.take_button.isEnabled()
    assert dialog.rows.item(4, 2).text() == "\u25b6 oops"
    assert "regel 6, kolom 3" in make(path, "nl").said.toPlainText()


def test_the_same_column_twice_half_a_gyroscope_and_no_rate_are_said(
    make: Make, table: list[list[float]], tmp_path: Path
) -> None:
    dialog = make(write(tmp_path / "strange.csv", STRANGE, table))
    choose(dialog, (1, 1, 3))
    assert "three different columns of acceleration" in dialog.said.toPlainText()
    assert dialog.columns is not None
    dialog.columns.gyr[0].setCurrentIndex(5)
    choose(dialog)
    assert "angular rate" in dialog.said.toPlainText()
    dialog.columns.gyr[0].setCurrentIndex(0)
    dialog.columns.time.setCurrentIndex(0)
    dialog.columns.rate.setText("fast")
    choose(dialog, time=None)
    assert "'fast' is not a number" in dialog.said.toPlainText()
    dialog.columns.rate.setText("208")
    choose(dialog, time=None)
    assert dialog.take_button.isEnabled()
    dialog.speed.setText("quick")
    dialog.take()
    assert dialog.row is None
    assert "'quick' is not a number" in dialog.said.toPlainText()


def test_the_second_time_it_is_said_that_it_is_there_already(
    make: Make, table: list[list[float]], tmp_path: Path
) -> None:
    path = write(tmp_path / "run.csv", "t [ms],ax,ay,az,gx,gy,gz", table)
    for attempt in range(2):
        dialog = make(path)
        dialog.take()
        assert (dialog.row is None) == bool(attempt)
    assert "in the library already" in dialog.said.toPlainText()


def test_from_the_library_page_and_what_is_no_recording_is_refused_there(
    qtbot: QtBot, library: Library, table: list[list[float]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "run.csv", "t [ms],ax,ay,az,gx,gy,gz", table)
    page = LibraryPage(library, Look(theme.LIGHT, theme.load_fonts(), Texts()))
    qtbot.addWidget(page)
    monkeypatch.setattr(import_dialog.ImportDialog, "exec", lambda dialog: dialog.take())
    page.import_file(path)
    assert page.said == "Imported: run.csv"
    assert len(page.rows) == 1
    (tmp_path / "letter.txt").write_text("Dear reader,\n", encoding="utf-8")
    page.import_file(tmp_path / "letter.txt")
    assert page.said.startswith("Not done:")
    assert library_page.take_in is take_in


def test_open_recording_takes_a_table_into_the_library_and_shows_it(
    live, library: Library, table: list[list[float]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = live().window
    monkeypatch.setattr(window.desk, "_library", library)
    monkeypatch.setattr(import_dialog.ImportDialog, "exec", lambda dialog: dialog.take())
    window.beginning.open_file(write(tmp_path / "run.csv", "t [ms],ax,ay,az,gx,gy,gz", table))
    assert window.pages.currentWidget().run.provenance.file
    window.beginning.open_file(tmp_path / "none.csv")
    assert window.on_start_page
    assert isinstance(window.desk.problem, ImuError)
