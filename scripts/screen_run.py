"""A simulated session of several blocks for the pictures: two speeds, a quieter block, a gap, marks."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from gui.review.run import Mark, Provenance, Run, of_analysis
from imu.acquisition.simulator import Simulation, simulate_recording
from imu.api import analyze
from imu.constants import MPS_PER_KMH
from imu.settings import Settings
from imu.types import LineChange, Recording, SampleBlock, StreamInfo

STARTED = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
_GAP_S = 3.1


def simulated_run(title: str = "K-017", *, seed: int = 4, started: datetime = STARTED) -> Run:
    """Analyse four simulated blocks one after the other: 9.5, 11 and 9.5 km/h, the last with quicker steps."""
    person = {"seed": seed, "asymmetry_pct": 5.0, "loss_pct": 0.05, "standing_s": 0.0}
    pieces = (
        (Simulation(speed_mps=9.5 * MPS_PER_KMH, walking_s=60.0, **person), 280.0, 0.0),  # type: ignore[arg-type]
        (Simulation(speed_mps=11.0 * MPS_PER_KMH, walking_s=40.0, **person), 140.0, 0.0),  # type: ignore[arg-type]
        (Simulation(speed_mps=11.0 * MPS_PER_KMH, walking_s=0.0, **person), 70.0, _GAP_S),  # type: ignore[arg-type]
        (Simulation(speed_mps=9.5 * MPS_PER_KMH, walking_s=40.0, **person), 200.0, 0.0),  # type: ignore[arg-type]
    )
    recording, speeds = _joined(pieces)
    settings = Settings(speed_mps=speeds[0][1]).with_suggestions(recording.suggested)
    run = of_analysis(recording, analyze(recording, settings), settings, title=title)
    marks = (Mark(150.0, "mark"), Mark(300.0, "mark", "11 km/h"), Mark(452.0, "mark"))
    lines = (LineChange(run.start_s, 2.9), LineChange(505.0, 2.7))
    return replace(
        run,
        started=started,
        lines=lines,
        marks=marks,
        facts={"pain_before": "2", "pain_during": "1", "pain_after": "2"},
        provenance=Provenance("simulated.stride", _hash(recording), "0.1.0", sensor="simulated runner"),
    )


def _hash(recording: Recording) -> str:
    digest = hashlib.sha256()
    for block in recording.blocks:
        digest.update(block.samples.tobytes())
    return digest.hexdigest()


def _joined(
    pieces: tuple[tuple[Simulation, float, float], ...],
) -> tuple[Recording, tuple[tuple[int, float | None], ...]]:
    blocks: list[SampleBlock] = []
    speeds: list[tuple[int, float | None]] = []
    info: StreamInfo | None = None
    suggested: dict[str, object] = {}
    offset = 0
    for simulation, seconds, gap_s in pieces:
        recording, _ = simulate_recording(simulation, seconds)
        info, suggested = info or recording.stream, suggested or dict(recording.suggested)
        gap = round(gap_s * recording.stream.sampling_rate_hz)
        offset += gap
        speeds.append((offset, simulation.speed_mps))
        for k, block in enumerate(recording.blocks):
            blocks.append(
                block._replace(start_index=block.start_index + offset, gap_before=block.gap_before or (0 if k else gap))
            )
        offset = blocks[-1].stop_index
    assert info is not None
    suggested["speed_changes"] = tuple(speeds)
    return Recording(info, tuple(blocks), suggested, "simulated.stride"), tuple(speeds)
