"""Texts in the language of the moment; the only way to a sentence that the user sees."""

from __future__ import annotations

from typing import Final

from gui.i18n.catalogue import TEXTS

LANGUAGES: Final = ("en", "nl")
KMH: Final = "km/h"
PACE: Final = "min/km"
SPEED_UNITS: Final = (KMH, PACE)


class Texts:
    """Look up sentences in one language; language and unit of speed may change while the program runs.

    Parameters
    ----------
    language : str
        `en` or `nl`; anything else becomes `en`.
    speed_unit : str
        `km/h` or `min/km` (pace), in which speeds are shown and typed; anything else becomes `km/h`.
    """

    def __init__(self, language: str = "en", speed_unit: str = KMH) -> None:
        self.language = language if language in LANGUAGES else "en"
        self.speed_unit = speed_unit if speed_unit in SPEED_UNITS else KMH

    @property
    def spoken(self) -> tuple[str, str]:
        """Language and unit: while they stay the same, so do the words that were made before."""
        return self.language, self.speed_unit

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence of `key` with its placeholders filled in.

        Raises
        ------
        KeyError
            The catalogue has no such key, or a placeholder was not given.
        """
        text = TEXTS[key][LANGUAGES.index(self.language)]
        return text.format(**values) if values else text


def system_language(locale_name: str) -> str:
    """Return `nl` for a Dutch system locale such as `nl_NL` or `nl_BE`, else `en`."""
    return "nl" if locale_name.lower().startswith("nl") else "en"
