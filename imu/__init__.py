"""Pelvis and foot loading in running from one wearable sensor, live and from recordings.

The public names below are loaded when they are first used, so that `import imu` itself costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imu.acquisition.simulation import Simulation
    from imu.api import Session, analyze, read
    from imu.errors import ImuError
    from imu.pipeline import Pipeline
    from imu.settings import Settings
    from imu.types import Analysis, Place, Recording, SampleBlock, Side, Step, StreamInfo

_HOME = {
    "Analysis": "imu.types",
    "ImuError": "imu.errors",
    "Pipeline": "imu.pipeline",
    "Place": "imu.types",
    "Recording": "imu.types",
    "SampleBlock": "imu.types",
    "Session": "imu.api",
    "Settings": "imu.settings",
    "Side": "imu.types",
    "Simulation": "imu.acquisition.simulation",
    "Step": "imu.types",
    "StreamInfo": "imu.types",
    "analyze": "imu.api",
    "read": "imu.api",
}

__all__ = [
    "Analysis",
    "ImuError",
    "Pipeline",
    "Place",
    "Recording",
    "SampleBlock",
    "Session",
    "Settings",
    "Side",
    "Simulation",
    "Step",
    "StreamInfo",
    "analyze",
    "read",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'imu' has no attribute '{name}'")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
