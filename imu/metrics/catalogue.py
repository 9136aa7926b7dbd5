"""What is behind every number that is shown: name, formula, filter, source, errors, when it is hidden.

Read by the panel that opens on a click on a number, and by the report. Texts are in English and Dutch.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

DATA_FILE = "catalogue.toml"


class Words(NamedTuple):
    """One sentence in both languages."""

    en: str
    nl: str

    def in_language(self, language: str) -> str:
        """Return the sentence in `nl`, else in English."""
        return self.nl if language == "nl" else self.en


class Reference(NamedTuple):
    """A source: what it is called, and its DOI, PMC number or empty."""

    text: str
    identifier: str

    @property
    def url(self) -> str:
        """Where to read it; empty where there is no identifier."""
        if not self.identifier:
            return ""
        if self.identifier.startswith("PMC"):
            return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.identifier}/"
        return f"https://doi.org/{self.identifier}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One number.

    Attributes
    ----------
    key : str
        As in `Step`, the summary or the comparison.
    name : Words
    unit : str
        Of the stored value; the dashboard may show ms for s and cm for m.
    formula, filter : Words
    sources : tuple of Reference
    published : Words
        Error that others published for such a number.
    measured : Words
        Our own error (docs/validation.md).
    hidden : Words
        When it is not shown.
    figures : tuple of str
        Parts of `measured.en` that stand in docs/validation.md in the same letters.
    """

    key: str
    name: Words
    unit: str
    formula: Words
    filter: Words
    sources: tuple[Reference, ...]
    published: Words
    measured: Words
    hidden: Words
    figures: tuple[str, ...]


def read_entry(key: str, table: dict[str, Any]) -> Entry:
    """Make an entry from its table.

    Raises
    ------
    KeyError, TypeError
        A field is missing, or has not both languages.
    """
    words = {field: Words(*table[field]) for field in ("name", "formula", "filter", "published", "measured", "hidden")}
    return Entry(
        key=key,
        unit=str(table["unit"]),
        sources=tuple(Reference(*source) for source in table["sources"]),
        figures=tuple(table["figures"]),
        **words,
    )


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Entry]:
    """Return every number by its key, in a fixed order."""
    text = resources.files("imu.metrics").joinpath(DATA_FILE).read_text(encoding="utf-8")
    return {key: read_entry(key, table) for key, table in tomllib.loads(text).items()}
