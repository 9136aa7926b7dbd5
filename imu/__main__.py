"""`python -m imu` is the command `stride`."""

from __future__ import annotations

import sys

from imu.cli import main

if __name__ == "__main__":
    sys.exit(main())
