"""The engine's door to the firmware profiles: their errors become ours."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import firmware_profiles
from firmware_profiles import Codec, FirmwareProfile, ProfileFileError, RecordCodec
from imu.errors import ProfileError

_HINT = "Run `stride profiles list` to see the profiles there are."


def get_profile(name: str) -> FirmwareProfile:
    """Return the profile of that name.

    Raises
    ------
    ProfileError
        Unknown, or its file is wrong.
    """
    try:
        return firmware_profiles.get(name)
    except ProfileFileError as error:
        raise ProfileError(str(error), hint=_HINT) from None


def get_profile_text(name: str) -> str:
    """Return the profile as TOML text, as stored with each session."""
    try:
        return firmware_profiles.profile_text(name)
    except ProfileFileError as error:
        raise ProfileError(str(error), hint=_HINT) from None


@lru_cache(maxsize=8)
def parse_profile(text: str) -> FirmwareProfile:
    """Return the profile that is written in `text`, for instance one stored in a session file."""
    try:
        return FirmwareProfile.from_toml(text, where="the stored profile")
    except ProfileFileError as error:
        raise ProfileError(str(error), hint="The file was written by another version of this program.") from None


def make_codec(profile: FirmwareProfile, options: dict[str, int] | None = None) -> RecordCodec:
    """Bind a profile of one stream of records to one choice of options."""
    try:
        return RecordCodec(profile, **(options or {}))
    except ProfileFileError as error:
        raise ProfileError(str(error), hint=f"See `stride profiles show {profile.name}`.") from None


def open_codec(profile: FirmwareProfile, options: dict[str, int] | None = None) -> Codec:
    """Bind any profile to one choice of options.

    Raises
    ------
    ProfileError
        An option is wrong, or the profile's codec is missing.
    """
    try:
        return firmware_profiles.open_codec(profile, **(options or {}))
    except ProfileFileError as error:
        raise ProfileError(str(error), hint=f"See `stride profiles show {profile.name}`.") from None


def match_profiles(name: str | None, services: Iterable[str], company_ids: Iterable[int]) -> list[str]:
    """Names of the profiles that fit an advertisement, best first."""
    return [profile.name for profile in firmware_profiles.match(name, services, company_ids)]


def choose_options(profile: FirmwareProfile, options: dict[str, int] | None = None) -> dict[str, int]:
    """All options of a profile: those given, checked, and the defaults for the rest.

    Raises
    ------
    ProfileError
        An option is unknown, or its value is not possible.
    """
    try:
        return profile.choose(**(options or {}))
    except ProfileFileError as error:
        raise ProfileError(str(error), hint=f"See `stride profiles show {profile.name}`.") from None
