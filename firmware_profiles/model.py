"""The form of a firmware profile: what its TOML file may say, checked with all mistakes reported at once."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from firmware_profiles.errors import ProfileFileError

SCHEMA = 1

_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_PLACEHOLDER = re.compile(r"\{(\w+)(?::(u8|u16|u32))?\}")

CHANNELS = ("ax", "ay", "az", "gx", "gy", "gz")
"""Canonical columns of the decoded samples; other channel names are allowed and left out."""

VALUE_BYTES = {"b": 1, "B": 1, "h": 2, "H": 2, "t": 3, "i": 4, "I": 4, "f": 4}
"""Bytes of one value: letters of Python's `struct`, and "t" for a signed 24-bit integer."""

FIELD_BYTES = {"B": 1, "H": 2, "I": 4}

Uuid = Annotated[str, Field(description="128-bit UUID in lower case")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class About(_Part):
    """Who makes the device, how sure we are of the numbers, and where they come from.

    `evidence`: captured = seen in bytes off a real device; spec = written by the maker; demo = from example code.
    """

    title: str
    maker: str = ""
    evidence: Literal["captured", "spec", "demo"]
    sources: tuple[str, ...] = Field(min_length=1)
    warnings: tuple[str, ...] = ()


class Match(_Part):
    """How a device is recognised from its advertisement; any one rule that is given and holds is enough."""

    name_regex: str | None = None
    services: tuple[Uuid, ...] = ()
    company_ids: tuple[int, ...] = ()

    @field_validator("name_regex")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                re.compile(value)
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from None
        return value


class Gatt(_Part):
    """Services and characteristics."""

    service: Uuid
    notify: tuple[Uuid, ...] = Field(min_length=1)
    write: Uuid | None = None
    write_response: bool = True

    @field_validator("service", "notify", "write")
    @classmethod
    def _uuids(cls, value: Any) -> Any:
        for uuid in (value,) if isinstance(value, str) else value or ():
            if not _UUID.match(uuid):
                raise ValueError(f"'{uuid}' is not a 128-bit UUID in lower case")
        return value


class Option(_Part):
    """A choice the user has, such as rate or range: listed values, or anything from `minimum` to `maximum`.

    `codes` holds the bytes (hex) where the device has its own way to say a value.
    """

    default: int
    allowed: tuple[int, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    codes: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        span = self.minimum is not None and self.maximum is not None
        if span == bool(self.allowed):
            raise ValueError("give either allowed, or minimum and maximum")
        if not self.allows(self.default):
            raise ValueError(f"default {self.default} is not {self.choices}")
        if self.codes and set(self.codes) != {str(v) for v in self.allowed}:
            raise ValueError("codes must name exactly the allowed values")
        return self

    def allows(self, value: int) -> bool:
        """Whether the device can be set to `value`."""
        if self.allowed:
            return value in self.allowed
        return self.minimum is not None and self.maximum is not None and self.minimum <= value <= self.maximum

    @property
    def choices(self) -> str:
        """The values that are allowed, in words."""
        return f"one of {', '.join(map(str, self.allowed))}" if self.allowed else f"{self.minimum} to {self.maximum}"


class Commands(_Part):
    """Bytes (hex) to write. `{rate_hz}` inserts the option's code, `{rate_hz:u16}` the number itself."""

    init: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()


class HeaderField(_Part):
    """An unsigned number in the packet's header."""

    at: int = Field(ge=0)
    type: Literal["B", "H", "I"]


class Constant(HeaderField):
    """A header field that always holds one value: protocol version or packet kind."""

    value: int


class Scale(_Part):
    """Counts to units: a factor, or a full scale (the name of an option) spread over a signed integer."""

    unit: Literal["g", "m/s2", "dps", "rad/s"]
    scale: float | None = Field(default=None, gt=0)
    full_scale: str | None = None
    bits: int | None = Field(default=None, ge=8, le=32)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.scale is None) == (self.full_scale is None):
            raise ValueError("give either scale, or full_scale with bits")
        if (self.full_scale is None) != (self.bits is None):
            raise ValueError("full_scale and bits belong together")
        return self


class Stream(_Part):
    """A notification = header, then records of equal values, as many as the header counts or as fit."""

    endian: Literal["little", "big"] = "little"
    constant: Constant | None = None
    count: HeaderField | None = None
    counter: HeaderField | None = None
    time: HeaderField | None = None
    header_bytes: int = Field(ge=0)
    record: str
    channels: tuple[str, ...] = Field(min_length=1)
    max_records: int = Field(ge=1, le=255)
    acc: Scale
    gyr: Scale | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        letters = self.record.replace(" ", "")
        if len(set(letters)) != 1 or letters[0] not in VALUE_BYTES:
            raise ValueError(f"record must repeat one of {' '.join(VALUE_BYTES)}: all values of a record are alike")
        if len(letters) != len(self.channels):
            raise ValueError(f"record has {len(letters)} values but {len(self.channels)} channels are named")
        if len(set(self.channels)) != len(self.channels):
            raise ValueError("a channel is named twice")
        if not {"ax", "ay", "az"} <= set(self.channels):
            raise ValueError("channels must name ax, ay and az")
        if (self.gyr is not None) != ({"gx", "gy", "gz"} <= set(self.channels)):
            raise ValueError("gyr and the channels gx, gy, gz belong together")
        for name in ("constant", "count", "counter", "time"):
            part: HeaderField | None = getattr(self, name)
            if part is not None and part.at + FIELD_BYTES[part.type] > self.header_bytes:
                raise ValueError(f"{name} lies beyond header_bytes = {self.header_bytes}")
        return self


class Clock(_Part):
    """The device's own time: seconds per tick and which sample of a packet it stamps."""

    kind: Literal["none", "device"]
    tick_s: float | None = Field(default=None, gt=0)
    stamps: Literal["first", "last"] = "first"

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.kind == "device") != (self.tick_s is not None):
            raise ValueError("tick_s belongs to kind = 'device'")
        return self


