"""The packet code that goes into firmware: compiled with the host's compiler, its bytes read through the profile."""

import ctypes
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest

import firmware_profiles
from firmware_profiles import open_codec
from imu.acquisition.decode import make_decoder
from imu.types import RawPacket

SOURCE = Path(firmware_profiles.__file__).parent / "open_packet"
PROFILE = firmware_profiles.get("open_packet")
UUID = PROFILE.gatt.notify[0]


class Packet(ctypes.Structure):
    _fields_ = (("counter", ctypes.c_uint16), ("samples", ctypes.c_uint8), ("n", ctypes.c_uint8),
                ("bytes", ctypes.c_uint8 * 224))  # fmt: skip


class Config(ctypes.Structure):
    _fields_ = (("rate_hz", ctypes.c_uint16), ("acc_range_g", ctypes.c_uint16), ("gyr_range_dps", ctypes.c_uint16),
                ("start", ctypes.c_uint8))  # fmt: skip


Triple = ctypes.c_int16 * 3


@pytest.fixture(scope="module")
def firmware(tmp_path_factory):
    compiler = next((c for c in ("cc", "gcc", "clang") if shutil.which(c)), None)
    if compiler is None:
        pytest.skip("there is no C compiler on this machine")
    library = tmp_path_factory.mktemp("c") / "open_packet.so"
    flags = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-shared", "-fPIC"]
    done = subprocess.run(
        [compiler, *flags, "-o", str(library), str(SOURCE / "open_packet.c")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = ctypes.CDLL(str(library))
    loaded.open_packet_add.restype = ctypes.c_size_t
    loaded.open_packet_counts.restype = ctypes.c_int16
    loaded.open_packet_counts.argtypes = [ctypes.c_int32, ctypes.c_float, ctypes.c_float]
    loaded.open_packet_samples_for_mtu.restype = ctypes.c_uint8
    return loaded


def stream(firmware, values, per_packet, *, first_us=0, period_us=4808):
    packet = Packet()
    firmware.open_packet_begin(ctypes.byref(packet), per_packet)
    for i, row in enumerate(values.tolist()):
        t_us = ctypes.c_uint32((first_us + i * period_us) % 2**32)
        length = firmware.open_packet_add(ctypes.byref(packet), t_us, Triple(*row[:3]), Triple(*row[3:]))
        if length:
            yield bytes(packet.bytes[:length])


def test_what_the_firmware_writes_is_what_the_profile_reads(firmware):
    values = np.random.default_rng(3).integers(-32768, 32768, (18 * 5, 6))
    codec = open_codec(PROFILE, acc_range_g=16)
    readings = [r for data in stream(firmware, values, 18) for r in codec.decode(UUID, data)]
    assert [r.counter for r in readings] == [0, 1, 2, 3, 4]
    assert [r.ticks for r in readings] == [i * 18 * 4808 for i in range(5)]
    got = np.concatenate([r.samples for r in readings])
    np.testing.assert_allclose(got, values * ([16 * 9.80665 / 32768] * 3 + [2000 / 32768] * 3), rtol=1e-12)


def test_counter_and_time_roll_over_without_a_gap(firmware):
    values = np.zeros((65600, 6), dtype=np.int64)
    decoder = make_decoder(PROFILE)
    total = 0
    for i, data in enumerate(stream(firmware, values, 1, first_us=2**32 - 10**6)):
        for block in decoder.push(RawPacket(i * 4_808_000, UUID, data)):
            total += len(block.samples)
    assert (total, decoder.lost, decoder.errors, decoder.restarts) == (65600, 0, 0, 0)


def test_configuration_sizes_and_saturation(firmware):
    config = Config()
    (start,) = PROFILE.command_bytes("start", rate_hz=416, acc_range_g=8)
    assert firmware.open_packet_read_config(ctypes.byref(config), start, len(start)) == 1
    assert (config.rate_hz, config.acc_range_g, config.gyr_range_dps, config.start) == (416, 8, 2000, 1)
    for wrong in (start[:-1], start + b"\0", start[:-1] + b"\2", struct.pack("<HHHB", 0, 8, 2000, 1)):
        assert firmware.open_packet_read_config(ctypes.byref(config), wrong, len(wrong)) == 0
    assert [firmware.open_packet_samples_for_mtu(m) for m in (22, 23, 107, 247, 517)] == [0, 1, 8, 18, 18]
    assert firmware.open_packet_counts(1000, 16.0, 8.0) == 2000
    assert firmware.open_packet_counts(32767, 16.0, 8.0) == 32767
    assert firmware.open_packet_counts(-32768, 16.0, 8.0) == -32768
