"""`stride library ...`, `stride export-session` and `stride import-session`: the library without the dashboard."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imu.cli.stored import open_library, require_session
from imu.errors import ImuError, StoreError

if TYPE_CHECKING:
    from imu.api import Library

library_app = typer.Typer(
    help="The library: every session recorded, its clients, backups, erasure.", no_args_is_help=True
)

Where_ = Annotated[Path | None, typer.Option("--library", help="Another library than the usual one.")]
Yes_ = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@library_app.command("info")
def info_command(
    library: Where_ = None,
    as_json: Annotated[bool, typer.Option("--json", help="The facts as one JSON object.")] = False,
) -> None:
    """Say where the library is, how large, what is in it, and when it was last backed up."""
    from dataclasses import asdict

    from imu.cli.text import counted, to_json

    with open_library(library) as opened:
        info, unfinished = opened.info(), opened.unfinished_ids()
    if as_json:
        typer.echo(to_json(asdict(info)))
        return
    held = f"{counted(info.n_sessions, 'session')} of {counted(info.n_clients, 'client')}"
    lines = [
        f"Library:   {info.path}{' (read only)' if info.read_only else ''}",
        f"Holds:     {held}, {info.size_bytes / 1e6:.1f} MB",
        f"Disk:      {info.free_bytes / 1e9:.0f} GB free",
        f"Encrypted: {'yes' if info.encrypted else 'no'}",
        f"Backups:   {info.backup_folder}; the last one: {info.last_backup_utc or 'none yet (stride library backup)'}",
        f"Format:    {info.schema_version}",
    ]
    if unfinished:
        lines.append(f"Cut off:   {counted(len(unfinished), 'session')}; see `stride library finish`")
    typer.echo("\n".join(lines))


@library_app.command("sessions")
def sessions_command(
    search: Annotated[str, typer.Argument(help="Words that must all be found.")] = "", library: Where_ = None
) -> None:
    """List the sessions, the newest first, with their numbers."""
    with open_library(library) as opened:
        rows = opened.sessions(search=search)
    if rows:
        typer.echo(f"{'No.':>5s}  {'started (UTC)':16s}  {'client':12s}  {'duration':>9s}  {'steps':>12s}  load  tags")
    for row in rows:
        load = (row.headline.get("load_peak_g") or {}).get("value")
        parts = [
            f"{row.id:5d}  {row.started_utc[:16].replace('T', ' ')}",
            f"{row.client_code or '–':12s}",
            "cut off" if row.unfinished else f"{(row.duration_s or 0.0) / 60.0:5.1f} min",
            f"{row.n_steps or 0:6d} steps",
            "" if load is None else f"{load:.2f} g",
            " ".join(f"#{tag}" for tag in row.tags),
        ]
        typer.echo("  ".join(parts).rstrip())
    if not rows:
        typer.echo("No sessions." if not search else f"No session has all of: {search}")


@library_app.command("check")
def check_command(library: Where_ = None) -> None:
    """Read everything in the library and say what is not as it was written."""
    with open_library(library) as opened:
        found, n = opened.check(), opened.info().n_sessions
    for finding in found:
        where = "" if finding.session_id is None else f"session {finding.session_id}: "
        typer.echo(f"{where}{finding.text}")
    if found:
        raise StoreError(
            f"{len(found)} things are not as they were written.",
            hint="Make a copy of the file, then see `stride library restore`.",
        )
    typer.echo(f"All {n} sessions are as they were written.")


@library_app.command("backup")
def backup_command(
    target: Annotated[Path | None, typer.Argument(help="New file; else one in the backup folder.")] = None,
    library: Where_ = None,
) -> None:
    """Copy the library, also while it is used, and check the copy."""
    with open_library(library) as opened:
        made = opened.backup(target)
    typer.echo(f"Backup: {made.resolve()} ({made.stat().st_size / 1e6:.1f} MB). Keep one on another disk.")


@library_app.command("restore")
def restore_command(
    backup: Annotated[Path, typer.Argument(help="A backup.")], library: Where_ = None, yes: Yes_ = False
) -> None:
    """Put a backup in the place of the library; the present one is kept under another name."""
    from imu.cli.text import require_path
    from imu.store.opening import default_path
    from imu.store.upkeep import restore

    require_path(backup, suffixes=(".stride-library",))
    path = default_path() if library is None else library
    _ask(f"Replace {path} by {backup}? The present one is kept under another name.", yes)
    aside = restore(path, backup)
    typer.echo(f"Restored: {path}" + (f". The library that was there is now {aside}" if aside else ""))


@library_app.command("finish")
def finish_command(library: Where_ = None) -> None:
    """Complete sessions that a crash or a power cut ended."""
    with open_library(library) as opened:
        rows = [opened.finish(session_id) for session_id in opened.unfinished_ids()]
    for row in rows:
        typer.echo(f"Session {row.id}: {row.n_steps or 0} steps in {row.duration_s or 0.0:.1f} s kept.")
    if not rows:
        typer.echo("No session was cut off.")


@library_app.command("add-client")
def add_client_command(
    code: Annotated[str, typer.Argument(help="A code such as K-017; the name stays in your own records.")],
    birth_year: Annotated[int | None, typer.Option("--birth-year", help="Year of birth.")] = None,
    mass_kg: Annotated[float | None, typer.Option("--mass-kg", help="Body mass in kg.")] = None,
    height_m: Annotated[float | None, typer.Option("--height-m", help="Body height in m.")] = None,
    library: Where_ = None,
) -> None:
    """Add a client to the library, which is made where there is none."""
    from imu.api import Library

    with Library.open(library) as opened:
        client = opened.add_client(code, birth_year=birth_year, body_mass_kg=mass_kg, body_height_m=height_m)
    typer.echo(f"Client {client.code} added.")


@library_app.command("export-client")
def export_client_command(
    code: Annotated[str, typer.Argument(help="Code of the client.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="ZIP file to write.")],
    library: Where_ = None,
) -> None:
    """Write everything of one client to a ZIP: facts, consents, raw sessions, steps as tables, reports."""
    with open_library(library) as opened:
        opened.export_client(client_id_of(opened, code), out, pages=_page_maker(opened))
    typer.echo(f"Everything of this client: {out.resolve()}")
    with zipfile.ZipFile(out) as archive:
        for name in archive.namelist():
            if name.startswith("sessions/") and name.endswith(".txt"):
                typer.echo(f"note: not all of {name[9:-4]} could be made:")
                typer.echo(archive.read(name).decode().rstrip())


@library_app.command("erase-client")
def erase_client_command(
    code: Annotated[str, typer.Argument(help="Code of the client.")], library: Where_ = None, yes: Yes_ = False
) -> None:
    """Erase a client and everything of theirs for good, from the file and its journals."""
    from imu.cli.text import counted

    with open_library(library) as opened:
        client = opened.client(client_id_of(opened, code))
        _ask(f"Erase {client.code} and {counted(client.n_sessions, 'session')} for good?", yes)
        erased = opened.erase_client(client.id)
    typer.echo(f"Erased: the client and {counted(erased.n_sessions, 'session')}.")
    if erased.backups:
        typer.echo("These copies made before still hold them; they are yours to keep or delete:")
        for backup in erased.backups:
            typer.echo(f"  {backup}")


@library_app.command("wipe")
def wipe_command(library: Where_ = None) -> None:
    """Write the file anew without what was erased, where another window prevented that before."""
    with open_library(library) as opened:
        opened.wipe()
    typer.echo("Nothing of what was erased is left in the file or its journals.")


@library_app.command("log")
def log_command(library: Where_ = None) -> None:
    """List exports and erasures: when and how much, without names or codes."""
    with open_library(library) as opened:
        for at_utc, what, detail in opened.log():
            typer.echo(f"{at_utc[:16].replace('T', ' ')}  {what}: {detail}")


def export_session_command(
    session: Annotated[int, typer.Argument(help="Number of the session (stride library sessions).")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Session file to write (.stride).")],
    without_client: Annotated[
        bool, typer.Option("--without-client", help="Without code, birth year, mass and height of the client.")
    ] = False,
    library: Where_ = None,
) -> None:
    """Write one session of the library to a file of its own, for analyze, replay, verify and other libraries."""
    if out.suffix != ".stride":
        raise StoreError(f"A session file ends in .stride, not in '{out.suffix}'.", hint=f"Use {out.stem}.stride.")
    with open_library(library) as opened:
        require_session(opened, session)
        opened.export_session(session, out, with_client=not without_client)
    typer.echo(f"Session {session}: {out.resolve()}")


def import_session_command(
    files: Annotated[list[Path], typer.Argument(help="Session files (.stride).", metavar="FILE...")],
    client: Annotated[str | None, typer.Option("--client", help="Code of the client whose they are.")] = None,
    library: Where_ = None,
) -> None:
    """Take session files into the library, which is made where there is none."""
    from imu.api import Library
    from imu.cli.text import require_path

    failed = False
    with Library.open(library) as opened:
        client_id = None if client is None else client_id_of(opened, client)
        for file in files:
            try:
                require_path(file, suffixes=(".stride",))
                row = opened.import_session(file, client_id)
            except ImuError as error:
                typer.echo(f"stride: {error}", err=True)
                failed = True
                continue
            typer.echo(f"{file}: session {row.id}{f' of {row.client_code}' if row.client_code else ''}")
    raise typer.Exit(2 if failed else 0)


def client_id_of(library: Library, code: str) -> int:
    """Return the number of the client with that code.

    Raises
    ------
    StoreError
        There is none; the hint names the nearest code.
    """
    from imu.cli.text import nearest_word

    clients = library.clients()
    for client in clients:
        if client.code.casefold() == code.strip().casefold():
            return client.id
    near = nearest_word(code, [c.code for c in clients])
    new = f"`stride library add-client {code}` adds a new one."
    raise StoreError(f"There is no client {code}.", hint=f"{near} {new}" if near.startswith("Did") else new)


def _ask(question: str, yes: bool) -> None:
    if not yes and not typer.confirm(question):
        raise typer.Abort


def _page_maker(library: Library) -> Callable[[int, Path], None]:
    """Return what makes the report of a session, the copy for the record."""

    def make(session_id: int, target: Path) -> None:
        from imu.cli.qt import load

        command = load("gui.reports.command", window=False)
        command.report_session(library, session_id, target, language=None, typed=command.Typed(copy="record"))

    return make
