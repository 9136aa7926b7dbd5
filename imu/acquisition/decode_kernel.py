"""What decoders with a quick way share: a kernel keeps the order of packets while they come as expected."""

from __future__ import annotations

from typing import Final

import numpy as np

from firmware_profiles import Codec, FirmwareProfile
from imu.acquisition.decode_readings import ReadingDecoder
from imu.acquisition.loss_rate import ArrivalOrder
from imu.acquisition.loss_time import StampOrder
from imu.kernels import packet as kernel
from imu.types import FloatArray, IntArray, RawPacket, SampleBlock

_new_tuple: Final = tuple.__new__  # makes a NamedTuple in two thirds of the time
_NOTHING: Final = np.empty((0, 0))


class KernelDecoder(ReadingDecoder):
    """A decoder whose order of packets is the kernel's while they come as expected, and the codec's else.

    Whoever derives from it sets `_plan` and `_floats`, calls the kernel, and says what it has taken with `_taken`.
    """

    _plan: IntArray
    _floats: FloatArray

    def __init__(self, profile: FirmwareProfile, codec: Codec, *, sampling_rate_hz: float | None = None) -> None:
        super().__init__(profile, codec, sampling_rate_hz=sampling_rate_hz)
        order = self._order
        assert isinstance(order, StampOrder | ArrivalOrder)  # `quick_decoder` has looked
        self._order: StampOrder | ArrivalOrder = order
        self._by_time = isinstance(order, StampOrder)
        self._older = self._before = _NOTHING
        self._since = 0

    def _taken(self, arrival_ns: int, samples: FloatArray, n: int, taken: int) -> list[SampleBlock]:
        self._older, self._before = self._before, samples
        start = self._next
        self._next = stop = start + n
        if taken & kernel.COMPLETE:
            order = self._order
            assert isinstance(order, ArrivalOrder)  # the other has no stretches
            order.note_last(self._plan, self._floats)
        if taken & kernel.NOTE:
            clock = self._clock
            clock.take_state(self._plan, self._floats)
            clock.note(arrival_ns, stop, self._plan.item(kernel.TICKS) if self._by_time else None)
            clock.give_state(self._plan, self._floats, stop, by_time=self._by_time)
        return [_new_tuple(SampleBlock, (start, samples, 0))]

    def new_epoch(self, t_arrival_ns: int) -> list[SampleBlock]:
        """Note that the link came back; see `Decoder`."""
        self._tell_order()
        out = super().new_epoch(t_arrival_ns)
        self._ask_order()
        return out

    def flush(self) -> list[SampleBlock]:
        """Return what was kept back."""
        self._tell_order()
        out = super().flush()
        self._ask_order()
        return out

    def _push_slowly(self, packet: RawPacket) -> list[SampleBlock]:
        self._tell_order()
        try:
            return super().push(packet)
        finally:
            self._ask_order()

    def _tell_order(self) -> None:
        """Bring the order up to date with what the kernel has taken since."""
        if self._next != self._since:
            self._order.take_state(self._plan, self._floats, self._older, self._before)
            self._clock.take_state(self._plan, self._floats)
            self._since = self._next
        self._plan[kernel.READY] = 0

    def _ask_order(self) -> None:
        """Learn what comes next, if that is plain."""
        self._since = self._next
        self._plan[kernel.READY] = 0
        if self._codec.is_level and not self._missing:
            self._older, self._before = self._order.give_state(self._plan, self._floats)
            self._clock.give_state(self._plan, self._floats, self._next, by_time=self._by_time)


def kernel_period(order: StampOrder) -> int:
    """Ticks after which device time rolls over, as the kernel counts; 0 = never."""
    return order.period if order.period < 1 << 63 else 0
