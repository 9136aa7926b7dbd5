"""How the numbers of a report were measured: definitions, settings, versions."""

from __future__ import annotations

import math

from gui.i18n import Texts
from gui.numbers import number
from gui.review.run import Run


def method_of(run: Run, t: Texts) -> tuple[str, ...]:
    """Return the paragraphs; what is not known is said to be so."""
    method, language = run.method, t.language

    def hertz(name: str) -> str:
        value = method.get(name)
        return t("report.unknown") if value is None else number(value, 0, language)

    missing_s = math.fsum(g.end_s - g.start_s for g in run.gaps)
    model = method.get("vgrf_peak_model")
    estimates = t("report.method_estimate")
    if model:
        estimates += " " + t("report.method_force", model=model)
    s, p = run.settings, run.provenance
    mass = f"{number(s.body_mass_kg, 0, language)}\u00a0kg" if s.body_mass_kg else t("report.unknown")
    height = f"{number(s.body_height_m, 2, language)}\u00a0m" if s.body_height_m else t("report.unknown")
    return (
        t(
            "report.method_load",
            place=t(f"report.method_place_{s.place.value}"),
            load=hertz("load_peak_cutoff_hz"),
            shock=hertz("shock_peak_cutoff_hz"),
        ),
        t("report.method_interval"),
        f"{estimates} "
        + (t("report.method_gaps", seconds=number(missing_s, 1, language)) if run.gaps else t("report.method_no_gaps")),
        t(
            "report.method_settings",
            mass=mass,
            height=height,
            mounting=s.mounting or t("report.mounting_found"),
            detection=hertz("detection_cutoff_hz"),
        ),
        t(
            "report.method_versions",
            filter=p.filter_version,
            program=p.product_version or t("report.unknown"),
            file=p.file or p.sensor,
            hash=p.sha256 or t("report.unknown"),
        ),
    )
