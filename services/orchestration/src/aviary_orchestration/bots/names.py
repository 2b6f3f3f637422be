"""A bot's name in a path."""

from typing import Annotated

from fastapi import Path

BotName = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]+$", max_length=96)]
