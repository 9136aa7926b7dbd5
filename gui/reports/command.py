"""Make a report from a recording without a window: what `stride report` runs."""

from __future__ import annotations

import importlib.metadata
import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication

from gui import theme
from gui.i18n import KMH, Texts, system_language
from gui.preferences import StoredPreferences
from gui.reports.compose import Typed, compose
from gui.reports.shown import Report
from gui.reports.write import write_report
from gui.review.history import History, Past, history_of
from gui.review.run import Run, load_file
from gui.review.stored import of_stored
from gui.review.told import with_library
from imu.api import Library
from imu.settings import Settings


def report_file(
    source: Path, out: Path, settings: Settings, *, language: str | None, typed: Typed, speed_unit: str | None = None
) -> Run:
    """Read a recording, write its report, and return what it was made from.

    Parameters
    ----------
    source : Path
        `.stride` or `.npz`.
    out : Path
        Ends in `.pdf` or `.html`.
    settings : Settings
        What the user typed.
    language : str or None
        `en` or `nl`; None = the system's.
    typed : Typed
    speed_unit : str or None
        `km/h` or `min/km`; None = what the dashboard remembers.

    Raises
    ------
    ImuError
        The recording cannot be read, holds no running, or the report cannot be written.
    """
    run = load_file(source, settings, product_version=version())
    write_run(run, out, language=language, typed=typed, speed_unit=speed_unit)
    return run


def report_session(
    library: Library,
    session_id: int,
    out: Path,
    *,
    language: str | None,
    typed: Typed,
    speed_unit: str | None = None,
) -> None:
    """Write the report of a session of a library, compared with the client's earlier ones.

    Raises
    ------
    ImuError
        There is no such session, it holds no running, or the report cannot be written.
    """
    run = with_library(of_stored(library.session(session_id)), library, session_id)
    past = history_of(library, session_id)
    write_run(run, out, language=language, typed=typed, past=past, speed_unit=speed_unit)


def write_run(
    run: Run,
    out: Path,
    *,
    language: str | None,
    typed: Typed,
    past: tuple[Past, History] | None = None,
    speed_unit: str | None = None,
) -> None:
    """Write the report of a run at hand; see `report_file` and `gui.reports.compose.compose`."""
    app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    unit = speed_unit or StoredPreferences().get("speed_unit") or KMH
    texts = Texts(language or system_language(QLocale.system().name()), unit)
    write_report(report_of(run, texts, typed, past), out, theme.load_fonts())
    del app  # kept until here: without an application there are no fonts


def report_of(run: Run, t: Texts, typed: Typed, past: tuple[Past, History] | None = None) -> Report:
    """Compose the report of a run; where no practice was typed it is the one of last time."""
    if not typed.practice:
        typed = replace(typed, practice=StoredPreferences().get("practice") or "")
    return compose(run, t, typed, past)


def version() -> str:
    """Version of the program; empty where it is not installed."""
    try:
        return importlib.metadata.version("stride-impact")
    except importlib.metadata.PackageNotFoundError:
        return ""
