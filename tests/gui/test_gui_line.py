"""The feedback line: told to the recording, taken over from a replay, shown on the page and in the report of a run."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from made_run import made_run
from pypdf import PdfReader
from PySide6.QtGui import QImage

from gui import theme
from gui.i18n import Texts
from gui.live_state import Frame, LiveState
from gui.look import Look
from gui.preferences import MemoryPreferences
from gui.reports.compose import compose
from gui.reports.html import to_html
from gui.reports.paragraph import paragraph_of
from gui.reports.write import to_pdf
from gui.review.blocks import minutes_of
from gui.review.overview import overview_of
from gui.review.run import Run, Span
from gui.views.session_page import SessionPage
from imu.api import LineCount
from imu.types import LineChange, LinkState, Snapshot, Status

EMPTY = Snapshot(np.empty(0), np.empty(0), np.empty(0))


def lined(*changes: tuple[float, float | None], seconds: float = 300.0) -> Run:
    return replace(made_run(seconds), lines=tuple(LineChange(*change) for change in changes))


@pytest.fixture(scope="module")
def family(qapp) -> str:
    return theme.load_fonts()


# -- live ------------------------------------------------------------------------------------------------------------


def test_the_line_is_told_before_the_run_begins_and_whenever_it_moves(live) -> None:
    app = live(preferences=MemoryPreferences(line_g="2.60")).open().run(3.0)
    assert app.session.calls == [("set_line", 2.6)]
    app.window.commands.set_line(2.8)
    app.window.commands.set_line(None)
    assert app.session.calls == [("set_line", 2.6), ("set_line", 2.8), ("set_line", None)]
    app.run(1.0)
    assert app.window.model.state.line_g is None


def frame(state: LinkState, line_g: float | None) -> Frame:
    return Frame(Status(state, line_g=line_g), EMPTY, (), ())


def test_a_replay_moves_the_line_as_it_was_moved_and_its_end_leaves_it() -> None:
    state = LiveState()
    state.line_g = 3.3  # of whoever looks
    state.feed(frame(LinkState.STREAMING, None))
    assert state.line_g is None  # the run that is replayed had none yet
    state.feed(frame(LinkState.STREAMING, 2.9))
    assert state.line_g == 2.9
    state.line_g = 2.5  # moved by hand since
    state.feed(frame(LinkState.STREAMING, 2.9))
    assert state.line_g == 2.5
    state.feed(frame(LinkState.FAILED, None))
    assert state.line_g == 2.5


def test_a_line_of_a_replay_does_not_become_that_of_the_next_run(live) -> None:
    app = live(preferences=MemoryPreferences(line_g="2.60")).open().run(3.0)
    app.session.line_g = 3.1  # as a replay moves it
    app.run(1.0)
    assert app.window.model.state.line_g == 3.1
    app.window.new_model()
    assert app.window.model.state.line_g == 2.6


# -- the page --------------------------------------------------------------------------------------------------------


def test_minutes_count_the_steps_in_the_line_and_are_blank_without_one() -> None:
    run = lined((60.0, 2.5), (120.0, None), (180.0, 9.0))
    first, second, third, fourth, _ = minutes_of(run)
    assert first.in_line == third.in_line == LineCount(0, 0)
    inside = [s for s in run.running if 60.0 <= s.ic_s < 120.0 and s.load_peak_g is not None and s.load_peak_g <= 2.5]
    assert second.in_line == LineCount(len(inside), second.n_steps)
    assert 0 < len(inside) < second.n_steps
    assert fourth.in_line == LineCount(fourth.n_steps, fourth.n_steps)


@pytest.mark.parametrize(("language", "head", "count"), [("en", "In the line", "of"), ("nl", "In de lijn", "van")])
def test_the_minute_table_has_a_column_for_it(qtbot, family: str, language: str, head: str, count: str) -> None:
    page = SessionPage(None, 0, Look(theme.LIGHT, family, Texts(language)), lined((60.0, 2.5), (180.0, 9.0)))
    qtbot.addWidget(page)
    heads, rows = page.minutes.content()
    column = heads.index(head)
    assert rows[0][column] == ""
    assert rows[1][column].endswith("\u00a0%")
    assert rows[3][column] == "100\u00a0%"
    full_heads, full = page.minutes.full_table()
    n = page.minutes.minutes[3].n_steps
    assert full[3][full_heads.index(head) + 1] == f"{n} {count} {n}"
    assert [len(row) for row in full] == [len(full_heads)] * len(full)


def test_a_click_on_it_says_how_it_is_counted(qtbot, family: str) -> None:
    page = SessionPage(None, 0, Look(theme.LIGHT, family, Texts("en")), lined((0.0, 2.5)))
    qtbot.addWidget(page)
    page.show()
    page.minutes.rows.cellClicked.emit(1, page.minutes.content()[0].index("In the line"))
    assert page.explain.isVisible()
    assert "stay at or below the feedback line" in page.explain.text.toPlainText()


def ink(page: SessionPage, top: float, foot: float, t0: float, t1: float) -> int:
    """Dark pixels between two loads and two moments."""
    image: QImage = page.plot.grab().toImage()
    area, s = page.plot.area, page.plot._scale
    return sum(
        image.pixelColor(x, y).lightness() < 120
        for x in range(round(area.px(t0) * s), round(area.px(t1) * s))
        for y in range(round(area.py(top) * s), round(area.py(foot) * s) + 1)
    )


def test_a_line_that_moved_is_drawn_as_steps(qtbot, family: str) -> None:
    run = replace(lined((60.0, 3.6), (150.0, 3.3), (240.0, None)), marks=(), gaps=())
    page = SessionPage(None, 0, Look(theme.LIGHT, family, Texts("en")), run)
    qtbot.addWidget(page)
    page.resize(1920, 1080)
    page.show()
    assert overview_of(run, Texts("en")).feedback == ((Span(60.0, 150.0), 3.6), (Span(150.0, 240.0), 3.3))
    assert page.plot.shown.high_g >= 3.6  # it lies within the axis
    high, low = (3.62, 3.58), (3.32, 3.28)
    assert ink(page, *high, 110.0, 145.0) > 20
    assert ink(page, *low, 160.0, 238.0) > 20
    assert ink(page, *high, 155.0, 238.0) == 0
    assert ink(page, *low, 62.0, 145.0) == 0
    assert ink(page, *high, 242.0, 298.0) == ink(page, *low, 242.0, 298.0) == 0


def test_the_steps_as_a_table_hold_the_line(qtbot, family: str) -> None:
    page = SessionPage(None, 0, Look(theme.LIGHT, family, Texts("en")), lined((60.0, 2.5)))
    qtbot.addWidget(page)
    heads, rows = page.card.steps_table()
    column = heads.index("feedback line g")
    assert rows[0][column] == "–"
    assert rows[-1][column] == "2.50"


# -- the report ------------------------------------------------------------------------------------------------------


def test_the_report_names_the_line_when_it_was_set_and_the_steps_in_it(family: str) -> None:
    run = lined((0.0, 2.5))
    report = compose(run, Texts("en"))
    assert ("00:00", "feedback line set to 2.50 g") in report.events
    row = next(r for r in report.groups[0].rows if r.name.startswith("In the line"))
    at = [s for s in run.running if s.ic_s < 150.0]
    left = [s for s in at if s.side.name == "LEFT"]
    share = 100.0 * sum((s.load_peak_g or 9.0) <= 2.5 for s in left) / len(left)
    assert (row.name, row.left) == ("In the line of 2.50 g", f"{share:.0f}\u00a0%")
    assert report.first_chart.feedback == ((0.0, 5.0, 2.5, "feedback line 2.50 g"),)
    text = PdfReader(io.BytesIO(to_pdf(report, family))).pages[0].extract_text()
    assert "In the line of 2.50 g" in " ".join(text.split())
    assert "In the line of 2.50 g" in to_html(report, family)
    assert f"In the line of 2.50 g {row.value.replace(chr(0xA0), ' ')}" in paragraph_of(report)


def test_a_line_that_moved_is_said_and_none_leaves_the_report_as_it_was(family: str) -> None:
    run = replace(lined((0.0, 2.5), (60.0, 2.6), (290.0, None)), marks=())
    moved = compose(run, Texts("nl"))
    assert ("01:00", "feedbacklijn gezet op 2,60 g") in moved.events
    assert ("04:50", "feedbacklijn weggehaald") in moved.events
    assert any(r.name == "In de lijn, die verschoof" for r in moved.groups[0].rows)
    plain = compose(made_run(), Texts("nl"))
    assert not any("lijn" in r.name for g in plain.groups for r in g.rows)
    assert not any("feedbacklijn" in text for _, text in plain.events)
    assert plain.first_chart.feedback == ()
