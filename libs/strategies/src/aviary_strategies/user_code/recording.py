"""A controller that is watched: what it decided is written down, row by row."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from aviary_strategies.actions import Action, Create
from aviary_strategies.candles import Candles, Column
from aviary_strategies.context import Context
from aviary_strategies.controller import Controller
from aviary_strategies.types import Feed, Market
from aviary_strategies.user_code.errors import UserCodeError
from aviary_strategies.user_code.told_actions import Json, check, told


class Recorder(Controller[Any]):
    """``decisions`` are a time and the actions at it, where there were any; copies of it share them."""

    def __init__(self, watched: Controller[Any]) -> None:
        super().__init__(watched.config)
        self.name = watched.name  # type: ignore[misc]  # of this one alone
        self.kind = watched.kind  # type: ignore[misc]
        self.watched = watched
        self._markets = tuple(watched.markets)
        self._feeds = tuple(watched.feeds)
        self.decisions: list[tuple[float, list[Json]]] = []
        self.seen: Mapping[Feed, Candles] = {}
        """What the features were made of."""
        self.told_features: Mapping[str, Column] = {}

    @property
    def markets(self) -> tuple[Market, ...]:
        return self._markets

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return self._feeds

    def features(self, candles: Mapping[Feed, Candles]) -> Mapping[str, Column]:
        self.seen = candles
        self.told_features = self.watched.features(candles)
        return self.told_features

    def decide(self, context: Context) -> list[Action]:
        actions = self.watched.decide(context)
        for action in actions:
            if isinstance(action, Create):
                self._refuse_nonsense(action)
        if actions:
            self.decisions.append((context.now_s, [told(action) for action in actions]))
        return actions

    def _refuse_nonsense(self, action: Create) -> None:
        try:
            check(action.spec, self.markets)
        except ValueError as error:
            raise UserCodeError(str(error)) from None


def config_of(controller: Controller[Any]) -> Json:
    config: BaseModel = controller.config
    dumped: Json = config.model_dump(mode="json")
    return dumped
