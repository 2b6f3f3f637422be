"""Spot: the buyer pays quote and gets base less commission, the seller the other way round."""

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.orders import Order
from aviary_sandbox_exchange.engine.settlement import Cost
from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.history.tape import Trade
from aviary_sandbox_exchange.ledger import FEES, Ledger
from aviary_sandbox_exchange.units import notional

COMMISSION_DIVISOR = 1_000
"""0.1 %, maker and taker alike."""


class SpotSettlement:
    """The house neither locks nor pays commission: its orders come and go by the thousand."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def require(self, order: Order, market: Market) -> None:
        asset = _paid_asset(order)
        if self._ledger.of(order.account, asset).free < _needed(order, market):
            raise VenueError(Reason.INSUFFICIENT_BALANCE)

    def reserve(self, order: Order) -> None:
        if order.house or order.kind == "MARKET":
            return
        order.reserved = notional(order.price, order.quantity) if order.side == "BUY" else order.quantity
        self._ledger.lock(order.account, _paid_asset(order), order.reserved)

    def allowed(self, order: Order, quantity: int) -> int:  # noqa: ARG002 - spot never shrinks an order
        return quantity

    def settle(self, order: Order, trade: Trade, *, is_maker: bool) -> Cost:  # noqa: ARG002
        quantity, quote = trade.quantity, trade.quote
        buys = order.side == "BUY"
        paid, received = (quote, quantity) if buys else (quantity, quote)
        received_asset = order.pair.base if buys else order.pair.quote
        commission = 0 if order.house else received // COMMISSION_DIVISOR
        self._pay(order, paid, notional(order.price, quantity) if buys else quantity)
        self._ledger.change(order.account, received_asset, free=received - commission)
        if commission:
            self._ledger.change(FEES, received_asset, free=commission)
        return Cost(commission, received_asset)

    def release(self, order: Order) -> None:
        if order.reserved:
            self._ledger.lock(order.account, _paid_asset(order), -order.reserved)
            order.reserved = 0

    def balances_of(self, order: Order) -> tuple[str, ...]:
        return (order.pair.base, order.pair.quote)

    def _pay(self, order: Order, paid: int, reserved_for_it: int) -> None:
        """A limit order pays out of its reservation; what a better price saved becomes free."""
        asset = _paid_asset(order)
        if order.reserved:
            order.reserved -= reserved_for_it
            self._ledger.change(order.account, asset, free=reserved_for_it - paid, locked=-reserved_for_it)
        else:
            self._ledger.change(order.account, asset, free=-paid)


def _paid_asset(order: Order) -> str:
    return order.pair.quote if order.side == "BUY" else order.pair.base


def _needed(order: Order, market: Market) -> int:
    if order.side == "BUY":
        if order.kind == "MARKET":
            return order.quote_quantity or market.book.cost_of("BUY", order.quantity)
        return notional(order.price, order.quantity)
    if order.quote_quantity:
        return market.book.quantity_for("SELL", order.quote_quantity)
    return order.quantity
