from typing import Self

from pydantic import BaseModel

from aviary_common.models import DecimalNumber
from aviary_exchange.types import OrderType, TradingRule


class OrderTypes(BaseModel):
    connector: str
    supported_order_types: list[str]


class RuleOut(BaseModel):
    """The field names are the reference's; ``max_order_size`` is null where the venue states no bound."""

    min_order_size: DecimalNumber
    max_order_size: DecimalNumber | None
    min_price_increment: DecimalNumber
    min_base_amount_increment: DecimalNumber
    min_quote_amount_increment: DecimalNumber
    min_notional_size: DecimalNumber
    min_order_value: DecimalNumber
    max_price_significant_digits: float
    supports_limit_orders: bool
    supports_market_orders: bool
    buy_order_collateral_token: str
    sell_order_collateral_token: str

    @classmethod
    def of(cls, rule: TradingRule, *, perpetual: bool) -> Self:
        """A perpetual takes its one collateral for both sides; on spot a buy takes the quote and a sell the base."""
        return cls(
            min_order_size=rule.min_amount,
            max_order_size=rule.max_amount,
            min_price_increment=rule.price_step,
            min_base_amount_increment=rule.amount_step,
            min_quote_amount_increment=rule.price_step * rule.amount_step,
            min_notional_size=rule.min_notional,
            min_order_value=rule.min_notional,
            max_price_significant_digits=1e56,
            supports_limit_orders=OrderType.LIMIT in rule.order_types,
            supports_market_orders=OrderType.MARKET in rule.order_types,
            buy_order_collateral_token=rule.collateral if perpetual else rule.quote,
            sell_order_collateral_token=rule.collateral if perpetual else rule.base,
        )
