"""What the engine tells the outside: to the user streams about orders, to everybody about trades."""

from typing import Literal, Protocol

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.orders import Fill, Order
from aviary_sandbox_exchange.history.tape import AggregateTrade, Trade

Execution = Literal["NEW", "TRADE", "CANCELED", "EXPIRED"]


class News(Protocol):
    """Told while the change is being made; whoever passes it on waits for the commit."""

    def order_changed(self, order: Order, execution: Execution, fill: Fill | None = None, request_id: str = "") -> None:
        """``request_id`` is the client's id of a cancel request."""

    def account_changed(self, account: str, assets: tuple[str, ...], symbol: str) -> None: ...

    def traded(self, market: Market, trade: Trade) -> None: ...

    def aggregated(self, market: Market, trade: AggregateTrade) -> None: ...


class Silence:
    """Tells nobody."""

    def order_changed(
        self, order: Order, execution: Execution, fill: Fill | None = None, request_id: str = ""
    ) -> None: ...

    def account_changed(self, account: str, assets: tuple[str, ...], symbol: str) -> None: ...

    def traded(self, market: Market, trade: Trade) -> None: ...

    def aggregated(self, market: Market, trade: AggregateTrade) -> None: ...
