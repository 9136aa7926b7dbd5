"""The form of a firmware profile: what its TOML file may say, checked with all mistakes reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from firmware_profiles.actions import Action, ByteOrder, CommandError, Setting, Write, read_command
from firmware_profiles.errors import ProfileFileError
from firmware_profiles.mistakes import mistakes
from firmware_profiles.parts import (
    CHANNELS,
    FIELD_BYTES,
    VALUE_BYTES,
    About,
    ByHand,
    Clock,
    CodecChoice,
    Commands,
    Gatt,
    HeaderField,
    Limits,
    Loss,
    Match,
    Mounting,
    Option,
    Part,
    ReplyRule,
    Scale,
    Stream,
)

__all__ = [
    "CHANNELS",
    "FIELD_BYTES",
    "SCHEMA",
    "VALUE_BYTES",
    "FirmwareProfile",
    "HeaderField",
    "Scale",
    "Script",
    "Stream",
]

SCHEMA = 1

Script = Literal["init", "start", "stop", "battery", "on_reconnect"]


class FirmwareProfile(Part):
    """One device with one firmware: how to find it, set it, and read its packets.

    Built by `from_toml`; every mistake in the file is reported at once. How packets are read stands in `stream` (one),
    in `streams` (several, paired by order), in `codec`, or in both where a codec adds to the tables.
    """

    schema_version: Literal[1] = Field(alias="schema")
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Literal["imu", "context"] = "imu"
    about: About
    match: Match = Match()
    gatt: Gatt
    options: dict[str, Option] = Field(default_factory=dict)
    commands: Commands = Commands()
    stream: Stream | None = None
    streams: tuple[Stream, ...] = ()
    codec: CodecChoice | None = None
    replies: tuple[ReplyRule, ...] = ()
    clock: Clock = Clock(kind="none")
    loss: Loss = Loss(kind="rate")
    limits: Limits = Limits()
    mounting: Mounting = Mounting()
    by_hand: ByHand = ByHand()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems: list[str] = []
        if self.kind == "imu" and "rate_hz" not in self.options:
            problems.append("options.rate_hz is missing")
        if self.stream is not None and self.streams:
            problems.append("give either stream or streams")
        if self.stream is None and not self.streams and self.codec is None:
            problems.append("give stream, streams or codec")
        problems += self._stream_problems()
        for key, option in self.options.items():
            problems += [
                f"options.{key}.allowed_if names the unknown option '{condition.split('=')[0]}'"
                for condition in option.allowed_if
                if condition.split("=")[0] not in self.options
            ]
        defaults = self._settings({key: option.default for key, option in self.options.items()})
        for kind in ("init", "start", "stop", "battery"):
            for i, text in enumerate(getattr(self.commands, kind)):
                try:
                    self._action(text, defaults)
                except CommandError as error:
                    problems.append(f"commands.{kind}[{i}]: {error}")
        problems += [
            f"by_hand.options names {key} = {value}, which is not possible"
            for key, value in self.by_hand.options.items()
            if key not in self.options or not self.options[key].allows(value)
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _stream_problems(self) -> list[str]:
        problems = []
        for where, stream in self.named_streams():
            for name in ("acc", "gyr"):
                scale: Scale | None = getattr(stream, name)
                if scale is not None and scale.full_scale is not None and scale.full_scale not in self.options:
                    problems.append(f"{where}.{name}.full_scale names the unknown option '{scale.full_scale}'")
            problems += [f"{where}.when names the unknown option '{k}'" for k in stream.when if k not in self.options]
            if stream.characteristic is not None and stream.characteristic not in self.gatt.notify:
                problems.append(f"{where}.characteristic is not one of gatt.notify")
            if self.loss.kind == "counter" and stream.counter is None:
                problems.append(f"loss.kind = 'counter' needs {where}.counter")
            if (self.loss.kind == "timestamp" or self.clock.kind == "device") and stream.time is None:
                problems.append(f"a device clock needs {where}.time")
        return problems

    def named_streams(self) -> list[tuple[str, Stream]]:
        """All streams with their place in the file."""
        one = [("stream", self.stream)] if self.stream is not None else []
        return one + [(f"streams[{i}]", stream) for i, stream in enumerate(self.streams)]

    @property
    def byte_order(self) -> ByteOrder:
        """Byte order of numbers in commands: that of the streams, little where they differ or there are none."""
        orders = {stream.endian for _, stream in self.named_streams()}
        return "big" if orders == {"big"} else "little"

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
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ProfileFileError(f"{where} is not valid TOML: {error}.") from None
        try:
            return cls.model_validate(content)
        except ValidationError:
            problems = mistakes(cls.model_validate, content)
            raise ProfileFileError(f"{where} has {len(problems)} mistake(s):", problems) from None

    def choose(self, **options: int) -> dict[str, int]:
        """Values of all options: those given, checked, and the defaults for the rest.

        A default that the given ones rule out gives way to the first value that they allow.

        Raises
        ------
        ProfileFileError
            An option is unknown or its value not among the allowed ones.
        """
        problems = [
            self._unknown(key) if key not in self.options else f"{key}: {value} is not {self.options[key].choices}"
            for key, value in options.items()
            if key not in self.options or not self.options[key].allows(value)
        ]
        chosen = {key: options.get(key, option.default) for key, option in self.options.items()}
        for key, option in self.options.items():
            for condition, allowed in option.allowed_if.items():
                other, _, value = condition.partition("=")
                if chosen[other] != int(value) or chosen[key] in allowed:
                    continue
                if key in options:
                    possible = ", ".join(map(str, allowed))
                    problems.append(f"{key}: {chosen[key]} is not possible with {condition}; possible are {possible}")
                else:
                    chosen[key] = allowed[0]
        if problems:
            raise ProfileFileError(f"{self.name} cannot be set like this:", tuple(problems))
        return chosen

    def _unknown(self, option: str) -> str:
        import difflib

        if not self.options:
            return f"{option}: unknown; it has no options"
        close = difflib.get_close_matches(option, self.options, 1, 0.5)
        meant = f"did you mean {close[0]}? The" if close else "the"
        return f"{option}: unknown; {meant} options are {', '.join(self.options)}"

    def script(self, kind: Script, **options: int) -> tuple[Action, ...]:
        """Actions of `kind`, in order, with these options.

        Raises
        ------
        ProfileFileError
            An option is unknown or its value not among the allowed ones.
        """
        if kind == "on_reconnect":
            return tuple(action for part in self.commands.on_reconnect for action in self.script(part, **options))
        settings = self._settings(self.choose(**options))
        actions = (self._action(text, settings) for text in getattr(self.commands, kind))
        return tuple(part for action in actions if action is not None for part in self._chunks(action))

    def command_bytes(self, kind: Literal["init", "start", "stop"], **options: int) -> list[bytes]:
        """Bytes to write for `kind` with these options: the writes of `script` alone."""
        return [action.data for action in self.script(kind, **options) if isinstance(action, Write)]

    def _settings(self, chosen: Mapping[str, int]) -> dict[str, Setting]:
        return {k: Setting(chosen[k], o.codes.get(str(chosen[k]))) for k, o in self.options.items()}

    def _action(self, text: str, settings: Mapping[str, Setting]) -> Action | None:
        gatt = self.gatt
        return read_command(text, settings, gatt.write, response=gatt.write_response, order=self.byte_order)

    def _chunks(self, action: Action) -> list[Any]:
        """Cut a write that is longer than the device takes at once."""
        size = self.gatt.write_bytes
        if size is None or not isinstance(action, Write) or len(action.data) <= size:
            return [action]
        return [action._replace(data=action.data[i : i + size]) for i in range(0, len(action.data), size)]
