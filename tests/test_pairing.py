"""Angular rate joined to acceleration by time: the quick way gives what a search through all of them gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_profiles.pairing import TimePairing

PERIOD = 1000


def nearest(times, rate_times, rates):
    """Look at every angular rate for every sample."""
    out = np.full((len(times), 3), np.nan)
    for i, time in enumerate(times):
        apart = np.abs(rate_times - time)
        if len(apart) and apart.min() <= PERIOD // 2 + 1:
            out[i] = rates[int(np.argmin(apart))]
    return out


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 14000)), min_size=1, max_size=5),
    st.integers(1, 12),
    st.integers(-6000, 40000),
)
def test_each_sample_gets_the_angular_rate_nearest_in_time(packets, n, at):
    pairing = TimePairing(PERIOD)
    last = 20000
    for k, (size, step) in enumerate(packets):
        last += step
        pairing.add_rates(last, np.arange(3.0 * size).reshape(size, 3) + 100 * k)
    rate_times, rates = pairing._times.copy(), pairing._rates.copy()
    times = 20000 + at - PERIOD * np.arange(n - 1, -1, -1)
    pairing.add_acceleration(int(times[-1]), np.ones((n, 3)))
    [(tick, samples)] = pairing.ready(all_of_them=True)
    assert tick == times[-1]
    np.testing.assert_array_equal(samples[:, :3], 1.0)
    np.testing.assert_array_equal(samples[:, 3:], nearest(times, rate_times, rates))


def test_packets_that_run_in_step_go_the_quick_way():
    pairing = TimePairing(PERIOD)
    pairing._nearest_slowly = None  # would fail
    for k in range(1, 20):
        pairing.add_rates(8 * PERIOD * k + 90, np.full((8, 3), float(k)))
        pairing.add_acceleration(8 * PERIOD * k, np.zeros((8, 3)))
        [(_, samples)] = pairing.ready()
        np.testing.assert_array_equal(samples[:, 3:], k)
