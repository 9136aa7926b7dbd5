"""Sessions that are not as one expects: nothing stops the pages, and nothing is shown that is not known."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from made_run import made_run
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.reports.compose import COPIES, Typed, compose
from gui.reports.write import to_pdf
from gui.review.overview import overview_of
from gui.review.run import Mark, Run, Span
from gui.views.session_page import SessionPage
from imu.errors import RecordingError

WHOLE = made_run(300.0)


def without_peaks() -> Run:
    bare = {"load_peak_g": None, "shock_peak_g": None, "contact_time_s": None, "flight_time_s": None, "tc_s": None}
    return replace(WHOLE, steps=tuple(replace(s, **bare) for s in WHOLE.steps))


ODD: dict[str, Callable[[], Run]] = {
    "no steps": lambda: replace(WHOLE, steps=(), speeds=()),
    "no time": lambda: replace(WHOLE, steps=(), end_s=WHOLE.start_s, n_samples=0, n_missing=0, gaps=()),
    "one step": lambda: replace(WHOLE, steps=WHOLE.steps[:1]),
    "five steps": lambda: replace(WHOLE, steps=WHOLE.steps[:5]),
    "one minute, speed not known": lambda: made_run(60.0, speeds=(None,)),
    "no sides": lambda: made_run(300.0, sides=False),
    "no client, no date": lambda: replace(WHOLE, title="", started=None, facts={}),
    "all cut": lambda: replace(WHOLE, cuts=(Span(0.0, 400.0),)),
    "no peaks": without_peaks,
    "gap after gap": lambda: replace(WHOLE, gaps=tuple(Span(float(k), k + 0.4) for k in range(300))),
    "mark after mark": lambda: replace(WHOLE, marks=tuple(Mark(float(k), "mark", "x" * 150) for k in range(100))),
    "twenty speeds": lambda: made_run(600.0, speeds=tuple(2.0 + 0.15 * k for k in range(20))),
}


def page_of(run: Run, qtbot: QtBot) -> SessionPage:
    page = SessionPage(None, 0, Look(theme.LIGHT, theme.load_fonts(), Texts("nl")), run)
    qtbot.addWidget(page)
    page.resize(1280, 720)
    page.show()
    return page


@pytest.mark.parametrize("name", ODD)
def test_the_page_and_both_copies_of_the_report(name: str, qtbot: QtBot) -> None:
    run = ODD[name]()
    page = page_of(run, qtbot)
    assert not page.grab().isNull()
    for factor in (3.0, 3.0, 50.0, 0.001):
        page.plot.zoom(factor)
        page.plot.pan(0.5)
        page.plot.grab()
    page.plot.go_step(1)
    page.plot.set_cursor(run.start_s + 1.0)
    page.plot.set_cursor(run.start_s + 20.0, extend=True)
    page.plot.set_cursor(None)
    for shown in list(page.numbers.shown):
        page.numbers.choose(shown.name)
    for table in (page.minutes.full_table, page.numbers.content, page.card.steps_table):
        heads, rows = table()
        assert all(len(row) == len(heads) for row in rows)
        assert not [cell for row in rows for cell in row if "nan" in cell or "None" in cell]
    for copy in COPIES:
        if run.running:
            assert to_pdf(compose(run, Texts("nl"), Typed(copy)), theme.load_fonts()).startswith(b"%PDF")
        else:
            with pytest.raises(RecordingError, match="nothing to report"):
                compose(run, Texts("nl"), Typed(copy))


@pytest.mark.parametrize("name", ["no steps", "no time", "all cut"])
def test_without_running_there_is_no_number_and_the_reasons_are_said(name: str, qtbot: QtBot) -> None:
    page = page_of(ODD[name](), qtbot)
    assert [s.value for s in page.numbers.shown] == [""] * len(page.numbers.shown)
    assert all(s.reason for s in page.numbers.shown)
    assert page.minutes.full_table()[1] == []


def test_what_a_step_did_not_give_is_in_no_mean(qtbot: QtBot) -> None:
    page = page_of(ODD["no peaks"](), qtbot)
    names = {s.key for s in page.numbers.shown if s.value}
    assert names.isdisjoint({"load_peak_g", "shock_peak_g", "contact_time_s", "flight_time_s", "vgrf_peak_bw"})
    assert "cadence_spm" in names


def test_sides_that_are_not_known_are_not_drawn_as_left_and_right(qtbot: QtBot) -> None:
    page = page_of(ODD["no sides"](), qtbot)
    assert {int(line.side) for line in page.plot.shown.lines} == {0}
    _, rows = page.minutes.full_table()
    assert all(row[4:10] == ("",) * 6 for row in rows)


def test_two_hours_have_as_many_means_as_a_screen_can_show() -> None:
    run = made_run(7200.0, speeds=(2.5, 3.0))
    began = time.perf_counter()
    shown = overview_of(run, Texts())
    assert time.perf_counter() - began < 10.0
    assert len(shown.t_s) == 21600
    assert sum(len(line.t_s) for line in shown.lines) <= 2 * 2 * 240
