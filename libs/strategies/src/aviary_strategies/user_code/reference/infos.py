"""What a controller sees of its executors and of what it holds."""

from decimal import Decimal
from functools import cached_property
from typing import Any

from aviary_common.confined.standins.enums import TradeType
from aviary_strategies.context import ExecutorView, Held
from aviary_strategies.types import Market
from aviary_strategies.user_code.reference.executor_configs import ExecutorConfigBase
from aviary_strategies.user_code.reference.states import CloseType, RunnableStatus


class ExecutorInfo:
    """A view of one executor now: most controllers read little of it, so each value is made when it is asked for."""

    def __init__(self, view: ExecutorView, config: ExecutorConfigBase, price: float) -> None:
        self._view = view
        self._price = price
        self.config = config
        self.id = config.id
        self.type = view.kind
        self.timestamp = view.created_s
        self.is_active = view.is_active
        self.controller_id = config.controller_id

    @cached_property
    def is_trading(self) -> bool:
        return self._view.is_trading

    @property
    def is_done(self) -> bool:
        return not self.is_active

    @property
    def status(self) -> RunnableStatus:
        return RunnableStatus.RUNNING if self.is_active else RunnableStatus.TERMINATED

    @property
    def close_type(self) -> CloseType | None:
        return None if self.is_active else CloseType(int(self._view.close_type))

    @property
    def close_timestamp(self) -> float | None:
        return None if self.is_active else self._view.closed_s

    @cached_property
    def net_pnl_quote(self) -> Decimal:
        return Decimal(self._view.net_pnl_quote)

    @property
    def net_pnl_pct(self) -> Decimal:
        filled = self.filled_amount_quote
        return self.net_pnl_quote / filled if filled else Decimal(0)

    @cached_property
    def filled_amount_quote(self) -> Decimal:
        return Decimal(self._view.filled_quote)

    @property
    def cum_fees_quote(self) -> Decimal:
        """They are part of ``net_pnl_quote`` and not told apart."""
        return Decimal(0)

    @property
    def side(self) -> TradeType | None:
        side = self._view.side
        return None if side is None else TradeType(int(side))

    @property
    def connector_name(self) -> str:
        return self._view.market.connector_name

    @property
    def trading_pair(self) -> str:
        return self._view.market.trading_pair

    @cached_property
    def custom_info(self) -> dict[str, Any]:
        return {
            "close_price": self._price,
            "level_id": self._view.level_id,
            "side": self.side,
            "current_position_average_price": Decimal(self._view.entry_price),
            "open_order_last_update": self._view.last_update_s,
            "filled_amount_quote": self._view.filled_quote,
            "held_position_orders": [],
        }


class PositionSummary:
    """What stopped executors left in one market; ``amount`` is without a sign."""

    def __init__(self, market: Market, held: Held) -> None:
        self.connector_name, self.trading_pair = market
        self.side = TradeType.BUY if held.net_amount > 0 else TradeType.SELL
        self.amount = Decimal(abs(held.net_amount))
        self.breakeven_price = Decimal(held.average_price)
        self.unrealized_pnl_quote = Decimal(held.unrealized_pnl_quote)
        self.realized_pnl_quote = Decimal(held.realized_pnl_quote)
        self.volume_traded_quote = self.amount * self.breakeven_price
        self.cum_fees_quote = Decimal(0)

    @property
    def amount_quote(self) -> Decimal:
        return self.amount * self.breakeven_price

    @property
    def global_pnl_quote(self) -> Decimal:
        return self.unrealized_pnl_quote + self.realized_pnl_quote
