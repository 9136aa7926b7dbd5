"""Take the pictures in docs/screens/ anew: every page, in both themes and both languages, offscreen.

QT_QPA_PLATFORM=offscreen python scripts/make_screens.py [--pages] [--live] [--states] [--review] [--recorded]

Without an option all of them; those made from real recordings (recorded_*.png) need their folder in STRIDE_DATA. The
pictures depend on the code only: simulated runs at full speed, held still, on a fixed day.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication
from screen_frame import FOLDER, fixed_time
from screen_library import make_library
from screen_live import take_live
from screen_pages import take_pages
from screen_recordings import take_recorded
from screen_review import take_review
from screen_states import take_states


def main() -> int:
    """Write the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    app.setCursorFlashTime(0)  # a cursor that blinks is in one picture and not in the next
    data = os.environ.get("STRIDE_DATA")
    with fixed_time(), tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "pictures.stride-library"
        make_library(path).close()
        parts: dict[str, Callable[[], None]] = {
            "--pages": lambda: take_pages(app, path),
            "--live": lambda: take_live(app, path),
            "--states": lambda: take_states(app, path),
            "--review": lambda: take_review(FOLDER, app, path),
        }
        if data:
            parts["--recorded"] = lambda: take_recorded(app, Path(data))
        asked = [part for part in parts if part in sys.argv] or list(parts)
        for part in asked:
            parts[part]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
