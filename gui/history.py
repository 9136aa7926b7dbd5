"""A client's earlier sessions, as the live numbers are compared with them. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from imu.api import Change, SessionValue, UsualRange, change_from_baseline, comparable, usual_range
from imu.types import Estimate, Place, SessionRow


@dataclass(frozen=True, slots=True)
class History:
    """What earlier sessions say of two numbers.

    Attributes
    ----------
    load, difference : tuple of SessionValue
        Mean load peak in g, and left-right difference in percent.
    """

    load: tuple[SessionValue, ...] = ()
    difference: tuple[SessionValue, ...] = ()

    def change(self, load: Estimate, speed_mps: float | None, place: Place) -> Change | None:
        """Compare the load of now with the client's own at this speed; None while it has no value."""
        today = SessionValue.of(load, speed_mps, place)
        return None if today is None else change_from_baseline(today, self.load)

    def usual(self, speed_mps: float | None, place: Place) -> UsualRange:
        """Where the client's left-right difference usually lies at this speed."""
        return usual_range(comparable(SessionValue(0.0, None, speed_mps, place), self.difference))


def history_of(rows: Iterable[SessionRow]) -> History:
    """Take the stored numbers of finished sessions; of several speeds none is known alone, so they are left out."""
    load: list[SessionValue] = []
    difference: list[SessionValue] = []
    for row in rows:
        if row.unfinished or len(row.speeds_mps) != 1 or row.place not in set(Place):
            continue

        def value(name: str, row: SessionRow = row) -> SessionValue | None:
            fact: dict[str, Any] = row.headline.get(name) or {}
            if fact.get("value") is None:
                return None
            half = fact.get("half_width_95")
            return SessionValue(fact["value"], half, row.speeds_mps[0], Place(row.place), row.filter_version)

        for name, values in (("load_peak_g", load), ("load_symmetry_pct", difference)):
            known = value(name)
            if known is not None:
                values.append(known)
    return History(tuple(load), tuple(difference))
