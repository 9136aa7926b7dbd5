"""Erase: nothing of it stays in the file or in its journals."""

from __future__ import annotations

import sqlite3

from imu.errors import StoreError
from imu.store.opening import copies
from imu.store.upkeep import Upkeep
from imu.types import Erased


class Erasing(Upkeep):
    """Taking away for good."""

    def erase_client(self, client_id: int) -> Erased:
        """Erase a client and everything of his: consents, shoes, sessions, notes, packets.

        The file is written anew without it and its journals are emptied, which takes about a second per GB on an SSD.
        Backups made before still hold it; they are named in what is returned.

        Raises
        ------
        StoreError
            There is no such client; one of the sessions is being recorded; another window uses the library.
        """
        with self._change() as connection:
            self.client(client_id)
            self._refuse_recording("client_id = ?", client_id)
            n = connection.execute("SELECT count(*) AS n FROM session WHERE client_id = ?", (client_id,)).fetchone()[
                "n"
            ]
            connection.execute("DELETE FROM client WHERE id = ?", (client_id,))
            self._log(connection, "client erased", f"{n} session{'s' * (n != 1)}")
        self.wipe()
        return Erased(n, tuple(copies(self.path)))

    def erase_session(self, session_id: int) -> Erased:
        """Erase one session for good; otherwise as `erase_client`."""
        with self._change() as connection:
            self.session_row(session_id)
            self._refuse_recording("id = ?", session_id)
            connection.execute("DELETE FROM session WHERE id = ?", (session_id,))
            self._log(connection, "session erased", "1 session")
        self.wipe()
        return Erased(1, tuple(copies(self.path)))

    def drop_empty(self, session_id: int) -> bool:
        """Take away a session into which not one packet came, such as where the sensor did not answer.

        Returns
        -------
        bool
            Whether it was taken away; one that holds a packet never is.

        Raises
        ------
        StoreError
            It is being recorded now.
        """
        with self._change() as connection:
            self._refuse_recording("id = ?", session_id)
            taken = connection.execute(
                "DELETE FROM session WHERE id = ? AND NOT EXISTS (SELECT 1 FROM packet_chunk JOIN stream "
                "ON stream.id = packet_chunk.stream_id WHERE stream.session_id = session.id)",
                (session_id,),
            )
            return taken.rowcount > 0

    def wipe(self) -> None:
        """Write the file anew without what was erased, and empty its journals.

        Raises
        ------
        StoreError
            Another window or program uses the library: what was erased is no longer shown, but its bytes may still
            be in the journal.
        """
        with self._open() as connection:
            _checkpoint(connection)
            connection.execute("DELETE FROM profile WHERE sha256 NOT IN (SELECT profile_sha256 FROM stream)")
            connection.execute(
                "DELETE FROM sensor WHERE id NOT IN (SELECT sensor_id FROM stream WHERE sensor_id NOT NULL)"
            )
            connection.execute("VACUUM")
            if not _checkpoint(connection):
                raise StoreError(
                    "What was erased is no longer shown, but the library is in use elsewhere, so its last bytes may "
                    "still be on the disk.",
                    hint="Close every other window of this program, then run `stride library wipe`.",
                )

    def _refuse_recording(self, where: str, value: int) -> None:
        running = {r["id"] for r in self._rows(f"SELECT id FROM session WHERE ended_utc IS NULL AND {where}", value)}
        if running - set(self.unfinished_ids()):
            raise StoreError("A session of it is being recorded now.", hint="Stop the recording, then erase.")


def _checkpoint(connection: sqlite3.Connection) -> bool:
    """Move everything into the file and empty the journal; False where somebody else still reads it."""
    row = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return bool(row["busy"] == 0)
