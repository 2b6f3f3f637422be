"""Controllers as users write them."""

from typing import Any

from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.setup import Setup
from aviary_strategies.user_code.claims import Description
from aviary_strategies.user_code.replay import Replay
from aviary_strategies.user_code.source import Source

START_S = 1_700_006_400.0
MINUTES = 3000
CONFIG: dict[str, Any] = {
    "id": "",
    "controller_name": "tide",
    "total_amount_quote": 1000,
    "stop_loss": "0.006",
    "take_profit": "0.004",
    "trailing_stop": "0.003,0.001",
    "interval": "3m",
    "length": 20,
}

TIDE = """
from hummingbot.data_feed.candles_feed.data_types import CandlesConfig
from hummingbot.strategy_v2.controllers.directional_trading_controller_base import (
    DirectionalTradingControllerBase,
    DirectionalTradingControllerConfigBase,
)


class TideConfig(DirectionalTradingControllerConfigBase):
    controller_name: str = "tide"
    interval: str = "3m"
    length: int = 20


class Tide(DirectionalTradingControllerBase):
    def __init__(self, config: TideConfig, *args, **kwargs):
        self.config = config
        super().__init__(config, *args, **kwargs)

    def get_candles_config(self):
        return [CandlesConfig(
            connector=self.config.connector_name, trading_pair=self.config.trading_pair,
            interval=self.config.interval, max_records=self.config.length,
        )]

    def candles(self):
        return self.market_data_provider.get_candles_df(
            connector_name=self.config.connector_name, trading_pair=self.config.trading_pair,
            interval=self.config.interval, max_records=self.config.length,
        )

    async def update_processed_data(self):
        df = self.candles()
        middle = df["close"].rolling(self.config.length).mean()
        width = 4 * df["close"].rolling(self.config.length).std(ddof=0)
        df["bbp"] = (df["close"] - middle) / width + 0.5
        df["signal"] = 0
        df.loc[df["bbp"] < 0.0, "signal"] = 1
        df.loc[df["bbp"] > 1.0, "signal"] = -1
        self.processed_data["signal"] = df["signal"].iloc[-1]
        self.processed_data["features"] = df
"""

SCALAR = TIDE.replace('        self.processed_data["features"] = df\n', "")
"""It tells only the last signal, so it has to be asked candle by candle."""

AHEAD = TIDE.replace(".mean()", ".mean().shift(-1)")
"""Each row knows the candle after it."""

MAKER = """
from decimal import Decimal

from hummingbot.strategy_v2.controllers.market_making_controller_base import (
    MarketMakingControllerBase,
    MarketMakingControllerConfigBase,
)
from hummingbot.strategy_v2.executors.position_executor.data_types import PositionExecutorConfig


class PlainConfig(MarketMakingControllerConfigBase):
    controller_name: str = "plain"


class Plain(MarketMakingControllerBase):
    def get_executor_config(self, level_id: str, price: Decimal, amount: Decimal):
        return PositionExecutorConfig(
            timestamp=self.market_data_provider.time(), level_id=level_id, connector_name=self.config.connector_name,
            trading_pair=self.config.trading_pair, entry_price=price, amount=amount,
            triple_barrier_config=self.config.triple_barrier_config, leverage=self.config.leverage,
            side=self.get_trade_type_from_level_id(level_id),
        )
"""

OURS = """
from typing import Literal

import numpy as np

from aviary_strategies.controllers.directional import DirectionalConfig, DirectionalController
from aviary_strategies.types import Feed


class WaveConfig(DirectionalConfig):
    controller_name: Literal["wave"] = "wave"
    length: int = 5


class Wave(DirectionalController[WaveConfig]):
    name = "wave"
    config_class = WaveConfig

    @property
    def feeds(self):
        return (Feed(self.config.market, "1m", self.config.length),)

    def features(self, candles):
        close = candles[self.feeds[0]].close
        before = np.concatenate((np.full(self.config.length, np.nan), close[:-self.config.length]))
        return {"signal": np.sign(close - before)}
"""


def source(text: str, name: str = "tide") -> Source:
    module = f"controllers.directional_trading.{name}"
    return Source(name, "directional_trading", module, {module: text})


def setup(described: Description, mode: Mode, minutes: int = MINUTES) -> Setup:
    return Setup(Replay("tide", described), START_S, START_S + 60 * minutes, "1m", mode)


GENERIC = """
from decimal import Decimal
from typing import List

from hummingbot.core.data_type.common import MarketDict, PriceType, TradeType
from hummingbot.strategy_v2.controllers.controller_base import ControllerBase, ControllerConfigBase
from hummingbot.strategy_v2.executors.dca_executor.data_types import DCAExecutorConfig
from hummingbot.strategy_v2.executors.grid_executor.data_types import GridExecutorConfig
from hummingbot.strategy_v2.executors.order_executor.data_types import ExecutionStrategy, OrderExecutorConfig
from hummingbot.strategy_v2.executors.position_executor.data_types import PositionExecutorConfig, TripleBarrierConfig
from hummingbot.strategy_v2.models.executor_actions import CreateExecutorAction, ExecutorAction, StopExecutorAction


class MixedConfig(ControllerConfigBase):
    controller_name: str = "mixed"
    connector_name: str = "binance_perpetual"
    trading_pair: str = "WLD-USDT"

    def update_markets(self, markets: MarketDict) -> MarketDict:
        return markets.add_or_update(self.connector_name, self.trading_pair)


class Mixed(ControllerBase):
    def __init__(self, config: MixedConfig, *args, **kwargs):
        super().__init__(config, *args, **kwargs)
        self.steps = 0

    async def update_processed_data(self):
        price = self.market_data_provider.get_price_by_type(
            self.config.connector_name, self.config.trading_pair, price_type=PriceType.MidPrice)
        self.processed_data = {"price": price, "held": sum(each.amount for each in self.positions_held)}

    def determine_executor_actions(self) -> List[ExecutorAction]:
        self.steps += 1
        price, where = self.processed_data["price"], dict(
            timestamp=self.market_data_provider.time(), connector_name=self.config.connector_name,
            trading_pair=self.config.trading_pair, side=TradeType.BUY)
        barriers = TripleBarrierConfig(stop_loss=Decimal("0.02"), take_profit=Decimal("0.002"))
        if self.steps == 1:
            configs = [
                PositionExecutorConfig(amount=Decimal(1), triple_barrier_config=barriers, level_id="own", **where),
                OrderExecutorConfig(amount=Decimal(2), execution_strategy=ExecutionStrategy.MARKET, **where),
                DCAExecutorConfig(prices=[price, price * Decimal("0.99")], amounts_quote=[Decimal(100), Decimal(200)],
                                  take_profit=Decimal("0.01"), stop_loss=Decimal("0.05"), **where),
                GridExecutorConfig(start_price=price * Decimal("0.98"), end_price=price * Decimal("1.02"),
                                   limit_price=price * Decimal("0.95"), total_amount_quote=Decimal(500),
                                   triple_barrier_config=barriers, **where),
            ]
            return [CreateExecutorAction(controller_id="main", executor_config=each) for each in configs]
        if self.steps == 5:
            active = self.filter_executors(self.executors_info, lambda each: each.is_active)
            own = [each for each in active if each.custom_info["level_id"] == "own"]
            assert len(own) == 1 and own[0].is_trading and own[0].config.amount == 1, own
            assert self.processed_data["held"] == 2, self.processed_data
            return [StopExecutorAction(controller_id="main", executor_id=each.id) for each in own]
        return []
"""
