"""Everything of a client as one ZIP, by command and by button, the page included; what is said where that fails."""

from __future__ import annotations

import errno
import io
import json
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.reports.compose import compose
from gui.reports.shown import Report
from gui.views import client_zip
from gui.views.library_page import LibraryPage
from imu import api
from imu.api import Library
from imu.cli import main
from tests.gui.made_run import record


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("zip") / "library.stride-library"
    with Library.open(path) as library:
        client = library.add_client("K-017", notes="left knee")
        record(library, client.id, seconds=25.0)
        record(library, client.id, seconds=3.0)  # nobody runs yet: a session without a page
    return path.read_bytes()


@pytest.fixture
def usual(recorded: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "library.stride-library"
    path.write_bytes(recorded)
    monkeypatch.setenv("STRIDE_LIBRARY", str(path))
    return tmp_path


def files_of(archive: zipfile.ZipFile, session_id: int) -> dict[str, str]:
    """Ending -> name."""
    names = [n for n in archive.namelist() if n.rpartition(".")[0].endswith(f"-{session_id}")]
    return {name.rpartition(".")[2]: name for name in names}


def test_the_page_is_in_the_zip_with_everything_else(usual: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = usual / "K-017.zip"
    assert main(["library", "export-client", "k-017", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("client.json"))["notes"] == "left knee"
        one, other = files_of(archive, 1), files_of(archive, 2)
        assert {"stride", "json", "csv", "pdf"} <= set(one)
        assert "txt" not in one
        pages = PdfReader(io.BytesIO(archive.read(one["pdf"]))).pages
        assert len(pages) == 1
        assert "K-017" in pages[0].extract_text()
        (usual / "back.stride").write_bytes(archive.read(one["stride"]))
        header, *rows = archive.read(one["csv"]).decode().splitlines()[1:]
        assert "load_peak" in header
        assert {"stride", "json", "txt"} <= set(other)
        assert "pdf" not in other
        assert ".pdf: " in archive.read(other["txt"]).decode()
    assert "not all of" in said
    with Library.open() as library:
        assert len(rows) == len(library.session(1).steps)
        assert [entry[1:] for entry in library.log()] == [("client exported", "2 sessions")]
    assert len(api.analyze(api.read(usual / "back.stride")).steps) == len(rows)


def test_without_qt_everything_else_is_there_and_the_reason_is_said(
    usual: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "gui.reports.command", raising=False)
    monkeypatch.setitem(sys.modules, "gui.reports.command", None)  # what an absent package looks like to an import
    out = usual / "K-017.zip"
    assert main(["library", "export-client", "K-017", "--out", str(out)]) == 0
    assert "The dashboard cannot be loaded" in capsys.readouterr().out
    with zipfile.ZipFile(out) as archive:
        one = files_of(archive, 1)
        assert {"stride", "json", "csv", "txt"} <= set(one)
        assert "pdf" not in one
        assert "stride doctor" in archive.read(one["txt"]).decode()


def test_a_damaged_session_does_not_keep_the_others_from_coming_out(usual: Path) -> None:
    with Library.open() as library, library._change() as connection:
        connection.execute("UPDATE session SET wizard = 'x' WHERE id = 1")
        connection.execute("UPDATE stream SET sampling_rate_hz = 1 WHERE session_id = 1")
    out = usual / "K-017.zip"
    with Library.open() as library:
        library.export_client(1, out)
    with zipfile.ZipFile(out) as archive:
        assert "damaged" in archive.read(files_of(archive, 1)["txt"]).decode()
        assert {"stride", "json", "csv"} <= set(files_of(archive, 2))


# -- the button -------------------------------------------------------------------------------------------------------


def page_of(qtbot: QtBot, library: Library, *, chosen: bool = True) -> LibraryPage:
    page = LibraryPage(library, Look(theme.LIGHT, theme.load_fonts(), Texts("en")))
    qtbot.addWidget(page)
    page.resize(1280, 720)
    page.show()
    page.people.setCurrentRow(1 if chosen else 0)
    return page


def press(qtbot: QtBot, page: LibraryPage, monkeypatch: pytest.MonkeyPatch, path: Path | None) -> None:
    monkeypatch.setattr(client_zip, "ask_file", lambda *_: path)
    qtbot.mouseClick(page.zip.button, Qt.MouseButton.LeftButton)


def test_the_button_writes_everything_of_the_chosen_client(
    usual: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = usual / "K-017.zip"
    out.write_text("an older one, which the dialog asked about")
    with Library.open() as library:
        page = page_of(qtbot, library)
        said: list[str] = []
        monkeypatch.setattr(page, "say", said.append)
        with qtbot.waitSignal(page.zip.ended, timeout=60_000):
            press(qtbot, page, monkeypatch, usual / "K-017")  # the ending is put behind it
            assert page.zip.button.text() == "Stop export"
        assert said[:2] == ["Exporting session 1 of 2…", "Exporting session 2 of 2…"]
        assert str(out) in said[-1]
        assert "Not all of it" in said[-1]  # nobody runs in the second session
        assert page.zip.button.text() == "Client as ZIP…"
        logged = [entry[1:] for entry in library.log()]
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        one = files_of(archive, 1)
        assert {"stride", "json", "csv", "parquet", "pdf"} <= set(one)
        assert "K-017" in PdfReader(io.BytesIO(archive.read(one["pdf"]))).pages[0].extract_text()
        assert archive.read(one["parquet"])[:4] == b"PAR1"
    assert logged == [("client exported", "2 sessions")]
    assert sorted(p.name for p in usual.glob("K-017*")) == ["K-017.zip"]


def test_the_button_needs_a_client_and_a_file(usual: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open() as library:
        page = page_of(qtbot, library, chosen=False)
        assert not page.zip.button.isEnabled()
        page.people.setCurrentRow(1)
        assert page.zip.button.isEnabled()
        press(qtbot, page, monkeypatch, None)
        assert not page.zip.running
        assert library.log() == []


def test_a_second_press_stops_it_and_leaves_the_file_as_it_was(
    usual: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = usual / "K-017.zip"
    out.write_text("mine")
    pressed = threading.Event()

    def slow(*args: Any) -> Report:
        assert pressed.wait(10.0)
        return compose(*args)

    monkeypatch.setattr(client_zip, "compose", slow)
    with Library.open() as library:
        page = page_of(qtbot, library)
        with qtbot.waitSignal(page.zip.ended, timeout=60_000):
            press(qtbot, page, monkeypatch, out)
            qtbot.mouseClick(page.zip.button, Qt.MouseButton.LeftButton)
            pressed.set()
        assert page.said == "The export was stopped; no file was written."
        assert library.log() == []
    assert out.read_text() == "mine"
    assert [p.name for p in usual.glob("K-017*")] == ["K-017.zip"]


def test_a_page_that_is_being_painted_is_waited_for(usual: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    write, drop = client_zip.write_report, client_zip._Page.drop
    stopping = threading.Event()
    painted: list[bool] = []

    def dropping(wanted: client_zip._Page) -> None:
        stopping.set()
        drop(wanted)

    def paint(report: Report, target: Path, family: str) -> None:
        page.zip.press()
        assert stopping.wait(10.0)
        painted.append(target.parent.exists())
        write(report, target, family)

    monkeypatch.setattr(client_zip._Page, "drop", dropping)
    monkeypatch.setattr(client_zip, "write_report", paint)
    with Library.open() as library:
        page = page_of(qtbot, library)
        with qtbot.waitSignal(page.zip.ended, timeout=60_000):
            press(qtbot, page, monkeypatch, usual / "K-017.zip")
        assert page.said == "The export was stopped; no file was written."
    assert painted == [True]
    assert not list(usual.glob("K-017*"))


@pytest.mark.parametrize("trouble", ["folder", "space"])
def test_a_disk_that_does_not_take_it_is_said(
    usual: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    out = usual / "K-017.zip"
    if trouble == "folder":
        (usual / "file").write_text("no folder")
        out = usual / "file" / "K-017.zip"
    else:

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(zipfile.ZipFile, "write", full)
    with Library.open() as library:
        page = page_of(qtbot, library)
        with qtbot.waitSignal(page.zip.ended, timeout=60_000):
            press(qtbot, page, monkeypatch, out)
        assert page.said.startswith("Not done")
        assert ("No space left" if trouble == "space" else "Not a directory") in page.said
        assert page.zip.button.isEnabled()
        assert library.log() == []
    assert not out.exists()
    assert not list(usual.glob("*.part"))
