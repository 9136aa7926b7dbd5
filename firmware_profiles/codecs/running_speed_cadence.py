"""RSC Measurement (2A53) of the Bluetooth SIG, and the stance time that MilestonePod and Zwift RunPod add (FF00)."""

from __future__ import annotations

import struct

from firmware_profiles.base import ProfileCodec
from firmware_profiles.errors import FormatError
from firmware_profiles.readings import NO_FLAGS, OUT_OF_RANGE, Reading, Value

_STRIDE, _DISTANCE, _RUNNING = 1, 2, 4
_SPEED_PER_MPS = 256.0
_FASTEST_MPS = 13.0  # nobody has run faster
_STANCE = "0000ff00-0000-1000-8000-00805f9b34fb"


class Codec(ProfileCodec):
    """flags, speed, cadence, [stride length], [distance]."""

    def decode(self, characteristic: str, data: bytes) -> list[Reading]:
        """Read one notification."""
        if characteristic == _STANCE:
            return [_stance(data)]
        flags = data[0] if data else 0
        length = 4 + (2 if flags & _STRIDE else 0) + (4 if flags & _DISTANCE else 0)
        if len(data) != length:
            raise FormatError(f"these flags belong to {length} bytes, found {len(data)}", min(len(data), length))
        speed, cadence = struct.unpack_from("<HB", data, 1)
        speed_mps = speed / _SPEED_PER_MPS
        context: dict[str, Value] = {
            "speed_mps": speed_mps,
            "cadence_spm": float(cadence * self.options["cadence_multiplier"]),
            "is_running": float(bool(flags & _RUNNING)),
        }
        at = 4
        if flags & _STRIDE:
            context["stride_length_m"] = int.from_bytes(data[at : at + 2], "little") / 100.0
            at += 2
        if flags & _DISTANCE:
            context["distance_m"] = int.from_bytes(data[at:], "little") / 10.0
        return [Reading(context=context, flags=NO_FLAGS if speed_mps <= _FASTEST_MPS else OUT_OF_RANGE)]

    def encode(self, reading: Reading) -> list[tuple[str, bytes]]:
        """Write the notification of a reading."""
        context = {k: v for k, v in reading.context.items() if isinstance(v, float)}
        if not {"speed_mps", "cadence_spm"} <= context.keys():
            raise ValueError("a reading of a foot pod needs speed_mps and cadence_spm")
        flags = _RUNNING if context.get("is_running") else 0
        cadence = round(context["cadence_spm"] / self.options["cadence_multiplier"])
        body = struct.pack("<HB", round(context["speed_mps"] * _SPEED_PER_MPS), cadence)
        if "stride_length_m" in context:
            flags |= _STRIDE
            body += round(context["stride_length_m"] * 100.0).to_bytes(2, "little")
        if "distance_m" in context:
            flags |= _DISTANCE
            body += round(context["distance_m"] * 10.0).to_bytes(4, "little")
        return [(self.profile.gatt.notify[0], bytes([flags]) + body)]


def _stance(data: bytes) -> Reading:
    """Read flags, stance time in ms, and three ratings of two bits; what the ratings mean is the pod's secret."""
    if len(data) != 5:
        raise FormatError(f"a stance record has 5 bytes, found {len(data)}", min(len(data), 5))
    ratings = data[3]
    return Reading(
        context={
            "contact_time_s": int.from_bytes(data[1:3], "little") / 1000.0,
            "byte3_4": float(int.from_bytes(data[3:5], "little")),
            "strike_rating": float(ratings & 3),
            "swing_rating": float(ratings >> 2 & 3),
            "impact_rating": float(ratings >> 4 & 3),
        }
    )
