"""``.password_verification``: a known word, encrypted, by which Hummingbot recognises its config password."""

from pathlib import Path
from typing import Final

from aviary_exchange.hummingbot_files.errors import BrokenFile
from aviary_exchange.hummingbot_files.keyfile import DerivedKey, decrypt, encrypt
from aviary_exchange.hummingbot_files.private import read_text, write_private

FILE_NAME: Final = ".password_verification"
WORD: Final = "HummingBot"


def write_password_file(account_folder: Path, password: str | DerivedKey) -> None:
    write_private(account_folder / FILE_NAME, encrypt(WORD, password))


def check_password(account_folder: Path, password: str) -> None:
    """Raises ``WrongPassword``, or ``BrokenFile`` when the file is missing or says something else."""
    file = account_folder / FILE_NAME
    word = decrypt(read_text(file), password, where=str(file))
    if word != WORD:
        raise BrokenFile(str(file), "it does not hold the word that it should")
