"""Settings that were stated while a session ran, from its markers; apart, so that a session opens without a decoder."""

from __future__ import annotations

from imu.store.reader import StoredSession

TILT_MARKER = "least_tilt"
"""Kind of the marker that holds `Settings.least_tilt_deg` as it was stated during the session."""


def stated_tilt(stored: StoredSession) -> dict[str, float]:
    """Return the setting `least_tilt_deg` as it was stated during the session; empty = it was not."""
    tilts = [float(m.value) for m in stored.markers if m.kind == TILT_MARKER]
    return {"least_tilt_deg": tilts[-1]} if tilts else {}
