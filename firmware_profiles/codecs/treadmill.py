"""Treadmill Data (2ACD) of the Bluetooth SIG's Fitness Machine Service.

Bit 0 of the flags is inverted (0 = the speed is present). Machines differ: the two pace fields have one byte on some
and two on others, and bit 13 is a step count on some. The length of the packet decides; where it fits neither, the
packet is refused. A machine may split one record over two notifications (the first without speed).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from firmware_profiles.base import ProfileCodec
from firmware_profiles.errors import FormatError
from firmware_profiles.readings import NO_FLAGS, OUT_OF_RANGE, Reading, Value


class _Field(NamedTuple):
    """One number: flag bit, name, bytes, signed, factor, and the value that means "not known"."""

    bit: int
    name: str
    size: int
    signed: bool
    scale: float
    unknown: int | None = None


_KMH: Final = 0.01 / 3.6
_PACE_BITS: Final = (5, 6)
_SPEED: Final = _Field(0, "speed_mps", 2, False, _KMH)
_FIELDS: Final = (
    _SPEED,
    _Field(1, "average_speed_mps", 2, False, _KMH),
    _Field(2, "distance_m", 3, False, 1.0),
    _Field(3, "incline_pct", 2, True, 0.1, 0x7FFF),
    _Field(3, "ramp_deg", 2, True, 0.1, 0x7FFF),
    _Field(4, "elevation_gain_m", 2, False, 0.1),
    _Field(4, "elevation_loss_m", 2, False, 0.1),
    _Field(5, "pace_raw", 2, False, 1.0),
    _Field(6, "average_pace_raw", 2, False, 1.0),
    _Field(7, "energy_kcal", 2, False, 1.0, 0xFFFF),
    _Field(7, "energy_kcal_per_h", 2, False, 1.0, 0xFFFF),
    _Field(7, "energy_kcal_per_min", 1, False, 1.0, 0xFF),
    _Field(8, "heart_rate_bpm", 1, False, 1.0, 0),
    _Field(9, "met", 1, False, 0.1),
    _Field(10, "elapsed_s", 2, False, 1.0),
    _Field(11, "remaining_s", 2, False, 1.0),
    _Field(12, "force_n", 2, True, 1.0, 0x7FFF),
    _Field(12, "power_w", 2, True, 1.0, 0x7FFF),
    _Field(13, "steps", 2, False, 1.0),
)
_KNOWN_BITS: Final = 0x3FFF
_FASTEST_MPS: Final = 13.0
_STEEPEST_PCT: Final = 45.0


class Codec(ProfileCodec):
    """flags, then the fields they name."""

    def decode(self, characteristic: str, data: bytes) -> list[Reading]:
        """Read one notification."""
        if len(data) < 2:
            raise FormatError("the flags are cut short", len(data))
        flags = int.from_bytes(data[:2], "little")
        if flags & ~_KNOWN_BITS:
            raise FormatError(f"the flags {flags:04x} name fields that are not known", 1)
        present = [f for f in _FIELDS if bool(flags >> f.bit & 1) != (f is _SPEED)]
        lengths = {pace: 2 + sum(_size(f, pace) for f in present) for pace in (2, 1)}
        pace = next((p for p, length in lengths.items() if length == len(data)), None)
        if pace is None:
            words = " or ".join(str(n) for n in sorted(set(lengths.values())))
            raise FormatError(
                f"these flags belong to {words} bytes, found {len(data)}", min(len(data), max(lengths.values()))
            )
        context: dict[str, Value] = {}
        at = 2
        for field in present:
            size = _size(field, pace)
            raw = int.from_bytes(data[at : at + size], "little", signed=field.signed)
            at += size
            if raw != field.unknown:
                context[field.name] = raw * field.scale if field.scale != 0.1 else raw / 10.0
        return [Reading(context=context, flags=NO_FLAGS if _is_possible(context) else OUT_OF_RANGE)]

    def encode(self, reading: Reading) -> list[tuple[str, bytes]]:
        """Write the notification of a reading; both fields of a flag are written where one is known."""
        context = reading.context
        bits = {f.bit for f in _FIELDS if f.name in context}
        flags = sum(1 << bit for bit in bits if bit) | (0 if 0 in bits else 1)
        out = flags.to_bytes(2, "little")
        for field in _FIELDS:
            if field.bit in bits:
                value = context.get(field.name)
                raw = round(value / field.scale) if isinstance(value, float) else field.unknown or 0
                out += raw.to_bytes(field.size, "little", signed=field.signed)
        return [(self.profile.gatt.notify[0], out)]


def _size(field: _Field, pace: int) -> int:
    return pace if field.bit in _PACE_BITS else field.size


def _is_possible(context: dict[str, Value]) -> bool:
    speed, incline = context.get("speed_mps", 0.0), context.get("incline_pct", 0.0)
    if not isinstance(speed, float) or not isinstance(incline, float):
        return False
    return speed <= _FASTEST_MPS and abs(incline) <= _STEEPEST_PCT
