"""What several commands share: the console, numbers as text, near misses of a path."""

from __future__ import annotations

import difflib
import json
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imu.constants import MPS_PER_KMH
from imu.errors import RecordingError, StoreError
from imu.exchange.kinds import RECORDING_SUFFIXES

if TYPE_CHECKING:
    from rich.console import Console

_PIPE_WIDTH = 160


def console() -> Console:
    """Return a console for tables; wide where the output is a file or a pipe."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH, highlight=False, soft_wrap=False)


def number(value: float | None, digits: int = 0, factor: float = 1.0, *, sign: bool = False) -> str:
    """Write a number; an en dash where it is not known."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value * factor:{'+' if sign else ''}.{digits}f}"


def speed_words(speed_mps: float | None, unit: str | None = None) -> str:
    """Write a speed in km/h, or as minutes and seconds per km where the unit is `min/km`.

    A belt that stands has no pace.
    """
    if unit != "min/km":
        return f"{number(speed_mps, 1, 1.0 / MPS_PER_KMH)} km/h"
    if speed_mps is None or not speed_mps > 0.0:
        return "– min/km"
    minutes, seconds = divmod(round(1000.0 / speed_mps), 60)
    return f"{minutes}:{seconds:02d} min/km"


def counted(n: int, one: str, more: str | None = None) -> str:
    """Write a number with its noun: "1 session", "3 sessions"."""
    return f"{n} {one if n == 1 else more or one + 's'}"


def percent(share: float | None, digits: int = 1) -> str:
    """Write a share as per cent."""
    return number(share, digits, 100.0)


def plain(value: Any) -> Any:
    """Turn a result into what JSON can hold: NaN and infinity become null, arrays lists, enums their values."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v) for v in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, Path):
        return str(value)
    return str(value)


def to_json(value: Any) -> str:
    """One line of JSON."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False)


def require_path(path: Path, *, folder: bool = False, suffixes: Sequence[str] = RECORDING_SUFFIXES) -> None:
    """Check that a path exists; a typo gets the nearest name that does.

    Raises
    ------
    RecordingError
        There is no such file or folder.
    """
    if path.exists():
        return
    parent = path.parent
    kind = "folder" if folder else "file"
    if not parent.is_dir():
        raise RecordingError(f"There is no folder {parent}.", hint=nearest(parent, folder=True))
    hint = nearest(path, folder=folder, suffixes=suffixes)
    raise RecordingError(f"There is no {kind} {path}.", hint=hint)


def require_writable(path: Path | None, ending: str) -> None:
    """Say before a run, not after it, that its file cannot be written.

    Parameters
    ----------
    path : Path or None
        None = no file is wanted.
    ending : str
        What its name must end in, so that a recording is not named, and replaced, by mistake.

    Raises
    ------
    StoreError
        The name ends in something else, there is no such folder, or nothing may be written there.
    """
    if path is None:
        return
    folder = path.parent
    if not folder.is_dir():
        raise StoreError(f"There is no folder {folder} for {path.name}.", hint="Make it, or choose another.")
    if path.is_dir() or not os.access(folder, os.W_OK):
        raise StoreError(f"{path} cannot be written.", hint="Choose another file.")
    if path.suffix.lower() != ending:
        raise StoreError(
            f"This file ends in {ending}, and {path.name} does not.", hint=f"Use {path.with_suffix(ending).name}."
        )
    if path.exists():
        return
    try:
        path.touch(exist_ok=False)
        path.unlink()
    except OSError as error:  # such as a name that is too long: no question about the folder tells
        raise StoreError(f"{path} cannot be written ({error.strerror}).", hint="Choose another file.") from None


def nearest_word(word: str, known: Sequence[str]) -> str:
    """Write "Did you mean ...?" for the nearest of some words; a general one where none is near."""
    close = difflib.get_close_matches(word, known, 1, cutoff=0.5)
    return f"Did you mean {close[0]}?" if close else "Check the spelling."


def nearest(path: Path, *, folder: bool = False, suffixes: Sequence[str] = ()) -> str:
    """Write "Did you mean ...?" for the nearest name beside a missing one; a general word where none is near."""
    try:
        beside = [
            p.name for p in path.parent.iterdir() if (p.is_dir() if folder else not suffixes or p.suffix in suffixes)
        ]
    except OSError:
        beside = []
    close = difflib.get_close_matches(path.name, beside, 1, cutoff=0.6)
    return f"Did you mean {path.with_name(close[0])}?" if close else "Check the path."
