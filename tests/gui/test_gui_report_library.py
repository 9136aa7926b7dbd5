"""The report of a session of the library: compared with earlier ones, and with what the library tells."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from made_run import made_run, past, small_library
from pypdf import PdfReader
from report_tools import recorded_run, text_of

from gui import theme
from gui.i18n import Texts
from gui.preferences import StoredPreferences
from gui.reports.compose import Typed, compose
from gui.reports.html import to_html
from gui.reports.paragraph import paragraph_of
from gui.reports.shown import TrendChart
from gui.reports.write import to_pdf
from gui.review.history import History
from gui.review.stored import of_stored
from gui.review.told import with_library
from imu.api import Library
from imu.cli import main


@pytest.fixture(scope="module")
def family(qapp) -> str:
    return theme.load_fonts()


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded_run(tmp_path_factory.mktemp("report"))


def test_a_session_of_the_library_is_compared_with_the_earlier_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with small_library(tmp_path) as library:
        newer, older = [r.id for r in library.sessions() if r.client_code == "K-017"]
    monkeypatch.setenv("STRIDE_LIBRARY", str(tmp_path / "small.stride-library"))
    texts = {}
    for session in (newer, older):
        out = tmp_path / f"{session}.pdf"
        assert main(["report", str(session), "-o", str(out), "--lang", "en"]) == 0
        texts[session] = text_of(out.read_bytes())
    assert "against the one earlier session" in texts[newer]
    assert "Load at the pelvis at 10.1 km/h" in texts[newer]
    assert "There is no earlier session to compare with." in texts[older]
    assert "K-017" in texts[newer]
    capsys.readouterr()
    assert main(["report", "999", "-o", str(tmp_path / "r.pdf")]) == 2
    assert "no session 999" in capsys.readouterr().err
    assert main(["report", str(newer), "-o", str(tmp_path / "r.pdf"), "--mass-kg", "70"]) == 2
    assert "its own settings" in capsys.readouterr().err


def test_change_usual_range_and_error_stand_in_the_table(family: str) -> None:
    history = History(tuple(past(k, 1.0 + 0.01 * (k % 3)) for k in range(4)))
    today = past(9, 1.2)
    run = replace(made_run(120.0, speeds=(2.5,)), steps=today.speeds[0].steps)
    report = compose(run, Texts("nl"), Typed("record"), (today, history))
    assert report.compared
    load = report.groups[0].rows[0]
    assert load.larger
    assert load.change.startswith("+")
    assert load.error.startswith("±")
    assert " – " in load.usual
    assert "Groter dan de meetfout" in report.sentence_note
    assert isinstance(report.second_chart, TrendChart)
    assert len(report.second_chart.points) == 5
    text = text_of(to_pdf(report, family))
    assert load.usual in text
    assert "gebruikelijk bereik" in text
    assert load.usual in to_html(report, family)
    assert load.verdict == "ja"
    verdicts = {row.name: row.verdict for row in report.groups[0].rows}
    assert verdicts["Pasfrequentie"] == "nee"
    assert "boven fout" in text
    assert "<b>ja</b>" in to_html(report, family)


def test_the_left_right_difference_is_compared_in_points_with_its_usual_range(family: str) -> None:
    history = History(tuple(past(k, 1.0 + 0.01 * (k % 3)) for k in range(4)))
    run = replace(made_run(120.0, speeds=(2.5,)), steps=past(9).speeds[0].steps)
    report = compose(run, Texts("nl"), Typed("record"), (past(9), history))
    (row,) = (row for row in report.groups[0].rows if row.name == "Links-rechts, belasting")
    load = report.groups[0].rows[0]
    assert (row.value, row.interval) == (load.difference, load.difference_interval)
    assert row.change.endswith("\xa0pp")
    assert report.table_note.endswith("pp = procentpunt.")
    low, high = row.usual.split(" – ")
    assert low[0] in "+−-"
    assert "," in high
    assert row.usual in text_of(to_pdf(report, family))
    alone = compose(run, Texts("nl"), Typed("record"))
    assert row.name not in [row.name for row in alone.groups[0].rows]


def test_the_speeds_run_stand_in_the_line_of_conditions() -> None:
    def first(language: str, *speeds: float) -> str:
        run = made_run(300.0, speeds=speeds)
        return compose(run, Texts(language)).conditions.split(" · ")[0]

    assert first("en", 3.0, 2.5) == "9 and 10.8 km/h"
    assert first("nl", 3.0, 2.5) == "9 en 10,8 km/u"
    assert first("en", 2.5) == "9 km/h"
    assert first("nl", 2.2, 2.5, 3.0) == "7,9; 9 en 10,8 km/u"  # a comma would be a decimal one
    assert first("en", 2.0, 2.3, 2.6, 2.9, 3.2) == "5 speeds from 7.2 to 11.5 km/h"
    assert compose(replace(made_run(), speeds=()), Texts("en")).conditions.startswith("sensor")


def test_the_paragraph_for_the_record_is_plain_text_with_every_row(family: str, session: Path, tmp_path: Path) -> None:
    history = History(tuple(past(k, 1.0 + 0.01 * (k % 3)) for k in range(4)))
    run = replace(made_run(120.0, speeds=(2.5,)), steps=past(9).speeds[0].steps, facts={"pain_before": "2"})
    report = compose(run, Texts("nl"), Typed("record", plan=("Drie keer per week",)), (past(9), history))
    text = paragraph_of(report)
    load = report.groups[0].rows[0]
    assert f"{load.name} {load.value} {load.interval}".replace("\xa0", " ") in text
    for words in (f"gebruikelijk bereik {load.usual}", "Pijn (0 – 10): voor 2.", "Drie keer per week.", "geschat"):
        assert words in text, words
    assert not set("\n\xa0*") & set(text)
    assert text.endswith("stelt geen diagnose.")
    assert text in to_html(report, family)
    assert text not in to_html(replace(report, copy="client"), family)
    out = tmp_path / "r.txt"
    assert main(["report", str(session), "-o", str(out), "--lang", "en"]) == 0
    assert out.read_text(encoding="utf-8").startswith("Running session report")


def test_without_enough_sessions_the_verdict_is_that_they_are_too_few() -> None:
    today = past(9, 1.2)
    run = replace(made_run(120.0, speeds=(2.5,)), steps=today.speeds[0].steps)
    report = compose(run, Texts("en"), Typed("record"), (today, History((past(1),))))
    load = report.groups[0].rows[0]
    assert (load.verdict, load.error, load.larger) == ("too few", "", False)


# -- what the library tells -------------------------------------------------------------------------------------------


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Library, int]]:
    monkeypatch.setenv("STRIDE_LIBRARY", str(tmp_path / "small.stride-library"))
    with small_library(tmp_path) as library:
        newest, older = [r for r in library.sessions() if r.client_code == "K-017"]
        assert newest.client_id is not None
        shoe = library.add_shoe(newest.client_id, "Road A", 406.0)
        for row in (newest, older):
            library.set_shoe(row.id, shoe.id)
        library.add_pain(newest.id, "before", 2, "low back")
        yield library, newest.id


def kilometres(library: Library, *sessions: int) -> list[float]:
    rows = [library.session_row(k) for k in sessions]
    return [r.headline["running_time_s"] * r.speeds_mps[0] / 1000.0 for r in rows]


def test_shoe_longest_run_and_place_of_the_pain_come_from_the_library(
    told: tuple[Library, int], tmp_path: Path
) -> None:
    library, newest = told
    mine = [r.id for r in library.sessions() if r.client_code == "K-017"]
    distances = kilometres(library, *mine)
    out = tmp_path / "r.pdf"
    assert main(["report", str(newest), "-o", str(out), "--lang", "en", "--plan", "Three times a week"]) == 0
    text = text_of(out.read_bytes())
    assert f"shoe: Road A (stated 406 km, recorded here {sum(distances):.1f} km)" in text
    assert f"Longest run at most {max(distances) * 1.1:.1f} km" in text
    assert text.index("Longest run at most") < text.index("Three times a week")
    assert "as told by the runner, low back" in text
    older = mine[1]
    assert main(["report", str(older), "-o", str(out), "--lang", "nl", "--overwrite"]) == 0
    text = text_of(out.read_bytes())
    only = f"{distances[1]:.1f}".replace(".", ",")
    assert f"hier opgenomen {only} km" in text  # what came later is not in it


def test_a_recording_alone_has_neither_kilometres_nor_a_longest_run() -> None:
    run = made_run()
    report = compose(replace(run, facts={"shoe": "Road A"}), Texts("en"))
    assert "shoe: Road A ·" in report.conditions
    assert report.plan == ()


def test_the_longest_run_leaves_lines_to_write_on_and_the_page_stays_one(
    told: tuple[Library, int], family: str
) -> None:
    library, newest = told
    for language in ("en", "nl"):
        run = with_library(of_stored(library.session(newest)), library, newest)
        for copy in ("client", "record"):
            report = compose(run, Texts(language), Typed(copy))
            assert report.plan[0]
            assert report.plan[1:] == ("", "")
            assert len(PdfReader(io.BytesIO(to_pdf(report, family))).pages) == 1


def test_stride_report_takes_the_unit_that_the_dashboard_remembers(session: Path, tmp_path: Path) -> None:
    def speeds(name: str, *more: str) -> tuple[bool, bool]:
        out = tmp_path / name
        assert main(["report", str(session), "-o", str(out), "--speed-mps", "3.0", *more]) == 0
        text = out.read_text(encoding="utf-8")
        return "km/h" in text, "min/km" in text

    assert speeds("first.html", "--lang", "en") == (True, False)
    assert speeds("asked.html", "--lang", "en", "--speed-unit", "min/km") == (False, True)
    StoredPreferences().put("speed_unit", "min/km")
    try:
        assert speeds("remembered.html", "--lang", "en") == (False, True)
        assert speeds("against.html", "--lang", "en", "--speed-unit", "km/h") == (True, False)
    finally:
        StoredPreferences().put("speed_unit", "km/h")
