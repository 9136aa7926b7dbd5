"""What every codec has: its profile, options, and the answers that the profile's file describes."""

from __future__ import annotations

import numpy as np

from firmware_profiles.errors import FormatError
from firmware_profiles.layout import Layout
from firmware_profiles.model import FIELD_BYTES, FirmwareProfile
from firmware_profiles.parts import ReplyRule
from firmware_profiles.readings import Reading, Reply, Value


class ProfileCodec:
    """Base of the codecs; the attributes are those of `firmware_profiles.readings.Codec`."""

    def __init__(self, profile: FirmwareProfile, **options: int) -> None:
        self.profile = profile
        self.options = profile.choose(**options)
        self.width = 0
        self.sampling_rate_hz = float(self.options.get("rate_hz", 0))
        limits = profile.limits
        acc_range = self.options.get("acc_range_g", limits.acc_range_g if limits.acc_range_is_set else None)
        self.acc_range_g = None if acc_range is None else float(acc_range)
        self._rules = [(bytes.fromhex(rule.header), bytes.fromhex(rule.expect), rule) for rule in profile.replies]

    @property
    def pending_bytes(self) -> int:
        """Bytes kept of a packet that is not complete yet."""
        return 0

    @property
    def is_level(self) -> bool:
        """Whether nothing of earlier notifications is waiting or remembered: the next is read for itself."""
        return self.pending_bytes == 0

    @property
    def leader(self) -> int | None:
        """Which of two layouts comes first, as far as is known."""
        return None

    def layouts(self) -> tuple[Layout, ...]:
        """Return where the samples of the usual notifications lie: one form, or two whose samples belong together.

        Empty = only `decode` can read them. Whoever reads by a layout leaves to `decode` all that is not quite so.
        """
        return ()

    def decode(self, characteristic: str, data: bytes) -> list[Reading]:
        """Read one notification."""
        raise NotImplementedError

    def flush(self) -> list[Reading]:
        """Return what waits for its other half, at the end of a stream."""
        return []

    def encode(self, reading: Reading) -> list[tuple[str, bytes]]:
        """Write the notifications that `decode` reads back to this reading."""
        raise NotImplementedError

    def reset(self) -> None:
        """Forget half packets."""

    def reply(self, characteristic: str, data: bytes) -> Reply | None:
        """Read an answer that one of the profile's replies describes; None = these bytes are not one."""
        for header, expect, rule in self._rules:
            if rule.characteristic is not None and rule.characteristic != characteristic:
                continue
            if not data.startswith(header):
                continue
            if not data.startswith(expect, len(header)):
                return Reply(False, rule.otherwise or f"the device refused: {data.hex()}")
            return Reply(True, rule.text, self._reply_values(rule, data))
        return None

    def _reply_values(self, rule: ReplyRule, data: bytes) -> dict[str, Value]:
        value = rule.value
        if value is None:
            return {}
        raw = data[value.at : value.at + FIELD_BYTES[value.type]]
        if len(raw) < FIELD_BYTES[value.type]:
            raise FormatError(f"the answer ends before its {value.name}", len(data))
        number = int.from_bytes(raw, self.profile.byte_order) * value.scale
        if value.points:
            sent, meant = zip(*sorted(value.points), strict=True)
            number = float(np.interp(number, sent, meant))
        if value.name == "battery_pct" and not 0.0 <= number <= 100.0:
            raise FormatError(f"a battery level of {number:g} % is not possible", value.at)
        return {value.name: number}
