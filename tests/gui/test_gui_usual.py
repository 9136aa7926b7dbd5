"""The client's usual range beside the numbers of a session, and the text for the record on the clipboard."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from library_tools import short_run
from made_run import made_run, past, scaled
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.preferences import MemoryPreferences
from gui.reports.charts_data import sides_chart
from gui.reports.command import report_of
from gui.reports.compose import Typed, compose
from gui.reports.paragraph import paragraph_of
from gui.review.blocks import by_speed
from gui.review.explained import numbers_of
from gui.review.history import SIDES, History, pasts_of
from gui.review.run import Run
from gui.review.usual import sides_with_usual, with_usual
from gui.views import session_files
from gui.views.report_dialog import COPIED, ReportDialog
from gui.views.session_files import RunFiles
from gui.views.session_page import SessionPage
from gui.views.session_signal import Reader
from imu import api
from imu.api import Library
from imu.types import Place

EARLIER = tuple(past(k, 1.0 + 0.02 * (k % 3)) for k in range(5))
TODAY = past(9, 1.05)
NAMES = {"Load at the pelvis", "Cadence", "Contact time *"}


def today() -> Run:
    return scaled(made_run(120.0, speeds=(2.5,)), 1.05)


def page_of(qtbot: QtBot, run: Run, language: str = "en") -> SessionPage:
    page = SessionPage(None, 0, Look(theme.LIGHT, theme.load_fonts(), Texts(language)), run)
    qtbot.addWidget(page)
    page.resize(1920, 1016)
    page.show()
    return page


def test_load_cadence_and_contact_time_have_a_range_where_there_are_enough_sessions() -> None:
    t, run = Texts("en"), today()
    (at,) = by_speed(run)
    shown = numbers_of(at.summary, None, Place.SACRUM, t)
    found = {s.name: s.usual for s in with_usual(shown, (TODAY, History(EARLIER)), at, Place.SACRUM, t)}
    assert {name for name, usual in found.items() if usual} >= NAMES | {"Left–right, load"}
    values = [p.speeds[0].summary["load_peak_g"]["value"] for p in EARLIER]
    usual = api.usual_range([api.SessionValue(v, None, 2.5, filter_version="2026.1") for v in values])
    assert usual.low is not None
    assert usual.high is not None
    assert found["Load at the pelvis"] == f"{usual.low:.2f} – {usual.high:.2f}"
    assert usual.low < min(values) < max(values) < usual.high
    assert found["Left–right, contact time"] == ""


@pytest.mark.parametrize(
    "earlier",
    [
        EARLIER[:2],  # too few
        tuple(past(k, speed=3.2) for k in range(5)),  # another speed
        tuple(replace(p, filter_version="2020.1") for p in EARLIER),
        tuple(replace(p, place=Place.HIP) for p in EARLIER),
    ],
)
def test_it_is_blank_where_there_are_not(earlier: tuple) -> None:
    t, run = Texts("en"), today()
    (at,) = by_speed(run)
    shown = numbers_of(at.summary, None, Place.SACRUM, t)
    assert with_usual(shown, (TODAY, History(earlier)), at, Place.SACRUM, t) == shown
    assert with_usual(shown, None, at, Place.SACRUM, t) == shown


def test_page_and_report_say_the_same_range(qtbot: QtBot) -> None:
    run = today()
    page = page_of(qtbot, run)
    assert not any(s.usual for s in page.numbers.shown)
    page.show_past((TODAY, History(EARLIER)))
    on_page = {s.name: s.usual for s in page.numbers.shown if s.usual}
    report = compose(run, Texts("en"), Typed("record"), (TODAY, History(EARLIER)))
    in_report = {row.name: row.usual for row in report.groups[0].rows if row.usual}
    assert set(on_page) > NAMES
    assert {name: in_report[name] for name in on_page} == on_page
    heads, rows = page.numbers.content()
    assert heads[-1] == "usual range"
    assert ("Cadence", on_page["Cadence"]) in {(row[0], row[-1]) for row in rows}
    assert on_page["Cadence"] in page.numbers.rows[2].accessibleName()


def test_a_selection_has_none(qtbot: QtBot) -> None:
    page = page_of(qtbot, today())
    page.show_past((TODAY, History(EARLIER)))
    page.plot.set_cursor(20.0)
    page.plot.set_cursor(60.0, extend=True)
    assert page.numbers.shown
    assert not any(s.usual for s in page.numbers.shown)


def test_the_left_right_chart_shows_that_of_the_load(qtbot: QtBot) -> None:
    t, run = Texts("nl"), today()
    speeds = by_speed(run)
    plain = sides_chart(speeds, t)
    known = (TODAY, History(EARLIER))
    chart = sides_with_usual(plain, known, speeds, t)
    usual = known[1].usual(TODAY, speeds[0], SIDES)
    assert chart.groups[0][1][0].usual == (usual.low, usual.high)
    assert chart.groups[1:] == plain.groups[1:]
    assert chart.usual_words.startswith("gebruikelijk +4,0")
    assert sides_with_usual(plain, None, speeds, t) is plain
    page = page_of(qtbot, run, "nl")
    before = page.sides.grab().toImage()
    page.show_past(known)
    assert page.sides.grab().toImage() != before
    assert chart.usual_words in page.sides.accessibleDescription()


def test_the_text_for_the_record_is_put_on_the_clipboard(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(qtbot, today())
    page.files = RunFiles(page, MemoryPreferences())

    class Copied(ReportDialog):
        def exec(self) -> int:
            self.practice.setText("Praktijk")
            self.plan.setPlainText("Rest")
            self.copy_button.click()
            return self.result()

    monkeypatch.setattr(session_files, "ReportDialog", Copied)
    page.files.ask_report()
    wanted = paragraph_of(report_of(page.run, page.look.texts, Typed("record", practice="Praktijk", plan=("Rest",))))
    assert QGuiApplication.clipboard().text() == wanted
    assert "Rest." in wanted
    assert str(len(wanted)) in page.said
    assert COPIED not in {QDialog.DialogCode.Accepted.value, QDialog.DialogCode.Rejected.value}


def test_a_run_without_steps_says_why_there_is_no_text(qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(qtbot, replace(today(), steps=()))
    QGuiApplication.clipboard().setText("before")
    page.files.copy_text(Typed())
    assert "nothing to report" in page.said
    assert QGuiApplication.clipboard().text() == "before"


def test_a_session_is_read_once_and_anew_after_an_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    honest = api.session_steps

    def counted(library: Library, session_id: int) -> object:
        read.append(session_id)
        return honest(library, session_id)

    with Library.open(tmp_path / "one.stride-library") as library:
        first = short_run(library, library.add_client("K-017").id).id
        monkeypatch.setattr(api, "session_steps", counted)
        before = pasts_of(library, library.sessions())
        assert pasts_of(library, library.sessions()) == before
        assert read == [first]
        library.add_marker(first, 5.0, "mark", "no number changes")
        assert pasts_of(library, library.sessions()) == before
        library.cut(first, 10.0, 15.0)
        (after,) = pasts_of(library, library.sessions())
        assert read == [first, first]
        assert after.speeds[0].n_steps < before[0].speeds[0].n_steps


def test_a_reading_that_nobody_waits_for_ends(qtbot: QtBot) -> None:
    reader = Reader()
    begun, goes_on, ended = threading.Event(), threading.Event(), threading.Event()

    def look(between: Callable[[], None]) -> object:
        begun.set()
        assert goes_on.wait(10.0)
        try:
            between()
        finally:
            ended.set()
        return "too late"

    found: list[object] = []
    reader.ready.connect(found.append)
    reader.begin("old", look)
    assert begun.wait(10.0)
    with qtbot.waitSignal(reader.ready, timeout=10_000):
        reader.begin("new", lambda _: "in time")
    goes_on.set()
    assert ended.wait(10.0)
    assert found == ["in time"]
