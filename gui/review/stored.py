"""A session of the library as a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from gui.review.run import Mark, Provenance, Run, Span, SpeedChange, walking_spans
from imu import api
from imu.settings import Settings
from imu.types import Recording, StoredRun

PAIN: dict[str, str] = {"before": "before", "during": "during", "after": "after", "next_morning": "morning"}
"""When a pain entry was made -> its name in the report."""


_PAGES: Final = {
    "before": ("client", "body", "consent", "pain_before", "pain_place", "shoe", "checklist"),
    "sensor": ("place", "sensor_side", "speed"),
    "calibrate": ("standing", "side_anchor"),
}
"""Pages of the wizard and the names under which their answers are stored."""


def skipped_pages(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Pages of the wizard of which nothing was answered; none for a session that began without the wizard."""
    asked = {page: [answers[name] for name in names if name in answers] for page, names in _PAGES.items()}
    return tuple(page for page, found in asked.items() if found and all(value is None for value in found))


def of_stored(stored: StoredRun, samples: Callable[[], Recording] | None = None) -> Run:
    """Turn a session of the library into a run; nothing is computed anew.

    Parameters
    ----------
    stored : StoredRun
    samples : callable or None
        Reads its samples, should they be wanted.
    """
    row, stream = stored.row, stored.stream
    settings = Settings(**stored.settings)
    gaps = stored.gaps
    facts: dict[str, str] = {f"pain_{PAIN[p.when]}": str(p.score) for p in stored.pain if p.when in PAIN}
    facts |= {name: value for name, value in (("shoe", row.shoe), ("surface", row.surface)) if value}
    facts["pain_place"] = next((p.place for p in stored.pain if p.place), "")
    facts |= {"notes": stored.notes, "tags": " · ".join(row.tags)}
    facts["skipped"] = " ".join(skipped_pages(stored.wizard))
    p = stored.provenance
    return Run(
        title=row.client_code or "",
        started=datetime.fromisoformat(row.started_utc).astimezone(),
        steps=stored.steps,
        activity=walking_spans(stored.steps),
        stream=stream,
        settings=settings,
        method=api.summarise((), stream, settings)["method"],
        start_s=stored.start_s,
        end_s=stored.stop_s,
        n_samples=stored.n_samples,
        n_missing=sum(g.stop_index - g.start_index for g in gaps),
        gaps=tuple(Span(stream.time_s(g.start_index), stream.time_s(g.stop_index)) for g in gaps),
        cuts=tuple(Span(c.start_s, c.stop_s) for c in stored.cuts),
        speeds=tuple(SpeedChange(b.start_s, b.speed_mps) for b in stored.speeds),
        lines=stored.lines,
        marks=tuple(Mark(m.time_s, m.kind, m.value, m.id) for m in stored.markers if m.kind != "speed"),
        facts=facts,
        provenance=Provenance(
            stored.name,
            p.raw_sha256,
            p.product_version,
            p.filter_version,
            sensor=stream.name,
            profile=p.profile_name,
        ),
        warnings=stored.warnings,
        measured_rate_hz=None if stored.clock is None else stored.clock.rate_hz,
        samples=samples,
    )
