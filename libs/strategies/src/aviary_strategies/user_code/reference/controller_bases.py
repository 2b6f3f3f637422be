"""What users' controllers derive from. Subclasses replace and call the methods by Hummingbot's names."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from aviary_common.confined.standins.enums import PriceType, TradeType
from aviary_common.confined.standins.models import CandlesConfig
from aviary_strategies.user_code.reference.executor_actions import CreateExecutorAction, StopExecutorAction
from aviary_strategies.user_code.reference.executor_configs import ExecutorConfigBase, PositionExecutorConfig
from aviary_strategies.user_code.reference.infos import ExecutorInfo, PositionSummary
from aviary_strategies.user_code.reference.states import CloseType

Filter = Callable[[ExecutorInfo], bool]


class ControllerBase:
    def __init__(self, config: Any, market_data_provider: Any, actions_queue: Any = None, *_: Any, **__: Any) -> None:
        self.config = config
        self.market_data_provider = market_data_provider
        self.actions_queue = actions_queue if actions_queue is not None else asyncio.Queue()
        self.executors_info: list[ExecutorInfo] = []
        self.positions_held: list[PositionSummary] = []
        self.processed_data: dict[str, Any] = {}
        self.initialize_candles()

    @classmethod
    def logger(cls) -> logging.Logger:
        return logging.getLogger(cls.__name__)

    def get_candles_config(self) -> list[CandlesConfig]:
        return list(getattr(self.config, "candles_config", None) or [])

    def initialize_candles(self) -> None:
        self.market_data_provider.initialize_candles_feed_list(self.get_candles_config())

    @staticmethod
    def filter_executors(executors: Iterable[ExecutorInfo], filter_func: Filter) -> list[ExecutorInfo]:
        return [executor for executor in executors if filter_func(executor)]

    async def update_processed_data(self) -> None:
        raise NotImplementedError

    def determine_executor_actions(self) -> list[Any]:
        raise NotImplementedError

    def to_format_status(self) -> list[str]:
        return []

    def get_custom_info(self) -> dict[str, Any]:
        return {}


class _Proposing(ControllerBase):
    def determine_executor_actions(self) -> list[Any]:
        return [*self.create_actions_proposal(), *self.stop_actions_proposal()]

    def create_actions_proposal(self) -> list[Any]:
        raise NotImplementedError

    def stop_actions_proposal(self) -> list[Any]:
        return []

    def _create(self, executor_config: ExecutorConfigBase) -> CreateExecutorAction:
        return CreateExecutorAction(controller_id=self.config.id, executor_config=executor_config)


class DirectionalTradingControllerBase(_Proposing):
    """Follows ``processed_data["signal"]``. ``counts_both_sides`` is the reference engine's slip: a sell signal counts
    the active executors of both sides."""

    counts_both_sides = False

    async def update_processed_data(self) -> None:
        self.processed_data = {"signal": 0}

    def create_actions_proposal(self) -> list[Any]:
        signal = self.processed_data["signal"]
        if signal == 0 or not self.can_create_executor(signal):
            return []
        config = self.config
        price = self.market_data_provider.get_price_by_type(
            config.connector_name, config.trading_pair, PriceType.MidPrice
        )
        amount = config.total_amount_quote / price / Decimal(config.max_executors_per_side)
        side = TradeType.BUY if signal > 0 else TradeType.SELL
        return [self._create(self.get_executor_config(side, price, amount))]

    def can_create_executor(self, signal: float) -> bool:
        wanted = TradeType.BUY if signal > 0 else None if self.counts_both_sides else TradeType.SELL
        active = [each for each in self.executors_info if each.is_active and wanted in (None, each.side)]
        newest = max((each.timestamp for each in active), default=0)
        is_cool = self.market_data_provider.time() - newest > self.config.cooldown_time
        return bool(is_cool and len(active) < self.config.max_executors_per_side)

    def get_executor_config(self, trade_type: TradeType, price: Decimal, amount: Decimal) -> Any:
        return PositionExecutorConfig(
            timestamp=self.market_data_provider.time(),
            connector_name=self.config.connector_name,
            trading_pair=self.config.trading_pair,
            side=trade_type,
            entry_price=price,
            amount=amount,
            triple_barrier_config=self.config.triple_barrier_config,
            leverage=self.config.leverage,
        )


class MarketMakingControllerBase(_Proposing):
    """Keeps an executor at every level around ``processed_data["reference_price"]``. What is sold is taken to be owned:
    a spot market is not rebalanced first."""

    async def update_processed_data(self) -> None:
        price = self.market_data_provider.get_price_by_type(
            self.config.connector_name, self.config.trading_pair, PriceType.MidPrice
        )
        self.processed_data = {"reference_price": Decimal(price), "spread_multiplier": Decimal(1)}

    def create_actions_proposal(self) -> list[Any]:
        created = []
        for level_id in self.get_levels_to_execute():
            price, amount = self.get_price_and_amount(level_id)
            executor_config = self.get_executor_config(level_id, price, amount)
            if executor_config is not None:
                created.append(self._create(executor_config))
        return created

    def get_levels_to_execute(self) -> list[str]:
        """Those without an active executor, and without one that stopped out within the cooldown."""
        now, cooldown = self.market_data_provider.time(), self.config.cooldown_time
        working = [
            each.custom_info["level_id"]
            for each in self.executors_info
            if each.is_active
            or (each.close_type is CloseType.STOP_LOSS and now - (each.close_timestamp or 0) < cooldown)
        ]
        return self.get_not_active_levels_ids(working)

    def stop_actions_proposal(self) -> list[Any]:
        return [*self.executors_to_refresh(), *self.executors_to_early_stop()]

    def executors_to_refresh(self) -> list[Any]:
        now, refresh = self.market_data_provider.time(), self.config.executor_refresh_time
        return [
            StopExecutorAction(controller_id=self.config.id, executor_id=each.id)
            for each in self.executors_info
            if each.is_active and not each.is_trading and now - each.timestamp > refresh
        ]

    def executors_to_early_stop(self) -> list[Any]:
        return []

    def get_executor_config(self, level_id: str, price: Decimal, amount: Decimal) -> Any:
        raise NotImplementedError

    def get_price_and_amount(self, level_id: str) -> tuple[Decimal, Decimal]:
        level, side = self.get_level_from_level_id(level_id), self.get_trade_type_from_level_id(level_id)
        spreads, amounts = self.config.get_spreads_and_amounts_in_quote(side)
        reference = Decimal(self.processed_data["reference_price"])
        distance = Decimal(spreads[level]) * Decimal(self.processed_data["spread_multiplier"])
        price = reference * (1 - distance if side is TradeType.BUY else 1 + distance)
        return price, Decimal(amounts[level]) / price

    def get_level_id_from_side(self, trade_type: TradeType, level: int) -> str:
        return f"{trade_type.name.lower()}_{level}"

    def get_trade_type_from_level_id(self, level_id: str) -> TradeType:
        return TradeType.BUY if level_id.startswith("buy") else TradeType.SELL

    def get_level_from_level_id(self, level_id: str) -> int:
        return int(level_id.split("_")[1])

    def get_not_active_levels_ids(self, active_levels_ids: list[str]) -> list[str]:
        levels = [
            self.get_level_id_from_side(side, level)
            for side, spreads in ((TradeType.BUY, self.config.buy_spreads), (TradeType.SELL, self.config.sell_spreads))
            for level in range(len(spreads))
        ]
        return [level_id for level_id in levels if level_id not in active_levels_ids]
