"""Walking, running or neither: candidates of two detectors become one stream of steps (see `imu.events.activity`).

A queue holds rows of candidates in three stretches: held walking contacts that may turn out to be running ones, the
chain of a run about to begin, the chain of a walk. Counters say how many rows of each are in use.
"""

from __future__ import annotations

import math

from imu.kernels._jit import inner, njit

# Candidate row.
C_IC = 0
C_LOW = 1  # g, lowest vertical before the contact; NaN = unknown
C_REPORT = 2
C_NEXT = 3  # next contact of the same detector where it is known, else NaN
C_AIRBORNE = 4  # 1 = the walking detector alone has seen enough flights for a run
C_ROW = 5  # then the detector's own row
N_CANDIDATE = C_ROW + 16

# Accepted row: what was decided, then the candidate.
A_RUNNING = 0
A_FILLED = 1  # a running step that only the walking detector saw
A_NEXT = 2
A_DECIDED = 3
A_CANDIDATE = 4
N_ACCEPTED = A_CANDIDATE + N_CANDIDATE

# Stretches of the queue.
MAX_HELD = 64  # contacts at least 0.28 s apart wait for 1.3 s: five, and more only where a detector goes astray
MAX_CHAIN = 8
RUN = MAX_HELD
WALK = RUN + MAX_CHAIN
N_QUEUE = WALK + MAX_CHAIN
MAX_ACCEPTED = N_QUEUE + 8

# Counters.
I_HELD = 0
I_RUN = 1
I_WALK = 2
I_INTERVALS = 3
I_FLIGHTS = 4
I_OUT = 5
N_ISTATE = 6

# Float state.
F_LAST = 0  # contact of the last step given out
F_RUN_IC = 1
F_WALK_IC = 2
F_INTERVALS = 3  # of the present run, newest last
N_INTERVALS = 5
F_FLIGHTS = F_INTERVALS + N_INTERVALS  # contacts of the walking detector with a flight before each, in a row
N_FSTATE = F_FLIGHTS + MAX_CHAIN

# Parameters (g and samples; `imu.events.activity` packs them).
P_ENTER = 0
P_STAY = 1
P_CONFIRM = 2
P_RUN_STEP = 3
P_WALK_STEP = 4
P_SAME = 5
P_MISSED = 6
P_WAIT = 7
N_PARAMS = 8

_NAN = float("nan")


@njit
def median_of(values, n):
    """Median of the first n values (n > 0), as `statistics.median`; the values are sorted in place."""
    for a in range(1, n):
        value = values[a]
        b = a - 1
        while b >= 0 and values[b] > value:
            values[b + 1] = values[b]
            b -= 1
        values[b + 1] = value
    half = n // 2
    return values[half] if n % 2 == 1 else (values[half - 1] + values[half]) / 2


@njit
def remember(values, n, value):
    """Append to a short memory of the newest values; returns how many there are."""
    size = values.shape[0]
    if n == size:
        for k in range(size - 1):
            values[k] = values[k + 1]
        n -= 1
    values[n] = value
    return n + 1


@njit
def copy_row(source, target):
    """Copy one row."""
    for c in range(source.shape[0]):
        target[c] = source[c]


@inner
def _drop_held(upto, queue, i):
    """Drop held contacts up to a stream index."""
    kept = 0
    for k in range(i[I_HELD]):
        if queue[k, C_IC] > upto:
            if kept < k:
                copy_row(queue[k], queue[kept])
            kept += 1
    i[I_HELD] = kept


@inner
def _emit(candidate, running, filled, next_ic, decided, f, i, out):
    """Give out a step."""
    f[F_LAST] = candidate[C_IC]
    row = out[min(i[I_OUT], out.shape[0] - 1)]
    row[A_RUNNING], row[A_FILLED], row[A_NEXT], row[A_DECIDED] = running, filled, next_ic, decided
    copy_row(candidate, row[A_CANDIDATE:])
    i[I_OUT] = min(i[I_OUT] + 1, out.shape[0])


