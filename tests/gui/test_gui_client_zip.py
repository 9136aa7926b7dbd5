"""Everything of a client as one ZIP from the command line, the page included; what is said where it cannot be made."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

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
