"""The tables of a firmware profile, each checked for itself; `firmware_profiles.model` holds them together."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from firmware_profiles.actions import UUID

CHANNELS = ("ax", "ay", "az", "gx", "gy", "gz")
"""Canonical columns of the decoded samples; other channel names are allowed and left out."""

VALUE_BYTES = {"b": 1, "B": 1, "h": 2, "H": 2, "t": 3, "i": 4, "I": 4, "f": 4}
"""Bytes of one value: letters of Python's `struct`, and "t" for a signed 24-bit integer."""

FIELD_BYTES = {"B": 1, "H": 2, "I": 4}

_HEX = re.compile(r"^([0-9a-f]{2})*$")


def _check_uuid(value: str) -> str:
    if not UUID.match(value):
        raise ValueError(f"'{value}' is not a 128-bit UUID in lower case")
    return value


def _check_hex(value: str) -> str:
    if not _HEX.match(value):
        raise ValueError(f"'{value}' is not made of pairs of hexadecimal digits in lower case")
    return value


Uuid = Annotated[str, Field(description="128-bit UUID in lower case")]
Hex = Annotated[str, Field(description="pairs of hexadecimal digits")]


class Part(BaseModel):
    """A table of the file: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("service", "notify", "indicate", "write", "characteristic", check_fields=False)
    @classmethod
    def _uuids(cls, value: Any) -> Any:
        for uuid in (value,) if isinstance(value, str) else value or ():
            _check_uuid(uuid)
        return value

    @field_validator("header", "expect", "prefix", check_fields=False)
    @classmethod
    def _hex(cls, value: Any) -> Any:
        return _check_hex(value) if isinstance(value, str) else value


class About(Part):
    """Who makes the device, how sure we are of the numbers, and where they come from.

    `evidence`: captured = seen in bytes off a real device; spec = written by the maker; demo = from example code.
    `fit` says in a few words what the sensor is good for in impact work.
    """

    title: str
    maker: str = ""
    evidence: Literal["captured", "spec", "demo"]
    fit: str = ""
    sources: tuple[str, ...] = Field(min_length=1)
    warnings: tuple[str, ...] = ()


class Match(Part):
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


class Gatt(Part):
    """Services and characteristics; `notify` and `indicate` are subscribed to before anything is written."""

    service: Uuid
    notify: tuple[Uuid, ...] = ()
    indicate: tuple[Uuid, ...] = ()
    read: tuple[Uuid, ...] = ()
    write: Uuid | None = None
    write_response: bool = True
    write_bytes: int | None = Field(default=None, ge=1, le=512)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.notify and not self.read:
            raise ValueError("notify or read must name a characteristic")
        return self


class Option(Part):
    """A choice the user has, such as rate or range: listed values, or anything from `minimum` to `maximum`.

    `codes` holds the bytes (hex) where the device has its own way to say a value. `allowed_if` narrows the values while
    another option has one value: `allowed_if = { "sdk_mode=0" = [52] }`.
    """

    default: int
    allowed: tuple[int, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    text: str = ""
    codes: dict[str, str] = Field(default_factory=dict)
    allowed_if: dict[str, tuple[int, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        span = self.minimum is not None and self.maximum is not None
        if span == bool(self.allowed):
            raise ValueError("give either allowed, or minimum and maximum")
        if not self.allows(self.default):
            raise ValueError(f"default {self.default} is not {self.choices}")
        if self.codes and (differ := set(self.codes) ^ {str(v) for v in self.allowed}):
            which = ", ".join(
                f"{value} has none" if value not in self.codes else f"{value} is none" for value in differ
            )
            raise ValueError(f"codes must name exactly the allowed values: {which}")
        for code in self.codes.values():
            _check_hex(code)
        for condition in self.allowed_if:
            if not re.fullmatch(r"\w+=\d+", condition):
                raise ValueError(f"allowed_if: '{condition}' is not like \"sdk_mode=0\"")
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


class Commands(Part):
    """What to write, one action each; `firmware_profiles.actions` explains the form.

    `on_reconnect` names the lists to run again after a lost link.
    """

    init: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    battery: tuple[str, ...] = ()
    on_reconnect: tuple[Literal["init", "start", "stop"], ...] = ("init", "start")


class HeaderField(Part):
    """An unsigned number in the packet's header."""

    at: int = Field(ge=0)
    type: Literal["B", "H", "I"]


class Constant(HeaderField):
    """A header field that always holds one value: protocol version or packet kind."""

    value: int


class Scale(Part):
    """Counts to units: a factor, or a full scale (the name of an option) spread over a signed integer.

    `bits` = full scale is 2 ** (bits - 1) counts; `counts` says it where it is another number.
    """

    unit: Literal["g", "m/s2", "dps", "rad/s"]
    scale: float | None = Field(default=None, gt=0)
    full_scale: str | None = None
    bits: int | None = Field(default=None, ge=8, le=32)
    counts: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.scale is None) == (self.full_scale is None):
            raise ValueError("give either scale, or full_scale with bits")
        if (self.full_scale is None) != (self.bits is None and self.counts is None):
            raise ValueError("full_scale and bits (or counts) belong together")
        if self.bits is not None and self.counts is not None:
            raise ValueError("give either bits or counts")
        return self


