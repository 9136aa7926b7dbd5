"""Delimited text of unknown habits: separator, decimal sign, heading; a fault is named by line and column."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from imu.errors import RecordingError
from imu.types import FloatArray

_HABITS: Final = ((";", "."), (";", ","), ("\t", "."), ("\t", ","), (",", "."), (None, "."))
"""Separator and decimal sign, in the order in which they are believed; None = any white space."""
_LOOKED_AT: Final = 200
_SAMPLE: Final = 40
_ENCODINGS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class CellError(RecordingError):
    """A cell of a text file is wrong; `line` and `column` count from 1."""

    def __init__(self, message: str, *, line: int, column: int | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class TextTable:
    """A text file as a table.

    Attributes
    ----------
    path : Path
    preamble : tuple of str
        Lines above the heading.
    names : tuple of str
        Heading; "1", "2", ... where there is none.
    lines : list of str
        Lines of data; an empty line stays in, so that line numbers hold.
    first_line : int
        Number of the first of them in the file, counted from 1.
    separator : str or None
        None = any white space.
    decimal : str
        "." or ",".
    """

    path: Path
    preamble: tuple[str, ...]
    names: tuple[str, ...]
    lines: list[str]
    first_line: int
    separator: str | None
    decimal: str

    def cells(self, row: int) -> list[str]:
        """Cells of one line of data."""
        return _cells(self.lines[row], self.separator)

    def numbers(self, columns: Sequence[int]) -> FloatArray:
        """Return columns as float64, shape (rows, len(columns)); an empty cell is NaN.

        Raises
        ------
        CellError
            A cell is no number, or a line has too few cells: the message names the line and the column.
        """
        try:
            return self._quickly(columns)
        except ValueError:
            return self._one_by_one(columns)

    def seconds(self, column: int) -> FloatArray:
        """Return a column of dates with times (ISO 8601) as seconds from the first one.

        Raises
        ------
        CellError
            A cell is no such date.
        """
        stamps = [self._stamp(row, column) for row in range(len(self.lines)) if self.lines[row].strip()]
        first = stamps[0]
        return np.array([(s - first).total_seconds() for s in stamps])

    def _quickly(self, columns: Sequence[int]) -> FloatArray:
        lines = self.lines
        if self.decimal == ",":
            lines = [line.replace(",", ".") for line in lines]
        return np.loadtxt(
            lines, delimiter=self.separator, usecols=tuple(columns), ndmin=2, comments=None, quotechar='"'
        )

    def faults(self, columns: Sequence[int], *, limit: int) -> list[CellError]:
        """List cells that are no numbers and lines that have too few of them, up to `limit`."""
        found: list[CellError] = []
        last = self._last_line()
        for i in range(last + 1):
            if not self.lines[i].strip() or len(found) == limit:
                continue
            try:
                self._row(i, columns, last)
            except CellError as error:
                found.append(error)
        return found

    def _one_by_one(self, columns: Sequence[int]) -> FloatArray:
        last = self._last_line()
        rows = [self._row(i, columns, last) for i in range(last + 1) if self.lines[i].strip()]
        if rows and rows[-1] is None:
            rows.pop()
        return np.array(rows, dtype=np.float64).reshape(-1, len(columns))

    def _last_line(self) -> int:
        return max(i for i, line in enumerate(self.lines) if line.strip())

    def _row(self, row: int, columns: Sequence[int], last: int) -> list[float] | None:
        """Numbers of a line; None for a last line in whose middle the file was cut off."""
        cells = self.cells(row)
        if len(cells) <= max(columns) and row == last:
            return None
        return [self._number(row, cells, c) for c in columns]

    def _number(self, row: int, cells: list[str], column: int) -> float:
        line = self.first_line + row
        if column >= len(cells):
            raise CellError(
                f"{self.path.name}: line {line} has {len(cells)} columns, but {len(self.names)} are expected.",
                line=line,
                hint="Look at that line; export the file again if it is damaged.",
            )
        text = cells[column]
        if not text:
            return math.nan
        value = _float(text, self.decimal)
        if value is None:
            raise CellError(
                f"{self.path.name}: line {line}, column {column + 1} ({self.names[column]}): "
                f"'{text[:40]}' is not a number.",
                line=line,
                column=column + 1,
                hint="Look at that line; export the file again if it is damaged.",
            )
        return value

    def _stamp(self, row: int, column: int) -> datetime:
        cells = self.cells(row)
        text = cells[column] if column < len(cells) else ""
        try:
            stamp = datetime.fromisoformat(text)
        except ValueError:
            line = self.first_line + row
            raise CellError(
                f"{self.path.name}: line {line}, column {column + 1} ({self.names[column]}): "
                f"'{text[:40]}' is neither a number nor a date with time such as 2026-05-01T10:00:00.125.",
                line=line,
                column=column + 1,
                hint="Name another column with --time.",
            ) from None
        return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)


def open_table(path: Path) -> TextTable:
    """Read a text file and find out how it is laid out.

    Raises
    ------
    RecordingError
        Missing, empty, not text, or without rows of numbers.
    """
    lines = _lines(path)
    shown = [line for line in lines[:_LOOKED_AT] if line.strip()]
    sample = shown[-_SAMPLE:]
    best = max(_HABITS, key=lambda habit: _regular_numbers(sample, *habit))
    if _regular_numbers(sample, *best) < 1.0:
        raise RecordingError(
            f"{path.name} holds no rows of numbers: its line {min(len(lines), 1)} reads '{lines[0][:40].strip()}'.",
            hint="A log has one row per sample: time, then acceleration x, y, z.",
        )
    separator, decimal = best
    usual = Counter(len(_cells(line, separator)) for line in sample).most_common(1)[0][0]
    numeric = [
        c for c in range(usual) if sum(_is_number(line, separator, decimal, c) for line in sample) > len(sample) / 2
    ]
    first = next(
        i
        for i, line in enumerate(lines)
        if len(_cells(line, separator)) == usual and all(_is_number(line, separator, decimal, c) for c in numeric)
    )
    above = [i for i in range(first) if lines[i].strip()]
    names = tuple(str(c + 1) for c in range(usual))
    preamble = tuple(lines[i] for i in above)
    if above:
        heading = _cells(lines[above[-1]].lstrip("#"), separator)
        if len(heading) == usual and not all(_float(h, decimal) is not None for h in heading):
            names = tuple(h or str(c + 1) for c, h in enumerate(heading))
            preamble = preamble[:-1]
    return TextTable(path, preamble, names, lines[first:], first + 1, separator, decimal)


def _lines(path: Path) -> list[str]:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise RecordingError(f"There is no file {path}.", hint="Check the path.") from None
    except OSError as error:
        raise RecordingError(f"{path.name} cannot be read: {error.strerror}.", hint="Check its permissions.") from None
    if not raw.strip():
        raise RecordingError(f"{path.name} is empty.", hint="Copy or export it again.")
    encoding = next((e for mark, e in _ENCODINGS.items() if raw.startswith(mark)), "utf-8")
    if encoding != "utf-16" and b"\0" in raw[:4096]:
        raise RecordingError(f"{path.name} is not a text file.", hint="Export the log as CSV.")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # every byte has a meaning there; only headings can hold such letters
    return re.split(r"\r\n|\n|\r", text)


def _cells(line: str, separator: str | None) -> list[str]:
    return [cell.strip().strip('"').strip() for cell in line.strip("\r\n").split(separator)]


def _float(text: str, decimal: str) -> float | None:
    if "_" in text:  # Python would read 1_000 as a number
        return None
    try:
        return float(text.replace(",", ".") if decimal == "," else text)
    except ValueError:
        return None


def _is_number(line: str, separator: str | None, decimal: str, column: int) -> bool:
    cells = _cells(line, separator)
    return column < len(cells) and _float(cells[column], decimal) is not None


def _regular_numbers(sample: list[str], separator: str | None, decimal: str) -> float:
    """Numbers per line, over the lines that have the usual number of cells."""
    if not sample:
        return 0.0
    rows = [_cells(line, separator) for line in sample]
    usual = Counter(map(len, rows)).most_common(1)[0][0]
    return sum(_float(c, decimal) is not None for row in rows if len(row) == usual for c in row) / len(rows)
