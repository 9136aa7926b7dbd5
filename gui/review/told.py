"""What the library tells of a session beside its data: the client's runs up to it, and what was stated of its shoe."""

from __future__ import annotations

from dataclasses import replace

from gui.review.run import Run
from imu.api import Library
from imu.types import SessionRow

_MOST = 1000


def with_library(run: Run, library: Library, session_id: int) -> Run:
    """Return a run that knows the client's sessions up to this one, and the kilometres stated of its shoe.

    Raises
    ------
    StoreError
        There is no such session.
    """
    row = library.session_row(session_id)
    rows: tuple[SessionRow, ...] = (row,)
    if row.client_id is not None:
        rows = tuple(r for r in library.sessions(row.client_id, limit=_MOST) if r.started_utc <= row.started_utc)
    shoes = library.shoes(row.client_id, retired=True)
    stated = next((shoe.distance_km for shoe in shoes if shoe.name == row.shoe), None)
    return replace(run, facts=run.facts | {"sessions": rows, "shoe_km": stated})
