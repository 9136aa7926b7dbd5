"""The command `stride`; `python -m imu` is the same."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line, and end in words where Ctrl-C comes while it is still being loaded."""
    try:
        from imu.cli import main as run

        return run()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
