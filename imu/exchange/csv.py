"""Steps as CSV: one row per step, the unit in every column name, unknown values empty."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from imu.errors import RecordingError
from imu.types import Step

COLUMNS = ("recording", *(f.name for f in fields(Step)))


def write_steps_csv(
    path: Path, recordings: Iterable[tuple[str, Iterable[Step]]], provenance: dict[str, Any] | None = None
) -> int:
    """Write the steps of recordings to one file.

    Parameters
    ----------
    path : Path
        Overwritten.
    recordings : iterable of (name, steps)
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
            for name, steps in recordings:
                for step in steps:
                    row = step.as_dict()
                    row["quality"] = " ".join(row["quality"])
                    writer.writerow({"recording": name, **{k: "" if v is None else v for k, v in row.items()}})
                    rows += 1
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be written ({error.strerror or 'unknown reason'}).", hint="Choose another file or folder."
        ) from None
    return rows
