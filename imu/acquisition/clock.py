"""The sample clock against the host's: how fast the sensor really samples, and how far its own clock runs off.

Arrival times are never sample times: they only say, over many seconds, how fast samples come. The earliest packets
of each stretch carry that; see `imu.acquisition.envelope`.
"""

from __future__ import annotations

import math
from typing import Final

from imu.acquisition.envelope import Envelope, Line
from imu.constants import NS_PER_S
from imu.kernels import clock as kernel
from imu.types import ClockReport, FloatArray, IntArray

_STRETCH_S: Final = 0.25
_POINTS: Final = 64
_LEAST_POINTS: Final = 8
_LEAST_NOISE_S: Final = 0.001
"""Host time of arrival is no better than this, however even a short run looks."""
_RATE_KNOWN: Final = 0.01
_DRIFT_KNOWN: Final = 50e-6
_MOST_TICKS: Final = 1 << 62
"""The kernel counts no further."""
_PLAIN: Final = 0.4
"""Clocks that differ by less than this part of a rollover (a half would do): there was none."""


class SampleClock:
    """Measures one stream.

    Parameters
    ----------
    nominal_rate_hz : float
    tick_s : float or None
        Seconds per tick of the device's time; None = it sends none.
    ticks_period : int
        Device time rolls over at this number of ticks.

    Attributes
    ----------
    note_at_ns : int
        A packet that arrives earlier need not be noted.
    """

    def __init__(self, nominal_rate_hz: float, *, tick_s: float | None = None, ticks_period: int = 0) -> None:
        self._period_s = 1.0 / nominal_rate_hz
        self._tick_s = tick_s
        self._ticks_period = ticks_period
        self._tick_ns = NS_PER_S * (tick_s or 0.0)
        self._plain_ns = _PLAIN * ticks_period * self._tick_ns
        self._by_index = Envelope(stretch_s=_STRETCH_S, keep=_POINTS, thin=True)
        self._by_device = Envelope(stretch_s=_STRETCH_S, keep=_POINTS, thin=True)
        self._start: tuple[int, int] | None = None
        self._last: tuple[int, int] | None = None
        self._device_ticks = 0
        self._last_drift: tuple[float, float] | None = None
        self._report: ClockReport | None = None
        self.note_at_ns = 0

    def note(self, arrival_ns: int, stop_index: int, ticks: int | None) -> None:
        """Note a packet: when it arrived, the index after its last sample, its device time."""
        # Few looks at self, and no call of what completes nothing: this runs 20 times a second for sensors whose
        # packets are not read by a kernel.
        self.note_at_ns = arrival_ns + kernel.NOTE_EVERY_NS
        start = self._start
        if start is None:
            self._start = start = (arrival_ns, stop_index)
        passed_s = (arrival_ns - start[0]) / NS_PER_S
        stream_s = (stop_index - start[1]) * self._period_s
        late_s = passed_s - stream_s
        envelope = self._by_index
        if stream_s >= envelope.end_s:
            if envelope.note(stream_s, late_s):
                self._report = None
        elif late_s < envelope.best_s:
            envelope.best_at_s, envelope.best_s = stream_s, late_s
        tick_s = self._tick_s
        if ticks is None or tick_s is None:
            return
        last = self._last
        if last is not None:
            period = self._ticks_period
            moved = (ticks - last[1]) % period
            passed_ns = arrival_ns - last[0]
            # Nearly always the device's time has not rolled over in between, plainly: then nothing is divided.
            if not -self._plain_ns < passed_ns - moved * self._tick_ns < self._plain_ns:
                moved += period * round((passed_ns / NS_PER_S / tick_s - moved) / period)
            self._device_ticks += moved
        self._last = (arrival_ns, ticks)
        device_s = self._device_ticks * tick_s
        late_s = passed_s - device_s
        envelope = self._by_device
        if device_s >= envelope.end_s:
            envelope.note(device_s, late_s)
        elif late_s < envelope.best_s:
            envelope.best_at_s, envelope.best_s = device_s, late_s

    def give_state(self, ints: IntArray, floats: FloatArray, index: int, *, by_time: bool) -> None:
        """Tell the kernel what to note packets against; its numbers are the last ones of both arrays.

        Parameters
        ----------
        index : int
            After the last sample so far.
        by_time : bool
            Whether its packets have device time.
        """
        start, last, device_ticks = self._start, self._last, self._device_ticks
        tick_s = self._tick_s if by_time else None
        is_ready = start is not None
        if tick_s is None:
            last, device_ticks = None, 0
        elif last is None or last[1] >= _MOST_TICKS or abs(device_ticks) >= _MOST_TICKS:
            is_ready, last, device_ticks = False, None, 0
        ints[-kernel.INTS :] = (
            index, self.note_at_ns, *(start or (0, 0)), *(last or (0, 0)), device_ticks,
            self._ticks_period if self._ticks_period < _MOST_TICKS else 0,
        )  # fmt: skip
        stream, device = self._by_index, self._by_device
        floats[-kernel.FLOATS :] = (
            self._period_s, tick_s or 0.0, self._tick_ns, self._plain_ns,
            stream.end_s if is_ready else -math.inf, stream.best_at_s, stream.best_s,
            device.end_s, device.best_at_s, device.best_s,
        )  # fmt: skip

    def take_state(self, ints: IntArray, floats: FloatArray) -> None:
        """Take over what the kernel has made of packets since."""
        stream, device = self._by_index, self._by_device
        _, tick_s, _, _, end_s, at_s, best_s, _, *of_device = floats[-kernel.FLOATS :].tolist()
        if end_s == -math.inf:  # it has noted nothing
            return
        _, self.note_at_ns, _, _, last_ns, last_ticks, device_ticks, _ = ints[-kernel.INTS :].tolist()
        stream.best_at_s, stream.best_s = at_s, best_s
        if tick_s:
            self._last, self._device_ticks = (last_ns, last_ticks), device_ticks
            device.best_at_s, device.best_s = of_device

    def new_epoch(self) -> None:
        """Note that the device may have begun anew: its clock is measured from here on, the rate goes on."""
        known = self._drift()
        self._last_drift = known if known is not None else self._last_drift
        self._by_device.forget()
        self._last = None
        self._device_ticks = 0

    def report(self) -> ClockReport:
        """Return what is known by now; asked for by another thread, often, so it is kept until there is more."""
        known = self._report
        if known is None:
            self._report = known = self._measured()
        return known

    def _measured(self) -> ClockReport:
        rate_hz = rate_error_hz = None
        line = _known(self._by_index, _RATE_KNOWN)
        if line is not None:
            rate_hz = 1.0 / (self._period_s * (1.0 + line.slope))
            rate_error_hz = rate_hz * _error(line)
        drift = self._drift() or self._last_drift
        return ClockReport(
            nominal_rate_hz=1.0 / self._period_s,
            rate_hz=rate_hz,
            rate_error_hz=rate_error_hz,
            drift_ppm=None if drift is None else 1e6 * drift[0],
            drift_error_ppm=None if drift is None else 1e6 * drift[1],
        )

    def _drift(self) -> tuple[float, float] | None:
        line = _known(self._by_device, _DRIFT_KNOWN)
        if line is None:
            return None
        return -line.slope / (1.0 + line.slope), _error(line)


def _known(envelope: Envelope, within: float) -> Line | None:
    """Return the line, once there are points enough to know its slope."""
    if len(envelope) < _LEAST_POINTS:
        return None
    line = envelope.line()
    return line if line is not None and _error(line) <= within else None


def _error(line: Line) -> float:
    return max(line.noise_s, _LEAST_NOISE_S) / math.sqrt(line.spread_s2)
