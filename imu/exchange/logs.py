"""Logs of other programs: CSV of any kind, with what is known of some makers' habits, and Movesense's JSON.

Known by their heading: Movella DOT (CSV), Polar Sensor Logger (text), ActiGraph (CSV of raw data, no time stamps),
Movesense (CSV and JSON). Anything else is read by the names of its columns, or by columns that the user names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from imu.errors import RecordingError
from imu.exchange import columns
from imu.exchange.arrays import recording_of
from imu.exchange.header import parse_meta
from imu.exchange.text_table import TextTable, open_table
from imu.types import ColumnMapping, FloatArray, Recording

_US_ROLLOVER: Final = 2.0**32 * 1e-6
"""A 32-bit count of microseconds starts anew after 71.6 minutes."""
_UNITS: Final = ("acc_unit", "gyr_unit", "time_unit")


class Maker(NamedTuple):
    """What is known of one program's files: how they are recognised, and what their heading leaves unsaid."""

    title: str
    is_it: Callable[[TextTable], bool]
    complete: Callable[[TextTable, ColumnMapping], ColumnMapping]


@dataclass(frozen=True, slots=True)
class Log:
    """A log that was looked at, not yet read.

    Attributes
    ----------
    table : TextTable
    kind : str
        Who made it, in words; "" = a table like any other.
    columns : ColumnMapping
    """

    table: TextTable
    kind: str
    columns: ColumnMapping


def _rate_in_heading(table: TextTable, guess: ColumnMapping) -> ColumnMapping:
    found = re.search(r"\bat\s*(\d+(?:\.\d+)?)\s*Hz", " ".join(table.preamble))
    return replace(guess, acc_unit="g", rate_hz=float(found[1]) if found else None)


MAKERS: Final = (
    Maker(
        "ActiGraph",
        lambda t: any("created by actigraph" in line.lower() for line in t.preamble),
        _rate_in_heading,
    ),
    Maker(
        "Movella DOT",
        lambda t: "SampleTimeFine" in t.names and "Acc_X" in t.names,
        lambda t, guess: replace(
            guess, time=t.names.index("SampleTimeFine"), time_unit="us", acc_unit="m/s2", gyr_unit="dps"
        ),
    ),
    Maker(
        "Polar Sensor Logger",
        lambda t: t.names[0].lower() == "phone timestamp",
        lambda t, guess: replace(guess, time=1, time_unit="ns") if len(t.names) > 1 else guess,
    ),
    Maker(
        "Movesense",
        lambda t: tuple(n.lower() for n in t.names) == ("timestamp", "x", "y", "z"),
        lambda _, guess: replace(guess, time=0, time_unit="ms", acc_unit="m/s2"),
    ),
)


def look_at(path: Path, given: Mapping[str, Any] | ColumnMapping | None = None) -> Log:
    """Find out what a log holds.

    Parameters
    ----------
    path : Path
    given : dict or ColumnMapping, optional
        What the user states: `acc`, `gyr` (three names each), `time` (a name), `acc_unit`, `gyr_unit`, `time_unit`,
        `rate_hz`, which win over what the heading says; or what every column means, of which nothing is guessed.

    Raises
    ------
    RecordingError
        No text, no rows of numbers, or columns whose meaning cannot be told.
    """
    log = meaning_of(open_table(path), given)
    require_time(log)
    return log


def meaning_of(table: TextTable, given: Mapping[str, Any] | ColumnMapping | None = None) -> Log:
    """Tell what the columns of a table mean, all but whether there is a time; otherwise as `look_at`."""
    given = given or {}
    name = table.path.name
    maker = next((m for m in MAKERS if m.is_it(table)), None)
    title = maker.title if maker else ""
    names = table.names
    if isinstance(given, ColumnMapping):
        columns.check(given, names, name)
        return Log(table, title, given)
    if "acc" in given:
        found = ColumnMapping(acc=columns.named(given["acc"], names, name))
        try:
            rest = columns.guess(names, name)
        except RecordingError:
            rest = found
        # Whoever names the acceleration and no gyroscope may be choosing one of two sensors: none is assumed.
        found = replace(found, time=rest.time, time_unit=rest.time_unit)
    else:
        if maker is not None and maker.title == "ActiGraph" and names[0] == "1":
            names = ("x", "y", "z", *names[3:])
        found = columns.guess(names, name)
        if maker is not None:
            found = maker.complete(table, found)
    if "gyr" in given:
        found = replace(found, gyr=columns.named(given["gyr"], names, name))
    if "time" in given:
        found = replace(found, time=columns.named([given["time"]], names, name)[0], time_unit="")
    if "rate_hz" in given:
        found = replace(found, rate_hz=given["rate_hz"], time=found.time if "time" in given else None)
    return Log(table, title, replace(found, **{k: given[k] for k in _UNITS if k in given}))


def require_time(log: Log) -> None:
    """Refuse a log whose rows are at no known time.

    Raises
    ------
    RecordingError
    """
    if log.columns.time is None and log.columns.rate_hz is None:
        raise RecordingError(
            f"{log.table.path.name} has no column of time (it has: {', '.join(log.table.names[:10])}).",
            hint="Name it with --time, or state the sampling rate with --rate-hz.",
        )


