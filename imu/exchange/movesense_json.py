"""Movesense's JSON logs: objects with `Timestamp` (ms) and `ArrayAcc` or `ArrayGyro`, however deep they are nested.

The phone apps, the converter of the logbook and the desktop examples wrap the same objects differently; one file may
also hold one JSON object per line. Values are m/s2 and degrees per second, the time stamp belongs to the first sample.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from imu.errors import RecordingError
from imu.types import FloatArray

_KINDS: Final = {"arrayacc": "acc", "arraygyro": "gyr"}
_MS_ROLLOVER: Final = 2.0**32 * 1e-3


def read_movesense_json(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Read `t` (s), `acc` (m/s2) and, where it has the same number of samples, `gyr` (deg/s).

    Raises
    ------
    RecordingError
        Missing, no JSON (with line and column), or without acceleration.
    """
    packets: dict[str, list[tuple[float, list[list[float]]]]] = {"acc": [], "gyr": []}
    for document in _documents(path):
        for kind, stamp, rows in _packets(document, path):
            packets[kind].append((stamp, rows))
    if not packets["acc"]:
        raise RecordingError(
            f"{path.name} holds no acceleration as Movesense writes it (Timestamp and ArrayAcc).",
            hint="Other JSON cannot be read: export the log as CSV.",
        )
    acc, t = _joined(packets["acc"])
    out: dict[str, npt.NDArray[Any]] = {"t": t, "acc": acc}
    if packets["gyr"]:
        gyr, _ = _joined(packets["gyr"])
        out["gyr"] = gyr
    return out


def _documents(path: Path) -> Iterator[Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise RecordingError(f"There is no file {path}.", hint="Check the path.") from None
    except UnicodeDecodeError:
        raise RecordingError(f"{path.name} is not a text file.", hint="Export the log as CSV or JSON.") from None
    except OSError as error:
        raise RecordingError(f"{path.name} cannot be read: {error.strerror}.", hint="Check its permissions.") from None
    if not text.strip():
        raise RecordingError(f"{path.name} is empty.", hint="Copy or export it again.")
    decoder = json.JSONDecoder()
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return
        try:
            document, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise RecordingError(
                f"{path.name}: line {error.lineno}, column {error.colno}: not JSON ({error.msg}).",
                hint="It may have been cut off; export it again.",
            ) from None
        except RecursionError:
            raise RecordingError(f"{path.name} is nested too deeply.", hint="It is not a log.") from None
        yield document


def _packets(node: Any, path: Path) -> Iterator[tuple[str, float, list[list[float]]]]:
    """Find the packets in any nesting, in the order of the file."""
    if isinstance(node, list):
        for item in node:
            yield from _packets(item, path)
    elif isinstance(node, dict):
        lowered = {str(k).lower(): v for k, v in node.items()}
        for key, kind in _KINDS.items():
            if key in lowered:
                yield kind, *_packet(lowered.get("timestamp"), lowered[key], path)
        for key, value in lowered.items():
            if key not in _KINDS:
                yield from _packets(value, path)


def _packet(stamp: Any, rows: Any, path: Path) -> tuple[float, list[list[float]]]:
    try:
        lowered = [{str(k).lower(): v for k, v in row.items()} for row in rows]
        values = [[float(row["x"]), float(row["y"]), float(row["z"])] for row in lowered]
        return float(stamp) / 1000.0, values
    except (TypeError, ValueError, KeyError, AttributeError):
        raise RecordingError(
            f"{path.name}: a packet at time stamp {stamp!r} does not hold numbers x, y, z.",
            hint="The file is damaged: export it again.",
        ) from None


def _joined(packets: list[tuple[float, list[list[float]]]]) -> tuple[FloatArray, FloatArray]:
    """Return all samples and their times, evenly spread within a packet."""
    stamps = np.array([stamp for stamp, _ in packets])
    stamps = stamps + _MS_ROLLOVER * np.cumsum(np.diff(stamps, prepend=stamps[:1]) < -_MS_ROLLOVER / 2)
    counts = np.array([len(rows) for _, rows in packets])
    steps = np.diff(stamps) / np.maximum(counts[:-1], 1)
    usual = float(np.median(steps)) if len(steps) else 0.0
    values = np.array([row for _, rows in packets for row in rows], dtype=np.float64).reshape(-1, 3)
    times = np.concatenate([stamp + usual * np.arange(n) for stamp, n in zip(stamps, counts, strict=True)])
    return values, times
