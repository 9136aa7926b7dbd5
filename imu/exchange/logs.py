"""Logs of other programs: CSV of any kind, with what is known of some makers' habits, and Movesense's JSON.

Known by their heading: Movella DOT (CSV), Polar Sensor Logger (text), ActiGraph (CSV of raw data, no time stamps),
Movesense (CSV and JSON). Anything else is read by the names of its columns, or by columns that the user names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from imu.errors import RecordingError
from imu.exchange import columns
from imu.exchange.arrays import recording_of
from imu.exchange.columns import Columns
from imu.exchange.header import parse_meta
from imu.exchange.text_table import TextTable, open_table
from imu.types import FloatArray, Recording

_US_ROLLOVER: Final = 2.0**32 * 1e-6
"""A 32-bit count of microseconds starts anew after 71.6 minutes."""


class Maker(NamedTuple):
    """What is known of one program's files: how they are recognised, and what their heading leaves unsaid."""

    title: str
    is_it: Callable[[TextTable], bool]
    complete: Callable[[TextTable, Columns], Columns]


@dataclass(frozen=True, slots=True)
class Log:
    """A log that was looked at, not yet read.

    Attributes
    ----------
    table : TextTable
    kind : str
        Who made it, in words.
    columns : Columns
    """

    table: TextTable
    kind: str
    columns: Columns


def _rate_in_heading(table: TextTable, guess: Columns) -> Columns:
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


def look_at(path: Path, given: dict[str, Any] | None = None) -> Log:
    """Find out what a log holds without reading it whole.

    Parameters
    ----------
    path : Path
    given : dict, optional
        What the user states: `acc`, `gyr` (three names each), `time` (a name), `acc_unit`, `gyr_unit`, `time_unit`,
        `rate_hz`. It wins over what the heading says.

    Raises
    ------
    RecordingError
        No text, no rows of numbers, or columns whose meaning cannot be told.
    """
    given = given or {}
    table = open_table(path)
    maker = next((m for m in MAKERS if m.is_it(table)), None)
    names = table.names
    if "acc" in given:
        found = Columns(acc=columns.named(given["acc"], names, path.name))
        try:
            rest = columns.guess(names, path.name)
        except RecordingError:
            rest = found
        # Whoever names the acceleration and no gyroscope may be choosing one of two sensors: none is assumed.
        found = replace(found, time=rest.time, time_unit=rest.time_unit)
    else:
        if maker is not None and maker.title == "ActiGraph" and names[0] == "1":
            names = ("x", "y", "z", *names[3:])
        found = columns.guess(names, path.name)
        if maker is not None:
            found = maker.complete(table, found)
    if "gyr" in given:
        found = replace(found, gyr=columns.named(given["gyr"], names, path.name))
    if "time" in given:
        found = replace(found, time=columns.named([given["time"]], names, path.name)[0], time_unit="")
    if "rate_hz" in given:
        found = replace(found, rate_hz=given["rate_hz"], time=found.time if "time" in given else None)
    found = replace(found, **{k: given[k] for k in ("acc_unit", "gyr_unit", "time_unit") if k in given})
    if found.time is None and found.rate_hz is None:
        raise RecordingError(
            f"{path.name} has no column of time (it has: {', '.join(names[:10])}).",
            hint="Name it with --time, or state the sampling rate with --rate-hz.",
        )
    return Log(table, maker.title if maker else "table", found)


def read_log(path: str | Path, given: dict[str, Any] | None = None) -> Recording:
    """Read a log of another program.

    Parameters
    ----------
    path : str or Path
    given : dict, optional
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
    log = look_at(path, given)
    arrays, notes = _arrays(log)
    return recording_of(arrays, path, notes=notes)


def preview(log: Log, rows: int = 5) -> list[list[str]]:
    """Return the heading and the first rows of a log, as text."""
    body = [log.table.cells(i) for i in range(min(rows, len(log.table.lines))) if log.table.lines[i].strip()]
    return [list(log.table.names), *body]


def _arrays(log: Log) -> tuple[dict[str, npt.NDArray[Any]], tuple[str, ...]]:
    table, at = log.table, log.columns
    name = table.path.name
    numbers, time = _numbers(table, at)
    acc, gyr = numbers[:, :3], numbers[:, 3:]
    unit = at.acc_unit or columns.acc_unit(acc, name)
    notes = [f"Read as a log of {log.kind}." if log.kind != "table" else _said(table, at, unit)]
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
    return arrays, tuple(notes)


def _own_header(table: TextTable) -> dict[str, Any]:
    """Header of a file that this program has written, in its first line behind "#"; empty for any other file."""
    if not table.preamble or not table.preamble[0].startswith("# {"):
        return {}
    try:
        return parse_meta(table.preamble[0][1:])
    except (ValueError, RecursionError):
        return {}


def _said(table: TextTable, at: Columns, unit: str) -> str:
    acc = ", ".join(table.names[c] for c in at.acc)
    gyr = f"; angular rate from {', '.join(table.names[c] for c in at.gyr)}" if at.gyr else ""
    clock = f"; time from {table.names[at.time]}" if at.time is not None else ""
    return f"Acceleration from {acc} in {unit}{gyr}{clock}."


def _numbers(table: TextTable, at: Columns) -> tuple[FloatArray, FloatArray | None]:
    """Columns of acceleration and angular rate, and the time in seconds from the first row, None without a column."""
    wanted = [*at.acc, *at.gyr]
    if at.time is None:
        return table.numbers(wanted), None
    if at.time_unit == "date" or (not at.time_unit and not _is_number(table, at.time)):
        values = table.numbers(wanted)
        return values, table.seconds(at.time)[: len(values)]
    values = table.numbers([*wanted, at.time])
    return values[:, :-1], _seconds(values[:, -1], table, at)


def _is_number(table: TextTable, column: int) -> bool:
    cells = table.cells(0)
    try:
        float(cells[column].replace(",", "."))
    except (ValueError, IndexError):
        return False
    return True


def _seconds(stamps: FloatArray, table: TextTable, at: Columns) -> FloatArray:
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
    return np.asarray(seconds, dtype=np.float64)
