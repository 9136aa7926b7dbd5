"""How the pelvis turns, tilts and is pushed sideways about a contact: differences of two window means on the ring."""

from __future__ import annotations

import math

from imu.kernels import rows
from imu.kernels._jit import inner, njit
from imu.kernels.window import column

# Columns of the table of windows.
W_ROW = 0  # row of the ring
W_FROM = 1  # plus window, samples relative to the contact, half-open
W_TO = 2
W_MINUS_FROM = 3  # minus window
W_MINUS_TO = 4
N_WINDOW = 5

_NAN = float("nan")


@inner
def _value(sig, row, c, forward_ml, forward_pa):
    """Read a body axis where the ring's horizontal axes are turned about the vertical."""
    if row == rows.ML:
        return sig[rows.ML, c] if forward_pa == 1.0 else forward_pa * sig[rows.ML, c] - forward_ml * sig[rows.PA, c]
    if row == rows.GYR_PA:
        along = sig[rows.GYR_PA, c]
        return along if forward_pa == 1.0 else forward_ml * sig[rows.GYR_ML, c] + forward_pa * along
    return sig[row, c]


@inner
def _mean(sig, row, first, stop, oldest, end, forward_ml, forward_pa):
    """Mean of the numbers among samples first ... stop - 1; NaN when fewer than half of them are there."""
    begin, last = max(first, oldest), min(stop, end) - 1
    shift = column(last, sig.shape[1] // 2) - last
    total, count = 0.0, 0
    for k in range(begin, last + 1):
        value = _value(sig, row, k + shift, forward_ml, forward_pa)
        if not math.isnan(value):
            total += value
            count += 1
    if 2 * count < stop - first or count == 0:
        return _NAN
    return total / count


@njit
def side_features(sig, ic, end, forward_ml, forward_pa, windows, out):
    """Differences of window means about one contact.

    Parameters
    ----------
    sig : ndarray, shape (rows, 2 * capacity)
        Mirrored ring, rows as in `imu.kernels.rows`; missing samples are NaN.
    ic : float
        Stream index of the contact.
    end : int
        Samples before this one may be used: the one at which the step is reported, so that the result does not depend
        on how the stream was cut into blocks.
    forward_ml, forward_pa : float
        Forward as a direction of length 1 in the ring's (ml, pa) plane: 0, 1 when the mounting is known, NaN when
        forward is not (rows ML and GYR_PA then give NaN).
    windows : ndarray, shape (k, 5)
        Row of the ring, then plus window and minus window in samples after the contact, half-open.
    out : ndarray, shape (k,)
        Filled with mean over the plus window minus mean over the minus window; NaN where less than half of a window
        is there.
    """
    oldest = max(0, end - sig.shape[1] // 2)
    for w in range(windows.shape[0]):
        row = int(windows[w, W_ROW])
        a = math.floor(ic + windows[w, W_FROM] + 0.5)
        b = math.floor(ic + windows[w, W_TO] + 0.5)
        plus = _mean(sig, row, a, b, oldest, end, forward_ml, forward_pa)
        a = math.floor(ic + windows[w, W_MINUS_FROM] + 0.5)
        b = math.floor(ic + windows[w, W_MINUS_TO] + 0.5)
        minus = _mean(sig, row, a, b, oldest, end, forward_ml, forward_pa)
        out[w] = plus - minus
