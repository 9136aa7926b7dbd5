"""What the library of sessions holds: clients, sessions, and everything a person added to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from imu.types.samples import ClockReport, Gap, StreamInfo
from imu.types.steps import Step


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody who is recorded; known by a code, the name stays in the practice's own records.

    Attributes
    ----------
    id : int
    code : str
        Unique, such as K-017.
    birth_year : int or None
    body_mass_kg, body_height_m : float or None
    notes : str
    created_utc : str
        ISO 8601, as every `_utc`.
    n_sessions : int
    last_session_utc : str or None
    """

    id: int
    code: str
    birth_year: int | None
    body_mass_kg: float | None
    body_height_m: float | None
    notes: str
    created_utc: str
    n_sessions: int
    last_session_utc: str | None


@dataclass(frozen=True, slots=True)
class Consent:
    """What a client agreed to: the words shown, their version, and which kinds were ticked.

    Attributes
    ----------
    id : int
    given_utc : str
    text_version, text, text_sha256 : str
    kinds : tuple of str
        Such as "explained", "recording", "research".
    withdrawn_utc : str or None
    """

    id: int
    given_utc: str
    text_version: str
    text: str
    text_sha256: str
    kinds: tuple[str, ...]
    withdrawn_utc: str | None


@dataclass(frozen=True, slots=True)
class Shoe:
    """A client's shoe; `distance_km` was typed when it was last looked at (None = not known)."""

    id: int
    name: str
    distance_km: float | None
    retired: bool


@dataclass(frozen=True, slots=True)
class Surface:
    """What was run on, such as a treadmill or a track."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Sensor:
    """A sensor that was recorded with, told from others by what it calls itself."""

    id: int
    name: str
    profile_name: str
    first_used_utc: str
    notes: str


@dataclass(frozen=True, slots=True)
class PainEntry:
    """A diary entry: when is before, during, after or next_morning; the score is 0 to 10."""

    id: int
    when: str
    score: int
    place: str
    note: str
    entered_utc: str


@dataclass(frozen=True, slots=True)
class SessionMarker:
    """Something a person did while recording, or added later.

    Attributes
    ----------
    id : int
    time_s : float
        On the recording's own clock.
    kind : str
        mark, note, swap_sides (from here on), speed (m/s from here on; empty = unknown).
    value : str
    added_utc : str or None
        None = while recording.
    """

    id: int
    time_s: float
    kind: str
    value: str = ""
    added_utc: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch whose steps do not count, seconds on the recording's own clock; the raw data stay."""

    id: int
    start_s: float
    stop_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class SpeedBlock:
    """A stretch at one speed (None = not known), seconds on the recording's own clock."""

    start_s: float
    stop_s: float
    speed_mps: float | None


class LineChange(NamedTuple):
    """The feedback line from a moment on, seconds on the recording's own clock; None = there is none."""

    time_s: float
    line_g: float | None


