"""The log of changes says moments on the run's clock and words of the reader, no rows and no JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from made_run import small_library
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.review.edit_words import edit_rows
from gui.views.session_data import DataDialog
from imu.api import Library
from imu.types import Edit


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with small_library(tmp_path) as made:
        yield made


def test_every_change_that_the_library_logs_is_said_in_dutch(library: Library) -> None:
    session = library.sessions()[0].id
    mark = library.add_marker(session, 12.0, "mark", "zachter")
    mark = library.edit_marker(session, mark.id, value="harder: nu")
    library.remove_marker(session, mark.id)
    library.swap_sides(session, 15.0)
    library.swap_sides(session, 16.0, 75.0)
    cut = library.cut(session, 20.0, 95.0)
    library.uncut(session, cut.id)
    library.set_tags(session, ["cue"])
    library.set_wizard(session, {"client": "K-1"})
    library.set_wizard(session, {"client": "K-2"})
    library.set_notes(session, "knie")
    library.set_notes(session, "heup")
    rows = [row[1:] for row in reversed(edit_rows(library.edits(session), 10.0, Texts("nl")))]
    assert rows[:8] == [
        ("markering toegevoegd", "00:02 · zachter"),
        ("markering gewijzigd", "00:02 · zachter → 00:02 · harder: nu"),
        ("markering verwijderd", "00:02 · harder: nu"),
        ("kanten gewisseld", "van 00:05 tot het einde"),
        ("kanten gewisseld", "00:06 – 01:05"),
        ("weggelaten", "00:10 – 01:25"),
        ("telt weer mee", "00:10 – 01:25"),
        ("labels", "cue"),
    ]
    assert ("antwoorden voor de loop", "") in rows
    assert rows[-1] == (Texts("nl")("edit.notes"), "was: knie")


def test_when_is_the_local_time_and_what_is_not_known_stays_as_it_is() -> None:
    (row,) = edit_rows([Edit("2026-11-28T09:18:07.549+00:00", "polished", "twice")], 0.0, Texts())
    assert row[0].startswith("28-11-2026 ")
    assert len(row[0]) == len("28-11-2026 09:18")
    assert row[1:] == ("polished", "twice")
    assert edit_rows([Edit("no time", "cut", "1.000 to 2.000 s: ")], 0.0, Texts())[0] == (
        "no time",
        "left out",
        "00:01 – 00:02",
    )


@pytest.mark.parametrize("zoom", [1.0, 2.0])
def test_no_text_of_a_table_of_numbers_is_cut(qtbot: QtBot, zoom: float) -> None:
    look = Look(theme.LIGHT, theme.load_fonts(), Texts(), zoom)
    heads = ("Minute", "km/h", "Load, g", "95 % interval", "Left", "95 % interval")
    dialog = DataDialog(look, "t", heads, [("00:42–00:59", "9.5", "2.79", "± 0.25", "\u22122.81", "± 0.34")] * 3)
    qtbot.addWidget(dialog)
    dialog.show()
    table = dialog.table
    for column in range(table.columnCount()):
        item = table.item(0, column)
        needed = table.fontMetrics().horizontalAdvance(item.text())
        assert table.columnWidth(column) >= needed + 8, item.text()
        assert table.columnWidth(column) >= table.horizontalHeader().sectionSizeHint(column)
