"""Packets to sample blocks: decoded, in order, with gaps marked. Nothing is interpolated and nothing is guessed.

Three ways to see what is missing, as the profile says: a packet counter with device time (`decode_records`), device
time alone (`loss_time`), or nothing but the rate (`loss_rate`). The first two are exact; the last declares only what
arrivals prove. The same packets with the same stored arrival times give the same blocks, to the last bit: that is how
a stored session is decoded again.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from firmware_profiles import FirmwareProfile, RecordCodec
from firmware_profiles.codecs import polar_pmd
from imu.acquisition.decode_join import join_decoder
from imu.acquisition.decode_quick import quick_decoder
from imu.acquisition.decode_readings import ReadingDecoder
from imu.acquisition.decode_records import RecordDecoder
from imu.acquisition.profiles import open_codec
from imu.kernels import delta
from imu.types import ClockReport, ContextReading, RawPacket, SampleBlock, StreamInfo


class Decoder(Protocol):
    """Turns the packets of one stream into blocks. Made by `make_decoder`.

    Attributes
    ----------
    info : StreamInfo
        Its rate is the one the device is set to: what it really is comes out later, as `clock`. Its range is the one
        that the device told, where it is asked for.
    lost, duplicates, late, errors, restarts : int
        Samples missing so far; packets dropped because they came twice or too late; packets that did not decode or
        contradict the others; times the device began anew.
    flags : dict
        How many packets the codec gave which flag: "clipped", "time_gap", "incomplete", "out_of_range" (values that the
        sensor cannot have measured; they are NaN in the blocks).
    """

    info: StreamInfo
    lost: int
    duplicates: int
    late: int
    errors: int
    restarts: int
    flags: dict[str, int]

    @property
    def received(self) -> int:
        """Samples decoded so far."""

    @property
    def clock(self) -> ClockReport:
        """Measured rate, and drift of the device's clock."""

    def named(self, name: str) -> StreamInfo:
        """Return the stream's description under a name for display."""

    def push(self, packet: RawPacket) -> list[SampleBlock]:
        """Decode one packet: blocks that have their place now, often one, or none.

        Raises
        ------
        DecodeError
            The packet is truncated, oversized, malformed, or contradicts itself; the decoder stays usable.
        """

    def new_epoch(self, t_arrival_ns: int) -> list[SampleBlock]:
        """Note that the link came back: half packets are forgotten, and at least one sample is missing here.

        A packet of the characteristic `LINK_RESTORED` does the same, and is stored with the others.
        """

    def take_context(self) -> list[ContextReading]:
        """Return what came besides movement since the last call."""

    def flush(self) -> list[SampleBlock]:
        """Return what was kept back until the next packets should explain it."""


def make_decoder(
    profile: FirmwareProfile, options: dict[str, int] | None = None, sampling_rate_hz: float | None = None
) -> Decoder:
    """Return a decoder for streams of that profile.

    Parameters
    ----------
    profile : FirmwareProfile
    options : dict or None
        What the device is set to (rate, ranges); None = the profile's defaults.
    sampling_rate_hz : float or None
        Rate to count with where it is not the nominal one of the options.

    Raises
    ------
    ProfileError
        An option is wrong.
    """
    codec = open_codec(profile, options)
    if profile.loss.kind == "counter" and profile.clock.kind == "device" and profile.stream is not None:
        return RecordDecoder(profile, RecordCodec(profile, **codec.options), sampling_rate_hz=sampling_rate_hz)
    if isinstance(codec, polar_pmd.Codec):
        codec.unpack = delta.unpack_delta
        codec.unpack(b"", 1.0, 1.0, np.empty((1, 3)))  # compiled or loaded before the stream begins
    return (
        quick_decoder(profile, codec, sampling_rate_hz)
        or join_decoder(profile, codec, sampling_rate_hz)
        or ReadingDecoder(profile, codec, sampling_rate_hz=sampling_rate_hz)
    )