@dataclass(frozen=True, slots=True)
class Edit:
    """One line of a session's log of edits."""

    at_utc: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in the list: everything here was stored when it ended, nothing is computed.

    Attributes
    ----------
    id : int
    uuid : str
    started_utc : str
    ended_utc : str or None
        None = not finished: being recorded now, or cut off by a crash.
    cut_off : bool
        The recording was cut off and finished later; its last second may be missing.
    client_id, client_code : int, str or None
    place : str
        Of the sensor; empty = not known.
    duration_s : float or None
    n_steps : int or None
    speeds_mps : tuple of float
        Known speeds, in the order they were run.
    shoe, surface : str or None
    tags : tuple of str
    filter_version : str
        Of the program that computed the numbers shown.
    headline : dict
        As of `imu.store.headline.headline`: load_peak_g, cadence_spm, contact_time_s as {"value", "half_width_95",
        "n"}, load_symmetry_pct, lost_pct; empty where nothing was measured.
    """

    id: int
    uuid: str
    started_utc: str
    ended_utc: str | None
    cut_off: bool
    client_id: int | None
    client_code: str | None
    place: str
    duration_s: float | None
    n_steps: int | None
    speeds_mps: tuple[float, ...]
    shoe: str | None
    surface: str | None
    tags: tuple[str, ...]
    filter_version: str
    headline: Mapping[str, Any] = field(default_factory=dict)

    @property
    def unfinished(self) -> bool:
        """Being recorded now, or cut off by a crash and not finished yet."""
        return self.ended_utc is None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a session's numbers come from.

    Attributes
    ----------
    profile_name, profile_sha256 : str
        Firmware profile that reads the packets; its text is stored with the session.
    product_version, filter_version : str
        Of the program that made the steps shown.
    raw_sha256 : str
        Of the packets as they were stored: the same in every copy of the session.
    recomputed_utc : str or None
        When the steps were computed anew; None = they are as stored while it ran.
    """

    profile_name: str
    profile_sha256: str
    product_version: str
    filter_version: str
    raw_sha256: str
    recomputed_utc: str | None = None


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One session, ready to be looked at.

    Attributes
    ----------
    name : str
        Of the session and the library's file, for messages.
    row : SessionRow
    stream : StreamInfo
    settings : dict
        As the user had set them, ready for `imu.settings.Settings(**settings)`.
    steps : tuple of Step
        With swaps applied and cuts left out; computed anew where that was asked for.
    markers, cuts, speeds, gaps : tuple
        As they are now.
    lines : tuple of LineChange
        The feedback line as it was set and moved while it ran; empty = none was set.
    notes : str
    pain : tuple of PainEntry
    wizard : dict
        What was answered before the run, and what was skipped.
    edits : tuple of Edit
    provenance : Provenance
    start_s, stop_s : float
        First sample, and the end of the last one, on the recording's own clock.
    n_samples : int
        Received; the samples themselves are read by `Library.recording`.
    warnings : tuple of str
    clock : ClockReport or None
        The sensor's rate as it was measured; None = not known, or no sensor's packets.
    """

    name: str
    row: SessionRow
    stream: StreamInfo
    settings: Mapping[str, Any]
    steps: tuple[Step, ...]
    markers: tuple[SessionMarker, ...]
    cuts: tuple[Cut, ...]
    speeds: tuple[SpeedBlock, ...]
    lines: tuple[LineChange, ...]
    gaps: tuple[Gap, ...]
    notes: str
    pain: tuple[PainEntry, ...]
    wizard: Mapping[str, Any]
    edits: tuple[Edit, ...]
    provenance: Provenance
    start_s: float
    stop_s: float
    n_samples: int
    warnings: tuple[str, ...]
    clock: ClockReport | None = None


@dataclass(frozen=True, slots=True)
class SessionSteps:
    """The steps of a session without its samples.

    Attributes
    ----------
    row : SessionRow
    stream : StreamInfo
    settings : dict
        As the user had set them, ready for `imu.settings.Settings(**settings)`.
    steps : tuple of Step
        With swaps applied and cuts left out.
    speeds : tuple of SpeedBlock
    gaps : tuple of Gap
    filter_version : str
        Of the program that computed the steps.
    """

    row: SessionRow
    stream: StreamInfo
    settings: Mapping[str, Any]
    steps: tuple[Step, ...]
    speeds: tuple[SpeedBlock, ...]
    gaps: tuple[Gap, ...]
    filter_version: str


@dataclass(frozen=True, slots=True)
class LibraryInfo:
    """Facts about a library file.

    Attributes
    ----------
    path, backup_folder : Path
    schema_version : int
    encrypted, read_only : bool
    n_clients, n_sessions, n_unfinished : int
    size_bytes, free_bytes : int
        Of the file; free on its disk.
    last_backup_utc : str or None
    """

    path: Path
    backup_folder: Path
    schema_version: int
    encrypted: bool
    read_only: bool
    n_clients: int
    n_sessions: int
    n_unfinished: int
    size_bytes: int
    free_bytes: int
    last_backup_utc: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found: where (session id, None = the file itself) and what, one sentence."""

    session_id: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure took away, and what it could not reach.

    Attributes
    ----------
    n_sessions : int
    backups : tuple of Path
        Backups made before; they still hold what was erased.
    """

    n_sessions: int
    backups: tuple[Path, ...]
