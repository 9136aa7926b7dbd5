"""Edits of a session: markers, cuts, swapped sides. None touches what was recorded, and each is logged."""

from __future__ import annotations

import math
import sqlite3

from imu.errors import StoreError
from imu.settings import Settings
from imu.store.base import Row, utc_now
from imu.store.current import current_steps
from imu.store.finish import store_headline
from imu.store.reader import read_facts
from imu.store.sessions import Sessions, log_edit
from imu.types import Cut, SessionMarker

_KINDS = ("mark", "note", "swap_sides", "speed")


class Edits(Sessions):
    """What may be changed after a run."""

    def markers(self, session_id: int) -> list[SessionMarker]:
        """Markers as they are now, in the order of time."""
        rows = self._rows(
            "SELECT * FROM marker WHERE session_id = ? AND removed_utc IS NULL ORDER BY time_s, id", session_id
        )
        return [_marker(row) for row in rows]

    def add_marker(self, session_id: int, time_s: float, kind: str = "mark", value: str = "") -> SessionMarker:
        """Add a marker: mark or note (a text), swap_sides (from here on), speed (m/s from here on; empty = unknown).

        Where the kind is speed, the steps are as before until they are computed anew (`Library.recompute`).

        Raises
        ------
        StoreError
            Another kind, a time that is none, a speed that is none.
        """
        value = _checked(time_s, kind, value)
        with self._change() as connection:
            self.session_row(session_id)
            marker = _add(connection, session_id, time_s, kind, value)
            log_edit(connection, session_id, "marker added", f"{kind} at {time_s:.3f} s: {value}")
            _refresh(connection, session_id, kind)
        return marker

    def edit_marker(
        self, session_id: int, marker_id: int, *, time_s: float | None = None, value: str | None = None
    ) -> SessionMarker:
        """Move a marker or change its text; returns the one that stands in its place.

        Raises
        ------
        StoreError
            There is no such marker, or as `add_marker`.
        """
        with self._change() as connection:
            old = self._marker(session_id, marker_id)
            time_s = old.time_s if time_s is None else time_s
            value = _checked(time_s, old.kind, old.value if value is None else value)
            self._remove(connection, marker_id)
            marker = _add(connection, session_id, time_s, old.kind, value)
            log_edit(
                connection,
                session_id,
                "marker changed",
                f"{old.kind} at {old.time_s:.3f} s: {old.value} -> {time_s:.3f} s: {value}",
            )
            _refresh(connection, session_id, old.kind)
        return marker

    def remove_marker(self, session_id: int, marker_id: int) -> None:
        """Take a marker away; the log keeps what it was.

        Raises
        ------
        StoreError
            There is no such marker.
        """
        with self._change() as connection:
            old = self._marker(session_id, marker_id)
            self._remove(connection, marker_id)
            log_edit(connection, session_id, "marker removed", f"{old.kind} at {old.time_s:.3f} s: {old.value}")
            _refresh(connection, session_id, old.kind)

    def add_note(self, session_id: int, time_s: float, text: str) -> SessionMarker:
        """Write a note at a moment of the run."""
        return self.add_marker(session_id, time_s, "note", text)

    def swap_sides(self, session_id: int, start_s: float, stop_s: float | None = None) -> None:
        """Exchange left and right from one moment on, or only between two."""
        if stop_s is not None:
            _require_span(start_s, stop_s)
        _checked(start_s, "swap_sides", "")
        with self._change() as connection:
            self.session_row(session_id)
            for time_s in (start_s,) if stop_s is None else (start_s, stop_s):
                _add(connection, session_id, time_s, "swap_sides", "")
            end = "the end" if stop_s is None else f"{stop_s:.3f} s"
            log_edit(connection, session_id, "sides swapped", f"from {start_s:.3f} s to {end}")
            _refresh(connection, session_id)

    def cuts(self, session_id: int) -> list[Cut]:
        """Stretches that do not count, in the order of time."""
        rows = self._rows("SELECT * FROM cut WHERE session_id = ? ORDER BY start_s, id", session_id)
        return [Cut(row["id"], row["start_s"], row["stop_s"], row["reason"]) for row in rows]

    def cut(self, session_id: int, start_s: float, stop_s: float, reason: str = "") -> Cut:
        """Leave the steps that begin in a stretch out of every number; the raw data stay.

        Raises
        ------
        StoreError
            The stretch ends before it begins.
        """
        _require_span(start_s, stop_s)
        with self._change() as connection:
            self.session_row(session_id)
            cut_id = connection.execute(
                "INSERT INTO cut (session_id, start_s, stop_s, reason) VALUES (?, ?, ?, ?)",
                (session_id, start_s, stop_s, reason),
            ).lastrowid
            log_edit(connection, session_id, "cut", f"{start_s:.3f} to {stop_s:.3f} s: {reason}")
            _refresh(connection, session_id)
        assert cut_id is not None
        return Cut(cut_id, start_s, stop_s, reason)

    def uncut(self, session_id: int, cut_id: int) -> None:
        """Count a stretch again."""
        with self._change() as connection:
            row = connection.execute(
                "SELECT * FROM cut WHERE id = ? AND session_id = ?", (cut_id, session_id)
            ).fetchone()
            if row is None:
                raise StoreError("There is no such cut in this session.", hint="It may have been taken back already.")
            connection.execute("DELETE FROM cut WHERE id = ?", (cut_id,))
            log_edit(connection, session_id, "cut taken back", f"{row['start_s']:.3f} to {row['stop_s']:.3f} s")
            _refresh(connection, session_id)

    def _marker(self, session_id: int, marker_id: int) -> SessionMarker:
        row = self._one(
            "SELECT * FROM marker WHERE id = ? AND session_id = ? AND removed_utc IS NULL", marker_id, session_id
        )
        if row is None:
            raise StoreError("There is no such marker in this session.", hint="It may have been removed already.")
        return _marker(row)

    @staticmethod
    def _remove(connection: sqlite3.Connection, marker_id: int) -> None:
        connection.execute("UPDATE marker SET removed_utc = ? WHERE id = ?", (utc_now(), marker_id))