@inner
def _accept_walk(w, decided, params, f, i, out):
    if w[C_IC] <= f[F_LAST] + params[P_SAME]:
        return
    f[F_WALK_IC] = w[C_IC]
    _emit(w, 0.0, 0.0, _NAN, decided, f, i, out)


@inner
def _to_walk(w, decided, params, queue, f, i, out):
    """Give a contact to the walk, or to a run that the walking detector alone has seen."""
    ic = w[C_IC]
    if ic <= f[F_LAST] + params[P_SAME]:
        return
    if w[C_AIRBORNE] == 1.0:
        i[I_WALK] = 0
        f[F_RUN_IC] = ic
        _emit(w, 1.0, 1.0, _NAN, decided, f, i, out)
        return
    if ic - f[F_WALK_IC] <= params[P_WALK_STEP]:
        _accept_walk(w, decided, params, f, i, out)
        return
    n = i[I_WALK]
    if n > 0 and ic - queue[WALK + n - 1, C_IC] > params[P_WALK_STEP]:
        n = 0
    copy_row(w, queue[WALK + n])
    i[I_WALK] = n + 1
    if n + 1 >= params[P_CONFIRM]:
        i[I_WALK] = 0
        for k in range(WALK, WALK + n + 1):
            _accept_walk(queue[k], decided, params, f, i, out)


@njit
def due(params, queue, i):
    """Stream index after which the first held contact is decided by time alone; infinite when none is held."""
    if i[I_HELD] == 0:
        return math.inf
    return max(queue[0, C_IC] + params[P_WAIT], queue[0, C_REPORT])


@njit
def release_before(index, params, queue, f, i, out):
    """Give the held contacts to the walk whose wait has ended before `index`."""
    while i[I_HELD] > 0:
        end = due(params, queue, i)
        if end >= index:
            return
        _to_walk(queue[0], end, params, queue, f, i, out)
        _drop_first(queue, i)


@njit
def release_all(now, params, queue, f, i, out):
    """End of the stream: decide what is held; steps short of a bout are dropped."""
    for k in range(i[I_HELD]):
        _to_walk(queue[k], now, params, queue, f, i, out)
    i[I_HELD] = 0


@inner
def _drop_first(queue, i):
    for k in range(1, i[I_HELD]):
        copy_row(queue[k], queue[k - 1])
    i[I_HELD] -= 1


@inner
def _fill(before, after, decided, params, queue, f, i, out):
    """Give out walking contacts that lie in a hole between two running steps."""
    if i[I_INTERVALS] == 0 or i[I_HELD] == 0 or after - before > params[P_WAIT]:
        return
    ordered = queue[N_QUEUE - 1]  # a row that no chain reaches serves as scratch
    for k in range(i[I_INTERVALS]):
        ordered[k] = f[F_INTERVALS + k]
    usual = median_of(ordered, i[I_INTERVALS])
    if after - before < params[P_MISSED] * usual:
        return
    margin = 0.6 * usual
    for k in range(i[I_HELD]):
        ic = queue[k, C_IC]
        if max(before, f[F_LAST]) + margin <= ic <= after - margin:
            last = i[I_OUT] - 1
            if last >= 0 and out[last, A_NEXT] == after:
                out[last, A_NEXT] = ic
            _emit(queue[k], 1.0, 1.0, _NAN, decided, f, i, out)
            f[F_RUN_IC] = ic
    _drop_held(f[F_LAST], queue, i)


@inner
def _accept_run(c, decided, params, queue, f, i, out):
    ic = c[C_IC]
    if ic <= f[F_LAST] + params[P_SAME]:  # given out as a walking step, or as a filled one
        f[F_RUN_IC] = max(f[F_RUN_IC], ic)
        return
    _fill(f[F_RUN_IC], ic, decided, params, queue, f, i, out)
    _drop_held(ic + params[P_SAME], queue, i)
    if ic - f[F_RUN_IC] <= params[P_RUN_STEP]:
        intervals = f[F_INTERVALS : F_INTERVALS + N_INTERVALS]
        i[I_INTERVALS] = remember(intervals, i[I_INTERVALS], ic - f[F_RUN_IC])
    f[F_RUN_IC] = ic
    _emit(c, 1.0, 0.0, c[C_NEXT], decided, f, i, out)
    if not math.isnan(c[C_NEXT]):
        _fill(ic, c[C_NEXT], decided, params, queue, f, i, out)


