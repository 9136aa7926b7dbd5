"""Text may grow to 200 %, and Dutch be 30 % longer than it is: on every page nothing is cut or covered."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import pytest
from all_pages import SCRIPT, every_page, sources_of
from made_run import small_library
from page_fit import misfits
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QScrollBar, QWidget

from gui import i18n, theme
from gui.look import Look
from gui.preferences import MemoryPreferences
from gui.text_size import SIZES, asked_size, remembered, stepped
from gui.views.dialogs import HelpDialog
from imu.api import Library

PAGES = 13


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with small_library(tmp_path_factory.mktemp("library")) as made:
        yield made


def shown(live, library: Library, size: tuple[int, int], language: str, percent: int):
    return live(
        SCRIPT,
        size=size,
        sources=sources_of(library),
        language=language,
        preferences=MemoryPreferences(text=str(percent), line_g="2.60"),
    )


# -- fit -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "language", "size"),
    [
        (200, "nl", (1280, 800)),
        (200, "en", (1280, 800)),
        (200, "nl", (1920, 1080)),
        (150, "nl", (1280, 800)),
        (100, "nl", (1280, 800)),
        (100, "en", (1920, 1080)),
    ],
)
def test_nothing_is_cut_on_any_page(live, library: Library, percent: int, language: str, size) -> None:
    app = shown(live, library, size, language, percent)
    names, cut = [], []
    for name, window in every_page(app, library):
        names.append(name)
        cut += [f"{name}: {word}" for word in (*misfits(window), *sideways(window))]
        window.pages.currentWidget().grab()
        assert window.size().toTuple() == size, name
    assert not cut, "\n".join(cut)
    assert len(names) == PAGES


def sideways(window: QWidget) -> list[str]:
    """Return what of a page has to be scrolled to the side: pages, and the lists and tables in them."""
    bars = [b for b in window.findChildren(QScrollBar) if b.orientation() is Qt.Orientation.Horizontal]
    areas = [b.parentWidget().parentWidget() for b in bars if b.maximum() > b.minimum() and b.isVisible()]
    return [f"{type(area).__name__} {area.accessibleName()!r} scrolls to the side" for area in areas if area]


def longer(text: str) -> str:
    """Make every word of a sentence a third longer; what stands in braces is not a word of it."""
    parts = re.split(r"(\{[^}]*\}|<[^>]*>)", text)
    grow = re.compile(r"[^\W\d_]{3,}")
    return "".join(
        p if p[:1] in {"{", "<"} else grow.sub(lambda m: m[0] + "o" * math.ceil(0.34 * len(m[0])), p) for p in parts
    )


@pytest.mark.parametrize("percent", [100, 200])
def test_sentences_30_percent_longer_still_fit(live, library: Library, monkeypatch, percent: int) -> None:
    longest = {key: tuple(longer(text) for text in pair) for key, pair in i18n.TEXTS.items()}
    assert sum(len(b[1]) for b in longest.values()) > 1.27 * sum(len(b[1]) for b in i18n.TEXTS.values())
    monkeypatch.setattr(i18n, "TEXTS", longest)
    app = shown(live, library, (1280, 800), "nl", percent)
    cut = []
    for name, window in every_page(app, library):
        cut += [f"{name}: {word}" for word in (*misfits(window, hints=True), *sideways(window))]
    assert not cut, "\n".join(cut)


@pytest.mark.parametrize("zoom", [1.0, 2.0])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_help_can_be_read_to_its_end(qtbot, qapp, zoom: float, language: str) -> None:
    look = Look(zoom=zoom)
    look.texts.language = language
    theme.apply(qapp, look.tokens, look.family, look.zoom)  # the window before may have left larger text
    dialog = HelpDialog(look)
    qtbot.addWidget(dialog)
    dialog.show()
    labels = dialog.findChildren(QLabel)
    assert len(labels) > 40
    assert [label.text() for label in labels if label.heightForWidth(label.width()) > label.height() + 1] == []
    if zoom == 1.0:
        assert dialog.width() <= 1366
        assert dialog.height() <= 720  # with its button, on a small screen too
    (area,) = dialog.findChildren(QScrollArea) or (None,)
    assert (area is not None) == (zoom > 1.0)
    if area is not None:
        assert area.focusPolicy() != Qt.FocusPolicy.NoFocus
        assert area.horizontalScrollBar().maximum() == 0
        assert area.verticalScrollBar().maximum() > 0


@pytest.mark.parametrize(("size", "language"), [((1280, 800), "en"), ((1280, 800), "nl"), ((960, 560), "nl")])
def test_help_is_not_wider_than_a_small_window(live, size: tuple[int, int], language: str) -> None:
    window = live(size=size, language=language).window
    dialog = HelpDialog(window.look, window)
    dialog.show()
    assert dialog.width() <= size[0]
    assert dialog.height() <= 720
    (area,) = dialog.findChildren(QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
    labels = dialog.findChildren(QLabel)
    assert [label.text() for label in labels if label.heightForWidth(label.width()) > label.height() + 1] == []
    dialog.close()


def test_large_text_leaves_the_far_view_more_than_half_of_a_small_window(live, qtbot) -> None:
    app = live(size=(1280, 800), language="nl", preferences=MemoryPreferences(text="200")).open().run(20.0, step=2.0)
    window, footer = app.window, app.window.footer
    window.commands.cue()
    assert window.banner.isVisible()
    assert window.paging.viewport().height() > 400
    shown = [key for key in footer.keys.values() if key.isVisible()]
    assert shown[0] is footer.keys["mark"]
    assert len(shown) < len(footer.keys)
    assert footer.end.isVisible()
    footer.more.click()
    assert all(key.isVisible() for key in footer.keys.values())
    footer.more.click()
    assert not footer.keys["runner"].isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F11)  # folded or not, the key acts
    assert window.runner is not None
    window.toggle_runner()
    window.text.set_size(100)
    assert not footer.more.isVisible()
    assert all(key.isVisible() for key in footer.keys.values())


# -- choice ----------------------------------------------------------------------------------------------------------


def test_keys_and_button_change_the_size_and_it_is_remembered(live, qtbot) -> None:
    preferences = MemoryPreferences()
    app = live(preferences=preferences)
    window = app.window
    assert window.text.percent == 100
    control = Qt.KeyboardModifier.ControlModifier
    before = window.bar.theme.height()
    qtbot.keyClick(window, Qt.Key.Key_Plus, control)
    assert window.text.percent == 125
    assert preferences.get("text") == "125"
    assert window.bar.text.text() == "Aa 125 %"
    assert window.bar.theme.height() == pytest.approx(1.25 * before, abs=1.0)
    window.bar.text.click()
    assert window.text.percent == 150
    qtbot.keyClick(window, Qt.Key.Key_Minus, control)
    assert window.text.percent == 125
    qtbot.keyClick(window, Qt.Key.Key_0, control)
    assert window.text.percent == 100
    for _ in range(len(SIZES)):
        window.bar.text.click()
    assert window.text.percent == 100  # from the largest back to the normal size
    again = live(preferences=MemoryPreferences(text="175"))
    assert again.window.text.percent == 175
    assert again.window.look.zoom == 1.75


def test_the_size_never_touches_the_speed_of_the_belt(live, qtbot) -> None:
    app = live().open().run(2.0)
    speed = app.session.speed_mps
    qtbot.keyClick(app.window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    app.run(0.5)
    assert app.session.speed_mps == speed
    assert app.window.text.percent == 125


def test_large_text_makes_a_page_longer_and_keys_move_it(live, qtbot, library: Library) -> None:
    app = shown(live, library, (1280, 800), "en", 200)
    window = app.window
    bar = window.paging.verticalScrollBar()
    assert window.start.height() > window.paging.viewport().height()
    assert window.paging.horizontalScrollBar().maximum() == 0  # one direction only
    qtbot.keyClick(window, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert bar.value() > 0
    bar.setValue(0)
    window.start.recent.all.setFocus(Qt.FocusReason.TabFocusReason)
    assert not window.start.recent.all.visibleRegion().isEmpty()  # what gets the focus comes into view
    assert bar.value() > 0
    window.text.set_size(100)
    assert window.start.size() == window.paging.viewport().size()
    assert bar.maximum() == 0


def test_the_far_view_keeps_its_numbers(live) -> None:
    app = live(size=(1280, 800), preferences=MemoryPreferences(text="100")).open().run(5.0)
    before = app.window.far.load.scale
    app.window.text.set_size(200)
    assert app.window.far.load.scale >= 0.99 * before


@pytest.mark.parametrize(
    ("points", "dpi", "platform", "size"),
    [
        (9.0, 96.0, "win32", 100),
        (13.5, 96.0, "win32", 150),
        (11.0, 96.0, "linux", 100),
        (10.0, 96.0, "linux", 100),
        (11.0, 144.0, "linux", 150),
        (13.0, 72.0, "darwin", 100),
        (9.0, 288.0, "win32", 200),
        (-1.0, 0.0, "linux", 100),
    ],
)
def test_what_the_system_asks_for(points: float, dpi: float, platform: str, size: int) -> None:
    assert asked_size(points, dpi, platform) == size


def test_steps_stay_within_the_sizes() -> None:
    assert stepped(100, -1) == 100
    assert stepped(200, 1) == 200
    assert stepped(100, 1) == 125
    assert remembered("150") == 150
    assert remembered("160") is None
    assert remembered(None) is None
