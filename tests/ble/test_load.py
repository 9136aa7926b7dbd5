"""Many sensors, and many notifications, lose nothing in our code; `benchmarks.ble_load` is the same for a minute."""

from ble.virtual_radio import VirtualRadio

from benchmarks.ble_load import carry, eight_sensors, one_fast_sensor


def test_eight_sensors_at_208_hz_lose_nothing():
    specs = eight_sensors()
    radio = VirtualRadio(specs)
    load = carry(radio, specs, 4.0)
    radio.close()
    assert load.lost_by_us == load.lost_at_source == 0
    assert abs(load.received - 8 * 4.0 * 208) <= 8 * 8
    assert load.steps > 8 * 4


def test_a_thousand_notifications_a_second_lose_nothing():
    specs = one_fast_sensor()
    radio = VirtualRadio(specs)
    load = carry(radio, specs, 1.0)
    radio.close()
    assert load.lost_by_us == load.lost_at_source == 0
    assert abs(load.notifications - 1000) <= 2
