"""Erasing a client from the library page: asked first, and nothing of it is left in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from made_run import small_library
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.views.client_erase import EraseDialog, erased_words
from gui.views.library_page import LibraryPage
from imu.api import Library
from imu.errors import StoreError
from imu.types import Erased


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with small_library(tmp_path) as made:
        yield made


def page_of(library: Library, qtbot: QtBot, language: str = "en") -> LibraryPage:
    page = LibraryPage(library, Look(theme.LIGHT, theme.load_fonts(), Texts(language)))
    qtbot.addWidget(page)
    page.resize(1280, 720)
    page.show()
    return page


def choose(page: LibraryPage, code: str) -> None:
    page.people.setCurrentRow([c.code for c in page.clients].index(code) + 1)


def answered(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, typed: str) -> list[EraseDialog]:
    seen: list[EraseDialog] = []

    def exec_(dialog: EraseDialog) -> int:
        seen.append(dialog)
        dialog.show()
        qtbot.keyClicks(dialog.field, typed)
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        if not dialog.result():
            qtbot.keyClick(dialog.field, Qt.Key.Key_Return)  # the way to stay
        return dialog.result()

    monkeypatch.setattr(EraseDialog, "exec", exec_)
    return seen


def test_only_a_client_who_is_chosen_can_be_erased(library: Library, qtbot: QtBot) -> None:
    page = page_of(library, qtbot)
    assert not page.erase.button.isEnabled()
    choose(page, "K-017")
    assert page.erase.button.isEnabled()


def test_the_code_has_to_be_typed_first(library: Library, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(library, qtbot, "nl")
    choose(page, "K-017")
    seen = answered(monkeypatch, qtbot, "K-01")
    page.erase.press()
    assert not seen[0].go.isEnabled()
    assert "voorgoed wissen" in seen[0].windowTitle()
    assert "K-017" in [c.code for c in library.clients()]


def test_nothing_of_the_client_is_left(library: Library, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(library, qtbot)
    before = len(library.sessions())
    choose(page, "K-017")
    n = page.client.n_sessions
    seen = answered(monkeypatch, qtbot, "K-017")
    with qtbot.waitSignal(page.erase.ended, timeout=20_000):
        page.erase.press()
    assert f"{n} sessions" in seen[0].words.text()
    assert "K-017" not in [c.code for c in library.clients()]
    assert len(library.sessions()) == before - n
    assert page.said.startswith(f"Erased: the client and {n} sessions.")
    assert page.client is None
    assert not page.erase.button.isEnabled()
    for file in library.path.parent.glob(library.path.name + "*"):
        assert b"K-017" not in file.read_bytes()


def test_a_refusal_is_said(library: Library, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(library, qtbot)
    choose(page, "K-017")

    def refuse(*_args: object) -> Erased:
        raise StoreError("Another window uses the library.", hint="Close it.")

    monkeypatch.setattr(Library, "erase_client", refuse)
    with qtbot.waitSignal(page.erase.ended, timeout=5000):
        page.erase.start(page.client)
    assert "Another window" in page.said
    assert page.erase.button.isEnabled()


def test_copies_that_still_hold_it_are_named() -> None:
    assert erased_words(Erased(1, (Path("old.bak"),)), Texts()).endswith("delete: old.bak")
