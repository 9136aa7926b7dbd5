"""Bytes and units of devices, described by one TOML file each; knows nothing of Bluetooth, the engine or the screen."""

from firmware_profiles.actions import Action, Patch, Read, Wait, Write
from firmware_profiles.errors import FormatError, ProfileFileError
from firmware_profiles.model import FirmwareProfile
from firmware_profiles.opening import open_codec
from firmware_profiles.readings import Codec, Reading, Reply
from firmware_profiles.records import Counts, RecordCodec
from firmware_profiles.registry import get, match, names, profile_text

__all__ = [
    "Action",
    "Codec",
    "Counts",
    "FirmwareProfile",
    "FormatError",
    "Patch",
    "ProfileFileError",
    "Read",
    "Reading",
    "RecordCodec",
    "Reply",
    "Wait",
    "Write",
    "get",
    "match",
    "names",
    "open_codec",
    "profile_text",
]
