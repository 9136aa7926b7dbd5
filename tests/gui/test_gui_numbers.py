"""Numbers as they are shown."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.numbers import MINUS, NOTHING, clock, count, half_width, number


@pytest.mark.parametrize(
    ("value", "decimals", "language", "plus", "text"),
    [
        (2.674, 2, "en", False, "2.67"),
        (2.674, 2, "nl", False, "2,67"),
        (-1.25, 1, "nl", False, f"{MINUS}1,2"),
        (5.0, 0, "en", True, "+5"),
        (-0.2, 0, "en", True, "0"),
        (None, 2, "en", False, NOTHING),
        (math.nan, 2, "nl", False, NOTHING),
        (math.inf, 0, "en", True, NOTHING),
    ],
)
def test_number(value: float | None, decimals: int, language: str, plus: bool, text: str) -> None:
    assert number(value, decimals, language, plus=plus) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0.061, 2, "±\u00a00.07"), (0.06, 2, "±\u00a00.06"), (0.0, 0, "±\u00a01"), (4.2, 0, "±\u00a05"), (None, 2, "")],
)
def test_an_interval_is_rounded_up(value: float | None, decimals: int, text: str) -> None:
    assert half_width(value, decimals, "en") == text


@given(st.floats(0, 50), st.integers(0, 2))
def test_an_interval_never_promises_more_than_is_known(value: float, decimals: int) -> None:
    shown = float(half_width(value, decimals, "en").split("\u00a0")[1])
    assert shown >= value - 1e-6
    assert shown <= value + 1.001 * 10.0**-decimals


def test_a_hyphen_never_stands_for_a_minus() -> None:
    assert "-" not in number(-3.2, 1, "en")
    assert MINUS == "−"


@pytest.mark.parametrize(("seconds", "text"), [(0, "00:00"), (-3, "00:00"), (252.9, "04:12"), (3671, "1:01:11")])
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_count_has_narrow_spaces() -> None:
    assert count(52416, "nl") == "52\u202f416"
