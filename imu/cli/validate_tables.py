"""The tables that `stride validate` prints; fewer columns where the terminal is narrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from imu.cli.text import console, number, percent
from imu.validate.peers import own_rows

if TYPE_CHECKING:
    from rich.table import Table

Row = dict[str, Any]

NARROW, SPACIOUS = 150, 180
"""Columns of text below which the columns marked as wide are left out, and from which sets have their full names."""


class Column(NamedTuple):
    """Heading, the text of a row's cell, and whether it is left out where the terminal is narrow."""

    name: str
    cell: Callable[[Row], str]
    wide: bool = False


def print_report(table: Row, *, conditions: bool = False) -> None:
    """Print moments, durations and forces, counts, sides, intervals, asymmetry, other methods, and what is left out."""
    out = console()
    narrow, spacious = out.width < NARROW, out.width >= SPACIOUS
    rows = [*table["groups"], table["total"]]
    if conditions:
        rows[-1:-1] = table["conditions"]
    scored = {
        "ic": [r for r in rows if r["ic"]["whole"]["true"]],
        "tc": [r for r in rows if r["tc"]["whole"]["true"]],
    }
    stances = [r for r in rows if r["contact_time"]["n"] or r["peak_force"]["active_peak"]["n"]]
    parts = [
        _table(
            "Contacts (initial contact), found within +-50 ms", scored["ic"], _events("ic"), _EVENTS, narrow, spacious
        ),
        _table("Toe-offs, found within +-50 ms", scored["tc"], _events("tc"), _EVENTS, narrow, spacious),
        _table(
            "Contact time (ms); peak force against the measured active peak (BW)",
            stances,
            _STANCE,
            _FORCE,
            narrow,
            spacious,
        ),
        _table("Steps, cadence (steps/min), sides", rows, _COUNT, _SIDES, narrow, spacious),
        _table("95 % intervals", [r for r in rows if _has_interval(r)], _INTERVALS, _BOOTSTRAP, narrow, spacious),
        _asymmetry_table([r for r in table["groups"] if r["asymmetry"]]),
    ]
    for part in parts:
        if part.row_count:
            out.print(part)
    if table.get("runners"):
        out.print(_runners(table["runners"]))
    beside = _peer_tables(table)
    for part in beside:
        out.print(part)
    if beside:
        out.print(_OTHERS, markup=False)
    for refused in [r for r in table["recordings"] if r["refused"]]:
        out.print(f"refused, its contacts count as missed: {refused['recording']}: {refused['refused']}", markup=False)
    for skipped in table["skipped"]:
        out.print(f"left out: {skipped['recording']}: {skipped['reason']}", markup=False)
    out.print(_METHOD, markup=False)


_METHOD = (
    "Matched one to one, nearest first. Window: 0.4 s after the start to 0.2 s before the end of a recording, and "
    "only where the reference is complete. Bias removed: one constant per set and place. (+) = a further sensor of "
    "the same recordings, not totalled. LoA = bias +- 1.96 SD, from matches within 100 ms of the constant. "
    "Derived count = the reference comes from a signal of the same kind: agreement, not accuracy. A/B = only the "
    "alternation is known: best of the two labellings."
)
_EVENTS = (
    "b.r. = bias removed; all = whole record, edges too; bias, SD, LoA, RMSE in ms; RMSE l.o. = after one constant "
    "from all other recordings; latency = median/95th percentile/maximum in ms"
)
_FORCE = (
    "b.r. = RMSE with the bias removed; l.o. = RMSE after one constant from all other recordings; const. = RMSE and "
    "MAPE of saying the runner's own mean each time"
)
_SIDES = (
    "side right = share of the sides given that are right; unknown = share of contacts without a side; swapped = "
    "recordings with most sides wrong"
)
_BOOTSTRAP = (
    "bootstrap over recordings, 1000 draws, seeded; none where a set has one recording. Recordings of the same people: "
    "it does not speak of other people"
)


_OTHERS = (
    "Other methods: run offline over the whole recording with the input that suits each best, some on more recordings "
    "of the set; F1 with first and last events (edges), in walking after their constant was removed. IC and TC RMSE "
    "after one constant from other recordings. Sides: of the steps that were given a side.\n"
)


def _new_table(title: str, caption: str = "") -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, caption=caption, box=box.SIMPLE_HEAD, title_justify="left", caption_justify="left")
    table.padding = (0, 1, 0, 0)
    return table


def _table(
    title: str, rows: Sequence[Row], columns: Sequence[Column], caption: str, narrow: bool, spacious: bool
) -> Table:
    shown = [c for c in (*_LEAD, *columns) if not (narrow and c.wide)]
    if narrow and any("speed_mps" in row for row in rows):
        shown.remove(_LEAD[1])  # the place makes room for speed and slope
    table = _new_table(title, caption)
    for column in shown:
        left = column.name in {"set", "place", "gait", "note"}
        table.add_column(
            column.name,
            justify="left" if left else "right",
            no_wrap=column.name not in {"set", "note"},
            overflow="fold",
        )
    for row in rows:
        cells = [c.cell(row) for c in shown]
        cells[0] = cells[0] if spacious else _short(cells[0])
        table.add_row(*cells)
    return table


