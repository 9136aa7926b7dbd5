"""The runner's window: bar and ball against the line, fading, and what it says when there is nothing to show."""

from __future__ import annotations

import pytest
from fake_session import Script
from PySide6.QtCore import Qt

from gui.paint import Canvas
from gui.preferences import MemoryPreferences
from gui.views.runner import runner_shown


def opened(live, qtbot, script: Script | None = None, line: str = "2.60", seconds: float = 30.0, **options):
    app = live(script, preferences=MemoryPreferences(line_g=line), **options).open().run(seconds, step=2.0)
    qtbot.keyClick(app.window, Qt.Key.Key_F11)
    return app


def test_the_bar_lies_on_the_side_of_the_line_where_the_steps_are(live, qtbot) -> None:
    over = opened(live, qtbot, line="2.00").window.runner.shown
    under = opened(live, qtbot, line="3.60").window.runner.shown
    assert over.at > 0
    assert not over.inside
    assert under.at < 0
    assert under.inside
    assert under.count.endswith("of 50")


def test_modes_and_fading_by_key_and_escape_stops_nothing(live, qtbot) -> None:
    app = opened(live, qtbot)
    runner = app.window.runner
    runner.activateWindow()
    qtbot.waitUntil(runner.isActiveWindow, timeout=5000)
    pictures = [runner.grab().toImage()]
    qtbot.keyClick(runner, Qt.Key.Key_B)
    app.run(1.0)
    pictures.append(runner.grab().toImage())
    assert pictures[0] != pictures[1]
    shares = []
    for _ in range(4):
        shares.append(runner.share)
        qtbot.keyClick(runner, Qt.Key.Key_F)
    assert shares == [1.0, 0.5, 0.25, 0.0]
    qtbot.keyClick(runner, Qt.Key.Key_Escape)
    assert app.window.runner is None
    assert ("stop",) not in app.session.calls


def test_with_feedback_withdrawn_the_runner_goes_by_feel(live, qtbot) -> None:
    app = opened(live, qtbot)
    shown = runner_shown(app.window.model.state, app.window.look.texts, "bar", 0.0)
    assert shown.at is None
    assert shown.note == "Now by feel"


@pytest.mark.parametrize(
    ("script", "line", "note"),
    [
        (Script(), "", "Geen feedbacklijn gezet"),
        (Script(walking_from=10.0), "2.60", "Begint zodra u loopt"),
        (Script(stall_from=25.0), "2.60", "geen gegevens"),
    ],
)
def test_when_there_is_nothing_to_show_it_says_why(live, qtbot, script: Script, line: str, note: str) -> None:
    shown = opened(live, qtbot, script, line, language="nl").window.runner.shown
    assert shown.at is None
    assert shown.note == note


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Lower here can mean more work for calf and Achilles — build up slowly."),
        ("nl", "Lager hier kan meer werk voor kuit en achillespees betekenen — bouw rustig op."),
    ],
)
@pytest.mark.parametrize("mode", ["bar", "ball", "off"])
def test_the_fixed_sentence_is_always_there(live, qtbot, monkeypatch, language: str, words: str, mode: str) -> None:
    runner = opened(live, qtbot, language=language).window.runner
    painted: list[str] = []
    text = Canvas.text
    monkeypatch.setattr(
        Canvas, "text", lambda self, x, y, t, *a, **k: painted.append(t) or text(self, x, y, t, *a, **k)
    )
    runner.mode = mode
    runner.grab()
    assert words in painted
    assert words in runner.accessibleDescription()
