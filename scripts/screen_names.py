"""Names of the pictures in docs/screens: each page in both themes and both languages, each report in both languages."""

from __future__ import annotations

from typing import Final

THEMES: Final = ("light", "dark")
LANGUAGES: Final = ("en", "nl")
LOOKS: Final = tuple((theme, language) for theme in THEMES for language in LANGUAGES)
PAGES: Final = {
    "--pages": ("start", "wizard_client", "wizard_sensor", "wizard_stand"),
    "--live": ("far", "runner", "near_steps", "near_spectrum", "near_pelvis", "near_pair", "help", "dialog_pain"),
    "--states": ("states",),
    "--review": (
        *("library", "session", "session_steps", "compare", "trend"),
        *("dialog_report", "dialog_import", "dialog_erase"),
    ),
    "--recorded": ("recorded_library", "recorded_session", "recorded_compare", "recorded_trend"),
}
"""By the option of make_screens.py that takes them."""
REPORTS: Final = ("report", "report_client")
IN_A_BROWSER: Final = ("report_html_nl.png",)
"""Taken by hand: no browser is among the things that this project needs."""
KNOWN: Final = {name for names in PAGES.values() for name in names}


def file_name(page: str, theme: str, language: str) -> str:
    """Return the file of a page in one look.

    Raises
    ------
    ValueError
        No such page is known: it would be a picture that nobody expects.
    """
    if page not in KNOWN:
        raise ValueError(f"{page} is not among the names of the pages (scripts/screen_names.py)")
    return f"{page}_{theme}_{language}.png"


def all_files() -> set[str]:
    """Return every file that belongs into docs/screens."""
    pages = {file_name(page, *look) for page in KNOWN for look in LOOKS}
    return pages | {f"{name}_{language}.png" for name in REPORTS for language in LANGUAGES} | {*IN_A_BROWSER}
