"""Bytes and units of devices, described by one TOML file each; knows nothing of Bluetooth, the engine or the screen."""

from firmware_profiles.errors import FormatError, ProfileFileError
from firmware_profiles.model import FirmwareProfile
from firmware_profiles.records import Counts, RecordCodec
from firmware_profiles.registry import get, match, names, profile_text

__all__ = [
    "Counts",
    "FirmwareProfile",
    "FormatError",
    "ProfileFileError",
    "RecordCodec",
    "get",
    "match",
    "names",
    "profile_text",
]
