"""The steps of a session of the library without its samples: a fraction of the time that the whole session takes."""

from __future__ import annotations

from imu.api.library import Library
from imu.store.current import current_steps, some_steps
from imu.store.finish import speed_changes
from imu.store.headline import speed_blocks
from imu.store.reader import read_facts
from imu.types import Gap, SessionSteps, Step


def session_steps(library: Library, session_id: int) -> SessionSteps:
    """Read the steps of a session as they count now, and the speeds they were run at.

    Parameters
    ----------
    library : Library
    session_id : int

    Raises
    ------
    StoreError
        There is no such session, or it holds no data.
    RecordingError
        Its stored steps are damaged, and its packets too.
    """
    row = library.session_row(session_id)
    with library._open() as connection:
        facts = read_facts(connection, session_id)
        current = current_steps(connection, session_id)
        gaps = connection.execute(
            "SELECT start_index, stop_index FROM gap JOIN stream ON stream.id = gap.stream_id "
            "WHERE stream.session_id = ? ORDER BY start_index",
            (session_id,),
        ).fetchall()
    steps = current.steps if current.intact else library.session(session_id).steps
    markers = [{"time_s": m.time_s, "value": m.value} for m in library.markers(session_id) if m.kind == "speed"]
    start_s = facts.info.t0_s
    stop_s = start_s + (row.duration_s or 0.0)
    return SessionSteps(
        row=row,
        stream=facts.info,
        settings=facts.settings,
        steps=steps,
        speeds=speed_blocks(facts.settings.get("speed_mps"), speed_changes(markers), start_s, stop_s),
        gaps=tuple(Gap(gap["start_index"], gap["stop_index"]) for gap in gaps),
        filter_version=current.filter_version,
    )


def glimpse(library: Library, session_id: int, most: int = 60) -> tuple[Step, ...]:
    """Read steps evenly spread over a session, as they count now: for a small picture of it, in a millisecond or two.

    Parameters
    ----------
    library : Library
    session_id : int
    most : int
        No more than so many.

    Returns
    -------
    tuple of Step
        Empty where the session has no steps, or they cannot be read.

    Raises
    ------
    StoreError
        The library cannot be read.
    """
    with library._open() as connection:
        return some_steps(connection, session_id, most)
