"""Files that only their owner may read."""

import os
from pathlib import Path

from aviary_exchange.hummingbot_files.errors import BrokenFile


def read_text(file: Path) -> str:
    try:
        return file.read_text()
    except FileNotFoundError:
        raise BrokenFile(str(file), "there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenFile(str(file), f"it cannot be read ({type(error).__name__})") from None


def write_private(file: Path, text: str) -> None:
    """In one step, so that a reader never sees half of it."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(text)
    draft.replace(file)
