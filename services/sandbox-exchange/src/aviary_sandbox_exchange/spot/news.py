"""Spot news: executionReport, outboundAccountPosition, and the public trades."""

from aviary_sandbox_exchange.clock import Clock
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.news import Execution
from aviary_sandbox_exchange.engine.orders import Fill, Order
from aviary_sandbox_exchange.history.tape import AggregateTrade, Trade
from aviary_sandbox_exchange.ledger import Ledger
from aviary_sandbox_exchange.spot.views import shown_time_in_force
from aviary_sandbox_exchange.units import fixed
from aviary_sandbox_exchange.ws.hub import Hub, user_topic
from aviary_sandbox_exchange.ws.trades import aggregate_event, trade_event


class SpotNews:
    def __init__(self, hub: Hub, ledger: Ledger, clock: Clock) -> None:
        self._hub = hub
        self._ledger = ledger
        self._clock = clock

    def order_changed(self, order: Order, execution: Execution, fill: Fill | None = None, request_id: str = "") -> None:
        topic = user_topic("spot", order.account)
        if self._hub.listened(topic):
            self._hub.queue(topic, execution_report(order, execution, fill, request_id, self._clock.now_ms()))

    def account_changed(self, account: str, assets: tuple[str, ...], symbol: str) -> None:  # noqa: ARG002
        topic = user_topic("spot", account)
        if not self._hub.listened(topic):
            return
        now_ms = self._clock.now_ms()
        balances = [(asset, self._ledger.of(account, asset)) for asset in assets]
        self._hub.queue(
            topic,
            {
                "e": "outboundAccountPosition",
                "E": now_ms,
                "u": now_ms,
                "B": [{"a": asset, "f": fixed(b.free), "l": fixed(b.locked)} for asset, b in balances],
            },
        )

    def deposited(self, account: str, asset: str, amount: int) -> None:
        now_ms = self._clock.now_ms()
        self._hub.queue(
            user_topic("spot", account),
            {"e": "balanceUpdate", "E": now_ms, "a": asset, "d": fixed(amount), "T": now_ms},
        )
        self.account_changed(account, (asset,), "")

    def traded(self, market: Market, trade: Trade) -> None:
        topic = f"spot:{market.pair.symbol.lower()}@trade"
        if self._hub.listened(topic):
            self._hub.queue(topic, trade_event(market.pair, trade, self._clock.now_ms()))

    def aggregated(self, market: Market, trade: AggregateTrade) -> None:
        topic = f"spot:{market.pair.symbol.lower()}@aggTrade"
        if self._hub.listened(topic):
            self._hub.queue(topic, aggregate_event(market.pair, trade, self._clock.now_ms()))


def execution_report(
    order: Order, execution: Execution, fill: Fill | None, request_id: str, now_ms: int
) -> dict[str, object]:
    return {
        "e": "executionReport",
        "E": now_ms,
        "s": order.pair.symbol,
        "c": request_id or order.client_id,
        "S": order.side,
        "o": order.kind,
        "f": shown_time_in_force(order),
        "q": fixed(order.quantity),
        "p": fixed(order.price),
        "P": "0.00000000",
        "F": "0.00000000",
        "g": -1,
        "C": order.client_id if request_id else "",
        "x": execution,
        "X": order.status.value,
        "r": "NONE",
        "i": order.id,
        "l": fixed(fill.quantity if fill else 0),
        "z": fixed(order.filled),
        "L": fixed(fill.price if fill else 0),
        "n": fixed(fill.commission) if fill else "0",
        "N": fill.commission_asset if fill else None,
        "T": order.updated_ms,
        "t": fill.trade_id if fill else -1,
        "I": order.id,
        "w": order.is_open,
        "m": bool(fill and fill.is_maker),
        "M": fill is not None,
        "O": order.created_ms,
        "Z": fixed(order.filled_quote),
        "Y": fixed(fill.quote if fill else 0),
        "Q": fixed(order.quote_quantity),
        "W": order.created_ms,
        "V": "NONE",
    }
