"""What is called larger than its error also reads so: in the report, the trend, a comparison, the live view."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_run import made_run, past

from gui.cue import verdict_words
from gui.i18n import Texts
from gui.numbers import contrast, half_width, number
from gui.reports.compose import Typed, compose
from gui.review.compare import compare, options_of
from gui.review.history import History
from gui.review.trend import change_words, metric_of
from imu.api import Change, CueTest, Difference, Verdict
from imu.metrics.baseline import SessionValue, change_from_baseline
from imu.metrics.compare import difference
from imu.metrics.intervals import mean_of
from imu.types import Estimate

SMALL = st.floats(0.0, 3.0)


def read(text: str) -> float:
    """The number in a text, whatever its sign."""
    found = re.search(r"\d+(?:\.\d+)?", text)
    assert found is not None
    return float(found.group())


@given(SMALL, st.one_of(st.none(), SMALL), st.integers(0, 2), st.booleans())
def test_larger_reads_larger_and_nothing_else_is_called_so(
    value: float, half: float | None, decimals: int, larger: bool
) -> None:
    shown, reads = contrast(-value, half, decimals, larger=larger and half is not None and value > half)
    assert shown in {decimals, decimals + 1}
    if not reads:
        assert shown == decimals
    elif half is not None:
        assert larger
        assert value > half
        assert read(number(-value, shown, "en")) > read(half_width(half, shown, "en"))


@pytest.mark.parametrize(
    ("value", "half", "told"),
    [(0.0, 0.0, (1, False)), (1e-15, 1e-17, (1, False)), (0.04, 0.03, (2, True)), (4.0, 0.2, (1, True))],
)
def test_rounding_alone_hides_nothing_and_shows_nothing(value: float, half: float, told: tuple[int, bool]) -> None:
    assert contrast(value, half, 1, larger=value > half) == told


def test_sessions_that_are_the_very_same_show_no_change() -> None:
    history = History(tuple(past(k) for k in range(4)))
    run = replace(made_run(120.0, speeds=(2.5,)), steps=past(9).speeds[0].steps)
    report = compose(run, Texts("en"), Typed("record"), (past(9), history))
    compared = [row for row in report.groups[0].rows if row.verdict]
    assert {row.name for row in compared} >= {"Load at the pelvis", "Contact time *", "Cadence"}
    for row in compared:
        assert (row.verdict, row.larger) == ("no", False), row.name
        assert read(row.change) <= read(row.error)
    assert "Not larger than the measurement error" in report.sentence_note


@pytest.mark.parametrize("factor", [1.0, 1.0 + 3e-4, 1.0 - 2e-4, 1.02, 1.2])
def test_no_row_of_a_report_contradicts_its_verdict(factor: float) -> None:
    history = History(tuple(past(k, 1.0 + 1e-4 * (k % 3)) for k in range(4)))
    run = replace(made_run(120.0, speeds=(2.5,)), steps=past(9, factor).speeds[0].steps)
    report = compose(run, Texts("en"), Typed("record"), (past(9, factor), history))
    for row in (row for group in report.groups for row in group.rows if row.verdict in {"yes", "no"}):
        assert (read(row.change) > read(row.error)) is (row.verdict == "yes"), row.name
        assert row.larger is (row.verdict == "yes")


def test_means_of_the_very_same_numbers_do_not_differ() -> None:
    values = [SessionValue(0.1 + 0.2, 0.0, 2.5)] * 3
    today = SessionValue(0.3, 0.0, 2.5)  # differs in the last bit
    assert today.value != values[0].value
    assert change_from_baseline(today, values).larger_than_error is False
    assert change_from_baseline(replace(today, value=0.31), values).larger_than_error is True
    first, second = mean_of([0.1 + 0.2] * 20), mean_of([0.3] * 20)
    assert difference(first, second).larger_than_error is False
    assert difference(first, mean_of([0.31] * 20)).larger_than_error is True


def test_the_sentence_of_a_trend_says_what_its_numbers_say() -> None:
    change = Change(1e-3, 8e-4, 0.04, 0.03, 2.5, 5, True)
    sentence, note = change_words(change, metric_of("load_peak_g"), Texts("en"))
    assert "+0.04" in sentence
    assert note.startswith("Larger")
    assert "0.03" in note
    tiny = replace(change, change=1e-7, half_width=8e-8, change_pct=4e-6, half_width_pct=3e-6)
    assert change_words(tiny, metric_of("load_peak_g"), Texts("en"))[1].startswith("Not larger")


def test_two_stretches_of_equal_steps_do_not_differ() -> None:
    t = Texts("en")
    first, second = made_run(120.0, speeds=(2.5,)), made_run(120.0, speeds=(2.5,))
    pasts = [past(k, client=1) for k in range(3)]
    rows = compare(options_of(1, first, t)[0], options_of(2, second, t)[0], pasts, t).rows
    assert rows
    assert not any(row.larger for row in rows)


def test_a_cue_works_only_where_its_numbers_say_so() -> None:
    def said(change_pct: float, half_pct: float) -> str:
        mean = Estimate(2.5, 0.01, 80)
        change = Difference(mean, mean, change_pct / 40.0, half_pct / 40.0, change_pct, half_pct, True)
        return verdict_words(CueTest(Verdict.WORKS, "load_peak_g", change, change, change, {}, True), Texts("en"))

    assert "−8" in said(-8.0, 3.0)
    assert "−0.4" in said(-0.4, 0.25)
    assert said(-4e-9, 2e-9) == said(-4e-9, 5e-9)
