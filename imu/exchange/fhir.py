"""Summary as FHIR R4 Observations in one Bundle, for a record system that takes them.

No code system has codes for these quantities at the pelvis, so each is named in plain words with this product's own
code beside it; units are UCUM. A value that is not known is left out. The person is not named: `subject` holds the
identifier that the user gives, or nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

from imu.errors import RecordingError
from imu.exchange.provenance import Export

_SYSTEM: Final = "urn:stride-impact:quantity"
_UCUM: Final = "http://unitsofmeasure.org"


class _Quantity(NamedTuple):
    key: str
    words: str
    unit: str
    ucum: str


_QUANTITIES: Final = (
    _Quantity("cadence_spm", "Cadence while running", "steps/min", "{steps}/min"),
    _Quantity("contact_time_s", "Contact time while running, estimated", "s", "s"),
    _Quantity("flight_time_s", "Flight time while running, estimated", "s", "s"),
    _Quantity("duty_factor", "Contact time / stride time", "1", "1"),
    _Quantity("load_peak_g", "Peak vertical specific force at the sensor below 10 Hz", "g", "[g]"),
    _Quantity("shock_peak_g", "Peak vertical specific force at the sensor below 50 Hz after contact", "g", "[g]"),
    _Quantity("vgrf_peak_bw", "Peak vertical ground reaction force, estimated", "body weights", "{bodyWeight}"),
)


def bundle(export: Export, subject: str = "") -> dict[str, Any]:
    """Return the Bundle as plain data."""
    entries = []
    for q in _QUANTITIES:
        estimate = export.result.summary.get(q.key)
        if isinstance(estimate, dict) and estimate.get("value") is not None:
            entries.append({"resource": _observation(export, q, estimate, subject)})
    out: dict[str, Any] = {"resourceType": "Bundle", "type": "collection"}
    return {**out, "entry": entries} if entries else out


def write_fhir(path: Path, export: Export, subject: str = "") -> int:
    """Write the Bundle as JSON; returns the number of Observations.

    Raises
    ------
    RecordingError
        There is nothing to write, or the file cannot be written.
    """
    content = bundle(export, subject)
    if "entry" not in content:
        raise RecordingError(
            f"{Path(export.recording.path).name} holds no running, so there is no number to export.",
            hint="Check the recording with stride analyze.",
        )
    try:
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be written ({error.strerror or error}).", hint="Choose another file or folder."
        ) from None
    return len(content["entry"])


def _observation(export: Export, q: _Quantity, estimate: dict[str, Any], subject: str) -> dict[str, Any]:
    value = {"value": estimate["value"], "unit": q.unit, "system": _UCUM, "code": q.ucum}
    out: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": _SYSTEM, "code": q.key, "display": q.words}], "text": q.words},
        "valueQuantity": value,
        "method": {"text": f"stride-impact, filter version {export.provenance()['filter_version']}"},
        "note": [{"text": f"Mean of {estimate['n']} steps. {export.provenance()['note']}"}],
    }
    half = estimate.get("half_width_95")
    if half is not None:
        # FHIR has no interval of a mean of its own: a range with its meaning in words.
        out["component"] = [
            {
                "code": {"text": "95 % interval of the mean"},
                "valueRange": {
                    "low": {**value, "value": estimate["value"] - half},
                    "high": {**value, "value": estimate["value"] + half},
                },
            }
        ]
    if export.started_utc is not None:
        out["effectiveDateTime"] = export.started_utc.isoformat(timespec="seconds")
    if subject:
        out["subject"] = {"identifier": {"value": subject}}
    return out
