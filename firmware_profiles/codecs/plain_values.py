"""Characteristics that hold one value each: battery level (180F) and device information (180A) of the Bluetooth SIG."""

from __future__ import annotations

from firmware_profiles.base import ProfileCodec
from firmware_profiles.errors import FormatError
from firmware_profiles.readings import Reading

_TAIL = "-0000-1000-8000-00805f9b34fb"
_BATTERY = "00002a19" + _TAIL
_TEXTS = {
    "00002a29" + _TAIL: "maker",
    "00002a24" + _TAIL: "model",
    "00002a25" + _TAIL: "serial",
    "00002a26" + _TAIL: "firmware",
    "00002a27" + _TAIL: "hardware",
}


class Codec(ProfileCodec):
    """One percentage, or one text."""

    def decode(self, characteristic: str, data: bytes) -> list[Reading]:
        """Read one value."""
        if characteristic == _BATTERY:
            if len(data) != 1:
                raise FormatError(f"a battery level has 1 byte, found {len(data)}", min(len(data), 1))
            if data[0] > 100:
                raise FormatError(f"a battery level of {data[0]} % is not possible", 0)
            return [Reading(context={"battery_pct": float(data[0])})]
        name = _TEXTS.get(characteristic)
        if name is None:
            raise FormatError(f"nothing is known of the characteristic {characteristic}", 0)
        try:
            text = data.rstrip(b"\0").decode("utf-8")
        except UnicodeDecodeError as error:
            raise FormatError("the text is not UTF-8", error.start) from None
        return [Reading(context={name: text})]

    def encode(self, reading: Reading) -> list[tuple[str, bytes]]:
        """Write the values of a reading."""
        out = []
        for name, value in reading.context.items():
            if name == "battery_pct" and isinstance(value, float):
                out.append((_BATTERY, bytes([round(value)])))
            else:
                uuid = next((u for u, known in _TEXTS.items() if known == name), None)
                if uuid is None or not isinstance(value, str):
                    raise ValueError(f"there is no characteristic for {name} = {value!r}")
                out.append((uuid, value.encode("utf-8")))
        return out
