"""Where the samples of a notification lie, told as plain numbers: what a compiled reader needs instead of the codec."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """One column of the samples.

    Attributes
    ----------
    column : int
        0 to 5: ax ay az gx gy gz.
    offset, blocks : int
        Its value of the first sample stands `offset + blocks * n` bytes behind `Layout.at`, n = samples in the packet:
        `blocks` is 0 where a sample's values stand together.
    factor : float
        From counts to m/s2 or deg/s.
    limit : float
        Largest magnitude that the sensor can show; infinity where the profile does not say.
    """

    column: int
    offset: int
    blocks: int
    factor: float
    limit: float


class Layout(NamedTuple):
    """Notifications that hold nothing but a header, samples of one plain form, and padding.

    Attributes
    ----------
    characteristic : str
    columns : tuple of Column
    width : int
        Columns of the decoded samples.
    letter : str
        Type of the values, as in a profile's record; `endian` is "little" or "big" for these and the time.
    fixed : tuple of (int, int)
        Bytes that are always the same: place (negative = from the end) and value.
    at, step : int
        First byte of the first sample; bytes from one sample's values to the next one's.
    rest, each, most, least : int
        A packet of n samples has `rest + each * n` bytes; n is `least` to `most`.
    repeats : bool
        The fixed bytes stand before every sample, `step` bytes apart.
    time : (int, int) or None
        Place and bytes of the device time.
    crc_at : int or None
        Place of a CRC-32 of all that follows it but one byte.
    parts : (int, bytes) or None
        A longer packet comes as a notification of so many bytes, and one that begins with these bytes instead of its
        own header and holds the rest.
    """

    characteristic: str
    columns: tuple[Column, ...]
    width: int
    letter: str
    fixed: tuple[tuple[int, int], ...]
    at: int
    step: int
    rest: int
    each: int
    most: int
    least: int = 1
    endian: str = "little"
    repeats: bool = False
    time: tuple[int, int] | None = None
    crc_at: int | None = None
    parts: tuple[int, bytes] | None = None


class Half(NamedTuple):
    """Notifications of one of two sensors that come apart.

    Attributes
    ----------
    kind : (int, int)
        Place and value of the byte that tells the sensor.
    form : (int, int) or None
        Place and value of another byte that is always the same; None = it is not known, or none that can be read.
    factor : float
        From counts to m/s2 or deg/s.
    limit : float
        Largest magnitude that the sensor can show.
    """

    kind: tuple[int, int]
    form: tuple[int, int] | None
    factor: float
    limit: float


class Halves(NamedTuple):
    """Two sensors whose packets of three values a sample each bear the device's time, and are joined by it.

    Attributes
    ----------
    characteristic : str
        Both come on it.
    acceleration, rates : Half
    is_compressed : bool
        Packets are frames of differences as Polar sends them; else 32-bit floating point up to the end.
    time : (int, int)
        Place and bytes of the device time, little-endian; the samples begin at `at`.
    at : int
    unit : int
        Ticks of the join in one of the device time.
    span : float or None
        The device stamps first samples, and so many ticks of the join lie between two; None = it stamps last ones.
    most : int
        Samples that no usual packet has more of.
    parts : (int, int) or None
        A longer packet comes as a notification of so many bytes, and one that begins with this byte instead of the
        first and holds the rest behind as many header bytes as stand before the time.
    """

    characteristic: str
    acceleration: Half
    rates: Half
    is_compressed: bool
    time: tuple[int, int]
    at: int
    unit: int
    span: float | None
    most: int
    parts: tuple[int, int] | None = None
