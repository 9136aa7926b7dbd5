"""A Movesense without IMU6: acceleration and angular rate as two subscriptions, joined by the sensor's own time."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from imu.acquisition.decode import make_decoder
from imu.acquisition.profiles import get_profile
from imu.errors import DecodeError
from imu.types import RawPacket

N = 8
RATE_HZ = 104
ACC, RATES = 0x63, 0x67
NOTIFY = "34800002-7185-4d5d-b431-630e7050e8f0"


def packet(ref: int, k: int, value: float) -> RawPacket:
    """Eight samples that all say `value` along x, one packet after the other; times are whole milliseconds."""
    time_ms = round(5000 + 1000 * k * N / RATE_HZ)
    body = struct.pack("<BBI", 2, ref, time_ms) + np.tile([value, 0.0, 0.0], N).astype("<f4").tobytes()
    return RawPacket(int(1e9 * (k + 1) * N / RATE_HZ) + (ref == RATES), NOTIFY, body)


def decoded(*lost: tuple[int, int], packets: int = 30, first: int = ACC) -> tuple[np.ndarray, int, dict[str, int]]:
    """All samples by index (a hole is NaN), how many count as lost, and the flags."""
    decoder = make_decoder(get_profile("movesense"), {"sensors": 33, "rate_hz": RATE_HZ})
    refs = (ACC, RATES) if first == ACC else (RATES, ACC)
    blocks = []
    for k in range(packets):
        for ref in refs:
            if (k, ref) not in lost:
                blocks += decoder.push(packet(ref, k, 10.0 + k if ref == ACC else 100.0 + k))
    blocks += decoder.flush()
    out = np.full((blocks[-1].stop_index, 6), np.nan)
    for block in blocks:
        out[block.start_index : block.stop_index] = block.samples
    return out, decoder.lost, decoder.flags


def test_each_sample_has_the_angular_rate_of_its_time_whichever_comes_first() -> None:
    k = np.repeat(np.arange(30), N)
    for first in (ACC, RATES):
        samples, lost, flags = decoded(first=first)
        assert lost == 0
        assert flags == {}
        np.testing.assert_array_equal(samples[:, 0], 10.0 + k)
        np.testing.assert_array_equal(samples[:, 3], 100.0 + k)


def test_a_lost_packet_of_either_costs_its_own_samples_alone() -> None:
    k = np.repeat(np.arange(30), N)
    samples, lost, flags = decoded((12, RATES))
    assert lost == 0
    assert flags == {"incomplete": 1}
    np.testing.assert_array_equal(samples[:, 0], 10.0 + k)
    np.testing.assert_array_equal(samples[:, 3], np.where(k == 12, np.nan, 100.0 + k))
    samples, lost, _ = decoded((12, ACC))
    assert lost == N
    np.testing.assert_array_equal(samples[:, 0], np.where(k == 12, np.nan, 10.0 + k))
    np.testing.assert_array_equal(samples[k != 12, 3], 100.0 + k[k != 12])


def test_both_are_subscribed_to_and_let_go_of() -> None:
    profile = get_profile("movesense")
    start = [action.data for action in profile.script("start", sensors=33, rate_hz=208)]
    assert start == [b"\x01\x63/Meas/Acc/208\0", b"\x01\x67/Meas/Gyro/208\0"]
    assert [action.data for action in profile.script("stop", sensors=33)] == [b"\x02\x63", b"\x02\x67"]
    assert [action.data for action in profile.script("stop", sensors=6)] == [b"\x02\x63"]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (39, "is not a number (byte 12 of 0363"),
        (3, "is not a number, in an earlier part of the packet (byte 0 of 0363"),
    ],
)
def test_what_is_wrong_with_a_packet_in_two_parts_is_said_of_the_part_where_it_is(place: int, said: str) -> None:
    values = np.ones(48, dtype="<f4")  # 150 bytes of the body, the time included, are in the first part
    values[place] = np.nan
    body = struct.pack("<I", 5000) + values.tobytes()
    decoder = make_decoder(get_profile("movesense"), {"sensors": 6, "rate_hz": RATE_HZ})
    assert decoder.push(RawPacket(0, NOTIFY, b"\x02\x63" + body[:150])) == []
    with pytest.raises(DecodeError) as caught:
        decoder.push(RawPacket(0, NOTIFY, b"\x03\x63" + body[150:]))
    assert said in str(caught.value)
