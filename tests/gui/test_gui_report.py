"""The report: one page, its text selectable, its fonts inside; HTML that needs nothing else; refusals."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from made_run import made_run
from pypdf import PdfReader
from report_tools import recorded_run, text_of

import imu
from gui import theme
from gui.i18n import Texts
from gui.reports.compose import Typed, compose
from gui.reports.html import to_html
from gui.reports.page import PAGE
from gui.reports.write import to_image, to_pdf
from gui.review.blocks import blocks_of, by_speed, minutes_of, same_speed
from gui.review.run import Run, Span, load_file
from imu.cli import main
from imu.errors import RecordingError
from imu.types import Quality


@pytest.fixture(scope="module")
def family(qapp) -> str:
    return theme.load_fonts()


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded_run(tmp_path_factory.mktemp("report"))


def test_the_rate_is_the_one_that_was_set_and_beside_it_the_measured_one_where_it_is_known(session: Path) -> None:
    run = load_file(session)
    assert run.measured_rate_hz == pytest.approx(208.0, rel=2e-3)
    measured = replace(run, measured_rate_hz=206.88)
    assert compose(measured, Texts("en"), Typed("client")).conditions.endswith(" · 208 Hz (206.9 measured)")
    assert compose(measured, Texts("nl"), Typed("client")).conditions.endswith(" · 208 Hz (206,9 gemeten)")
    unknown = replace(run, measured_rate_hz=None)
    assert compose(unknown, Texts("en"), Typed("client")).conditions.endswith(" · 208 Hz")


# -- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("copy", ["client", "record"])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_one_a4_page_with_selectable_text_and_embedded_fonts(family: str, copy: str, language: str) -> None:
    report = compose(made_run(), Texts(language), Typed(copy, plan=("Drie keer 5 km",)))
    reader = PdfReader(io.BytesIO(to_pdf(report, family)))
    (page,) = reader.pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx((595.3, 841.9), abs=1.0)
    fonts = page["/Resources"]["/Font"].get_object().values()
    for font in fonts:
        (descendant,) = font.get_object()["/DescendantFonts"]
        assert "/FontFile2" in descendant.get_object()["/FontDescriptor"].get_object()
    text = text_of(to_pdf(report, family))
    words = {"en": "At 9.0 km/h the load at the pelvis was 2.50 g.", "nl": "Bij 9,0 km/u was de belasting"}
    assert words[language] in text
    assert {"en": "not a diagnosis", "nl": "stelt geen diagnose"}[language] in text
    assert "K-017" in text
    assert "Drie keer 5 km" in text


def test_the_record_holds_every_row_of_every_speed_and_how_it_was_measured(family: str) -> None:
    run = made_run()
    text = text_of(to_pdf(compose(run, Texts("en"), Typed("record")), family))
    wanted = (
        "9 km/h", "10.8 km/h", "Load at the pelvis", "Shock", "Cadence", "180 /min", "240 ms", "no data 3.1 s",
        "left and right swapped by hand", "Filter version", "low-pass 10 Hz", "lost 1.0 %",
    )  # fmt: skip
    for words in wanted:
        assert words in text, words
    client = text_of(to_pdf(compose(run, Texts("en"), Typed("client")), family))
    assert "Filter version" not in client
    assert "180 steps per minute" in client


def test_copied_text_holds_the_letters_that_were_written(family: str) -> None:
    run = made_run()
    run = replace(run, provenance=replace(run.provenance, sha256="ff" * 32, file="office fit.stride"))
    text = text_of(to_pdf(compose(run, Texts("en")), family))
    assert "ff" * 32 in text
    assert "office fit" in text


def test_dutch_has_a_decimal_comma_everywhere() -> None:
    report = compose(made_run(), Texts("nl"))
    cells = [
        text for group in report.groups for row in group.rows for text in (row.value, row.interval, row.difference)
    ]
    assert any("," in c for c in cells)
    assert not [c for c in cells if re.search(r"\d\.\d", c)]


def test_what_is_not_known_is_blank_and_the_reason_is_said() -> None:
    run = replace(made_run(sides=False), started=None, speeds=())
    report = compose(run, Texts("en"), Typed("client"))
    assert report.sentence.endswith("the speed is not known.")
    assert "cannot be compared" in report.sentence_note
    assert report.date == "date not known"
    assert all(row.left == row.right == row.difference == "" for row in report.groups[0].rows)
    assert "the side of the steps is not known" in report.sentences[-1]
    assert report.first_chart.left == report.first_chart.right == ()
    assert report.first_chart.both
    assert [value for _, value in report.pain] == [""] * 4


def test_the_number_of_the_headline_is_the_mean_of_the_settled_steps() -> None:
    run = made_run(speeds=(2.5,))
    (at,) = by_speed(run)
    steps = [s.load_peak_g for s in run.steps]  # running from the first second: nothing to settle
    assert at.summary["load_peak_g"]["value"] == pytest.approx(sum(steps) / len(steps))
    assert compose(run, Texts("en")).value == f"{sum(steps) / len(steps):.2f}"


def test_many_speeds_still_fit_and_the_rest_is_named(family: str) -> None:
    run = made_run(600.0, speeds=tuple(2.0 + 0.3 * k for k in range(10)))
    report = compose(run, Texts("en"))
    assert len(report.groups) < 10
    assert f"{10 - len(report.groups)} more speeds" in report.table_note
    assert len(PdfReader(io.BytesIO(to_pdf(report, family))).pages) == 1


def test_a_picture_of_the_page_has_ink_and_keeps_its_margins(family: str) -> None:
    image = to_image(compose(made_run(), Texts("nl")), family, 0.5)
    assert (image.width(), image.height()) == (PAGE[0] / 2, PAGE[1] / 2)
    white = image.pixelColor(2, 2)
    edge = [image.pixelColor(x, y) for x in (10, 30, image.width() - 10) for y in range(0, image.height(), 3)]
    assert all(colour == white for colour in edge)
    inside = {image.pixelColor(x, y).name() for x in range(60, 560, 3) for y in range(80, 860, 3)}
    assert len(inside) > 20


# -- HTML -------------------------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("copy", ["client", "record"])
def test_html_loads_nothing_and_holds_the_charts_with_their_numbers(family: str, copy: str) -> None:
    page = to_html(compose(made_run(), Texts("nl"), Typed(copy, client="<K&1>")), family)
    tags = Tags()
    tags.feed(page)
    assert not [a for _, attrs in tags.tags for k, a in attrs.items() if k in {"src", "href", "xlink:href"}]
    assert "url(" not in page
    assert "@import" not in page
    names = [tag for tag, _ in tags.tags]
    assert names.count("svg") == (1 if copy == "client" else 2)
    assert names.count("details") == names.count("svg")
    assert "&lt;K&amp;1&gt;" in page
    assert "a <b>" not in page
    assert '<html lang="nl">' in page
    # A browser without the font of the charts keeps each text within the width that it was painted in.
    texts = [(tag, attrs) for tag, attrs in tags.tags if tag == "text"]
    assert len(texts) > 10
    assert all(0.0 < float(attrs["textlength"] or 0) < 1000.0 for _, attrs in texts)


# -- blocks and minutes -----------------------------------------------------------------------------------------------


def test_blocks_follow_the_speed_and_drop_the_settling() -> None:
    run = made_run(speeds=(2.5, 3.0, 2.5))
    blocks = blocks_of(run)
    assert [b.speed_mps for b in blocks] == [2.5, 3.0, 2.5]
    assert blocks[0].steps[0].ic_s == 0.0
    assert blocks[1].steps[0].ic_s == pytest.approx(115.0)
    assert all(b.settled for b in blocks)
    first, second = by_speed(run)
    assert (first.speed_mps, len(first.blocks), second.speed_mps) == (2.5, 2, 3.0)
    minutes = minutes_of(run)
    assert [m.number for m in minutes] == [1, 2, 3, 4, 5]
    assert minutes[1].speed_mps == 2.5 or minutes[1].speed_mps is None
    assert minutes[1].missing_s == pytest.approx(3.1)
    assert sum(m.n_steps for m in minutes) == sum(len(b.steps) for b in blocks)


def test_a_block_too_short_to_settle_is_used_whole_and_says_so() -> None:
    run = made_run(60.0, speeds=(2.5, 3.0, 2.5, 3.0))
    assert [b.settled for b in blocks_of(run)] == [True, False, False, False]
    assert "short block" in compose(run, Texts("en")).groups[0].note


def test_a_group_says_what_was_left_out_and_nothing_else() -> None:
    def note(run: Run) -> str:
        return compose(run, Texts("en")).groups[0].note.split(" · ")[1]

    whole = made_run(speeds=(2.5,))
    assert note(whole) == "running from the start, nothing left out"
    assert by_speed(whole)[0].n_steps == len(whole.running)
    late = replace(whole, start_s=-20.0)
    assert note(late) == "first 15 s left out"
    assert by_speed(late)[0].n_steps == len(late.running) - 45
    twice = made_run(400.0, speeds=(2.5, 3.0, 2.5, 3.0))
    assert note(twice) == "first 15 s after each change of speed left out"


def test_cut_steps_do_not_count() -> None:
    run = replace(made_run(speeds=(2.5,)), cuts=(Span(0.0, 150.0),))
    assert all(s.ic_s >= 150.0 for b in blocks_of(run) for s in b.steps)
    with pytest.raises(RecordingError, match="cut"):
        compose(replace(run, cuts=(Span(0.0, 400.0),)), Texts("en"))


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [(2.5, 2.5 + 0.3 / 3.6, True), (2.5, 2.5 + 0.31 / 3.6, False), (None, None, True), (None, 2.5, False)],
)
def test_equal_speeds(a: float | None, b: float | None, same: bool) -> None:
    assert same_speed(a, b) is same
    assert same_speed(b, a) is same


# -- the command ------------------------------------------------------------------------------------------------------


def test_stride_report_writes_pdf_and_html(session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pdf, page = tmp_path / "r.pdf", tmp_path / "r.html"
    assert (
        main(["report", str(session), "-o", str(pdf), "--lang", "nl", "--client", "K-3", "--practice", "Praktijk"]) == 0
    )
    assert str(pdf) in capsys.readouterr().out
    text = text_of(pdf.read_bytes())
    assert "K-3" in text
    assert "Praktijk" in text
    assert "10,1 km/u" in text
    run = load_file(session)
    assert run.provenance.sha256 in text.replace(" ", "")
    assert run.started is not None
    assert main(["report", str(session), "-o", str(page), "--lang", "en", "--copy", "client"]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("r.docx", "ends in .pdf, .html or .txt"),
        ("r.pfd", "r.pdf?"),
        ("r", "has no ending"),
        ("no/r.pdf", "There is no folder"),
        ("taken.pdf", "--overwrite"),
    ],
)
def test_it_says_what_is_wrong_with_the_output(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str, words: str
) -> None:
    (tmp_path / "taken.pdf").write_text("mine")
    assert main(["report", str(session), "-o", str(tmp_path / out)]) == 2
    assert words in capsys.readouterr().err
    assert (tmp_path / "taken.pdf").read_text() == "mine"


def test_it_says_what_is_wrong_with_the_recording(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(session.with_name("rum.stride")), "-o", str(tmp_path / "r.pdf")]) == 2
    assert "Did you mean" in capsys.readouterr().err
    still = tmp_path / "still.stride"
    live = imu.Session.simulate(
        imu.Simulation(standing_s=30.0), out=still, duration_s=10.0, realtime=False
    )  # fmt: skip
    live.start()
    assert live.wait(60.0)
    live.stop()
    assert main(["report", str(still), "-o", str(tmp_path / "r.pdf")]) == 2
    assert "holds no steps" in capsys.readouterr().err
    assert not (tmp_path / "r.pdf").exists()


def test_flagged_steps_do_not_change_the_mean_but_are_counted_as_running() -> None:
    run = made_run(speeds=(2.5,))
    odd = replace(run.steps[50], load_peak_g=9.0, quality=Quality.SATURATED)
    changed = replace(run, steps=(*run.steps[:50], odd, *run.steps[51:]))
    assert by_speed(changed)[0].summary["load_peak_g"]["value"] == pytest.approx(
        by_speed(run)[0].summary["load_peak_g"]["value"], abs=0.001
    )
    assert len(changed.running) == len(run.running)
