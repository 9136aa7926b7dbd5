"""Folders of profiles that installed packages bring along: the entry-point group `stride_impact.profiles`."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

GROUP = "stride_impact.profiles"


def plugin_folders() -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Return the folders, and a sentence for each plug-in that does not work.

    An entry point names a package (its folder is taken) or an object that is a path.
    """
    folders, problems = [], []
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        try:
            found = entry.load()
            folder = Path(found.__path__[0]) if isinstance(found, ModuleType) else Path(found)
        except Exception as error:  # whatever a stranger's package does at import must not stop the rest
            problems.append(f"The plug-in '{entry.name}' ({entry.value}) does not load: {error}")
            continue
        if folder.is_dir():
            folders.append(folder)
        else:
            problems.append(f"The plug-in '{entry.name}' ({entry.value}) has no folder {folder}.")
    return tuple(folders), tuple(problems)
