"""What went wrong, in the language of the moment: the engine speaks English, the catalogue has a sentence per code."""

from __future__ import annotations

from typing import Final

from gui.i18n import Texts
from gui.i18n.catalogue import TEXTS
from imu.errors import ImuError

_UNEXPECTED: Final = "unexpected"


def code_words(code: str, detail: str, texts: Texts) -> str:
    """Say a failure: the engine's own sentence in English, else the catalogue's sentence for its code.

    Parameters
    ----------
    code : str
        `ImuError.code`; the part after the last dot may be unknown here, then the kind of error is said.
    detail : str
        The engine's English sentence.
    texts : Texts
    """
    if texts.language == "en" and detail:
        return detail
    parts = code.split(".")
    while parts:
        key = "error." + "_".join(parts)
        if key in TEXTS:
            return texts(key)
        parts.pop()
    return texts(f"error.{_UNEXPECTED}")


def failure_words(error: Exception, texts: Texts) -> str:
    """Say an exception."""
    if isinstance(error, ImuError):
        return code_words(error.code, str(error), texts)
    return code_words(_UNEXPECTED, f"{type(error).__name__}: {error}", texts)
