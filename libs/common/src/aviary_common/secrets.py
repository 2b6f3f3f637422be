"""Which passwords are too weak to start with, and a password that remembers the one before it."""

from collections.abc import Sequence
from typing import Final

from pydantic import SecretStr

MIN_LENGTH: Final = 12
WELL_KNOWN: Final = frozenset(
    {
        "admin", "administrator", "password", "passw0rd", "hummingbot", "hummingbot-api", "aviary", "changeme",
        "change-me", "letmein", "secret", "default", "qwerty", "qwertyuiop", "123456789012", "1234567890123456",
        "password1234", "adminadminadmin", "passwordpassword",
    }
)  # fmt: skip


def weak_password(value: str, username: str = "") -> str | None:
    """Why the password must not be used, as the end of a sentence; ``None`` when it may."""
    folded = value.casefold()
    if not value:
        return "is missing"
    if folded in WELL_KNOWN or folded.rstrip("0123456789!") in WELL_KNOWN:
        return "is one of the passwords everybody tries first"
    if username and folded == username.casefold():
        return "is the same as the username"
    if len(value) < MIN_LENGTH:
        return f"is shorter than {MIN_LENGTH} characters"
    if len(set(value)) < 5:
        return "repeats the same few characters"
    return None


class ConfigPassword(SecretStr):
    """What is sealed is sealed with it; what ``older`` ones have sealed can still be opened while keys are rotated."""

    def __init__(self, current: SecretStr, older: Sequence[SecretStr] = ()) -> None:
        super().__init__(current.get_secret_value())
        self.older = tuple(older)
