"""Find a profile by name, or from what a device advertises: shipped files, those of plug-ins, and the user's own.

Folders come in order: a name belongs to the first folder that has it. A later file of the same name is not used, and
`problems` says so; a wrong file is told as well and does not stop the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from firmware_profiles.errors import ProfileFileError
from firmware_profiles.model import FirmwareProfile

SHIPPED = Path(__file__).parent / "data"

Folders = tuple[Path, ...]


def profile_path(name: str, folders: Folders = (SHIPPED,)) -> Path:
    """Return the file of a profile.

    Raises
    ------
    ProfileFileError
        There is no profile of that name.
    """
    for folder in folders:
        path = folder / f"{name}.toml"
        if path.is_file():
            return path
    raise ProfileFileError(f"There is no profile '{name}'; known are: {', '.join(names(folders))}.")


def profile_text(name: str, folders: Folders = (SHIPPED,)) -> str:
    """Return the TOML text of a profile, as it is stored with each session.

    Raises
    ------
    ProfileFileError
        There is no profile of that name, or its file cannot be read.
    """
    return _text(profile_path(name, folders))


def get(name: str, folders: Folders = (SHIPPED,)) -> FirmwareProfile:
    """Return the checked profile.

    Raises
    ------
    ProfileFileError
        Unknown name, or the file is wrong (all mistakes listed).
    """
    path = profile_path(name, folders)
    return load(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=128)
def load(path: Path, modified_ns: int = 0) -> FirmwareProfile:
    """Return the profile in a file; `modified_ns` lets a changed file be read anew.

    Raises
    ------
    ProfileFileError
        The file is wrong (all mistakes listed).
    """
    profile = FirmwareProfile.from_toml(_text(path), where=path.name)
    if profile.name != path.stem:
        raise ProfileFileError(f"{path.name} names itself '{profile.name}': file and name must agree.")
    return profile


def names(folders: Folders = (SHIPPED,)) -> list[str]:
    """Names of all profiles, sorted."""
    return sorted({path.stem for folder in folders for path in folder.glob("*.toml")})


def problems(folders: Folders) -> list[str]:
    """Sentences about files that cannot be used: wrong ones, and those whose name is taken by an earlier folder."""
    out = []
    taken: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            if path.stem in taken:
                whose = "a shipped profile" if taken[path.stem] == SHIPPED else f"a profile in {taken[path.stem]}"
                out.append(f"{path} is not used: {whose} has that name. Give the file, and `name` in it, another one.")
                continue
            taken[path.stem] = folder
            try:
                load(path, path.stat().st_mtime_ns)
            except ProfileFileError as error:
                out.append(f"{path} cannot be used. {error}")
            except OSError as error:
                out.append(f"{path} cannot be read: {error.strerror}.")
    return out


def match(
    advertised_name: str | None = None,
    service_uuids: Iterable[str] = (),
    company_ids: Iterable[int] = (),
    folders: Folders = (SHIPPED,),
) -> list[FirmwareProfile]:
    """Return the profiles whose rules fit an advertisement, best first; wrong files are passed over.

    Sensors of motion come before context streams: many of them offer a standard service as well. Then a service is
    stronger than a name, and a name than a company.
    """
    services, companies = set(service_uuids), set(company_ids)
    scored: list[tuple[bool, int, str, FirmwareProfile]] = []
    for name in names(folders):
        try:
            profile = get(name, folders)
        except ProfileFileError:
            continue
        rule = profile.match
        score = 4 * bool(services.intersection(rule.services))
        score += 2 * bool(rule.name_regex and advertised_name and re.search(rule.name_regex, advertised_name))
        score += bool(companies.intersection(rule.company_ids))
        if score:
            scored.append((profile.kind != "imu", -score, name, profile))
    return [row[-1] for row in sorted(scored, key=lambda row: row[:3])]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ProfileFileError(f"{path.name} is not UTF-8 text (byte {error.start}).") from None
    except OSError as error:
        raise ProfileFileError(f"{path.name} cannot be read: {error.strerror}.") from None
