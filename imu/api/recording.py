"""What a running session writes: its raw packets before they are decoded, then gaps, steps, markers and the end."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from imu.errors import ImuError
from imu.types import Gap, LinkReport, RawPacket, Step

if TYPE_CHECKING:
    from imu.acquisition.decode import Decoder
    from imu.acquisition.source import Source
    from imu.settings import Settings
    from imu.store.decoded import Decoded
    from imu.store.writer import LibraryTarget


class Recording:
    """The file, or the session of a library, that the acquisition thread appends to.

    Parameters
    ----------
    source : Source
        Of packets.
    settings : Settings
        As the session begins.
    out : Path or LibraryTarget
        A file of its own, or a library.
    overwrite : bool
        Whether a file of that name may be replaced.

    Raises
    ------
    ImuError
        The source gives no packets, or the target cannot be written.
    """

    def __init__(self, source: Source, settings: Settings, out: Path | LibraryTarget, *, overwrite: bool) -> None:
        from imu.store.fresh import StreamHeader
        from imu.store.packing import Shape
        from imu.store.writer import LibraryTarget, SessionWriter

        wire = source.wire
        if wire is None:
            raise ImuError("Only a stream of packets can be recorded.", hint="Leave out the file name.")
        shape = wire.packet_shape()
        header = StreamHeader(
            source.info,
            wire.profile_name,
            wire.profile_text,
            wire.options,
            None if shape is None else Shape(*shape),
        )
        if isinstance(out, LibraryTarget):
            self._writer = SessionWriter(out.path, settings, header, library=out)
        else:
            self._writer = SessionWriter(out, settings, header, overwrite=overwrite)
        self._source = source
        self._gaps: list[Gap] = []

    @property
    def session_id(self) -> int:
        """Number of the session in its library or file."""
        return self._writer.session_id

    def packet(self, packet: RawPacket) -> None:
        """Append a packet as it came."""
        self._writer.append(packet)

    def gap(self, gap: Gap) -> None:
        """Append a stretch without samples."""
        self._gaps.append(gap)
        self._writer.gap(gap)

    def steps(self, steps: list[Step]) -> None:
        """Append finished steps."""
        for step in steps:
            self._writer.step(step)

    def marker(self, time_s: float, kind: str, value: str) -> None:
        """Append a marker; what cannot be written is told by the acquisition thread, which meets the same error."""
        from imu.store.writer import Marker

        with contextlib.suppress(ImuError):
            self._writer.marker(Marker(time_s, kind, value))

    def close(self, first_index: int, stop_index: int, received: int, decoder: Decoder | None) -> None:
        """Store the sensor's charge and what decoding gave, and close."""
        self._charge(stop_index)
        duration_s = (stop_index - first_index) / self._source.info.sampling_rate_hz
        self._writer.close(duration_s, self._decoded(first_index, stop_index, received, decoder))

    def _charge(self, stop_index: int) -> None:
        """Keep the sensor's charge at the end: `stride scan` tells it before the sensor is asked again."""
        from imu.store.clients import BATTERY_MARKER

        report: LinkReport | None = getattr(self._source, "report", None)  # a linked sensor has one
        if report is not None and report.battery_pct is not None:
            self.marker(self._source.info.time_s(stop_index), BATTERY_MARKER, repr(report.battery_pct))

    def _decoded(self, first_index: int, stop_index: int, received: int, decoder: Decoder | None) -> Decoded | None:
        from imu.exchange.stride import decoder_warnings
        from imu.store.decoded import Decoded

        if decoder is None or not received:
            return None
        warnings = tuple(decoder_warnings(decoder))
        return Decoded(first_index, stop_index, received, tuple(self._gaps), warnings, decoder.clock)
