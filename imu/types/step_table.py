"""Many steps as one table of numbers: a Step is made when it is looked at."""

# ruff: noqa: PLR0124 (x == x is quicker than isnan)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import overload

import numpy as np
import numpy.typing as npt

from imu.types.samples import FloatArray
from imu.types.steps import Step
from imu.types.words import ActivityKind, Quality, Side

# A flag's arithmetic costs a microsecond, a look-up 40 ns.
_QUALITIES = tuple(Quality(bits) for bits in range(2 * max(Quality)))
_SIDES = tuple(Side)
_ACTIVITIES = (ActivityKind.WALKING, ActivityKind.RUNNING)
_COLUMNS = {f.name: k for k, f in enumerate(fields(Step))}
N_COLUMNS = 20
"""Columns of a row: as many of the fields of `Step`, in their order. Activity is 1 running, 0 walking; NaN = None."""


# Each writes one field of a Step: a frozen dataclass does the same in its __init__, in half as long again. Written out
# one after the other below, they take a quarter less than in a loop.
(
    _write_index,
    _write_activity,
    _write_side,
    _write_confidence,
    _write_ic,
    _write_tc,
    _write_contact,
    _write_flight,
    _write_step_time,
    _write_stride,
    _write_duty,
    _write_load,
    _write_load_at,
    _write_shock,
    _write_force,
    _write_impulse,
    _write_quality,
    _write_ic_latency,
    _write_tc_latency,
    _write_load_latency,
) = (getattr(Step, f.name).__set__ for f in fields(Step))


def step_of(row: Sequence[float]) -> Step:
    """Make the Step of one row."""
    (
        index,
        activity,
        side,
        confidence,
        ic,
        tc,
        contact,
        flight,
        step_time,
        stride,
        duty,
        load,
        load_at,
        shock,
        force,
        impulse,
        quality,
        ic_latency,
        tc_latency,
        load_latency,
    ) = row[:N_COLUMNS]
    step = object.__new__(Step)
    _write_index(step, int(index))
    _write_activity(step, _ACTIVITIES[int(activity)])
    _write_side(step, _SIDES[int(side)])
    _write_confidence(step, confidence if confidence == confidence else None)
    _write_ic(step, ic if ic == ic else None)
    _write_tc(step, tc if tc == tc else None)
    _write_contact(step, contact if contact == contact else None)
    _write_flight(step, flight if flight == flight else None)
    _write_step_time(step, step_time if step_time == step_time else None)
    _write_stride(step, stride if stride == stride else None)
    _write_duty(step, duty if duty == duty else None)
    _write_load(step, load if load == load else None)
    _write_load_at(step, load_at if load_at == load_at else None)
    _write_shock(step, shock if shock == shock else None)
    _write_force(step, force if force == force else None)
    _write_impulse(step, impulse if impulse == impulse else None)
    _write_ic_latency(step, ic_latency if ic_latency == ic_latency else None)
    _write_tc_latency(step, tc_latency if tc_latency == tc_latency else None)
    _write_load_latency(step, load_latency if load_latency == load_latency else None)
    _write_quality(step, _QUALITIES[int(quality)])
    return step


class StepTable(Sequence[Step]):
    """Steps in the order of time, equal to a tuple of them.

    Parameters
    ----------
    rows : ndarray, shape (n, >= N_COLUMNS)
        Must not be changed afterwards.
    """

    def __init__(self, rows: FloatArray) -> None:
        self._rows = rows

    @classmethod
    def of(cls, steps: Sequence[Step]) -> StepTable:
        """Make a table of steps, for whoever asks for their numbers again and again."""
        if isinstance(steps, StepTable):
            return steps
        return cls(np.column_stack([numbers_of(steps, name) for name in _COLUMNS]))

    @classmethod
    def join(cls, tables: Sequence[StepTable]) -> StepTable:
        """Make one table of several, in their order."""
        if len(tables) == 1:
            return tables[0]
        return cls(np.concatenate([np.empty((0, N_COLUMNS)), *(table._rows[:, :N_COLUMNS] for table in tables)]))

    def __len__(self) -> int:
        """Return the number of steps."""
        return len(self._rows)

    def __iter__(self) -> Iterator[Step]:
        """Make one step after the other."""
        return map(step_of, self._rows.tolist())

    @overload
    def __getitem__(self, at: int) -> Step: ...
    @overload
    def __getitem__(self, at: slice) -> StepTable: ...
    def __getitem__(self, at: int | slice) -> Step | StepTable:
        """Return one step, or a stretch."""
        return StepTable(self._rows[at]) if isinstance(at, slice) else step_of(self._rows[at].tolist())

    def __eq__(self, other: object) -> bool:
        """Compare with any sequence of steps."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        """Hash as the tuple that it is equal to."""
        return hash(tuple(self))

    def __repr__(self) -> str:
        """Write as the tuple that it is equal to."""
        return repr(tuple(self))

    def where(self, wanted: npt.NDArray[np.bool_]) -> StepTable:
        """Return the steps at which a mask of shape (n,) is True."""
        return self if wanted.all() else StepTable(self._rows[wanted])

    def numbers(self, name: str) -> FloatArray:
        """Return one field of all steps, NaN = None; enumerations as their numbers (activity: 1 running, 0 walking)."""
        column: FloatArray = self._rows[:, _COLUMNS[name]]
        return column


def numbers_of(steps: Sequence[Step], name: str) -> FloatArray:
    """Return a field of some steps as `StepTable.numbers`, quickly where they are a table."""
    if isinstance(steps, StepTable):
        return steps.numbers(name)
    if name == "activity":
        return np.array([step.activity is ActivityKind.RUNNING for step in steps], dtype=float)
    return np.array(list(map(attrgetter(name), steps)), dtype=float)


def of_activity(steps: Sequence[Step], kind: ActivityKind) -> Sequence[Step]:
    """Return the running or the walking steps, quickly where they are a table."""
    if isinstance(steps, StepTable):
        return steps.where(steps.numbers("activity") == _ACTIVITIES.index(kind))
    return [step for step in steps if step.activity is kind]
