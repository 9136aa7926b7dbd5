"""What `stride validate` prints and the page it writes: intervals, conditions, peers, asymmetry, plots."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from imu.cli import main, validate_tables
from imu.cli.text import plain
from imu.exchange.npz import read_npz
from imu.types import ActivityKind, Analysis, Recording, Side, Step
from imu.validate import Scored, evaluate, recordings_below, report
from imu.validate.page import page_of
from imu.validate.peers import FIGURES, own_figures, own_rows, peers_of
from imu.validate.svg import Plot, round_ticks, span
from tests.make_npz import contacts, running, write

SET = "A_sacrum_grf_treadmill"
VOID = {"meta", "br", "circle", "path", "line", "link"}


def steps_of(recording: Recording, shift: float, longer_b: float) -> tuple[Step, ...]:
    """Steps at the true contacts, later by a shift; every second one sooner by 10 ms, longer and stronger."""
    return tuple(
        Step(
            index=k,
            activity=ActivityKind.RUNNING,
            side=Side.LEFT if k % 2 == 0 else Side.RIGHT,
            side_confidence=1.0,
            ic_s=float(ic) + shift,
            tc_s=float(ic) + shift + 0.24,
            contact_time_s=0.24 + (longer_b if k % 2 else 0.0),
            vgrf_peak_bw=2.5 * (1.1 if k % 2 else 1.0),
            ic_latency_s=0.06,
        )
        for k, ic in enumerate(contacts())
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three recordings of one person: two speeds, one slope; errors of 4, 8 and 12 ms."""
    ic = contacts()
    for k, (speed, slope) in enumerate(((2.5, 0.0), (2.5, 0.0), (3.0, 5.0))):
        meta: dict[str, Any] = {"dataset": SET, "placement": "sacrum", "activity": "running", "subject": "one"}
        meta |= {"speed_mps": speed, "slope_deg": slope, "acc_axes": ["up", "right", "forward"]}
        letters = np.array(["A", "B"] * 50)[: len(ic)]
        truth: dict[str, Any] = {
            "truth_ic": ic - 0.004 * (k + 1),
            "truth_ic_side": letters,
            "truth_side": letters,
            "truth_stance_ic": ic - 0.004 * (k + 1),
            "truth_to": ic + 0.24,
            "truth_contact_time": np.full(len(ic), 0.24),
            "truth_active_peak_bw": np.where(letters == "B", 2.6, 2.4),
            "truth_peak_bw": np.full(len(ic), 2.6),
        }
        write(tmp_path / f"trial{k} <1>.npz", running(), meta=meta, **truth)
    return tmp_path


def scored_of(folder: Path, shift: float = 0.0, longer_b: float = 0.0) -> list[Scored]:
    def analyze(recording: Recording) -> Analysis:
        return Analysis(steps_of(recording, shift, longer_b), (), {}, recording.stream)

    return [s for e in evaluate(recordings_below(folder), read_npz, analyze) for s in e.scored]


def test_intervals_and_leave_one_out_stand_beside_the_figures(folder: Path) -> None:
    (row,) = report(scored_of(folder))["groups"]
    low, high = row["intervals_95"]["ic_rmse_ms"]
    assert 4.0 - 1e-6 <= low < row["ic"]["agreement_ms"]["rmse"] < high <= 12.0 + 1e-6
    assert row["intervals_95"]["ic_f1"] == [1.0, 1.0]
    # errors 4, 8, 12: taken off the mean of the others 10, 8, 6, there remain -6, 0, 6
    assert row["leave_one_recording_out"]["ic_rmse_ms"] == pytest.approx(np.sqrt(24.0), abs=0.01)
    assert row["leave_one_recording_out"]["contact_time_rmse_ms"] == pytest.approx(0.0, abs=1e-6)
    one = report(scored_of(folder)[:1])["groups"][0]
    assert one["intervals_95"]["ic_rmse_ms"] is None
    assert one["leave_one_recording_out"]["ic_rmse_ms"] is None


def test_left_right_difference_is_compared_on_the_same_steps(folder: Path) -> None:
    (row,) = report(scored_of(folder, longer_b=0.024))["groups"]
    found = row["asymmetry"]
    assert found["peak_force"]["trials"] == 3
    assert found["peak_force"]["rmse_pp"] == pytest.approx(200.0 * (0.1 / 2.1) - 8.0, abs=1e-6)
    assert found["peak_force"]["zero_rmse_pp"] == pytest.approx(8.0)
    assert found["peak_force"]["right_sign"] == 3
    assert found["contact_time"]["rmse_pp"] == pytest.approx(200.0 * 0.1 / 2.1)
    assert found["contact_time"]["zero_rmse_pp"] == pytest.approx(0.0)
    assert found["step_time"]["rmse_pp"] == pytest.approx(0.0, abs=1e-6)


def test_each_speed_and_slope_has_a_row(folder: Path) -> None:
    made = report(scored_of(folder))
    rows = [(r["speed_mps"], r["slope_deg"], r["recordings"]) for r in made["conditions"]]
    assert rows == [(2.5, 0.0, 2), (3.0, 5.0, 1)]
    assert made["conditions"][1]["ic"]["agreement_ms"]["bias"] == pytest.approx(12.0)
    assert report(scored_of(folder)[:2])["conditions"] == []


