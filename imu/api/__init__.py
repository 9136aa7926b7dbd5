"""The facade: everything a notebook, the command line or the dashboard needs, and nothing else.

`read` and `analyze` for finished recordings, `Session` for live ones, `Library` for all that were kept. All run the
very same `Pipeline`. What stands behind a number (`catalogue`), how it compares (`compare_steps`, `usual_range`,
`change_from_baseline`), feedback and its test (`cue_test`, `steps_in_line` ...), and reminders are rules on plain data.
"""

from imu.api.devices import find_sensor, read_battery, scan
from imu.api.exports import export_recording, import_log
from imu.api.files import analyze, full_summary, read, read_as_recorded, stored_session
from imu.api.imports import import_to_library
from imu.api.library import Library
from imu.api.library_steps import glimpse, session_steps
from imu.api.raster import TILE_COLUMNS, TILE_ROWS, CurveRaster, Pixels
from imu.api.session import Session
from imu.api.warm import compile_ahead
from imu.dsp.orientation import PelvisAngles, range_per_stride
from imu.dsp.spectrum import Spectrum, vertical_spectrum
from imu.events.gesture import Gesture
from imu.exchange.preview import preview_log
from imu.feedback.cue import CueBlock, CueTest, Verdict, cue_test
from imu.feedback.line import (
    FADE_BLOCKS,
    FADE_SESSIONS,
    InLine,
    LineCount,
    cadence_band,
    count_in_line,
    excess_g,
    gives_feedback,
    line_from_baseline,
    lines_at,
    share_in_session,
    steps_in_line,
)
from imu.feedback.sound import Beats, tone_hz
from imu.guidance import checklist
from imu.guidance.buildup import Reminder, Run, WeekReminder, longest_run_reminder, week_reminder
from imu.guidance.pain import PainRules, next_morning
from imu.metrics.asymmetry import Symmetry
from imu.metrics.attenuation import attenuation_pct
from imu.metrics.baseline import (
    BetweenSessions,
    Change,
    SessionValue,
    UsualRange,
    between_sessions,
    change_from_baseline,
    comparable,
    same_speed,
    usual_range,
)
from imu.metrics.catalogue import Entry, catalogue
from imu.metrics.compare import Difference, compare_steps
from imu.metrics.load import SessionLoad, session_load
from imu.metrics.movement import Movement, movement
from imu.metrics.pair import ClockOffset, Pair, pair
from imu.metrics.summary import summarise, window_loads
from imu.metrics.summary import window as window_summary

__all__ = [
    "FADE_BLOCKS",
    "FADE_SESSIONS",
    "TILE_COLUMNS",
    "TILE_ROWS",
    "Beats",
    "BetweenSessions",
    "Change",
    "ClockOffset",
    "CueBlock",
    "CueTest",
    "CurveRaster",
    "Difference",
    "Entry",
    "Gesture",
    "InLine",
    "Library",
    "LineCount",
    "Movement",
    "PainRules",
    "Pair",
    "PelvisAngles",
    "Pixels",
    "Reminder",
    "Run",
    "Session",
    "SessionLoad",
    "SessionValue",
    "Spectrum",
    "Symmetry",
    "UsualRange",
    "Verdict",
    "WeekReminder",
    "analyze",
    "attenuation_pct",
    "between_sessions",
    "cadence_band",
    "catalogue",
    "change_from_baseline",
    "checklist",
    "comparable",
    "compare_steps",
    "compile_ahead",
    "count_in_line",
    "cue_test",
    "excess_g",
    "export_recording",
    "find_sensor",
    "full_summary",
    "gives_feedback",
    "glimpse",
    "import_log",
    "import_to_library",
    "line_from_baseline",
    "lines_at",
    "longest_run_reminder",
    "movement",
    "next_morning",
    "pair",
    "preview_log",
    "range_per_stride",
    "read",
    "read_as_recorded",
    "read_battery",
    "same_speed",
    "scan",
    "session_load",
    "session_steps",
    "share_in_session",
    "steps_in_line",
    "stored_session",
    "summarise",
    "tone_hz",
    "usual_range",
    "vertical_spectrum",
    "week_reminder",
    "window_loads",
    "window_summary",
]
