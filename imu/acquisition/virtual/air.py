"""The air between bumble's controllers: connection events, full queues, and everything that can go wrong on the way.

bumble's own link hands every packet over at once and acknowledges it at once: infinitely fast, never late, never lost.
Here data leave at connection events, and the sender is told only when they have left, so that a sensor sees its queue
fill as real firmware does. `Weather` says, for each sensor, how bad the air is.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from bumble import hci, ll
from bumble.controller import Connection, Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink

Mangle = Callable[[int, bytes], list[tuple[float, bytes]]]
"""(number of the notification, value) -> what arrives instead: (seconds later, value) each; [] = lost."""

_ATT: Final = b"\x04\x00"
_PUSHED: Final = (0x1B, 0x1D)
"""ATT opcodes of notification and indication: Bluetooth Core Specification 5.4, Vol 3 Part F 3.4.7."""
_SILENT_EVENT_S: Final = 0.0075


@dataclass
class Weather:
    """How the radio treats one sensor; may be changed while it runs.

    Attributes
    ----------
    interval_s : float or None
        Connection interval; None = everything passes at once.
    packets_per_event : int
        What leaves in one connection event, in each direction.
    out_of_range : bool
        Nothing passes; both ends notice after `supervision_s`.
    mangle : callable or None
        Changes notifications on their way.
    """

    interval_s: float | None = None
    packets_per_event: int = 6
    out_of_range: bool = False
    supervision_s: float = 2.0
    mangle: Mangle | None = None


class _Parcel(NamedTuple):
    sender: AirController
    connection: Connection
    pdu: bytes | None


class _Path:
    """What waits for the next connection event of one sensor."""

    def __init__(self) -> None:
        self.waiting: deque[_Parcel] = deque()
        self.timer: asyncio.TimerHandle | None = None
        self.silent_since: float | None = None
        self.notified = 0


class Air(LocalLink):
    """Carries data between the controllers that are added to it."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.weather: dict[str, Weather] = defaultdict(Weather)
        self._paths: dict[str, _Path] = defaultdict(_Path)
        self._assembled: bytes | None = None

    def submit(self, sender: AirController, connection: Connection, packet: hci.HCI_AclDataPacket) -> None:
        """Take a fragment from a host; it leaves now or at a connection event."""
        self._assembled = None
        connection.assembler.feed_packet(packet)  # calls send_acl_data when a whole PDU is there
        parcel = _Parcel(sender, connection, self._assembled)
        key = _sensor(connection)
        weather, path = self.weather[key], self._paths[key]
        if weather.interval_s is None and not weather.out_of_range and not path.waiting:
            self._leave(key, parcel)
            return
        path.waiting.append(parcel)
        self._arm(key)

    def send_acl_data(
        self, sender_controller: Controller, destination_address: hci.Address, transport: Any, data: bytes
    ) -> None:
        """Take a whole PDU from the assembler, within `submit`."""
        self._assembled = data

    def send_ll_control_pdu(self, sender_address: hci.Address, receiver_address: hci.Address, packet: Any) -> None:
        """Link control passes unless the sensor is out of range."""
        keys = (sender_address.to_string(False), receiver_address.to_string(False))
        if any(self.weather[key].out_of_range for key in keys):
            return
        try:
            super().send_ll_control_pdu(sender_address, receiver_address, packet)
        except Exception:
            if not isinstance(packet, ll.TerminateInd):  # the other end may have gone already
                raise

    def send_advertising_pdu(self, sender_controller: Controller, packet: Any) -> None:
        """Advertisements pass unless the sensor is out of range."""
        if not self.weather[sender_controller.random_address.to_string(False)].out_of_range:
            super().send_advertising_pdu(sender_controller, packet)

    def leave_range(self, address: str) -> None:
        """Radio silence from now on; both ends see the supervision time-out."""
        self.weather[address].out_of_range = True
        self._arm(address)

    def return_to_range(self, address: str) -> None:
        """Let the sensor be heard again."""
        self.weather[address].out_of_range = False
        self._paths[address].silent_since = None

    def _arm(self, key: str) -> None:
        path = self._paths[key]
        if path.timer is None:
            interval = self.weather[key].interval_s or _SILENT_EVENT_S
            path.timer = asyncio.get_running_loop().call_later(interval, self._event, key)

    def _event(self, key: str) -> None:
        """One connection event."""
        weather, path = self.weather[key], self._paths[key]
        path.timer = None
        now = asyncio.get_running_loop().time()
        if weather.out_of_range:
            path.silent_since = now if path.silent_since is None else path.silent_since
            if now - path.silent_since > weather.supervision_s:
                self._time_out(key)
                return
        else:
            path.silent_since = None
            left: dict[int, int] = defaultdict(int)
            for _ in range(len(path.waiting)):
                parcel = path.waiting.popleft()
                if left[id(parcel.sender)] < weather.packets_per_event:
                    left[id(parcel.sender)] += 1
                    self._leave(key, parcel)
                else:
                    path.waiting.append(parcel)
        if path.waiting or weather.out_of_range:
            self._arm(key)

    def _time_out(self, key: str) -> None:
        path = self._paths[key]
        path.silent_since = None
        path.waiting.clear()
        for controller in list(self.controllers):
            for connection in list(controller.le_connections.values()):
                if _sensor(connection) == key:
                    controller.on_le_disconnected(connection, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)

    def _leave(self, key: str, parcel: _Parcel) -> None:
        sender, connection, pdu = parcel
        if sender.find_connection_by_handle(connection.handle) is None:
            return
        sender.send_hci_packet(
            hci.HCI_Number_Of_Completed_Packets_Event(connection_handles=[connection.handle], num_completed_packets=[1])
        )
        if pdu is None:
            return
        mangle = self.weather[key].mangle
        if mangle is None or pdu[2:4] != _ATT or pdu[4] not in _PUSHED:
            self._hand_over(sender, connection, pdu)
            return
        path = self._paths[key]
        number = path.notified
        path.notified += 1
        for later_s, value in mangle(number, pdu[7:]):
            changed = (len(value) + 3).to_bytes(2, "little") + _ATT + pdu[4:7] + value
            if later_s > 0.0:
                asyncio.get_running_loop().call_later(later_s, self._hand_over, sender, connection, changed)
            else:
                self._hand_over(sender, connection, changed)

    def _hand_over(self, sender: AirController, connection: Connection, pdu: bytes) -> None:
        receiver = self.find_le_controller(connection.peer_address)
        if receiver is not None and connection.self_address in receiver.le_connections:
            asyncio.get_running_loop().call_soon(
                receiver.on_link_acl_data, connection.self_address, PhysicalTransport.LE, pdu
            )


