"""Names that no other deployment has."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count


def candidates(asked: str, now: datetime) -> Iterator[str]:
    """``<name>-20260101-120000`` in local time, then with a number."""
    first = f"{asked}-{now.astimezone():%Y%m%d-%H%M%S}"
    yield first
    for number in count(2):
        yield f"{first}-{number}"
