"""What the Bluetooth library raises, said so that the user knows what to do."""

from __future__ import annotations

import sys
from typing import Final

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from imu.errors import (
    DeviceBusyError,
    DeviceError,
    DeviceLostError,
    DeviceNotFoundError,
    DevicePermissionError,
    NoAdapterError,
    SearchBusyError,
    WrongDeviceError,
)

_DOCTOR: Final = "`stride doctor` looks at the adapter."

_NO_PERMISSION: Final = {
    "darwin": "Allow it in System Settings > Privacy & Security > Bluetooth, for the terminal or program you use.",
    "win32": "Allow it in Settings > Privacy & security > Radios.",
    "linux": "Join the group bluetooth (sudo usermod -aG bluetooth $USER), then log in again.",
}
_SWITCH_ON: Final = {
    "darwin": "Switch it on in the menu bar or in System Settings > Bluetooth.",
    "win32": "Switch it on in Settings > Bluetooth & devices.",
    "linux": "Switch it on: bluetoothctl power on. If that is refused: rfkill unblock bluetooth.",
}

_SILENT_DBUS: Final = ("NoReply", "Timeout", "TimedOut")
_BUSY_DBUS: Final = ("InProgress", "NotPermitted", "Busy")
_BUSY_WORDS: Final = ("busy", "already connected", "access denied", "accessdenied", "notify acquired", "in progress")
_LOST_WORDS: Final = ("disconnected", "not connected", "unreachable", "connection abort", "connection-abort")
_DENIED: Final = {
    BleakBluetoothNotAvailableReason.DENIED_BY_USER,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN,
}
_NEEDS_PAIRING: Final = {
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
}


def explain(error: BaseException, device: str = "") -> DeviceError:
    """Turn an exception of the Bluetooth library into one of ours.

    Parameters
    ----------
    error : exception
        One of ours is returned as it is.
    device : str
        Name of the sensor; empty = it happened while looking for sensors.
    """
    if isinstance(error, DeviceError):
        return error
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _adapter(error.reason)
    return _of_sensor(error, device) if device else _of_search(error)


def _of_search(error: BaseException) -> DeviceError:
    text = _text(error)
    if isinstance(error, TimeoutError) or getattr(error, "dbus_error", "").endswith(_SILENT_DBUS):
        return NoAdapterError("The Bluetooth adapter does not answer.", hint=f"Switch Bluetooth off and on. {_DOCTOR}")
    if isinstance(error, BleakDBusError):
        if error.dbus_error.startswith("org.freedesktop.DBus.Error."):
            return _dbus(error, text)
        if error.dbus_error.endswith("NotReady"):
            return _adapter(BleakBluetoothNotAvailableReason.POWERED_OFF)
        if _says(error.dbus_error, _BUSY_DBUS):
            return SearchBusyError(
                "Sensors cannot be looked for, because another program searches with the same adapter.",
                hint="Wait some seconds, or close the system's Bluetooth settings, then try again.",
            )
    if isinstance(error, (FileNotFoundError, ConnectionError)) or "Bluetooth daemon" in text:
        return _no_service()
    return DeviceError(f"The search failed ({text}).", hint=f"Switch Bluetooth off and on. {_DOCTOR}")


