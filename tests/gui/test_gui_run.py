"""What a therapist does during a run: compare with earlier sessions, test a cue, enter pain, note, set a target."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fake_session import FakeSession, Script
from library_tools import short_run
from PySide6.QtCore import Qt

from gui.history import History, history_of
from gui.preferences import MemoryPreferences
from gui.views.dialogs import NoteDialog, PainDialog
from imu.api import Library, SessionValue
from imu.constants import FILTER_VERSION
from imu.types import Place, SessionRow

SPEED = 9.5 / 3.6


def history(*loads: float, difference: float = 1.0) -> History:
    return History(
        tuple(SessionValue(load, 0.03, SPEED) for load in loads),
        tuple(SessionValue(difference + 0.2 * i, 2.0, SPEED) for i in range(len(loads))),
    )


def with_history(live, made: History, script: Script | None = None, **options):
    app = live(script, **options).open()
    app.window.model.history = made
    return app.run(50.0, step=2.0)


def test_a_clear_change_against_the_own_baseline(live) -> None:
    app = with_history(live, history(3.3, 3.32, 3.28, 3.31))
    change = app.window.shown.load.change
    assert change.direction == -1
    assert change.words == "below own baseline"
    assert change.note == "baseline 3.30 g at 9.5 km/h · sessions: 4"
    assert change.firm
    assert "%" in change.interval
    assert "below own baseline" in app.window.far.load.accessibleDescription()


def test_a_change_within_the_error_has_no_arrow(live) -> None:
    change = with_history(live, history(2.4, 2.9, 2.6, 3.0)).window.shown.load.change
    assert change.direction == 0
    assert "within the error" in change.words


def test_with_few_sessions_nothing_is_decided(live) -> None:
    change = with_history(live, history(3.3, 3.3), language="nl").window.shown.load.change
    assert change.direction == 0
    assert "fout nog onbekend" in change.words
    assert not change.firm


@pytest.mark.parametrize(
    ("made", "script", "words"),
    [
        (History(), Script(), "no earlier session"),
        (history(3.3, 3.3, 3.3), Script(speed_mps=None), "set the speed"),
    ],
)
def test_without_a_baseline_the_card_says_why(live, made: History, script: Script, words: str) -> None:
    change = with_history(live, made, script).window.shown.load.change
    assert change.value == ""
    assert words in change.note


def test_the_usual_range_is_on_the_gauge_and_in_words(live) -> None:
    shown = with_history(live, history(2.6, 2.7, 2.8, 2.7)).window.shown.difference
    assert shown.usual[0] < 1.3 < shown.usual[1]
    assert shown.verdict.startswith("usual")


def test_only_finished_sessions_at_one_speed_are_a_baseline() -> None:
    row = SessionRow(
        1, "u", "2026-11-01T10:00:00+00:00", "2026-11-01T10:10:00+00:00", False, 1, "K", "sacrum", 600.0, 900,
        (SPEED,), None, None, (), FILTER_VERSION,
        {"load_peak_g": {"value": 2.7, "half_width_95": 0.05, "n": 900}, "load_symmetry_pct": {"value": None}},
    )  # fmt: skip
    rows = [row, replace(row, speeds_mps=(SPEED, 3.0)), replace(row, ended_utc=None), replace(row, place="")]
    made = history_of(rows)
    assert made.load == (SessionValue(2.7, 0.05, SPEED, Place.SACRUM, FILTER_VERSION),)
    assert made.difference == ()


class Cued(FakeSession):
    """Lands softer while the cue is on."""

    soft = (70.0, 140.0)

    def _peak(self, i: int) -> float:
        from fake_session import STEP_S

        inside = self.soft[0] <= 0.2 + STEP_S * i < self.soft[1]
        return super()._peak(i) * (0.85 if inside else 1.0)


def test_a_cue_that_works_is_called_so_with_its_error(live, qtbot) -> None:
    app = live(Script(spread=0.04))
    app.session = Cued(Script(spread=0.04))
    app.open().run(70.0, step=2.0)
    qtbot.keyClick(app.window, Qt.Key.Key_C)
    app.run(2.0)
    assert app.window.shown.banner.text.startswith("Cue “land softer” 00:0")
    app.run(68.0, step=2.0)
    qtbot.keyClick(app.window, Qt.Key.Key_C)
    app.run(58.0, step=2.0)
    assert "to go" in app.window.shown.banner.text
    app.run(6.0, step=2.0)
    words = app.window.shown.banner.text
    assert "came back without it" in words
    told = app.window.model.cue.result.cue
    assert abs(told.change_pct + 15.0) <= told.half_width_pct + 1.0  # what is meant, and what its interval allows
    assert app.window.shown.events[0].text == f"cue: {words}"
    assert [call[1] for call in app.session.calls if call[0] == "mark"] == [
        "cue: land softer",
        "cue ends: land softer",
        f"cue: {app.window.model.cue_words}",
    ]


def test_a_cue_without_effect_and_one_cut_short(live, qtbot) -> None:
    app = live().open().run(70.0, step=2.0)
    for seconds in (70.0, 62.0):
        qtbot.keyClick(app.window, Qt.Key.Key_C)
        app.run(seconds, step=2.0)
    assert app.window.shown.banner.text.startswith("No clear difference")
    for _ in range(3):
        qtbot.keyClick(app.window, Qt.Key.Key_C)
        app.run(2.0)
    assert "fewer than 40 steps" in app.window.shown.banner.text


def test_pain_is_kept_with_the_session(live, qtbot, monkeypatch, tmp_path: Path) -> None:
    path = tmp_path / "library.stride-library"
    with Library.open(path) as library:
        row = short_run(library)
    app = live(sources={"library": lambda: Library.open(path)})
    app.session.keeps_in_library, app.session.session_id = True, row.id
    app.open().run(5.0)

    def three(dialog: PainDialog) -> int:
        qtbot.keyClick(dialog, Qt.Key.Key_3)
        dialog._choose(3)
        return dialog.result()

    monkeypatch.setattr(PainDialog, "exec", three)
    qtbot.keyClick(app.window, Qt.Key.Key_P)
    with Library.open(path) as library:
        entry = library.pain(row.id)[0]
    assert (entry.when, entry.score) == ("during", 3)
    assert app.window.shown.events[0].text == "pain 3"


def test_a_note_belongs_to_the_moment_of_the_key(live, qtbot, monkeypatch) -> None:
    app = live().open().run(10.0)

    def typed(dialog: NoteDialog) -> int:
        app.run(5.0)  # typing takes time, the run goes on
        dialog.line.setText("arms lower")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(NoteDialog, "exec", typed)
    qtbot.keyClick(app.window, Qt.Key.Key_M)
    row = next(e for e in app.window.shown.events if e.text == "note: arms lower")
    assert row.time == "00:10"


def test_a_cadence_target_is_set_and_removed(live, qtbot) -> None:
    app = live().open().run(40.0, step=2.0)
    qtbot.keyClick(app.window, Qt.Key.Key_K)
    shown = app.window.shown.cadence
    assert shown.band_words == "below target · +5 %"
    assert shown.band[0] < 168 * 1.05 < shown.band[1]
    qtbot.keyClick(app.window, Qt.Key.Key_K)
    shown = app.window.shown.cadence
    assert shown.band_words == "below target · +10 %"
    assert shown.band[0] < 168 * 1.10 < shown.band[1]
    qtbot.keyClick(app.window, Qt.Key.Key_K)
    assert app.window.shown.cadence.band is None


def test_a_sensor_on_one_hip_shows_no_difference_and_says_why(live) -> None:
    app = live()
    app.session.settings = replace(app.session.settings, place=Place.HIP)
    app.open().run(50.0, step=2.0)
    shown = app.window.shown.difference
    assert shown.value.value == "–"
    assert shown.value.note == "a sensor on one hip sees the near leg stronger"
    assert shown.at_pct is None


def test_contact_time_is_dimmed_without_the_speed(live) -> None:
    shown = live(Script(speed_mps=None)).open().run(50.0, step=2.0).window.shown.contact
    assert shown.value.value != "–"
    assert not shown.value.firm
    assert "speed not known" in shown.lines


def test_the_words_of_the_cue_are_chosen_said_stored_and_remembered(live, qtbot) -> None:
    preferences = MemoryPreferences()
    app = live(preferences=preferences, language="nl").open().run(8.0, step=2.0)
    qtbot.keyClick(app.window, Qt.Key.Key_W)
    assert "kortere, snellere passen" in app.window.shown.banner.text
    qtbot.keyClick(app.window, Qt.Key.Key_C)
    qtbot.keyClick(app.window, Qt.Key.Key_W)  # stays while the cue is on
    app.run(2.0)
    assert app.window.shown.banner.text.startswith("Aanwijzing “kortere, snellere passen” 00:0")
    assert ("mark", "aanwijzing: kortere, snellere passen") in app.session.calls
    assert app.window.shown.events[0].text == "aanwijzing: kortere, snellere passen"
    assert live(preferences=preferences).open().window.model.cue.told == "quick"


def test_what_was_said_about_a_cue_follows_the_language(live, qtbot) -> None:
    app = live().open().run(8.0, step=2.0)
    qtbot.keyClick(app.window, Qt.Key.Key_W)
    assert app.window.shown.banner.text.startswith("Next cue")
    app.window.set_language("nl")
    assert app.window.shown.banner.text.startswith("Volgende aanwijzing")
    for _ in range(3):
        qtbot.keyClick(app.window, Qt.Key.Key_C)
        app.run(2.0)
    assert app.window.shown.banner.text.startswith("Geen uitslag over de aanwijzing")
    app.window.set_language("en")
    assert app.window.shown.banner.text.startswith("No verdict on the cue")


def test_the_sensor_card_names_the_sensor_not_the_client(live) -> None:
    app = live().open()
    app.window.model.client_code = "K-017"
    app.window.set_view("near")
    app.run(2.0)
    assert app.window.shown.bar.source == "K-017"
    assert app.window.near.sensor.content.source == "Movesense 2130"
