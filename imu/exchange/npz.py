"""Recordings in the documented NPZ form: `t`, `acc`, optional `gyr`, further sensors as `<place>_acc`, `meta` as JSON.

Objects inside the file are never unpickled.
"""

from __future__ import annotations

from pathlib import Path

from imu.exchange.archive import load_arrays
from imu.exchange.arrays import recording_of
from imu.types import Recording


def read_npz(path: str | Path, sensor: str | None = None) -> Recording:
    """Read one sensor of an NPZ recording.

    Parameters
    ----------
    path : str or Path
    sensor : str, optional
        Prefix of a further sensor ("lshank" reads `lshank_acc`); None = the main one (`acc`, `gyr`).

    Returns
    -------
    Recording
        float64 samples; axes that were not measured are NaN columns, rows without a reading are gaps. `suggested`
        holds place, sensor_side, mounting, axis_hints, body_mass_kg, body_height_m, speed_mps where the header
        states them.

    Raises
    ------
    RecordingError
        One sentence: what is wrong with the file, and what to do.
    """
    path = Path(path)
    return recording_of(load_arrays(path, sensor), path, sensor)
