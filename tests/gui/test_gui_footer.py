"""The footer: everything that can be done during a run can be clicked, and says what it does; dialogs let go."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget

from gui.look import Look
from gui.panels.footer import KEYS
from gui.preferences import MemoryPreferences
from gui.views.dialogs import NoteDialog, PainDialog, SpeedDialog


def press(app, name: str) -> None:
    app.window.footer.keys[name].click()


def test_every_key_of_the_footer_acts(live, monkeypatch) -> None:
    app = live(preferences=MemoryPreferences(line_g="2.60")).open().run(40.0, step=2.0)
    window, model = app.window, app.window.model
    asked: list[str] = []
    for kind in (PainDialog, NoteDialog, SpeedDialog):
        monkeypatch.setattr(kind, "exec", lambda dialog: asked.append(type(dialog).__name__) or 0)
    for name in KEYS:
        press(app, name)
    assert asked == ["PainDialog", "NoteDialog", "SpeedDialog"]
    assert ("mark", "1") in app.session.calls
    assert ("swap_sides",) in app.session.calls
    assert model.cue.phase == "cue"
    assert model.target_pct == 5.0
    assert window.runner is not None
    assert window.runner.isVisible()
    press(app, "runner")
    assert window.runner is None


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_key_is_named_in_full_with_its_cap(live, language: str) -> None:
    footer = live(language=language).open().run(2.0).window.footer
    for name, button in footer.keys.items():
        assert button.cap in button.accessibleName(), name
        assert len(button.accessibleName()) > len(button.text()) + len(button.cap) + 3, name
        assert button.toolTip() == button.accessibleName(), name


def test_the_footer_says_pain_target_and_cue(live, qtbot) -> None:
    app = live().open().run(40.0, step=2.0)
    keys = app.window.footer.keys
    assert (keys["pain"].text(), keys["target"].text()) == ("pain", "target")
    for score in (2, 4, 1):
        app.window.commands.enter_pain(score)
    qtbot.keyClick(app.window, Qt.Key.Key_K)
    qtbot.keyClick(app.window, Qt.Key.Key_W)
    assert keys["pain"].text() == "pain 2\u21921"
    assert keys["target"].text() == "target +5 %"
    assert "shorter, quicker steps" in keys["cue"].accessibleName()
    qtbot.keyClick(app.window, Qt.Key.Key_K)
    qtbot.keyClick(app.window, Qt.Key.Key_K)
    assert keys["target"].text() == "target"


def test_a_full_footer_of_a_small_window_lies_over_nothing(live) -> None:
    app = live(language="nl", size=(1280, 800)).open().run(40.0, step=2.0)
    usual = app.window.footer.keys["runner"].height()
    app.window.commands.enter_pain(10)
    app.window.commands.enter_pain(10)
    app.window.commands.toggle_target()
    app.window.commands.toggle_target()
    app.window.set_view("near")
    app.window.commands.back.toggle()
    footer = app.window.footer
    assert footer.live.text == "GEPAUZEERD"
    last = footer.keys["runner"].geometry().right()
    room = footer.end.x() - round(footer.chip_room() * footer.scale)
    assert last < room
    assert 0.75 * usual - 1 <= footer.keys["runner"].height() <= usual


def test_live_is_said_once(live) -> None:
    app = live(language="nl", size=(1920, 1080)).open().run(5.0)
    app.window.set_view("near")
    app.run(1.0)
    strip = app.window.near.strip
    words = [button.text() for button in (strip.pause, strip.live)] + [strip.words.text(), app.window.footer.live.text]
    assert [word.lower() for word in words].count("live") == 1


# -- dialogs ---------------------------------------------------------------------------------------------------------


def dialogs(qtbot, look: Look) -> dict[str, QDialog]:
    made: dict[str, QDialog] = {
        "pain": PainDialog(look), "note": NoteDialog(look), "speed": SpeedDialog(look, None),
    }  # fmt: skip
    for dialog in made.values():
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow, timeout=5000)
    return made


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_dialog_has_a_title_and_a_way_out(qtbot, language: str) -> None:
    look = Look()
    look.texts.language = language
    for name, dialog in dialogs(qtbot, look).items():
        title = look.texts(f"{name}.title")
        assert dialog.windowTitle() == title
        assert title in [label.text() for label in dialog.findChildren(QLabel)]
        (cancel,) = [b for b in dialog.findChildren(QPushButton) if b.text() == look.texts("dialog.cancel")]
        cancel.click()
        assert dialog.result() == QDialog.DialogCode.Rejected
        assert not dialog.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_no_score_is_made_up(live, qtbot, monkeypatch, key: Qt.Key) -> None:
    app = live().open().run(5.0)

    def pressed(dialog: PainDialog) -> int:
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow, timeout=5000)
        QApplication.processEvents()
        target: QWidget = QApplication.focusWidget() or dialog
        qtbot.keyClick(target, key)  # the space bar presses what has the focus: that is no score
        assert not dialog.isVisible()
        return dialog.result()

    monkeypatch.setattr(PainDialog, "exec", pressed)
    qtbot.keyClick(app.window, Qt.Key.Key_P)
    assert app.window.model.pains == []
    assert app.session.calls == []
    assert not [row for row in app.window.shown.events if row.text.startswith("pain")]
