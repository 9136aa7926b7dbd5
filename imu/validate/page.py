"""The validation report as one self-contained web page: tables, agreement, error against speed, worst trials."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

from imu.validate.evaluate import Read, Scored
from imu.validate.figures import agreement_plots, condition_plots, worst_plots
from imu.validate.peers import FIGURES, own_rows

Row = dict[str, Any]

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:1320px;margin:2rem auto;
padding:0 1.2rem}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.2rem;margin-top:2.2rem;border-bottom:1px solid #ccc}
h3{font-size:1rem;margin:1.4rem 0 .3rem}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:.22rem .6rem;text-align:right;border-bottom:1px solid #e4e4e4;white-space:nowrap}
th:first-child,td:first-child{text-align:left}thead th{border-bottom:2px solid #888}tr.own td{font-weight:600}
.plots{display:flex;flex-wrap:wrap;gap:.8rem}svg{background:#fff;max-width:100%;height:auto}
svg .t{font:600 12.5px system-ui,sans-serif}svg .s{font:10.5px system-ui,sans-serif;fill:#444}
svg .l{font:11.5px system-ui,sans-serif}svg .g{stroke:#ececec;stroke-width:1}svg .a{stroke:#555;fill:none}
p.note{color:#555;font-size:13px}
"""
_PURPOSE = (
    "Measures and displays movement of the pelvis or foot during running, for training, education and research. It "
    "does not diagnose, treat, predict or monitor disease, and is not a medical device."
)


def page_of(table: Row, scored: Sequence[Scored], read: Read) -> str:
    """Write the report.

    Parameters
    ----------
    table : dict
        What `imu.validate.report` gave, JSON-ready.
    scored : sequence of Scored
    read : callable
        Path and sensor name -> Recording; the worst trials are read again for their signals.

    Returns
    -------
    str
        HTML with its style and plots inside; it loads nothing.
    """
    parts = [
        "<h1>Validation against reference recordings</h1>",
        f'<p class="note">{len(table["recordings"])} sensors of recordings with a reference, analysed online with one '
        "setting per placement. Contacts matched one to one, nearest first, within ±50 ms, from 0.4 s after the start "
        "of a recording to 0.2 s before its end. Brackets: 95 % interval, bootstrap over recordings (of these people; "
        "it does not speak of others). (+) = a further sensor of the same recordings.</p>",
        "<h2>Moments, durations, force</h2>",
        _table(_RESULTS, [r for r in (*table["groups"], table["total"]) if r["ic"]["whole"]["true"]]),
        '<p class="note">After one constant = the error that is left when one constant, the mean error of all other '
        "recordings of the set, is taken off. Force: estimated against the measured active peak; in brackets the RMSE "
        "of saying the runner’s own mean each time.</p>",
        "<h2>Steps, sides, latency</h2>",
        _table(_COUNTS, [*table["groups"], table["total"]]),
        '<p class="note">Derived = the reference count comes from a signal of the same kind: agreement, not accuracy. '
        "Latency: median / 95th percentile / maximum of stream time from an event to its report, in ms.</p>",
        _asymmetry(table),
        _peers(table),
        _runners(table.get("runners", [])),
    ]
    if table["conditions"]:
        parts += ["<h2>Per speed and slope</h2>", _table(_CONDITIONS, table["conditions"])]
    for title, plots in (
        ("Agreement", agreement_plots(scored)),
        ("Error against speed and slope", condition_plots(scored)),
    ):
        if plots:
            parts.append(f"<h2>{title}</h2>")
            parts += [f'<h3>{html.escape(name)}</h3><div class="plots">{"".join(of)}</div>' for name, of in plots]
    worst = worst_plots(scored, read)
    if worst:
        parts.append("<h2>Worst recordings</h2>")
        parts.append(
            '<p class="note">Of each set and place the recording with the lowest F1, then the largest error of a '
            "contact, around its worst stretch.</p>"
        )
        parts += [f'<h3>{html.escape(name)}</h3><div class="plots">{plot}</div>' for name, plot in worst]
    if table["skipped"]:
        rows = "".join(
            f"<li>{html.escape(_file(s['recording']))}: {html.escape(s['reason'])}</li>" for s in table["skipped"]
        )
        parts.append(f'<h2>Left out</h2><ul class="note">{rows}</ul>')
    parts.append(f'<p class="note">{_PURPOSE}</p>')
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Validation report</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        + "\n".join(parts)
        + "</body></html>\n"
    )


