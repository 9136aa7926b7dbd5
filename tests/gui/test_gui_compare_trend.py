"""Comparison and trend: like with like only, the measurement error beside each difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from made_run import made_run, past, scaled, small_library
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.review.compare import compare, first_pair, options_of
from gui.review.history import History, client_history, history_of, trend_speeds
from gui.review.trend import TREND_METRICS, metric_of, trend_of
from gui.views.compare_page import ComparePage
from gui.views.library_page import LibraryPage
from gui.views.session_frame import ReviewPage
from gui.views.session_page import SessionPage
from gui.views.session_routes import Routes
from gui.views.trend_page import TrendPage
from imu import api
from imu.api import Library
from imu.errors import ImuError
from imu.types import Place

LOAD = metric_of("load_peak_g")


def look(language: str = "en") -> Look:
    return Look(theme.LIGHT, theme.load_fonts(), Texts(language))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with small_library(tmp_path_factory.mktemp("library")) as made:
        yield made


# -- comparison -------------------------------------------------------------------------------------------------------


def test_two_blocks_of_one_session_at_one_speed_are_compared_with_the_error() -> None:
    options = options_of(1, made_run(600.0, speeds=(2.5, 3.0, 2.5)), Texts())
    a, b = first_pair(options)
    shown = compare(options[a], options[b], (), Texts())
    assert not shown.refused
    load = shown.rows[0]
    means = [np.mean([s.load_peak_g for s in options[k].at.steps]) for k in (a, b)]
    assert load.change.startswith(f"{means[1] - means[0]:+.2f}".replace("-", "\u2212"))
    assert load.error.startswith("±")
    assert load.larger is True
    assert load.verdict == "larger than the error"
    cadence = next(r for r in shown.rows if r.name == "Cadence")
    assert cadence.verdict == "not larger than the error"


def test_a_force_has_the_interval_of_its_model_not_that_of_its_mean() -> None:
    run = made_run(600.0, speeds=(2.5, 3.0, 2.5))
    run = replace(run, steps=tuple(replace(s, vgrf_peak_bw=2.0 + 0.01 * (s.index % 3)) for s in run.steps))
    options = options_of(1, run, Texts())
    a, b = first_pair(options)
    force = next(r for r in compare(options[a], options[b], (), Texts()).rows if r.name == "Peak vertical force")
    model = options[a].at.summary["method"]["vgrf_peak_model_half_width_95_bw"]
    assert force.first.endswith(f"±\u00a0{model:.2f}")
    assert force.second.endswith(f"±\u00a0{model:.2f}")


def test_what_is_not_alike_is_not_compared() -> None:
    t = Texts()
    slow, fast = (o for o in options_of(1, made_run(), t)[:2])
    assert compare(slow, fast, (), t).refused
    assert "not the same speed" in compare(slow, fast, (), t).sentence
    assert "two different" in compare(slow, slow, (), t).sentence
    (unknown,) = options_of(2, made_run(speeds=(None,)), t)
    assert "speed is not known" in compare(unknown, slow, (), t).sentence
    other = replace(slow, session_id=2)
    assert "two places" in compare(slow, replace(other, place=Place.FOOT), (), t).sentence
    assert "filter versions" in compare(slow, replace(other, filter_version="old"), (), t).sentence


@pytest.mark.parametrize(("people", "decided"), [(0, False), (3, True)])
def test_two_sessions_are_judged_only_where_it_is_known_how_much_sessions_differ(people: int, decided: bool) -> None:
    first = options_of(1, made_run(speeds=(2.5,)), Texts())[0]
    second = options_of(2, scaled(made_run(speeds=(2.5,)), 1.2), Texts())[0]
    pasts = [past(k, 1.0 + 0.02 * (k % 2), client=c) for c in range(people) for k in range(3)]
    shown = compare(first, second, pasts, Texts())
    assert (shown.rows[0].larger is not None) is decided
    assert shown.rows[0].larger is (True if decided else None)
    assert (shown.rows[0].verdict == "cannot be told") is not decided
    assert ("not known here yet" in shown.sentence) is not decided


def test_the_compare_page_shows_two_sessions_and_refuses_what_is_missing(library: Library, qtbot: QtBot) -> None:
    newer, older = [r.id for r in library.sessions() if r.client_code == "K-017"]
    page = ComparePage(library, [older, newer], look("nl"))
    qtbot.addWidget(page)
    page.resize(1280, 720)
    page.show()
    assert [page.options[k].session_id for k in page.pair] == [older, newer]
    heads, rows = page.card.content()
    assert len(rows) >= 5
    assert all("±" in row[1] and "," in row[1] for row in rows if row[0] == "Belasting bij het bekken")
    assert len(heads) == len(rows[0])
    page.grab()
    page.choose(0, 0)
    assert not page.card.rows.isVisible()
    assert "verschillende" in page.card.said.text()
    with pytest.raises(ImuError):
        ComparePage(library, [12345], look())


def test_from_a_session_it_is_compared_with_the_one_before(library: Library, qtbot: QtBot) -> None:
    newer, older = [r.id for r in library.sessions() if r.client_code == "K-017"]
    first = next(r.id for r in library.sessions() if r.client_code != "K-017")
    routes = Routes(library, look(), lambda page: None, lambda: None, lambda session, back: None)
    assert routes.with_earlier(newer) == [older, newer]
    assert routes.with_earlier(older) == [older]
    assert routes.with_earlier(12345) == [12345]
    page = ComparePage(library, routes.with_earlier(newer), look())
    qtbot.addWidget(page)
    assert [page.options[k].session_id for k in page.pair] == [older, newer]
    assert page.card.comparison.rows
    alone = ComparePage(library, routes.with_earlier(first), look())
    qtbot.addWidget(alone)
    assert len(alone.options) == 1
    assert "first session of this client" in alone.card.said.text()


def test_the_newest_pair_that_is_alike_comes_first() -> None:
    t = Texts()
    (one,) = options_of(1, made_run(speeds=(2.5,)), t)
    sessions = [replace(one, session_id=k) for k in range(1, 5)]
    assert first_pair(sessions) == (2, 3)
    sessions[2] = replace(sessions[2], filter_version="old")
    assert first_pair(sessions) == (1, 3)
    slow, fast = options_of(5, made_run(), t)[:2]
    assert first_pair([slow, fast]) == (0, 1)  # nothing fits: the page says why
    assert first_pair([slow]) == (0, 0)


# -- trend ------------------------------------------------------------------------------------------------------------


def test_others_are_hollow_and_say_why() -> None:
    pasts = [
        past(0),
        past(1, speed=3.2),
        past(2, place=Place.HIP),
        past(3, filter_version="2025.9"),
        past(4, 1.01),
    ]
    trend = trend_of(pasts, 2.5, LOAD, History(tuple(pasts[:-1])), Texts())
    assert [p.hollow for p in trend.chart.points] == [False, True, True, True, False]
    assert "11.5 km/h" in trend.chart.points[1].why
    assert "elsewhere" in trend.chart.points[2].why
    assert "2025.9" in trend.chart.points[3].why
    assert "the one earlier session" in trend.sentence
    assert "cannot be told" in trend.note


def test_the_change_and_the_usual_range_are_those_of_the_metrics() -> None:
    factors = (1.0, 1.02, 0.98, 1.01, 1.2)
    pasts = [past(k, f) for k, f in enumerate(factors)]
    history = History(tuple(pasts[:-1]))
    trend = trend_of(pasts, 2.5, LOAD, history, Texts("nl"))
    change = history.change(pasts[-1], pasts[-1].speeds[0], "load_peak_g")
    assert change is not None
    assert change.n_sessions == 4
    assert change.change_pct is not None
    assert trend.sentence.startswith(f"+{change.change_pct:.1f}".replace(".", ","))
    assert trend.note.startswith("Groter dan de meetfout")
    usual = history.usual(pasts[-1], pasts[-1].speeds[0], "load_peak_g")
    assert trend.chart.usual == (usual.low, usual.high)
    assert all(trend.chart.low <= p.value <= trend.chart.high for p in trend.chart.points)
    assert len(trend.rows) == 5


@pytest.mark.parametrize("metric", TREND_METRICS, ids=lambda m: m.name)
def test_every_number_has_a_trend_or_says_that_there_is_none(metric) -> None:
    pasts = [past(k, 1.0 + 0.01 * k) for k in range(4)]
    trend = trend_of(pasts, 2.5, metric, History(tuple(pasts[:-1])), Texts())
    assert trend.sentence
    assert len(trend.chart.points) == (0 if metric.name == "vgrf_peak_bw" else 4)


def test_a_client_without_sessions_or_speed() -> None:
    trend = trend_of([], None, LOAD, History(), Texts())
    assert trend.sentence == "No session of this client at a known speed."
    assert trend_speeds([past(0, speed=2.5), past(1, speed=2.55), past(2, speed=3.5)]) == [2.55, 3.5]


def test_the_steps_of_a_session_without_its_samples_are_the_same(library: Library) -> None:
    session = library.sessions()[0].id
    light, whole = api.session_steps(library, session), library.session(session)
    assert light.steps == whole.steps
    assert light.gaps == whole.gaps
    assert [b.speed_mps for b in light.speeds] == [b.speed_mps for b in whole.speeds]
    assert light.filter_version == whole.provenance.filter_version


def test_history_looks_back_only_and_keeps_clients_apart(library: Library) -> None:
    newer, older = [r.id for r in library.sessions() if r.client_code == "K-017"]
    today, history = history_of(library, newer)
    assert [p.id for p in history.earlier] == [older]
    assert {p.client_id for p in history.others} == {r.client_id for r in library.sessions()} - {today.client_id}
    assert history_of(library, older)[1].earlier == ()


def test_the_trend_page_follows_its_choices(library: Library, qtbot: QtBot) -> None:
    client = next(c for c in library.clients() if c.code == "K-017")
    page = TrendPage(library, client.id, look())
    qtbot.addWidget(page)
    page.resize(1280, 720)
    page.show()
    assert page.card.trend is not None
    assert len(page.card.trend.chart.points) == 2
    page.metric_box.activated.emit(3)
    assert "Cadence" in page.card.title
    page.grab()
    with qtbot.waitSignal(page.session_opened) as opened:
        page.rows.cellActivated.emit(0, 0)
    assert opened.args == [client_history(library, client.id)[0].id]
    empty = TrendPage(library, next(c for c in library.clients() if c.code == "K-099").id, look("nl"))
    qtbot.addWidget(empty)
    empty.resize(1280, 720)
    empty.grab()
    assert empty.card.trend is not None
    assert empty.card.trend.sentence.startswith("Geen sessie")


# -- the way there and back -------------------------------------------------------------------------------------------


def test_pages_lead_to_comparison_and_trend_and_back(library: Library, qtbot: QtBot) -> None:
    shown: list[QWidget] = []
    asked: list[str] = []

    def show(page: QWidget) -> None:
        qtbot.addWidget(page)
        shown.append(page)

    routes = Routes(
        library,
        look(),
        show,
        lambda: asked.append("library"),
        lambda session, _back: asked.append(f"session {session}"),
    )
    newer, older = [r for r in library.sessions() if r.client_code == "K-017"]
    listing = LibraryPage(library, look())
    one = SessionPage(library, newer.id, look())
    for page in (listing, one):
        qtbot.addWidget(page)
        routes.wire(page)
    listing.compare_asked.emit(older.id, newer.id)
    listing.trend_asked.emit(newer.client_id)
    one.compare_button.click()
    one.trend_button.click()
    assert [type(p) for p in shown] == [ComparePage, TrendPage, ComparePage, TrendPage]
    for page in shown:
        assert isinstance(page, ReviewPage)
        page.back_button.click()
    assert asked == ["library", "library", f"session {newer.id}", f"session {newer.id}"]
    listing.compare_asked.emit(777, 778)
    assert listing.said.startswith("Not done")