def test_peers_appear_for_their_own_set_only(folder: Path) -> None:
    assert peers_of({"something else"}) == []
    rows = peers_of({SET})
    assert {r["set"] for r in rows} == {SET}
    assert all(set(r) == {"set", "place", "activity", "method", *FIGURES} for r in rows)
    assert all(any(r[f] is not None for f in FIGURES) for r in rows)
    (group,) = report(scored_of(folder))["groups"]
    assert own_figures(group)["ic_f1"] == 1.0
    assert [r["ic_f1"] for r in own_rows(group)] == [1.0, group["ic"]["whole"]["f1"]]
    assert own_figures(group)["ic_rmse_ms"] == group["leave_one_recording_out"]["ic_rmse_ms"]


@pytest.mark.parametrize("width", [100, 140, 160, 180, 200])
def test_nothing_is_cut_off_at_common_widths(
    folder: Path, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(validate_tables, "console", lambda: Console(width=width, highlight=False))
    validate_tables.print_report(plain(report(scored_of(folder))), conditions=True)
    out = capsys.readouterr().out
    assert "…" not in out
    assert max(len(line) for line in out.splitlines()) <= width
    for words in ("95 % intervals", "Left/right difference", "Beside other methods", "Reenalda", "A 3.00 m/s +5°"):
        assert words in out
    validate_tables.print_report(plain(report(scored_of(folder))))
    assert "m/s" not in capsys.readouterr().out


def test_a_long_name_of_a_set_is_folded_and_never_confused_with_another(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(validate_tables, "console", lambda: Console(width=100, highlight=False))
    made = plain(report(scored_of(folder)))
    for number, group in enumerate(made["groups"]):
        group["set"] = f"recordings_of_the_hall_{number}"
    validate_tables.print_report(made)
    out = capsys.readouterr().out
    assert "…" not in out
    assert max(len(line) for line in out.splitlines()) <= 100


class Page(HTMLParser):
    """Checks that tags are closed in order and collects what the page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.seen: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] = self.seen.get(tag, 0) + 1
        self.loads += [str(v) for k, v in attrs if k in {"src", "href", "xlink:href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read_page(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    return page


def test_the_page_holds_everything_and_loads_nothing(folder: Path) -> None:
    scored = scored_of(folder)
    text = page_of(plain(report(scored, [("/home/somebody/x/y.npz", "why not")])), scored, read_npz)
    page = read_page(text)
    assert page.loads == []
    assert "script" not in page.seen
    # four agreement plots, four against speed, four against slope, one worst recording
    assert page.seen["svg"] == 13
    for words in (
        "Agreement",
        "Error against speed and slope",
        "Worst recordings",
        "Reenalda 2021",
        "not a medical device",
    ):
        assert words in text
    assert "trial2 &lt;1&gt;.npz" in text  # the largest error; and a file's name is text, not markup
    assert "/home/somebody" not in text
    assert not re.findall(r"\bnan\b|\bNone\b", text)
    avoided = ("injury", "abnormal", "pathological", "unsafe", "overload", "healthy limit", "good leg", "bad leg")
    assert not [w for w in avoided if w in text.lower()]


def test_a_page_of_recordings_without_a_step_is_whole(folder: Path) -> None:
    def nothing(recording: Recording) -> Analysis:
        return Analysis((), (), {}, recording.stream)

    scored = [s for e in evaluate(recordings_below(folder), read_npz, nothing) for s in e.scored]
    page = read_page(page_of(plain(report(scored)), scored, read_npz))
    assert page.seen["svg"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--report", "page.pdf"), "does not end in .html"), (("--report", "no/such/page.html"), "no folder")],
)
def test_a_report_that_cannot_be_written_is_said_first(
    tmp_path: Path, arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(tmp_path), *arguments]) == 2
    assert words in capsys.readouterr().err


def test_the_command_writes_the_page(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "page.html"
    assert main(["validate", str(folder), "--conditions", "--report", str(file)]) == 0
    said = capsys.readouterr()
    assert "m/s" in said.out
    assert str(file) in said.err
    assert read_page(file.read_text(encoding="utf-8")).seen["svg"] > 3


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 6.0, [0, 1, 2, 3, 4, 5, 6]),
        (-12.0, 14.0, [-10, -5, 0, 5, 10]),
        (0.013, 0.061, [0.02, 0.03, 0.04, 0.05, 0.06]),
    ],
)
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    assert round_ticks(low, high) == pytest.approx(ticks)


def test_axes_hold_their_values_and_what_lies_outside_is_shown_at_the_edge() -> None:
    assert span([]) == (0.0, 1.0)
    assert span([2.0, 2.0])[0] < 2.0 < span([2.0, 2.0])[1]
    low, high = span(np.array([1.0, np.nan, 3.0]))
    assert (low, high) == pytest.approx((0.88, 3.12))
    plot = Plot("a <b>", "x", "y", (0.0, 1.0), (0.0, 1.0))
    plot.points(np.array([0.5, 0.5, np.nan]), np.array([0.5, 9.0, 0.5]), "#000")
    plot.line(np.array([0.0, np.nan, 1.0, 1.0]), np.array([0.0, 0.0, 1.0, 0.5]), "#000")
    text = plot.text()
    assert text.count("<circle") == 1
    assert len(re.findall(r'<path d="M[\d.]+ [\d.]+h8l', text)) == 1
    assert "a &lt;b&gt;" in text
    figures: Any = re.search(r'<path d="([^"]*)" fill="none"', text)
    assert figures[1].count("M") == 2
