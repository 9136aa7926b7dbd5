"""All mistakes of a profile at once, also those that can only be looked for where the rest is right.

A table is checked as a whole (do its streams name options that there are?) only once each of its values is right. So
what has a plain correction is corrected in a copy, and the copy is checked again, until nothing new is found.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

from pydantic import ValidationError

_ROUNDS: Final = 6
_UUID: Final = "00000000-0000-0000-0000-000000000000"
_STAND_INS: Final[dict[str, Any]] = {
    "schema": 1, "name": "unnamed", "title": "?", "evidence": "spec", "sources": ["?"],
    "service": _UUID, "write": _UUID, "max_records": 1, "tick_s": 1.0,
}  # fmt: skip
"""Values that nothing else in a profile refers to."""
_WANTED: Final = {
    "float": "a number", "int": "a whole number", "bool": "true or false", "string_type": "text in quotes",
    "tuple": "a list in brackets", "list": "a list in brackets", "dict": "a table", "model": "a table",
}  # fmt: skip
"""What a value of the wrong kind has to be, by the beginning of what pydantic calls the mistake."""
_LOWER_CASE: Final = ("service", "notify", "indicate", "read", "write", "characteristic", "header", "expect", "prefix")


def mistakes(check: Callable[[Any], object], content: dict[str, Any]) -> tuple[str, ...]:
    """Return every mistake that `check` finds in the content of a file, each with its path."""
    found: dict[str, None] = {}
    seen: set[Any] = set()
    content = copy.deepcopy(content)
    for _ in range(_ROUNDS):
        try:
            check(content)
        except ValidationError as error:
            wrong = error.errors()
        else:
            break
        # A correction that was none (in lower case it is no UUID either) is no second mistake.
        fresh = [one for one in wrong if not one["loc"] or (one["loc"], one["type"]) not in seen]
        seen |= {(one["loc"], one["type"]) for one in wrong}
        found |= dict.fromkeys(text for one in fresh for text in _texts(one))
        corrected = [_correct(content, one) for one in wrong]
        if not all(corrected):
            break
    return tuple(found)


def _texts(error: Any) -> list[str]:
    if not error["loc"] and error["type"] == "value_error":  # of the profile as a whole: each names its place
        return [*error["msg"].removeprefix("Value error, ").split("; ")]
    where = ".".join(str(part) for part in error["loc"]) or "profile"
    kind, message = error["type"], error["msg"].removeprefix("Value error, ")
    if kind == "missing":
        message = "is missing"
    elif kind == "extra_forbidden":
        message = "there is no such field"
    elif kind == "string_pattern_mismatch" and where == "name":
        message = f"'{error['input']}' is not made of small letters, digits and _ after a first letter"
    elif kind == "literal_error":
        message = f"{error['input']!r} is not one of {error['ctx']['expected'].replace(' or ', ', ')}"
    elif kind in {"too_short", "string_too_short"}:
        message = "is empty"
    elif (wanted := next((words for part, words in _WANTED.items() if kind.startswith(part)), None)) is not None:
        message = f"{error['input']!r} is not {wanted}"
    else:
        message = message.replace("Input should be", "it has to be")
    return [f"{where}: {message}"]


def _correct(content: Any, error: Any) -> bool:
    """Correct one mistake in place, if that can lead to no other; whether it was."""
    *path, key = error["loc"] or ("",)
    for part in path:
        content = content[part] if isinstance(content, list) or part in content else None
        if content is None:
            return False
    kind = error["type"]
    if kind == "extra_forbidden":
        del content[key]
    elif kind == "literal_error" and key != "kind":
        content[key] = error["ctx"]["expected"].split("'")[1] if "'" in error["ctx"]["expected"] else 1
    elif key in _LOWER_CASE and _lowered(content.get(key)) != content.get(key):
        content[key] = _lowered(content[key])
    elif key in _STAND_INS and content.get(key) != _STAND_INS[key]:
        content[key] = copy.copy(_STAND_INS[key])
    elif path == ["options"] and "codes must" in error["msg"]:
        content[key]["codes"] = {str(value): "00" for value in content[key]["allowed"]}
    else:
        return False
    return True


def _lowered(value: Any) -> Any:
    if isinstance(value, list):
        return [_lowered(one) for one in value]
    return value.lower() if isinstance(value, str) else value
