"""A ``Context`` made by hand, for one market or several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aviary_strategies.actions import Action, Create, Spec, Stop
from aviary_strategies.controller import Controller
from aviary_strategies.controllers.registry import controller_named
from aviary_strategies.types import CloseType, Market, Side

NOW_S = 1_767_225_600.0
BTC = Market("binance_perpetual", "BTC-USDT")


@dataclass
class Seen:
    """An executor; by default an active one that has waited for ``age_s`` for its first fill."""

    executor_id: int = 1
    side: Side | None = Side.BUY
    level_id: str | None = None
    age_s: float = 0.0
    is_active: bool = True
    is_filled: bool = False
    filled_s_ago: float = 0.0
    close_type: CloseType = CloseType.NONE
    closed_s_ago: float = 0.0
    entry_price: float = 100.0
    filled_quote: float = 0.0
    market: Market = BTC
    kind: str = "position_executor"
    net_pnl_quote: float = 0.0

    @property
    def created_s(self) -> float:
        return NOW_S - self.age_s

    @property
    def is_trading(self) -> bool:
        return self.is_active and self.is_filled

    @property
    def last_update_s(self) -> float:
        return NOW_S - self.filled_s_ago

    @property
    def closed_s(self) -> float:
        return NOW_S - self.closed_s_ago


@dataclass
class Holding:
    net_amount: float = 0.0
    average_price: float = 0.0
    unrealized_pnl_quote: float = 0.0
    realized_pnl_quote: float = 0.0


@dataclass
class Steps:
    amount_step: float = 0.0
    price_step: float = 0.0
    min_amount: float = 0.0
    min_notional: float = 0.0


@dataclass
class Moment:
    """Every market costs ``close`` unless ``prices`` says otherwise."""

    executors: Sequence[Seen] = ()
    close: float = 100.0
    features: Mapping[str, float] = field(default_factory=dict)
    prices: Mapping[Market, float] = field(default_factory=dict)
    holdings: Mapping[Market, Holding] = field(default_factory=dict)
    steps: Mapping[Market, Steps] = field(default_factory=dict)
    balances: Mapping[tuple[str, str], float] = field(default_factory=dict)
    now_s: float = NOW_S

    def price(self, market: Market) -> float:
        return self.prices.get(market, self.close)

    def held(self, market: Market) -> Holding:
        return self.holdings.get(market, Holding())

    def rules(self, market: Market) -> Steps:
        return self.steps.get(market, Steps())

    def balance(self, connector_name: str, asset: str) -> float:
        return self.balances.get((connector_name, asset), 0.0)


def controller(name: str, **config: Any) -> Controller[Any]:
    """On ``BTC`` where it has one market."""
    fields = controller_named({"controller_name": name}).config_class.model_fields
    market = {"connector_name": BTC.connector_name, "trading_pair": BTC.trading_pair}
    known = {key: value for key, value in market.items() if key in fields}
    return controller_named({"controller_name": name, **known, **config})


def created(actions: list[Action]) -> list[Spec]:
    return [action.spec for action in actions if isinstance(action, Create)]


def levels(actions: list[Action]) -> list[str | None]:
    return [spec.level_id for spec in created(actions)]


def stopped(actions: list[Action]) -> list[Stop]:
    return [action for action in actions if isinstance(action, Stop)]
