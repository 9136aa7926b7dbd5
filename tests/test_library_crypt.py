"""An encrypted library: nothing readable in the file, the key in a vault, a recovery key on paper."""

import subprocess
import sys
from pathlib import Path

import keyring
import keyring.backend
import pytest
from keyring.backends.fail import Keyring as NoVault
from store_tools import record

from imu.api import Library
from imu.cli import main
from imu.errors import ImuError, StoreError
from imu.store import connect, crypt
from imu.store.schema import SCHEMA_VERSION
from imu.store.upkeep import restore


class MemoryVault(keyring.backend.KeyringBackend):
    """A vault that lives as long as a test."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def delete_password(self, service, username):
        del self.kept[service, username]


class PlaintextKeyring(MemoryVault):
    """As the one of that name, which keeps keys in a readable file."""


@pytest.fixture(autouse=True)
def vault():
    before = keyring.get_keyring()
    vault = MemoryVault()
    keyring.set_keyring(vault)
    yield vault
    keyring.set_keyring(before)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("library") / "library.stride-library"
    with Library.open(path) as library:
        client = library.add_client("Q-SECRET-77", notes="whispered note")
        record(library, 6.0, 1, client.id)
        steps = library.session(1).steps
    return path.read_bytes(), steps


@pytest.fixture
def path(made, tmp_path):
    path = tmp_path / "library.stride-library"
    path.write_bytes(made[0])
    return path


def all_bytes(folder):
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_an_encrypted_library_works_as_before_and_nothing_in_it_is_readable(path, made, tmp_path, vault):
    recovery = crypt.convert(path, encrypt=True)
    with Library.open(path) as library:
        assert library.info().encrypted
        assert library.info().schema_version == SCHEMA_VERSION
        assert library.session(1).steps == made[1]
        library.update_client(1, notes="another whispered note")
        session_id = record(library, 6.0, 2, 1)
        assert len(library.session(session_id).steps) > 5
        assert library.check() == []
        content = all_bytes(tmp_path)  # the journal too
        for word in (b"Q-SECRET-77", b"whispered", b"SQLite format", b"open_packet", b"CREATE TABLE"):
            assert word not in content
        exported = library.export_session(1, tmp_path / "out.stride")
        assert exported.read_bytes().startswith(b"SQLite format 3")
        backup = library.backup()
    assert crypt.is_encrypted(backup)
    with Library.open(backup) as copy:
        assert copy.session(1).steps == made[1]
    assert len(vault.kept) == 1
    assert recovery.count("-") == 13


def test_another_computer_needs_the_recovery_key(path, made, vault):
    recovery = crypt.convert(path, encrypt=True)
    vault.kept.clear()
    with pytest.raises(StoreError, match="not in this computer's vault") as caught:
        Library.open(path)
    assert "unlock" in caught.value.hint
    with pytest.raises(StoreError, match="typing mistake"):
        crypt.unlock(path, recovery[:-1] + ("A" if recovery[-1] != "A" else "B"))
    with pytest.raises(StoreError, match="not of"):
        crypt.unlock(path, crypt.recovery_text("ab" * 32))
    assert vault.kept == {}
    crypt.unlock(path, recovery.lower().replace("-", " "))
    with Library.open(path) as library:
        assert library.session(1).steps == made[1]


def test_a_new_key_makes_the_old_one_useless_and_plain_is_plain_again(path, made):
    first = crypt.convert(path, encrypt=True)
    second = crypt.convert(path, encrypt=True)
    assert first != second
    with pytest.raises(StoreError, match="not of"):
        crypt.unlock(path, first)
    assert crypt.convert(path, encrypt=False) is None
    with Library.open(path) as library:
        assert not library.info().encrypted
        assert library.session(1).steps == made[1]
        assert library.check() == []
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_backup_under_an_old_key_comes_back_with_the_old_recovery_key(path, made, vault):
    first = crypt.convert(path, encrypt=True)
    with Library.open(path) as library:
        backup = library.backup()
    crypt.convert(path, encrypt=True)
    vault.kept.clear()
    with pytest.raises(StoreError, match="not in this computer's vault") as caught:
        restore(path, backup)
    assert f"unlock --library {backup}" in caught.value.hint
    crypt.unlock(backup, first)
    restore(path, backup)
    with Library.open(path) as library:
        assert library.session(1).steps == made[1]


def test_a_vault_that_cannot_be_loaded_is_said(path, monkeypatch):
    def broken():
        raise ModuleNotFoundError("No module named 'keyrings'")

    monkeypatch.setattr(keyring, "get_keyring", broken)
    with pytest.raises(StoreError, match="cannot be used"):
        crypt.convert(path, encrypt=True)


@pytest.mark.parametrize("bad", [NoVault, PlaintextKeyring])
def test_a_vault_that_is_none_is_refused_and_nothing_changes(path, bad):
    keyring.set_keyring(bad())
    before = path.read_bytes()
    with pytest.raises(StoreError, match="no safe vault") as caught:
        crypt.convert(path, encrypt=True)
    assert caught.value.hint
    assert path.read_bytes() == before


HOLD = """
import sys
from imu.api import Library
with Library.open(sys.argv[1]) as library:
    library.clients()
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_library_that_another_window_has_open_is_not_converted(path, made, monkeypatch):
    plain = connect.connect
    monkeypatch.setattr(crypt, "connect", lambda *a, **k: plain(*a, **{**k, "timeout_s": 0.05}))
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parent.parent,
    ) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(StoreError, match="locked"):
            crypt.convert(path, encrypt=True)
        other.stdin.close()
        assert other.wait(30) == 0
    assert not crypt.is_encrypted(path)
    with Library.open(path) as library:
        assert library.session(1).steps == made[1]


def test_without_the_extra_it_is_said_how_to_get_it(path, monkeypatch):
    crypt.convert(path, encrypt=True)
    monkeypatch.setattr(connect, "_cipher", None)
    for ask in (lambda: Library.open(path), lambda: crypt.convert(path, encrypt=False)):
        with pytest.raises(StoreError) as caught:
            ask()
        assert "stride-impact[encryption]" in caught.value.hint


def test_a_damaged_encrypted_library_is_said(path):
    crypt.convert(path, encrypt=True)
    content = bytearray(path.read_bytes())
    content[5000:9000] = bytes(4000)
    path.write_bytes(content)
    with pytest.raises(ImuError), Library.open(path) as library:
        library.session(1)


def test_an_encrypted_library_is_restored_from_its_backup(path, made, tmp_path):
    crypt.convert(path, encrypt=True)
    with Library.open(path) as library:
        backup = library.backup()
        library.erase_client(1)
    assert main(["library", "restore", str(backup), "--yes", "--library", str(path)]) == 0
    with Library.open(path) as library:
        assert library.session(1).steps == made[1]


def test_the_commands(path, capsys, monkeypatch):
    monkeypatch.setenv("STRIDE_LIBRARY", str(path))
    assert main(["library", "recovery-key"]) == 2
    assert main(["library", "encrypt"]) == 0
    shown = capsys.readouterr().out
    assert main(["library", "recovery-key"]) == 0
    assert crypt.recovery_text(crypt.key_of(path)) in shown
    assert crypt.recovery_text(crypt.key_of(path)) in capsys.readouterr().out
    assert main(["library", "encrypt"]) == 2
    assert "already" in capsys.readouterr().err
    assert main(["library", "rekey"]) == 0
    assert main(["library", "decrypt"]) == 0
    assert main(["library", "decrypt"]) == 2
    assert main(["library", "rekey"]) == 2
