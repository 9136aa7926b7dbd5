"""Numbers as the pages show them, and how each is made: formula, filter, source, errors. No Qt."""

from __future__ import annotations

from html import escape
from typing import Any, Final, NamedTuple

from gui.i18n import Texts
from gui.numbers import half_width, number
from gui.review.blocks import Minute
from gui.review.words import (
    EXPLAINED,
    METRICS,
    MOVEMENT,
    REASONS,
    estimate_texts,
    metric_name,
    percent_texts,
    whole,
    with_unit,
)
from imu import api
from imu.api import LineCount, Movement, Symmetry
from imu.types import Estimate, Place

SIDES: Final = (
    ("load_peak_g", "review.difference_load"),
    ("contact_time_s", "review.difference_contact"),
    ("step_time_s", "review.difference_step"),
)


class Shown(NamedTuple):
    """One number: key of the catalogue, name, value with unit, interval, why there is none, and the usual range."""

    key: str
    name: str
    value: str
    interval: str
    reason: str = ""
    usual: str = ""


def numbers_of(summary: dict[str, Any], movement: Movement | None, place: Place, t: Texts) -> list[Shown]:
    """Return the numbers of a stretch as texts; what is not known is left out, but for differences: those say why.

    Parameters
    ----------
    summary : dict
        As of `imu.api.summarise`.
    movement : Movement or None
        What the samples say beside the steps.
    place : Place
    t : Texts
    """
    out = []
    for metric in METRICS:
        shown = dict(summary[metric.name])
        if metric.name == "vgrf_peak_bw":
            shown["half_width_95"] = summary["method"]["vgrf_peak_model_half_width_95_bw"]
        value, interval = estimate_texts(shown, metric, t)
        if value:
            name = metric_name(metric, place, t)
            out.append(Shown(metric.name, name, with_unit(value, metric, t), interval))
    out += _of_sides(summary, t)
    return out if movement is None else out + _of_movement(movement, t)


def _of_sides(summary: dict[str, Any], t: Texts) -> list[Shown]:
    out = []
    for name, key in SIDES:
        sides = summary["symmetry_index_pct"][name]
        value, interval = percent_texts(sides["value"], sides["half_width_95"], t)
        reason = "" if value else t(REASONS.get(sides["reason"] or "", "report.why_few"))
        out.append(Shown("symmetry_index_pct", t(key), value, interval, reason))
    return out


def _of_movement(movement: Movement, t: Texts) -> list[Shown]:
    out = []
    for metric in MOVEMENT:
        value, interval = estimate_texts(getattr(movement, metric.name), metric, t)
        if value:
            key = EXPLAINED.get(metric.name, metric.name)
            out.append(Shown(key, t(metric.text_key), with_unit(value, metric, t), interval))
    if movement.residual_tilt_deg is not None:
        value = half_width(movement.residual_tilt_deg, 1, t.language)
        out.append(Shown("tilt_deg", t("review.tilt"), f"{value}°", ""))
    return out


def explain(shown: Shown, t: Texts) -> str:
    """Return a number with its interval and how it is made, as HTML; empty where the catalogue does not hold it."""
    entry = api.catalogue().get(shown.key)
    if entry is None:
        return ""
    language = t.language
    said = f"{escape(shown.value)} {escape(shown.interval)}".strip() or escape(shown.reason)
    parts = [f"<b>{escape(shown.name)}: {said}</b>"] if said else []
    parts.append(f"{escape(entry.name.in_language(language))} ({escape(entry.unit)})")
    for head, words in (
        ("review.formula", entry.formula),
        ("review.filter", entry.filter),
        ("review.published", entry.published),
        ("review.measured", entry.measured),
        ("review.hidden", entry.hidden),
    ):
        parts.append(f"<b>{escape(t(head))}:</b> {escape(words.in_language(language))}")
    sources = [f'<a href="{escape(s.url)}">{escape(s.text)}</a>' if s.url else escape(s.text) for s in entry.sources]
    if sources:
        parts.insert(len(parts) - 3, f"<b>{escape(t('review.source'))}:</b> {'; '.join(sources)}")
    return "".join(f"<p style='margin:0 0 6px 0'>{part}</p>" for part in parts)


MINUTE: Final = (
    ("load_peak_g", "load_peak_g", "report.load_peak_g", 2),
    ("load_peak_left_g", "load_peak_g", "review.minute_left", 2),
    ("load_peak_right_g", "load_peak_g", "review.minute_right", 2),
    ("load_peak_symmetry_pct", "symmetry_index_pct", "review.difference_load", 1),
    ("cadence_spm", "cadence_spm", "report.cadence_spm", 0),
)
"""Numbers of a minute in the order of its columns: name in the window's numbers, key, words, decimals."""


def numbers_of_minute(minute: Minute, t: Texts) -> list[Shown]:
    """Return the numbers of one minute, without units as in a column; an empty value = not known.

    Left and right are left empty where their difference is not known, steps in the line where there was none.
    """
    out = []
    for name, key, words, decimals in MINUTE:
        found = minute.numbers[name]
        value = interval = ""
        if isinstance(found, Symmetry):
            value, interval = percent_texts(found.value, found.half_width, t)
        elif isinstance(found, Estimate) and found.value is not None:
            value = number(found.value, decimals, t.language)
            interval = half_width(found.half_width, decimals, t.language)
        out.append(Shown(key, t(words), value, interval))
    if not out[3].value:
        out[1:3] = [shown._replace(value="", interval="") for shown in out[1:3]]
    return [*out, Shown("steps_in_line", t("review.in_line"), *in_line_texts(minute.in_line, t))]


def in_line_texts(found: LineCount, t: Texts) -> tuple[str, str]:
    """Return the share of steps in the feedback line, and how many of how many; empty where there was no line."""
    if found.share is None:
        return "", ""
    share = number(100.0 * found.share, 0, t.language) + "\u00a0%"
    return share, t("review.of_steps", k=whole(found.n_in), n=whole(found.n))
