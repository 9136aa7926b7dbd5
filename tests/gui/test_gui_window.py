"""The window as it is used: pages, states, keys, language, theme."""

from __future__ import annotations

import dataclasses
import threading

import pytest
from fake_session import FakeSession, Script
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QWidget
from window_tools import colours, key, picture

from gui.i18n.catalogue import TEXTS
from gui.panels.buttons import Button
from gui.panels.card import Card
from gui.panels.footer import FootShown
from gui.preferences import MemoryPreferences
from gui.shown import Chip
from gui.views.dialogs import HelpDialog, SpeedDialog
from imu.errors import RecordingError
from imu.types import LinkState

# -- start page ------------------------------------------------------------------------------------------------------


def test_nobody_meets_an_empty_window(live, qtbot) -> None:
    window = live().window
    assert window.on_start_page
    assert not window.footer.isVisible()
    assert window.start.demo.button.isVisible()
    assert not window.start.sensor.button.isEnabled()  # these sources can make no session of a sensor
    assert window.start.guide.isVisible()  # and there is no session to list yet
    assert window.start.first_button.hasFocus() or window.start.focusWidget() is window.start.first_button
    assert colours(picture(window)) > 20


def test_d_starts_the_demo_and_new_run_comes_back(live, qtbot) -> None:
    app = live(Script(end_at=5.0))
    key(qtbot, app, Qt.Key.Key_D)
    app.wait_made()
    assert not app.window.on_start_page
    assert app.session.started
    app.run(6.0)
    assert app.window.shown.banner.text.startswith("Finished")
    app.window.footer.end.click()
    assert app.window.on_start_page
    assert app.window.bridge.session is None


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_footers_button_never_reaches_over_the_edge(live, language: str) -> None:
    footer = live(size=(1920, 1080), language=language).open().run(2.0).window.footer
    margin = footer.width() - footer.end.geometry().right()
    assert margin > 20
    footer.set_shown(
        FootShown(Chip("", "info"), running=False)
    )  # and is painted before the event loop lays anything out
    assert footer.end.text() == TEXTS["key.again"][language == "nl"]
    assert footer.width() - footer.end.geometry().right() == margin


def test_open_recording_asks_for_a_file(live, qtbot, monkeypatch) -> None:
    app = live()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    key(qtbot, app, Qt.Key.Key_O)
    assert app.window.on_start_page
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("monday.stride", ""))
    app.window.start.open.button.click()
    app.wait_made()
    assert [p.name for p in app.window.opened_paths] == ["monday.stride"]
    assert not app.window.on_start_page


def test_keys_of_the_run_do_nothing_on_the_start_page(live, qtbot) -> None:
    app = live()
    key(qtbot, app, Qt.Key.Key_Space, Qt.Key.Key_L, Qt.Key.Key_V)
    assert app.session.calls == []


# -- states ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "seconds", "banner"),
    [
        (Script(), 40.0, None),
        (Script(gaps=[(30.0, 33.0)]), 40.0, "No data during"),
        (Script(stall_from=35.0), 40.0, "No data for"),
        (Script(fail_at=35.0), 40.0, "Stopped"),
        (Script(walking_from=30.0), 40.0, "Walking"),
        (Script(unknown_from=20.0), 40.0, "Side uncertain"),
        (Script(clipped_from=30.0), 40.0, "Clipped"),
        (Script(end_at=35.0), 40.0, "Finished"),
        (Script(), 1.5, None),
    ],
)
@pytest.mark.parametrize("view", ["far", "near"])
def test_every_state_is_painted(live, script: Script, seconds: float, banner: str | None, view: str) -> None:
    app = live(script)
    app.window.set_view(view)
    app.open().run(seconds)
    chip = app.window.banner.chip
    assert (chip is None) if banner is None else chip.text.startswith(banner)
    assert app.window.banner.isVisible() == (banner is not None)
    assert colours(picture(app.window)) > 20


def test_preparing_is_shown_while_the_session_is_made(live, qtbot) -> None:
    app = live()
    go = threading.Event()

    def slow():
        go.wait(10.0)
        return app.session

    app.window.open(slow)
    assert app.window.shown.banner.text.startswith("Preparing")
    assert app.window.footer.end.text() == "Stop"
    before = picture(app.window.banner)
    qtbot.waitUntil(lambda: picture(app.window.banner) != before, timeout=5000)  # something moves meanwhile
    app.window.bridge.poll()
    assert app.window.shown.banner.level == "busy"
    assert app.window.bridge.session is None
    go.set()
    app.wait_made()
    app.run(1.0)
    assert app.window.shown.banner is None


