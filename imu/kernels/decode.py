"""Packets of header and equal integer records, from bytes to float64 columns in SI units.

`decode_packet` is the hot path: it reads a packet that is exactly what is expected next and refuses everything else,
untouched, so that the slow path can explain it. Nothing here guesses.
"""

from __future__ import annotations

from typing import Final

from imu.kernels._jit import njit

# Layout: what the profile says, as integers. Offsets in bytes; CONSTANT_AT, COUNT_AT < 0 = the packet has none.
HEADER_BYTES: Final = 0
CHANNELS: Final = 1
VALUE_BYTES: Final = 2
CONSTANT_AT: Final = 3
CONSTANT: Final = 4
COUNT_AT: Final = 5
COUNTER_AT: Final = 6
COUNTER_BYTES: Final = 7
TICKS_AT: Final = 8
TICKS_BYTES: Final = 9
COLUMNS: Final = 10
"""From here on one column number for each channel; -1 = left out."""

# State: what the next packet must be. N = 0 before the first packet, then nothing is expected.
N: Final = 0
COUNTER: Final = 1
TICKS: Final = 2
MIN_TICKS: Final = 3
MAX_TICKS: Final = 4
STATE_SIZE: Final = 5


@njit
def read_unsigned(buffer, at, size):
    """Return `size` little-endian bytes from `at` on as an unsigned number."""
    value = 0
    for i in range(size):
        value |= int(buffer[at + i]) << (8 * i)
    return value


@njit
def decode_records(buffer, at, n, layout, scales, out):
    """Write `n` records of signed little-endian 16- or 24-bit values, scaled, into the columns of `out`.

    Parameters
    ----------
    buffer : bytes or ndarray of uint8
        Must hold `at + n * channels * value_bytes` bytes: the caller has checked it.
    at : int
        First byte of the first record.
    n : int
        Number of records.
    layout : ndarray of int64
        See the constants of this module.
    scales : ndarray of float64, shape (channels,)
        Factor from counts to m/s2 or deg/s.
    out : ndarray of float64, shape (>= n, columns)
        Only the columns named by the layout are written.
    """
    channels = layout[CHANNELS]
    size = layout[VALUE_BYTES]
    for i in range(n):
        for c in range(channels):
            value = int(buffer[at]) | int(buffer[at + 1]) << 8
            # Integers are 64 bits wide here, so the sign is set by subtraction; shifting up and down would lose it.
            if size == 3:
                value |= int(buffer[at + 2]) << 16
                if value >= 0x800000:
                    value -= 0x1000000
            elif value >= 0x8000:
                value -= 0x10000
            column = layout[COLUMNS + c]
            if column >= 0:
                out[i, column] = value * scales[c]
            at += size


@njit
def decode_packet(buffer, layout, scales, state, out):
    """Decode a packet if it is the one that is expected next.

    Expected: the constant, the count and the length agree with the packet before, the counter is one higher, and the
    device time has moved on by a plausible amount.

    Returns
    -------
    bool
        True = decoded into `out`, state moved on. False = anything else: neither `out` nor `state` was touched.
    """
    n = state[N]
    header = layout[HEADER_BYTES]
    if n == 0 or len(buffer) != header + n * layout[CHANNELS] * layout[VALUE_BYTES]:
        return False
    if layout[CONSTANT_AT] >= 0 and buffer[layout[CONSTANT_AT]] != layout[CONSTANT]:
        return False
    if layout[COUNT_AT] >= 0 and buffer[layout[COUNT_AT]] != n:
        return False
    size = layout[COUNTER_BYTES]
    counter = read_unsigned(buffer, layout[COUNTER_AT], size)
    if counter != (state[COUNTER] + 1) & ((1 << (8 * size)) - 1):
        return False
    size = layout[TICKS_BYTES]
    ticks = read_unsigned(buffer, layout[TICKS_AT], size)
    moved = (ticks - state[TICKS]) & ((1 << (8 * size)) - 1)
    if moved < state[MIN_TICKS] or moved > state[MAX_TICKS]:
        return False
    decode_records(buffer, header, n, layout, scales, out)
    state[COUNTER] = counter
    state[TICKS] = ticks
    return True
