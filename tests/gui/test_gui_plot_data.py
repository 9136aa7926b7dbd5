"""Every plot of every page has its numbers as a table, to read, to copy and to save, and can be saved as a picture."""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from all_pages import SCRIPT, every_page, settle, sources_of
from made_run import made_run, small_library
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget
from test_gui_cues import MARKS

import gui
from gui.i18n import Texts
from gui.look import Look
from gui.panels.table import PlotTable
from gui.preferences import MemoryPreferences
from gui.views.session_data import DataDialog
from gui.views.session_page import SessionPage
from imu.api import Library

CURVES = {
    "arrayToQPath",
    "drawPath",
    "drawPolyline",
    "draw_trend",
    "draw_sides",
    "paint_overview",
    "PlotCurveItem",
    "ScatterPlotItem",
}
"""What a class that draws a plot calls; others place values by functions named px and py."""
PLACED = {"px", "py"}
BASES = {"PlotBase"}
NO_PLOT = {
    "PlotBase": "the ground of plots",
    "Area": "maps values to places for those that draw them",
}


def plot_classes() -> set[str]:
    """Classes of the dashboard that draw values over something."""
    out = set()
    for folder in ("panels", "plots", "views"):
        for path in sorted((Path(gui.__file__).parent / folder).glob("*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and _draws(node):
                    out.add(node.name)
    return out - set(NO_PLOT)


def _draws(node: ast.ClassDef) -> bool:
    bases = {ast.unparse(base).split("[")[0] for base in node.bases}
    calls = {
        n.func.attr if isinstance(n.func, ast.Attribute) else getattr(n.func, "id", "")
        for n in ast.walk(node)
        if isinstance(n, ast.Call)
    }
    defined = {n.name for n in ast.walk(node) if isinstance(n, ast.FunctionDef)}
    return bool(bases & BASES or calls & CURVES or defined & PLACED)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with small_library(tmp_path_factory.mktemp("library")) as made:
        yield made


@pytest.fixture
def dialogs(monkeypatch: pytest.MonkeyPatch) -> list[DataDialog]:
    """What was opened instead of waiting for somebody to close it."""
    opened: list[DataDialog] = []
    monkeypatch.setattr(DataDialog, "exec", lambda dialog: opened.append(dialog) or 0)
    return opened


def button_of(widget: QWidget) -> QAbstractButton:
    """Button with the plot's numbers: of the widget itself, or of the card around it."""
    around: QWidget | None = widget
    while around is not None:
        for name in ("data_button", "table"):
            button = getattr(around, name, None)
            if isinstance(button, QAbstractButton) and button.isVisible():
                return button
        around = around.parentWidget()
    raise AssertionError(f"{type(widget).__name__} has no button with its numbers")


def check(widget: QWidget, dialogs: list[DataDialog]) -> None:
    name = type(widget).__name__
    button = button_of(widget)
    assert button.accessibleName(), name
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus, name
    dialogs.clear()
    button.click()
    (dialog,) = dialogs
    assert dialog.title, name
    assert dialog.table.accessibleName() == dialog.title, name
    assert len(dialog.rows) > 0, name
    assert all(len(row) == len(dialog.heads) > 1 for row in dialog.rows), name
    assert any(cell for row in dialog.rows for cell in row), name
    dialog.copy_button.click()
    copied = QApplication.clipboard().text().split("\n")
    assert [len(line.split("\t")) for line in copied] == [len(dialog.heads)] * (len(dialog.rows) + 1), name
    assert dialog.csv_button.isEnabled(), name
    assert dialog.picture is not None, name
    assert not dialog.picture().isNull(), name
    dialog.deleteLater()


def seen_on(window: QWidget, classes: set[str]) -> list[QWidget]:
    return [w for w in window.findChildren(QWidget) if w.isVisible() and type(w).__name__ in classes]


def test_every_plot_has_its_numbers(live, qtbot, library: Library, dialogs: list[DataDialog]) -> None:
    classes = plot_classes()
    assert len(classes) >= 10, classes
    app = live(SCRIPT, size=(1280, 800), sources=sources_of(library), preferences=MemoryPreferences(line_g="2.60"))
    found = set()
    for _page, window in every_page(app, library):
        for widget in seen_on(window, classes):
            if type(widget).__name__ == "PairCard" and not widget.table.isVisible():
                continue  # nothing is drawn before there is a second sensor
            check(widget, dialogs)
            found.add(type(widget).__name__)
    run = made_run(300.0, speeds=(2.5,))
    page = SessionPage(None, 0, Look(texts=Texts("en")), replace(run, marks=MARKS))
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    settle()
    for widget in seen_on(page, classes):
        check(widget, dialogs)
        found.add(type(widget).__name__)
    assert classes - found == {"PairCard"}  # which is looked at below


def test_two_sensors_have_their_numbers_too(live, dialogs: list[DataDialog]) -> None:
    app = live(SCRIPT, size=(1280, 800))
    app.window.set_view("near")
    app.open().run(6.0)
    pair = app.window.near.pair
    shown = replace(pair.content, title="Two", heads=("", "first", "second"), rows=(("load", "2.7", "2.9"),))
    app.window.near.middle.choose("pair")
    pair.set_content(shown)
    assert pair.table.isVisible()
    check(pair, dialogs)


def test_every_live_plot_has_a_table_for_a_screen_reader(live) -> None:
    app = live(SCRIPT, preferences=MemoryPreferences(tables="beside")).open().run(24.0, step=1.0)
    window = app.window
    for view in ("far", "near"):
        window.set_view(view)
        app.run(1.0)
        cards = [window.far.stems] if view == "far" else [window.near.trace, window.near.curves, window.near.steps]
        for card in cards:
            assert isinstance(card.table, PlotTable)
            assert card.table.isVisible()
            assert card.table.accessibleName()
            assert card.table.model().rowCount() > 5
    window.near.middle.choose("spectrum")
    window.refresh()
    assert window.near.spectrum.table.model().rowCount() > 5


def test_the_key_takes_the_plot_with_the_focus_and_the_moment_stays(
    live, qtbot, dialogs: list[DataDialog], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = live(SCRIPT, language="nl", preferences=MemoryPreferences(line_g="2.60")).open().run(24.0, step=1.0)
    window = app.window
    qtbot.keyClick(window, Qt.Key.Key_X)
    n_steps = len(dialogs[0].rows)
    shown = window.far.stems.plot.shown
    assert n_steps == len([m for m in shown.steps if m.load_g == m.load_g and not m.walking]) > 40
    app.run(3.0)
    assert len(dialogs[0].rows) == n_steps
    path = tmp_path / "steps.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    dialogs[0].csv_button.click()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert len(rows) == n_steps + 1
    assert rows[1][2].count(",") == 1  # a decimal comma
    window.set_view("near")
    app.run(1.0)
    qtbot.keyClick(window, Qt.Key.Key_X)
    window.near.middle.choose("spectrum")
    window.near.middle.tabs["spectrum"].setFocus()
    window.refresh()
    qtbot.keyClick(window.near.middle.tabs["spectrum"], Qt.Key.Key_X)
    titles = [dialog.title for dialog in dialogs]
    assert titles[1] == window.near.trace.content.title
    assert titles[2] == window.near.spectrum.content.title
    path = tmp_path / "plot.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    dialogs[2].png_button.click()
    assert path.stat().st_size > 1000
