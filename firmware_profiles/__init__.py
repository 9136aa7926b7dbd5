"""Bytes and units of devices, described by one TOML file each; knows nothing of Bluetooth, the engine or the screen."""

from firmware_profiles.actions import Action, Patch, Read, Wait, Write
from firmware_profiles.errors import FormatError, ProfileFileError
from firmware_profiles.model import FirmwareProfile
from firmware_profiles.opening import open_codec
from firmware_profiles.readings import Codec, Reading, Reply
from firmware_profiles.records import Counts, RecordCodec
from firmware_profiles.registry import SHIPPED, get, load, match, names, problems, profile_path, profile_text

__all__ = [
    "SHIPPED",
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
    "load",
    "match",
    "names",
    "open_codec",
    "problems",
    "profile_path",
    "profile_text",
]
