"""A log of another program before it is read: its columns, what each of them means, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LOG_ACC_UNITS: Final = ("m/s2", "g", "mg")
"""Units in which a log may hold acceleration."""
LOG_GYR_UNITS: Final = ("dps", "mdps", "rad/s")
"""Units in which a log may hold angular rate."""
LOG_TIME_UNITS: Final = ("s", "ms", "us", "ns", "date")
"""Units in which a log may hold time; date = ISO 8601."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What each column of a table means; columns are counted from 0.

    Attributes
    ----------
    acc : tuple of three int, or empty
        Columns of acceleration x, y, z, gravity included; empty = not known yet.
    acc_unit : str
        One of `LOG_ACC_UNITS`; "" = to be told from gravity.
    gyr : tuple of three int, or empty
        Columns of angular rate x, y, z.
    gyr_unit : str
        One of `LOG_GYR_UNITS`; "" = degrees per second.
    time : int or None
        None = rows are evenly spaced at `rate_hz`.
    time_unit : str
        One of `LOG_TIME_UNITS`; "" = to be told from the spacing.
    rate_hz : float or None
        Where there is no column of time.
    """

    acc: tuple[int, ...] = ()
    acc_unit: str = ""
    gyr: tuple[int, ...] = ()
    gyr_unit: str = ""
    time: int | None = None
    time_unit: str = ""
    rate_hz: float | None = None


@dataclass(frozen=True, slots=True)
class LogProblem:
    """Why a log cannot be read as it is.

    Attributes
    ----------
    text, hint : str
        What is wrong, and what to do.
    line, column : int or None
        Place in the file, counted from 1; None = the whole file, or the whole column.
    """

    text: str
    hint: str = ""
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class LogPreview:
    """A log that was looked at.

    Attributes
    ----------
    path : str
    kind : str
        Who made it, such as "Movella DOT"; "" = a table like any other.
    names : tuple of str
        Heading of each column; "1", "2", ... where there is none. Empty for JSON, which names its own values.
    first_line : int
        Line of the first row in the file, counted from 1.
    rows : tuple of tuple of str
        The first rows, as they stand in the file.
    mapping : ColumnMapping
        As used: guessed or stated; units that were told from the data are filled in.
    n_samples, n_missing : int
        Samples, and samples missing between them; 0 where it cannot be read yet.
    sampling_rate_hz, duration_s : float or None
    acc_size_g : float or None
        Median size of acceleration: about 1 if columns and unit are right and the sensor was worn.
    notes : tuple of str
        What was assumed.
    problems : tuple of LogProblem
        Empty = it can be imported.
    """

    path: str
    kind: str
    names: tuple[str, ...]
    first_line: int
    rows: tuple[tuple[str, ...], ...]
    mapping: ColumnMapping
    n_samples: int = 0
    n_missing: int = 0
    sampling_rate_hz: float | None = None
    duration_s: float | None = None
    acc_size_g: float | None = None
    notes: tuple[str, ...] = ()
    problems: tuple[LogProblem, ...] = ()
