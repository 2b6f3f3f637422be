"""The config bases with what controllers call on them."""

from decimal import Decimal
from typing import Any

from aviary_common.confined.standins import bases
from aviary_common.confined.standins.enums import OrderType, TradeType
from aviary_common.confined.standins.models import TripleBarrierConfig


class MarketDict(dict[str, set[str]]):
    """Trading pairs by connector."""

    def add_or_update(self, key: str, *pairs: str) -> "MarketDict":
        self.setdefault(key, set()).update(pairs)
        return self


class DirectionalTradingControllerConfigBase(bases.DirectionalTradingControllerConfigBase):
    @property
    def triple_barrier_config(self) -> TripleBarrierConfig:
        """A taker: it opens at the market."""
        return super().triple_barrier_config.model_copy(update={"open_order_type": OrderType.MARKET})

    def update_markets(self, markets: Any) -> Any:
        return with_pair(markets, self.connector_name, self.trading_pair)


class MarketMakingControllerConfigBase(bases.MarketMakingControllerConfigBase):
    def update_markets(self, markets: Any) -> Any:
        return with_pair(markets, self.connector_name, self.trading_pair)

    def get_spreads_and_amounts_in_quote(self, trade_type: TradeType) -> tuple[list[float], list[Decimal]]:
        """Amounts are shares of the total by their weights on both sides together."""
        weights = {
            TradeType.BUY: [Decimal(each) for each in self.buy_amounts_pct or ()],
            TradeType.SELL: [Decimal(each) for each in self.sell_amounts_pct or ()],
        }
        total = sum(sum(side) for side in weights.values())
        spreads = self.buy_spreads if trade_type is TradeType.BUY else self.sell_spreads
        return spreads, [weight / total * self.total_amount_quote for weight in weights[trade_type]]


def with_pair(markets: Any, connector_name: str, trading_pair: str) -> Any:
    markets.setdefault(connector_name, set()).add(trading_pair)
    return markets
