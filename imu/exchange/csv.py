"""Steps as CSV: one row per step, the unit in every column name, unknown values empty."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from imu.errors import RecordingError
from imu.exchange.stride import LINES
from imu.feedback.line import lines_at
from imu.types import Recording, Step

LINE = "line_g"
"""Last column: the feedback line at the step's contact; a step is in it where its `load_peak_g` is no higher."""

COLUMNS = ("recording", *(f.name for f in fields(Step)), LINE)


def rows_of(recording: Recording, steps: Sequence[Step]) -> Iterator[dict[str, Any]]:
    """Return the rows of one recording: every field of a step, and the feedback line; None = not known, or no line."""
    lines = lines_at(recording.suggested.get(LINES, ()), np.array([s.ic_s for s in steps]))
    for step, line_g in zip(steps, lines.tolist(), strict=True):
        yield step.as_dict() | {LINE: line_g if line_g == line_g else None}  # noqa: PLR0124 (NaN)


def write_steps_csv(
    path: Path,
    recordings: Iterable[tuple[str, Iterable[dict[str, Any]]]],
    provenance: dict[str, Any] | None = None,
) -> int:
    """Write the steps of recordings to one file.

    Parameters
    ----------
    path : Path
        Overwritten.
    recordings : iterable of (name, rows)
        Rows as of `rows_of`.
    provenance : dict, optional
        Written as a first line that begins with "#": settings and versions as JSON.

    Returns
    -------
    int
        Rows written, the heading not counted.

    Raises
    ------
    RecordingError
        The file cannot be written.
    """
    rows = 0
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            if provenance is not None:
                file.write(f"# {json.dumps(provenance, ensure_ascii=False)}\n")
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            for name, of_recording in recordings:
                for row in of_recording:
                    row["quality"] = " ".join(row["quality"])
                    writer.writerow({"recording": name, **{k: "" if v is None else v for k, v in row.items()}})
                    rows += 1
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be written ({error.strerror or 'unknown reason'}).", hint="Choose another file or folder."
        ) from None
    return rows
