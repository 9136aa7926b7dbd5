"""The plain data that flows through the engine: packets, blocks, steps, spans.

Body frame: ``is`` (up +), ``ml`` (to the runner's right +), ``pa`` (forward +), right-handed. Accelerations are
specific force (standing still, ``acc_is`` = +9.81 m/s2). Sample indices count from the start of the stream (int64)
and intervals are half-open; seconds are derived from them and never accumulated.
"""

from __future__ import annotations

from imu.types.live import LiveEvent, Snapshot, Status
from imu.types.samples import FloatArray, Gap, IntArray, RawPacket, Recording, SampleBlock, StreamInfo
from imu.types.steps import ActivitySpan, Analysis, Estimate, Step, step_columns
from imu.types.words import ActivityKind, LinkState, LiveKind, Place, Quality, Side

__all__ = [
    "ActivityKind",
    "ActivitySpan",
    "Analysis",
    "Estimate",
    "FloatArray",
    "Gap",
    "IntArray",
    "LinkState",
    "LiveEvent",
    "LiveKind",
    "Place",
    "Quality",
    "RawPacket",
    "Recording",
    "SampleBlock",
    "Side",
    "Snapshot",
    "Status",
    "Step",
    "StreamInfo",
    "step_columns",
]