class Loss(_Part):
    """How missing samples are found: a packet counter, the device's time, or the rate alone."""

    kind: Literal["counter", "timestamp", "rate"]


class FirmwareProfile(_Part):
    """One device with one firmware: how to find it, set it, and read its packets.

    Built by `from_toml`; every mistake in the file is reported at once.
    """

    schema_version: Literal[1] = Field(alias="schema")
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    about: About
    match: Match = Match()
    gatt: Gatt
    options: dict[str, Option]
    commands: Commands = Commands()
    stream: Stream
    clock: Clock = Clock(kind="none")
    loss: Loss = Loss(kind="rate")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems: list[str] = []
        if "rate_hz" not in self.options:
            problems.append("options.rate_hz is missing")
        for name in ("acc", "gyr"):
            scale: Scale | None = getattr(self.stream, name)
            if scale is not None and scale.full_scale is not None and scale.full_scale not in self.options:
                problems.append(f"stream.{name}.full_scale names the unknown option '{scale.full_scale}'")
        if self.loss.kind == "counter" and self.stream.counter is None:
            problems.append("loss.kind = 'counter' needs stream.counter")
        if (self.loss.kind == "timestamp" or self.clock.kind == "device") and self.stream.time is None:
            problems.append("a device clock needs stream.time")
        for kind in ("init", "start", "stop"):
            for i, text in enumerate(getattr(self.commands, kind)):
                problems += [f"commands.{kind}[{i}]: {p}" for p in self._command_problems(text)]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _command_problems(self, text: str) -> list[str]:
        names = _PLACEHOLDER.findall(text)
        problems = [f"unknown option '{name}'" for name, _ in names if name not in self.options]
        problems += [
            f"option '{name}' has no codes: write {{{name}:u16}}"
            for name, form in names
            if not form and name in self.options and not self.options[name].codes
        ]
        if not re.fullmatch(r"([0-9a-f]{2})*", _PLACEHOLDER.sub("", text)):
            problems.append("what is outside the braces must be pairs of hexadecimal digits")
        return problems

    @classmethod
    def from_toml(cls, text: str, where: str = "profile") -> FirmwareProfile:
        """Parse and check a profile.

        Raises
        ------
        ProfileFileError
            With every mistake and its path in the file.
        """
        import tomllib

        try:
            return cls.model_validate(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise ProfileFileError(f"{where} is not valid TOML: {error}") from None
        except ValidationError as error:
            problems = tuple(
                f"{'.'.join(str(p) for p in e['loc']) or 'profile'}: {e['msg'].removeprefix('Value error, ')}"
                for e in error.errors()
            )
            raise ProfileFileError(f"{where} has {len(problems)} mistake(s):", problems) from None

    def choose(self, **options: int) -> dict[str, int]:
        """Values of all options: those given, checked, and the defaults for the rest.

        Raises
        ------
        ProfileFileError
            An option is unknown or its value not among the allowed ones.
        """
        problems = [
            f"{key}: unknown; the options are {', '.join(self.options)}"
            if key not in self.options
            else f"{key}: {value} is not {self.options[key].choices}"
            for key, value in options.items()
            if key not in self.options or not self.options[key].allows(value)
        ]
        if problems:
            raise ProfileFileError(f"{self.name} cannot be set like this:", tuple(problems))
        return {key: options.get(key, option.default) for key, option in self.options.items()}

    def command_bytes(self, kind: Literal["init", "start", "stop"], **options: int) -> list[bytes]:
        """Bytes to write for `kind` with these options."""
        chosen = self.choose(**options)

        def insert(found: re.Match[str]) -> str:
            name, form = found.groups()
            if not form:
                return self.options[name].codes[str(chosen[name])]
            return chosen[name].to_bytes(int(form[1:]) // 8, self.stream.endian).hex()

        return [bytes.fromhex(_PLACEHOLDER.sub(insert, text)) for text in getattr(self.commands, kind)]
