"""The market data that a controller asks for, as far as it could have known it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import numpy as np

from aviary_common.confined.standins.models import CandlesConfig
from aviary_strategies.candles import Candles
from aviary_strategies.context import Context
from aviary_strategies.types import Market
from aviary_strategies.user_code.errors import NotInBacktests
from aviary_strategies.user_code.reference.frames import frame_of

Key = tuple[str, str, str]


class MarketDataProvider:
    """``context`` is None while features are computed over a whole range: then every candle is shown, and whoever asks
    for the time or a price ``asked_for_now``."""

    def __init__(self) -> None:
        self.feeds: dict[Key, int] = {}
        self.candles: Mapping[Key, Candles] = {}
        self.context: Context | None = None
        self.first_s = 0.0
        self.asked_for_now = False
        self.connectors: dict[str, Any] = {}
        self.ready = True

    def time(self) -> float:
        if self.context is None:
            self.asked_for_now = True
            return self.first_s
        return self.context.now_s

    def initialize_candles_feed(self, config: CandlesConfig) -> None:
        key = (config.connector, config.trading_pair, config.interval)
        self.feeds[key] = max(self.feeds.get(key, 0), config.max_records)

    def initialize_candles_feed_list(self, config_list: Iterable[CandlesConfig]) -> None:
        for config in config_list:
            self.initialize_candles_feed(config)

    def initialize_rate_sources(self, connector_pairs: object) -> None:
        """Rates are the prices of the markets traded."""

    def get_candles_df(self, connector_name: str, trading_pair: str, interval: str, max_records: int = 500) -> Any:
        """Closed candles up to now."""
        key = (connector_name, trading_pair, interval)
        if key not in self.candles:
            raise NotInBacktests(
                f"the {interval} candles of {trading_pair} at {connector_name} are not there: name them in "
                "get_candles_config or in the config's candles_config"
            )
        candles = self.candles[key]
        if self.context is None:
            return frame_of(candles)
        closed = int(np.searchsorted(candles.ts, self.context.now_s - candles.interval_s, side="right"))
        return frame_of(candles.rows(max(0, closed - max_records), closed))

    def get_price_by_type(self, connector_name: str, trading_pair: str, price_type: object = None) -> Decimal:  # noqa: ARG002
        """All types are the newest close."""
        if self.context is None:
            self.asked_for_now = True
            return Decimal(1)
        try:
            return Decimal(self.context.price(Market(connector_name, trading_pair)))
        except KeyError:
            raise NotInBacktests(f"the price of {trading_pair} at {connector_name}, which is not traded") from None

    def get_rate(self, pair: str) -> Decimal:
        base, _, quote = pair.partition("-")
        if base == quote:
            return Decimal(1)
        raise NotInBacktests(f"the rate of {pair}: only prices of the markets traded are known")

    def get_balance(self, connector_name: str, asset: str) -> Decimal:
        return Decimal(self._now().balance(connector_name, asset))

    get_available_balance = get_balance

    def get_trading_rules(self, connector_name: str, trading_pair: str) -> SimpleNamespace:
        rules = self._now().rules(Market(connector_name, trading_pair))
        return SimpleNamespace(
            trading_pair=trading_pair,
            min_order_size=Decimal(repr(rules.min_amount)),
            min_price_increment=Decimal(repr(rules.price_step)),
            min_base_amount_increment=Decimal(repr(rules.amount_step)),
            min_notional_size=Decimal(repr(rules.min_notional)),
        )

    def quantize_order_price(self, connector_name: str, trading_pair: str, price: Decimal) -> Decimal:
        return _down(price, self._now().rules(Market(connector_name, trading_pair)).price_step)

    def quantize_order_amount(self, connector_name: str, trading_pair: str, amount: Decimal) -> Decimal:
        return _down(amount, self._now().rules(Market(connector_name, trading_pair)).amount_step)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotInBacktests(f"market_data_provider.{name} is known live only")

    def _now(self) -> Context:
        if self.context is None:
            self.asked_for_now = True
            raise NotInBacktests("balances and trading rules before the first candle")
        return self.context


def _down(value: Decimal, step: float) -> Decimal:
    size = Decimal(repr(step))
    return value // size * size if size else value
