"""Rows 4, 5 and 6: the causal filter against scipy and against C."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess

import numpy as np
import pytest
from scipy import signal

from benchmarks.timing import interleave
from imu.kernels.filters import sos_rows

FS, CHANNELS = 208.0, 6
SOS = np.ascontiguousarray(signal.butter(4, 20.0, fs=FS, output="sos"))  # two sections
B, A = signal.sos2tf(SOS)

C_SOURCE = r"""
/* Two sections at once on 8 lanes (6 channels and 2 idle), as wide as the machine's registers allow. */
typedef double lanes __attribute__((vector_size(64), aligned(8)));
void filter(const double *sos, double *zi, const double *x, double *y, long n)
{
    const double b0 = sos[0], b1 = sos[1], b2 = sos[2], a1 = sos[4], a2 = sos[5];
    const double d0 = sos[6], d1 = sos[7], d2 = sos[8], e1 = sos[10], e2 = sos[11];
    lanes p0 = *(lanes *)zi, p1 = *(lanes *)(zi + 8), r0 = *(lanes *)(zi + 16), r1 = *(lanes *)(zi + 24);
    for (long i = 0; i < n; i++) {
        const lanes v = *(const lanes *)(x + 8 * i);
        const lanes o = b0 * v + p0;
        p0 = b1 * v - a1 * o + p1;
        p1 = b2 * v - a2 * o;
        const lanes w = d0 * o + r0;
        r0 = d1 * o - e1 * w + r1;
        r1 = d2 * o - e2 * w;
        *(lanes *)(y + 8 * i) = w;
    }
    *(lanes *)zi = p0;
    *(lanes *)(zi + 8) = p1;
    *(lanes *)(zi + 16) = r0;
    *(lanes *)(zi + 24) = r1;
}
"""


@pytest.mark.parametrize(("block", "gate", "gate_lfilter"), [(8, 25, 5), (64, 15, None), (4096, 3, None)])
def test_against_scipy(gates, show, block, gate, gate_lfilter):
    x = np.random.default_rng(0).normal(size=(CHANNELS, block))
    y = np.empty_like(x)
    repeat = max(1, 2000 // block)
    state = {
        "ours": np.zeros((len(SOS), CHANNELS, 2)),
        "sosfilt": np.zeros((len(SOS), CHANNELS, 2)),
        "lfilter": np.zeros((CHANNELS, len(A) - 1)),
    }
    out = {}

    def ours():
        zi = state["ours"]
        for _ in range(repeat):
            sos_rows(SOS, zi, x, y)
        out["ours"] = y

    def sosfilt():
        for _ in range(repeat):
            out["sosfilt"], state["sosfilt"] = signal.sosfilt(SOS, x, axis=1, zi=state["sosfilt"])

    def lfilter():
        for _ in range(repeat):
            out["lfilter"], state["lfilter"] = signal.lfilter(B, A, x, axis=1, zi=state["lfilter"])

    times = {n: t / repeat for n, t in interleave({"ours": ours, "sosfilt": sosfilt, "lfilter": lfilter}).items()}
    gates.faster("4", f"filter: against sosfilt, block {block}", times, "ours", "sosfilt", gate)
    gates.faster("5", f"filter: against lfilter, block {block}", times, "ours", "lfilter", gate_lfilter)
    np.testing.assert_allclose(out["ours"], out["sosfilt"], atol=1e-12)
    np.testing.assert_allclose(out["ours"], out["lfilter"], atol=1e-9)
    show(ours)


def test_against_c(gates, show, tmp_path):
    what, asked = "filter: in bulk against C with SIMD", "<= 5x"
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        gates.skipped("6", what, asked, "no C compiler here")
        pytest.skip("no C compiler here")
    source, library = tmp_path / "filter.c", tmp_path / "filter.so"
    source.write_text(C_SOURCE)
    flags = ["-O3", "-march=native", "-shared", "-fPIC"]
    built = subprocess.run([compiler, *flags, "-o", library, source], capture_output=True, text=True, check=False)
    if built.returncode:
        gates.skipped("6", what, asked, "the C compiler does not work here")
        pytest.skip(f"the C compiler does not work here: {built.stderr[:200]}")
    pointer = np.ctypeslib.ndpointer(np.float64, flags="C_CONTIGUOUS")
    compiled = ctypes.CDLL(str(library)).filter
    compiled.argtypes = [pointer, pointer, pointer, pointer, ctypes.c_long]
    compiled.restype = None

    n = 4096
    x = np.random.default_rng(0).normal(size=(CHANNELS, n))
    y = np.empty_like(x)
    lanes = np.zeros((n, 8))
    lanes[:, :CHANNELS] = x.T
    out = np.zeros((n, 8))
    zi, zc = np.zeros((2, CHANNELS, 2)), np.zeros((2, 2, 8))

    def ours():
        for _ in range(5):
            sos_rows(SOS, zi, x, y)

    def in_c():
        for _ in range(5):
            compiled(SOS, zc, lanes, out, n)

    times = {name: t / 5 / n for name, t in interleave({"ours": ours, "C": in_c}).items()}
    np.testing.assert_allclose(out[:, :CHANNELS].T, y, atol=1e-12)
    gates.within("6", f"{what} (per sample of six channels)", times, "ours", "C", 5)
    show(ours)
