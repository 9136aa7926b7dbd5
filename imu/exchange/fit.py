"""Activity file (FIT) with running-dynamics fields, for training diaries: one record per second.

Written with fit-tool. Standard fields: stance_time, stance_time_percent, stance_time_balance (left), cadence,
vertical_oscillation (of the sensor, where it is worn at the pelvis), step_length and speed where the speed is known.
`load_peak_g` and `shock_peak_g` are developer fields: no standard field means an acceleration at the pelvis.
Nothing else is written: no distance without a speed, no position, no name.
"""

from __future__ import annotations

import bisect
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from imu.errors import ImuError, RecordingError
from imu.exchange.provenance import Export
from imu.exchange.seconds import Second, per_second
from imu.exchange.stride import SPEED_CHANGES
from imu.metrics.movement import oscillation_of_steps

if TYPE_CHECKING:
    from fit_tool.profile.messages.record_message import RecordMessage

_FIT_EPOCH: Final = datetime(1989, 12, 31, tzinfo=UTC)
"""Time 0 of the format. A time stamp less than 2^28 s from it is, by the format's rule, no date but a running clock:
that is what is written when the date of a recording is not known."""

_APPLICATION: Final = bytes.fromhex("5a3c9e1f4b7d4c1e9a60d2f87b15c0aa")
_DEVELOPER_FIELDS: Final = (("load_peak_g", "g"), ("shock_peak_g", "g"))


def write_fit(path: Path, export: Export) -> int:
    """Write the activity; returns the number of records.

    Raises
    ------
    ImuError
        fit-tool is not installed.
    RecordingError
        There is no running in the recording, or the file cannot be written.
    """
    try:
        from fit_tool.fit_file_builder import FitFileBuilder
    except ImportError:
        raise ImuError(
            "FIT needs the package fit-tool, which is not installed.", hint="Install it with: pip install fit-tool"
        ) from None
    steps = export.result.steps
    start = export.recording.stream.t0_s
    moved = oscillation_of_steps(export.recording, steps, export.settings)
    rows = per_second(steps, start, start + export.recording.duration_s, moved)
    if not any(row.cadence_spm for row in rows):
        raise RecordingError(
            f"{Path(export.recording.path).name} holds no running, so there is nothing to write as an activity.",
            hint="Export the steps as .csv instead.",
        )
    begin = export.started_utc or _FIT_EPOCH
    begin_ms = round(begin.timestamp() * 1000.0)
    speeds = _Speeds(export)
    builder = FitFileBuilder(auto_define=True, min_string_size=16)
    builder.add_all(_opening(begin_ms))
    for row in rows:
        builder.add(_record(row, begin_ms + round((row.time_s - start) * 1000.0), speeds.at(row.time_s)))
    mean_m = math.fsum(moved.values()) / len(moved) if moved else None
    builder.add_all(_closing(export, begin_ms, begin_ms + len(rows) * 1000, mean_m))
    try:
        builder.build().to_file(str(path))
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be written ({error.strerror or error}).", hint="Choose another file or folder."
        ) from None
    return len(rows)


class _Speeds:
    """The speed in force at a time: typed before, and each change while it ran."""

    def __init__(self, export: Export) -> None:
        stream = export.recording.stream
        changes = export.recording.suggested.get(SPEED_CHANGES, ())
        self._times = [stream.time_s(index) for index, _ in changes]
        self._speeds = [export.settings.speed_mps, *(speed for _, speed in changes)]

    def at(self, time_s: float) -> float | None:
        """Speed in m/s; None = not known."""
        speed = self._speeds[bisect.bisect_right(self._times, time_s)]
        return None if speed is None else float(speed)


