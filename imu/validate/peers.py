"""Figures of other methods on the same recordings (`peers.toml`), to stand beside ours."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from importlib import resources
from typing import Any

FIGURES = (
    "ic_f1",
    "ic_rmse_ms",
    "ic_sd_ms",
    "tc_f1",
    "tc_rmse_ms",
    "contact_time_rmse_ms",
    "contact_time_mape_pct",
    "peak_rmse_bw",
    "peak_rmse_bias_removed_bw",
    "side_accuracy",
    "steps_mape_pct",
)


def peers_of(sets: Collection[str]) -> list[dict[str, Any]]:
    """List the peers scored on these sets: set, place, activity, method, and `FIGURES` (None = not given)."""
    text = resources.files("imu.validate").joinpath("peers.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["peer"]
    return [{**dict.fromkeys(FIGURES), **row} for row in rows if row["set"] in sets]


def own_rows(group: dict[str, Any]) -> list[dict[str, Any]]:
    """Our rows for the same table: as scored here, and F1 over the whole recording, which is how peers are scored."""
    whole = {f"{kind}_f1": group[kind]["whole"]["f1"] for kind in ("ic", "tc") if group[kind]["window"]["found"]}
    rows = [{"method": "this, online", **own_figures(group)}]
    if whole:
        rows.append({"method": "this, edges too", **dict.fromkeys(FIGURES), **whole})
    return rows


def own_figures(group: dict[str, Any]) -> dict[str, Any]:
    """Our figures of a scored group in the same columns.

    As the peers': a moment's RMSE is the one after one constant from the other recordings (plain SD where there is
    only one recording); contact time and force are raw.
    """
    ic, tc, force = group["ic"], group["tc"], group["peak_force"]["active_peak"]
    left_out = group["leave_one_recording_out"]
    found = {kind: bool(group[kind]["window"]["found"]) for kind in ("ic", "tc")}
    return {
        "ic_f1": ic["window"]["f1"] if found["ic"] else None,
        "ic_rmse_ms": left_out["ic_rmse_ms"],
        "ic_sd_ms": ic["agreement_ms"]["sd"],
        "tc_f1": tc["window"]["f1"] if found["tc"] else None,
        "tc_rmse_ms": left_out["tc_rmse_ms"],
        "contact_time_rmse_ms": group["contact_time"]["rmse"],
        "contact_time_mape_pct": group["contact_time"]["mape_pct"],
        "peak_rmse_bw": force["rmse"],
        "peak_rmse_bias_removed_bw": force["rmse_bias_removed"],
        "side_accuracy": (group["side"] or {}).get("accuracy"),
        "steps_mape_pct": group["step_count"]["span_mape_pct"],
    }
