"""Causal second-order sections; equal to scipy.signal.sosfilt, with the state in local scalars."""

from __future__ import annotations

from imu.kernels._jit import njit


@njit
def biquad_row(sos, z, x, y):
    """Filter one row through one section (transposed direct form II); x and y may be the same array.

    Parameters
    ----------
    sos : ndarray, shape (6,)
        b0 b1 b2 1 a1 a2, as scipy.
    z : ndarray, shape (2,)
        State, updated in place.
    x, y : ndarray, shape (n,)
    """
    b0, b1, b2, a1, a2 = sos[0], sos[1], sos[2], sos[4], sos[5]
    z0, z1 = z[0], z[1]
    for i in range(x.shape[0]):
        value = x[i]
        out = b0 * value + z0
        z0 = b1 * value - a1 * out + z1
        z1 = b2 * value - a2 * out
        y[i] = out
    z[0] = z0
    z[1] = z1


@njit
def sos_rows(sos, zi, x, y):
    """Filter several channels through a cascade.

    Parameters
    ----------
    sos : ndarray, shape (sections, 6)
    zi : ndarray, shape (sections, channels, 2)
        State, updated in place.
    x, y : ndarray, shape (channels, n)
        y is written; it may be x.
    """
    for c in range(x.shape[0]):
        biquad_row(sos[0], zi[0, c], x[c], y[c])
        for s in range(1, sos.shape[0]):
            biquad_row(sos[s], zi[s, c], y[c], y[c])


@njit
def settle(sos, value, z):
    """Set the state of one section as if `value` had stood there for ever (scipy's sosfilt_zi times value)."""
    b0, b1, b2, a1, a2 = sos[0], sos[1], sos[2], sos[4], sos[5]
    out = value * (b0 + b1 + b2) / (1.0 + a1 + a2)
    z[1] = b2 * value - a2 * out
    z[0] = b1 * value - a1 * out + z[1]