class AirController(Controller):
    """bumble's controller, its data given to the air."""

    le_acl_data_packet_length = 251
    """With data length extension one link packet carries a whole ATT MTU of 247."""
    total_num_le_acl_data_packets = 12
    # bumble 0.0.236 announces both but does not fulfil them.
    le_features = Controller.le_features & ~(hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING)

    def on_hci_acl_data_packet(self, packet: hci.HCI_AclDataPacket) -> None:
        """Give data of the host to the air."""
        connection = self.find_connection_by_handle(packet.connection_handle)
        if isinstance(connection, Connection) and isinstance(self.link, Air):
            self.link.submit(self, connection, packet)

    def on_hci_le_create_connection_cancel_command(self, _command: Any) -> hci.HCI_StatusReturnParameters:
        """Cancel a pending connection; bumble 0.0.236 says yes and goes on connecting."""
        pending = self.pending_le_connection
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.pending_le_connection = None
        event = hci.HCI_LE_Connection_Complete_Event(
            status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
            connection_handle=0,
            role=hci.Role.CENTRAL,
            peer_address_type=pending.peer_address.address_type,
            peer_address=pending.peer_address,
            connection_interval=0,
            peripheral_latency=0,
            supervision_timeout=0,
            central_clock_accuracy=0,
        )
        asyncio.get_running_loop().call_soon(self.send_hci_packet, event)
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)


def _sensor(connection: Connection) -> str:
    """Address of the end that is the sensor."""
    is_sensor = connection.role == hci.Role.PERIPHERAL
    address: hci.Address = connection.self_address if is_sensor else connection.peer_address
    return str(address.to_string(False))
