"""For every eye and hand: contrast of both themes, names and focus of every control, large text, remembered choices."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_session import Script
from library_tools import short_run
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QWidget

from gui import theme
from imu.api import Library

TEXT = ("ink", "ink2", "ink3", "left_ink", "right_ink", "acc", "ok", "warn", "err")
GROUND = ("bg", "panel", "sub")


def luminance(colour: QColor) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a: QColor, b: QColor) -> float:
    """Ratio, WCAG 2.1: 1 to 21."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_21() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21.0)


@pytest.mark.parametrize("name", sorted(theme.THEMES))
def test_every_text_colour_stands_out_from_every_ground(name: str) -> None:
    tokens = theme.THEMES[name]
    weak = {
        (ink, ground): round(ratio, 2)
        for ink in TEXT
        for ground in GROUND
        if (ratio := contrast(QColor(getattr(tokens, ink)), QColor(getattr(tokens, ground)))) < 4.5
    }
    assert weak == {}
    assert contrast(QColor(tokens.on_acc), QColor(tokens.acc)) >= 4.5


def controls(page: QWidget) -> list[QWidget]:
    """Everything that takes part in a keyboard user's way through a page."""
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit)
    inner = (QComboBox, QAbstractSpinBox)
    return [
        w
        for kind in kinds
        for w in page.findChildren(kind)
        if w.isVisibleTo(page) and not isinstance(w.parent(), inner) and not w.objectName().startswith("qt_")
    ]


def name_of(widget: QWidget) -> str:
    """Return what a screen reader says."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text


def check(page: QWidget, where: str) -> int:
    found = controls(page)
    nameless = [f"{where}: {type(w).__name__} {w.objectName()}" for w in found if not name_of(w)]
    assert nameless == []
    cut_off = [f"{where}: {name_of(w)}" for w in found if w.isEnabled() and w.focusPolicy() == Qt.FocusPolicy.NoFocus]
    assert cut_off == []
    return len(found)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_control_of_every_page_has_a_name_and_takes_the_focus(live, tmp_path: Path, language: str) -> None:
    path = tmp_path / "library.stride-library"
    with Library.open(path) as library:
        row = short_run(library)
    sources = {"library": lambda: Library.open(path), "begin": lambda plan, library: None}
    app = live(Script(), sources=sources, language=language)
    window = app.window
    seen = {"start": check(window, "start")}
    window.beginning.begin(None)
    for step in range(3):
        window.wizard._show(step)
        seen[f"wizard {step}"] = check(window, f"wizard {step}")
    window.show_library()
    seen["library"] = check(window, "library")
    window.show_session(row.id)
    seen["session"] = check(window, "session")
    app.open().run(4.0)
    for view in ("far", "near"):
        window.set_view(view)
        seen[view] = check(window, view)
    assert all(n >= 4 for n in seen.values()), seen
