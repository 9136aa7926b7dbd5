"""Which endings of file names stand for what; cheap to import."""

from __future__ import annotations

from typing import Final

LOG_SUFFIXES: Final = (".csv", ".txt", ".tsv", ".dat", ".json")
"""Files that are read as logs of other programs."""

RECORDING_SUFFIXES: Final = (".stride", ".npz", *LOG_SUFFIXES)
"""Files that can be analysed."""
