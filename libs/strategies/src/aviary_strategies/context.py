"""What a controller may know when it decides: the same live and in a backtest."""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from operator import attrgetter
from typing import Protocol

from aviary_strategies.types import CloseType, Market, Side


class ExecutorView(Protocol):
    """One executor as it stands now."""

    @property
    def executor_id(self) -> int: ...
    @property
    def kind(self) -> str:
        """Hummingbot's type: ``position_executor``, ``order_executor``, ``dca_executor``, ``grid_executor``,
        ``arbitrage_executor`` or ``xemm_executor``."""

    @property
    def market(self) -> Market: ...
    @property
    def side(self) -> Side | None: ...
    @property
    def level_id(self) -> str | None: ...
    @property
    def created_s(self) -> float: ...
    @property
    def is_active(self) -> bool: ...
    @property
    def is_trading(self) -> bool:
        """Active, and something of it is filled."""

    @property
    def entry_price(self) -> float:
        """The price in its spec, not that of the fill."""

    @property
    def filled_quote(self) -> float: ...
    @property
    def net_pnl_quote(self) -> float: ...
    @property
    def last_update_s(self) -> float:
        """When its opening order was filled, or now while it has not been."""

    @property
    def close_type(self) -> CloseType: ...
    @property
    def closed_s(self) -> float:
        """Only of one that is not active."""


class Held(Protocol):
    """What stopped executors left: the signed amount of a market, in base."""

    @property
    def net_amount(self) -> float: ...
    @property
    def average_price(self) -> float: ...
    @property
    def unrealized_pnl_quote(self) -> float: ...
    @property
    def realized_pnl_quote(self) -> float: ...


class Rules(Protocol):
    """A market's steps and smallest amounts; 0 where the venue has none."""

    @property
    def amount_step(self) -> float: ...
    @property
    def price_step(self) -> float: ...
    @property
    def min_amount(self) -> float: ...
    @property
    def min_notional(self) -> float: ...


class Context(Protocol):
    """The moment of a decision."""

    @property
    def now_s(self) -> float: ...
    @property
    def executors(self) -> Sequence[ExecutorView]:
        """The active ones in the order of their creation, then those that ended within the last hour."""

    def price(self, market: Market) -> float:
        """The newest price."""

    @property
    def features(self) -> Mapping[str, float]:
        """The newest usable row of what ``Controller.features`` gave."""

    def held(self, market: Market) -> Held: ...

    def rules(self, market: Market) -> Rules: ...

    def balance(self, connector_name: str, asset: str) -> float:
        """What the account owns of it, in the asset."""


def active(context: Context) -> list[ExecutorView]:
    """The active executors, without a look at those that have ended, of which there may be many."""
    return list(takewhile(attrgetter("is_active"), context.executors))
