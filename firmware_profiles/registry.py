"""Find a profile by name, or from what a device advertises; files shipped here and files of the user's own folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from firmware_profiles.errors import ProfileFileError
from firmware_profiles.model import FirmwareProfile

SHIPPED = Path(__file__).parent / "data"


def profile_text(name: str, folders: tuple[Path, ...] = (SHIPPED,)) -> str:
    """Return the TOML text of a profile, as it is stored with each session; later folders win.

    Raises
    ------
    ProfileFileError
        There is no profile of that name.
    """
    for folder in reversed(folders):
        path = folder / f"{name}.toml"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise ProfileFileError(f"There is no profile '{name}'; known are: {', '.join(names(folders))}.")


@lru_cache(maxsize=64)
def get(name: str, folders: tuple[Path, ...] = (SHIPPED,)) -> FirmwareProfile:
    """Return the checked profile.

    Raises
    ------
    ProfileFileError
        Unknown name, or the file is wrong (all mistakes listed).
    """
    profile = FirmwareProfile.from_toml(profile_text(name, folders), where=f"{name}.toml")
    if profile.name != name:
        raise ProfileFileError(f"{name}.toml names itself '{profile.name}': file and name must agree.")
    return profile


def names(folders: tuple[Path, ...] = (SHIPPED,)) -> list[str]:
    """Names of all profiles, sorted."""
    return sorted({path.stem for folder in folders for path in folder.glob("*.toml")})


def match(
    advertised_name: str | None = None,
    service_uuids: Iterable[str] = (),
    company_ids: Iterable[int] = (),
    folders: tuple[Path, ...] = (SHIPPED,),
) -> list[FirmwareProfile]:
    """Return the profiles whose rules fit an advertisement, best first.

    Sensors of motion come before context streams: many of them offer a standard service as well. Then a service is
    stronger than a name, and a name than a company.
    """
    services, companies = set(service_uuids), set(company_ids)
    scored: list[tuple[bool, int, str, FirmwareProfile]] = []
    for name in names(folders):
        profile = get(name, folders)
        rule = profile.match
        score = 4 * bool(services.intersection(rule.services))
        score += 2 * bool(rule.name_regex and advertised_name and re.search(rule.name_regex, advertised_name))
        score += bool(companies.intersection(rule.company_ids))
        if score:
            scored.append((profile.kind != "imu", -score, name, profile))
    return [row[-1] for row in sorted(scored, key=lambda row: row[:3])]
