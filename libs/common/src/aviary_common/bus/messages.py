"""What an event and a question are. The concrete ones stand in ``aviary_messages``."""

from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

A = TypeVar("A", bound=BaseModel)


class Event(BaseModel):
    """A fact, told after it happened. ``subject`` is ``aviary.<area>.<thing>.<past tense>``.

    It is delivered at least once: whoever consumes it must not mind hearing it twice.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    subject: ClassVar[str]


class Question(BaseModel, Generic[A]):
    """Something another service knows. ``subject`` is ``rpc.<service>.<what>``; asking changes nothing, unless
    the question says so."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    subject: ClassVar[str]
    answer: ClassVar[type[BaseModel]]


class Failure(BaseModel):
    """How a service says no to a question; the asker gets the same error raised."""

    status: int
    detail: str
    code: str
