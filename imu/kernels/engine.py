"""One call per block: level, filter and detect on the detector ring; the hot path of the product."""

from __future__ import annotations

from imu.kernels import rows
from imu.kernels._jit import njit
from imu.kernels.filters import biquad_row, settle
from imu.kernels.level import all_finite, level
from imu.kernels.ring import ring_mirror
from imu.kernels.sacral import sacral_events

# Integer state of the engine.
E_PRIMED = 0  # 0 = filters start at the next sample's value
E_SATURATED = 1  # samples at the range limit so far
N_ENGINE = 2


@njit
def prepare(samples, head, fs, level_params, level_state, sos, z, engine, sig):
    """Level and filter a block of at most one capacity into the detector ring.

    Parameters
    ----------
    samples : ndarray, shape (n, 3) or (n, 6)
    head : int
        Stream index of the first sample.
    fs : float
    level_params, level_state : ndarray
    sos : ndarray, shape (N_FILTERED, 6)
        One section for each filtered row.
    z : ndarray, shape (N_FILTERED, 2)
    engine : ndarray of int64
    sig : ndarray, shape (N_ROWS, 2 * capacity)
    """
    n = samples.shape[0]
    start = head % (sig.shape[1] // 2)
    engine[E_SATURATED] += level(samples, level_params, level_state, sig, start, fs)
    stop = start + n
    for f in range(rows.N_FILTERED):
        target = rows.FILTERED + f
        source = rows.IS
        if target == rows.DET_PA:
            source = rows.PA
        elif target == rows.DET_ML:
            source = rows.ML
        if engine[E_PRIMED] == 0 and n > 0:
            settle(sos[f], sig[source, start], z[f])
        biquad_row(sos[f], z[f], sig[source, start:stop], sig[target, start:stop])
    if n > 0:
        engine[E_PRIMED] = 1
    ring_mirror(sig, head, n)


@njit
def copy_history(sig, head, n, store):
    """Copy the vertical and the load row of the newest n samples into the display ring (2, 2 * capacity)."""
    capacity = sig.shape[1] // 2
    kept = store.shape[1] // 2
    for k in range(head + max(0, n - kept), head + n):
        source = k % capacity
        target = k % kept
        vertical, load = sig[rows.IS, source], sig[rows.LOAD, source]
        store[0, target] = vertical
        store[0, target + kept] = vertical
        store[1, target] = load
        store[1, target + kept] = load


@njit
def advance_sacral(
    samples, head, fs, level_params, level_state, sos, z, engine, sig, history, params, istate, fstate, out, live
):
    """Prepare a block, then run the running detector at the pelvis over it.

    Returns
    -------
    steps, events : int
        Rows written to `out` and `live`; -1, 0 when a sample is not a number (nothing is changed then).
    """
    if not all_finite(samples, level_params):
        return -1, 0
    n = samples.shape[0]
    prepare(samples, head, fs, level_params, level_state, sos, z, engine, sig)
    if history.shape[0] > 0:
        copy_history(sig, head, n, history)
    return sacral_events(sig, head, n, params, istate, fstate, out, live)
