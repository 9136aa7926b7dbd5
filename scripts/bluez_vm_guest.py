"""Inside the virtual machine: two TCP ports for the message bus and for a virtual Bluetooth adapter.

Standard library only, since the machine has nothing else. Started by the init that `bluez_vm.py` writes.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading

BUS_PORT, ADAPTER_PORT = 7001, 7002
BUS = "/run/dbus/system_bus_socket"
VHCI = "/dev/vhci"
EVENT, ACL = 4, 2
NEW_ADAPTER = b"\xff\x00"


def listen(port: int) -> socket.socket:
    return socket.create_server(("0.0.0.0", port))  # only the host can reach it


def copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def serve_bus() -> None:
    server = listen(BUS_PORT)
    while True:
        client, _ = server.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bus = socket.socket(socket.AF_UNIX)
        bus.connect(BUS)
        for ends in ((client, bus), (bus, client)):
            threading.Thread(target=copy, args=ends, daemon=True).start()


def whole_packet(data: bytes) -> int:
    """Length of the H4 packet that `data` begins with; 0 = not complete yet."""
    header = 3 if data[:1] == bytes([EVENT]) else 5
    if len(data) < header:
        return 0
    length = header + (data[2] if header == 3 else int.from_bytes(data[3:5], "little"))
    return length if len(data) >= length else 0


def adapter(client: socket.socket) -> None:
    """One virtual adapter, for as long as the host keeps the connection."""
    device = os.open(VHCI, os.O_RDWR | os.O_NONBLOCK)
    os.write(device, NEW_ADAPTER)
    waiting = b""
    try:
        while True:
            readable, _, _ = select.select([device, client], [], [])
            if device in readable:
                packet = os.read(device, 4096)
                if packet[0] != NEW_ADAPTER[0]:  # that one only says which number the adapter has got
                    client.sendall(packet)
            if client in readable:
                data = client.recv(65536)
                if not data:
                    return
                waiting += data
                while waiting and (length := whole_packet(waiting)):
                    os.write(device, waiting[:length])
                    waiting = waiting[length:]
    except OSError:
        pass
    finally:
        os.close(device)
        client.close()


threading.Thread(target=serve_bus, daemon=True).start()
server = listen(ADAPTER_PORT)
print("GUEST READY", flush=True)
while True:
    client, _ = server.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=adapter, args=(client,), daemon=True).start()
