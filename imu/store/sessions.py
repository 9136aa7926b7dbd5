"""The list of sessions, and the facts about each: client, shoe, surface, tags, notes, pain, wizard answers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from imu.errors import StoreError
from imu.store.base import Row, like, utc_now
from imu.store.clients import Clients
from imu.store.connect import DAMAGE, describe
from imu.types import Edit, PainEntry, SessionRow

PAIN_PERIODS: Final = ("before", "during", "after", "next_morning")

_LIST_QUERY = """
SELECT session.*,
    (SELECT recomputed.filter_version FROM recomputed JOIN stream ON stream.id = stream_id
        WHERE stream.session_id = session.id LIMIT 1) AS again_version,
    client.code AS client_code, shoe.name AS shoe_name, surface.name AS surface_name,
    (SELECT group_concat(name, char(10)) FROM (SELECT name FROM tag WHERE session_id = session.id ORDER BY name))
        AS tags
FROM session
LEFT JOIN client ON client.id = session.client_id
LEFT JOIN shoe ON shoe.id = session.shoe_id
LEFT JOIN surface ON surface.id = session.surface_id
WHERE {where} ORDER BY session.started_utc DESC, session.id DESC LIMIT ? OFFSET ?
"""

_UNREADABLE: Final[tuple[type[Exception], ...]] = (
    *DAMAGE,
    StoreError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)
"""What a damaged row raises when it is understood."""

_MOST: Final = 100_000
"""A damaged file may state any number of sessions."""

_SEARCHED = ("client.code", "session.notes", "shoe.name", "surface.name", "session.place", "session.started_utc")


class Sessions(Clients):
    """What is known about each session beside its data."""

    def sessions(
        self,
        client_id: int | None = None,
        search: str = "",
        tag: str | None = None,
        limit: int = 500,
        offset: int = 0,
        *,
        code: str = "",
    ) -> list[SessionRow]:
        """Sessions, the newest first, from what was stored when they ended.

        Parameters
        ----------
        client_id : int or None
            Only this client's.
        search : str
            Every word must be found in code, notes, shoe, surface, place, tags or date.
        tag : str or None
            Only with this tag.
        limit, offset : int
        code : str
            Part of the client's code.
        """
        where: list[str] = ["1"]
        values: list[Any] = []
        if client_id is not None:
            where.append("session.client_id = ?")
            values.append(client_id)
        if tag is not None:
            where.append("EXISTS (SELECT 1 FROM tag WHERE session_id = session.id AND name = ?)")
            values.append(tag)
        if code.strip():
            where.append("client.code LIKE ? ESCAPE '\\'")
            values.append(like(code.strip()))
        for word in search.split():
            clauses = [f"{column} LIKE ? ESCAPE '\\'" for column in _SEARCHED]
            clauses.append("EXISTS (SELECT 1 FROM tag WHERE session_id = session.id AND name LIKE ? ESCAPE '\\')")
            where.append(f"({' OR '.join(clauses)})")
            values += [like(word)] * len(clauses)
        try:
            rows = self._rows(_LIST_QUERY.format(where=" AND ".join(where)), *values, limit, offset)
            return [session_row(row) for row in rows]
        except _UNREADABLE as error:  # a damaged line does not hide the others
            found = self._readable_sessions(" AND ".join(where), values)
            if not found:
                raise error if isinstance(error, StoreError) else describe(self.path, error, StoreError) from None
            return found[offset : offset + limit]

    def _readable_sessions(self, where: str, values: list[Any]) -> list[SessionRow]:
        """List what can be read, one by one."""
        highest = 0
        found: list[SessionRow] = []
        for query in ("SELECT max(id) AS n FROM session", "SELECT max(session_id) AS n FROM stream"):
            with suppress(StoreError):
                highest = max(highest, (self._one(query) or {}).get("n") or 0)
        for session_id in range(1, min(highest, _MOST) + 1):
            try:
                rows = self._rows(_LIST_QUERY.format(where=f"session.id = ? AND {where}"), session_id, *values, 1, 0)
                found += [session_row(row) for row in rows]
            except _UNREADABLE:
                continue
        return sorted(found, key=lambda row: (row.started_utc, row.id), reverse=True)

    def session_row(self, session_id: int) -> SessionRow:
        """One line of the list.

        Raises
        ------
        StoreError
            There is no such session.
        """
        label = Path(f"Session {session_id} of {self.path.name}")
        with self._open() as connection:
            try:
                query = _LIST_QUERY.format(where="session.id = ?")
                rows = connection.execute(query, (session_id, 1, 0)).fetchall()
                if rows:
                    return session_row(rows[0])
            except _UNREADABLE as error:
                raise describe(label, error, StoreError) from None
        raise StoreError(f"There is no session {session_id} in the library.", hint="It may have been erased.")

    def tags(self) -> list[str]:
        """Tags in use, by name."""
        return [row["name"] for row in self._rows("SELECT DISTINCT name FROM tag ORDER BY name")]

    # -- facts -------------------------------------------------------------------------------------------------------

    def set_client(self, session_id: int, client_id: int | None) -> None:
        """Say whose session it is; None = nobody's."""
        if client_id is not None:
            self.client(client_id)
        self._set(session_id, "client_id", client_id, "client")

    def set_shoe(self, session_id: int, shoe_id: int | None) -> None:
        """Say which shoe was worn."""
        self._set(session_id, "shoe_id", shoe_id, "shoe")

    def set_surface(self, session_id: int, surface_id: int | None) -> None:
        """Say what was run on."""
        self._set(session_id, "surface_id", surface_id, "surface")

    def set_notes(self, session_id: int, notes: str) -> None:
        """Replace the notes of a session."""
        self._set(session_id, "notes", notes, "notes")

    def notes(self, session_id: int) -> str:
        """Return the notes of a session."""
        row = self._one("SELECT notes FROM session WHERE id = ?", session_id)
        return "" if row is None else str(row["notes"])

    def wizard(self, session_id: int) -> dict[str, Any]:
        """Return what was answered before the run; None = skipped."""
        with self._open() as connection:  # which turns damaged text into a sentence
            row = connection.execute("SELECT wizard FROM session WHERE id = ?", (session_id,)).fetchone()
            return {} if row is None else dict(json.loads(row["wizard"]))

    def set_wizard(self, session_id: int, answers: Mapping[str, Any]) -> None:
        """Store what was answered before the run; an answer of None = skipped."""
        self._set(session_id, "wizard", json.dumps(dict(answers)), "wizard")

    def set_tags(self, session_id: int, tags: Iterable[str]) -> None:
        """Replace the tags of a session."""
        names = sorted({" ".join(tag.split()) for tag in tags} - {""})
        with self._change() as connection:
            self.session_row(session_id)
            connection.execute("DELETE FROM tag WHERE session_id = ?", (session_id,))
            connection.executemany("INSERT INTO tag VALUES (?, ?)", [(session_id, name) for name in names])
            log_edit(connection, session_id, "tags", ", ".join(names))

    def add_pain(self, session_id: int, when: str, score: int, place: str = "", note: str = "") -> PainEntry:
        """Add a diary entry: before, during, after or next_morning; 0 to 10.

        Raises
        ------
        StoreError
            Another moment, or another score.
        """
        if when not in PAIN_PERIODS:
            raise StoreError(f"'{when}' is no moment of a pain entry.", hint=f"Use {', '.join(PAIN_PERIODS)}.")
        if not (isinstance(score, int) and 0 <= score <= 10):
            raise StoreError(f"{score} is no pain score.", hint="Use a whole number from 0 to 10.")
        with self._change() as connection:
            self.session_row(session_id)
            connection.execute(
                "INSERT INTO pain (session_id, period, score, place, note, entered_utc) VALUES (?, ?, ?, ?, ?, ?)",
                (session_id, when, score, place, note, utc_now()),
            )
        return self.pain(session_id)[-1]

    def pain(self, session_id: int) -> list[PainEntry]:
        """Pain entries in the order they were made."""
        rows = self._rows("SELECT * FROM pain WHERE session_id = ? ORDER BY id", session_id)
        return [
            PainEntry(row["id"], row["period"], row["score"], row["place"], row["note"], row["entered_utc"])
            for row in rows
        ]

    def edits(self, session_id: int) -> list[Edit]:
        """List what was changed in a session after it was recorded, oldest first."""
        rows = self._rows("SELECT * FROM edit WHERE session_id = ? ORDER BY id", session_id)
        return [Edit(row["at_utc"], row["what"], row["detail"]) for row in rows]

    def _set(self, session_id: int, column: str, value: object, what: str) -> None:
        with self._change() as connection:
            old = connection.execute(f"SELECT {column} AS old FROM session WHERE id = ?", (session_id,)).fetchone()
            if old is None:
                self.session_row(session_id)  # says that there is none
            if old["old"] != value:
                connection.execute(f"UPDATE session SET {column} = ? WHERE id = ?", (value, session_id))
                log_edit(connection, session_id, what, f"was: {old['old']}")


def log_edit(connection: sqlite3.Connection, session_id: int, what: str, detail: str) -> None:
    """Keep what was changed; inside a transaction."""
    connection.execute(
        "INSERT INTO edit (session_id, at_utc, what, detail) VALUES (?, ?, ?, ?)", (session_id, utc_now(), what, detail)
    )


def session_row(row: Row) -> SessionRow:
    """Turn a row of the list's query into what is shown."""
    return SessionRow(
        id=row["id"],
        uuid=row["uuid"],
        started_utc=row["started_utc"],
        ended_utc=row["ended_utc"],
        cut_off=bool(row["cut_off"]),
        client_id=row["client_id"],
        client_code=row["client_code"],
        place=row["place"],
        duration_s=row["duration_s"],
        n_steps=row["n_steps"],
        speeds_mps=tuple(json.loads(row["speeds_mps"])),
        shoe=row["shoe_name"],
        surface=row["surface_name"],
        tags=tuple(row["tags"].split("\n")) if row["tags"] else (),
        filter_version=row["again_version"] or row["filter_version"],
        headline=json.loads(row["headline"]),
    )
