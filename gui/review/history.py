"""A client's earlier sessions: values at a speed, the usual range, the change of today against them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from gui.review.blocks import AtSpeed, by_speed, same_speed
from gui.review.run import Provenance, Run, Span, SpeedChange
from imu import api
from imu.api import BetweenSessions, Change, Library, SessionValue, UsualRange
from imu.errors import ImuError
from imu.settings import Settings
from imu.types import Estimate, Place, SessionRow, SessionSteps

MOST: Final = 60
"""Newest sessions of a client, and of the practice, that are looked at."""

SIDES: Final = "load_symmetry_pct"
"""Key of the left-right difference of the load, which is compared in percentage points."""


@dataclass(frozen=True, slots=True)
class Past:
    """One session with its numbers per speed.

    Attributes
    ----------
    id : int
    client_id : int or None
    started : datetime
    place : Place
    filter_version : str
    speeds : tuple of AtSpeed
    """

    id: int
    client_id: int | None
    started: datetime
    place: Place
    filter_version: str
    speeds: tuple[AtSpeed, ...]

    def at(self, speed_mps: float | None) -> AtSpeed | None:
        """Numbers at a known speed within 0.3 km/h; None = it was not run."""
        return next((a for a in self.speeds if speed_mps is not None and same_speed(a.speed_mps, speed_mps)), None)


def estimate_of(summary: dict[str, Any], name: str) -> Estimate:
    """Return one number of a summary as an estimate; `SIDES` is the left-right difference of the load."""
    if name == SIDES:
        sides = summary["symmetry_index_pct"]["load_peak_g"]
        return Estimate(sides["value"], sides["half_width_95"], sides["n_left"] + sides["n_right"])
    found = summary[name]
    return Estimate(found["value"], found["half_width_95"], found["n"])


def value_of(past: Past, at: AtSpeed, name: str) -> SessionValue | None:
    """Return one number of one session for comparison; None = not known."""
    return SessionValue.of(estimate_of(at.summary, name), at.speed_mps, past.place, past.filter_version)


def run_of_steps(found: SessionSteps) -> Run:
    """Turn a session without its samples into a run for its numbers; samples are not counted."""
    stream = found.stream
    settings = Settings(**found.settings)
    return Run(
        title=found.row.client_code or "",
        started=datetime.fromisoformat(found.row.started_utc).astimezone(),
        steps=found.steps,
        activity=(),
        stream=stream,
        settings=settings,
        method={},
        start_s=stream.t0_s,
        end_s=stream.t0_s + (found.row.duration_s or 0.0),
        n_samples=0,
        n_missing=0,
        gaps=tuple(Span(stream.time_s(g.start_index), stream.time_s(g.stop_index)) for g in found.gaps),
        speeds=tuple(SpeedChange(b.start_s, b.speed_mps) for b in found.speeds),
        provenance=Provenance(filter_version=found.filter_version),
    )


def past_of(found: SessionSteps) -> Past:
    """Compute a session's numbers per speed."""
    run = run_of_steps(found)
    assert run.started is not None
    return Past(found.row.id, found.row.client_id, run.started, run.settings.place, found.filter_version, by_speed(run))


_read: OrderedDict[tuple[Path, int], tuple[SessionRow, Past]] = OrderedDict()
"""Sessions that were read, with the row of the list they had: it changes with every edit that changes a number."""


def _past(library: Library, row: SessionRow) -> Past:
    """Read a session, or take it as it was read before where nothing has changed since."""
    key = (library.path, row.id)
    known = _read.get(key)
    if known is not None and known[0] == row:
        return known[1]
    past = past_of(api.session_steps(library, row.id))
    _read[key] = (row, past)
    while len(_read) > 4 * MOST:
        with suppress(KeyError):  # another thread may have been quicker
            _read.popitem(last=False)
    return past


