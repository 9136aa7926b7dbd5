"""Every page of the window, one after the other, with something on it."""

from __future__ import annotations

from collections.abc import Iterator

from fake_session import Script
from nearby import nearby
from PySide6.QtWidgets import QApplication, QWidget
from test_gui_near_pelvis import motion

from gui.views.compare_page import ComparePage
from gui.views.trend_page import TrendPage
from imu.api import Library
from imu.types import PelvisState

SENSORS = (nearby("Movesense 2130", rssi_dbm=-58, battery_pct=78.0), nearby("Xsens DOT 4F", "2", battery_pct=12.0))
SCRIPT = Script(gaps=[(22.0, 22.6)], clipped_from=10.0)


def sources_of(library: Library) -> dict[str, object]:
    """Return sources with a library, and a way into the wizard."""
    return {"library": lambda: library, "begin": lambda plan, lib: None}


def settle() -> None:
    """Let layouts take their turn."""
    for _ in range(3):
        QApplication.processEvents()


def every_page(app, library: Library) -> Iterator[tuple[str, QWidget]]:
    """Show every page of a window and yield its name and the window."""
    window = app.window
    window.scanner.found = SENSORS
    window.scanner.changed.emit()
    window.start.refresh()
    settle()
    yield "start", window
    window.beginning.begin(None)
    window.wizard.before.code.setCurrentText(library.clients()[0].code)
    for step in range(3):
        window.wizard._show(step)
        settle()
        yield f"wizard {step}", window
    window.show_library()
    settle()
    yield "library", window
    rows = library.sessions(limit=2)
    window.show_session(rows[0].id)
    settle()
    yield "session", window
    window.show_page(ComparePage(library, [row.id for row in rows], window.look))
    settle()
    yield "compare", window
    client_id = next(row.client_id for row in rows if row.client_id is not None)
    window.show_page(TrendPage(library, client_id, window.look))
    settle()
    yield "trend", window
    app.session.pelvis_state = PelvisState("", motion())
    app.open().run(24.0, step=1.0)
    for view in ("far", "near"):
        window.set_view(view)
        window.refresh()
        settle()
        yield view, window
    for card in ("spectrum", "pelvis", "pair"):
        window.near.middle.choose(card)
        window.refresh()
        settle()
        yield f"near {card}", window
