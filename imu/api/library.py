"""The library of sessions: clients, every session recorded, and what was added to them; nothing is ever lost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from imu.api.files import analyze
from imu.api.takeout import PageMaker, Progress, write_client
from imu.constants import FILTER_VERSION
from imu.errors import ImuError, RecordingError, StoreError
from imu.settings import Settings
from imu.store.base import utc_now
from imu.store.connect import check_start
from imu.store.crypt import key_of
from imu.store.current import current_steps
from imu.store.decoded import Decoded, store_decoded
from imu.store.erase import Erasing
from imu.store.finish import finish, speed_changes, store_headline
from imu.store.headline import speed_blocks
from imu.store.opening import default_path, prepare
from imu.store.portable import export_session, import_session
from imu.store.product import product_version
from imu.store.reader import STEPS_DAMAGED, StoredSession, read_facts, read_stored
from imu.store.rows import INSERT_RECOMPUTED, INSERT_STEP, plain_rows, select_steps, step_values, steps_crc
from imu.store.sessions import log_edit
from imu.store.stated import stated_lines, stated_tilt
from imu.store.writer import LibraryTarget
from imu.types import Provenance, Recording, SessionRow, StoredRun


class Library(Erasing):
    """An open library; any thread may call it, and several windows may have it open.

    Made by `open`. Use it as a context manager, or call `close`.
    """

    @classmethod
    def open(cls, path: str | Path | None = None) -> Library:
        """Open a library, made where it is missing.

        Parameters
        ----------
        path : path or None
            None = STRIDE_LIBRARY, or `library.stride-library` in the user's data folder.

        Raises
        ------
        StoreError, RecordingError
            No library, of a newer version, damaged at its start, locked, or in a folder that cannot be used. Nothing
            has been changed then.
        """
        path = default_path() if path is None else Path(path)
        opener, refusal = prepare(path, key_of(path))
        return cls(path, opener, refusal=refusal)

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # -- recording ---------------------------------------------------------------------------------------------------

    def record(
        self,
        client_id: int | None = None,
        *,
        shoe_id: int | None = None,
        surface_id: int | None = None,
        wizard: Mapping[str, Any] | None = None,
        notes: str = "",
    ) -> LibraryTarget:
        """Say whose the next session is; give the result to `Session.simulate(out=...)` and its like.

        Recording begins when the session starts, in a thread of its own; `Session.session_id` is its id from then on.

        Raises
        ------
        StoreError
            There is no such client, or the library cannot be written.
        """
        self.require_writable()
        if client_id is not None:
            self.client(client_id)
        facts = {
            "client_id": client_id,
            "shoe_id": shoe_id,
            "surface_id": surface_id,
            "wizard": json.dumps(dict(wizard or {})),
            "notes": notes,
        }
        return LibraryTarget(self.path, self._opener, facts)

    def unfinished(self) -> list[SessionRow]:
        """Sessions that a crash or a power cut ended: each is kept, `finish` completes it."""
        return [self.session_row(session_id) for session_id in self.unfinished_ids()]

    def finish(self, session_id: int) -> SessionRow:
        """Complete a session that was cut off: its steps are computed from its packets, up to the last second.

        Takes about a second for half an hour; call it outside the window's thread.

        Raises
        ------
        StoreError
            It is finished already, or being recorded now.
        RecordingError
            Its packets cannot be read.
        """
        from imu.exchange.stride import decoded_of

        row = self.session_row(session_id)
        if not row.unfinished:
            raise StoreError(f"Session {session_id} is finished already.", hint="Nothing was changed.")
        if session_id not in self.unfinished_ids():
            raise StoreError(f"Session {session_id} is being recorded now.", hint="Stop the recording first.")
        try:
            stored = self._stored(session_id)
            recording = _decoded(stored, as_recorded=True)
            result = analyze(recording)
            steps, gaps, duration_s = result.steps, recording.gaps, recording.duration_s
            decoded = decoded_of(stored, recording) if stored.chunks_intact else None
        except ImuError:  # cut off within its first seconds: there is nothing to analyse, and what there is is kept
            recording, steps, gaps, duration_s, decoded = None, (), (), None, None
        with self._change() as connection:
            stream = connection.execute("SELECT * FROM stream WHERE session_id = ?", (session_id,)).fetchone()
            if stream is None:
                raise StoreError(f"Session {session_id} holds no data.", hint="Erase it: it ended before it began.")
            if recording is not None:
                connection.execute("DELETE FROM step WHERE stream_id = ?", (stream["id"],))
                connection.executemany(INSERT_STEP, [(stream["id"], *step_values(step)) for step in steps])
                connection.executemany(
                    "INSERT OR REPLACE INTO gap VALUES (?, ?, ?)", [(stream["id"], *gap) for gap in gaps]
                )
            facts = read_facts(connection, session_id)
            finish(
                connection,
                session_id,
                Settings(**facts.settings),
                facts.info,
                duration_s=duration_s,
                decoded=decoded,
                cut_off=True,
            )
            log_edit(connection, session_id, "finished", "the recording had been cut off")
        return self.session_row(session_id)

    # -- one session -------------------------------------------------------------------------------------------------

    def session(self, session_id: int) -> StoredRun:
        """Read one session: steps, markers, notes and where its numbers come from; its samples are in `recording`.

        Takes a fraction of a second: packets are decoded only where what they gave is not known, or is damaged.

        Raises
        ------
        StoreError
            There is no such session.
        RecordingError
            It is too damaged to be read; the others are not affected.
        """
        with self._damage_said(session_id):
            return self._run(session_id)

    def recording(self, session_id: int) -> Recording:
        """Decode the samples of a session, with the edits that were made after the run.

        Takes about a second for half an hour; call it outside the window's thread.

        Raises
        ------
        StoreError, RecordingError
            As `session`.
        """
        with self._damage_said(session_id):
            self.session_row(session_id)
            return self._recording(session_id)

    def stored(self, session_id: int) -> StoredSession:
        """Read a session as it was recorded: its packets, and the steps that were stored while it ran.

        Raises
        ------
        StoreError, RecordingError
            As `session`.
        """
        self.session_row(session_id)
        with self._open() as connection:
            return read_stored(self.path, connection, session_id)

    @contextmanager
    def _damage_said(self, session_id: int) -> Iterator[None]:
        try:
            yield
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
            raise RecordingError(
                f"Session {session_id} of {self.path.name} is damaged ({error}).",
                hint="Take it from a backup; the other sessions are not affected.",
            ) from None

    def _run(self, session_id: int) -> StoredRun:
        row = self.session_row(session_id)
        with self._open() as connection:
            stored = read_stored(self.path, connection, session_id, with_steps=False, with_packets=False)
            current = current_steps(connection, session_id)
            extra = connection.execute("SELECT notes, wizard FROM session WHERE id = ?", (session_id,)).fetchone()
        decoded = stored.decoded
        if decoded is None:
            stored, decoded = self._decode(session_id, row)
        warnings = [*stored.warnings, *decoded.warnings]
        warnings = [w for w in warnings if not w.startswith("This recording was cut off") or row.unfinished]
        steps = current.steps
        if not current.intact:
            steps = tuple(analyze(self._recording(session_id)).steps)
            warnings.append(STEPS_DAMAGED)
        if current.stale:
            warnings.append("The speed was changed after the run: contact time and force still stand for the old one.")
        if row.cut_off:
            warnings.insert(0, "This recording was cut off; everything up to its last second is here.")
        markers = self.markers(session_id)
        start_s, stop_s = stored.info.time_s(decoded.start_index), stored.info.time_s(decoded.stop_index)
        changes = speed_changes([{"time_s": m.time_s, "value": m.value} for m in markers if m.kind == "speed"])
        return StoredRun(
            name=str(stored.path),
            row=row,
            stream=stored.info,
            settings={**stored.settings, **stated_tilt(stored)},
            steps=steps,
            markers=tuple(markers),
            cuts=tuple(self.cuts(session_id)),
            speeds=speed_blocks(stored.settings.get("speed_mps"), changes, start_s, stop_s),
            lines=stated_lines(markers),
            gaps=decoded.gaps,
            notes=extra["notes"],
            pain=tuple(self.pain(session_id)),
            wizard=json.loads(extra["wizard"]),
            edits=tuple(self.edits(session_id)),
            provenance=Provenance(
                profile_name=stored.profile_name,
                profile_sha256=hashlib.sha256(stored.profile_text.encode()).hexdigest(),
                product_version=current.product_version,
                filter_version=current.filter_version,
                raw_sha256=stored.raw_sha256,
                recomputed_utc=current.recomputed_utc,
            ),
            start_s=start_s,
            stop_s=stop_s,
            n_samples=decoded.n_samples,
            warnings=tuple(warnings),
            clock=decoded.clock,
        )

    def _decode(self, session_id: int, row: SessionRow) -> tuple[StoredSession, Decoded]:
        """Decode the packets, and keep what that gave for the next time, unless something is damaged or unfinished."""
        from imu.exchange.stride import decoded_of

        stored = self._stored(session_id)
        decoded = decoded_of(stored, _decoded(stored))
        if stored.chunks_intact and not row.unfinished and not self.read_only:
            with suppress(StoreError), self._change() as connection:  # it opens as well without
                query = "SELECT id FROM stream WHERE session_id = ? ORDER BY id LIMIT 1"
                store_decoded(connection, connection.execute(query, (session_id,)).fetchone()["id"], decoded)
        return stored, decoded

    def recompute(self, session_id: int) -> SessionRow:
        """Compute the steps anew with this version and the speeds as they are now; the old ones are kept.

        Takes about a second for half an hour; call it outside the window's thread.

        Raises
        ------
        StoreError
            There is no such session, or it is being recorded.
        RecordingError
            It cannot be read or analysed.
        """
        if self.session_row(session_id).unfinished:
            raise StoreError(f"Session {session_id} is not finished.", hint="Finish it first.")
        stored = self._stored(session_id)
        recorded = replace(stored, markers=_with_recorded_swaps(stored), cuts=())
        result = analyze(_decoded(recorded))
        with self._change() as connection:
            stream = connection.execute("SELECT id FROM stream WHERE session_id = ?", (session_id,)).fetchone()["id"]
            connection.execute("DELETE FROM recomputed_step WHERE stream_id = ?", (stream,))
            connection.executemany(INSERT_RECOMPUTED, [(stream, *step_values(step)) for step in result.steps])
            rows = plain_rows(connection, select_steps("recomputed_step"), stream)
            connection.execute(
                "INSERT OR REPLACE INTO recomputed VALUES (?, ?, ?, ?, ?)",
                (stream, utc_now(), product_version(), FILTER_VERSION, steps_crc(rows)),
            )
            log_edit(connection, session_id, "computed anew", f"{len(result.steps)} steps, filters {FILTER_VERSION}")
            steps = current_steps(connection, session_id).steps
            store_headline(connection, session_id, steps, Settings(**stored.settings), stored.info)
        return self.session_row(session_id)

    # -- files -------------------------------------------------------------------------------------------------------

    def export_session(self, session_id: int, path: str | Path, *, with_client: bool = True) -> Path:
        """Write one session to a file of its own (.stride), which every command and every other library reads.

        Parameters
        ----------
        session_id : int
        path : path
            Must not exist.
        with_client : bool
            With the client's code, birth year, mass and height; never with notes about the client or consents.

        Raises
        ------
        StoreError
            The file exists or cannot be written.
        """
        path = Path(path)
        self.write_session(session_id, path, with_client=with_client)
        self._log_export("session exported", 1)
        return path

    def write_session(self, session_id: int, path: Path, *, with_client: bool = True) -> None:
        """Write one session to a file of its own without a line in the log; otherwise as `export_session`."""
        self.session_row(session_id)
        with self._open() as connection:
            export_session(connection, session_id, path, with_client=with_client)

    def export_client(
        self, client_id: int, path: str | Path, *, pages: PageMaker | None = None, progress: Progress | None = None
    ) -> Path:
        """Write everything of a client to one ZIP: facts, consents, raw sessions, steps as CSV (and Parquet).

        Parameters
        ----------
        client_id : int
        path : path
            Must not exist.
        pages : callable or None
            Given the number of a session and the name of a PDF, makes that PDF; None = without pages.
        progress : callable or None
            Given before each session how many were written, of how many; what it raises stops the export.

        Raises
        ------
        StoreError
            The file exists or cannot be written, or there is no such client.
        """
        path = Path(path)
        self._log_export("client exported", write_client(self, client_id, path, pages, progress))
        return path

    def _log_export(self, what: str, n_sessions: int) -> None:
        if not self.read_only:
            with self._change() as connection:
                self._log(connection, what, f"{n_sessions} session{'s' * (n_sessions != 1)}")

    def import_session(self, path: str | Path, client_id: int | None = None) -> SessionRow:
        """Take a session file (.stride) into the library.

        Parameters
        ----------
        path : path
        client_id : int or None
            Whose it is; None = the client that the file names, made where the library has none.

        Raises
        ------
        RecordingError
            The file cannot be read.
        StoreError
            It is in the library already.
        """
        path = Path(path)
        check_start(path)
        with self._change() as connection:
            if client_id is not None:
                self.client(client_id)
            session_id = import_session(connection, path, client_id)
        if self.session_row(session_id).unfinished:
            return self.finish(session_id)
        return self.session_row(session_id)

    # -- reading -----------------------------------------------------------------------------------------------------

    def _stored(self, session_id: int) -> StoredSession:
        with self._open() as connection:
            return read_stored(self.path, connection, session_id, with_steps=False)

    def _recording(self, session_id: int) -> Recording:
        return _decoded(self._stored(session_id))


def _decoded(stored: StoredSession, *, as_recorded: bool = False) -> Recording:
    from imu.exchange.stride import to_recording

    return to_recording(stored, as_recorded=as_recorded)


def _with_recorded_swaps(stored: StoredSession) -> tuple[Any, ...]:
    """Markers as they are now, but for swaps, which are applied when the steps are read."""
    swaps = [m for m in stored.recorded_markers if m.kind == "swap_sides"]
    return tuple([m for m in stored.markers if m.kind != "swap_sides"] + swaps)
