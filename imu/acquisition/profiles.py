"""The engine's door to the firmware profiles: their errors become ours."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import firmware_profiles
from firmware_profiles import Codec, FirmwareProfile, Patch, ProfileFileError, Read, RecordCodec, Wait, Write
from firmware_profiles.model import Script
from firmware_profiles.plugins import plugin_folders
from imu.errors import ProfileError

_HINT = "docs/firmware-profiles.md explains every field."

SCRIPTS: Final[tuple[Script, ...]] = ("init", "start", "stop", "battery", "on_reconnect")
"""The lists of commands that a profile can have."""

_OWN_FOLDER: Final = "STRIDE_PROFILES"


def own_folder() -> Path:
    """Folder of the user's own profiles; need not exist. The variable STRIDE_PROFILES names another one."""
    import platformdirs

    named = os.environ.get(_OWN_FOLDER)
    return Path(named) if named else platformdirs.user_config_path("stride-impact", appauthor=False) / "profiles"


@lru_cache(maxsize=1)
def _plugins() -> tuple[tuple[Path, ...], tuple[str, ...]]:
    return plugin_folders()


def profile_folders() -> tuple[Path, ...]:
    """Return the folders with profiles, in order: shipped, plug-ins', the user's own."""
    return (firmware_profiles.SHIPPED, *_plugins()[0], own_folder())


def profile_names() -> list[str]:
    """Names of all profiles."""
    return firmware_profiles.names(profile_folders())


def profile_problems() -> list[str]:
    """Sentences about profiles and plug-ins that cannot be used."""
    return [*_plugins()[1], *firmware_profiles.problems(profile_folders())]


def _is_file(name: str) -> bool:
    """Whether a person named a file, not a profile."""
    return name.endswith(".toml")


def profile_path(name: str) -> Path:
    """Return the file of a profile.

    Raises
    ------
    ProfileError
        There is no such profile; the hint names the nearest.
    """
    if _is_file(name):
        return Path(name)
    try:
        return firmware_profiles.profile_path(name, profile_folders())
    except ProfileFileError:
        close = difflib.get_close_matches(name, profile_names(), 1)
        hint = f"Did you mean '{close[0]}'?" if close else "`stride profiles list` shows all."
        raise ProfileError(f"There is no profile '{name}'.", hint=hint) from None


def check_profile(path: Path) -> FirmwareProfile:
    """Return the profile in a file, checked as a whole: its text, its name, its codec and its commands.

    Raises
    ------
    ProfileError
        With every mistake.
    """
    try:
        profile = firmware_profiles.load(path, path.stat().st_mtime_ns)
        firmware_profiles.open_codec(profile)
    except OSError as error:
        raise ProfileError(f"{path} cannot be read: {error.strerror}.", hint="Check the path.") from None
    except ProfileFileError as error:
        raise ProfileError(str(error), hint=_HINT) from None
    if path.resolve().parent != firmware_profiles.SHIPPED and path.stem in firmware_profiles.names():
        raise ProfileError(
            f"{path.name} has the name of a shipped profile and would not be used.",
            hint="Give the file, and `name` in it, another name.",
        )
    return profile


def profile_advice(profile: FirmwareProfile) -> list[str]:
    """Sentences about what is not wrong in a profile, but will be missed."""
    out = []
    rules = profile.match
    if not (rules.name_regex or rules.services or rules.company_ids):
        out.append(f"It has no match rule: `stride scan` will not know the sensor (--profile {profile.name} names it).")
    if profile.kind == "imu" and profile.limits.acc_range_g is None:
        out.append("limits.acc_range_g is not given: values that the sensor cannot measure will not be flagged.")
    if profile.kind == "imu" and profile.loss.kind == "rate":
        out.append("loss.kind is 'rate': lost samples are seen only where arrival times prove them.")
    return out


def get_profile(name: str) -> FirmwareProfile:
    """Return the profile of that name, or in that file where it ends in .toml.

    Raises
    ------
    ProfileError
        Unknown, or its file is wrong.
    """
    if _is_file(name):
        return check_profile(Path(name))
    profile_path(name)
    try:
        return firmware_profiles.get(name, profile_folders())
    except ProfileFileError as error:
        raise ProfileError(str(error), hint=_HINT) from None


def get_profile_text(name: str) -> str:
    """Return the profile as TOML text, as stored with each session."""
    if _is_file(name):
        check_profile(Path(name))
        return Path(name).read_text(encoding="utf-8")
    profile_path(name)
    try:
        return firmware_profiles.profile_text(name, profile_folders())
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
    return [profile.name for profile in firmware_profiles.match(name, services, company_ids, profile_folders())]


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


def script_steps(profile: FirmwareProfile, kind: Script, options: dict[str, int] | None = None) -> list[dict[str, Any]]:
    """Return what `kind` does, as plain data: {"write", "characteristic", "response"}, {"wait_s"}, {"read"}, {"patch"}.

    Raises
    ------
    ProfileError
        An option is unknown, or its value is not possible.
    """
    steps: list[dict[str, Any]] = []
    for action in profile.script(kind, **choose_options(profile, options)):
        match action:
            case Write(characteristic, data, response):
                steps.append({"write": data.hex(), "characteristic": characteristic, "response": response})
            case Wait(seconds):
                steps.append({"wait_s": seconds})
            case Read(characteristic):
                steps.append({"read": characteristic})
            case Patch(characteristic, edits):
                changed = {str(at): data.hex() for at, data in edits}
                steps.append({"patch": changed, "characteristic": characteristic})
    return steps
