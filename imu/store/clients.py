"""Clients, their consents and shoes; surfaces and sensors."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from imu.errors import StoreError
from imu.settings import Settings
from imu.store.base import LibraryFile, Row, like, utc_now
from imu.types import Charge, Client, Consent, Sensor, Shoe, Surface

_OLDEST: Final = 1900
_MAX_CODE: Final = 40

BATTERY_MARKER: Final = "battery"
"""Kind of the marker at a session's end that holds the sensor's charge in percent."""
_CHARGE_SESSIONS: Final = 5
_CHARGE_QUERY: Final = """
SELECT CAST(marker.value AS REAL) AS pct, coalesce(session.ended_utc, session.started_utc) AS utc
FROM (SELECT session_id FROM stream WHERE sensor_id IN (SELECT id FROM sensor WHERE name = ?)
      ORDER BY session_id DESC LIMIT ?) AS used
JOIN session ON session.id = used.session_id JOIN marker ON marker.session_id = session.id
WHERE marker.kind = ? ORDER BY utc DESC, marker.id DESC LIMIT 1
"""

_CLIENT_QUERY = """
SELECT client.*, count(session.id) AS n_sessions, max(session.started_utc) AS last_session_utc
FROM client LEFT JOIN session ON session.client_id = client.id
WHERE {where} GROUP BY client.id ORDER BY coalesce(max(session.started_utc), client.created_utc) DESC, client.code
"""


class Clients(LibraryFile):
    """The people who are recorded, known by a code."""

    def clients(self, search: str = "") -> list[Client]:
        """Clients whose code or notes hold `search`, the one seen last first."""
        where = "client.code LIKE ? ESCAPE '\\' OR client.notes LIKE ? ESCAPE '\\'"
        return [_client(row) for row in self._rows(_CLIENT_QUERY.format(where=where), *[like(search.strip())] * 2)]

    def client(self, client_id: int) -> Client:
        """One client.

        Raises
        ------
        StoreError
            There is none of that id.
        """
        row = self._one(_CLIENT_QUERY.format(where="client.id = ?"), client_id)
        if row is None:
            raise StoreError("This client is not in the library (any more).", hint="Choose another one.")
        return _client(row)

    def add_client(
        self,
        code: str,
        *,
        birth_year: int | None = None,
        body_mass_kg: float | None = None,
        body_height_m: float | None = None,
        notes: str = "",
    ) -> Client:
        """Add a client under a new code.

        Raises
        ------
        StoreError
            The code is empty, too long or taken, or the birth year is none.
        SettingsError
            Mass or height is outside its range.
        """
        facts = _checked(
            {
                "code": code,
                "birth_year": birth_year,
                "body_mass_kg": body_mass_kg,
                "body_height_m": body_height_m,
                "notes": notes,
            }
        )
        with self._change() as connection:
            self._refuse_taken(facts["code"], None)
            client_id = connection.execute(
                "INSERT INTO client (uuid, created_utc, code, birth_year, body_mass_kg, body_height_m, notes) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (str(uuid.uuid4()), utc_now(), *facts.values()),
            ).lastrowid
        assert client_id is not None
        return self.client(client_id)

    def update_client(self, client_id: int, **facts: Any) -> Client:
        """Change code, birth_year, body_mass_kg, body_height_m or notes; what is not named stays.

        Raises
        ------
        StoreError, SettingsError
            As `add_client`.
        """
        known = {"code", "birth_year", "body_mass_kg", "body_height_m", "notes"}
        if unknown := set(facts) - known:
            raise TypeError(f"no such fact of a client: {', '.join(sorted(unknown))}")
        facts = _checked(facts)
        with self._change() as connection:
            self.client(client_id)
            if "code" in facts:
                self._refuse_taken(facts["code"], client_id)
            for name, value in facts.items():
                connection.execute(f"UPDATE client SET {name} = ? WHERE id = ?", (value, client_id))
        return self.client(client_id)

    def _refuse_taken(self, code: str, client_id: int | None) -> None:
        row = self._one("SELECT id FROM client WHERE code = ?", code)
        if row is not None and row["id"] != client_id:
            raise StoreError(f"The code {code} is taken.", hint="Choose another code, or that client.")

    # -- consent -----------------------------------------------------------------------------------------------------

    def consents(self, client_id: int) -> list[Consent]:
        """List what the client agreed to, the newest first."""
        rows = self._rows("SELECT * FROM consent WHERE client_id = ? ORDER BY id DESC", client_id)
        return [
            Consent(
                row["id"],
                row["given_utc"],
                row["text_version"],
                row["text"],
                row["text_sha256"],
                tuple(json.loads(row["kinds"])),
                row["withdrawn_utc"],
            )
            for row in rows
        ]

    def add_consent(self, client_id: int, text_version: str, text: str, kinds: Sequence[str]) -> Consent:
        """Store what was agreed to now: the very words that were shown, and what was ticked."""
        with self._change() as connection:
            self.client(client_id)
            connection.execute(
                "INSERT INTO consent (client_id, given_utc, text_version, text, text_sha256, kinds) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (
                    client_id,
                    utc_now(),
                    text_version,
                    text,
                    hashlib.sha256(text.encode()).hexdigest(),
                    json.dumps(list(kinds)),
                ),
            )
        return self.consents(client_id)[0]

    def withdraw_consent(self, consent_id: int) -> None:
        """Note that a consent was withdrawn now; what was recorded stays until it is erased."""
        with self._change() as connection:
            connection.execute("UPDATE consent SET withdrawn_utc = ? WHERE id = ?", (utc_now(), consent_id))

    # -- things ------------------------------------------------------------------------------------------------------

    def shoes(self, client_id: int | None, *, retired: bool = False) -> list[Shoe]:
        """Shoes of a client (None: of no client), the newest first; those that are retired only where asked for."""
        rows = self._rows(
            "SELECT * FROM shoe WHERE client_id IS ? AND retired <= ? ORDER BY id DESC", client_id, int(retired)
        )
        return [Shoe(row["id"], row["name"], row["distance_km"], bool(row["retired"])) for row in rows]

    def add_shoe(self, client_id: int | None, name: str, distance_km: float | None = None) -> Shoe:
        """Add a shoe.

        Raises
        ------
        StoreError
            It has no name, or its distance is no distance.
        """
        name = _named(name, "A shoe")
        with self._change() as connection:
            shoe_id = connection.execute(
                "INSERT INTO shoe (client_id, name, distance_km) VALUES (?, ?, ?)",
                (client_id, name, _distance(distance_km)),
            ).lastrowid
        assert shoe_id is not None
        return Shoe(shoe_id, name, distance_km, retired=False)

    def update_shoe(self, shoe_id: int, *, distance_km: float | None = None, retired: bool | None = None) -> None:
        """State a shoe's distance now, or that it is retired; None leaves it as it is."""
        with self._change() as connection:
            if distance_km is not None:
                connection.execute("UPDATE shoe SET distance_km = ? WHERE id = ?", (_distance(distance_km), shoe_id))
            if retired is not None:
                connection.execute("UPDATE shoe SET retired = ? WHERE id = ?", (int(retired), shoe_id))

    def surfaces(self) -> list[Surface]:
        """List what was run on so far, by name."""
        return [Surface(row["id"], row["name"]) for row in self._rows("SELECT * FROM surface ORDER BY name")]

    def add_surface(self, name: str) -> Surface:
        """Add a surface; one of that name is kept.

        Raises
        ------
        StoreError
            It has no name.
        """
        name = _named(name, "A surface")
        with self._change() as connection:
            connection.execute("INSERT OR IGNORE INTO surface (name) VALUES (?)", (name,))
            row = connection.execute("SELECT * FROM surface WHERE name = ?", (name,)).fetchone()
        return Surface(row["id"], row["name"])

    def sensors(self) -> list[Sensor]:
        """Sensors that were recorded with, the newest first."""
        rows = self._rows("SELECT * FROM sensor ORDER BY id DESC")
        return [
            Sensor(row["id"], row["name"], row["profile_name"], row["first_used_utc"], row["notes"]) for row in rows
        ]

    def last_charge(self, name: str) -> Charge | None:
        """Charge of a sensor at the end of one of its last sessions.

        None where the sensor is not known, or did not say it.
        """
        row = self._one(_CHARGE_QUERY, name, _CHARGE_SESSIONS, BATTERY_MARKER)
        return None if row is None else Charge(row["pct"], row["utc"])


