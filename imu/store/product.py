"""Which version of this program is running."""

from __future__ import annotations

import functools
from importlib.metadata import PackageNotFoundError, version


@functools.cache
def product_version() -> str:
    """Version of this program."""
    try:
        return version("stride-impact")
    except PackageNotFoundError:
        return "not installed"
