"""Steps as Parquet: the columns of the CSV with their types, settings and versions in the file's metadata."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

from imu.errors import ImuError, RecordingError
from imu.exchange.csv import LINE, rows_of
from imu.exchange.provenance import Export
from imu.types import Step

METADATA_KEY = b"stride_impact"


def write_steps_parquet(path: Path, export: Export) -> int:
    """Write the steps; returns the number of rows.

    `side`, `activity` are text, `quality` is a list of words, `index` an integer, everything else float64; what is not
    known is null.

    Raises
    ------
    ImuError
        The `parquet` extra is not installed.
    RecordingError
        The file cannot be written.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise ImuError(
            "Parquet needs the package pyarrow, which is not installed.",
            hint='Install it with: pip install "stride-impact[parquet]"; or export to .csv.',
        ) from None
    types = {"index": pa.int64(), "side": pa.string(), "activity": pa.string(), "quality": pa.list_(pa.string())}
    names = [*(f.name for f in fields(Step)), LINE]
    schema = pa.schema([(name, types.get(name, pa.float64())) for name in names])
    rows = list(rows_of(export.recording, export.result.steps))
    metadata = {METADATA_KEY: json.dumps(export.provenance(), ensure_ascii=False).encode()}
    table = pa.Table.from_pylist(rows, schema=schema.with_metadata(metadata))
    try:
        pq.write_table(table, path)
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be written ({error.strerror or error}).", hint="Choose another file or folder."
        ) from None
    return len(rows)
