"""Pages of finished sessions, made up or from a small library."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from made_run import made_run
from pytestqt.qtbot import QtBot

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.review.run import Run
from gui.views.session_page import SessionPage
from imu.api import Library

Make = Callable[..., SessionPage]


def page_maker(qtbot: QtBot) -> Make:
    """Return what makes a page of 1280 x 720: of a run, or of a session of a library."""

    def build(run: Run | None = None, *, language: str = "en", dark: bool = False, **options) -> SessionPage:
        tokens = theme.DARK if dark else theme.LIGHT
        look = Look(tokens, theme.load_fonts(), Texts(language))
        if run is None and "library" not in options:
            run = made_run()
        page = SessionPage(options.get("library"), options.get("session_id", 0), look, run)
        qtbot.addWidget(page)
        page.resize(1280, 720)
        page.show()
        return page

    return build


def copy_of(recorded: Path, folder: Path) -> Library:
    """Open a copy of a library, to be changed."""
    path = folder / "copy.stride-library"
    shutil.copy(recorded, path)
    return Library.open(path)
