"""Tables of many runners without a time series: a force treadmill's means beside those of a sensor at the sacrum.

Events cannot be found in a table, but the form of an estimate can be tried on people whom it has not seen: every runner
is predicted by a fit to all others. The force model as shipped is tried unchanged as well.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from imu.errors import RecordingError
from imu.metrics import force
from imu.types import FloatArray

_COLUMNS: Final = {
    "Speed": "speed_mps",
    "IMUsf": "step_hz",
    "IMUPeak": "sensor_peak_g",
    "IMUImpulse": "sensor_impulse_g_s",
    "IMUtc": "sensor_contact_time_s",
    "GRFPeak": "peak_bw",
    "GRFtc": "contact_time_s",
}
LEVEL_RATIO: Final = (0.93, 1.0)
"""How much of the table's sensor peak a 5 Hz low-pass leaves: the table's filter is not published. 0.93 to 0.99 on
level trials of another set against 10 Hz; 1 if it was 5 Hz."""
_DRAWS, _SEED = 1000, 1


@dataclass(frozen=True, slots=True)
class RunnerTable:
    """One row per runner and speed.

    Attributes
    ----------
    runner : ndarray of str, shape (n,)
    speed_mps, step_hz : ndarray, shape (n,)
    sensor_peak_g, sensor_impulse_g_s, sensor_contact_time_s : ndarray, shape (n,)
        What a plain method reads from the sacral accelerometer: peak, integral over the stance, contact time.
    peak_bw, contact_time_s : ndarray, shape (n,)
        The force treadmill's.
    """

    runner: npt.NDArray[np.str_]
    speed_mps: FloatArray
    step_hz: FloatArray
    sensor_peak_g: FloatArray
    sensor_impulse_g_s: FloatArray
    sensor_contact_time_s: FloatArray
    peak_bw: FloatArray
    contact_time_s: FloatArray

    @property
    def mean_g(self) -> FloatArray:
        """Impulse of a stance over the step time: 1 where the sensor's mean over whole strides is 1 g."""
        return self.sensor_impulse_g_s * self.step_hz


def read_table(path: Path) -> RunnerTable | None:
    """Read a table; None where the columns are others.

    Raises
    ------
    RecordingError
        The columns are there, but a cell is no number, or there are fewer than three runners.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if not {"Sub", *_COLUMNS} <= set(reader.fieldnames or ()):
                return None
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error):
        return None
    values: dict[str, list[float]] = {name: [] for name in _COLUMNS.values()}
    for line, row in enumerate(rows, start=2):
        for column, name in _COLUMNS.items():
            try:
                values[name].append(float(row[column]))
            except (TypeError, ValueError):
                raise RecordingError(
                    f"{path}, line {line}, column {column}: {row[column]!r} is not a number.", hint="Correct the cell."
                ) from None
    runner = np.array([row["Sub"] for row in rows], dtype=np.str_)
    if len(np.unique(runner)) < 3:
        raise RecordingError(f"{path} has fewer than three runners: nobody can be left out.")
    return RunnerTable(runner=runner, **{name: np.array(column) for name, column in values.items()})


def left_out(x: FloatArray, y: FloatArray, group: Sequence[Any] | npt.NDArray[Any]) -> FloatArray:
    """Prediction of every row by ordinary least squares without its group; x of shape (n, k), y of shape (n,)."""
    groups, out = np.asarray(group), np.empty_like(y)
    for name in np.unique(groups):
        mine = groups == name
        out[mine] = x[mine] @ np.linalg.lstsq(x[~mine], y[~mine], rcond=None)[0]
    return out


def score_table(table: RunnerTable, name: str, model: force.ForceModel | None = None) -> list[dict[str, Any]]:
    """Errors of each form of estimate, as rows.

    Returns
    -------
    list of dict
        "set", "quantity" ("active peak" in BW or "contact time" in ms), "estimate", "unit", "n", "runners", "bias",
        "sd", "rmse", "rmse_95" (95 % interval, bootstrap over runners, seeded).
    """
    model = model or force.shipped_model()
    one, bounce = np.ones_like(table.peak_bw), table.sensor_peak_g - table.mean_g
    errors: list[tuple[str, str, FloatArray]] = [
        ("active peak", "the sensor's peak as it is", table.sensor_peak_g - table.peak_bw),
    ]
    for ratio in LEVEL_RATIO:
        for speed in (True, False):
            error = _shipped(table, model, ratio, speed=speed) - table.peak_bw
            label = "as shipped, " + ("speed known" if speed else "speed unknown")
            errors.append(("active peak", f"{label}, sensor's peak x {ratio:g}", error))
    forms = {
        "the mean of the others": [one],
        "speed alone": [one, table.speed_mps],
        "refitted: bounce (peak - mean)": [one, bounce],
        "refitted: bounce (peak - mean), speed": [one, bounce, table.speed_mps],
    }
    for label, parts in forms.items():
        found = left_out(np.stack(parts, axis=1), table.peak_bw, table.runner)
        errors.append(("active peak", label, found - table.peak_bw))
    detected = table.sensor_contact_time_s - table.contact_time_s
    errors.append(("contact time", "the sensor's contact time as it is", 1e3 * detected))
    log = [np.log(v) for v in (table.sensor_contact_time_s, table.step_hz, table.sensor_peak_g)]
    powers = {
        "the mean of the others": [one],
        "refitted: power law of detected, cadence, peak": [one, *log],
        "refitted: power law of detected, cadence, peak, speed": [one, *log, np.log(table.speed_mps)],
    }
    for label, parts in powers.items():
        found = np.exp(left_out(np.stack(parts, axis=1), np.log(table.contact_time_s), table.runner))
        errors.append(("contact time", label, 1e3 * (found - table.contact_time_s)))
    return [
        {
            "set": name,
            "quantity": quantity,
            "estimate": label,
            "unit": "BW" if quantity == "active peak" else "ms",
            "n": len(error),
            "runners": len(np.unique(table.runner)),
            "bias": float(error.mean()),
            "sd": float(error.std()),
            "rmse": _rmse(error),
            "rmse_95": _interval(error, table.runner),
        }
        for quantity, label, error in errors
    ]


def _shipped(table: RunnerTable, model: force.ForceModel, ratio: float, *, speed: bool) -> FloatArray:
    """Peak force by the model as it is, every step being like the one before it."""
    c = model.with_speed if speed else model.without_speed
    bounce = np.array(
        [
            model.bounce(peak, mean, 1.0 / rate)
            for peak, mean, rate in zip(ratio * table.sensor_peak_g, table.mean_g, table.step_hz, strict=True)
        ]
    )
    return c.intercept_bw + c.per_bounce_bw_g * bounce + c.per_speed_bw_s_m * table.speed_mps


def _rmse(error: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.square(error))))


def _interval(error: FloatArray, runner: npt.NDArray[np.str_]) -> list[float]:
    rng = np.random.default_rng(_SEED)
    parts = [error[runner == name] for name in np.unique(runner)]
    draws = [_rmse(np.concatenate([parts[i] for i in rng.integers(0, len(parts), len(parts))])) for _ in range(_DRAWS)]
    low, high = np.percentile(draws, [2.5, 97.5])
    return [float(low), float(high)]