def _client(row: Row) -> Client:
    return Client(
        row["id"],
        row["code"],
        row["birth_year"],
        row["body_mass_kg"],
        row["body_height_m"],
        row["notes"],
        row["created_utc"],
        row["n_sessions"],
        row["last_session_utc"],
    )


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    facts = dict(facts)
    if "code" in facts:
        code = facts["code"] = " ".join(str(facts["code"]).split())
        if not code:
            raise StoreError("A client needs a code.", hint="Type one, such as K-017; the name stays in your records.")
        if len(code) > _MAX_CODE:
            raise StoreError(
                f"This code is longer than {_MAX_CODE} characters.", hint="Use a short one, such as K-017."
            )
    year, this_year = facts.get("birth_year"), datetime.now(UTC).year
    if year is not None and not (isinstance(year, int) and _OLDEST <= year <= this_year):
        raise StoreError(f"{year} is no birth year.", hint=f"Type a year from {_OLDEST} to {this_year}.")
    Settings(body_mass_kg=facts.get("body_mass_kg"), body_height_m=facts.get("body_height_m"))
    return facts


def _named(name: str, what: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise StoreError(f"{what} needs a name.", hint="Type one.")
    return name


def _distance(distance_km: float | None) -> float | None:
    if distance_km is not None and not 0.0 <= distance_km < 1e5:
        raise StoreError(f"{distance_km} km is no distance of a shoe.", hint="Type kilometres, 0 or more.")
    return distance_km
