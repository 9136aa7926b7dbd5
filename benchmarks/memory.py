"""Peak memory of a process, asked by itself."""

from __future__ import annotations

import sys
from pathlib import Path


def peak_mb() -> float:
    """Most memory that this process has held so far, in MiB; NaN where it cannot be told.

    On Linux from /proc: `ru_maxrss` would count the size of the process that started this one as well.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024.0
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024.0**2 if sys.platform == "darwin" else 1024.0)


def now_mb() -> float:
    """Memory that this process holds now, in MiB; NaN where it cannot be told."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024.0
    return float("nan")
