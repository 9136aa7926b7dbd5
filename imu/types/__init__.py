"""The plain data that flows through the engine: packets, blocks, steps, spans.

Body frame: ``is`` (up +), ``ml`` (to the runner's right +), ``pa`` (forward +), right-handed. Accelerations are
specific force (standing still, ``acc_is`` = +9.81 m/s2). Sample indices count from the start of the stream (int64)
and intervals are half-open; seconds are derived from them and never accumulated.
"""

from __future__ import annotations

from imu.types.devices import Charge, FoundSensor, LinkReport
from imu.types.library import (
    Client,
    Consent,
    Cut,
    Edit,
    Erased,
    Finding,
    LibraryInfo,
    LineChange,
    PainEntry,
    Provenance,
    Sensor,
    SessionMarker,
    SessionRow,
    SessionSteps,
    Shoe,
    SpeedBlock,
    StoredRun,
    Surface,
)
from imu.types.live import Anchor, LiveEvent, PelvisMotion, PelvisState, Snapshot, Stance, Status, Worn
from imu.types.logs import LOG_ACC_UNITS, LOG_GYR_UNITS, LOG_TIME_UNITS, ColumnMapping, LogPreview, LogProblem
from imu.types.samples import (
    LINK_RESTORED,
    ClockReport,
    ContextReading,
    FloatArray,
    Gap,
    IntArray,
    RawPacket,
    Recording,
    SampleBlock,
    StreamInfo,
)
from imu.types.step_table import StepTable
from imu.types.steps import ActivitySpan, Analysis, Estimate, Step, step_columns
from imu.types.words import ActivityKind, LinkState, LiveKind, Place, Quality, Side

__all__ = [
    "LINK_RESTORED",
    "LOG_ACC_UNITS",
    "LOG_GYR_UNITS",
    "LOG_TIME_UNITS",
    "ActivityKind",
    "ActivitySpan",
    "Analysis",
    "Anchor",
    "Charge",
    "Client",
    "ClockReport",
    "ColumnMapping",
    "Consent",
    "ContextReading",
    "Cut",
    "Edit",
    "Erased",
    "Estimate",
    "Finding",
    "FloatArray",
    "FoundSensor",
    "Gap",
    "IntArray",
    "LibraryInfo",
    "LineChange",
    "LinkReport",
    "LinkState",
    "LiveEvent",
    "LiveKind",
    "LogPreview",
    "LogProblem",
    "PainEntry",
    "PelvisMotion",
    "PelvisState",
    "Place",
    "Provenance",
    "Quality",
    "RawPacket",
    "Recording",
    "SampleBlock",
    "Sensor",
    "SessionMarker",
    "SessionRow",
    "SessionSteps",
    "Shoe",
    "Side",
    "Snapshot",
    "SpeedBlock",
    "Stance",
    "Status",
    "Step",
    "StepTable",
    "StoredRun",
    "StreamInfo",
    "Surface",
    "Worn",
    "step_columns",
]
