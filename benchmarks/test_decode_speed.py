"""Row 10: bytes to SI columns, against np.frombuffer and, for 24-bit values, against what numpy can do."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.timing import interleave
from imu.acquisition.decode import make_decoder
from imu.acquisition.profiles import get_profile
from imu.acquisition.simulator import PROFILE, Simulation, simulate_packets
from imu.constants import NS_PER_S
from imu.kernels import decode as kernel
from imu.types import RawPacket
from tests.test_codec_fuzz import FORMS, make

REPEAT = 200
PACKETS = 1000


def plan_of(value_bytes: int) -> np.ndarray:
    plan = np.full(kernel.COLUMNS + 6, -1, dtype=np.int64)
    plan[kernel.CHANNELS], plan[kernel.VALUE_BYTES] = 6, value_bytes
    plan[kernel.COLUMNS : kernel.COLUMNS + 6] = np.arange(6)
    return plan


def test_sixteen_bit_packets(gates, show):
    packets, _ = simulate_packets(Simulation(), 60.0)
    packets = packets[: 1 + REPEAT]
    scales = make_decoder(get_profile(PROFILE))._codec.scales
    header = len(packets[0].payload) - 8 * 6 * 2
    payloads = [p.payload for p in packets[1:]]
    plan, out = plan_of(2), np.empty((8, 6))
    result = {}

    def whole():
        decoder = make_decoder(get_profile(PROFILE))
        decoder.push(packets[0])
        push = decoder.push
        for packet in packets[1:]:
            result["ours"] = push(packet)[0].samples

    def kernel_alone():
        decode = kernel.decode_records
        for payload in payloads:
            decode(payload, header, 8, plan, scales, out)

    def frombuffer():
        for payload in payloads:
            result["numpy"] = np.frombuffer(payload, "<i2", offset=header).reshape(-1, 6) * scales

    variants = {"decoder": whole, "kernel": kernel_alone, "frombuffer": frombuffer}
    times = {n: t / REPEAT for n, t in interleave(variants).items()}
    np.testing.assert_array_equal(result["ours"], result["numpy"])
    np.testing.assert_array_equal(out, result["numpy"])
    gates.within("10", "decode: records of 100 B against np.frombuffer x scale", times, "kernel", "frombuffer", 0.5)
    gates.within("10", "... the decoder with counter, clock and loss checked", times, "decoder", "frombuffer", None)
    show(whole)


def test_twenty_four_bit_values(gates, show):
    n = 8
    raw = np.random.default_rng(0).integers(0, 256, n * 18).astype(np.uint8)
    payload = raw.tobytes()
    scales = np.full(6, 0.001)
    plan, out = plan_of(3), np.empty((n, 6))
    result = {}

    def ours():
        decode = kernel.decode_records
        for _ in range(REPEAT):
            decode(payload, 0, n, plan, scales, out)

    def with_numpy():
        for _ in range(REPEAT):
            b = np.frombuffer(payload, np.uint8).reshape(-1, 3).astype(np.int32)
            value = b[:, 0] | b[:, 1] << 8 | b[:, 2] << 16
            value = np.where(value >= 1 << 23, value - (1 << 24), value)
            result["numpy"] = value.reshape(-1, 6) * scales

    times = {name: t / REPEAT for name, t in interleave({"ours": ours, "numpy": with_numpy}).items()}
    np.testing.assert_array_equal(out, result["numpy"])
    gates.within("10", "decode: 24-bit values against numpy", times, "ours", "numpy", 0.3)
    show(ours)


@pytest.mark.parametrize("form", FORMS)
def test_codecs(form, gates, show):
    """Time of each profile's codec per notification, against the least that numpy needs for eight samples."""
    codec, reading, _, _ = make(form)
    sent = codec.encode(reading._replace(samples=reading.samples * 0.25))  # as in running: seldom near full scale
    eight, scales = bytes(96), np.ones(6)
    result = {}

    def ours():
        for _ in range(REPEAT):
            for characteristic, data in sent:
                result["ours"] = codec.decode(characteristic, data)

    def frombuffer():
        for _ in range(REPEAT * len(sent)):
            result["numpy"] = np.frombuffer(eight, "<i2").reshape(-1, 6) * scales

    times = {n: t / REPEAT / len(sent) for n, t in interleave({"codec": ours, "frombuffer": frombuffer}).items()}
    gates.within("10", f"decode: one notification of {form}", times, "codec", "frombuffer", None)
    show(ours)


def stream(form, seconds=None):
    """The notifications of so much running (else of `PACKETS` packets), nothing lost, as the device would send them."""
    name, options, n, _, _ = FORMS[form]
    profile = get_profile(name)
    codec, reading, _, _ = make(form)
    clock, rate = profile.clock, codec.sampling_rate_hz
    packets = []
    for k in range(PACKETS if seconds is None else round(seconds * rate / n)):
        ticks = None
        if clock.tick_s is not None:
            ticks = round((k * n + (n - 1 if clock.stamps == "last" else 0)) / rate / clock.tick_s)
        # As in running: seldom near full scale; no two packets alike.
        sent = codec.encode(reading._replace(samples=reading.samples * (0.2 + 0.1 * (k % 7)), counter=k, ticks=ticks))
        packets += [RawPacket(round((k + 1) * n / rate * NS_PER_S), *item) for item in sent]
    return profile, options, packets


@pytest.mark.parametrize("form", FORMS)
def test_decoders(form, gates, show):
    """Time of each profile per notification on its whole way: codec, order, loss, sample clock; blocks come out."""
    profile, options, packets = stream(form)
    n, eight, scales = FORMS[form][2], bytes(96), np.ones(6)
    result = {}

    def ours():
        decoder = make_decoder(profile, options)
        push = decoder.push
        for packet in packets:
            push(packet)
        decoder.flush()
        result["ours"] = decoder

    def frombuffer():
        for _ in packets:
            result["numpy"] = np.frombuffer(eight, "<i2").reshape(-1, 6) * scales

    measured = interleave({"decoder": ours, "frombuffer": frombuffer}, seconds=4.0)
    decoder = result["ours"]
    assert (decoder.lost, decoder.errors, decoder.duplicates, decoder.late, decoder.restarts) == (0, 0, 0, 0, 0)
    assert decoder.received == PACKETS * n
    times = {name: t / len(packets) for name, t in measured.items()}
    name = f"decoder: one notification of {form}, {PACKETS * n / len(packets):g} samples"
    gates.within("10", name, times, "decoder", "frombuffer", None)
    eight_samples = {name: t / (PACKETS * n) * 8 for name, t in measured.items()}
    gates.within("10", f"... the same per eight samples of {form}", eight_samples, "decoder", "frombuffer", None)
    show(ours, rounds=1)
