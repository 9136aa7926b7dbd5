"""`stride verify`: a stored session recomputed and compared with the steps that were stored with it."""

from __future__ import annotations

from pathlib import Path

import typer

from imu import api
from imu.cli.stored import number_of, stored_session
from imu.cli.text import require_path
from imu.errors import RecordingError, StoreError
from imu.types import Step


def differences(stored: list[Step], again: list[Step]) -> list[str]:
    """One sentence per difference; empty = equal bit for bit."""
    lines = []
    if len(stored) != len(again):
        lines.append(f"{len(stored)} steps are stored, {len(again)} come out now")
    for old, new in zip(stored, again, strict=False):
        before, now = old.as_dict(), new.as_dict()
        lines += [
            f"step {old.index}: {name} was {before[name]}, now {now[name]}"
            for name in before
            if before[name] != now[name]
        ]
    return lines


def verify_session(path: Path) -> int:
    """Recompute and compare; 0 = equal, 1 = different.

    Raises
    ------
    ImuError
        Not a session, damaged, or without stored steps.
    """
    number = number_of(path)
    if number is None:
        require_path(path, suffixes=(".stride",))
        if path.suffix != ".stride":
            raise RecordingError(f"{path.name} is not a session file.", hint="Sessions end in .stride.")
    stored = api.stored_session(path) if number is None else stored_session(number)
    name = str(path) if number is None else f"Session {number}"
    if not stored.steps:
        raise StoreError(f"{name} holds no stored steps to compare with.", hint="Use stride analyze.")
    recording = api.read_as_recorded(stored)
    lines = differences(list(stored.steps), list(api.analyze(recording).steps))
    for line in lines[:20]:
        typer.echo(line)
    if len(lines) > 20:
        typer.echo(f"... and {len(lines) - 20} more differences")
    if recording.clock is not None:
        rates = f"set to {recording.clock.nominal_rate_hz:.5g} Hz, {recording.clock.measured or 'too short to measure'}"
        typer.echo(f"Sampling rate: {rates}.")
    if not lines:
        typer.echo(f"{name}: all {len(stored.steps)} stored steps come out the same, bit for bit.")
    return 1 if lines else 0
