"""`stride validate`: the validation table, as text or JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

from imu import api
from imu.cli.machine import say_first_start
from imu.cli.text import plain, require_path, to_json
from imu.cli.validate_tables import print_report
from imu.errors import RecordingError
from imu.exchange.npz import read_npz
from imu.types import Recording
from imu.validate import Evaluation, evaluate, recordings_below, report, tables_below
from imu.validate.runners import read_table, score_table


def validate_folder(
    folder: Path, *, as_json: bool, further_sensors: bool, conditions: bool = False, page: Path | None = None
) -> int:
    """Score every recording with truth below a folder and print the table.

    Parameters
    ----------
    folder : Path
    as_json, further_sensors, conditions : bool
    page : Path or None
        Where to write the report with plots (HTML, self-contained).

    Raises
    ------
    RecordingError
        No such folder, nothing in it that can be scored, or the report cannot be written.
    """
    if page is not None:
        _check_page(page)
    require_path(folder, folder=True)
    if not folder.is_dir():
        raise RecordingError(f"{folder} is a file.", hint="Name the folder that holds the recordings.")
    paths = recordings_below(folder)
    if not paths:
        raise RecordingError(f"There are no recordings (.npz) below {folder}.", hint="Name a folder that holds some.")
    say_first_start()
    result = Evaluation()
    runs = evaluate(paths, _read, api.analyze, further_sensors=further_sensors)
    for one in _with_progress(runs, len(paths), quiet=as_json):
        result.scored += one.scored
        result.skipped += one.skipped
    runners: list[dict[str, Any]] = []
    for path in tables_below(folder):
        table_of = read_table(path)
        if table_of is None:
            result.skipped.append((str(path), "a table without time series: nothing to run on"))
        else:
            runners += score_table(table_of, path.parent.name)
    if not result.scored:
        reasons = "; ".join(dict.fromkeys(why for _, why in result.skipped[:3]))
        raise RecordingError(
            f"None of the {len(paths)} recordings below {folder} has a reference to compare with ({reasons}).",
            hint="A reference is an array such as truth_ic, contacts in seconds.",
        )
    table = {**report(result.scored, result.skipped), "runners": runners}
    if as_json:
        typer.echo(to_json(table))
    else:
        print_report(plain(table), conditions=conditions)
    if page is not None:
        from imu.validate.page import page_of

        try:
            page.write_text(page_of(plain(table), result.scored, _read), encoding="utf-8")
        except OSError as error:
            raise RecordingError(f"{page} cannot be written ({error.strerror}).", hint="Name another file.") from None
        typer.echo(f"Report: {page}", err=True)
    return 0


def _check_page(page: Path) -> None:
    """Say before the work what would fail after it."""
    if page.suffix.lower() not in {".html", ".htm"}:
        raise RecordingError(f"The report is a web page, but {page} does not end in .html.", hint="Name it so.")
    if not page.parent.is_dir():
        raise RecordingError(f"There is no folder {page.parent} for the report.", hint="Make it first.")


def _read(path: Path, sensor: str | None) -> Recording:
    return read_npz(path, sensor)


def _with_progress(runs: Iterator[Evaluation], total: int, *, quiet: bool) -> Iterable[Evaluation]:
    if quiet or not sys.stderr.isatty():
        return runs
    from rich.console import Console
    from rich.progress import track

    return track(runs, "Recordings", total=total, console=Console(stderr=True), transient=True)
