"""Where exported numbers come from: versions, settings, filters; written into every export, so that it stands alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from imu.constants import FILTER_VERSION
from imu.settings import Settings
from imu.store.fresh import settings_json
from imu.store.product import product_version
from imu.types import Analysis, Recording


@dataclass(frozen=True, slots=True)
class Export:
    """A recording with its analysis, ready to be written in any form.

    Attributes
    ----------
    recording : Recording
    result : Analysis
    settings : Settings
        In force.
    started_utc : datetime or None
        Date and time of sample 0; None = not known, and then no date is written.
    """

    recording: Recording
    result: Analysis
    settings: Settings
    started_utc: datetime | None = None

    def provenance(self) -> dict[str, Any]:
        """JSON-ready: product, versions, settings, filters, sensor rate, start."""
        return {
            "product": "stride-impact",
            "product_version": product_version(),
            "filter_version": FILTER_VERSION,
            "recording": Path(self.recording.path).name,
            "started_utc": None if self.started_utc is None else self.started_utc.isoformat(timespec="milliseconds"),
            "sampling_rate_hz": self.recording.stream.sampling_rate_hz,
            "settings": json.loads(settings_json(self.settings)),
            "method": self.result.summary.get("method", {}),
            "times": "seconds on the recording's own clock",
            "note": "Measures movement for training, education and research; not a diagnosis, not a medical device.",
        }


def parse_utc(text: str) -> datetime:
    """Read an ISO 8601 date with time; without a zone it is UTC.

    Raises
    ------
    ValueError
        It is none.
    """
    stamp = datetime.fromisoformat(text)
    return stamp.astimezone(UTC) if stamp.tzinfo else stamp.replace(tzinfo=UTC)
