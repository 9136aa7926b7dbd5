"""`stride library encrypt|decrypt|rekey|recovery-key|unlock`."""

from __future__ import annotations

from pathlib import Path

import typer

from imu.cli.library import Where_
from imu.errors import StoreError


def _path(library: Path | None) -> Path:
    from imu.store.opening import default_path

    path = default_path() if library is None else library
    if not path.exists():
        raise StoreError(f"There is no library at {path}.", hint="Check the name.")
    return path


def _show(recovery: str | None) -> None:
    typer.echo("Recovery key, to be printed and kept apart from this computer:\n")
    typer.echo(f"  {recovery}\n")
    typer.echo("Without it and without this computer's vault nobody can read the library again.")


def encrypt_command(library: Where_ = None) -> None:
    """Encrypt the library; the key goes into the operating system's vault, a recovery key is shown once."""
    from imu.store.crypt import convert, is_encrypted

    path = _path(library)
    if is_encrypted(path):
        raise StoreError(f"{path} is encrypted already.", hint="`stride library rekey` gives it another key.")
    recovery = convert(path, encrypt=True)
    typer.echo(f"Encrypted: {path}")
    _show(recovery)
    typer.echo("Backups made before are not encrypted; delete them when you have a new one.")


def decrypt_command(library: Where_ = None) -> None:
    """Write the library in plain again."""
    from imu.store.crypt import convert, is_encrypted

    path = _path(library)
    if not is_encrypted(path):
        raise StoreError(f"{path} is not encrypted.", hint="Nothing was changed.")
    convert(path, encrypt=False)
    typer.echo(f"No longer encrypted: {path}")


def rekey_command(library: Where_ = None) -> None:
    """Encrypt the library under a new key; the old recovery key no longer opens it."""
    from imu.store.crypt import convert, is_encrypted

    path = _path(library)
    if not is_encrypted(path):
        raise StoreError(f"{path} is not encrypted.", hint="`stride library encrypt` does that.")
    recovery = convert(path, encrypt=True)
    typer.echo(f"Encrypted under a new key: {path}. Backups made before need the old one.")
    _show(recovery)


def recovery_key_command(library: Where_ = None) -> None:
    """Show the recovery key of an encrypted library again."""
    from imu.store.crypt import key_of, recovery_text

    path = _path(library)
    key = key_of(path)
    if key is None:
        raise StoreError(f"{path} is not encrypted, so it has no recovery key.", hint="Nothing is needed to open it.")
    _show(recovery_text(key))


def unlock_command(library: Where_ = None) -> None:
    """Put the key of an encrypted library into this computer's vault, from its recovery key."""
    from imu.store.crypt import unlock

    path = _path(library)
    unlock(path, typer.prompt("Recovery key", hide_input=True))
    typer.echo(f"Unlocked: {path}")


def add_to(app: typer.Typer) -> None:
    """Add the commands to those of the library."""
    for name, command in (
        ("encrypt", encrypt_command),
        ("decrypt", decrypt_command),
        ("rekey", rekey_command),
        ("recovery-key", recovery_key_command),
        ("unlock", unlock_command),
    ):
        app.command(name)(command)
