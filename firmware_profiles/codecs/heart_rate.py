"""Heart Rate Measurement (2A37) of the Bluetooth SIG."""

from __future__ import annotations

import struct

from firmware_profiles.base import ProfileCodec
from firmware_profiles.errors import FormatError
from firmware_profiles.readings import NO_FLAGS, OUT_OF_RANGE, Reading, Value

_WIDE, _CONTACT, _KNOWS_CONTACT, _ENERGY, _INTERVALS = 1, 2, 4, 8, 16
_RR_PER_S = 1024.0
_POSSIBLE_BPM = (20, 250)


class Codec(ProfileCodec):
    """flags, heart rate of one or two bytes, [energy], [RR intervals in 1/1024 s]."""

    def decode(self, characteristic: str, data: bytes) -> list[Reading]:
        """Read one notification."""
        if len(data) < 2:
            raise FormatError("a heart rate has at least 2 bytes", len(data))
        flags = data[0]
        at = 3 if flags & _WIDE else 2
        if len(data) < at:
            raise FormatError("the heart rate of two bytes is cut short", len(data))
        rate = int.from_bytes(data[1:at], "little")
        context: dict[str, Value] = {"heart_rate_bpm": float(rate)}
        if flags & _KNOWS_CONTACT:
            context["skin_contact"] = float(bool(flags & _CONTACT))
        if flags & _ENERGY:
            if len(data) < at + 2:
                raise FormatError("the energy is cut short", len(data))
            context["energy_kj"] = float(int.from_bytes(data[at : at + 2], "little"))
            at += 2
        rest = len(data) - at
        if rest % 2:
            raise FormatError("an RR interval of two bytes is cut short", len(data))
        if rest and not flags & _INTERVALS:
            raise FormatError(f"{rest} bytes follow, but the flags name no RR intervals", at)
        if flags & _INTERVALS:
            context["rr_s"] = [v / _RR_PER_S for v in struct.unpack_from(f"<{rest // 2}H", data, at)]
        low, high = _POSSIBLE_BPM
        return [Reading(context=context, flags=NO_FLAGS if low <= rate <= high else OUT_OF_RANGE)]

    def encode(self, reading: Reading) -> list[tuple[str, bytes]]:
        """Write the notification of a reading."""
        context = reading.context
        rate = _number(context.get("heart_rate_bpm"))
        intervals = context.get("rr_s")
        energy = context.get("energy_kj")
        contact = context.get("skin_contact")
        flags = _WIDE if rate > 255 else 0
        flags |= 0 if contact is None else _KNOWS_CONTACT | (_CONTACT if contact else 0)
        flags |= 0 if energy is None else _ENERGY
        flags |= _INTERVALS if isinstance(intervals, list) else 0
        out = bytes([flags]) + rate.to_bytes(2 if rate > 255 else 1, "little")
        if energy is not None:
            out += _number(energy).to_bytes(2, "little")
        if isinstance(intervals, list):
            out += struct.pack(f"<{len(intervals)}H", *(round(v * _RR_PER_S) for v in intervals))
        return [(self.profile.gatt.notify[0], out)]


def _number(value: Value | None) -> int:
    if isinstance(value, float):
        return round(value)
    raise ValueError(f"a heart rate reading needs numbers, not {value!r}")