def _file(recording: str) -> str:
    """Name a recording by its folder and file only: a report may be passed on."""
    return "/".join(recording.replace("\\", "/").split("/")[-2:])


def _value(value: float | None, digits: int, factor: float = 1.0, *, sign: bool = False) -> str:
    return "–" if value is None else f"{value * factor:{'+' if sign else ''}.{digits}f}".replace("-", "−")


def _with_interval(value: float | None, limits: Sequence[float] | None, digits: int) -> str:
    text = _value(value, digits)
    return text if limits is None or value is None else f"{text} [{limits[0]:.{digits}f}, {limits[1]:.{digits}f}]"


def _spread(values: Row) -> str:
    return " / ".join(_value(values[k], 0) for k in ("median", "p95", "max")) if values["n"] else "–"


def _f1(row: Row, kind: str) -> str:
    found = row[kind]["window"]["found"]
    return _with_interval(row[kind]["window"]["f1"], row["intervals_95"][f"{kind}_f1"], 3) if found else "–"


def _moment(row: Row, kind: str) -> str:
    near = row[kind]["agreement_ms"]
    return f"{_value(near['bias'], 1, sign=True)} ± {_value(near['sd'], 1)}" if near["n"] else "–"


def _contact(row: Row) -> str:
    return _with_interval(row["contact_time"]["rmse"], row["intervals_95"]["contact_time_rmse_ms"], 1)


def _force(row: Row) -> str:
    force = row["peak_force"]["active_peak"]
    if not force["n"]:
        return "–"
    text = _with_interval(force["rmse"], row["intervals_95"]["peak_force_rmse_bw"], 3)
    return f"{text} ({_value(force['constant_rmse'], 3)})"


def _left_out(name: str, digits: int) -> Callable[[Row], str]:
    return lambda row: _value(row["leave_one_recording_out"][name], digits)


def _name(row: Row) -> str:
    return str(row["set"]) + ("" if row.get("main", True) else " (+)")


def _where(row: Row) -> str:
    return ", ".join(str(row[k]) for k in ("place", "activity") if k in row)


Columns = Sequence[tuple[str, Callable[[Row], str]]]

_RESULTS: Columns = (
    ("set", _name),
    ("place, gait", _where),
    ("contacts", lambda r: str(r["ic"]["window"]["true"])),
    ("IC F1", lambda r: _f1(r, "ic")),
    ("IC bias ± SD, ms", lambda r: _moment(r, "ic")),
    ("after one constant", _left_out("ic_rmse_ms", 1)),
    ("TC F1", lambda r: _f1(r, "tc")),
    ("TC bias ± SD, ms", lambda r: _moment(r, "tc")),
    ("after one constant", _left_out("tc_rmse_ms", 1)),
    ("contact time RMSE, ms", _contact),
    ("MAPE %", lambda r: _value(r["contact_time"]["mape_pct"], 1)),
    ("after one constant", _left_out("contact_time_rmse_ms", 1)),
    ("peak force RMSE, BW", _force),
)


def _count_text(row: Row) -> str:
    count = row["step_count"]
    return f"{count['true']}, {count['found']}" + (" derived" if count["derived"] else "")


def _side_text(row: Row) -> str:
    side = row["side"]
    if not side:
        return "–"
    limits = row["intervals_95"]["side_accuracy"]
    return f"{_with_interval(side['accuracy'], limits, 3)}, {_value(side['unknown_share'], 0, 100)} % unknown"


_COUNTS: Columns = (
    ("set", _name),
    ("place, gait", _where),
    ("steps: true, found", _count_text),
    ("error %", lambda r: _value(r["step_count"]["total_error_pct"], 2, sign=True)),
    ("per recording %", lambda r: _value(r["step_count"]["mape_pct"], 2)),
    ("worst %", lambda r: _value(r["step_count"]["worst_pct"], 1, sign=True)),
    ("cadence error, steps/min", lambda r: _value(r["cadence"]["mean_error_spm"], 2, sign=True)),
    ("sides right", _side_text),
    ("latency IC", lambda r: _spread(r["latency"]["ic_ms"])),
    ("latency TC", lambda r: _spread(r["latency"]["tc_ms"])),
    ("latency load", lambda r: _spread(r["latency"]["load_ms"])),
)

