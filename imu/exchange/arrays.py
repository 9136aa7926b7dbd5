"""Arrays with a header turned into a recording: what every file kind with numbers in columns has in common.

Numbers are taken strictly (shapes, kinds, units), words liberally. A row without a reading is a gap; nothing is
interpolated.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imu.errors import RecordingError
from imu.exchange import header
from imu.exchange.archive import array_name
from imu.exchange.axes import read_sensor_name, stated_side
from imu.timebase import estimate_timebase
from imu.types import FloatArray, IntArray, Recording, SampleBlock, Side, StreamInfo

_MAX_NAN_SHARE = 0.25
"""More rows than this without a reading: not a recording with gaps, but a damaged one."""


def recording_of(
    arrays: dict[str, npt.NDArray[Any]], path: Path, sensor: str | None = None, notes: tuple[str, ...] = ()
) -> Recording:
    """Turn the arrays of one sensor into a recording.

    Parameters
    ----------
    arrays : dict
        `acc` (n, 3) in m/s2; optional `gyr` (n, 3) in deg/s, `t` (n,) in seconds, `meta` (JSON text); for a further
        sensor with its prefix (`lshank_acc`).
    path : Path
        For messages.
    sensor : str, optional
        Prefix of a further sensor; None = the main one.
    notes : tuple of str
        What was noticed before; put in front of the recording's warnings.

    Returns
    -------
    Recording
        float64 samples; axes that were not measured are NaN columns, rows without a reading are gaps.

    Raises
    ------
    RecordingError
        One sentence: what is wrong with the file, and what to do.
    """
    warnings: list[str] = list(notes)
    meta = _meta(arrays, warnings)
    acc = _matrix(arrays, array_name("acc", sensor), path)
    acc[~np.isfinite(acc)] = np.nan
    gyr = _gyroscope(arrays, sensor, len(acc), path, warnings)
    t = _times(arrays, sensor, len(acc), meta, path, warnings)
    samples = acc if gyr is None else np.hstack([acc, gyr])

    present = _rows_present(samples, t, path, warnings)
    base = estimate_timebase(t[present], header.number(meta.get("fs")))
    if base.sampling_rate_hz < 2.0:
        raise RecordingError(
            f"{path.name}: the time stamps advance {1 / base.sampling_rate_hz:.3g} s per sample.",
            hint="Are they in milliseconds? t must be in seconds.",
        )
    if base.backwards:
        warnings.append(f"Time stamps run backwards ({base.backwards} times); the order of the samples is believed.")
    suggested = _suggest(meta, sensor, acc, gyr, samples, warnings)
    return Recording(
        stream=StreamInfo(
            sampling_rate_hz=base.sampling_rate_hz,
            channels=samples.shape[1],
            acc_range_g=header.acc_range_g(meta),
            t0_s=base.t0_s,
            name=str(meta.get("id") or path.stem) + (f" ({sensor})" if sensor else ""),
        ),
        blocks=_blocks(samples[present], base.index),
        suggested=suggested,
        path=str(path),
        warnings=tuple(warnings),
    )


def _meta(arrays: dict[str, npt.NDArray[Any]], warnings: list[str]) -> dict[str, Any]:
    if "meta" not in arrays:
        return {}
    try:
        return header.parse_meta(str(arrays["meta"].item() if arrays["meta"].size == 1 else arrays["meta"]))
    except (ValueError, RecursionError):
        warnings.append("The header (meta) is not JSON text and was ignored: name place and mounting yourself.")
        return {}


def _matrix(arrays: dict[str, npt.NDArray[Any]], name: str, path: Path) -> FloatArray:
    """Return an (n, 3) array of numbers as float64."""
    raw = arrays[name]
    if raw.dtype.kind not in "fiu":
        raise RecordingError(
            f"{path.name}: '{name}' holds {raw.dtype}, not numbers.", hint="Save it as floating-point numbers."
        )
    if raw.ndim != 2 or raw.shape[1] != 3:
        turned = raw.ndim == 2 and raw.shape[0] == 3
        raise RecordingError(
            f"{path.name}: '{name}' has the shape {raw.shape}, but must be (samples, 3).",
            hint="Transpose it." if turned else "One row per sample, columns x, y, z; NaN for an axis not measured.",
        )
    if len(raw) == 0:
        raise RecordingError(f"{path.name} is empty: '{name}' has no samples.", hint="Record or export it again.")
    return raw.astype(np.float64)


def _gyroscope(
    arrays: dict[str, npt.NDArray[Any]], sensor: str | None, n: int, path: Path, warnings: list[str]
) -> FloatArray | None:
    name = array_name("gyr", sensor)
    if name not in arrays:
        return None
    gyr = _matrix(arrays, name, path)
    gyr[~np.isfinite(gyr)] = np.nan
    if len(gyr) != n:
        warnings.append(f"The gyroscope has {len(gyr)} rows for {n} of acceleration and was left out.")
        return None
    if np.isnan(gyr).all(axis=1).mean() > _MAX_NAN_SHARE:
        warnings.append("The gyroscope has too few readings and was left out.")
        return None
    return gyr


def _times(
    arrays: dict[str, npt.NDArray[Any]],
    sensor: str | None,
    n: int,
    meta: dict[str, Any],
    path: Path,
    warnings: list[str],
) -> FloatArray:
    name = array_name("t", sensor)
    if sensor and (name not in arrays) and len(arrays.get("t", ())) == n:
        name = "t"
    if name not in arrays:
        rate = header.number(meta.get("fs"))
        if rate is None or rate <= 0:
            raise RecordingError(
                f"{path.name} has no time stamps '{name}', and its header states no rate (fs).",
                hint="Add t in seconds, one per sample, or meta with fs.",
            )
        warnings.append(f"No time stamps: samples were numbered at the stated {rate:g} Hz, so losses cannot be seen.")
        return np.arange(n) / rate
    t = arrays[name]
    if t.dtype.kind not in "fiu" or t.ndim != 1 or len(t) != n:
        raise RecordingError(
            f"{path.name}: '{name}' has the shape {t.shape} ({t.dtype}), but must be {n} numbers, one per sample.",
            hint="t is in seconds from the start of the record.",
        )
    return t.astype(np.float64)


def _rows_present(samples: FloatArray, t: FloatArray, path: Path, warnings: list[str]) -> npt.NDArray[np.bool_]:
    """Rows with a reading on every measured axis."""
    measured = np.asarray(np.isfinite(samples).any(axis=0), dtype=np.bool_)
    if not measured[:3].any():
        raise RecordingError(
            f"{path.name}: every acceleration value is NaN.", hint="Export it again; nothing was recorded."
        )
    present = np.asarray(np.isfinite(t) & np.isfinite(samples[:, measured]).all(axis=1), dtype=np.bool_)
    share = 1.0 - float(present.mean())
    if share > _MAX_NAN_SHARE:
        raise RecordingError(
            f"{path.name}: {100 * share:.0f} % of its rows hold NaN instead of numbers, too many to find steps.",
            hint="Export it again, or cut out the damaged part.",
        )
    if share:
        warnings.append(
            f"{len(present) - int(present.sum())} rows without a reading ({100 * share:.2g} %) are treated as gaps."
        )
    return present


def _suggest(
    meta: dict[str, Any],
    sensor: str | None,
    acc: FloatArray,
    gyr: FloatArray | None,
    samples: FloatArray,
    warnings: list[str],
) -> dict[str, Any]:
    """Collect what the header states; negates a mirrored lateral column of `samples` in place."""
    suggested: dict[str, Any] = dict(header.body_facts(meta))
    if sensor:
        place, side = read_sensor_name(sensor)
        if side is Side.UNKNOWN:
            side = stated_side(sensor, str(meta.get("placement", "")))
        if place is not None:
            suggested["place"] = place
        else:
            warnings.append(f"'{sensor}' does not say where the sensor is worn: name the place yourself.")
        if side is not Side.UNKNOWN:
            suggested["sensor_side"] = side
        return suggested
    suggested.update(header.place_and_side(meta))
    if meta.get("placement") and "place" not in suggested:
        warnings.append(f"The stated placement '{meta['placement']}' is not known here: name the place yourself.")
    with np.errstate(invalid="ignore"):
        mean = np.array([np.mean(c[~np.isnan(c)]) if (~np.isnan(c)).any() else np.nan for c in acc.T])
    name, hints, mirrored, notes = header.mounting(meta, mean)
    warnings.extend(notes)
    if mirrored and gyr is not None:
        warnings.append("The axes in the header are left-handed, which no sensor is: the mounting was left open.")
        name = None
    elif mirrored:
        samples[:, "xyz".index(mirrored)] *= -1.0
        warnings.append(f"The axes in the header are left-handed: {mirrored} was negated, so that right is positive.")
        hints = {}
    if name:
        suggested["mounting"] = name
    if hints:
        suggested["axis_hints"] = hints
    return suggested


def _blocks(samples: FloatArray, index: IntArray) -> tuple[SampleBlock, ...]:
    """Cut at the gaps."""
    cuts = np.flatnonzero(np.diff(index) > 1) + 1
    starts = [0, *cuts.tolist()]
    stops = [*cuts.tolist(), len(index)]
    blocks = []
    expected = int(index[0])
    for start, stop in zip(starts, stops, strict=True):
        first = int(index[start])
        blocks.append(SampleBlock(first, np.ascontiguousarray(samples[start:stop]), first - expected))
        expected = first + stop - start
    return tuple(blocks)
