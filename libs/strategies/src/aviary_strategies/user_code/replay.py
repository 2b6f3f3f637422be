"""Decides again what a user's controller has decided, so that the numbers are computed where none of its code is."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from aviary_strategies.actions import Action
from aviary_strategies.candles import Candles, Column
from aviary_strategies.context import Context
from aviary_strategies.controller import Controller
from aviary_strategies.types import Feed, Market
from aviary_strategies.user_code.claims import MOST_ACTIONS, Decisions, Description, NotBelieved
from aviary_strategies.user_code.columns import unpacked
from aviary_strategies.user_code.told_actions import action_of


class ToldConfig(BaseModel):
    """As the user's config class has read it."""

    model_config = ConfigDict(extra="allow", frozen=True)

    total_amount_quote: float = 0.0


class Replay(Controller[ToldConfig]):
    """Without ``decisions`` it only says which candles are needed. What it is given is checked as it is used: a
    ``NotBelieved`` is raised for columns of a wrong length and for actions that make no sense."""

    def __init__(self, name: str, described: Description, decisions: Decisions | None = None) -> None:
        super().__init__(ToldConfig.model_validate(described.config))
        self.name = name  # type: ignore[misc]  # of this one alone
        self.kind = described.kind  # type: ignore[misc]
        self._markets = described.traded
        self._feeds = described.watched
        self._columns = _columns(decisions.features) if decisions else {}
        self._actions = _actions(decisions, self._markets) if decisions else {}

    @property
    def markets(self) -> tuple[Market, ...]:
        return self._markets

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return self._feeds

    def features(self, candles: Mapping[Feed, Candles]) -> Mapping[str, Column]:
        rows = len(next(iter(candles.values()))) if candles else -1
        for name, column in self._columns.items():
            if len(column) != rows:
                raise NotBelieved(f"the feature {name!r} has {len(column)} rows, not {max(0, rows)}")
        return self._columns

    def decide(self, context: Context) -> list[Action]:
        return self._actions.get(context.now_s, [])


def _columns(told: Mapping[str, str]) -> dict[str, Column]:
    try:
        return {name: unpacked(text) for name, text in told.items()}
    except ValueError:
        raise NotBelieved("a feature is no column of numbers") from None


def _actions(told: Decisions, markets: tuple[Market, ...]) -> dict[float, list[Action]]:
    if sum(len(actions) for _, actions in told.decisions) > MOST_ACTIONS:
        raise NotBelieved(f"it asked for more than {MOST_ACTIONS:,} executors")
    try:
        return {at: [action_of(each, markets) for each in actions] for at, actions in told.decisions}
    except (ValueError, KeyError, TypeError) as error:
        raise NotBelieved(f"it asked for what makes no sense: {error}") from None
