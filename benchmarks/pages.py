"""Tables of measurements between two marks of a page of the documentation."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path


def put(page: Path, text: str, begin: str, end: str) -> None:
    """Replace what stands between two marks of a page.

    Raises
    ------
    ValueError
        The page does not hold both marks.
    """
    before, rest = page.read_text(encoding="utf-8").split(begin)
    _, after = rest.split(end)
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def print_simulated(
    argv: Sequence[str] | None, doc: str | None, table: Callable[[int], str], runs: int, begin: str, end: str
) -> None:
    """Measure so many simulated runs (`--runs`) and print the table; `--page` writes it between the marks of a page."""
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=runs)
    parser.add_argument("--page", type=Path)
    given = parser.parse_args(argv)
    text = table(given.runs)
    print(text)
    if given.page:
        put(given.page, text, begin, end)
