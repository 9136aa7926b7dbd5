"""Samples as lines of text over a serial link, as scripts on Espruino boards print them: `A,x,y,z` and a line end."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from firmware_profiles.base import ProfileCodec
from firmware_profiles.errors import FormatError
from firmware_profiles.model import FirmwareProfile
from firmware_profiles.readings import FloatArray, Reading
from firmware_profiles.scaling import STANDARD_GRAVITY_MPS2, RangeCheck, plausible_limits

_LONGEST_LINE: Final = 200


class Codec(ProfileCodec):
    """Reads the lines that begin with the profile's word; what else the board says is left out.

    Settings: `word` (first field of a line with samples) and `per_g` (number that means 1 g).
    """

    def __init__(self, profile: FirmwareProfile, **options: int) -> None:
        super().__init__(profile, **options)
        assert profile.codec is not None
        settings = profile.codec.settings
        self._word = str(settings.get("word", "A")).encode("ascii")
        self._factor = STANDARD_GRAVITY_MPS2 / float(str(settings.get("per_g", 100)))
        self.width = 3
        number = rb"([+-]?\d{1,6}(?:\.\d{1,6})?)"
        line = re.escape(self._word) + rb",%b,%b,%b" % (number, number, number)
        self._line = re.compile(line)
        self._one_line = re.compile(line + rb"\r?\n")
        self._kept = b""
        self._lost = 0
        limits = plausible_limits(profile, 3)
        self._check = RangeCheck(limits)
        self._limit = float(limits.min())

    @property
    def pending_bytes(self) -> int:
        """Bytes of the line that has not ended yet."""
        return len(self._kept)

    def reset(self) -> None:
        """Forget the line that has not ended."""
        self._kept = b""
        self._lost = 0

    def decode(self, characteristic: str, data: bytes) -> list[Reading]:
        """Read one notification; one reading holds the lines that it ends.

        A wrong line does not cost the good ones before and after it: what follows is a reading of its own, with the
        flag "resynced" and the number of samples that are missing before it.
        """
        if not self._kept and not self._lost and (found := self._one_line.fullmatch(data)):
            # Nearly always a notification is one line.
            x, y, z = (float(field) * self._factor for field in found.groups())
            if -self._limit <= min(x, y, z) and max(x, y, z) <= self._limit:
                return [Reading(np.array(((x, y, z),)))]
        kept = len(self._kept)
        *lines, self._kept = (self._kept + data).split(b"\n")
        runs: list[list[list[float]]] = []
        lost: list[int] = []  # samples before each run
        wrong: FormatError | None = None
        at = -kept
        if len(self._kept) > _LONGEST_LINE:
            self._kept = b""
            wrong = FormatError(f"no line end within {_LONGEST_LINE} bytes", len(data))
        for line in lines:
            try:
                row = self._row(line.rstrip(b"\r"), max(0, at))
            except FormatError as error:
                wrong = wrong or error
                self._lost += max(1, line.count(self._word + b","))  # two lines, where the line end between is damaged
            else:
                if row:
                    if self._lost or not runs:
                        lost.append(self._lost)
                        runs.append([])
                        self._lost = 0
                    runs[-1].append(row)
            at += len(line) + 1
        if not runs and wrong is not None:
            raise wrong
        return [self._reading(rows, missing) for rows, missing in zip(runs, lost, strict=True)]

    def _reading(self, rows: list[list[float]], missing: int) -> Reading:
        samples: FloatArray = np.array(rows) * self._factor
        flags = self._check.flags(samples)
        return Reading(samples, None, None, {}, flags | {"resynced"} if missing else flags, missing)

    def _row(self, line: bytes, at: int) -> list[float] | None:
        if found := self._line.fullmatch(line):
            return [float(field) for field in found.groups()]
        if line.split(b",", 1)[0] != self._word:
            return None
        raise FormatError(f"a line of samples has three numbers after '{self._word.decode()}'", at)

    def encode(self, reading: Reading) -> list[tuple[str, bytes]]:
        """Write the lines of a reading, cut into notifications of 20 bytes."""
        if reading.samples is None:
            raise ValueError("lines hold samples only")
        rows = np.rint(reading.samples[:, :3] / self._factor).astype(int)
        text = b"".join(self._word + b",%d,%d,%d\r\n" % tuple(row) for row in rows.tolist())
        return [(self.profile.gatt.notify[0], text[i : i + 20]) for i in range(0, len(text), 20)]
