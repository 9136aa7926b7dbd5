"""Open an NPZ archive and take out the arrays of one sensor, or say in one sentence why that cannot be done."""

from __future__ import annotations

import difflib
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imu.errors import RecordingError


def sensor_names(names: Mapping[str, Any] | list[str]) -> list[str]:
    """Prefixes of the further sensors in a file's array names."""
    return sorted(n[: -len("_acc")] for n in names if n.endswith("_acc") and not n.startswith("truth"))


def array_name(kind: str, sensor: str | None) -> str:
    """Return the name of an array of one sensor; None = the main one."""
    return f"{sensor}_{kind}" if sensor else kind


def load_arrays(path: Path, sensor: str | None) -> dict[str, npt.NDArray[Any]]:
    """Load the arrays of one sensor and the header.

    Raises
    ------
    RecordingError
        What is wrong with the file, and what to do.
    """
    damaged = RecordingError(
        f"{path.name} is damaged or cut off: it cannot be read to the end.", hint="Copy or export it again."
    )
    if not path.exists():
        raise RecordingError(f"There is no file {path}.", hint="Check the path.")
    if path.is_dir():
        raise RecordingError(f"{path} is a folder, not a recording.", hint="Name the files in it.")
    try:
        if path.stat().st_size == 0:
            raise RecordingError(f"{path.name} is empty (0 bytes).", hint="Copy or export it again.")
        with path.open("rb") as file:
            _check_magic(path, file.read(6))
            file.seek(0)
            with np.load(file, allow_pickle=False) as archive:
                names = list(archive.files)
                wanted = [array_name(kind, sensor) for kind in ("acc", "gyr", "t")] + ["t", "meta"]
                _check_names(path, names, sensor)
                return {n: archive[n] for n in dict.fromkeys(wanted) if n in names}
    except PermissionError:
        raise RecordingError(f"{path.name} may not be read by this user.", hint="Check its permissions.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, SyntaxError, KeyError):
        raise damaged from None
    except MemoryError:
        raise RecordingError(
            f"{path.name} states more data than fits in memory.", hint="It is damaged, or must be cut into parts."
        ) from None
    except ValueError as error:
        if "allow_pickle" in str(error) or "Object arrays" in str(error):
            raise RecordingError(
                f"{path.name} holds Python objects instead of plain numbers; those are not opened, for safety.",
                hint="Save plain arrays of numbers: t (s) and acc (m/s2, n x 3), and meta as JSON text.",
            ) from None
        raise damaged from None


def _check_magic(path: Path, magic: bytes) -> None:
    if magic[:2] == b"PK":
        return
    kind = "one bare NumPy array" if magic == b"\x93NUMPY" else "not an NPZ file"
    raise RecordingError(
        f"{path.name} is {kind}, so there is nothing to read times and acceleration from.",
        hint="An NPZ recording holds arrays t (s) and acc (m/s2, n x 3), saved with numpy.savez.",
    )


def _check_names(path: Path, names: list[str], sensor: str | None) -> None:
    wanted = array_name("acc", sensor)
    if wanted in names:
        return
    if sensor:
        there = sensor_names(names)
        close = difflib.get_close_matches(sensor, there, 1)
        known = "It has: " + ", ".join(there) + "." if there else "It has only the main sensor."
        guess = f"Did you mean '{close[0]}'? " if close else ""
        raise RecordingError(f"{path.name} has no sensor '{sensor}'.", hint=guess + known)
    have = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
    others = sensor_names(names)
    hint = (
        f"Choose one of its sensors with --sensor: {', '.join(others)}."
        if others
        else ("An NPZ recording holds arrays t (s) and acc (m/s2, n x 3).")
    )
    raise RecordingError(f"{path.name} has no array 'acc' (it has: {have or 'nothing'}).", hint=hint)
