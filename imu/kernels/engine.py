"""One call per block: level, filter and detect on the detector ring; the hot path of the product."""

from __future__ import annotations

from imu.kernels import rows
from imu.kernels._jit import inner, njit
from imu.kernels.filters import biquad_six, settle
from imu.kernels.foot import N_PARAMS as N_FOOT_PARAMS
from imu.kernels.foot import foot_events
from imu.kernels.level import N_PARAMS as N_LEVEL_PARAMS
from imu.kernels.level import N_STATE as N_LEVEL_STATE
from imu.kernels.level import level
from imu.kernels.ring import ring_mirror
from imu.kernels.sacral import N_FSTATE as N_SACRAL_STATE
from imu.kernels.sacral import N_ISTATE as N_SACRAL_COUNTERS
from imu.kernels.sacral import N_PARAMS as N_SACRAL_PARAMS
from imu.kernels.sacral import sacral_events
from imu.kernels.still import N_FSTATE as N_STILL_STATE
from imu.kernels.still import N_PARAMS as N_STILL_PARAMS
from imu.kernels.walk import N_PARAMS as N_WALK_PARAMS
from imu.kernels.walk import walk_events

# A call from Python costs some 50 ns and more for each array, so the front keeps its numbers in one block of memory,
# cut here into the arrays that the kernels name.
LEVEL_PARAMS = 0
LEVEL_STATE = LEVEL_PARAMS + N_LEVEL_PARAMS
SECTIONS = LEVEL_STATE + N_LEVEL_STATE
FILTER_STATE = SECTIONS + 6 * rows.N_FILTERED
DETECTOR = FILTER_STATE + 2 * rows.N_FILTERED  # from here on: the detector's parameters, then its state

SACRAL_STATE = DETECTOR + N_SACRAL_PARAMS
STILL_PARAMS = SACRAL_STATE + N_SACRAL_STATE
STILL_STATE = STILL_PARAMS + N_STILL_PARAMS
WALK_PARAMS = STILL_STATE + N_STILL_STATE
WALK_STATE = WALK_PARAMS + N_WALK_PARAMS
FOOT_STATE = DETECTOR + N_FOOT_PARAMS

# Integer memory of the front; the detector's follows.
I_PRIMED = 0  # 0 = filters start at the next sample's value
I_SATURATED = 1  # samples at the range limit so far
I_DETECTOR = 2
I_WALK = I_DETECTOR + N_SACRAL_COUNTERS


@inner
def _source(target):
    """Row that a filtered row is made from."""
    if target == rows.DET_PA:
        return rows.PA
    if target == rows.DET_ML:
        return rows.ML
    return rows.IS


@njit
def prepare(samples, head, fs, memory, counters, sig):
    """Level and filter a block of at most one capacity into the detector ring.

    Parameters
    ----------
    samples : ndarray, shape (n, 3) or (n, 6)
    head : int
        Stream index of the first sample.
    fs : float
    memory : ndarray of float64
        Level parameters and state, filter sections and state, at the offsets above.
    counters : ndarray of int64
    sig : ndarray, shape (N_ROWS, 2 * capacity)

    Returns
    -------
    bool
        False when a measured acceleration is not a number: nothing is changed then but columns from `head` on.
    """
    n = samples.shape[0]
    start = head % (sig.shape[1] // 2)
    stop = start + n
    saturated = level(samples, memory[LEVEL_PARAMS:LEVEL_STATE], memory[LEVEL_STATE:SECTIONS], sig, start, fs)
    if saturated < 0:
        return False
    counters[I_SATURATED] += saturated
    if counters[I_PRIMED] == 0 and n > 0:
        for f in range(rows.N_FILTERED):
            at, state = SECTIONS + 6 * f, FILTER_STATE + 2 * f
            settle(memory[at : at + 6], sig[_source(rows.FILTERED + f), start], memory[state : state + 2])
    biquad_six(  # the rows in the order that `_source` says
        memory[SECTIONS:FILTER_STATE],
        memory[FILTER_STATE:DETECTOR],
        (sig[rows.IS, start:stop], sig[rows.ML, start:stop], sig[rows.PA, start:stop]),
        (
            sig[rows.DET_IS, start:stop],
            sig[rows.DET_ML, start:stop],
            sig[rows.DET_PA, start:stop],
            sig[rows.LOAD, start:stop],
            sig[rows.SHOCK, start:stop],
            sig[rows.ACTIVE, start:stop],
        ),
    )
    if n > 0:
        counters[I_PRIMED] = 1
    ring_mirror(sig, head, n)
    return True


@njit
def copy_history(sig, head, n, store):
    """Copy the vertical and the load row of the newest n samples into the display ring (2, 2 * capacity)."""
    kept = store.shape[1] // 2
    first = max(0, n - kept)
    source = head % (sig.shape[1] // 2)  # beyond the capacity stands the mirror
    target = (head + first) % kept - 1
    for k in range(source + first, source + n):
        target = target + 1 if target + 1 < kept else 0
        vertical, load = sig[rows.IS, k], sig[rows.LOAD, k]
        store[0, target] = vertical
        store[0, target + kept] = vertical
        store[1, target] = load
        store[1, target + kept] = load


@njit
def advance_pelvis(samples, head, fs, memory, counters, sig, history, out, live, walked, still):
    """Prepare a block, then run the running and the walking detector of a pelvis sensor over it.

    Returns
    -------
    steps, events, walking, still : int
        Rows written to `out`, `live`, `walked` and `still`; -1, 0, 0, 0 when a sample is not a number (nothing is
        changed then).
    """
    n = samples.shape[0]
    if not prepare(samples, head, fs, memory, counters, sig):
        return -1, 0, 0, 0
    if history.shape[0] > 0:
        copy_history(sig, head, n, history)
    n_steps, n_live = sacral_events(
        sig,
        head,
        n,
        memory[DETECTOR:SACRAL_STATE],
        counters[I_DETECTOR:I_WALK],
        memory[SACRAL_STATE:STILL_PARAMS],
        out,
        live,
    )
    n_walked, n_still = walk_events(
        sig,
        head,
        n,
        fs,
        memory[WALK_PARAMS:WALK_STATE],
        memory[WALK_STATE:],
        counters[I_WALK:],
        walked,
        (memory[STILL_PARAMS:STILL_STATE], memory[STILL_STATE:WALK_PARAMS], still),
    )
    return n_steps, n_live, n_walked, n_still


@njit
def advance_limb(samples, head, fs, memory, counters, sig, history, out, early):
    """Prepare a block, then run the foot and shank detector over it; returns as `advance_pelvis` without walking."""
    n = samples.shape[0]
    if not prepare(samples, head, fs, memory, counters, sig):
        return -1, 0
    if history.shape[0] > 0:
        copy_history(sig, head, n, history)
    return foot_events(
        sig, head, n, fs, memory[DETECTOR:FOOT_STATE], memory[FOOT_STATE:], counters[I_DETECTOR:], out, early
    )
