"""`stride validate`: the validation table, as text or JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from imu import api
from imu.cli.machine import say_first_start
from imu.cli.text import console, number, percent, plain, require_path, to_json
from imu.errors import RecordingError
from imu.exchange.npz import read_npz
from imu.types import Recording
from imu.validate import Evaluation, evaluate, recordings_below, report, tables_below

if TYPE_CHECKING:
    from rich.table import Table


def validate_folder(folder: Path, *, as_json: bool, further_sensors: bool) -> int:
    """Score every recording with truth below a folder and print the table.

    Raises
    ------
    RecordingError
        No such folder, or nothing in it that can be scored.
    """
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
    result.skipped += [(str(p), "a table without time series: nothing to run on") for p in tables_below(folder)]
    if not result.scored:
        reasons = "; ".join(dict.fromkeys(why for _, why in result.skipped[:3]))
        raise RecordingError(
            f"None of the {len(paths)} recordings below {folder} has a reference to compare with ({reasons}).",
            hint="A reference is an array such as truth_ic, contacts in seconds.",
        )
    table = report(result.scored, result.skipped)
    if as_json:
        typer.echo(to_json(table))
    else:
        print_report(plain(table))
    return 0


def _read(path: Path, sensor: str | None) -> Recording:
    return read_npz(path, sensor)


def _with_progress(runs: Iterator[Evaluation], total: int, *, quiet: bool) -> Iterable[Evaluation]:
    if quiet or not sys.stderr.isatty():
        return runs
    from rich.console import Console
    from rich.progress import track

    return track(runs, "Recordings", total=total, console=Console(stderr=True), transient=True)


def print_report(table: dict[str, Any]) -> None:
    """Print the tables: contacts, contact time and force, counts, sides and latency; then what was left out."""
    out = console()
    rows = [*table["groups"], table["total"]]
    for part in (_events_table(rows, "ic"), _events_table(rows, "tc"), _stance_table(rows), _count_table(rows)):
        out.print(part)
    for refused in [r for r in table["recordings"] if r["refused"]]:
        out.print(f"refused, its contacts count as missed: {refused['recording']}: {refused['refused']}", markup=False)
    for skipped in table["skipped"]:
        out.print(f"left out: {skipped['recording']}: {skipped['reason']}", markup=False)
    out.print(
        "Matched one to one, nearest first. Window: 0.4 s after the start to 0.2 s before the end of a recording, and "
        "only where the reference is complete. Bias removed: one constant per set and place. (+) = a further sensor of "
        "the same recordings, not totalled. LoA = bias +- 1.96 SD, from matches within 100 ms of the constant. "
        "Derived count = the reference comes from a signal of the same kind: agreement, not accuracy. A/B = only the "
        "alternation is known: best of the two labellings.",
        markup=False,
    )


def _new_table(title: str, *names: str, caption: str = "") -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, caption=caption, box=box.SIMPLE_HEAD, title_justify="left", caption_justify="left")
    table.padding = (0, 1, 0, 0)
    table.add_column("set", overflow="fold")
    for name in names:
        table.add_column(name, justify="left" if name in {"place", "gait", "note"} else "right", no_wrap=True)
    return table


def _lead(row: dict[str, Any]) -> list[str]:
    extra = "" if row.get("main", True) else " (+)"
    gait = {"running": "run", "walking": "walk"}.get(row.get("activity", ""), row.get("activity", ""))
    return [f"{row['set']}{extra}", str(row.get("place") or ""), str(gait)]


def _spread(values: dict[str, Any]) -> str:
    return f"{number(values['median'])}/{number(values['p95'])}/{number(values['max'])}" if values["n"] else "–"


def _events_table(rows: list[dict[str, Any]], kind: str) -> Table:
    what = {"ic": "Contacts (initial contact), found within +-50 ms", "tc": "Toe-offs, found within +-50 ms"}[kind]
    table = _new_table(
        what,
        *("place", "gait", "true", "prec.", "recall", "F1", "F1 b.r.", "F1 all"),
        *("bias", "SD", "LoA", "RMSE", "latency"),
        caption="b.r. = bias removed; all = whole record, edges too; bias, SD, LoA, RMSE in ms; latency = median/95th "
        "percentile/maximum in ms",
    )
    for row in rows:
        events = row[kind]
        if not events["whole"]["true"]:
            continue
        window, near = events["window"], events["agreement_ms"]
        limits = f"{number(near['loa_low'], 0, sign=True)}..{number(near['loa_high'], 0, sign=True)}"
        table.add_row(
            *_lead(row),
            str(window["true"]),
            number(window["precision"], 3),
            number(window["recall"], 3),
            number(window["f1"], 3),
            number(events["window_bias_removed"]["f1"], 3),
            number(events["whole"]["f1"], 3),
            number(near["bias"], 1, sign=True),
            number(near["sd"], 1),
            limits if near["n"] else "–",
            number(near["rmse"], 1),
            _spread(row["latency"][f"{kind}_ms"]),
        )
    return table


def _stance_table(rows: list[dict[str, Any]]) -> Table:
    table = _new_table(
        "Contact time (ms), and estimated peak force against the measured active peak (BW)",
        *("place", "gait", "stances", "bias", "RMSE", "b.r.", "MAPE %"),
        *("forces", "bias", "RMSE", "const.", "b.r.", "MAPE %", "const. %", "latency"),
        caption="b.r. = RMSE with the bias removed; const. = RMSE and MAPE of saying the runner's own mean each time",
    )
    for row in rows:
        ct, force = row["contact_time"], row["peak_force"]["active_peak"]
        if not ct["n"] and not force["n"]:
            continue
        table.add_row(
            *_lead(row),
            str(ct["n"]),
            number(ct["bias"], 1, sign=True),
            number(ct["rmse"], 1),
            number(ct["rmse_bias_removed"], 1),
            number(ct["mape_pct"], 1),
            str(force["n"]),
            number(force["bias"], 3, sign=True),
            number(force["rmse"], 3),
            number(force["constant_rmse"], 3),
            number(force["rmse_bias_removed"], 3),
            number(force["mape_pct"], 1),
            number(force["constant_mape_pct"], 1),
            _spread(row["latency"]["load_ms"]),
        )
    return table


def _count_table(rows: list[dict[str, Any]]) -> Table:
    table = _new_table(
        "Steps, cadence (steps/min), sides",
        *("place", "gait", "true", "found", "error %", "MAPE %", "worst %", "cad. err", "max"),
        *("side right", "unknown", "of", "swapped", "note"),
        caption="side right = share of the sides given that are right; unknown = share of contacts without a side; "
        "swapped = recordings with most sides wrong",
    )
    for row in rows:
        count, cadence, side = row["step_count"], row["cadence"], row["side"]
        notes = ["derived count"] if count["derived"] else []
        if side and side["best_of_two_labellings"]:
            notes.append("A/B")
        table.add_row(
            *_lead(row),
            str(count["true"]),
            str(count["found"]),
            number(count["total_error_pct"], 2, sign=True),
            number(count["mape_pct"], 2),
            number(count["worst_pct"], 1, sign=True),
            number(cadence["mean_error_spm"], 2, sign=True),
            number(cadence["max_abs_error_spm"], 1),
            f"{percent(side['accuracy'])} %" if side and side["accuracy"] is not None else "–",
            f"{percent(side['unknown_share'])} %" if side else "–",
            str(side["contacts"]) if side else "–",
            f"{side['swapped_recordings']}/{side['recordings']}" if side else "–",
            ", ".join(notes),
        )
    return table
