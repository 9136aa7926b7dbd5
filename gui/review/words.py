"""Numbers of a run as text in the language of the reader, the same in the report and on the pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from gui.i18n import Texts
from gui.numbers import half_width, number
from gui.review.run import Run
from gui.speed import speed_text, speed_value, unit_word
from imu.types import Estimate, Place


class Metric(NamedTuple):
    """How a number of a summary is shown."""

    name: str
    text_key: str
    unit_key: str  # empty = it has no unit
    factor: float
    decimals: int


METRICS: Final = (
    Metric("load_peak_g", "report.load_peak_g", "unit.g", 1.0, 2),
    Metric("shock_peak_g", "report.shock_peak_g", "unit.g", 1.0, 2),
    Metric("vgrf_peak_bw", "report.vgrf_peak_bw", "report.unit_bw", 1.0, 2),
    Metric("cadence_spm", "report.cadence_spm", "unit.per_min", 1.0, 0),
    Metric("contact_time_s", "report.contact_time_s", "unit.ms", 1000.0, 0),
    Metric("flight_time_s", "report.flight_time_s", "unit.ms", 1000.0, 0),
    Metric("step_time_s", "report.step_time_s", "unit.ms", 1000.0, 0),
)
"""Numbers of a block, in the order of the report."""

MOVEMENT: Final = (
    Metric("vertical_oscillation_m", "report.vertical_oscillation_m", "unit.cm", 100.0, 1),
    Metric("step_regularity", "report.step_regularity", "", 1.0, 2),
    Metric("stride_regularity", "report.stride_regularity", "", 1.0, 2),
    Metric("leg_stiffness_kn_m", "report.leg_stiffness_kn_m", "unit.kn_m", 1.0, 1),
)
"""Numbers of `imu.api.Movement`, in the order of the page."""

EXPLAINED: Final = {"step_regularity": "regularity", "stride_regularity": "regularity"}
"""Numbers that share an entry of `imu.api.catalogue`; the others have one of their own name."""

REASONS: Final = {
    "side_unknown": "report.why_side",
    "too_few_steps": "report.why_few",
    "one_leg_sensor": "report.why_one_leg",
    "lateral_sensor": "report.why_lateral",
}
"""Why there is no left-right difference."""

_SPEEDS: Final = 4
"""Speeds that are named one by one."""


def short_speed(speed_mps: float | None, t: Texts) -> str:
    """Return a speed without its unit, with a decimal only where it has one; empty when not known."""
    return speed_value(speed_mps, t, short=True, nothing="")


def speed_words(speed_mps: float | None, t: Texts) -> str:
    """Return "9.5 km/h" or "6:19 min/km", or that it is not known."""
    if speed_mps is None:
        return t("report.speed_unknown")
    return speed_text(speed_mps, t, short=True)


def speeds_words(speeds_mps: Sequence[float], t: Texts) -> str:
    """Return the speeds that were run, the slowest first, such as "9.5 and 11 km/h"; empty where none is known."""
    values = [speed_value(speed, t, short=True) for speed in sorted(speeds_mps)]
    if not values:
        return ""
    if len(values) > _SPEEDS:
        text = t("report.speeds_from_to", first=values[0], last=values[-1], n=len(values))
    else:
        text = values[0] if len(values) == 1 else t("report.speeds", most="; ".join(values[:-1]), last=values[-1])
    return f"{text} {unit_word(t)}"


def metric_name(metric: Metric, place: Place, t: Texts) -> str:
    """Name of a number; a sensor on foot or shank does not see the pelvis."""
    if metric.name == "load_peak_g" and place in {Place.FOOT, Place.SHANK}:
        return t("report.load_peak_sensor_g")
    return t(metric.text_key)


def estimate_texts(value: dict[str, Any] | Estimate | None, metric: Metric, t: Texts) -> tuple[str, str]:
    """Return value and "± interval" of one estimate, both without unit; empty where not known.

    Parameters
    ----------
    value : dict, Estimate or None
        {"value", "half_width_95", "n"} as in a summary, or an Estimate.
    """
    if isinstance(value, Estimate):
        value = value.as_dict()
    if not value or value["value"] is None:
        return "", ""
    half = value["half_width_95"]
    return (
        number(value["value"] * metric.factor, metric.decimals, t.language),
        half_width(None if half is None else half * metric.factor, metric.decimals, t.language),
    )


def percent_texts(value: float | None, half: float | None, t: Texts) -> tuple[str, str]:
    """Return a signed difference and its "± interval" in percent; empty where not known."""
    if value is None:
        return "", ""
    return number(value, 1, t.language, plus=True) + "\u00a0%", half_width(half, 1, t.language)


def with_unit(value: str, metric: Metric, t: Texts) -> str:
    """Return a value with its unit, where it has one."""
    return f"{value}\u00a0{t(metric.unit_key)}" if metric.unit_key else value


def date_words(run: Run, t: Texts) -> str:
    """Day and time at which the run began."""
    if run.started is None:
        return t("report.no_date")
    return run.started.strftime("%d-%m-%Y, %H:%M")


def whole(value: int) -> str:
    """Return a whole number in groups of three; with a no-break space that every font has."""
    return f"{value:,}".replace(",", "\u00a0")


def rate_words(run: Run, t: Texts) -> str:
    """Say what rate the sensor was set to and, where that is known, what it really was."""
    rate = number(run.stream.sampling_rate_hz, 0, t.language)
    if run.measured_rate_hz is None:
        return t("bar.rate", rate=rate)
    return t("report.rate_measured", rate=rate, measured=number(run.measured_rate_hz, 1, t.language))
