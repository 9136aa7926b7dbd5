"""Frames of differences (Polar Measurement Data): a reference, then blocks of differences in few bits."""

from __future__ import annotations

from typing import Final

from imu.kernels._jit import inner, njit

AT: Final = 10
"""Bytes before the reference: type, time and layout."""
_REFERENCE_BYTES: Final = 6
_MOST_BITS: Final = 17


@inner
def undo(buffer, factor, limit, out, at_row, column, most):
    """Write the samples of a frame into three columns of `out` from a row on, at most so many; see `unpack_delta`."""
    size = len(buffer)
    at = AT + _REFERENCE_BYTES
    if size < at:
        return 0
    x, y, z = 0, 0, 0
    for c in range(3):
        value = int(buffer[AT + 2 * c]) | int(buffer[AT + 2 * c + 1]) << 8
        value -= (value & 0x8000) << 1
        if c == 0:
            x = value
        elif c == 1:
            y = value
        else:
            z = value
    c0, c1, c2 = column, column + 1, column + 2
    out[at_row, c0], out[at_row, c1], out[at_row, c2] = x * factor, y * factor, z * factor
    is_fine = abs(out[at_row, c0]) <= limit and abs(out[at_row, c1]) <= limit and abs(out[at_row, c2]) <= limit
    row = 1
    while at < size:
        if at + 2 > size:
            return 0
        bits, n = int(buffer[at]), int(buffer[at + 1])
        end = at + 2 + (3 * n * bits + 7) // 8
        if bits < 1 or bits > _MOST_BITS or n == 0 or end > size or row + n > most:
            return 0
        at += 2
        window, known = 0, 0  # bits that were read and not used yet
        mask, sign = (1 << bits) - 1, 1 << (bits - 1)
        for i in range(row, row + n):
            for c in range(3):
                while known < bits:
                    window |= int(buffer[at]) << known
                    at += 1
                    known += 8
                step = window & mask
                step -= (step & sign) << 1
                window >>= bits
                known -= bits
                if c == 0:
                    x += step
                    value = x * factor
                elif c == 1:
                    y += step
                    value = y * factor
                else:
                    z += step
                    value = z * factor
                out[at_row + i, column + c] = value
                is_fine = is_fine and abs(value) <= limit
        row += n
        at = end
    return row if is_fine else 0


@njit
def unpack_delta(buffer, factor, limit, out):
    """Undo the compression of samples of three 16-bit values, and scale them.

    Parameters
    ----------
    buffer : bytes
        The whole frame. After the reference come blocks of `bits, n, n x 3 signed differences of so many bits`, least
        significant bit first, each block padded to a byte.
    factor : float
        From counts to m/s2 or deg/s.
    limit : float
        Largest magnitude that the sensor can show.
    out : ndarray of float64, shape (many, 3)

    Returns
    -------
    int
        Number of samples; 0 = the frame is malformed, has more samples than `out`, or a value is beyond the limit: look
        closer.
    """
    return undo(buffer, factor, limit, out, 0, 0, out.shape[0])
