"""`stride profiles`: the sensors that can be read, what is written to them, and packets decoded by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from imu.acquisition.by_hand import HandDecoded, decode_by_hand, read_hex
from imu.acquisition.profiles import (
    SCRIPTS,
    check_profile,
    choose_options,
    get_profile,
    own_folder,
    profile_advice,
    profile_names,
    profile_path,
    profile_problems,
    script_steps,
)
from imu.cli.text import console, number, require_path, to_json
from imu.errors import ImuError, ProfileError

_EVIDENCE = {
    "captured": "seen in bytes off a real device",
    "spec": "from the maker's description",
    "demo": "from example code",
}

_UNITS = {
    "mps2": "m/s²", "dps": "°/s", "mps": "m/s", "spm": "/min", "bpm": "bpm", "pct": "%", "s": "s", "m": "m", "deg": "°",
    "w": "W", "n": "N", "kcal": "kcal", "kj": "kJ", "k": "K", "g": "g", "hz": "Hz", "uv": "µV", "ms": "ms",
}  # fmt: skip


def list_profiles(*, as_json: bool = False) -> int:
    """Print one line per profile; files that cannot be used are told after them."""
    from rich.table import Table

    problems = profile_problems()
    rows = []
    for name in profile_names():
        try:
            rows.append((name, get_profile(name), profile_path(name)))
        except ImuError:
            continue  # told below
    if as_json:
        listed = [
            {"name": n, "kind": p.kind, "title": p.about.title, "maker": p.about.maker, "fit": p.about.fit,
             "evidence": p.about.evidence, "warnings": p.about.warnings, "file": str(path)}
            for n, p, path in rows
        ]  # fmt: skip
        typer.echo(to_json({"profiles": listed, "problems": problems}))
        return 2 if problems else 0
    table = Table("profile", "sensor", "fit for impact work", "how sure", box=None, pad_edge=False)
    shown = {name: path for name, _, path in rows}
    for kind in ("imu", "context"):
        for name, profile, _ in rows:
            if profile.kind == kind:
                about = profile.about
                table.add_row(name, about.title, about.fit, _EVIDENCE.get(about.evidence, about.evidence))
    console().print(table)
    own = [name for name, path in shown.items() if path.parent == own_folder()]
    typer.echo(f"\nYour own profiles: {', '.join(own) if own else 'none'} ({own_folder()})")
    for problem in problems:
        typer.echo(f"stride: {problem}", err=True)
    return 2 if problems else 0


def show_profile(name: str) -> int:
    """Print a profile's own file, which cites its sources.

    Raises
    ------
    ProfileError
        There is no such profile.
    """
    typer.echo(profile_path(name).read_text(encoding="utf-8").rstrip())
    return 0


def check_file(path: Path) -> int:
    """Say whether a profile is right, or every mistake in it.

    Raises
    ------
    ProfileError
        The file is wrong.
    """
    require_path(path, suffixes=(".toml",))
    profile = check_profile(path)
    writes = sum(len(script_steps(profile, kind)) for kind in SCRIPTS if kind != "on_reconnect")
    options = ", ".join(profile.options) or "none"
    typer.echo(f"{path.name} is right: {profile.about.title}. Options: {options}. {writes} steps in its commands.")
    for advice in profile_advice(profile):
        typer.echo(advice)
    if path.resolve().parent != own_folder().resolve():
        typer.echo(f"To use it, put it into {own_folder()}.")
    return 0


def print_commands(name: str, words: Sequence[str], *, as_json: bool = False) -> int:
    """Print what init, start and stop would write.

    Raises
    ------
    ProfileError
        There is no such profile, or an option is wrong.
    """
    profile_path(name)
    profile = get_profile(name)
    options = read_settings(words)
    steps = {kind: script_steps(profile, kind, options) for kind in SCRIPTS}
    if as_json:
        out: dict[str, Any] = {k: [s["write"] for s in steps[k] if "write" in s] for k in ("init", "start", "stop")}
        out["options"] = choose_options(profile, options)
        out["steps"] = steps
        typer.echo(to_json(out))
        return 0
    chosen = choose_options(profile, options)
    typer.echo(", ".join(f"{key} = {value}" for key, value in chosen.items()) or "no options")
    for kind in SCRIPTS[:-1]:
        typer.echo(f"\n{kind}")
        for step in steps[kind]:
            typer.echo(f"  {_step_text(step)}")
        if not steps[kind]:
            typer.echo("  nothing")
    return 0


def _step_text(step: dict[str, Any]) -> str:
    if "write" in step:
        return f"{step['write']}  to {step['characteristic']}{'' if step['response'] else ', without response'}"
    if "wait_s" in step:
        return f"wait {step['wait_s']:g} s"
    if "patch" in step:
        edits = ", ".join(f"from byte {at}: {data}" for at, data in step["patch"].items())
        return f"read {step['characteristic']}, change {edits}, write it back"
    return f"read {step['read']}"


def decode_packets(
    name: str, words: Sequence[str], settings: Sequence[str], characteristic: str | None, *, as_json: bool = False
) -> int:
    """Print the values in packets.

    Raises
    ------
    ProfileError
        The profile, an option or the hexadecimal text is wrong.
    DecodeError
        The packets are not what the profile describes.
    """
    profile_path(name)
    profile = get_profile(name)
    options = read_settings([*settings, *(w for w in words if "=" in w)])
    packets = read_hex([w for w in words if "=" not in w])
    found = decode_by_hand(profile, packets, options, characteristic)
    if as_json:
        typer.echo(to_json(_as_dict(found)))
    else:
        _print(found)
    return 0


def read_settings(words: Sequence[str]) -> dict[str, int]:
    """Read `rate_hz=200` and the like; several may be joined with commas.

    Raises
    ------
    ProfileError
        A word has another form.
    """
    out = {}
    for word in (part for w in words for part in re.split(r"[,\s]+", w) if part):
        key, equals, value = word.partition("=")
        if not equals or not re.fullmatch(r"-?\d+", value):
            raise ProfileError(f"'{word}' is not a setting.", hint="Write it like --set rate_hz=200, a whole number.")
        out[key] = int(value)
    return out


def _as_dict(found: HandDecoded) -> dict[str, Any]:
    out: dict[str, Any] = {"acc_mps2": found.acc_mps2, "gyr_dps": found.gyr_dps, "timestamp_s": found.timestamp_s}
    out |= found.context
    out |= {"counter": found.counter, "flags": found.flags, "notes": found.notes, "replies": found.replies}
    return {k: v for k, v in out.items() if v is not None and not (isinstance(v, list) and not v and k != "rr_s")}


def _print(found: HandDecoded) -> None:
    from rich.table import Table

    if found.timestamp_s is not None:
        typer.echo(f"device time of the {found.stamped} sample: {found.timestamp_s:.9g} s")
    if found.counter is not None:
        typer.echo(f"packet counter: {found.counter}")
    acc, gyr = found.acc_mps2, found.gyr_dps
    if acc is not None or gyr is not None:
        heads = [f"{c} m/s²" for c in ("ax", "ay", "az")] if acc is not None else []
        heads += [f"{c} °/s" for c in ("gx", "gy", "gz")] if gyr is not None else []
        table = Table("sample", *heads, box=None, pad_edge=False)
        for i in range(max(len(a) for a in (acc, gyr) if a is not None)):
            cells = [a[i] if i < len(a) else [None] * 3 for a in (acc, gyr) if a is not None]
            table.add_row(str(i), *(number(v, 3) for row in cells for v in row))
        console().print(table)
    for key, value in found.context.items():
        name, _, unit = key.rpartition("_")
        known = unit in _UNITS and bool(name)
        text = ", ".join(f"{v:g}" for v in value) if isinstance(value, list) else value
        text = f"{text:.6g}" if isinstance(text, float) else text
        typer.echo(f"{(name if known else key).replace('_', ' ')}: {text}{' ' + _UNITS[unit] if known else ''}")
    for text in (*found.replies, *found.notes):
        typer.echo(text)
    if found.assumed:
        values = ", ".join(f"{key} = {value}" for key, value in found.assumed.items())
        typer.echo(f"Assumed: {values} (--set changes it).")
    if found.flags:
        typer.echo(f"flags: {', '.join(f.replace('_', ' ') for f in found.flags)}")