def _refresh(connection: sqlite3.Connection, session_id: int, kind: str = "") -> None:
    """Bring the numbers of the list up to the edit; those of a session that still runs are stored at its end."""
    if kind in {"mark", "note"}:
        return
    facts = read_facts(connection, session_id)
    if facts.ended:
        steps = current_steps(connection, session_id).steps
        store_headline(connection, session_id, steps, Settings(**facts.settings), facts.info)


def _add(connection: sqlite3.Connection, session_id: int, time_s: float, kind: str, value: str) -> SessionMarker:
    now = utc_now()
    marker_id = connection.execute(
        "INSERT INTO marker (session_id, time_s, kind, value, added_utc) VALUES (?, ?, ?, ?, ?)",
        (session_id, time_s, kind, value, now),
    ).lastrowid
    assert marker_id is not None
    return SessionMarker(marker_id, time_s, kind, value, now)


def _marker(row: Row) -> SessionMarker:
    return SessionMarker(row["id"], row["time_s"], row["kind"], row["value"], row["added_utc"])


def _checked(time_s: float, kind: str, value: str) -> str:
    if kind not in _KINDS:
        raise StoreError(f"'{kind}' is no kind of marker.", hint=f"Use {', '.join(_KINDS)}.")
    if not math.isfinite(time_s):
        raise StoreError("A marker needs a time.", hint="Give seconds on the recording's own clock.")
    if kind == "speed" and value:
        try:
            speed = float(value)
        except ValueError:
            raise StoreError(f"'{value}' is no speed.", hint="Give metres per second, such as 2.78.") from None
        Settings(speed_mps=speed)
        return repr(speed)
    return value


def _require_span(start_s: float, stop_s: float) -> None:
    if not (math.isfinite(start_s) and math.isfinite(stop_s) and start_s < stop_s):
        raise StoreError(
            f"{start_s} to {stop_s} s is no stretch: it ends before it begins.", hint="Give the earlier moment first."
        )
