"""`stride profiles`: the sensors that can be read."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import typer

from imu.acquisition.profiles import get_profile, get_profile_text
from imu.cli.text import console
from imu.errors import ImuError, ProfileError

_EVIDENCE = {
    "captured": "seen in bytes off a real device",
    "spec": "from the maker's description",
    "demo": "from example code",
}


def list_profiles(names: Sequence[str]) -> int:
    """Print one line per profile."""
    from rich.table import Table

    table = Table("profile", "sensor", "maker", "how sure", box=None, pad_edge=False)
    broken = 0
    for name in names:
        try:
            about = get_profile(name).about
        except ImuError as error:
            table.add_row(name, "cannot be read", "", str(error))
            broken += 1
            continue
        table.add_row(name, about.title, about.maker, _EVIDENCE.get(about.evidence, about.evidence))
    console().print(table)
    return 2 if broken else 0


def show_profile(name: str, names: Sequence[str]) -> int:
    """Print a profile's own file, which cites its sources.

    Raises
    ------
    ProfileError
        There is no such profile.
    """
    if name not in names:
        close = difflib.get_close_matches(name, names, 1)
        hint = f"Did you mean '{close[0]}'?" if close else "`stride profiles list` shows all."
        raise ProfileError(f"There is no profile '{name}'.", hint=hint)
    typer.echo(get_profile_text(name).rstrip())
    return 0