def test_leaving_while_preparing_stops_what_was_made(live) -> None:
    app = live()
    go = threading.Event()
    making = []

    def slow():
        go.wait(10.0)
        return app.session

    app.window.open(slow)
    making.append(app.window.bridge._making)
    app.window.footer.end.click()
    assert app.window.on_start_page
    go.set()
    assert making[0].done.wait(10.0)
    assert app.session.stopped


def test_a_session_that_cannot_be_made_says_why(live) -> None:
    app = live()

    def broken():
        raise RecordingError("The file is empty.", hint="Choose another.")

    app.window.open(broken)
    app.wait_made()
    assert app.window.shown.banner.text == "Stopped: The file is empty. Choose another."
    assert app.window.model.state.status.state is LinkState.FAILED
    app.window.footer.end.click()
    assert app.window.on_start_page


def test_an_unforeseen_error_is_shown_and_logged(live, caplog) -> None:
    app = live()
    app.window.open(lambda: 1 / 0)
    app.wait_made()
    assert "ZeroDivisionError" in app.window.shown.banner.text
    assert "could not be made" in caplog.text


def test_all_steps_are_there_after_stop(live) -> None:
    app = live().open().run(20.0)
    app.window.footer.end.click()
    assert ("stop",) in app.session.calls
    assert app.window.model.state.n_steps == len(app.session.steps())
    assert not app.window.footer.running
    assert app.window.footer.end.text() == "New run"


# -- keys ------------------------------------------------------------------------------------------------------------


def test_space_marks_and_the_mark_is_drawn(live, qtbot) -> None:
    app = live().open().run(10.0)
    key(qtbot, app, Qt.Key.Key_Space)
    app.run(1.0)
    assert ("mark", "1") in app.session.calls
    assert app.window.shown.plot.marks[0].text == "mark 1"
    assert app.window.shown.plot.marks[0].time_s == pytest.approx(app.session.script.t0_s + 10.0, abs=0.05)


@pytest.mark.parametrize("k", [Qt.Key.Key_L, Qt.Key.Key_R])
def test_l_and_r_swap_sides(live, qtbot, k) -> None:
    app = live().open().run(10.0)
    key(qtbot, app, k)
    assert ("swap_sides",) in app.session.calls


def test_plus_and_minus_change_the_speed(live, qtbot) -> None:
    app = live().open().run(2.0)
    key(qtbot, app, Qt.Key.Key_Plus)
    app.run(0.5)
    assert app.window.shown.bar.speed == "9.6 km/h"
    key(qtbot, app, Qt.Key.Key_Minus)
    app.run(0.5)
    assert app.window.shown.bar.speed == "9.5 km/h"
    assert [e.text for e in app.window.shown.events][:2] == ["speed 9.5 km/h", "speed 9.6 km/h"]


def test_an_unknown_speed_is_asked_for(live, qtbot, monkeypatch) -> None:
    app = live(Script(speed_mps=None)).open().run(2.0)

    def typed(dialog: SpeedDialog) -> int:
        dialog.spin.setValue(12.3)
        dialog._set()
        return dialog.result()

    monkeypatch.setattr(SpeedDialog, "exec", typed)
    key(qtbot, app, Qt.Key.Key_Plus)
    app.run(0.5)
    assert app.window.shown.bar.speed == "12.3 km/h"


def test_escape_never_stops_a_run(live, qtbot) -> None:
    app = live().open().run(5.0)
    app.window.toggle_full_screen()
    assert app.window.isFullScreen()
    key(qtbot, app, Qt.Key.Key_Escape, Qt.Key.Key_Escape)
    assert not app.window.isFullScreen()
    assert ("stop",) not in app.session.calls
    assert app.window.isVisible()