def _set(row: Row) -> str:
    name = str(row["set"]) + ("" if row.get("main", True) else " (+)")
    if "speed_mps" not in row:
        return name
    slope = "" if row["slope_deg"] is None else f" {row['slope_deg']:+g}°"
    return f"{_short(name)} {row['speed_mps']:.2f} m/s{slope}"


def _short(name: str) -> str:
    """Shorten a set's name that begins with a letter or two of its own: "A_sacrum_treadmill (+)" to "A (+)"."""
    first, further = name.split("_", maxsplit=1)[0], " (+)" if name.endswith(" (+)") else ""
    if name.startswith("total"):
        return "total"
    return first + further if len(first) <= 2 and "_" in name else name


def _gait(row: Row) -> str:
    activity = str(row.get("activity", ""))
    return {"running": "run", "walking": "walk"}.get(activity, activity)


_LEAD = (
    Column("set", _set),
    Column("place", lambda r: str(r.get("place") or "")),
    Column("gait", _gait),
)


def _events(kind: str) -> tuple[Column, ...]:
    def window(name: str) -> Callable[[Row], str]:
        return lambda r: number(r[kind]["window"][name], 3)

    def near(name: str, *, sign: bool = False) -> Callable[[Row], str]:
        return lambda r: number(r[kind]["agreement_ms"][name], 1, sign=sign)

    def limits(row: Row) -> str:
        a = row[kind]["agreement_ms"]
        return f"{number(a['loa_low'], 0, sign=True)}..{number(a['loa_high'], 0, sign=True)}" if a["n"] else "–"

    return (
        Column("true", lambda r: str(r[kind]["window"]["true"])),
        Column("prec.", window("precision"), wide=True),
        Column("recall", window("recall"), wide=True),
        Column("F1", window("f1")),
        Column("F1 b.r.", lambda r: number(r[kind]["window_bias_removed"]["f1"], 3)),
        Column("F1 all", lambda r: number(r[kind]["whole"]["f1"], 3), wide=True),
        Column("bias", near("bias", sign=True)),
        Column("SD", near("sd")),
        Column("LoA", limits, wide=True),
        Column("RMSE", near("rmse")),
        Column("RMSE l.o.", lambda r: number(r["leave_one_recording_out"][f"{kind}_rmse_ms"], 1)),
        Column("latency", lambda r: _spread(r["latency"][f"{kind}_ms"])),
    )


def _force(name: str, digits: int, *, sign: bool = False) -> Callable[[Row], str]:
    return lambda r: number(r["peak_force"]["active_peak"][name], digits, sign=sign)


def _contact(name: str, *, sign: bool = False) -> Callable[[Row], str]:
    return lambda r: number(r["contact_time"][name], 1, sign=sign)


_STANCE = (
    Column("stances", lambda r: str(r["contact_time"]["n"]), wide=True),
    Column("bias", _contact("bias", sign=True)),
    Column("RMSE", _contact("rmse")),
    Column("b.r.", _contact("rmse_bias_removed"), wide=True),
    Column("l.o.", lambda r: number(r["leave_one_recording_out"]["contact_time_rmse_ms"], 1)),
    Column("MAPE %", _contact("mape_pct")),
    Column("forces", lambda r: str(r["peak_force"]["active_peak"]["n"])),
    Column("bias", _force("bias", 3, sign=True)),
    Column("RMSE", _force("rmse", 3)),
    Column("const.", _force("constant_rmse", 3)),
    Column("b.r.", _force("rmse_bias_removed", 3), wide=True),
    Column("l.o.", lambda r: number(r["leave_one_recording_out"]["peak_force_rmse_bw"], 3), wide=True),
    Column("MAPE %", _force("mape_pct", 1), wide=True),
    Column("const. %", _force("constant_mape_pct", 1), wide=True),
    Column("latency", lambda r: _spread(r["latency"]["load_ms"])),
)


def _side(name: str) -> Callable[[Row], str]:
    return lambda r: f"{percent(r['side'][name])} %" if r["side"] and r["side"][name] is not None else "–"


def _note(row: Row) -> str:
    notes = ["derived count"] if row["step_count"]["derived"] else []
    if row["side"] and row["side"]["best_of_two_labellings"]:
        notes.append("A/B")
    return ", ".join(notes)


_COUNT = (
    Column("true", lambda r: str(r["step_count"]["true"])),
    Column("found", lambda r: str(r["step_count"]["found"])),
    Column("error %", lambda r: number(r["step_count"]["total_error_pct"], 2, sign=True)),
    Column("MAPE %", lambda r: number(r["step_count"]["mape_pct"], 2)),
    Column("worst %", lambda r: number(r["step_count"]["worst_pct"], 1, sign=True)),
    Column("cad. err", lambda r: number(r["cadence"]["mean_error_spm"], 2, sign=True), wide=True),
    Column("max", lambda r: number(r["cadence"]["max_abs_error_spm"], 1), wide=True),
    Column("side right", _side("accuracy")),
    Column("unknown", _side("unknown_share")),
    Column("of", lambda r: str(r["side"]["contacts"]) if r["side"] else "–", wide=True),
    Column("swapped", lambda r: f"{r['side']['swapped_recordings']}/{r['side']['recordings']}" if r["side"] else "–"),
    Column("note", _note, wide=True),
)


