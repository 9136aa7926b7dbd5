"""Movella DOT: measurement packets are records; what this adds are the messages of its message service (7001..7003)."""

from __future__ import annotations

from firmware_profiles.errors import FormatError
from firmware_profiles.readings import Reply
from firmware_profiles.streams import StreamsCodec

_MESSAGES = ("15177001-4947-11e9-8646-d663bd873d93", "15177002-4947-11e9-8646-d663bd873d93",
             "15177003-4947-11e9-8646-d663bd873d93")  # fmt: skip


class Codec(StreamsCodec):
    """Message: id, length, that many bytes, and a checksum that makes the sum of all bytes a multiple of 256."""

    def reply(self, characteristic: str, data: bytes) -> Reply | None:
        """Read a message, or an answer that the profile describes."""
        if characteristic not in _MESSAGES:
            return super().reply(characteristic, data)
        if len(data) < 3 or len(data) != data[1] + 3:
            stated = f"{data[1]} bytes" if len(data) > 1 else "nothing"
            raise FormatError(f"the message states {stated} of content, {max(0, len(data) - 3)} came", len(data))
        if sum(data) % 256:
            raise FormatError("the checksum of the message is wrong", len(data) - 1)
        content = [float(b) for b in data[2:-1]]
        return Reply(True, f"message {data[0]}", {"message_id": float(data[0]), "content": content})
