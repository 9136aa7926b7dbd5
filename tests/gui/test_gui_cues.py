"""Cue tests after the run: found from the marks, judged from the steps that count now; on page and report."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from made_run import made_run
from page_fit import recorded
from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.reports.compose import Typed, compose
from gui.reports.html import to_html
from gui.reports.write import to_pdf
from gui.review.cues import cues_of
from gui.review.overview import overview_of, renamed
from gui.review.run import Mark, Run, Span, SpeedChange
from gui.views import session_page
from gui.views.session_page import SessionPage
from imu.api import Verdict

MARKS = (
    Mark(120.0, "mark", Texts()("event.cue_on", told=Texts()("cue.told_softer"))),
    Mark(180.0, "mark", Texts()("event.cue_off", told=Texts()("cue.told_softer"))),
    Mark(240.0, "mark", Texts()("event.verdict", words="any")),
)
OLD = (Mark(120.0, "mark", "cue_on"), Mark(180.0, "mark", "cue_off"), Mark(240.0, "mark", "cue works"))


@pytest.fixture(scope="module")
def tried() -> Run:
    """12 % less load between 120 and 180 s."""
    run = made_run(300.0, speeds=(2.5,))
    noise = np.random.default_rng(1).normal(0.0, 0.15, len(run.steps))
    steps = tuple(
        replace(s, load_peak_g=(2.5 + float(n)) * (0.88 if 120.0 <= s.ic_s < 180.0 else 1.0))
        for s, n in zip(run.steps, noise, strict=True)
    )
    return replace(run, steps=steps, marks=MARKS, gaps=())


def test_the_blocks_and_the_verdict(tried: Run) -> None:
    (test,) = cues_of(tried)
    assert test.blocks == (Span(60.0, 120.0), Span(120.0, 180.0), Span(180.0, 240.0))
    assert test.result.verdict is Verdict.WORKS
    assert test.means is not None
    before, during, after = (e.value for e in test.means)
    assert before == pytest.approx(2.5, abs=0.05)
    assert during == pytest.approx(2.2, abs=0.05)
    assert after == pytest.approx(2.5, abs=0.05)


def test_the_words_of_the_cue_do_not_make_its_title_smaller(tried: Run, qtbot: QtBot) -> None:
    marks = tuple(replace(m, text=m.text.replace("land softer", "shorter, quicker steps")) for m in MARKS)
    page = page_of(replace(tried, marks=marks), qtbot)
    page.resize(1280, 800)
    with recorded() as said:
        page.grab()
    high = {one.text: one.box.height() for one in said}
    assert high[page.cue.title] >= 0.95 * high[page.sides.title]
    assert "“kortere, snellere passen”" in high


def test_a_session_from_before_cues_had_words_is_read_too(tried: Run) -> None:
    (test,) = cues_of(replace(tried, marks=OLD))
    assert (test.told, test.result.verdict) == ("", Verdict.WORKS)
    assert "not noted" in overview_of(replace(tried, marks=OLD), Texts()).labels[0]


def test_a_cut_or_another_speed_takes_the_verdict_away(tried: Run) -> None:
    cut = replace(tried, cuts=(Span(125.0, 180.0),))
    assert cues_of(cut)[0].result.verdict is Verdict.NOT_DECIDED
    faster = replace(tried, speeds=(*tried.speeds, SpeedChange(180.0, 3.2)))
    (test,) = cues_of(faster)
    assert test.result.reason == "speed_changed"
    assert test.means is None


@pytest.mark.parametrize("marks", [MARKS[:1], MARKS[1:], (), (MARKS[0], MARKS[0])])
def test_a_cue_that_was_not_ended_is_none(tried: Run, marks: tuple[Mark, ...]) -> None:
    assert cues_of(replace(tried, marks=marks)) == ()


def test_marks_of_a_cue_are_words_in_the_language_of_the_reader(tried: Run) -> None:
    shown = overview_of(tried, Texts("nl"))
    assert shown.labels == ("aanwijzing: land zachter", "einde aanwijzing: land zachter")
    assert renamed(shown, tried, Texts("en")).labels == ("cue: land softer", "cue ends: land softer")
    assert len(shown.cues) == 3


def page_of(run: Run, qtbot: QtBot) -> SessionPage:
    page = SessionPage(None, 0, Look(theme.DARK, theme.load_fonts(), Texts("nl")), run)
    qtbot.addWidget(page)
    page.resize(1920, 1016)
    page.show()
    return page


def test_the_card_on_the_page(tried: Run, qtbot: QtBot) -> None:
    page = page_of(tried, qtbot)
    assert page.cue.isVisible()
    assert page.cue.accessibleName().endswith("“land zachter”")
    assert "\u221211 %" in page.cue.accessibleDescription()
    _, rows = page.cue.content()
    assert [row[3] for row in rows] == ["135", "135", "135"]
    qtbot.mouseClick(page.cue, Qt.MouseButton.LeftButton, pos=QPoint(60, 150))
    assert page.explain.isVisible()
    assert not page_of(replace(tried, marks=()), qtbot).cue.isVisible()
    for marks in (MARKS, ()):
        assert not page_of(replace(tried, marks=marks, cuts=(Span(0.0, 400.0),)), qtbot).grab().isNull()


def test_a_mark_of_a_cue_is_not_changed_by_hand(tried: Run, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(tried, qtbot)
    read_only = []

    class Dialog:
        outcome = "save"

        def __init__(self, *_: object, **__: object) -> None:
            self.field = self
            self.text = ""

        def setReadOnly(self, on: bool) -> None:  # noqa: N802 (Qt's name)
            read_only.append(on)

        def exec(self) -> None: ...

    monkeypatch.setattr(session_page, "MarkDialog", Dialog)
    monkeypatch.setattr(SessionPage, "can_edit", property(lambda _: True))
    monkeypatch.setattr(page, "_change", lambda action: pytest.fail("changed"))
    page.edit_mark(replace(MARKS[0], id=1))
    assert read_only == [True]


def test_the_report_says_it_where_events_are(tried: Run, qapp) -> None:
    run = replace(tried, marks=(*MARKS, *(Mark(float(k), "mark") for k in range(10))))
    report = compose(run, Texts("nl"), Typed("record"))
    text = " ".join(PdfReader(io.BytesIO(to_pdf(report, theme.load_fonts()))).pages[0].extract_text().split())
    assert "Geprobeerde aanwijzing" in text
    assert "zonder kwam het terug" in text
    assert len(report.events) == 2
    assert "Geprobeerde aanwijzing" in to_html(report, theme.load_fonts())
    without = compose(replace(tried, marks=()), Texts("nl"), Typed("record"))
    assert without.cue == ()
    assert "Geprobeerde" not in to_html(without, theme.load_fonts())
