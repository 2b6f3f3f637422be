"""An archive is named after its instance; another one of the same instance gets a number that no instance can have."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Final

NUMBER: Final = r"\.(\d+)$"


def archive_names(instance: str) -> Iterator[str]:
    """``bot``, ``bot.2``, ``bot.3`` and so on."""
    yield instance
    for number in count(2):
        yield f"{instance}.{number}"


def bot_of(archive: str) -> str:
    return re.sub(NUMBER, "", archive)


def number_of(archive: str) -> int:
    found = re.search(NUMBER, archive)
    return int(found[1]) if found else 1


def is_instance_name(name: str) -> bool:
    """Not a path, and not hidden: those are on their way."""
    return bool(name) and "/" not in name and not name.startswith(".")
