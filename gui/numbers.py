"""Numbers as text: rounding, decimal comma, the real minus sign, clock times. No Qt."""

from __future__ import annotations

import math

MINUS = "\u2212"
NOTHING = "–"
"""What stands where a value is not known."""


def number(value: float | None, decimals: int, language: str, *, plus: bool = False) -> str:
    """Return a number in the way of the language; None and NaN give a dash.

    Parameters
    ----------
    value : float or None
    decimals : int
    language : str
        `nl` has a decimal comma.
    plus : bool
        Also write the sign of a positive number.
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    text = f"{abs(value):.{decimals}f}"
    is_zero = float(text) == 0
    sign = "" if is_zero else MINUS if value < 0 else "+" if plus else ""
    return sign + (text.replace(".", ",") if language == "nl" else text)


def half_width(value: float | None, decimals: int, language: str) -> str:
    """Return `± x`, rounded up so that it never promises more than is known; empty when not known."""
    if value is None or not math.isfinite(value):
        return ""
    factor = 10**decimals
    rounded = max(math.ceil(round(value * factor, 6)), 1) / factor
    return f"±\u00a0{number(rounded, decimals, language)}"


def contrast(value: float, half: float | None, decimals: int, *, larger: bool) -> tuple[int, bool]:
    """Settle how a change is written so that it never contradicts what is said of it.

    Parameters
    ----------
    value, half : float, float or None
        The change and half of its 95 % interval.
    decimals : int
        As it is usually written; one more is taken where rounding alone would hide that it is larger.
    larger : bool
        Whether it is larger than its error.

    Returns
    -------
    decimals, larger : int, bool
        A change that does not read as larger than its error, such as 0.0 with an error of 0.1, is not called so.
    """
    if not larger or half is None:
        return decimals, False
    for shown in (decimals, decimals + 1):
        factor = 10**shown
        if round(abs(value) * factor) > max(math.ceil(round(half * factor, 6)), 1):
            return shown, True
    return decimals, False


def count(value: int, language: str) -> str:
    """Return a whole number in groups of three with a narrow space (the same in both languages)."""
    del language
    return f"{value:,}".replace(",", "\u202f")


def clock(seconds: float) -> str:
    """Return `mm:ss`, or `h:mm:ss` from one hour on."""
    whole = max(int(seconds), 0)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes:02d}:{secs:02d}"
