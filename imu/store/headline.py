"""The few numbers of a session that a list shows, and the speeds it was run at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from imu.metrics.summary import summarise
from imu.settings import Settings
from imu.types import Gap, SpeedBlock, Step, StreamInfo


def headline(
    steps: Sequence[Step], info: StreamInfo, settings: Settings, gaps: Iterable[Gap], duration_s: float
) -> dict[str, Any]:
    """Return what the list of sessions shows; JSON-ready.

    Returns
    -------
    dict
        load_peak_g, cadence_spm, contact_time_s : {"value", "half_width_95", "n"}, as of `summarise`;
        load_symmetry_pct : as of `imu.metrics.asymmetry.Symmetry.as_dict`; n_running, n_walking, running_time_s;
        lost_pct : missing samples of all, in percent. Empty without steps, but for lost_pct.
    """
    lost = sum(gap.stop_index - gap.start_index for gap in gaps)
    total = duration_s * info.sampling_rate_hz
    out: dict[str, Any] = {"lost_pct": 100.0 * lost / total if total > 0.0 else None}
    if steps:
        summary = summarise(steps, info, settings)
        out |= {name: summary[name] for name in ("load_peak_g", "cadence_spm", "contact_time_s")}
        out |= {name: summary[name] for name in ("n_running", "n_walking", "running_time_s")}
        out["load_symmetry_pct"] = summary["symmetry_index_pct"]["load_peak_g"]
    return out


def speed_blocks(
    first_mps: float | None, changes: Iterable[tuple[float, float | None]], start_s: float, stop_s: float
) -> tuple[SpeedBlock, ...]:
    """Return stretches of one speed each, from the speed at the start and the changes (time in s, m/s or None)."""
    blocks: list[SpeedBlock] = []
    since, speed = start_s, first_mps
    for time_s, new in sorted(changes, key=lambda change: change[0]):
        at = min(max(time_s, start_s), stop_s)
        if new != speed:
            if at > since:
                blocks.append(SpeedBlock(since, at, speed))
            since, speed = at, new
    blocks.append(SpeedBlock(since, max(stop_s, since), speed))
    return tuple(blocks)


def known_speeds(blocks: Iterable[SpeedBlock]) -> list[float]:
    """Return the known speeds in m/s, each once, in the order they were run."""
    return list(dict.fromkeys(b.speed_mps for b in blocks if b.speed_mps is not None))