def _spread(values: Row) -> str:
    return f"{number(values['median'])}/{number(values['p95'])}/{number(values['max'])}" if values["n"] else "–"


def _range(name: str, digits: int) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        limits = row["intervals_95"][name]
        return "–" if limits is None else f"{limits[0]:.{digits}f}-{limits[1]:.{digits}f}"

    return cell


_INTERVALS = (
    Column("IC F1", _range("ic_f1", 3)),
    Column("IC RMSE", _range("ic_rmse_ms", 1)),
    Column("IC b.r.", _range("ic_rmse_bias_removed_ms", 1), wide=True),
    Column("TC F1", _range("tc_f1", 3), wide=True),
    Column("TC RMSE", _range("tc_rmse_ms", 1)),
    Column("TC b.r.", _range("tc_rmse_bias_removed_ms", 1), wide=True),
    Column("contact ms", _range("contact_time_rmse_ms", 1)),
    Column("peak BW", _range("peak_force_rmse_bw", 3)),
    Column("side right", _range("side_accuracy", 3)),
)


def _has_interval(row: Row) -> bool:
    return any(isinstance(v, list) for v in row["intervals_95"].values())


def _asymmetry_table(rows: Sequence[Row]) -> Table:
    table = _new_table(
        "Left/right difference per recording: RMSE in percentage points (always saying zero)",
        "200 (B - A) / (A + B) from the means of the two sides, on the same steps; sign = recordings with that right",
    )
    for name in ("set", "step time", "sign", "contact time", "sign", "peak force", "sign"):
        table.add_column(name, justify="left" if name == "set" else "right")
    for row in rows:
        cells = [_short(_set(row))]
        for name in ("step_time", "contact_time", "peak_force"):
            one = row["asymmetry"][name]
            cells += [
                f"{number(one['rmse_pp'], 1)} ({number(one['zero_rmse_pp'], 1)})",
                f"{one['right_sign']}/{one['trials']}" if one["trials"] else "–",
            ]
        table.add_row(*cells)
    return table


def _runners(rows: Sequence[Row]) -> Table:
    table = _new_table(
        f"Many runners, means only: {_short(rows[0]['set'])}, {rows[0]['runners']} runners, {rows[0]['n']} rows",
        "refitted = each runner predicted by a fit to all others; as shipped = nothing fitted to this table, whose "
        "filter is not published: two levels of the sensor's peak. 95 % by bootstrap over runners",
    )
    table.add_column("what", no_wrap=True)
    table.add_column("estimate", overflow="fold")
    for name in ("bias", "SD", "RMSE", "95 %"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        digits = 3 if row["unit"] == "BW" else 1
        low, high = row["rmse_95"]
        cells = [number(row["bias"], digits, sign=True), number(row["sd"], digits), number(row["rmse"], digits)]
        table.add_row(
            f"{row['quantity']}, {row['unit']}", row["estimate"], *cells, f"{low:.{digits}f}-{high:.{digits}f}"
        )
    return table


def _peer_tables(table: Row) -> list[Table]:
    out = []
    for group in table["groups"]:
        key = (group["set"], group["place"], group["activity"])
        peers = [p for p in table["peers"] if (p["set"], p["place"], p["activity"]) == key]
        if peers and group["main"]:
            out.append(_peers(group, peers))
    return out


_PEER_COLUMNS = (
    ("IC F1", "ic_f1", 3),
    ("IC RMSE", "ic_rmse_ms", 1),
    ("IC SD", "ic_sd_ms", 1),
    ("TC F1", "tc_f1", 3),
    ("TC RMSE", "tc_rmse_ms", 1),
    ("contact ms", "contact_time_rmse_ms", 1),
    ("MAPE %", "contact_time_mape_pct", 1),
    ("peak BW", "peak_rmse_bw", 3),
    ("b.r.", "peak_rmse_bias_removed_bw", 3),
    ("sides", "side_accuracy", 3),
    ("steps %", "steps_mape_pct", 2),
)


def _peers(group: Row, peers: Sequence[Row]) -> Table:
    used = [c for c in _PEER_COLUMNS if any(p[c[1]] is not None for p in peers)]
    table = _new_table(f"Beside other methods: {_short(group['set'])}, {group['activity']}")
    table.add_column("method", no_wrap=True)
    for name, _, _ in used:
        table.add_column(name, justify="right", no_wrap=True)
    for own in own_rows(group):
        if any(own[key] is not None for _, key, _ in used):
            table.add_row(own["method"], *(number(own[key], digits) for _, key, digits in used), style="bold")
    for peer in peers:
        table.add_row(peer["method"], *(number(peer[key], digits) for _, key, digits in used))
    return table
