"""Run the product over recordings with truth and collect what it found beside what was true."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imu.errors import ImuError
from imu.types import Analysis, FloatArray, Place, Recording, Side, Step
from imu.validate.truth import Truth, load_truth

Read = Callable[[Path, str | None], Recording]
Analyze = Callable[[Recording], Analysis]

_START_S, _END_S = 0.4, 0.2
"""An online pipeline needs a start and an end: events from 0.4 s after the start to 0.2 s before the end count."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One sensor of one recording: truth beside what was found.

    Attributes
    ----------
    recording : str
        Path, with the further sensor's name in brackets.
    place : Place
    main : bool
        The main sensor of its file (only these are totalled: further sensors see the same contacts again).
    truth : Truth
    steps : tuple of Step
        Empty where the recording was refused; `refused` then holds the sentence.
    start_s, end_s : float
        First and last sample on the recording's clock.
    path, sensor : Path or None, str or None
        What to read to see the signal again.
    """

    recording: str
    place: Place
    main: bool
    truth: Truth
    steps: tuple[Step, ...]
    start_s: float
    end_s: float
    refused: str = ""
    path: Path | None = None
    sensor: str | None = None

    @property
    def window(self) -> FloatArray:
        """Where events count: the window of an online start and end, cut to the reference's regions."""
        return clip_regions(self.whole, self.start_s + _START_S, self.end_s - _END_S)

    @property
    def whole(self) -> FloatArray:
        """Where the reference holds."""
        if self.truth.regions is None:
            return np.array([[self.start_s, self.end_s]])
        return clip_regions(self.truth.regions, self.start_s, self.end_s)

    def found_ic(self) -> FloatArray:
        """Contacts that were found, ascending."""
        return np.sort(np.array([s.ic_s for s in self.steps], dtype=np.float64))

    def found_tc(self) -> FloatArray:
        """Toe-offs that were found, ascending."""
        return np.sort(np.array([s.tc_s for s in self.steps if s.tc_s is not None], dtype=np.float64))


def clip_regions(regions: FloatArray, start_s: float, end_s: float) -> FloatArray:
    """Cut regions to a span; empty ones vanish."""
    clipped = np.clip(regions, start_s, end_s)
    return clipped[clipped[:, 1] > clipped[:, 0]]


@dataclass(slots=True)
class Evaluation:
    """All scored recordings of a folder, and those without truth with the reason."""

    scored: list[Scored] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def recordings_below(folder: Path) -> list[Path]:
    """Every NPZ file below a folder, in a fixed order."""
    return sorted(p for p in folder.rglob("*.npz") if p.is_file())


def tables_below(folder: Path) -> list[Path]:
    """CSV files in folders that hold no recording: references without a time series."""
    return sorted(p for p in folder.rglob("*.csv") if not any(p.parent.glob("*.npz")))


def evaluate(paths: list[Path], read: Read, analyze: Analyze, *, further_sensors: bool = True) -> Iterator[Evaluation]:
    """Score recordings one by one.

    Parameters
    ----------
    paths : list of Path
    read, analyze : callable
        The product: path and sensor name -> Recording; Recording -> Analysis.
    further_sensors : bool
        Also score feet and shanks that are in the same file.

    Yields
    ------
    Evaluation
        Of one file.
    """
    for path in paths:
        result = Evaluation()
        loaded = _load(path)
        if isinstance(loaded, str):
            result.skipped.append((str(path), loaded))
            yield result
            continue
        arrays, meta = loaded
        others = sorted(n[: -len("_acc")] for n in arrays if n.endswith("_acc")) if further_sensors else []
        for sensor in [None, *others]:
            name = str(path) + (f" [{sensor}]" if sensor else "")
            one = _score_sensor(path, name, sensor, arrays, meta, read, analyze)
            if isinstance(one, Scored):
                result.scored.append(one)
            elif sensor is None:
                result.skipped.append((name, one))
        yield result


def _score_sensor(
    path: Path,
    name: str,
    sensor: str | None,
    arrays: dict[str, npt.NDArray[Any]],
    meta: dict[str, Any],
    read: Read,
    analyze: Analyze,
) -> Scored | str:
    try:
        recording = read(path, sensor)
    except ImuError as error:
        return str(error)
    place = recording.suggested.get("place")
    if place is None:
        return "the header does not say where the sensor was worn"
    side = recording.suggested.get("sensor_side", Side.UNKNOWN)
    truth = load_truth(path, arrays, meta, Place(place), side)
    if isinstance(truth, str):
        return truth
    refused, steps = "", tuple[Step, ...]()
    try:
        steps = tuple(analyze(recording).steps)
    except ImuError as error:
        refused = str(error)
    stream = recording.stream
    return Scored(
        recording=name,
        place=Place(place),
        main=sensor is None,
        truth=truth,
        steps=steps,
        start_s=stream.time_s(recording.blocks[0].start_index),
        end_s=stream.time_s(recording.blocks[-1].stop_index - 1),
        refused=refused,
        path=path,
        sensor=sensor,
    )


def _load(path: Path) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]] | str:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, KeyError) as error:
        return f"cannot be read ({type(error).__name__})"
    if "t" not in arrays or "acc" not in arrays or len(arrays["t"]) == 0:
        return "has no t and acc arrays"
    try:
        meta = json.loads(str(arrays.pop("meta", "{}")))
    except ValueError:
        meta = {}
    return arrays, meta if isinstance(meta, dict) else {}
