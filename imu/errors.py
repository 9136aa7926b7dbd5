"""The one tree of errors: each says what happened, what it means, and what to do next."""

from __future__ import annotations


class ImuError(Exception):
    """Base of every foreseeable error.

    Parameters
    ----------
    message : str
        One sentence: what happened and what it means.
    hint : str
        What the user can do next; may be empty.

    Attributes
    ----------
    code : str
        Stable identifier for tests, logs and translations.
    """

    code = "imu"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        # A list of mistakes ends in its own line.
        return f"{self.message}{chr(10) if chr(10) in self.message else ' '}{self.hint}".strip()


class SettingsError(ImuError):
    """A setting is outside its range or contradicts another; `path` names the setting."""

    code = "settings"

    def __init__(self, path: str, message: str, *, hint: str = "") -> None:
        super().__init__(f"{path}: {message}", hint=hint)
        self.path = path


class RecordingError(ImuError):
    """A recording cannot be read or does not hold what the analysis needs."""

    code = "recording"


class StoreError(ImuError):
    """A session file or the library cannot be read or written."""

    code = "store"


class DiskFullError(StoreError):
    """There is no room left to store anything; what was stored before is kept."""

    code = "store.full"


class ProfileError(ImuError):
    """A firmware profile is unknown, or its file is wrong."""

    code = "profile"


class DecodeError(ImuError):
    """A packet does not have the form that its profile describes.

    Attributes
    ----------
    offset : int
        Byte at which the packet stopped making sense.
    hex : str
        The packet, as hexadecimal text.
    """

    code = "decode"

    def __init__(self, message: str, *, offset: int, packet: bytes, hint: str = "") -> None:
        super().__init__(f"{message} (byte {offset} of {packet.hex()})", hint=hint)
        self.offset = offset
        self.hex = packet.hex()


class DeviceError(ImuError):
    """Something about the sensor or the Bluetooth adapter."""

    code = "device"


class DeviceNotFoundError(DeviceError):
    """No sensor, or no Bluetooth adapter, was found."""

    code = "device.not_found"


class DeviceBusyError(DeviceError):
    """Another program holds the sensor."""

    code = "device.busy"


class DeviceHeldHereError(DeviceBusyError):
    """The sensor is connected to this computer already, through another program or by itself."""

    code = "device.busy.here"


class SearchBusyError(DeviceBusyError):
    """Another program searches with the same adapter."""

    code = "device.busy.search"


class DeviceLostError(DeviceError):
    """The link to the sensor broke."""

    code = "device.lost"


class DevicePermissionError(DeviceError):
    """The operating system refuses Bluetooth to this program."""

    code = "device.permission"


class NoAdapterError(DeviceNotFoundError):
    """There is no Bluetooth adapter, or it is off: no sensor at all can be reached."""

    code = "device.no_adapter"


class WrongDeviceError(DeviceError):
    """The device is not what its profile describes, or refuses what it is told."""

    code = "device.wrong"
