"""Everything of one client as one ZIP: what is known, the raw sessions, the steps as tables, pages where wanted."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from imu.api.exports import export_recording
from imu.errors import ImuError, StoreError
from imu.store.connect import remove

if TYPE_CHECKING:
    from imu.api.library import Library

PageMaker = Callable[[int, Path], None]
"""Given the number of a session and the name of a PDF, makes that PDF."""

Progress = Callable[[int, int], None]
"""Given how many sessions were written and how many there are; what it raises stops the writing, nothing is left."""

_README = """Everything that is stored about one client.

client.json           what was typed: code, birth year, mass, height, notes, consents with their words, shoes
sessions/NAME.stride  one session as it was recorded: raw packets, settings, versions, markers, steps
sessions/NAME.json    its place in the list, notes, tags, pain entries, answers before the run, cuts, edits
sessions/NAME.csv     its steps as a table, units in the headings (also .parquet where that could be written)
sessions/NAME.pdf     its report, where it could be made
sessions/NAME.txt     why something of it is missing
"""


def write_client(
    library: Library, client_id: int, path: Path, pages: PageMaker | None, progress: Progress | None = None
) -> int:
    """Write the ZIP; returns the number of sessions in it.

    Raises
    ------
    StoreError
        The file exists or cannot be written, or there is no such client.
    """
    if path.exists():
        raise StoreError(f"{path} exists already.", hint="Choose another name, or delete it first.")
    client = library.client(client_id)
    about = asdict(client) | {
        "consents": [asdict(c) for c in library.consents(client_id)],
        "shoes": [asdict(s) for s in library.shoes(client_id, retired=True)],
    }
    rows = library.sessions(client_id, limit=1_000_000)
    part = path.with_name(path.name + ".part")
    try:
        with tempfile.TemporaryDirectory(prefix="stride-") as folder, zipfile.ZipFile(part, "w") as archive:
            archive.writestr("README.txt", _README)
            archive.writestr("client.json", _json(about))
            for k, row in enumerate(rows):
                if progress is not None:
                    progress(k, len(rows))
                name = f"{row.started_utc[:19].replace(':', '').replace('T', '-')}-{row.id}"
                files = _session_files(library, row.id, Path(folder) / name, pages)
                for file in files:
                    packed = zipfile.ZIP_STORED if file.suffix in {".stride", ".parquet"} else zipfile.ZIP_DEFLATED
                    archive.write(file, f"sessions/{file.name}", packed)
                    file.unlink()
        part.replace(path)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror}.", hint="Check the folder and the space on its disk."
        ) from None
    finally:
        remove(part)
    return len(rows)


def _session_files(library: Library, session_id: int, stem: Path, pages: PageMaker | None) -> list[Path]:
    """Make the files of one session; what cannot be made is said in a text beside them, and does not stop the rest."""

    def named(suffix: str) -> Path:
        return stem.with_name(stem.name + suffix)

    raw = named(".stride")
    makers: dict[str, Callable[[Path], object]] = {
        ".json": lambda target: target.write_text(_json(_facts(library, session_id)), encoding="utf-8"),
        ".stride": lambda target: library.write_session(session_id, target),
        ".csv": lambda target: export_recording(raw, target),
    }
    if find_spec("pyarrow"):
        makers[".parquet"] = lambda target: export_recording(raw, target)
    if pages is not None:
        makers[".pdf"] = lambda target: pages(session_id, target)
    missing: list[str] = []
    for suffix, make in makers.items():
        try:
            make(named(suffix))
        except ImuError as error:
            missing.append(f"{suffix}: {error}")
    if missing:
        named(".txt").write_text("\n".join(missing) + "\n", encoding="utf-8")
    return [file for suffix in (*makers, ".txt") if (file := named(suffix)).exists()]


def _facts(library: Library, session_id: int) -> dict[str, object]:
    return asdict(library.session_row(session_id)) | {
        "notes": library.notes(session_id),
        "wizard": library.wizard(session_id),
        "pain": [asdict(p) for p in library.pain(session_id)],
        "markers": [asdict(m) for m in library.markers(session_id)],
        "cuts": [asdict(c) for c in library.cuts(session_id)],
        "edits": [asdict(e) for e in library.edits(session_id)],
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