def test_ctrl_f_f1_v_and_t(live, qtbot, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(HelpDialog, "exec", lambda self: asked.append(self.windowTitle()) or 0)
    app = live().open().run(2.0)
    qtbot.keyClick(app.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert app.window.isFullScreen()
    key(qtbot, app, Qt.Key.Key_F1)
    assert asked == ["Keys and meaning"]
    key(qtbot, app, Qt.Key.Key_V)
    assert app.window.pages.currentWidget() is app.window.near
    key(qtbot, app, Qt.Key.Key_T)
    assert app.window.look.tokens.name == "light"


def test_every_button_can_be_reached_and_is_named(live, qtbot) -> None:
    app = live().open().run(2.0)
    buttons = [b for b in app.window.findChildren(Button) if b.isVisible()]
    assert len(buttons) >= 9
    for button in buttons:
        assert button.accessibleName()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    visited = set()
    widget: QWidget = app.window
    while (widget := widget.nextInFocusChain()) not in visited:
        visited.add(widget)
    assert set(buttons) <= visited
    assert app.window.far.stems.plot.flag in visited
    for card in app.window.far.cards:
        assert card.accessibleName()


def test_enter_presses_the_button_with_the_focus_and_the_focus_is_seen(live, qtbot) -> None:
    app = live().open().run(2.0)
    button = app.window.footer.keys["swap"]
    before = picture(button)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert picture(button) != before
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert ("swap_sides",) in app.session.calls


# -- language and theme ----------------------------------------------------------------------------------------------


def spoken(window: QWidget) -> list[str]:
    out = []
    for widget in window.findChildren(QWidget):
        out += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
        if isinstance(widget, Button):
            out.append(widget.text())
        if isinstance(widget, Card):
            out += leaves(widget.content)
    return out


def leaves(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    if dataclasses.is_dataclass(content):
        return [text for f in dataclasses.fields(content) for text in leaves(getattr(content, f.name))]
    return [text for part in content for text in leaves(part)] if isinstance(content, tuple) else []


@pytest.mark.parametrize("view", ["far", "near"])
def test_language_changes_at_once_and_everywhere(live, view) -> None:
    app = live(Script(gaps=[(8.0, 8.5)], clipped_from=15.0))
    window = app.window
    window.set_view(view)
    app.open().run(20.0)
    window.bar.languages["nl"].click()
    assert window.preferences.get("language") == "nl"
    assert window.bar.languages["nl"].isChecked()
    all_dutch = " ".join(nl for _, nl in TEXTS.values())
    english_only = [en for en, _ in TEXTS.values() if "{" not in en and len(en) > 5 and en not in all_dutch]
    assert len(english_only) > 80
    live_part = [*spoken(window.bar), *spoken(window.footer), *spoken(window.far if view == "far" else window.near)]
    for text in live_part:
        for sentence in english_only:
            assert sentence not in text
    window.bar.languages["en"].click()
    assert window.footer.keys["swap"].text() == "swap sides"


def test_theme_is_remembered_and_repaints_all(live) -> None:
    preferences = MemoryPreferences(theme="dark")
    app = live(preferences=preferences, theme_name=None)
    app.open().run(5.0)
    dark = picture(app.window)
    app.window.bar.theme.click()
    assert preferences.get("theme") == "light"
    light = picture(app.window)
    for point in (QPoint(5, 5), QPoint(640, 700), QPoint(640, 300)):
        assert dark.pixelColor(point).lightness() < 80
        assert light.pixelColor(point).lightness() > 180
    assert live(preferences=preferences, theme_name=None).window.look.tokens.name == "light"


def test_remembered_language_view_and_line(live) -> None:
    app = live(preferences=MemoryPreferences(language="nl", view="near", line_g="3.10"), language=None)
    app.open().run(1.0)
    assert app.window.shown.load.title == "Belasting bij het bekken"
    assert app.window.pages.currentWidget() is app.window.near
    assert app.window.shown.plot.line_g == 3.1


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1000, 600), (1920, 700), (1000, 1000)])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_word_is_cut_off(live, monkeypatch, size, language) -> None:
    """Text that does not fit is made smaller; at the supported sizes nothing is ever cut."""
    from PySide6.QtGui import QFontMetricsF

    cut = []
    real = QFontMetricsF.elidedText

    def watch(self, text, mode, width, *rest):
        out = real(self, text, mode, width, *rest)
        if out != text:
            cut.append(text)
        return out

    monkeypatch.setattr(QFontMetricsF, "elidedText", watch)
    app = live(size=size, language=language)
    picture(app.window)
    for script in (Script(gaps=[(30.0, 31.0)]), Script(spread=0.01, asymmetry=-0.031), Script(asymmetry=-0.3)):
        app.session = FakeSession(script)
        app.open()
        for seconds in (2.0, 8.0, 30.0):
            app.run(seconds, step=min(seconds / 2.0, 5.0))
            for view in ("far", "near"):
                app.window.set_view(view)
                picture(app.window)
    assert cut == []