def _opening(begin_ms: int) -> list[Any]:
    from fit_tool.base_type import BaseType
    from fit_tool.profile.messages.developer_data_id_message import DeveloperDataIdMessage
    from fit_tool.profile.messages.event_message import EventMessage
    from fit_tool.profile.messages.field_description_message import FieldDescriptionMessage
    from fit_tool.profile.messages.file_id_message import FileIdMessage
    from fit_tool.profile.profile_type import Event, EventType, FileType, Manufacturer

    file_id = FileIdMessage()
    file_id.type = FileType.ACTIVITY
    file_id.manufacturer = Manufacturer.DEVELOPMENT.value
    file_id.product = 0
    file_id.time_created = begin_ms
    application = DeveloperDataIdMessage()
    application.application_id = _APPLICATION
    application.developer_data_index = 0
    fields = []
    for number, (name, unit) in enumerate(_DEVELOPER_FIELDS):
        field = FieldDescriptionMessage()
        field.developer_data_index = 0
        field.field_definition_number = number
        field.fit_base_type_id = BaseType.FLOAT32
        field.field_name = name
        field.units = unit
        fields.append(field)
    timer = EventMessage()
    timer.event = Event.TIMER
    timer.event_type = EventType.START
    timer.timestamp = begin_ms
    return [file_id, application, *fields, timer]


def _record(row: Second, at_ms: int, speed_mps: float | None) -> RecordMessage:
    from fit_tool.base_type import BaseType
    from fit_tool.developer_field import DeveloperField
    from fit_tool.profile.messages.record_message import RecordMessage

    extra = []
    for number, (name, unit) in enumerate(_DEVELOPER_FIELDS):
        value = getattr(row, name)
        if value is not None:
            field = DeveloperField(
                developer_data_index=0, field_id=number, size=4, base_type=BaseType.FLOAT32, name=name, units=unit
            )
            field.set_value(0, value)
            extra.append(field)
    record = RecordMessage(developer_fields=extra)
    record.timestamp = at_ms
    if row.cadence_spm is not None:
        strides_per_min = row.cadence_spm / 2.0  # the format counts strides, and their fraction apart
        record.cadence = int(strides_per_min)
        record.fractional_cadence = strides_per_min - int(strides_per_min)
        if speed_mps is not None:
            record.enhanced_speed = speed_mps
            record.step_length = speed_mps * 60.0 / row.cadence_spm * 1000.0
    if row.contact_time_s is not None:
        record.stance_time = row.contact_time_s * 1000.0
    if row.duty_factor is not None:
        record.stance_time_percent = row.duty_factor * 100.0
    if row.balance_pct is not None:
        record.stance_time_balance = row.balance_pct
    if row.vertical_oscillation_m is not None:
        record.vertical_oscillation = row.vertical_oscillation_m * 1000.0
    return record


def _closing(export: Export, begin_ms: int, end_ms: int, oscillation_m: float | None) -> list[Any]:
    from fit_tool.profile.messages.activity_message import ActivityMessage
    from fit_tool.profile.messages.event_message import EventMessage
    from fit_tool.profile.messages.lap_message import LapMessage
    from fit_tool.profile.messages.session_message import SessionMessage
    from fit_tool.profile.profile_type import Activity, Event, EventType, Sport

    timer = EventMessage()
    timer.event = Event.TIMER
    timer.event_type = EventType.STOP_ALL
    timer.timestamp = end_ms
    summary = export.result.summary
    parts: list[Any] = []
    for part in (LapMessage(), SessionMessage()):
        part.timestamp = end_ms
        part.start_time = begin_ms
        part.total_elapsed_time = part.total_timer_time = (end_ms - begin_ms) / 1000.0
        part.sport = Sport.RUNNING
        if cadence := _value(summary, "cadence_spm"):
            part.avg_running_cadence = int(cadence / 2.0)
            part.avg_fractional_cadence = cadence / 2.0 - int(cadence / 2.0)
        if contact := _value(summary, "contact_time_s"):
            part.avg_stance_time = contact * 1000.0
        if duty := _value(summary, "duty_factor"):
            part.avg_stance_time_percent = duty * 100.0
        if oscillation_m is not None:
            part.avg_vertical_oscillation = oscillation_m * 1000.0
        parts.append(part)
    parts[1].first_lap_index = 0
    parts[1].num_laps = 1
    activity = ActivityMessage()
    activity.timestamp = end_ms
    activity.total_timer_time = (end_ms - begin_ms) / 1000.0
    activity.num_sessions = 1
    activity.type = Activity.MANUAL
    activity.event = Event.ACTIVITY
    activity.event_type = EventType.STOP
    return [timer, *parts, activity]


def _value(summary: dict[str, Any], key: str) -> float | None:
    estimate = summary.get(key)
    value = estimate.get("value") if isinstance(estimate, dict) else None
    return None if value is None else float(value)
