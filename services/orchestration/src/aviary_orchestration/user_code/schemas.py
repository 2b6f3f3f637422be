"""Source text in and out."""

from pydantic import BaseModel


class SourceIn(BaseModel):
    content: str
    type: str | None = None


class ControllerOut(BaseModel):
    name: str
    type: str
    content: str


class ScriptOut(BaseModel):
    name: str
    content: str
