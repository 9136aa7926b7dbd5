"""The keyboard alone: Tab reaches everything that can be acted on, and what has the focus is drawn differently."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from all_pages import SCRIPT, every_page, settle, sources_of
from made_run import small_library
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from gui.plots.flag import LineFlag
from gui.preferences import MemoryPreferences
from imu.api import Library

ACTED_ON = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, LineFlag,
)  # fmt: skip
INNER = (QComboBox, QAbstractSpinBox, QLineEdit)
MOST = 200


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with small_library(tmp_path_factory.mktemp("library")) as made:
        yield made


def acted_on(window: QWidget) -> set[QWidget]:
    """Everything on the page that a mouse could use now."""
    return {
        w
        for w in window.findChildren(QWidget)
        if isinstance(w, ACTED_ON)
        and w.isVisible()
        and w.isEnabled()
        and not w.size().isEmpty()
        and not isinstance(w, QScrollBar)
        and not isinstance(w.parent(), INNER)
        and not w.objectName().startswith("qt_")
        and type(w).__name__ not in {"QHeaderView", "QTableCornerButton"}
    }


def walk(window: QWidget) -> list[QWidget]:
    """Press Tab until the focus is where it was."""
    window.setFocus()
    out: list[QWidget] = []
    for _ in range(MOST):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is None or now in out:
            break
        out.append(now)
    return out


def group_of(widget: QWidget) -> set[QWidget]:
    """A choice of which one is taken is one stop: the arrow keys go on from there."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    if group is not None and group.exclusive():
        return set(group.buttons())
    return {widget}


def name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName() or getattr(widget, 'text', str)()!r}"


def unmarked(widget: QWidget, window: QWidget) -> bool:
    """Whether a widget looks the same with and without the focus."""
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    assert QApplication.focusWidget() is widget, name(widget)
    has = widget.grab().toImage()
    window.setFocus()
    QApplication.processEvents()
    return widget.grab().toImage() == has


@pytest.mark.parametrize("theme_name", ["light", "dark"])
def test_tab_reaches_everything_and_the_focus_is_seen(live, library: Library, theme_name: str) -> None:
    options = {"preferences": MemoryPreferences(line_g="2.60", tables="beside"), "theme_name": theme_name}
    app = live(SCRIPT, size=(1280, 800), sources=sources_of(library), **options)
    wrong: list[str] = []
    for page, window in every_page(app, library):
        settle()
        found = walk(window)
        stops = [w for w in found if w is not window]
        reached = set(stops).union(*(group_of(w) for w in stops))
        wrong += [f"{page}: Tab does not reach {name(w)}" for w in acted_on(window) - reached]
        wrong += [f"{page}: the focus cannot be seen on {name(w)}" for w in stops if unmarked(w, window)]
        assert len(stops) >= 5, page
        assert len(found) < MOST, page
    assert not wrong, "\n".join(sorted(wrong))
