"""Answers about configs. The configs themselves go out as they are."""

from fastapi import Response
from pydantic import BaseModel

from aviary_orchestration.configs.content import to_json


class ConfigDone(BaseModel):
    message: str


class Written(ConfigDone):
    """``warnings`` are about configs that were stored all the same."""

    id: str
    warnings: list[str] = []


class ConfigResponse(Response):
    """Free-form JSON; fractions become JSON numbers."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        return to_json(content)