def _of_sensor(error: BaseException, who: str) -> DeviceError:
    if isinstance(error, BleakDeviceNotFoundError):
        return DeviceNotFoundError(
            f"{who} is no longer there.", hint="Wake it (move it, or press its button) and bring it near."
        )
    if isinstance(error, TimeoutError):
        return DeviceLostError(f"{who} does not answer.", hint="Bring it nearer; switch it off and on if that is vain.")
    if isinstance(error, BleakGATTProtocolError):
        return _refused(error, who)
    text = _text(error)
    if isinstance(error, BleakDBusError) and error.dbus_error.startswith("org.freedesktop.DBus.Error."):
        return _dbus(error, text)
    if isinstance(error, (FileNotFoundError, ConnectionError)) or "Bluetooth daemon" in text:
        return _no_service()
    if isinstance(error, BleakDBusError) and error.dbus_error.endswith("NotReady"):
        return _adapter(BleakBluetoothNotAvailableReason.POWERED_OFF)
    if text.startswith("adapter '"):  # it was unplugged
        return _adapter(BleakBluetoothNotAvailableReason.NO_BLUETOOTH)
    if _says(text, _BUSY_WORDS) or (isinstance(error, BleakDBusError) and _says(error.dbus_error, _BUSY_DBUS)):
        return busy(who)
    if _says(text, _LOST_WORDS):
        return DeviceLostError(f"The link to {who} broke.", hint="Bring it nearer.")
    return DeviceError(f"{who} could not be used ({text}).", hint="Switch the sensor off and on, then try again.")


def busy(who: str) -> DeviceBusyError:
    """Another program or phone has the sensor."""
    return DeviceBusyError(
        f"{who} is held by another program or phone.",
        hint="Close the maker's app (on phones too) and other windows of this program, then try again.",
    )


def _adapter(reason: BleakBluetoothNotAvailableReason) -> DeviceError:
    if reason is BleakBluetoothNotAvailableReason.POWERED_OFF:
        return NoAdapterError("Bluetooth is switched off.", hint=_by_system(_SWITCH_ON))
    if reason in _DENIED:
        return _no_permission()
    if reason is BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE:
        return NoAdapterError(
            "The Bluetooth adapter is too old: it does not know Bluetooth Low Energy.",
            hint="Plug in an adapter of version 4.0 or newer.",
        )
    if reason is BleakBluetoothNotAvailableReason.NO_BLUETOOTH:
        return NoAdapterError("This computer has no Bluetooth adapter.", hint=f"Plug one in (4.0 or newer). {_DOCTOR}")
    return NoAdapterError("Bluetooth is not available on this computer.", hint=_DOCTOR)


def _no_permission() -> DeviceError:
    return DevicePermissionError(
        "The operating system does not let this program use Bluetooth.", hint=_by_system(_NO_PERMISSION)
    )


def _no_service() -> DeviceError:
    return NoAdapterError(
        "The system's Bluetooth service does not run, so no adapter can be reached.",
        hint=f"On Linux: sudo apt-get install bluez, then sudo systemctl start bluetooth. {_DOCTOR}",
    )


def _dbus(error: BleakDBusError, text: str) -> DeviceError:
    """Errors of the message bus itself, not of BlueZ."""
    if "AccessDenied" in error.dbus_error:
        return _no_permission()
    if error.dbus_error.endswith(_SILENT_DBUS):
        return DeviceLostError("The sensor does not answer.", hint="Bring it nearer.")
    if error.dbus_error.endswith(("ServiceUnknown", "NameHasNoOwner", "NoServer", "Disconnected", "FileNotFound")):
        return _no_service()
    return DeviceError(f"The system's Bluetooth service failed ({text}).", hint=_DOCTOR)


def _refused(error: BleakGATTProtocolError, who: str) -> DeviceError:
    if error.args[0] in _NEEDS_PAIRING:  # `code` fails on numbers that are not in the standard
        return WrongDeviceError(
            f"{who} wants to be paired first.", hint="Pair it in the system's Bluetooth settings, then try again."
        )
    return WrongDeviceError(
        f"{who} refuses a command ({_text(error)}).", hint="Is the profile the right one for its firmware?"
    )


def _by_system(hints: dict[str, str]) -> str:
    return hints.get(sys.platform, _DOCTOR)


def _says(text: str, words: tuple[str, ...]) -> bool:
    return any(word.lower() in text.lower() for word in words)


def _text(error: BaseException) -> str:
    said = ", ".join(str(a) for a in error.args if isinstance(a, (str, int))) or type(error).__name__
    return said.rstrip(".")
