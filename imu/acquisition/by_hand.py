"""Packets that a person pastes: decoded as the sensor's stream would be, so that anyone can check them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from firmware_profiles import Codec, FirmwareProfile, FormatError, Reading, Reply
from imu.acquisition.profiles import open_codec
from imu.errors import DecodeError, ProfileError
from imu.types import FloatArray

_SHORT_UUID = "-0000-1000-8000-00805f9b34fb"


@dataclass
class HandDecoded:
    """What the packets said.

    Attributes
    ----------
    acc_mps2, gyr_dps : ndarray, shape (n, 3), or None
        None = the packets hold none.
    timestamp_s : float or None
        Device time of the first packet, in seconds of the device's own clock; of its `stamped` sample.
    context : dict
        Heart rate, speed, battery ... by name with unit.
    counter : int or None
        Packet counter of the first packet.
    flags, notes, replies : list
        Flags of the readings; how the bytes were understood where that is not plain; the device's answers.
    assumed : dict
        Options that were not given and that the profile assumes for bytes out of their context.
    """

    acc_mps2: FloatArray | None = None
    gyr_dps: FloatArray | None = None
    timestamp_s: float | None = None
    stamped: str = "first"
    counter: int | None = None
    context: dict[str, float | str | list[float]] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    assumed: dict[str, int] = field(default_factory=dict)


def read_hex(words: list[str]) -> list[bytes]:
    """Read packets: hexadecimal, separated by spaces, commas or bars.

    Pairs of digits that stand alone ("02 63 15") are bytes of one packet; "0x", ":" and "-" inside are left out.

    Raises
    ------
    ProfileError
        Something is not hexadecimal, or half a byte.
    """
    parts = [
        p.removeprefix("0x").replace(":", "").replace("-", "") for p in re.split(r"[\s,;|]+", " ".join(words)) if p
    ]
    if len(parts) > 1 and all(len(p) == 2 for p in parts):
        parts = ["".join(parts)]
    hint = "Write a packet like 0001a0032001; several are separated by spaces."
    for part in parts:
        if wrong := re.search(r"[^0-9a-fA-F]", part):
            raise ProfileError(
                f"'{part[:40]}' is not hexadecimal: '{wrong[0]}' at digit {wrong.start() + 1}.", hint=hint
            )
        if len(part) % 2:
            raise ProfileError(f"'{part[:40]}' has {len(part)} digits: half a byte is missing.", hint=hint)
    if not parts:
        raise ProfileError("There are no bytes to decode.", hint=hint)
    return [bytes.fromhex(p) for p in parts]


def read_characteristic(text: str | None, profile: FirmwareProfile) -> str:
    """Return the full UUID; four digits are those of the Bluetooth SIG; None = the profile's first.

    Raises
    ------
    ProfileError
        It is not a UUID.
    """
    gatt = profile.gatt
    if text is None:
        return (gatt.notify or gatt.read)[0]
    word = text.split()[0].lower() if text.split() else ""
    if re.fullmatch(r"(0x)?[0-9a-f]{4}", word):
        word = f"0000{word[-4:]}{_SHORT_UUID}"
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", word):
        known = ", ".join(dict.fromkeys((*gatt.notify, *gatt.indicate, *gatt.read)))
        raise ProfileError(f"'{text}' is not the UUID of a characteristic.", hint=f"{profile.name} has {known}.")
    return word


def decode_by_hand(
    profile: FirmwareProfile, packets: list[bytes], options: dict[str, int], characteristic: str | None = None
) -> HandDecoded:
    """Decode packets with values that the profile assumes for what was not set (its `by_hand`).

    Raises
    ------
    DecodeError
        A packet is truncated, oversized or malformed.
    ProfileError
        An option or the characteristic is wrong.
    """
    uuid = read_characteristic(characteristic, profile)
    prefix = bytes.fromhex(profile.by_hand.prefix)
    assumed = {k: v for k, v in profile.by_hand.options.items() if k not in options}
    settings = {**assumed, **options}
    try:
        out = _decode(open_codec(profile, settings), packets, uuid)
    except DecodeError as error:
        if not prefix or error.offset:
            raise
        try:
            out = _decode(open_codec(profile, settings), [prefix + packets[0], *packets[1:]], uuid)
        except DecodeError:
            raise error from None
        if out.flags:  # bytes that are no packet at all can look like one
            raise
        out.notes.append(f"Read as the body of a notification: {prefix.hex()} was put before it.")
    out.assumed = assumed
    return out


def _decode(codec: Codec, packets: list[bytes], uuid: str) -> HandDecoded:
    readings: list[Reading] = []
    replies: list[Reply] = []
    for packet in packets:
        try:
            found = codec.decode(uuid, packet)
        except FormatError as error:
            reply = _reply(codec, uuid, packet)
            if reply is None:
                raise DecodeError(error.message, offset=error.offset, packet=packet) from None
            replies.append(reply)
            continue
        readings += found
        if not found and (reply := _reply(codec, uuid, packet)) is not None:
            replies.append(reply)
    readings += codec.flush()
    if codec.pending_bytes:
        raise DecodeError(
            f"the packet is not complete: {codec.pending_bytes} bytes wait for the rest",
            offset=len(packets[-1]),
            packet=packets[-1],
        )
    if not readings and not replies:
        raise DecodeError("this holds no samples and no values", offset=0, packet=packets[0])
    return _collected(codec, readings, replies)


def _reply(codec: Codec, uuid: str, packet: bytes) -> Reply | None:
    try:
        return codec.reply(uuid, packet)
    except FormatError:
        return None


def _collected(codec: Codec, readings: list[Reading], replies: list[Reply]) -> HandDecoded:
    profile = codec.profile
    out = HandDecoded(stamped=profile.clock.stamps)
    blocks = [r.samples for r in readings if r.samples is not None]
    if blocks:
        width = max(b.shape[1] for b in blocks)
        samples = np.vstack([np.pad(b, ((0, 0), (0, width - b.shape[1])), constant_values=np.nan) for b in blocks])
        out.acc_mps2 = _present(samples[:, :3])
        out.gyr_dps = _present(samples[:, 3:])
    for reading in readings:
        _merge(out.context, reading.context)
    for reply in replies:
        _merge(out.context, reply.values)
        out.replies.append(reply.text if reply.ok else f"Refused: {reply.text}")
    first = readings[0] if readings else Reading()
    out.counter = first.counter
    if first.ticks is not None and profile.clock.tick_s is not None:
        out.timestamp_s = first.ticks * profile.clock.tick_s
    out.flags = sorted(frozenset().union(*(r.flags for r in readings)))
    return out


def _present(columns: FloatArray) -> FloatArray | None:
    rows = columns[~np.isnan(columns).all(axis=1)] if columns.shape[1] else columns[:0]
    return rows if len(rows) else None


def _merge(into: dict[str, float | str | list[float]], values: dict[str, float | str | list[float]]) -> None:
    for key, value in values.items():
        before = into.get(key)
        into[key] = before + value if isinstance(before, list) and isinstance(value, list) else value
