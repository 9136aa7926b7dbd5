"""The link when it cannot be had: back-off, its reasons, its end, and how it is cancelled. No radio at all here."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from imu.acquisition import link as link_module
from imu.acquisition.ble import BleakTransport
from imu.acquisition.link import BACK_OFF_S, Link, Target
from imu.acquisition.profiles import get_profile
from imu.acquisition.transport import Advert
from imu.acquisition.virtual.warp import WarpLoop
from imu.errors import (
    DeviceBusyError,
    DeviceError,
    DeviceLostError,
    DeviceNotFoundError,
    DevicePermissionError,
    NoAdapterError,
    WrongDeviceError,
)
from imu.types import LINK_RESTORED, LinkState

PROFILE = get_profile("open_packet")
TARGET = Target(Advert(None, "A0", "Stride 01", rssi_dbm=-60), PROFILE, PROFILE.choose())
DATA = PROFILE.gatt.notify[0]
FOREVER = None


class FakeConnection:
    """Streams once told to, until it is dropped."""

    def __init__(self, radio, on_lost):
        self.radio = radio
        self.on_lost = on_lost
        self.characteristics = frozenset({DATA, PROFILE.gatt.write})
        self.on_data = None
        self.let_go = False
        self._task = None

    async def read(self, characteristic):
        raise DeviceLostError("nothing to read")

    async def write(self, characteristic, data, *, response):
        if data[6]:
            self._task = asyncio.ensure_future(self._stream())
        elif self._task:
            self._task.cancel()

    async def subscribe(self, characteristic, on_data):
        self.on_data = on_data

    async def disconnect(self):
        self.let_go = True
        if self._task:
            self._task.cancel()

    def drop(self):
        if self._task:
            self._task.cancel()
        self.on_lost()

    async def _stream(self):
        while True:
            self.on_data(self.radio.now_ns(), b"\x01\x00packet")
            await asyncio.sleep(0.04)


class FakeRadio:
    """Connects, or fails as it is told."""

    def __init__(self):
        self.failing = None
        self.hanging = False
        self.advertises = True
        self.attempts_s = []
        self.connections = []
        self.scanning = 0

    def now_ns(self):
        return round(asyncio.get_running_loop().time() * 1e9)

    @asynccontextmanager
    async def scan(self, on_advert):
        self.scanning += 1
        try:
            if self.advertises:
                on_advert(Advert(None, "A0", None, rssi_dbm=-70))
            yield
        finally:
            self.scanning -= 1

    async def connect(self, advert, on_lost, *, patience_s=None):
        self.patience_s = patience_s
        self.attempts_s.append(asyncio.get_running_loop().time())
        if self.hanging:
            await asyncio.Event().wait()
        if self.failing is not None:
            raise self.failing
        self.connections.append(FakeConnection(self, on_lost))
        return self.connections[-1]


def in_virtual_time(work):
    with asyncio.Runner(loop_factory=WarpLoop) as runner:
        return runner.run(work)


async def linked(radio, packets):
    """A link that has been streaming for a second."""
    link = Link(radio, TARGET)
    task = asyncio.ensure_future(link.run(packets.append))
    await asyncio.sleep(1.0)
    assert link.report.state is LinkState.STREAMING
    return link, task


async def ended(task):
    task.cancel()
    started = asyncio.get_running_loop().time()
    with pytest.raises(asyncio.CancelledError):
        await task
    return asyncio.get_running_loop().time() - started


def test_the_back_off_grows_to_four_seconds_and_no_further_and_the_link_comes_back():
    async def main():
        radio, packets = FakeRadio(), []
        link, task = await linked(radio, packets)
        radio.failing = DeviceNotFoundError("It is no longer there.")
        radio.connections[0].drop()
        await asyncio.sleep(60.0)
        waits = [b - a for a, b in zip(radio.attempts_s[1:], radio.attempts_s[2:], strict=False)]
        assert waits[:4] == pytest.approx(BACK_OFF_S[1:], abs=0.01)
        assert waits[4:] == pytest.approx([BACK_OFF_S[-1]] * len(waits[4:]), abs=0.01)
        assert len(waits) >= 14
        radio.failing = None
        await asyncio.sleep(5.0)
        assert link.report.state is LinkState.STREAMING
        assert link.report.detail == ""
        assert link.report.reconnects == 1
        assert link.report.rssi_dbm == -70  # of the fresh scan
        assert [p.characteristic for p in packets].count(LINK_RESTORED) == 1
        assert all(c.let_go for c in radio.connections[:-1])
        assert await ended(task) < 0.1

    in_virtual_time(main())


def test_after_a_loss_the_back_off_begins_anew():
    async def main():
        radio = FakeRadio()
        _, task = await linked(radio, [])
        for _ in range(3):
            radio.connections[-1].drop()
            await asyncio.sleep(20.0)
        waits = radio.attempts_s[1:]
        assert [round(a - (1.0 + 20.0 * i), 2) for i, a in enumerate(waits)] == [BACK_OFF_S[0]] * 3
        await ended(task)

    in_virtual_time(main())


REASONS = [
    DeviceBusyError("Stride 01 is held by another program or phone."),
    NoAdapterError("Bluetooth is switched off."),
    DeviceNotFoundError("Stride 01 is no longer there."),
    DeviceLostError("Stride 01 does not answer."),
]


@pytest.mark.parametrize("reason", REASONS, ids=lambda r: r.code)
def test_the_reason_is_shown_while_it_tries_again_and_it_goes_on_trying(reason):
    async def main():
        radio = FakeRadio()
        link, task = await linked(radio, [])
        radio.failing = reason
        radio.connections[0].drop()
        await asyncio.sleep(0.1)
        assert link.report.state is LinkState.RECONNECTING
        assert link.report.detail == "The link to Stride 01 broke. Connecting again (attempt 1)."
        await asyncio.sleep(2.0)
        assert link.report.state is LinkState.RECONNECTING
        assert link.report.detail.startswith(f"{reason.message} Connecting again (attempt ")
        await asyncio.sleep(600.0)
        assert not task.done()
        radio.failing = None
        await asyncio.sleep(5.0)
        assert link.report.state is LinkState.STREAMING
        await ended(task)

    in_virtual_time(main())


def test_a_sensor_that_stays_away_for_half_an_hour_ends_the_link_with_the_reason():
    async def main():
        radio = FakeRadio()
        link, task = await linked(radio, [])
        radio.failing = REASONS[2]
        radio.connections[0].drop()
        await asyncio.sleep(1790.0)
        assert not task.done()
        await asyncio.sleep(20.0)
        assert task.exception() is radio.failing
        assert link.report.state is LinkState.FAILED
        assert link.report.detail == str(radio.failing)

    in_virtual_time(main())


@pytest.mark.parametrize(
    ("reason", "attempts"),
    [
        (DevicePermissionError("not allowed"), 1),
        (WrongDeviceError("another sensor"), 1),
        (NoAdapterError("switched off"), 1),
        (DeviceBusyError("held"), 4),
        (DeviceNotFoundError("gone"), 4),
        (DeviceLostError("silent"), 4),
    ],
    ids=lambda x: getattr(x, "code", x),
)
def test_what_cannot_be_had_at_first_is_given_up_soon(reason, attempts):
    async def main():
        radio = FakeRadio()
        radio.failing = reason
        link = Link(radio, TARGET)
        with pytest.raises(type(reason)):
            await link.run(lambda _: None)
        assert len(radio.attempts_s) == attempts
        assert link.report.state is LinkState.FAILED
        assert asyncio.get_running_loop().time() < 10.0

    in_virtual_time(main())


def test_a_permission_that_is_withdrawn_ends_the_link():
    async def main():
        radio = FakeRadio()
        _, task = await linked(radio, [])
        radio.failing = DevicePermissionError("not allowed")
        radio.connections[0].drop()
        await asyncio.sleep(1.0)
        assert task.exception() is radio.failing

    in_virtual_time(main())


@pytest.mark.parametrize("while_it", ["backs off", "scans", "connects", "streams"])
def test_it_can_be_cancelled_at_any_moment_and_lets_go_of_everything(while_it):
    async def main():
        radio = FakeRadio()
        _, task = await linked(radio, [])
        if while_it != "streams":
            radio.failing = DeviceNotFoundError("gone")
            radio.advertises = while_it != "scans"
            radio.hanging = while_it == "connects"
            radio.connections[0].drop()
            await asyncio.sleep(7.3)
        assert radio.scanning == (while_it == "scans")
        assert await ended(task) < 0.1
        assert radio.scanning == 0
        assert all(c.let_go for c in radio.connections)
        before = len(radio.attempts_s)
        await asyncio.sleep(60.0)
        assert len(radio.attempts_s) == before

    in_virtual_time(main())


def test_a_sensor_that_does_not_advertise_is_tried_all_the_same():
    """Some stop advertising while another host remembers them; the old handle may still work."""

    async def main():
        radio = FakeRadio()
        link, task = await linked(radio, [])
        radio.advertises = False
        radio.connections[0].drop()
        await asyncio.sleep(link_module._FIND_S + 2.0)
        assert link.report.state is LinkState.STREAMING
        assert radio.patience_s == link_module._UNSEEN_S  # another one may wait for its turn
        radio.advertises = True
        radio.connections[-1].drop()
        await asyncio.sleep(2.0)
        assert radio.patience_s is None
        await ended(task)

    in_virtual_time(main())


Reason = BleakBluetoothNotAvailableReason
SENSOR_TROUBLES = [
    (BleakDBusError("org.bluez.Error.InProgress", ["busy"]), DeviceBusyError, "held by another program or phone"),
    (BleakError("Could not start notify: Access Denied"), DeviceBusyError, "held by another program or phone"),
    (BleakDBusError("org.bluez.Error.NotPermitted", ["Notify acquired"]), DeviceBusyError, "held by another"),
    (BleakBluetoothNotAvailableError("", Reason.POWERED_OFF), NoAdapterError, "Bluetooth is switched off"),
    (BleakDBusError("org.bluez.Error.NotReady", ["Resource Not Ready"]), NoAdapterError, "Bluetooth is switched off"),
    (BleakBluetoothNotAvailableError("", Reason.NO_BLUETOOTH), NoAdapterError, "no Bluetooth adapter"),
    (BleakError("adapter 'hci0' not found"), NoAdapterError, "no Bluetooth adapter"),
    (BleakBluetoothNotAvailableError("", Reason.DENIED_BY_USER), DevicePermissionError, "does not let this program"),
    (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), DevicePermissionError, "does not let this program"),
    (ConnectionRefusedError(111, "refused"), NoAdapterError, "Bluetooth service does not run"),
    (BleakDeviceNotFoundError("A0"), DeviceNotFoundError, "Stride 01 is no longer there"),
    (TimeoutError(), DeviceLostError, "Stride 01 does not answer"),
    (BleakDBusError("org.bluez.Error.Failed", ["le-connection-abort-by-local"]), DeviceLostError, "Stride 01 broke"),
    (
        BleakGATTProtocolError(BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION),
        WrongDeviceError,
        "wants to be paired first",
    ),
    (BleakError("something new"), DeviceError, "could not be used (something new)"),
]


@pytest.mark.parametrize(("error", "kind", "words"), SENSOR_TROUBLES, ids=str)
def test_each_trouble_with_a_sensor_is_one_clear_sentence_with_what_to_do(error, kind, words):
    class Broken:
        """A back end that cannot connect."""

        def __init__(self, *_, **__):
            self.disconnected = 0

        async def connect(self, *_, **__):
            raise error

        async def disconnect(self):
            self.disconnected += 1

    transport = BleakTransport(client_backend=Broken)
    with pytest.raises(DeviceError) as caught:
        in_virtual_time(transport.connect(TARGET.advert, lambda: None))
    assert type(caught.value) is kind
    assert words in caught.value.message
    assert caught.value.message.endswith(".")
    assert caught.value.hint.endswith((".", "."))
