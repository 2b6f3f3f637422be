"""Futures news: ORDER_TRADE_UPDATE, ACCOUNT_UPDATE, and the public trades."""

from aviary_sandbox_exchange.clock import Clock
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.news import Execution
from aviary_sandbox_exchange.engine.orders import Fill, Order
from aviary_sandbox_exchange.futures.margin import mark_price
from aviary_sandbox_exchange.futures.wallets import Wallets
from aviary_sandbox_exchange.history.tape import AggregateTrade, Trade
from aviary_sandbox_exchange.units import fixed
from aviary_sandbox_exchange.ws.hub import Hub, user_topic
from aviary_sandbox_exchange.ws.trades import aggregate_event, trade_event


class FuturesNews:
    def __init__(self, hub: Hub, wallets: Wallets, markets: dict[str, Market], clock: Clock) -> None:
        self._hub = hub
        self._wallets = wallets
        self._markets = markets
        self._clock = clock

    def order_changed(self, order: Order, execution: Execution, fill: Fill | None = None, request_id: str = "") -> None:  # noqa: ARG002
        topic = user_topic("futures", order.account)
        if self._hub.listened(topic):
            now_ms = self._clock.now_ms()
            self._hub.queue(
                topic,
                {
                    "e": "ORDER_TRADE_UPDATE",
                    "T": order.updated_ms,
                    "E": now_ms,
                    "o": order_update(order, execution, fill),
                },
            )
            if fill is not None:
                self._position_changed(topic, order.account, order.pair.symbol, "ORDER")

    def account_changed(self, account: str, assets: tuple[str, ...], symbol: str) -> None:
        """Orders by themselves change no futures wallet; fills have said so already."""

    def deposited(self, account: str, amount: int) -> None:
        topic = user_topic("futures", account)
        if self._hub.listened(topic):
            self._position_changed(topic, account, "", "DEPOSIT" if amount > 0 else "WITHDRAW", amount)

    def _position_changed(self, topic: str, account: str, symbol: str, reason: str, amount: int = 0) -> None:
        wallet = self._wallets.of(account)
        now_ms = self._clock.now_ms()
        positions: list[dict[str, object]] = []
        if symbol:
            market, position = self._markets[symbol], wallet.position(symbol)
            positions.append(
                {
                    "s": symbol,
                    "pa": fixed(position.quantity, market.pair.quantity_decimals),
                    "ep": fixed(position.entry_price),
                    "bep": fixed(position.entry_price),
                    "cr": "0",
                    "up": fixed(position.unrealised(mark_price(market))),
                    "mt": "cross",
                    "iw": "0",
                    "ps": "BOTH",
                }
            )
        balance = {"a": "USDT", "wb": fixed(wallet.amount), "cw": fixed(wallet.amount), "bc": fixed(amount)}
        self._hub.queue(
            topic,
            {"e": "ACCOUNT_UPDATE", "E": now_ms, "T": now_ms, "a": {"m": reason, "B": [balance], "P": positions}},
        )

    def traded(self, market: Market, trade: Trade) -> None:
        topic = f"futures:{market.pair.symbol.lower()}@trade"
        if self._hub.listened(topic):
            self._hub.queue(topic, trade_event(market.pair, trade, self._clock.now_ms()))

    def aggregated(self, market: Market, trade: AggregateTrade) -> None:
        topic = f"futures:{market.pair.symbol.lower()}@aggTrade"
        if self._hub.listened(topic):
            self._hub.queue(topic, aggregate_event(market.pair, trade, self._clock.now_ms()))


def order_update(order: Order, execution: Execution, fill: Fill | None) -> dict[str, object]:
    prices, quantities = order.pair.price_decimals, order.pair.quantity_decimals
    update: dict[str, object] = {
        "s": order.pair.symbol,
        "c": order.client_id,
        "S": order.side,
        "o": order.kind,
        "f": order.time_in_force,
        "q": fixed(order.quantity, quantities),
        "p": fixed(order.price, prices),
        "ap": fixed(order.average_price),
        "sp": "0",
        "x": execution,
        "X": order.status.value,
        "i": order.id,
        "l": fixed(fill.quantity if fill else 0, quantities),
        "z": fixed(order.filled, quantities),
        "L": fixed(fill.price if fill else 0, prices),
        "T": order.updated_ms,
        "t": fill.trade_id if fill else 0,
        "b": "0",
        "a": "0",
        "m": bool(fill and fill.is_maker),
        "R": order.reduce_only,
        "wt": "CONTRACT_PRICE",
        "ot": order.kind,
        "ps": "BOTH",
        "cp": False,
        "rp": fixed(fill.realised if fill else 0),
        "pP": False,
        "si": 0,
        "ss": 0,
        "V": "NONE",
        "pm": "NONE",
        "gtd": 0,
    }
    if fill is not None:
        update |= {"N": fill.commission_asset, "n": fixed(fill.commission)}
    return update