def pasts_of(
    library: Library, rows: Iterable[SessionRow], between: Callable[[], object] = lambda: None
) -> tuple[Past, ...]:
    """Read finished sessions, the oldest first; one that is damaged is left out, the others count.

    Parameters
    ----------
    library : Library
    rows : iterable of SessionRow
    between : callable
        Called before each session: lets other threads run, or raises to stop.
    """
    out = []
    for row in rows:
        if row.unfinished or not row.n_steps:
            continue
        between()
        try:
            out.append(_past(library, row))
        except ImuError:
            continue
    return tuple(sorted(out, key=lambda p: p.started))


def client_history(library: Library, client_id: int, between: Callable[[], object] = lambda: None) -> tuple[Past, ...]:
    """Sessions of a client, the oldest first; `between` as in `pasts_of`."""
    return pasts_of(library, library.sessions(client_id=client_id, limit=MOST), between)


@dataclass(frozen=True, slots=True)
class History:
    """What a session is compared with.

    Attributes
    ----------
    earlier : tuple of Past
        Sessions of the same client before it, the oldest first.
    others : tuple of Past
        Sessions of other clients: how much sessions of one person differ.
    """

    earlier: tuple[Past, ...] = ()
    others: tuple[Past, ...] = field(default=(), repr=False)

    def values(self, today: Past, at: AtSpeed, name: str) -> list[SessionValue]:
        """Values of the earlier sessions that may be compared with today's."""
        mine = value_of(today, at, name)
        found = [value_of(p, a, name) for p in self.earlier if (a := p.at(at.speed_mps)) is not None]
        return [] if mine is None else api.comparable(mine, [v for v in found if v is not None])

    def pooled(self, today: Past, at: AtSpeed, name: str) -> BetweenSessions | None:
        """How much the sessions of one person differ at this speed, from the other clients."""
        people: dict[int, list[SessionValue]] = {}
        mine = value_of(today, at, name)
        for past in self.others:
            found = past.at(at.speed_mps)
            value = None if found is None else value_of(past, found, name)
            if mine is not None and value is not None and past.client_id is not None and api.comparable(mine, [value]):
                people.setdefault(past.client_id, []).append(value)
        return api.between_sessions(people.values(), relative=name != SIDES)

    def usual(self, today: Past, at: AtSpeed, name: str) -> UsualRange:
        """Where the client's sessions lie at this speed."""
        return api.usual_range(self.values(today, at, name), pooled=self.pooled(today, at, name))

    def change(self, today: Past, at: AtSpeed, name: str) -> Change | None:
        """Today against the client's earlier sessions at this speed; None = today's value is not known."""
        mine = value_of(today, at, name)
        if mine is None:
            return None
        return api.change_from_baseline(mine, self.values(today, at, name), pooled=self.pooled(today, at, name))


def history_of(library: Library, session_id: int, between: Callable[[], object] = lambda: None) -> tuple[Past, History]:
    """Read a session and everything that it is compared with.

    Parameters
    ----------
    library : Library
    session_id : int
    between : callable
        As in `pasts_of`.

    Raises
    ------
    ImuError
        There is no such session, or its steps cannot be read.
    """
    today = past_of(api.session_steps(library, session_id))
    if today.client_id is None:
        return today, History()
    mine = client_history(library, today.client_id, between)
    earlier = tuple(p for p in mine if p.started < today.started and p.id != session_id)
    rows = [r for r in library.sessions(limit=MOST) if r.client_id not in {None, today.client_id}]
    return today, History(earlier, pasts_of(library, rows, between))


def trend_speeds(pasts: Sequence[Past]) -> list[float]:
    """Known speeds of the sessions, most sessions first, those within 0.3 km/h counted as one."""
    counted: list[tuple[float, int]] = []
    for past in reversed(pasts):  # the newest names the speed
        for at in past.speeds:
            if at.speed_mps is None:
                continue
            for k, (speed, n) in enumerate(counted):
                if same_speed(speed, at.speed_mps):
                    counted[k] = (speed, n + 1)
                    break
            else:
                counted.append((at.speed_mps, 1))
    return [speed for speed, _ in sorted(counted, key=lambda c: -c[1])]
