"""What the worker answers, read with care: the code that it ran may have had a hand in it."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from aviary_common.confined.errors import WorkerFailed

A = TypeVar("A", bound="Answer")


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)

    @classmethod
    def of(cls: type[A], told: object) -> A:
        try:
            return cls.model_validate(told)
        except ValidationError:
            raise WorkerFailed("ValueError", "the code gave an answer of its own that makes no sense") from None


class Syntax(Answer):
    """No message: it is Python."""

    line: int | None
    message: str | None


class ConfigField(Answer):
    name: str
    type: str
    default: JsonValue
    required: bool
    is_updatable: bool
    description: str | None = None


class ConfigClass(Answer):
    """``class_name`` is ``None`` when the code defines no config class."""

    class_name: str | None
    fields: tuple[ConfigField, ...]

    @classmethod
    def of(cls, told: object) -> "ConfigClass":
        if isinstance(told, dict) and isinstance(fields := told.get("fields"), list):
            told = {**told, "fields": tuple(fields)}
        return super().of(told)


class Problem(Answer):
    field: str
    message: str


class Checked(Answer):
    class_name: str | None
    problems: list[Problem]

    def told(self) -> str:
        return "; ".join(f"{each.field}: {each.message}" if each.field else each.message for each in self.problems)
