"""What a config or a source file may be called: nothing that could name a place."""

import re
from typing import Final

from aviary_common.errors import BadRequest

MAX_LENGTH: Final = 64
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def stem_of(name: str, suffix: str = ".yml") -> str:
    """``conf_1`` for ``conf_1`` and ``conf_1.yml``. Raises ``BadRequest``."""
    stem = name.removesuffix(suffix)
    if not is_name(stem):
        what = f"letters, digits, - and _, at most {MAX_LENGTH}" + (f", and {suffix} if you like" if suffix else "")
        raise BadRequest(f"{name[:MAX_LENGTH]!r} is no name: take {what}.", code="bad_name")
    return stem
