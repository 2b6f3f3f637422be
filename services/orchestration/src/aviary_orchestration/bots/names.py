"""A bot's name in a path, and names to filter by."""

from typing import Annotated

from fastapi import Path, Query

BotName = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]+$", max_length=96)]
Wanted = Annotated[str | None, Query(pattern=r"^[^\x00]*$", max_length=256)]
"""Whatever somebody looks for; the database does not take NUL."""
