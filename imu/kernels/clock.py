"""What the sample clock does with most packets: one more that came neither first nor as the earliest of its stretch.

`note` is `imu.acquisition.clock.SampleClock.note` of such packets, with the same arithmetic in the same order, as a
part of the kernels that read packets. Its numbers are the last ones of their plan. Whatever completes a stretch, or may
have seen device time roll over, is left to Python.
"""

from __future__ import annotations

from typing import Final

from imu.kernels._jit import inner

# Whole numbers, counted from the end of the plan.
INTS: Final = 8
INDEX: Final = -8
"""After the last sample so far."""
NOTE_AT: Final = -7
"""Time of arrival before which nothing is noted."""
START: Final = -6
START_INDEX: Final = -5
LAST: Final = -4
LAST_TICKS: Final = -3
DEVICE_TICKS: Final = -2
PERIOD: Final = -1
"""Ticks after which device time rolls over; 0 = it never does."""

# Numbers, counted from the end as well.
FLOATS: Final = 10
PERIOD_S: Final = -10
TICK_S: Final = -9
"""0 = there is no device time."""
TICK_NS: Final = -8
PLAIN_NS: Final = -7
END: Final = -6
"""Of the stretch that is not complete; -inf = Python notes the next packet in any case."""
BEST_AT: Final = -5
BEST: Final = -4
DEVICE_END: Final = -3
DEVICE_BEST_AT: Final = -2
DEVICE_BEST: Final = -1

NOTE_EVERY_NS: Final = 50_000_000
"""So often, at most, a packet is noted: that leaves five of them to each stretch."""
_NS: Final = 1e9


@inner
def note(arrival_ns, n, ticks, plan, floats):
    """Note a packet of `n` samples that was taken.

    Returns
    -------
    bool
        True = Python has to note it; only the index has moved on.
    """
    i, f = len(plan), len(floats)
    index = plan[i + INDEX] + n
    plan[i + INDEX] = index
    if arrival_ns < plan[i + NOTE_AT]:
        return False
    passed_s = (arrival_ns - plan[i + START]) / _NS
    stream_s = (index - plan[i + START_INDEX]) * floats[f + PERIOD_S]
    if stream_s >= floats[f + END]:
        return True
    late_s = passed_s - stream_s
    tick_s = floats[f + TICK_S]
    if tick_s > 0.0:
        moved = ticks - plan[i + LAST_TICKS]
        if plan[i + PERIOD]:
            moved %= plan[i + PERIOD]
        off_ns = (arrival_ns - plan[i + LAST]) - moved * floats[f + TICK_NS]
        if not -floats[f + PLAIN_NS] < off_ns < floats[f + PLAIN_NS]:
            return True
        device_ticks = plan[i + DEVICE_TICKS] + moved
        device_s = device_ticks * tick_s
        if device_s >= floats[f + DEVICE_END]:
            return True
        device_late_s = passed_s - device_s
        plan[i + DEVICE_TICKS], plan[i + LAST], plan[i + LAST_TICKS] = device_ticks, arrival_ns, ticks
        if device_late_s < floats[f + DEVICE_BEST]:
            floats[f + DEVICE_BEST_AT], floats[f + DEVICE_BEST] = device_s, device_late_s
    if late_s < floats[f + BEST]:
        floats[f + BEST_AT], floats[f + BEST] = stream_s, late_s
    plan[i + NOTE_AT] = arrival_ns + NOTE_EVERY_NS
    return False
