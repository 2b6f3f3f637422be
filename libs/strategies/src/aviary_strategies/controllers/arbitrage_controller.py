"""Arbitrage between two markets, both ways at once."""

from decimal import Decimal
from typing import ClassVar, Final, Literal

from pydantic import Field

from aviary_strategies.actions import Action, ArbitrageSpec, Create
from aviary_strategies.context import Context
from aviary_strategies.controller import Controller, Kind
from aviary_strategies.controllers.config import ControllerConfig
from aviary_strategies.controllers.connector_pair import ConnectorPair
from aviary_strategies.controllers.limits import rounded_down
from aviary_strategies.controllers.spellings import Finite
from aviary_strategies.types import CloseType, Market

ONE_TO_TWO: Final = "buy_1_sell_2"
TWO_TO_ONE: Final = "buy_2_sell_1"


class ArbitrageControllerConfig(ControllerConfig):
    controller_name: Literal["arbitrage_controller"] = "arbitrage_controller"
    controller_type: Literal["generic"] = "generic"
    exchange_pair_1: ConnectorPair = ConnectorPair(connector_name="binance", trading_pair="SOL-USDT")
    exchange_pair_2: ConnectorPair = ConnectorPair(connector_name="jupiter/router", trading_pair="SOL-USDC")
    min_profitability: Finite = Decimal("0.01")
    delay_between_executors: int = Field(10, ge=0)
    max_executors_imbalance: int = Field(1, ge=1)
    rate_connector: str = Field("binance", min_length=1)
    quote_conversion_asset: str = Field("USDT", min_length=1)


class ArbitrageController(Controller[ArbitrageControllerConfig]):
    """An executor's direction is its level: ``ONE_TO_TWO`` or ``TWO_TO_ONE``."""

    name: ClassVar[str] = "arbitrage_controller"
    kind: ClassVar[Kind] = "generic"
    config_class: ClassVar[type[ArbitrageControllerConfig]] = ArbitrageControllerConfig

    @property
    def rate_market(self) -> Market:
        """Where the price of the base asset is that turns the total into an amount."""
        base = self.config.exchange_pair_1.base
        return Market(self.config.rate_connector, f"{base}-{self.config.quote_conversion_asset}")

    @property
    def markets(self) -> tuple[Market, ...]:
        markets = (self.config.exchange_pair_1.market, self.config.exchange_pair_2.market, self.rate_market)
        return tuple(dict.fromkeys(markets))

    def decide(self, context: Context) -> list[Action]:
        """One executor each way, unless one way has earned too often already or was tried too recently."""
        config = self.config
        one, two = config.exchange_pair_1.market, config.exchange_pair_2.market
        amount = self._amount(context)
        if not amount:
            return []
        ways = ((ONE_TO_TWO, one, two), (TWO_TO_ONE, two, one))
        return [
            Create(ArbitrageSpec(buying, selling, amount, float(config.min_profitability), level_id))
            for level_id, buying, selling in ways
            if self._is_free(context, level_id)
        ]

    def _is_free(self, context: Context, level_id: str) -> bool:
        done = [e.level_id for e in context.executors if e.close_type == CloseType.COMPLETED]
        other = TWO_TO_ONE if level_id == ONE_TO_TWO else ONE_TO_TWO
        mine = [e for e in context.executors if e.level_id == level_id]
        ended = max((e.closed_s for e in mine if not e.is_active), default=None)
        return (
            not any(e.is_active for e in mine)
            and done.count(level_id) - done.count(other) < self.config.max_executors_imbalance
            and (ended is None or context.now_s - ended > self.config.delay_between_executors)
        )

    def _amount(self, context: Context) -> float:
        """A whole number of both markets' steps."""
        config = self.config
        amount = config.total_amount_quote / Decimal(context.price(self.rate_market))
        for pair in (config.exchange_pair_1, config.exchange_pair_2):
            amount = rounded_down(amount, context.rules(pair.market).amount_step)
        return float(amount)
