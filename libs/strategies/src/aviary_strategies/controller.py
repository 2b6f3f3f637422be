"""A controller: a config, features of candles, and decisions. Pure: no I/O, no clock, no state but the context's."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel

from aviary_strategies.actions import Action
from aviary_strategies.candles import Candles, Column
from aviary_strategies.context import Context
from aviary_strategies.types import Feed, Market

Kind = Literal["directional_trading", "market_making", "generic"]
C = TypeVar("C", bound=BaseModel)


class Controller(ABC, Generic[C]):
    """``name`` and ``kind`` are those of configs: ``controller_name`` and ``controller_type``."""

    name: ClassVar[str]
    kind: ClassVar[Kind]
    config_class: ClassVar[type[BaseModel]]

    def __init__(self, config: C) -> None:
        self.config = config

    @property
    @abstractmethod
    def markets(self) -> Sequence[Market]:
        """Where it trades; the clock of a backtest follows the first one."""

    @property
    def feeds(self) -> Sequence[Feed]:
        """The candles that ``features`` needs; the first one's rows are the rows of the features."""
        return ()

    def features(self, candles: Mapping[Feed, Candles]) -> Mapping[str, Column]:  # noqa: ARG002 - for those that have some
        """Columns as long as the first feed. Causal: a row depends on candles up to its own only, NaN while there are
        too few of them."""
        return {}

    @abstractmethod
    def decide(self, context: Context) -> list[Action]:
        """What to do now; called once for each closed candle in a backtest, once a tick live."""
