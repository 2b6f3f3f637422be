"""What the confined worker answers, read with care: the code that it ran may have had a hand in it."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from aviary_strategies.intervals import seconds_of
from aviary_strategies.types import Feed, Market

MOST_MARKETS: Final = 10
MOST_RECORDS: Final = 100_000
MOST_FEATURES: Final = 200
MOST_ACTIONS: Final = 500_000
MOST_WARNINGS: Final = 20

Name = Annotated[str, Field(min_length=1, max_length=100)]
C = TypeVar("C", bound="Claim")


class NotBelieved(ValueError):
    """The code gave an answer of its own, which makes no sense."""


class Claim(BaseModel):
    model_config = ConfigDict(frozen=True)

    @classmethod
    def of(cls, told: object) -> Self:
        try:
            return cls.model_validate(told)
        except ValidationError as error:
            raise NotBelieved(f"the code gave an answer of its own that makes no sense: {_first(error)}") from None


class Problem(Claim):
    field: str
    message: str


class Description(Claim):
    """``problems`` are those of the config; with some, nothing else is said."""

    kind: Literal["directional_trading", "market_making", "generic"] = "generic"
    config: dict[str, JsonValue] = {}
    markets: Annotated[list[tuple[Name, Name]], Field(max_length=MOST_MARKETS)] = []
    feeds: Annotated[list[tuple[Name, Name, Name, int]], Field(max_length=MOST_MARKETS)] = []
    problems: list[Problem] = []

    @property
    def traded(self) -> tuple[Market, ...]:
        if not self.markets:
            raise NotBelieved("the controller trades nowhere")
        return tuple(Market(*each) for each in self.markets)

    @property
    def watched(self) -> tuple[Feed, ...]:
        found = []
        for connector, pair, interval, records in self.feeds:
            try:
                seconds_of(interval)
            except ValueError as error:
                raise NotBelieved(str(error)) from None
            if not 0 <= records <= MOST_RECORDS:
                raise NotBelieved(f"{records:,} candles are more than the {MOST_RECORDS:,} that may warm up a feature")
            found.append(Feed(Market(connector, pair), interval, records))
        return tuple(found)

    @property
    def told_problems(self) -> str:
        return "; ".join(f"{each.field}: {each.message}" if each.field else each.message for each in self.problems)


class Decisions(Claim):
    """``features`` are packed columns; ``decisions`` are times in ascending order, each with its actions."""

    features: Annotated[dict[str, str], Field(max_length=MOST_FEATURES)]
    decisions: Annotated[list[tuple[float, list[dict[str, Any]]]], Field(max_length=MOST_ACTIONS)]
    warnings: Annotated[list[Annotated[str, Field(max_length=1000)]], Field(max_length=MOST_WARNINGS)]


def _first(error: ValidationError) -> str:
    found: Mapping[str, Any] = error.errors()[0]
    return f"{'.'.join(str(place) for place in found['loc'])}: {found['msg']}"
