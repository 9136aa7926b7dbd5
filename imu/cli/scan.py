"""`stride scan`: the sensors around, as a table that grows while it listens."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import typer

from imu import api
from imu.cli.text import console, number, to_json
from imu.errors import ImuError
from imu.types import Charge, FoundSensor

if TYPE_CHECKING:
    from rich.table import Table

_SIGNAL: Final = ((-65, "strong"), (-75, "good"), (-85, "fair"))
_PER_SECOND: Final = 4

_NOTHING: Final = """\
No sensor that can be read was found in {seconds:g} s; {others}.

  1. Wake it: most sensors sleep while they lie still. Move it, or press its button until its light blinks.
  2. Close the maker's app, on phones too: a sensor that is connected elsewhere does not show.
  3. Bring it within two metres, and charge it.
  4. stride scan --all --seconds 30    lists every device: does its name show?
     If so, stride live --device NAME --profile PROFILE takes it (stride profiles list).
  5. stride doctor looks at the adapter.

Without a sensor: stride demo. More: docs/bluetooth.md."""


def scan(*, seconds: float, everything: bool, battery: bool, as_json: bool) -> int:
    """Look for sensors; see `stride scan --help`. Ctrl-C ends it early, with what was found.

    Raises
    ------
    DeviceError
        No adapter, switched off, or no permission: the message says what to do.
    """
    live = sys.stdout.isatty() and not as_json
    if not live:
        typer.echo(f"Looking for sensors for {seconds:g} s ...", err=True)
    remembered = _Remembered()
    found, stopped = _look(seconds, everything, remembered if live else None)
    if battery and not stopped:
        found = _with_battery(found)
    known = [s for s in found if s.known]
    last = remembered.of(known)
    shown = found if everything else known
    if as_json:
        rows = [as_dict(s, last.get(s.name)) for s in shown]
        typer.echo(to_json({"sensors": rows, "others": len(found) - len(known), "seconds": seconds}))
        return 0
    if shown:
        console().print(sensor_table(shown, last))
    if not known:
        others = _others(len(found), " (--all lists them)" if not everything else "")
        typer.echo(("\n" if shown else "") + _NOTHING.format(seconds=seconds, others=others))
        return 0
    _say_more(known, len(found) - len(known), asked=battery, everything=everything)
    return 0


def sensor_table(sensors: Sequence[FoundSensor], last: Mapping[str, Charge] | None = None) -> Table:
    """Return a table of sensors: name, profile, signal, battery (else the `last` known, with its age), address."""
    from rich.markup import escape
    from rich.table import Table

    table = Table("name", "profile", "signal", "battery", "address", box=None, pad_edge=False)
    for s in sensors:
        profile = s.profiles[0] if s.profiles else "none: cannot be read"
        charge = charge_text(s.battery_pct, (last or {}).get(s.name))
        signal = "held here already" if s.held else signal_text(s.rssi_dbm)
        table.add_row(escape(s.name), profile, signal, charge, escape(s.address))
    return table


def signal_text(rssi_dbm: int | None) -> str:
    """Write a signal in words and dBm; an en dash where it is not known."""
    if rssi_dbm is None:
        return "–"
    word = next((w for limit, w in _SIGNAL if rssi_dbm >= limit), "weak")
    return f"{word} ({number(rssi_dbm)} dBm)"


def charge_text(battery_pct: float | None, last: Charge | None = None, now: datetime | None = None) -> str:
    """Write a charge; where it is not known now, the last that was, with its age; else an en dash."""
    if battery_pct is not None:
        return f"{battery_pct:.0f} %"
    if last is None:
        return "–"
    n, unit = last.age(now)
    age = f"{n} {unit}{'s' if n > 1 else ''} ago" if n else "just now"
    return f"{last.pct:.0f} % ({age})"


def as_dict(sensor: FoundSensor, last: Charge | None = None) -> dict[str, Any]:
    """Return a sensor as plain data."""
    return {
        "name": sensor.name,
        "address": sensor.address,
        "profile": sensor.profiles[0] if sensor.profiles else None,
        "profiles": list(sensor.profiles),
        "kind": sensor.kind or None,
        "title": sensor.title or None,
        "rssi_dbm": sensor.rssi_dbm,
        "battery_pct": sensor.battery_pct,
        "last_battery_pct": None if last is None else last.pct,
        "last_battery_utc": None if last is None else last.utc,
        "held": sensor.held,
    }


def _look(seconds: float, everything: bool, remembered: _Remembered | None) -> tuple[list[FoundSensor], bool]:
    """Scan; return what was found, and whether it was ended early. The table grows where charges are `remembered`."""
    so_far: list[FoundSensor] = []

    def changed(sensors: tuple[FoundSensor, ...]) -> None:
        so_far[:] = sensors

    try:
        if remembered is None:
            return list(api.scan(seconds, changed)), False
        from rich.live import Live

        def picture() -> Any:
            shown = [s for s in tuple(so_far) if s.known or everything]
            return _growing(seconds, shown, len(so_far), remembered.of(shown))

        with Live(console=console(), get_renderable=picture, refresh_per_second=_PER_SECOND, transient=True):
            return list(api.scan(seconds, changed)), False
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        return list(so_far), True


def _growing(seconds: float, shown: Sequence[FoundSensor], seen: int, last: Mapping[str, Charge]) -> Any:
    from rich.console import Group
    from rich.spinner import Spinner
    from rich.text import Text

    line = f" Looking for sensors for {seconds:g} s: {len(shown)} shown, {seen} devices seen. Ctrl-C ends it."
    parts: list[Any] = [Spinner("dots", Text(line))]
    if shown:
        parts.append(sensor_table(shown, last))
    return Group(*parts)


def _with_battery(found: Sequence[FoundSensor]) -> list[FoundSensor]:
    """Connect to each known sensor for a moment and read its charge, where it says it; Ctrl-C asks no more of them."""
    out = list(found)
    try:
        for k, sensor in enumerate(found):
            if sensor.known and sensor.battery_pct is None and not sensor.held:
                typer.echo(f"Asking {sensor.name} for its charge ...", err=True)
                out[k] = replace(sensor, battery_pct=api.read_battery(sensor))
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
    return out


class _Remembered:
    """Charges that the library holds of sensors; each is looked up once."""

    def __init__(self) -> None:
        self._charges: dict[str, Charge | None] = {}

    def of(self, sensors: Iterable[FoundSensor]) -> dict[str, Charge]:
        """Return those of the sensors that can be read and do not tell their charge now."""
        names = [s.name for s in sensors if s.known and s.battery_pct is None]
        new = [name for name in names if name not in self._charges]
        self._charges.update(dict.fromkeys(new) | _last_charges(new) if new else {})
        return {name: charge for name in names if (charge := self._charges[name]) is not None}


def _last_charges(names: Iterable[str]) -> dict[str, Charge]:
    """Return what the library holds of these sensors; a library that cannot be opened is no reason to stop."""
    from imu.api.library import Library
    from imu.store.opening import default_path

    names = list(names)
    try:
        if not names or not default_path().exists():
            return {}
        with Library.open() as library:
            return {name: last for name in names if (last := library.last_charge(name)) is not None}
    except ImuError:
        return {}


def _others(n: int, how: str) -> str:
    if n == 0:
        return "no other Bluetooth device was seen either"
    return f"{n} other Bluetooth {'device was' if n == 1 else 'devices were'} seen{how}"


def _say_more(known: Sequence[FoundSensor], others: int, *, asked: bool, everything: bool) -> None:
    lines = []
    if others and not everything:
        lines.append(f"{_others(others, '')}: --all lists {'it' if others == 1 else 'them'}.")
    if not asked and any(s.battery_pct is None for s in known):
        lines.append("Few sensors tell their charge before they are connected: --battery asks each of them.")
    held = [s for s in known if s.held]
    if held:
        lines.append(
            "Held here already: another program on this computer, or the system itself, is connected to it. Close the "
            f"program, or disconnect it (on Linux: bluetoothctl disconnect {held[0].address})."
        )
    first = next((s for s in known if s.kind == "imu" and not s.held), None)
    if first is None and any(s.kind == "imu" for s in held):
        pass  # said just now
    elif first is None:
        lines.append("None of them measures movement: they can only join a movement sensor (stride live --help).")
    else:
        lines.append(f'Next: stride live --device "{first.name}"')
    typer.echo("\n" + "\n".join(lines))
