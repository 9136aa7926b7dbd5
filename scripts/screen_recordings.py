"""Pictures of the review pages made from real recordings (STRIDE_DATA), imported into a library like any file.

The recordings state no date: the days in these pictures only keep their order.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QApplication, QWidget
from screen_frame import save
from screen_names import LOOKS
from screen_run import STARTED

from gui import theme
from gui.i18n import Texts
from gui.look import Look
from gui.views.compare_page import ComparePage
from gui.views.library_page import LibraryPage
from gui.views.session_page import SessionPage
from gui.views.trend_page import TrendPage
from imu import api
from imu.api import Library

_SIZE: Final = (1920, 1016)
_WAIT_MS: Final = 60_000

RECORDINGS: Final = {
    "A (treadmill, sacrum)": (
        "A_sacrum_grf_treadmill",
        ("trial02_v2.50_s+0", "trial03_v3.33_s+0", "trial04_v3.33_s+0", "trial06_v4.17_s+0", "trial28_v3.33_s+0"),
    ),
    "E-SA04 (waist)": ("E_waist_200Hz_jog_walk", ("D01_SA04", "D03_SA04", "D04_SA04")),
    "E-SA08 (waist)": ("E_waist_200Hz_jog_walk", ("D03_SA08", "D04_SA08")),
    "C (outdoors, hip)": ("C_hip_foot_outdoor_run", ("adept_outdoor_run_25min_part1",)),
}
"""Client -> folder of the data and its files."""


def make_library(path: Path, data: Path) -> Library:
    """Import the recordings, each on a day of its own."""
    library = Library.open(path)
    day = 0
    for code, (folder, names) in RECORDINGS.items():
        client = library.add_client(code)
        for name in names:
            started = STARTED - timedelta(days=20 - day)
            api.import_to_library(library, data / folder / f"{name}.npz", client_id=client.id, started_utc=started)
            day += 1
    return library


def take_recorded(app: QApplication, data: Path) -> None:
    """Write the pictures."""
    family = theme.load_fonts()
    with (
        tempfile.TemporaryDirectory() as temporary,
        make_library(Path(temporary) / "recordings.stride-library", data) as library,
    ):
        rows = library.sessions()
        outdoors = next(r for r in rows if r.client_code and r.client_code.startswith("C"))
        treadmill = [r for r in reversed(rows) if r.client_code and r.client_code.startswith("A")]
        client = treadmill[0].client_id
        assert client is not None
        for name, language in LOOKS:
            look = Look(theme.THEMES[name], family, Texts(language))
            theme.apply(app, look.tokens, family)
            pages: dict[str, Callable[[Look], QWidget]] = {
                "library": lambda look: _library_page(library, look),
                "session": lambda look: SessionPage(library, outdoors.id, look),
                "compare": lambda look: ComparePage(library, [treadmill[1].id, treadmill[-1].id], look),
                "trend": lambda look: TrendPage(library, client, look),
            }
            for page_name, make in pages.items():
                page = make(look)
                page.resize(*_SIZE)
                page.show()
                _settle(app, page)
                save(page, f"recorded_{page_name}", name, language)
                page.close()


def _settle(app: QApplication, page: QWidget) -> None:
    """Let the page finish what it reads in a thread."""
    timer = QElapsedTimer()
    timer.start()
    app.processEvents()
    while isinstance(page, SessionPage) and page.signal is None and timer.elapsed() < _WAIT_MS:
        app.processEvents()


def _library_page(library: Library, look: Look) -> LibraryPage:
    page = LibraryPage(library, look)
    page.table.selectRow(0)
    page.say(look.texts("library.where", path=library.path.name))
    return page
