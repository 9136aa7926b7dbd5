"""The steps of each plot as a table beside it: one key, both views, remembered."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import Qt

from gui import theme
from gui.preferences import MemoryPreferences


def cells(table) -> list[list[str]]:
    model = table.model()
    return [[model.index(y, x).data() for x in range(model.columnCount())] for y in range(model.rowCount())]


def test_the_stems_as_a_table_say_side_load_and_line(live, qtbot) -> None:
    preferences = MemoryPreferences(line_g="2.60")
    app = live(preferences=preferences).open().run(30.0, step=1.0)
    stems = app.window.far.stems
    assert stems.table.isHidden()
    wide = stems.plot.width()
    qtbot.keyClick(app.window, Qt.Key.Key_D)
    assert stems.table.isVisible()
    assert stems.plot.width() < wide
    assert preferences.get("tables") == "beside"
    shown = app.window.shown.plot
    marks = [m for m in reversed(shown.steps) if math.isfinite(m.load_g)][:20]
    rows = cells(stems.table)
    assert len(rows) == 20
    for row, mark in zip(rows, marks, strict=True):
        assert row[0] == f"{shown.now_s - mark.load_s:.1f}"
        assert row[1] == mark.side.name.lower()
        assert row[2] == f"{mark.load_g:.2f}"
        assert row[3] == app.window.look.texts("word.over" if mark.load_g > 2.6 else "word.under")
    assert stems.table.accessibleName().endswith("as a table, newest first")
    qtbot.keyClick(app.window, Qt.Key.Key_D)
    assert stems.table.isHidden()
    assert stems.plot.width() == wide


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_contacts_of_the_trace_as_a_table(live, language) -> None:
    app = live(preferences=MemoryPreferences(tables="beside"), language=language)
    app.window.set_view("near")
    app.open().run(30.0, step=1.0)
    trace = app.window.near.trace
    assert trace.table.isVisible()
    shown = app.window.shown.plot
    marks = [m for m in shown.steps if m.ic_s >= shown.now_s - 5.0]
    rows = cells(trace.table)
    assert len(rows) == len(marks) >= 12
    assert rows[-1][0] == f"{shown.now_s - marks[0].ic_s:.2f}".replace(".", "," if language == "nl" else ".")
    known = [m for m in marks if math.isfinite(m.contact_ms)]
    assert rows[-1][3] == f"{known[0].contact_ms:.0f}"
    assert app.window.grab().width() > 0


def test_a_table_follows_the_colours_of_the_theme(live) -> None:
    app = live(preferences=MemoryPreferences(tables="beside")).open().run(10.0, step=1.0)
    app.window.set_view("near")
    app.run(1.0)
    table = app.window.near.trace.table
    grounds = []
    for name in ("light", "dark", "light"):
        app.window.set_theme(name)
        app.run(1.0)
        picture = table.viewport().grab().toImage()
        grounds.append(picture.pixelColor(1, picture.height() - 2).name().upper())
        assert grounds[-1] in {theme.THEMES[name].panel, theme.THEMES[name].sub}
    assert grounds[0] != grounds[1]
