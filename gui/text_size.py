"""How large text is: a choice from 100 to 200 %, and what the system asks for where nothing was chosen."""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtGui import QGuiApplication

SIZES: Final = (100, 125, 150, 175, 200)
"""Percent of the size in which the window is designed."""
_SYSTEM_POINTS: Final = {"win32": 9.0, "darwin": 13.0}
"""Size of the system's font when nobody asked for larger text; other desktops use 10 or 11."""
_BASE_DPI: Final = {"darwin": 72.0}
_KNOWN: Final = "stride_text_size"


def stepped(percent: int, steps: int) -> int:
    """Return the next size up or down; the ends stay."""
    nearest = min(range(len(SIZES)), key=lambda k: abs(SIZES[k] - percent))
    return SIZES[min(max(nearest + steps, 0), len(SIZES) - 1)]


def nearest(scale: float) -> int:
    """Return the size that is nearest to a scale, where 1.0 is 100 %."""
    return min(SIZES, key=lambda percent: abs(percent - 100.0 * scale))


def remembered(words: str | None) -> int | None:
    """Return a size that was kept as text; None = there is none, or it is not one of ours."""
    return int(words) if words in {str(size) for size in SIZES} else None


def system_size(app: QGuiApplication) -> int:
    """Return the size that the desktop's own settings ask for; the same for as long as the application runs.

    The system's font and its dots per inch are looked at: the first follows "larger text", the second a font scale.
    A scale of the whole screen is not among them, Qt applies that to everything already.
    """
    known = app.property(_KNOWN)
    if not isinstance(known, int):  # from the first window on, the application's font is ours
        screen = app.primaryScreen()
        known = asked_size(
            app.font().pointSizeF(), 0.0 if screen is None else screen.logicalDotsPerInch(), sys.platform
        )
        app.setProperty(_KNOWN, known)
    return known


def asked_size(points: float, dpi: float, platform: str) -> int:
    """Return the size of text for a system font of so many points, on a screen of so many logical dots per inch.

    Values of 0 and below are not known. Neither makes text smaller than 100 %.
    """
    by_font = points / _SYSTEM_POINTS.get(platform, 11.0)
    by_screen = dpi / _BASE_DPI.get(platform, 96.0)
    return nearest(max(by_font, 1.0) * max(by_screen, 1.0))
