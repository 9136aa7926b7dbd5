"""A recording never ends by surprise: leaving the wizard's last page and closing the window ask first."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_session import Script
from library_tools import short_run
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel

from gui.views.confirm import ConfirmDialog
from imu.api import Library


class Asked:
    """Answers every question, and remembers what it said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: bool) -> None:
        self.answer, self.dialogs = answer, []
        monkeypatch.setattr(ConfirmDialog, "exec", self._exec_of())

    def _exec_of(self):
        def exec_(dialog: ConfirmDialog) -> int:
            self.dialogs.append(dialog)
            (dialog.go if self.answer else dialog.stay).click()
            return dialog.result()

        return exec_

    @property
    def words(self) -> str:
        return " ".join(label.text() for label in self.dialogs[-1].findChildren(QLabel))


def on_last_page(live, path: Path, script: Script | None = None, **options):
    app = live(script, sources={"library": lambda: Library.open(path), "begin": lambda p, lib: app.session}, **options)
    wizard = app.window.wizard
    app.window.beginning.begin(None)
    wizard.before.pain.setValue(3)
    wizard.next.click()
    wizard.next.click()
    app.wait_made()
    app.run(5.0)
    return app


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.stride-library"


@pytest.mark.parametrize(("language", "said"), [("en", "recording for 00:05"), ("nl", "neemt al 00:05 op")])
def test_the_last_page_is_left_only_when_the_recording_may_end(live, path, monkeypatch, language, said) -> None:
    app = on_last_page(live, path, Script(), language=language)
    asked = Asked(monkeypatch, answer=False)
    app.window.wizard.back.click()
    assert said in asked.words
    assert app.window.pages.currentWidget() is app.window.wizard
    assert not app.session.stopped
    assert asked.dialogs[-1].stay.isDefault()

    asked.answer = True
    app.window.wizard.back.click()
    assert app.window.on_start_page
    assert app.session.stopped


def test_what_was_answered_is_kept_with_a_recording_that_ends_before_the_run(live, path, monkeypatch) -> None:
    with Library.open(path) as library:
        row = short_run(library, library.add_client("K-1").id)
    app = on_last_page(live, path)
    app.session.keeps_in_library, app.session.session_id = True, row.id
    asked = Asked(monkeypatch, answer=True)
    app.window.wizard.back.click()
    assert "All sessions" in asked.words
    with Library.open(path) as library:
        run = library.session(row.id)
    assert [(entry.when, entry.score) for entry in run.pain] == [("before", 3)]
    assert run.wizard["standing"]["roll_deg"] == 0.6


@pytest.mark.parametrize("script", [Script(recording=False), Script(fail_at=2.0)])
def test_nobody_is_asked_where_nothing_is_being_recorded(live, path, monkeypatch, script) -> None:
    app = on_last_page(live, path, script)
    asked = Asked(monkeypatch, answer=False)
    app.window.wizard.back.click()
    assert asked.dialogs == []
    assert app.window.on_start_page


class ByHand(QCloseEvent):
    def spontaneous(self) -> bool:
        return True


def test_closing_the_window_by_hand_asks_while_it_records(live, monkeypatch) -> None:
    app = live(Script()).open().run(3.0)
    asked = Asked(monkeypatch, answer=False)
    event = ByHand()
    app.window.closeEvent(event)
    assert not event.isAccepted()
    assert app.window.bridge.session is not None
    asked.answer = True
    event = ByHand()
    app.window.closeEvent(event)
    assert event.isAccepted()
    assert app.window.bridge.session is None