@njit
def take_running(c, params, queue, f, i, out):
    """Take a candidate of the running detector."""
    release_before(c[C_REPORT], params, queue, f, i, out)
    ic = c[C_IC]
    if ic - f[F_RUN_IC] <= params[P_WAIT]:  # within a run
        if c[C_LOW] <= params[P_STAY]:
            _accept_run(c, c[C_REPORT], params, queue, f, i, out)
        return
    n = i[I_RUN]
    if not c[C_LOW] <= params[P_ENTER]:
        i[I_RUN] = 0
        return
    if n > 0 and ic - queue[RUN + n - 1, C_IC] > params[P_RUN_STEP]:
        n = 0
    copy_row(c, queue[RUN + n])
    i[I_RUN] = n + 1
    if n + 1 < params[P_CONFIRM]:
        return
    i[I_RUN] = 0
    first = queue[RUN, C_IC]
    while i[I_HELD] > 0 and queue[0, C_IC] < first - params[P_SAME]:
        _to_walk(queue[0], c[C_REPORT], params, queue, f, i, out)
        _drop_first(queue, i)
    before = i[I_WALK]
    i[I_WALK] = 0
    if before > 0 and first - queue[WALK + before - 1, C_IC] <= params[P_RUN_STEP]:
        # the first step into a run has no flight before it
        _accept_walk(queue[WALK + before - 1], c[C_REPORT], params, f, i, out)
    i[I_INTERVALS] = 0
    for k in range(RUN, RUN + n + 1):
        _accept_run(queue[k], c[C_REPORT], params, queue, f, i, out)


@njit
def take_walking(w, params, queue, f, i, out):
    """Take a candidate of the walking detector."""
    release_before(w[C_REPORT], params, queue, f, i, out)
    if w[C_IC] <= f[F_LAST] + params[P_SAME]:
        return
    if i[I_HELD] == MAX_HELD:  # cannot happen with contacts that are apart
        _to_walk(queue[0], w[C_REPORT], params, queue, f, i, out)
        _drop_first(queue, i)
    n = i[I_HELD]
    copy_row(w, queue[n])
    queue[n, C_AIRBORNE] = 0.0
    i[I_HELD] = n + 1
    _note_flight(w[C_IC], w[C_LOW], params, queue, f, i)
    if w[C_IC] - f[F_RUN_IC] <= params[P_WAIT] or not w[C_LOW] > params[P_STAY] or n >= params[P_CONFIRM]:
        return
    for k in range(n + 1):  # no flight, and too few with one before it to be a run
        _to_walk(queue[k], w[C_REPORT], params, queue, f, i, out)
    i[I_HELD] = 0


@inner
def _note_flight(ic, low, params, queue, f, i):
    """See a run by the walking detector alone, for when losses keep the running detector from it."""
    confirm = int(params[P_CONFIRM])
    n = i[I_FLIGHTS]
    limit = params[P_STAY] if n >= confirm else params[P_ENTER]
    if n > 0 and ic - f[F_FLIGHTS + n - 1] > params[P_RUN_STEP]:
        n = 0
    if not low <= limit:
        i[I_FLIGHTS] = 0
        return
    n = remember(f[F_FLIGHTS : F_FLIGHTS + confirm + 1], n, ic)
    i[I_FLIGHTS] = n
    if n < confirm:
        return
    for k in range(i[I_HELD]):
        for j in range(n):
            if queue[k, C_IC] == f[F_FLIGHTS + j] and queue[k, C_IC] > f[F_LAST]:
                queue[k, C_AIRBORNE] = 1.0
