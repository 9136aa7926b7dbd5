"""What a comparison shows: two stretches at one speed, the difference of every number and its measurement error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from gui.i18n import Texts
from gui.numbers import clock, contrast, half_width, number
from gui.review.blocks import AtSpeed, blocks_of, by_speed, same_speed
from gui.review.history import Past, value_of
from gui.review.run import Run
from gui.review.words import METRICS, Metric, estimate_texts, metric_name, speed_words, whole
from imu import api
from imu.api import BetweenSessions, Difference
from imu.types import Estimate, Place


@dataclass(frozen=True, slots=True)
class Option:
    """A stretch that can be compared.

    Attributes
    ----------
    session_id : int
    at : AtSpeed
    place : Place
    filter_version : str
    text : str
        Name in the list of choices.
    """

    session_id: int
    at: AtSpeed
    place: Place
    filter_version: str
    text: str


class Row(NamedTuple):
    """One number: texts of both sides, difference, error and verdict; `pct`, `half` for the chart (None = unknown)."""

    name: str
    first: str
    second: str
    change: str
    error: str
    verdict: str
    larger: bool | None
    pct: float | None
    half: float | None
    key: str = ""  # of the catalogue


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows, and a sentence: what was compared, or why it was not."""

    rows: tuple[Row, ...]
    sentence: str
    refused: bool


def options_of(session_id: int, run: Run, t: Texts) -> list[Option]:
    """Each speed of a session as a whole, and its blocks one by one where it has several."""
    date = run.started.strftime("%d-%m-%Y %H:%M") if run.started else ""  # up to four runs in one visit
    out = []
    for at in by_speed(run):
        words = speed_words(at.speed_mps, t)
        text = t("compare.option", date=date, speed=words, n=whole(at.n_steps))
        out.append(Option(session_id, at, run.settings.place, run.provenance.filter_version, text))
    blocks = blocks_of(run)
    if len(blocks) > 1:
        for block in blocks:
            (at,) = by_speed(run, [block])
            start, end = (clock(x - run.start_s) for x in block.span)
            text = t("compare.option_block", date=date, speed=speed_words(block.speed_mps, t), start=start, end=end)
            out.append(Option(session_id, at, run.settings.place, run.provenance.filter_version, text))
    return out


def first_pair(options: Sequence[Option]) -> tuple[int, int]:
    """Positions of two stretches that can be compared: the newest session and the one before, else blocks of one.

    Parameters
    ----------
    options : sequence of Option
        The oldest session first.
    """
    order = {session_id: k for k, session_id in enumerate(dict.fromkeys(o.session_id for o in options))}

    def rank(pair: tuple[int, int]) -> tuple[bool, bool, int, int]:
        a, b = (options[k] for k in pair)
        alike = a.place is b.place and a.filter_version == b.filter_version
        return not alike, a.session_id == b.session_id, -order[b.session_id], -order[a.session_id]

    pairs = [(a, b) for a in range(len(options)) for b in range(a + 1, len(options))]
    return min((p for p in pairs if _fits(options[p[0]], options[p[1]])), key=rank, default=(0, len(options[:2]) - 1))


def _fits(a: Option, b: Option) -> bool:
    if a.at.speed_mps is None or not same_speed(a.at.speed_mps, b.at.speed_mps):
        return False
    return a.session_id != b.session_id or _apart(a.at, b.at)


def _apart(a: AtSpeed, b: AtSpeed) -> bool:
    """Whether two stretches have no step in common."""
    return not {s.index for s in a.steps} & {s.index for s in b.steps}


def refuse(first: Option, second: Option, t: Texts) -> str:
    """Say why two stretches cannot be compared; empty where they can."""
    a, b = first.at.speed_mps, second.at.speed_mps
    if first.session_id == second.session_id and not _apart(first.at, second.at):
        return t("compare.same_choice")
    if a is None or b is None:
        return t("compare.no_speed")
    if not same_speed(a, b):
        return t("compare.not_same", a=speed_words(a, t), b=speed_words(b, t))
    if first.place is not second.place:
        return t("compare.other_place")
    if first.filter_version != second.filter_version:
        return t("compare.other_filter")
    return ""


