"""Packets of header and equal integer records, from bytes to float64 columns in SI units.

`decode_packet` is the hot path: it reads a packet that is exactly what is expected next and refuses everything else,
untouched, so that the slow path can explain it. Nothing here guesses.
"""

from __future__ import annotations

from typing import Final

from imu.kernels import clock
from imu.kernels._jit import njit

# The plan of a stream, one array of int64 so that a call costs less. First what the next packet must be; N = 0 before
# the first packet: then nothing is expected.
N: Final = 0
COUNTER: Final = 1
TICKS: Final = 2
MIN_TICKS: Final = 3
MAX_TICKS: Final = 4
STATE: Final = slice(0, 5)
# Then the layout that the profile states. Offsets in bytes; CONSTANT_AT, COUNT_AT < 0 = the packet has none.
HEADER_BYTES: Final = 5
CHANNELS: Final = 6
VALUE_BYTES: Final = 7
CONSTANT_AT: Final = 8
CONSTANT: Final = 9
COUNT_AT: Final = 10
COUNTER_AT: Final = 11
COUNTER_BYTES: Final = 12
TICKS_AT: Final = 13
TICKS_BYTES: Final = 14
COLUMNS: Final = 15
"""From here on one column number for each channel; -1 = left out. At the end the numbers of `clock`."""

REFUSED: Final = 0
TAKEN: Final = 1
NOTE: Final = 2
"""Taken, and the caller notes it with the sample clock."""


@njit
def read_unsigned(buffer, at, size):
    """Return `size` little-endian bytes from `at` on as an unsigned number."""
    value = 0
    for i in range(size):
        value |= int(buffer[at + i]) << (8 * i)
    return value


@njit
def decode_records(buffer, at, n, plan, scales, out):
    """Write `n` records of signed little-endian 16- or 24-bit values, scaled, into the columns of `out`.

    Parameters
    ----------
    buffer : bytes or ndarray of uint8
        Must hold `at + n * channels * value_bytes` bytes: the caller has checked it.
    at : int
        First byte of the first record.
    n : int
        Number of records.
    plan : ndarray of int64
        See the constants of this module.
    scales : ndarray of float64, shape (>= channels,)
        Factor from counts to m/s2 or deg/s.
    out : ndarray of float64, shape (>= n, columns)
        Only the columns named by the plan are written.
    """
    channels = plan[CHANNELS]
    size = plan[VALUE_BYTES]
    # Integers are 64 bits wide here, so the sign is set by subtraction; shifting up and down would lose it.
    # One channel after the other: its scale and column stay in registers.
    for c in range(channels):
        column = plan[COLUMNS + c]
        if column < 0:
            continue
        scale = scales[c]
        start = at + c * size
        step = channels * size
        if size == 2:
            for i in range(n):
                k = start + i * step
                value = int(buffer[k]) | int(buffer[k + 1]) << 8
                out[i, column] = (value - ((value & 0x8000) << 1)) * scale
        else:
            for i in range(n):
                k = start + i * step
                value = int(buffer[k]) | int(buffer[k + 1]) << 8 | int(buffer[k + 2]) << 16
                out[i, column] = (value - ((value & 0x800000) << 1)) * scale


@njit
def decode_packet(buffer, arrival_ns, plan, floats, out):
    """Decode a packet if it is the one that is expected next.

    Expected: the constant, the count and the length agree with the packet before, the counter is one higher, and the
    device time has moved on by a plausible amount.

    Parameters
    ----------
    buffer : bytes
    arrival_ns : int
    plan : ndarray of int64
        See the constants of this module.
    floats : ndarray of float64
        The channels' scales; at the end the numbers of `clock`.
    out : ndarray of float64, shape (>= n, columns)

    Returns
    -------
    int
        TAKEN or NOTE = decoded into `out`, plan moved on. REFUSED = anything else: nothing was touched.
    """
    n = plan[N]
    header = plan[HEADER_BYTES]
    if n == 0 or len(buffer) != header + n * plan[CHANNELS] * plan[VALUE_BYTES]:
        return REFUSED
    if plan[CONSTANT_AT] >= 0 and buffer[plan[CONSTANT_AT]] != plan[CONSTANT]:
        return REFUSED
    if plan[COUNT_AT] >= 0 and buffer[plan[COUNT_AT]] != n:
        return REFUSED
    size = plan[COUNTER_BYTES]
    counter = read_unsigned(buffer, plan[COUNTER_AT], size)
    if counter != (plan[COUNTER] + 1) & ((1 << (8 * size)) - 1):
        return REFUSED
    size = plan[TICKS_BYTES]
    ticks = read_unsigned(buffer, plan[TICKS_AT], size)
    moved = (ticks - plan[TICKS]) & ((1 << (8 * size)) - 1)
    if moved < plan[MIN_TICKS] or moved > plan[MAX_TICKS]:
        return REFUSED
    decode_records(buffer, header, n, plan, floats, out)
    plan[COUNTER] = counter
    plan[TICKS] = ticks
    return NOTE if clock.note(arrival_ns, n, ticks, plan, floats) else TAKEN
