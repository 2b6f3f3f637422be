"""The ``Context`` of one row of a backtest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aviary_strategies.backtest.ledger import Ledger, Position
from aviary_strategies.backtest.model import MarketRules
from aviary_strategies.candles import Column
from aviary_strategies.context import ExecutorView
from aviary_strategies.types import Market


class FeatureRow(Mapping[str, float]):
    """One row of columns, read when it is asked for."""

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: Mapping[str, Column], row: int) -> None:
        self._columns = columns
        self._row = row

    def __getitem__(self, name: str) -> float:
        return float(self._columns[name][self._row])

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass(frozen=True, slots=True)
class Moment:
    """See ``aviary_strategies.context.Context``."""

    now_s: float
    row: int
    executors: Sequence[ExecutorView]
    prices: Mapping[Market, float]
    columns: Mapping[str, Column]
    ledger: Ledger
    market_rules: Mapping[Market, MarketRules]
    balances: Mapping[tuple[str, str], float]

    @property
    def features(self) -> FeatureRow:
        return FeatureRow(self.columns, self.row)

    def price(self, market: Market) -> float:
        return self.prices[market]

    def held(self, market: Market) -> Position:
        return self.ledger.of(market)

    def rules(self, market: Market) -> MarketRules:
        return self.market_rules.get(market) or MarketRules()

    def balance(self, connector_name: str, asset: str) -> float:
        """What the backtest began with, changed by what has been kept since."""
        owned = self.balances.get((connector_name, asset), 0.0)
        for market, position in self.ledger.positions.items():
            if market.connector_name != connector_name:
                continue
            base, _, quote = market.trading_pair.partition("-")
            if asset == base:
                owned += position.net_amount
            elif asset == quote:
                owned += position.sold_quote - position.bought_quote - position.fees_quote - position.funding_quote
        return owned
