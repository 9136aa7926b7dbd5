"""What is written to a device, step by step, and how a profile's file says it.

```
[if OPTION=VALUE[,OPTION=VALUE]:] wait N ms
[if ...:] read UUID
[if ...:] write UUID BYTES         to another characteristic than gatt.write
[if ...:] patch UUID AT=BYTES ...  read, replace the bytes from AT on, write back
[if ...:] BYTES                    to gatt.write
```

BYTES are pairs of hexadecimal digits, `"text"` in double quotes (ASCII), `{option}` (the code that the option's table
gives for its value), `{option:u8}`, `{option:u16}`, `{option:u32}` (the number itself) and `{option:text}` (the number
in digits); spaces between them mean nothing. A command whose bytes come out empty is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")

_TOKEN = re.compile(r'\s+|"([^"]*)"|\{(\w+)(?::(u8|u16|u32|text))?\}|([0-9a-f]{2})')
_CONDITION = re.compile(r"^if\s+([^:]+):\s*(.*)$", re.DOTALL)
_WAIT = re.compile(r"^wait\s+(\d{1,5})\s*ms$")
_WORDS = re.compile(r"^(read|write|patch)\s+(\S+)\s*(.*)$", re.DOTALL)
_EDIT = re.compile(r"^(\d{1,3})=(\S+)$")

ByteOrder = Literal["little", "big"]


class Write(NamedTuple):
    """Write bytes; with `response` the device confirms."""

    characteristic: str
    data: bytes
    response: bool = True


class Wait(NamedTuple):
    """Let the device have some time."""

    seconds: float


class Read(NamedTuple):
    """Read a characteristic; the codec's `reply` explains what it says."""

    characteristic: str


class Patch(NamedTuple):
    """Read a characteristic, replace some of its bytes, and write it back with response."""

    characteristic: str
    edits: tuple[tuple[int, bytes], ...]


Action = Write | Wait | Read | Patch


class Setting(NamedTuple):
    """What a command needs to know of an option: its value and the code (hex) for it, where it has codes."""

    value: int
    code: str | None


class CommandError(ValueError):
    """A command in a profile cannot be read."""


def read_command(
    text: str, settings: Mapping[str, Setting], write: str | None, *, response: bool, order: ByteOrder
) -> Action | None:
    """Read one line of a profile's commands.

    Parameters
    ----------
    text : str
    settings : dict
        All options with their present values.
    write : str or None
        Characteristic for plain bytes.
    response : bool
        Whether a write waits for the device's confirmation.
    order : str
        Byte order of numbers.

    Returns
    -------
    Action or None
        None = nothing to do with these settings.

    Raises
    ------
    CommandError
        In words.
    """
    text, holds = _condition(text.strip(), settings)
    action: Action
    if text.startswith("wait"):
        if not (found := _WAIT.match(text)):
            raise CommandError("a pause is written like 'wait 100 ms'")
        action = Wait(int(found[1]) / 1000.0)
    elif found := _WORDS.match(text):
        word, uuid, rest = found.groups()
        if not UUID.match(uuid):
            raise CommandError(f"'{uuid}' is not a 128-bit UUID in lower case")
        if word == "read":
            if rest:
                raise CommandError(f"nothing may follow the UUID after read, found '{rest}'")
            action = Read(uuid)
        elif word == "patch":
            action = Patch(uuid, _edits(rest, settings, order))
        else:
            action = Write(uuid, payload(rest, settings, order), response)
    else:
        data = payload(text, settings, order)
        if write is None:
            raise CommandError("there is no gatt.write to write to")
        action = Write(write, data, response)
    if isinstance(action, Write) and not action.data:
        return None
    return action if holds else None


def payload(text: str, settings: Mapping[str, Setting], order: ByteOrder) -> bytes:
    """Translate BYTES of a command.

    Raises
    ------
    CommandError
        In words.
    """
    out = b""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise CommandError(
                f"'{text[at : at + 12]}' is neither pairs of hexadecimal digits, \"text\" nor {{option}}"
            )
        at = found.end()
        quoted, name, form, pair = found.groups()
        if quoted is not None:
            if not quoted.isascii():
                raise CommandError("text in quotes must be ASCII")
            out += quoted.encode("ascii")
        elif pair is not None:
            out += bytes.fromhex(pair)
        elif name is not None:
            out += _inserted(name, form, settings, order)
    return out


def _inserted(name: str, form: str | None, settings: Mapping[str, Setting], order: ByteOrder) -> bytes:
    if name not in settings:
        raise CommandError(f"unknown option '{name}'")
    value, code = settings[name]
    if form is None:
        if code is None:
            raise CommandError(f"option '{name}' has no codes: write {{{name}:u8}}, :u16, :u32 or :text")
        return bytes.fromhex(code)
    if form == "text":
        return str(value).encode("ascii")
    size = int(form[1:]) // 8
    if not 0 <= value < 256**size:
        raise CommandError(f"{name} = {value} does not fit into {{{name}:{form}}}")
    return value.to_bytes(size, order)


def _condition(text: str, settings: Mapping[str, Setting]) -> tuple[str, bool]:
    found = _CONDITION.match(text)
    if found is None:
        return text, True
    holds = True
    for part in found[1].split(","):
        name, _, value = (p.strip() for p in part.partition("="))
        if name not in settings:
            raise CommandError(f"unknown option '{name}'")
        if not value.isdigit():
            raise CommandError(f"a condition is written like 'if {name}=1:'")
        holds = holds and settings[name].value == int(value)
    return found[2].strip(), holds


def _edits(text: str, settings: Mapping[str, Setting], order: ByteOrder) -> tuple[tuple[int, bytes], ...]:
    edits = []
    for word in text.split():
        found = _EDIT.match(word)
        if found is None:
            raise CommandError(f"'{word}' is not like 24={{rate_hz:u16}}: the first byte, then what to put there")
        edits.append((int(found[1]), payload(found[2], settings, order)))
    if not edits:
        raise CommandError("a patch needs at least one AT=BYTES")
    return tuple(edits)
