"""A log before it is imported: first rows, what its columns are taken for, and each reason why it cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from imu.constants import G_MPS2
from imu.errors import RecordingError
from imu.exchange.logs import Log, is_date, meaning_of, read_log, recording_of_log, require_time
from imu.exchange.text_table import CellError, TextTable, open_table
from imu.types import ColumnMapping, LogPreview, LogProblem, Recording

_MOST_PROBLEMS: Final = 20


def preview_log(
    path: str | Path, given: Mapping[str, Any] | ColumnMapping | None = None, *, rows: int = 8
) -> LogPreview:
    """Look at a log and try to read it; a log that cannot be read yet is answered too.

    Parameters
    ----------
    path : path
    given : dict or ColumnMapping, optional
        As of `imu.exchange.logs.look_at`; None = guess.
    rows : int
        How many rows to return.

    Returns
    -------
    LogPreview
        With its `problems`; the first 20 cells that are wrong, by line and column.

    Raises
    ------
    RecordingError
        It is no table at all: missing, empty, no text, without rows of numbers.
    """
    path = Path(path)
    if path.suffix.lower() == ".json":
        return _read(LogPreview(str(path), "Movesense", (), 1, (), ColumnMapping()), read_log(path))
    table = open_table(path)
    body = tuple(tuple(table.cells(i)) for i in range(min(rows, len(table.lines))) if table.lines[i].strip())
    mapping = given if isinstance(given, ColumnMapping) else ColumnMapping()
    seen = LogPreview(str(path), "", table.names, table.first_line, body, mapping)
    try:
        log = meaning_of(table, given)
    except RecordingError as error:
        return replace(seen, problems=(_problem(error),))
    seen = replace(seen, kind=log.kind, mapping=log.columns)
    try:
        require_time(log)
        recording, used = recording_of_log(log)
    except CellError as error:
        return replace(seen, problems=_wrong_cells(table, log) or (_problem(error),))
    except RecordingError as error:
        return replace(seen, problems=(_problem(error),))
    return _read(replace(seen, mapping=used), recording)


def _read(seen: LogPreview, recording: Recording) -> LogPreview:
    size = np.concatenate([np.linalg.norm(block.acc, axis=1) for block in recording.blocks]) / G_MPS2
    size = size[np.isfinite(size)]  # an axis that was not measured leaves none
    return replace(
        seen,
        n_samples=recording.n_samples,
        n_missing=sum(gap.stop_index - gap.start_index for gap in recording.gaps),
        sampling_rate_hz=recording.stream.sampling_rate_hz,
        duration_s=recording.duration_s,
        acc_size_g=float(np.median(size)) if len(size) else None,
        notes=recording.warnings,
    )


def _wrong_cells(table: TextTable, log: Log) -> tuple[LogProblem, ...]:
    at = log.columns
    numeric = [*at.acc, *at.gyr, *([] if at.time is None or is_date(table, at) else [at.time])]
    return tuple(_problem(error) for error in table.faults(numeric, limit=_MOST_PROBLEMS))


def _problem(error: RecordingError) -> LogProblem:
    line, column = (error.line, error.column) if isinstance(error, CellError) else (None, None)
    return LogProblem(error.message, error.hint, line, column)