_CONDITIONS: Columns = (
    ("set", _name),
    ("place, gait", _where),
    ("speed, m/s", lambda r: _value(r["speed_mps"], 2)),
    ("slope, degrees", lambda r: _value(r["slope_deg"], 0, sign=True)),
    *_RESULTS[2:],
)


def _table(columns: Columns, rows: Sequence[Row], mark: Callable[[Row], bool] = lambda _: False) -> str:
    head = "".join(f"<th>{html.escape(name)}</th>" for name, _ in columns)
    body = "".join(
        ('<tr class="own">' if mark(row) else "<tr>")
        + "".join(f"<td>{html.escape(cell(row))}</td>" for _, cell in columns)
        + "</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _asymmetry(table: Row) -> str:
    rows = [r for r in table["groups"] if r["asymmetry"]]
    if not rows:
        return ""

    def cell(name: str) -> Callable[[Row], str]:
        def text(row: Row) -> str:
            one = row["asymmetry"][name]
            right = f", sign right in {one['right_sign']} of {one['trials']}" if one["trials"] else ""
            return f"{_value(one['rmse_pp'], 1)} ({_value(one['zero_rmse_pp'], 1)}){right}"

        return text

    columns = [("set", _name), *((n.replace("_", " "), cell(n)) for n in ("step_time", "contact_time", "peak_force"))]
    return (
        "<h2>Left/right difference</h2>"
        + _table(columns, rows)
        + '<p class="note">Per recording, RMSE in percentage points, always saying zero in brackets.</p>'
    )


def _runners(rows: Sequence[Row]) -> str:
    """Estimates on a table of many runners; nothing where there is none."""
    if not rows:
        return ""
    head = "".join(f"<th>{name}</th>" for name in ("what", "estimate", "bias", "SD", "RMSE"))
    body = ""
    for row in rows:
        digits = 3 if row["unit"] == "BW" else 1
        cells = (
            f"{row['quantity']}, {row['unit']}",
            row["estimate"],
            _value(row["bias"], digits, sign=True),
            _value(row["sd"], digits),
            _with_interval(row["rmse"], row["rmse_95"], digits),
        )
        body += "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"
    return (
        f"<h2>Many runners, means only: {rows[0]['runners']} runners</h2>"
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        '<p class="note">Refitted: each runner is predicted by a fit to all others. As shipped: nothing is fitted to '
        "this table; the filter behind its sensor's peaks is not published, so two levels are tried.</p>"
    )


def _peers(table: Row) -> str:
    out = []
    for group in table["groups"]:
        key = (group["set"], group["place"], group["activity"])
        peers = [p for p in table["peers"] if (p["set"], p["place"], p["activity"]) == key]
        used = [f for f in FIGURES if any(p[f] is not None for p in peers)]
        if not used or not group["main"]:
            continue
        columns: list[tuple[str, Callable[[Row], str]]] = [("method", lambda r: str(r["method"]))]
        columns += [(_heading(f), _figure(f)) for f in used]
        rows = [*own_rows(group), *peers]
        out.append(f"<h3>{html.escape(key[0])}, {key[2]}</h3>" + _table(columns, rows, lambda r: "set" not in r))
    if not out:
        return ""
    note = (
        '<p class="note">Others: run offline over the whole recording with the input that suits each best, some on '
        "more recordings of the set; F1 with first and last events (edges), in walking after their constant was "
        "removed. IC and TC RMSE after one constant from other recordings. Sides: of the steps that were given a "
        "side.</p>"
    )
    return "<h2>Beside other methods</h2>" + "".join(out) + note


def _heading(name: str) -> str:
    words = name.replace("_ms", ", ms").replace("_bw", ", BW").replace("_pct", ", %").replace("_", " ")
    return (
        words.replace("ic ", "IC ")
        .replace("tc ", "TC ")
        .replace("rmse", "RMSE")
        .replace("mape", "MAPE")
        .replace(" f1", " F1")
        .replace(" sd", " SD")
    )


def _figure(name: str) -> Callable[[Row], str]:
    digits = 3 if name.endswith(("f1", "bw", "accuracy")) else 2 if name.startswith("steps") else 1
    return lambda row: _value(row[name], digits)
