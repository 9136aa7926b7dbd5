"""An encrypted library: its key in the operating system's vault, a recovery key on paper; changed whole or not at all.

SQLCipher encrypts every page (AES-256, HMAC-SHA512). The key is 32 random bytes; the vault knows it by the file's salt,
its first 16 bytes, which backups of the file share.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from imu.errors import StoreError
from imu.store import schema
from imu.store.connect import DAMAGE, MAGIC, connect, describe, first_bytes, has_cipher, pragma, remove

SERVICE: Final = "stride-impact library"
_CHECK_BYTES: Final = 3
_REFUSED: Final = ("plaintext", ".fail.", ".null.")
_INSTALL: Final = "Install the extra: pip install 'stride-impact[encryption]'."


def is_encrypted(path: Path) -> bool:
    """Whether a file has no SQLite signature: it is encrypted, or something else altogether."""
    return path.exists() and first_bytes(path) not in {b"", MAGIC}


def require_cipher() -> None:
    """Say how to get what encryption needs.

    Raises
    ------
    StoreError
        It is not installed.
    """
    if not has_cipher():
        raise StoreError("Encrypted libraries need a package that is not installed here.", hint=_INSTALL)


def key_of(path: Path) -> str | None:
    """Return the key of a library from the vault; None where it is not encrypted.

    Raises
    ------
    StoreError
        The key is not in this computer's vault, there is no safe vault, or a package is missing.
    """
    if not is_encrypted(path):
        return None
    if not has_cipher():
        raise StoreError(f"{path} is encrypted, or not a library.", hint=f"If it is encrypted: {_INSTALL}")
    try:
        keys = vault()
    except StoreError as error:
        raise StoreError(f"{path} is encrypted, or not a library. {error.message}", hint=error.hint) from None
    key: str | None = keys.get_password(SERVICE, first_bytes(path).hex())
    if key is None:
        raise StoreError(
            f"{path} is encrypted and its key is not in this computer's vault, or it is not a library.",
            hint=f"If it is yours: `stride library unlock --library {path}` and its recovery key.",
        )
    return key


def keep_key(path: Path, key: str) -> None:
    """Put the key of an encrypted library into the vault.

    Raises
    ------
    StoreError
        There is no safe vault, or it is locked.
    """
    import keyring.errors

    try:
        vault().set_password(SERVICE, first_bytes(path).hex(), key)
    except keyring.errors.KeyringError as error:
        raise StoreError(f"The vault does not take the key ({error}).", hint="Unlock it and try again.") from None


def vault() -> Any:
    """Return the operating system's vault.

    Raises
    ------
    StoreError
        There is none, or only one that would keep the key in readable form.
    """
    try:
        import keyring
    except ImportError:
        raise StoreError("The vault for the key needs a package that is not installed.", hint=_INSTALL) from None
    try:
        backend = keyring.get_keyring()
    except Exception as error:  # whatever the vault that this computer names does while it is loaded
        raise StoreError(
            f"The vault of this computer cannot be used ({error}).",
            hint="See PYTHON_KEYRING_BACKEND, if it is set.",
        ) from None
    for one in getattr(backend, "backends", [backend]) or [backend]:
        name = f"{type(one).__module__}.{type(one).__name__}.".lower()
        if any(word in name for word in _REFUSED):
            raise StoreError(
                "This computer has no safe vault for the key.",
                hint="Use Windows, macOS, or a Linux desktop with GNOME Keyring or KWallet; or encrypt the whole disk.",
            )
    return backend


def recovery_text(key: str) -> str:
    """Write a key for paper: 14 groups of four letters and digits, with a check against typing mistakes."""
    raw = bytes.fromhex(key)
    text = base64.b32encode(raw + hashlib.sha256(raw).digest()[:_CHECK_BYTES]).decode()
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def key_from_recovery(text: str) -> str:
    """Read a recovery key as it was typed.

    Raises
    ------
    StoreError
        It has a typing mistake.
    """
    letters = "".join(c for c in text.upper() if c.isalnum()).translate(str.maketrans("018", "OIB"))
    try:
        data = base64.b32decode(letters)
    except binascii.Error:
        data = b""
    raw = data[:-_CHECK_BYTES]
    if len(raw) != 32 or hashlib.sha256(raw).digest()[:_CHECK_BYTES] != data[-_CHECK_BYTES:]:
        raise StoreError("This is not a recovery key, or it has a typing mistake.", hint="Type all 14 groups again.")
    return raw.hex()


def unlock(path: Path, recovery: str) -> None:
    """Put the key of a library into the vault of this computer, from its recovery key.

    Raises
    ------
    StoreError
        It has a typing mistake, or is not of this library.
    """
    require_cipher()
    key = key_from_recovery(recovery)
    try:
        with closing(connect(path, key, mode="ro")) as connection:
            pragma(connection, "user_version")
    except DAMAGE:
        raise StoreError(f"This recovery key is not of {path}.", hint="Look for the newest one.") from None
    keep_key(path, key)


def convert(path: Path, *, encrypt: bool) -> str | None:
    """Write a library anew, encrypted under a fresh key or in plain, and put it in place of the old one.

    Nothing is replaced before the new file was read back. Plain backups stay as they are.

    Returns
    -------
    str or None
        The recovery key; None where it is now in plain.

    Raises
    ------
    StoreError
        A package or a safe vault is missing, the library is in use, or the disk is full.
    """
    require_cipher()
    old_key = key_of(path)
    key = secrets.token_hex(32) if encrypt else None
    if encrypt:
        vault()  # say before the work that there is none
    fresh = path.with_name(path.name + ".converting")
    remove(fresh)
    try:
        before = _copy(path, old_key, fresh, key)
        with closing(connect(fresh, key, mode="rw")) as connection:
            if pragma(connection, "quick_check") != "ok" or _counts(connection) != before:
                raise StoreError("The new file is not whole; the old one was left as it is.", hint="Try again.")
            connection.execute("PRAGMA journal_mode = WAL")
        if key is not None:
            keep_key(fresh, key)
        fresh.replace(path)
    except DAMAGE as error:
        raise describe(path, error, StoreError) from None
    except OSError as error:
        raise StoreError(
            f"{path} cannot be replaced: {error.strerror}.", hint="Close the program everywhere and try again."
        ) from None
    finally:
        for end in ("", "-wal", "-shm"):
            remove(fresh.with_name(fresh.name + end))
    return None if key is None else recovery_text(key)


def _copy(path: Path, old_key: str | None, fresh: Path, key: str | None) -> list[int]:
    """Copy all tables; nobody else may have the library open. Returns how many rows they hold."""
    with closing(connect(path, old_key, mode="rw", cipher=True)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")  # the lock stays until this connection closes
        connection.execute("PRAGMA journal_mode = DELETE")  # its journal must not meet the new file
        before = _counts(connection)
        form = "''" if key is None else f"\"x'{key}'\""
        connection.execute(f"ATTACH DATABASE ? AS fresh KEY {form}", (str(fresh),))
        connection.execute("SELECT sqlcipher_export('fresh')").fetchone()
        connection.execute(f"PRAGMA fresh.application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA fresh.user_version = {pragma(connection, 'user_version')}")
        connection.execute("DETACH DATABASE fresh")
    return before


def _counts(connection: Any) -> list[int]:
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
    return [connection.execute(f'SELECT count(*) AS n FROM "{t["name"]}"').fetchone()["n"] for t in tables]
