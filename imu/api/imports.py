"""Recordings that were not made with this program, taken into the library as sessions like any other."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from imu.api.files import analyze, read, settings_of
from imu.errors import RecordingError, StoreError
from imu.settings import Settings
from imu.types import ColumnMapping, Recording, SessionRow, Step

if TYPE_CHECKING:
    from imu.api.library import Library

_OURS: Final = uuid.UUID("6f0b7d2e-6a53-4f0c-9a53-c9d3f1e7b3a4")
NO_DATE: Final = "It is not stated when this was recorded: date and time are those of its file."
ASSUMED_PLACE: Final = "Where the sensor was worn is not stated: {place} is assumed."


def import_to_library(
    library: Library,
    source: str | Path,
    typed: Mapping[str, Any] | None = None,
    *,
    client_id: int | None = None,
    columns: Mapping[str, Any] | ColumnMapping | None = None,
    sensor: str | None = None,
    started_utc: datetime | None = None,
) -> SessionRow:
    """Take a recording into the library: a log of another program, an array file, or a session file.

    It is analysed, its samples are stored unchanged, and it is a session as if it had been recorded: with its steps,
    its numbers, where it came from (name and hash of the file, maker, meaning of the columns) and its edits.

    Parameters
    ----------
    library : Library
    source : path
    typed : dict or None
        Settings that the user stated, as of `imu.settings.Settings`; they win over what the file states, and that over
        the client's mass and height. A session file has its own.
    client_id : int or None
        Whose it is.
    columns : dict, ColumnMapping or None
        Meaning of a table's columns, as of `preview_log`.
    sensor : str or None
        A further sensor of an array file.
    started_utc : datetime or None
        Date and time of its first sample; None = as the log states them, else those of its file, which is said.

    Raises
    ------
    RecordingError
        It cannot be read or analysed.
    StoreError
        It is in the library already, or the library cannot be written.
    SettingsError
        A setting is out of range.
    """
    source = Path(source)
    typed = dict(typed or {})
    Settings(**typed)
    if source.suffix.lower() == ".stride":
        if typed or columns or sensor or started_utc:
            raise RecordingError(
                f"{source.name} is a session with settings and a date of its own.", hint="Leave the options out."
            )
        return library.import_session(source, client_id)
    recording, kind, mapping = _read(source, columns, sensor)
    if client_id is not None:
        client = library.client(client_id)
        facts = {name: getattr(client, name) for name in ("body_mass_kg", "body_height_m")}
        recording = replace(recording, suggested={**facts, **recording.suggested})
    settings = settings_of(recording, typed)
    notes = list(recording.warnings)
    if "place" not in typed and "place" not in recording.suggested:
        notes.append(ASSUMED_PLACE.format(place=settings.place.value))
    if started_utc is None:
        started_utc = _stated_start(source)
    if started_utc is None:
        started_utc = datetime.fromtimestamp(source.stat().st_mtime, UTC)
        notes.append(NO_DATE)
    steps = analyze(replace(recording, suggested={}), settings).steps
    return _store(library, recording, settings, steps, client_id, started_utc, (kind, sensor, mapping, notes))


def _read(
    source: Path, columns: Mapping[str, Any] | ColumnMapping | None, sensor: str | None
) -> tuple[Recording, str, ColumnMapping | None]:
    from imu.exchange.kinds import LOG_SUFFIXES
    from imu.exchange.logs import look_at, recording_of_log

    suffix = source.suffix.lower()
    if suffix == ".npz":
        from imu.exchange.npz import read_npz

        return read_npz(source, sensor), "arrays", None
    if sensor is not None:
        raise RecordingError(f"{source.name} holds one sensor only.", hint="Leave out --sensor.")
    if suffix not in LOG_SUFFIXES or suffix == ".json":
        return read(source), "Movesense", None
    log = look_at(source, columns)
    recording, mapping = recording_of_log(log)
    return recording, log.kind or "table", mapping


def _stated_start(source: Path) -> datetime | None:
    """Date and time in the first row of a log; without a zone it is that of this computer."""
    from imu.exchange.kinds import LOG_SUFFIXES
    from imu.exchange.text_table import open_table

    if source.suffix.lower() not in LOG_SUFFIXES or source.suffix.lower() == ".json":
        return None
    for cell in open_table(source).cells(0):
        if len(cell) >= len("2026-05-01T10:00") and cell[4:5] == "-":
            try:
                return datetime.fromisoformat(cell).astimezone(UTC)
            except ValueError:
                continue
    return None


def _store(
    library: Library,
    recording: Recording,
    settings: Settings,
    steps: Sequence[Step],
    client_id: int | None,
    started_utc: datetime,
    origin: tuple[str, str | None, ColumnMapping | None, list[str]],
) -> SessionRow:
    from imu.exchange.imported import PREFIX, description, packets_of
    from imu.store.decoded import Decoded
    from imu.store.finish import finish
    from imu.store.fresh import FreshSession, StreamHeader
    from imu.store.rows import INSERT_STEP, step_values
    from imu.store.sessions import log_edit

    kind, sensor, mapping, notes = origin
    source = Path(recording.path)
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    text = description(file=source.name, sha256=sha256, kind=kind, sensor=sensor, mapping=mapping, notes=notes)
    identity = str(uuid.uuid5(_OURS, f"{sha256} {sensor} {mapping}"))
    first, stop = recording.blocks[0].start_index, recording.blocks[-1].stop_index
    with library._change() as connection:
        known = connection.execute("SELECT id FROM session WHERE uuid = ?", (identity,)).fetchone()
        if known is not None:
            raise StoreError(
                f"{source.name} is in the library already, as session {known['id']}.", hint="Nothing was changed."
            )
        header = StreamHeader(recording.stream, f"{PREFIX}{kind}", text)
        fresh = FreshSession(
            connection,
            identity,
            started_utc.isoformat(timespec="milliseconds"),
            settings,
            header,
            {"client_id": client_id},
            is_sensor=False,
        )
        for packet in packets_of(recording):
            fresh.write_chunk([packet])
        connection.executemany(INSERT_STEP, [(fresh.stream_id, *step_values(step)) for step in steps])
        connection.executemany("INSERT INTO gap VALUES (?, ?, ?)", [(fresh.stream_id, *g) for g in recording.gaps])
        finish(
            connection,
            fresh.session_id,
            settings,
            recording.stream,
            duration_s=recording.duration_s,
            decoded=Decoded(first, stop, recording.n_samples, recording.gaps, tuple(notes)),
        )
        ended = started_utc + timedelta(seconds=recording.duration_s)
        connection.execute(
            "UPDATE session SET ended_utc = ? WHERE id = ?",
            (ended.isoformat(timespec="milliseconds"), fresh.session_id),
        )
        log_edit(connection, fresh.session_id, "imported", f"{source.name} ({kind}), SHA-256 {sha256}")
    return library.session_row(fresh.session_id)