def pooled_of(pasts: Sequence[Past], option: Option) -> dict[str, BetweenSessions]:
    """How much the sessions of one person differ at this speed, per number, from all clients of the library."""
    found: dict[str, BetweenSessions] = {}
    for metric in METRICS:
        people: dict[int, list[api.SessionValue]] = {}
        for past in pasts:
            at = past.at(option.at.speed_mps)
            value = None if at is None else value_of(past, at, metric.name)
            like = past.place is option.place and past.filter_version == option.filter_version
            if value is not None and like and past.client_id is not None:
                people.setdefault(past.client_id, []).append(value)
        between = api.between_sessions(people.values())
        if between is not None:
            found[metric.name] = between
    return found


def compare(first: Option, second: Option, pasts: Sequence[Past], t: Texts) -> Comparison:
    """Compare two stretches.

    Parameters
    ----------
    first, second : Option
    pasts : sequence of Past
        Sessions of the library: how much sessions of one person differ.
    t : Texts
    """
    refused = refuse(first, second, t)
    if refused:
        return Comparison((), refused, refused=True)
    one = first.session_id == second.session_id
    pooled = {} if one else pooled_of(pasts, first)
    found = api.compare_steps(first.at.steps, second.at.steps, place=first.place, same_session=one, pooled=pooled)
    rows = tuple(
        _row(found[m.name], _shown(found[m.name], m, first, second), m, first.place, t)
        for m in METRICS
        if found[m.name].first.value is not None
    )
    if one:
        sentence = t("compare.one_session")
    elif "load_peak_g" in pooled:
        people = pooled["load_peak_g"].people
        sentence = t("compare.two_sessions_one") if people == 1 else t("compare.two_sessions", n=people)
    else:
        sentence = t("compare.two_unknown")
    return Comparison(rows, sentence, refused=False)


def _shown(difference: Difference, metric: Metric, first: Option, second: Option) -> tuple[Estimate, Estimate]:
    """Both values with their intervals; that of a force is its model's, which cancels in the difference only."""
    pair = (difference.first, difference.second)
    if metric.name != "vgrf_peak_bw":
        return pair
    halves = [option.at.summary["method"]["vgrf_peak_model_half_width_95_bw"] for option in (first, second)]
    return replace(pair[0], half_width=halves[0]), replace(pair[1], half_width=halves[1])


def _row(difference: Difference, pair: tuple[Estimate, Estimate], metric: Metric, place: Place, t: Texts) -> Row:
    unit = t(metric.unit_key)

    def value(estimate: Estimate) -> str:
        shown, interval = estimate_texts(estimate, metric, t)
        return f"{shown}\u00a0{unit} {interval}".strip() if shown else ""

    change = error = ""
    decimals = metric.decimals + (metric.decimals == 0)
    larger = difference.larger_than_error
    if difference.change is not None and difference.half_width is not None:
        absolute, half = difference.change * metric.factor, difference.half_width * metric.factor
        decimals, reads = contrast(absolute, half, decimals, larger=bool(larger))
        change = f"{number(absolute, decimals, t.language, plus=True)}\u00a0{unit}"
        error = half_width(half, decimals, t.language)
        if difference.change_pct is not None:
            pct, half_pct = difference.change_pct, difference.half_width_pct
            shown, reads_pct = contrast(pct, half_pct, 1, larger=bool(larger))
            change += f" ({number(pct, shown, t.language, plus=True)}\u00a0%)"
            error += f" ({half_width(half_pct, shown, t.language)}\u00a0%)"
            reads = reads and reads_pct
        larger = reads if larger else larger
    if difference.reason == "too_few_steps":
        verdict = t("compare.too_few")
    elif larger is None:
        verdict = t("compare.undecided")
    else:
        verdict = t("compare.larger" if larger else "compare.not_larger")
    name = metric_name(metric, place, t).removesuffix(" *")
    return Row(
        name,
        value(pair[0]),
        value(pair[1]),
        change,
        error,
        verdict,
        larger,
        difference.change_pct,
        difference.half_width_pct,
        metric.name,
    )
