"""The facade: everything a notebook, the command line or the dashboard needs, and nothing else.

`read` and `analyze` for finished recordings, `Session` for live ones, `Library` for all that were kept. All run the
very same `Pipeline`.
"""

from imu.api.exports import export_recording, import_log, preview_log
from imu.api.files import analyze, read, read_as_recorded, stored_session, stored_steps
from imu.api.library import Library
from imu.api.session import Session
from imu.metrics.asymmetry import Symmetry
from imu.metrics.summary import summarise
from imu.metrics.summary import window as window_summary

__all__ = [
    "Library",
    "Session",
    "Symmetry",
    "analyze",
    "export_recording",
    "import_log",
    "preview_log",
    "read",
    "read_as_recorded",
    "stored_session",
    "stored_steps",
    "summarise",
    "window_summary",
]
