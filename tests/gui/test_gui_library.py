"""The page of the library: what is listed, found, opened; what an empty one says."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from made_run import small_library
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.panels.buttons import Button
from gui.views.library_dialogs import ClientDialog
from gui.views.library_model import empty_words
from gui.views.library_page import LibraryPage
from gui.views.table_fit import stretch_last, wrap_columns
from imu.api import Library

Make = Callable[..., LibraryPage]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    small_library(folder).close()
    return folder / "small.stride-library"


@pytest.fixture
def library(recorded: Path, tmp_path: Path) -> Iterator[Library]:
    path = tmp_path / "copy.stride-library"
    shutil.copy(recorded, path)
    with Library.open(path) as opened:
        yield opened


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def build(library: Library, language: str = "en") -> LibraryPage:
        page = LibraryPage(library, Look(theme.LIGHT, theme.load_fonts(), Texts(language)))
        qtbot.addWidget(page)
        page.resize(1280, 720)
        page.show()
        return page

    return build


def codes(page: LibraryPage) -> list[str]:
    return [page.table.item(k, 1).text() for k in range(page.table.rowCount())]


def choose(page: LibraryPage, code: str) -> None:
    page.people.setCurrentRow([c.code for c in page.clients].index(code) + 1)


def test_all_sessions_newest_first_with_their_numbers(make: Make, library: Library) -> None:
    page = make(library, "nl")
    assert codes(page) == ["K-021", "K-017", "K-017"]
    load = page.table.item(0, 3).text()
    assert "±" in load
    assert "," in load
    assert page.table.item(1, 9).text() == "first visit"
    assert page.people.count() == 4
    assert "K-099 · nog geen sessies" in [page.people.item(k).text() for k in range(4)]


def test_choosing_a_client_a_tag_or_typing_narrows_the_list(make: Make, library: Library, qtbot: QtBot) -> None:
    page = make(library)
    choose(page, "K-017")
    assert codes(page) == ["K-017", "K-017"]
    page.tag.setCurrentIndex(1)
    page.tag.activated.emit(1)
    assert codes(page) == ["K-017"]
    page.people.setCurrentRow(0)
    page.tag.setCurrentIndex(0)
    page.tag.activated.emit(0)
    qtbot.keyClicks(page.search, "k-021")
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert codes(page) == ["K-021"]
    assert [row.client_code for row in page.chosen] == ["K-021"]


def test_what_is_empty_says_why_and_what_to_do(make: Make, library: Library, tmp_path: Path) -> None:
    page = make(library)
    choose(page, "K-099")
    assert not page.table.isVisible()
    title, _ = empty_words("", page.clients, page.client, page.look.texts)
    assert title == "K-099 has no sessions yet."
    assert "zzz" in empty_words("zzz", page.clients, None, page.look.texts)[0]
    page.grab()
    with Library.open(tmp_path / "new.stride-library") as new:
        fresh = make(new)
        title, sentence = empty_words("", fresh.clients, fresh.client, fresh.look.texts)
        assert title == "No sessions yet."
        assert "import" in sentence
        fresh.grab()


def test_one_opens_two_compare_a_client_has_a_trend(make: Make, library: Library, qtbot: QtBot) -> None:
    page = make(library)
    assert not page.open_button.isEnabled()
    page.table.selectRow(1)
    with qtbot.waitSignal(page.session_opened) as opened:
        page.open_button.click()
    assert opened.args == [page.rows[1].id]
    with qtbot.waitSignal(page.session_opened):
        page.table.cellActivated.emit(0, 0)
    with qtbot.waitSignal(page.trend_asked) as trend:
        page.trend_button.click()
    assert trend.args == [page.rows[1].client_id]
    page.table.selectAll()
    assert not page.compare_button.isEnabled()
    page.table.clearSelection()
    selection = page.table.selectionModel()
    for row in (0, 2):
        selection.select(
            page.table.model().index(row, 0), selection.SelectionFlag.Select | selection.SelectionFlag.Rows
        )
    with qtbot.waitSignal(page.compare_asked) as compared:
        page.compare_button.click()
    assert compared.args == [page.rows[2].id, page.rows[0].id]


def test_a_session_goes_out_and_comes_in_again(make: Make, library: Library, tmp_path: Path) -> None:
    session = library.sessions()[0].id
    file = library.export_session(session, tmp_path / "one.stride")
    with Library.open(tmp_path / "other.stride-library") as other:
        page = make(other)
        page.import_file(file)
        assert codes(page) == ["K-021"]
        assert "one.stride" in page.said
        page.import_file(file)
        assert page.said.startswith("Not done")
        page.import_file(tmp_path / "none.stride")
        assert page.said.startswith("Not done")
        assert codes(page) == ["K-021"]


def test_a_new_client_with_a_decimal_comma_and_what_is_wrong_is_said(
    library: Library, qtbot: QtBot, make: Make
) -> None:
    dialog = ClientDialog(Look(theme.LIGHT, theme.load_fonts(), Texts("nl")), library)
    qtbot.addWidget(dialog)
    dialog.save()
    assert dialog.said.text()
    for name, text in (("code", "K-200"), ("mass", "zwaar"), ("height", "1,78")):
        dialog.fields[name].setText(text)
    dialog.save()
    assert "zwaar" in dialog.said.text()
    dialog.fields["mass"].setText("72,5")
    dialog.save()
    assert dialog.client is not None
    assert (dialog.client.body_mass_kg, dialog.client.body_height_m) == (72.5, 1.78)
    assert "K-200" in [c.code for c in make(library).clients]


def test_everything_has_a_name_and_both_languages_fit(make: Make, library: Library) -> None:
    page = make(library)
    for button in page.findChildren(Button):
        assert button.accessibleName()
    page.look.texts.language = "nl"
    page.restyle()
    assert page.tags_button.text() == "Labels…"
    assert page.compare_button.text() == "Vergelijk twee"
    page.grab()


def test_words_that_were_wrapped_stand_in_the_middle_of_their_row_again(make: Make, library: Library) -> None:
    page = make(library)
    table = page.table
    table.resize(300, 400)
    wrap_columns(table, 300)
    stretch_last(table, 4000)
    middle = Qt.AlignmentFlag.AlignVCenter
    items = [table.item(y, x) for y in range(table.rowCount()) for x in range(table.columnCount())]
    assert items
    assert all(Qt.AlignmentFlag(item.textAlignment()) & middle for item in items)


def test_a_session_is_given_to_a_client_afterwards(
    make: Make, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make(library)
    row = next(k for k, session in enumerate(page.rows) if session.client_code == "K-017")
    assert not page.whose_button.isEnabled()
    page.table.selectRow(row)
    assert page.whose_button.isEnabled()
    session, other = page.rows[row].id, next(c.code for c in page.clients if c.code != "K-017")
    offered: list[tuple[list[str], int]] = []

    def choose(_parent, _title, _label, items, current, _editable) -> tuple[str, bool]:
        offered.append((list(items), current))
        return other, True

    monkeypatch.setattr(QInputDialog, "getItem", choose)
    page.whose_button.click()
    codes, current = offered[0]
    assert codes[current] == "K-017"
    assert library.session_row(session).client_code == other
    assert next(r for r in page.rows if r.id == session).client_code == other
