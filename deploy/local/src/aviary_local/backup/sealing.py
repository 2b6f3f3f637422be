"""age around a stream, whatever its length: a key pair of its own per file, and that key locked with the passphrase."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO

import pyrage
from pyrage import passphrase as locking
from pyrage.x25519 import Identity

from aviary_common.secrets import weak_password
from aviary_local.backup.errors import BrokenBackup, WrongPassphrase
from aviary_local.errors import LaunchError, WeakPassword

DAMAGED = "The file is cut or damaged, or it is no backup; nothing was touched."


def new_identity() -> str:
    """As age writes it: `AGE-SECRET-KEY-1...`."""
    return str(Identity.generate())


def lock(identity: str, passphrase: str) -> bytes:
    """Takes about a second, as it would for whoever guesses."""
    if reason := weak_password(passphrase):
        raise WeakPassword(f"The backup's passphrase {reason}: whoever guesses it has your exchange keys.")
    return bytes(locking.encrypt(f"{identity}\n".encode(), passphrase))


def unlock(locked: bytes, passphrase: str) -> str:
    try:
        return str(locking.decrypt(locked, passphrase).decode().strip())
    except pyrage.DecryptError:
        raise WrongPassphrase("This passphrase does not open the backup, or the file is damaged.") from None


@contextmanager
def sealed(target: IO[bytes], identity: str) -> Iterator[IO[bytes]]:
    """What is written into the block's stream arrives in ``target`` encrypted, all of it when the block has ended."""
    recipient = Identity.from_str(identity).to_public()
    read_end, write_end = os.pipe()

    def encrypt() -> None:
        with os.fdopen(read_end, "rb") as plain:
            pyrage.encrypt_io(plain, target, [recipient])

    with ThreadPoolExecutor(1) as pool:
        with os.fdopen(write_end, "wb") as plain:
            encrypted = pool.submit(encrypt)
            try:
                yield plain
                plain.flush()
            except BrokenPipeError:
                raise LaunchError(f"The backup cannot be written: {encrypted.exception()}") from None
        if error := encrypted.exception():
            raise LaunchError(f"The backup cannot be written: {error}")


@contextmanager
def opened(source: IO[bytes], identity: str) -> Iterator[IO[bytes]]:
    """A stream of what was sealed. ``BrokenBackup`` at the latest when the block ends, if any of it was changed or is
    missing: read all of it before believing any."""
    try:
        key = Identity.from_str(identity)
    except pyrage.IdentityError:
        raise BrokenBackup(DAMAGED) from None
    read_end, write_end = os.pipe()

    def decrypt() -> None:
        with os.fdopen(write_end, "wb") as plain:
            pyrage.decrypt_io(source, plain, [key])

    with ThreadPoolExecutor(1) as pool:
        with os.fdopen(read_end, "rb") as plain:
            decrypted = pool.submit(decrypt)
            yield plain
            while plain.read(1 << 20):
                pass
        if decrypted.exception():
            raise BrokenBackup(DAMAGED)
