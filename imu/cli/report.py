"""`stride report`: a finished run as one A4 page (PDF) or as HTML. The page is made by `gui.reports`."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from imu.cli.machine import say_first_start
from imu.cli.qt import load
from imu.cli.stored import number_of, open_library, require_session
from imu.cli.text import require_path
from imu.errors import RecordingError, SettingsError, StoreError
from imu.settings import Settings

_SUFFIXES = (".pdf", ".html", ".txt")


def report(
    session: Path,
    out: Path | None,
    given: dict[str, Any],
    *,
    language: str | None,
    copy: str,
    client: str,
    practice: str,
    plan: Sequence[str],
    overwrite: bool,
    speed_unit: str | None = None,
) -> int:
    """Write the report of a recording; see `stride report --help`.

    Raises
    ------
    ImuError
        The recording cannot be read or holds no running, or the report cannot be written.
    """
    settings = Settings(**given)
    number = number_of(session)
    in_library = number is not None
    if in_library and given:
        raise SettingsError(
            next(iter(given)), "a session of the library has its own settings.", hint="Leave this option out."
        )
    if number is None:
        require_path(session)
    else:
        with open_library() as library:
            require_session(library, number)
    if session.is_dir():
        raise RecordingError(f"{session} is a folder.", hint="Name a recording in it (.stride or .npz).")
    out = out or Path(f"{'session-' if in_library else ''}{session.stem}-report.pdf")
    _check_out(out, overwrite=overwrite)
    say_first_start()
    command = load("gui.reports.command", window=False)
    typed = command.Typed(copy=copy, client=client, practice=practice, plan=tuple(plan))
    if number is not None:
        with open_library() as library:
            command.report_session(library, number, out, language=language, typed=typed, speed_unit=speed_unit)
    else:
        command.report_file(session, out, settings, language=language, typed=typed, speed_unit=speed_unit)
    typer.echo(f"Report: {out.resolve()}")
    return 0


def _check_out(out: Path, *, overwrite: bool) -> None:
    """Say before the work, not after it, that the report cannot be written."""
    suffix = out.suffix.lower()
    if suffix not in _SUFFIXES:
        close = difflib.get_close_matches(suffix, _SUFFIXES, 1, cutoff=0.5)
        ending = close[0] if close else ".pdf"
        raise StoreError(
            f"A report ends in .pdf, .html or .txt, not in '{out.suffix}'." if suffix else f"{out} has no ending.",
            hint=f"Did you mean {out.with_suffix(ending)}?",
        )
    folder = out.parent
    if not folder.is_dir():
        raise StoreError(f"There is no folder {folder} for {out.name}.", hint="Make it, or choose another.")
    if out.is_dir():
        raise StoreError(f"{out} is a folder.", hint="Name a file in it.")
    if out.exists() and not overwrite:
        raise StoreError(f"{out} exists already.", hint="Choose another name with -o, or replace it with --overwrite.")
    if not os.access(folder, os.W_OK) or (out.exists() and not os.access(out, os.W_OK)):
        raise StoreError(f"{out} cannot be written.", hint="Choose another folder with -o.")
