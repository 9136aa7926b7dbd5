"""What is behind each number: complete, in both languages, and in step with the validation page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from imu.api import catalogue
from imu.metrics.catalogue import Entry
from imu.metrics.summary import METRICS

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "validation.md").read_text(encoding="utf-8")
ENTRIES = list(catalogue().values())
DOI = re.compile(r"10\.\d{4,9}/\S+$|PMC\d+$")
AVOID = re.compile(
    r"injury risk|unsafe|abnormal|patholog|diagnos|disc load|healthy|blessurerisico|onveilig|abnormaal", re.I
)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.key)
def test_every_field_is_there_in_both_languages(entry: Entry) -> None:
    for words in (entry.name, entry.formula, entry.filter, entry.published, entry.measured, entry.hidden):
        assert words.en.strip()
        assert words.nl.strip()
        assert words.in_language("nl") == words.nl
        assert words.in_language("en") == words.en
        for text in words:
            assert not AVOID.search(text)
    assert entry.unit
    assert entry.sources
    for source in entry.sources:
        assert source.text
        assert not source.identifier or DOI.match(source.identifier)
        assert source.url.startswith("https://") is bool(source.identifier)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.key)
def test_dutch_has_decimal_commas_and_the_same_figures(entry: Entry) -> None:
    for english, dutch in (entry.published, entry.measured, entry.hidden):
        assert not re.search(r"\d\.\d", dutch)
        figures = re.findall(r"\d+(?:\.\d+)?", english)
        assert re.findall(r"\d+(?:\.\d+)?", dutch.replace(",", ".")) == figures or set(figures) == set(
            re.findall(r"\d+(?:\.\d+)?", re.sub(r"(\d),(\d)", r"\1.\2", dutch))
        )


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.key)
def test_our_own_figures_are_those_of_the_validation_page(entry: Entry) -> None:
    for figure in entry.figures:
        assert figure in PAGE
        for number in re.findall(r"\d+(?:\.\d+)?", figure):
            assert number in entry.measured.en


def test_every_number_of_a_step_has_an_entry() -> None:
    assert set(METRICS) <= set(catalogue())