class Skip(Part):
    """A frame in a byte stream that holds no samples."""

    header: Hex = Field(min_length=2)
    bytes: int = Field(ge=1, le=512)


class Stream(Part):
    """A packet = header, then records of equal values, as many as the header counts or as fit, then `padding` zeros.

    With `framing = "notification"` a notification is one packet; with "resync" packets of fixed length follow each
    other in a stream of bytes and begin with `header`. `when` limits the stream to some values of options.
    """

    characteristic: Uuid | None = None
    when: dict[str, int] = Field(default_factory=dict)
    framing: Literal["notification", "resync"] = "notification"
    header: Hex = ""
    endian: Literal["little", "big"] = "little"
    constant: Constant | None = None
    count: HeaderField | None = None
    counter: HeaderField | None = None
    time: HeaderField | None = None
    header_bytes: int = Field(ge=0)
    record: str
    channels: tuple[str, ...] = Field(min_length=1)
    max_records: int = Field(ge=1, le=255)
    padding_bytes: int = Field(default=0, ge=0, le=512)
    skip: tuple[Skip, ...] = ()
    acc: Scale | None = None
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
        if self.acc is None and self.gyr is None:
            raise ValueError("acc or gyr must say what a count means")
        if (self.acc is not None) != ({"ax", "ay", "az"} <= set(self.channels)):
            raise ValueError("channels must name ax, ay and az where acc is given")
        if (self.gyr is not None) != ({"gx", "gy", "gz"} <= set(self.channels)):
            raise ValueError("gyr and the channels gx, gy, gz belong together")
        for name in ("constant", "count", "counter", "time"):
            part: HeaderField | None = getattr(self, name)
            if part is not None and part.at + FIELD_BYTES[part.type] > self.header_bytes:
                raise ValueError(f"{name} lies beyond header_bytes = {self.header_bytes}")
        if len(self.header) // 2 > self.header_bytes:
            raise ValueError(f"header is longer than header_bytes = {self.header_bytes}")
        if self.framing == "resync" and (len(self.header) < 4 or self.max_records != 1 or self.count is not None):
            raise ValueError("resync needs a header of at least two bytes and packets of one record (max_records = 1)")
        if self.skip and self.framing != "resync":
            raise ValueError("skip belongs to framing = 'resync'")
        return self


class CodecChoice(Part):
    """A codec of `firmware_profiles.codecs` for what tables cannot say, with settings of its own."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    settings: dict[str, str | int | float | bool | list[int]] = Field(default_factory=dict)


class ReplyValue(Part):
    """A number in an answer; with `points` it is translated by straight lines between [sent, meant]."""

    name: str
    at: int = Field(ge=0)
    type: Literal["B", "H", "I"]
    scale: float = 1.0
    points: tuple[tuple[float, float], ...] = ()


class ReplyRule(Part):
    """An answer of the device: begins with `header`, or is what reading `characteristic` gives.

    Where `expect` is given and other bytes follow the header, the answer is a refusal and `otherwise` says why.
    """

    characteristic: Uuid | None = None
    header: Hex = ""
    expect: Hex = ""
    text: str
    otherwise: str = ""
    value: ReplyValue | None = None

    @model_validator(mode="after")
    def _recognisable(self) -> Self:
        if not self.header and self.characteristic is None:
            raise ValueError("a reply needs a header or a characteristic to be recognised by")
        return self


class Clock(Part):
    """The device's own time: seconds per tick, bits before it rolls over, and which sample of a packet it stamps."""

    kind: Literal["none", "device"]
    tick_s: float | None = Field(default=None, gt=0)
    bits: int | None = Field(default=None, ge=8, le=64)
    stamps: Literal["first", "last"] = "first"
    epoch_unix_s: int | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.kind == "device") != (self.tick_s is not None):
            raise ValueError("tick_s belongs to kind = 'device'")
        return self


class Loss(Part):
    """How missing samples are found: a packet counter, the device's time, or the rate alone."""

    kind: Literal["counter", "timestamp", "rate"]


class Limits(Part):
    """What the sensor can do at most, whatever its options: beyond it a value is flagged.

    `acc_range_is_set` = false: the device is set to a range up to this one, but does not say to which.
    `packet_samples` = samples in a usual packet; `rate_hz` = the highest rate that was seen to arrive complete.
    """

    acc_range_g: float | None = Field(default=None, gt=0)
    acc_range_is_set: bool = True
    gyr_range_dps: float | None = Field(default=None, gt=0)
    rate_hz: float | None = Field(default=None, gt=0)
    packet_samples: int = Field(default=1, ge=1, le=255)


class Mounting(Part):
    """Where the sensor is usually worn (sacrum, hip, foot, shank; chest and other words are for display only)."""

    place: str = "sacrum"
    note: str = ""


class ByHand(Part):
    """How `stride profiles decode` reads what a person pastes: bytes that may be left out, values it assumes."""

    prefix: Hex = ""
    options: dict[str, int] = Field(default_factory=dict)
