"""Packets with a counter and no device time: the counter is a clock that ticks once per packet."""

from __future__ import annotations

from imu.acquisition.loss_time import StampOrder
from imu.acquisition.order import Arrived, Placed


class CountOrder(StampOrder):
    """Follows the packet counter of one stream whose packets are all of one size.

    Parameters
    ----------
    counter_period : int
        The counter rolls over at this number of packets.
    sampling_rate_hz : float
    """

    def __init__(self, *, counter_period: int, sampling_rate_hz: float) -> None:
        super().__init__(ticks_period=counter_period, ticks_per_sample=1.0, tick_s=1.0, stamps_last=False)
        self._rate_hz = sampling_rate_hz

    def fits(self, arrived: Arrived) -> bool:
        """Take the packet if it is plainly the next one."""
        return super().fits(arrived._replace(ticks=arrived.counter))

    def place(self, arrived: Arrived) -> list[Placed]:
        """Take a packet; return what has its place now."""
        if self.index == 0 and arrived.counter is not None:
            n = len(arrived.samples)
            self.ticks_per_sample, self._tick_s = 1.0 / n, n / self._rate_hz
        return super().place(arrived._replace(ticks=arrived.counter))