def read_log(path: str | Path, given: Mapping[str, Any] | ColumnMapping | None = None) -> Recording:
    """Read a log of another program.

    Parameters
    ----------
    path : str or Path
    given : dict or ColumnMapping, optional
        As of `look_at`; not for JSON, which names its own values.

    Raises
    ------
    RecordingError
        With the line and the column where a cell is wrong.
    """
    path = Path(path)
    if path.suffix.lower() == ".json":
        from imu.exchange.movesense_json import read_movesense_json

        return recording_of(read_movesense_json(path), path)
    return recording_of_log(look_at(path, given))[0]


def recording_of_log(log: Log) -> tuple[Recording, ColumnMapping]:
    """Read what was looked at, and say with which units, those told from the data included.

    Raises
    ------
    CellError
        A cell is wrong.
    RecordingError
        Something else is.
    """
    arrays, notes, used = _arrays(log)
    return recording_of(arrays, log.table.path, notes=notes), used


def _arrays(log: Log) -> tuple[dict[str, npt.NDArray[Any]], tuple[str, ...], ColumnMapping]:
    table, at = log.table, log.columns
    name = table.path.name
    numbers, time, time_unit = _numbers(table, at)
    acc, gyr = numbers[:, :3], numbers[:, 3:]
    unit = at.acc_unit or columns.acc_unit(acc, name)
    notes = [f"Read as a log of {log.kind}." if log.kind else _said(table, at, unit)]
    arrays: dict[str, npt.NDArray[Any]] = {"acc": acc * columns.ACC_UNITS[unit]}
    if at.gyr:
        arrays["gyr"] = gyr * columns.GYR_UNITS[at.gyr_unit or "dps"]
        if not at.gyr_unit:
            notes.append("The unit of angular rate is not stated: degrees per second are assumed (see --gyr-unit).")
    meta = _own_header(table)
    if time is not None:
        arrays["t"] = time[: len(acc)]
    else:
        meta["fs"] = at.rate_hz
    arrays["meta"] = np.array(json.dumps(meta))
    gyr_unit = (at.gyr_unit or "dps") if at.gyr else ""
    return arrays, tuple(notes), replace(at, acc_unit=unit, gyr_unit=gyr_unit, time_unit=time_unit)


def _own_header(table: TextTable) -> dict[str, Any]:
    """Header of a file that this program has written, in its first line behind "#"; empty for any other file."""
    if not table.preamble or not table.preamble[0].startswith("# {"):
        return {}
    try:
        return parse_meta(table.preamble[0][1:])
    except (ValueError, RecursionError):
        return {}


def _said(table: TextTable, at: ColumnMapping, unit: str) -> str:
    acc = ", ".join(table.names[c] for c in at.acc)
    gyr = f"; angular rate from {', '.join(table.names[c] for c in at.gyr)}" if at.gyr else ""
    clock = f"; time from {table.names[at.time]}" if at.time is not None else ""
    return f"Acceleration from {acc} in {unit}{gyr}{clock}."


def _numbers(table: TextTable, at: ColumnMapping) -> tuple[FloatArray, FloatArray | None, str]:
    """Columns of acceleration and angular rate; the time in seconds from the first row, None without one; its unit."""
    wanted = [*at.acc, *at.gyr]
    if at.time is None:
        return table.numbers(wanted), None, ""
    if is_date(table, at):
        values = table.numbers(wanted)
        return values, table.seconds(at.time)[: len(values)], "date"
    values = table.numbers([*wanted, at.time])
    return values[:, :-1], *_seconds(values[:, -1], table, at)


def is_date(table: TextTable, at: ColumnMapping) -> bool:
    """Whether the column of time holds dates with times."""
    return at.time is not None and (at.time_unit == "date" or (not at.time_unit and not _is_number(table, at.time)))


def _is_number(table: TextTable, column: int) -> bool:
    cells = table.cells(0)
    try:
        float(cells[column].replace(",", "."))
    except (ValueError, IndexError):
        return False
    return True


def _seconds(stamps: FloatArray, table: TextTable, at: ColumnMapping) -> tuple[FloatArray, str]:
    assert at.time is not None  # the caller asks only then
    finite = stamps[np.isfinite(stamps)]
    if len(finite) < 2:
        raise RecordingError(
            f"{table.path.name}: the time column ({table.names[at.time]}) is empty.",
            hint="Name another one with --time, or state the rate with --rate-hz.",
        )
    # Counted from the first stamp before scaling, so that a clock that counts from 1970 keeps its digits.
    from_first = stamps - finite[0]
    unit = at.time_unit or columns.time_unit(from_first[np.isfinite(from_first)], table.path.name)
    seconds = from_first * columns.TIME_UNITS[unit]
    if unit == "us":
        falls = np.diff(seconds, prepend=seconds[:1]) < -_US_ROLLOVER / 2
        seconds = seconds + _US_ROLLOVER * np.cumsum(falls)
    return np.asarray(seconds, dtype=np.float64), unit
