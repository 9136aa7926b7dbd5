"""What is to be known about a recording is said on the page and in the report, in the language of the reader."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_run import made_run
from pypdf import PdfReader
from pytestqt.qtbot import QtBot

import imu
from gui import theme
from gui.i18n import Texts
from gui.i18n.warning_texts import WARNING_TEXTS
from gui.look import Look
from gui.reports.compose import Typed, compose
from gui.reports.html import to_html
from gui.reports.write import to_pdf
from gui.review.blocks import by_speed
from gui.review.run import Run, Span, of_analysis
from gui.review.signal import signal_of
from gui.review.warnings import translated, warnings_of
from gui.views.session_page import SessionPage
from imu.acquisition.simulator import simulate_recording
from imu.types import Place, Quality, Side

DUTCH = Texts("nl")


@pytest.fixture(scope="module")
def simulated() -> Run:
    """Upside down: the sensor was mounted the other way than stated."""
    recording, _ = simulate_recording(imu.Simulation(seed=5, standing_s=1.0, walking_s=0.0), 60.0)
    settings = imu.Settings(place=Place.SACRUM, speed_mps=2.8).with_suggestions(recording.suggested)
    return of_analysis(recording, imu.analyze(recording, settings), settings, title="K-017")


def test_every_sentence_of_a_recording_that_is_translated_is_one_that_is_written() -> None:
    folder = Path(imu.__file__).parent
    source = " ".join(re.sub(r'"\s*\n\s*f?"', "", p.read_text(encoding="utf-8")) for p in folder.rglob("*.py"))
    for key, (english, _) in WARNING_TEXTS.items():
        if key.startswith("recorded.") and not key.startswith("recorded.columns"):
            longest = max(re.split(r"\{\w+\}|'|1 second| seconds", english), key=len)
            assert longest in source, key


def test_numbers_in_a_sentence_stay_and_get_a_decimal_comma() -> None:
    written = "No time stamps: samples were numbered at the stated 104.5 Hz, so losses cannot be seen."
    assert "met de opgegeven 104,5 Hz" in translated(written, DUTCH)
    assert translated(written, Texts()) == written
    assert translated("Something that nobody has translated.", DUTCH) == "Something that nobody has translated."


def test_clipped_frozen_lost_and_sides_are_counted_from_the_steps() -> None:
    run = made_run(120.0)
    steps = list(run.steps)
    steps[3] = replace(steps[3], quality=Quality.SATURATED)
    steps[4] = replace(steps[4], quality=Quality.FROZEN)
    half = [replace(s, side=Side.UNKNOWN) if s.index % 2 else s for s in steps]
    run = replace(run, steps=tuple(half), n_samples=1000, n_missing=250)
    said = warnings_of(run, None, DUTCH)
    assert said[0].startswith("Afgekapt: 1 loopstappen")
    assert "±16 g" in said[0]
    assert any(s.startswith("20,0 % van de gegevens ontbreekt (3,1 s in 1 gaten)") for s in said)
    assert any("In 1 loopstappen" in s for s in said)
    assert any("180 van de 360" in s for s in said)


def test_what_was_cut_out_is_not_counted() -> None:
    run = made_run(120.0)
    steps = [replace(s, quality=Quality.SATURATED) if s.ic_s < 10.0 else s for s in run.steps]
    run = replace(run, steps=tuple(steps))
    assert "Clipped: 30" in warnings_of(run, None, Texts())[0]
    cut = replace(run, cuts=(Span(0.0, 11.0),))
    assert not [s for s in warnings_of(cut, None, Texts()) if "Clipped" in s]


def test_a_quiet_recording_has_nothing_to_say(simulated: Run) -> None:
    found = signal_of(simulated, by_speed(simulated))
    assert found is not None
    assert warnings_of(simulated, found.whole, Texts()) == ()


def upside_down(run: Run) -> Run:
    assert run.settings.mounting is not None
    assert run.samples is not None
    recording = run.samples()
    turned = tuple(
        block._replace(samples=np.concatenate([-block.samples[:, :3], block.samples[:, 3:]], axis=1))
        for block in recording.blocks
    )
    turned_recording = replace(recording, blocks=turned)
    return replace(run, samples=lambda: turned_recording)


def test_a_sensor_worn_upside_down_is_said_on_the_page(simulated: Run, qtbot: QtBot) -> None:
    page = SessionPage(None, 0, Look(theme.LIGHT, theme.load_fonts(), DUTCH), upside_down(simulated))
    qtbot.addWidget(page)
    page.resize(1280, 720)
    page.show()
    qtbot.waitUntil(lambda: page.signal is not None)
    assert page.strip.isVisible()
    assert "ondersteboven" in page.strip.sentences[0]
    assert not page.grab().isNull()


def test_the_numbers_of_the_samples_follow_the_steps_when_they_are_ready(simulated: Run, qtbot: QtBot) -> None:
    page = SessionPage(None, 0, Look(theme.LIGHT, theme.load_fonts(), Texts()), simulated)
    qtbot.addWidget(page)
    before = [s.name for s in page.numbers.shown]
    qtbot.waitUntil(lambda: page.signal is not None)
    after = {s.name: s for s in page.numbers.shown}
    assert list(after)[: len(before)] == before
    bounce = after[Texts()("report.vertical_oscillation_m")]
    assert bounce.value.endswith("cm")
    assert bounce.interval.startswith("±")
    for shown in after.values():
        page.numbers.choose(shown.name)
        assert "<b>" in page.explain.text.toHtml() or page.explain.text.toPlainText()


@pytest.mark.parametrize("copy", ["client", "record"])
def test_the_report_says_it_before_its_numbers(simulated: Run, qapp, copy: str) -> None:
    family = theme.load_fonts()
    run = replace(upside_down(simulated), warnings=("3 packets could not be decoded and count as missing.", "a", "b"))
    report = compose(run, DUTCH, Typed(copy))
    assert report.warnings[1].startswith("3 pakketten waren niet te lezen")
    assert report.warnings[2] == "en nog 2"
    (page,) = PdfReader(io.BytesIO(to_pdf(report, family))).pages
    text = " ".join(page.extract_text().split())
    assert text.index("ondersteboven") < text.index(report.sentence)
    assert "ondersteboven" in to_html(report, family)


def test_a_report_of_a_quiet_recording_has_no_such_block_and_holds_what_the_samples_say(simulated: Run, qapp) -> None:
    report = compose(simulated, DUTCH)
    assert report.warnings == ()
    assert 'class="warn"' not in to_html(report, theme.load_fonts())
    rows = {row.name: row for row in report.groups[0].rows}
    assert rows["Verticale beweging *"].value.endswith("cm")
    assert rows[DUTCH("report.step_regularity")].interval.startswith("±")
    assert "scheefstand" in report.conditions


def test_nothing_is_looked_for_where_the_samples_are_not_at_hand() -> None:
    run = made_run()
    assert signal_of(run, by_speed(run)) is None
