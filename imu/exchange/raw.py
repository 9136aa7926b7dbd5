"""Raw samples as CSV or NPZ, in the sensor's own frame: as measured, gaps left out, nothing filtered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from imu.errors import RecordingError
from imu.exchange.provenance import Export
from imu.frames import parse_mounting
from imu.types import FloatArray, Recording, Side

_COLUMNS: Final = ("acc_x_mps2", "acc_y_mps2", "acc_z_mps2", "gyr_x_dps", "gyr_y_dps", "gyr_z_dps")
_AXIS_WORDS: Final = (("up", "down"), ("right", "left"), ("forward", "backward"))
"""Words for the body axes, positive and negative, in the order up, right, forward."""


def samples_of(recording: Recording) -> tuple[FloatArray, FloatArray]:
    """Return times (n,) in seconds on the recording's own clock and samples (n, 3 or 6); missing ones are left out."""
    index = np.concatenate([np.arange(b.start_index, b.stop_index) for b in recording.blocks])
    times = recording.stream.t0_s + index / recording.stream.sampling_rate_hz
    return times, np.concatenate([b.samples for b in recording.blocks])


def write_raw_csv(path: Path, export: Export) -> int:
    """Write `t_s`, acceleration in m/s2 and angular rate in deg/s; returns the number of rows.

    The first line, behind "#", is the header of the NPZ form, so that the file reads back with its settings.

    Raises
    ------
    RecordingError
        The file cannot be written.
    """
    times, samples = samples_of(export.recording)
    names = ("t_s", *_COLUMNS[: samples.shape[1]])
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(f"# {json.dumps(_meta(export), ensure_ascii=False)}\n")
            file.write(",".join(names) + "\n")
            for t, row in zip(times.tolist(), samples.tolist(), strict=True):
                # repr: the shortest text that reads back as the very same number
                file.write(f"{t!r}," + ",".join("" if v != v else repr(v) for v in row) + "\n")  # noqa: PLR0124  (NaN)
    except OSError as error:
        raise _unwritable(path, error) from None
    return len(times)


def write_raw_npz(path: Path, export: Export) -> int:
    """Write the documented NPZ form (docs/cli.md), which `analyze` reads; returns the number of samples.

    Raises
    ------
    RecordingError
        The file cannot be written.
    """
    times, samples = samples_of(export.recording)
    arrays: dict[str, Any] = {"t": times, "acc": samples[:, :3]}
    if samples.shape[1] == 6:
        arrays["gyr"] = samples[:, 3:]
    arrays["meta"] = np.array(json.dumps(_meta(export), ensure_ascii=False))
    try:
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)
    except OSError as error:
        raise _unwritable(path, error) from None
    return len(times)


def _meta(export: Export) -> dict[str, Any]:
    """Header from which the same settings are read again."""
    settings, stream = export.settings, export.recording.stream
    side = "" if settings.sensor_side is Side.UNKNOWN else f"{settings.sensor_side.name.lower()} "
    meta: dict[str, Any] = {
        "id": stream.name,
        "fs": stream.sampling_rate_hz,
        "placement": f"{side}{settings.place.value}",
        "provenance": export.provenance(),
    }
    if settings.mounting is not None:
        meta["acc_axes"] = axis_words(settings.mounting)
    for name in ("body_mass_kg", "body_height_m", "speed_mps"):
        if getattr(settings, name) is not None:
            meta[name] = getattr(settings, name)
    if stream.acc_range_g is not None:
        meta["acc_range_g"] = stream.acc_range_g
    return meta


def axis_words(mounting: str) -> list[str]:
    """Where the sensor's x, y and z point, in words: "+y-x+z" gives left, up, forward."""
    to_body = parse_mounting(mounting)  # rows up, right, forward; columns x, y, z
    words = []
    for column in np.asarray(to_body).T:
        role = int(np.argmax(np.abs(column)))
        words.append(_AXIS_WORDS[role][0 if column[role] > 0 else 1])
    return words


def _unwritable(path: Path, error: OSError) -> RecordingError:
    return RecordingError(
        f"{path} cannot be written ({error.strerror or error}).", hint="Choose another file or folder."
    )
