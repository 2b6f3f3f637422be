"""Futures news: ORDER_TRADE_UPDATE, ACCOUNT_UPDATE, ACCOUNT_CONFIG_UPDATE, MARGIN_CALL, and the public trades."""

from collections.abc import Mapping, Sequence
from typing import Literal

from aviary_sandbox_exchange.clock import Clock
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.news import Execution
from aviary_sandbox_exchange.engine.orders import Fill, Order
from aviary_sandbox_exchange.futures.margin import Margin
from aviary_sandbox_exchange.futures.marks import Marks
from aviary_sandbox_exchange.futures.wallets import Wallets
from aviary_sandbox_exchange.history.tape import AggregateTrade, Trade
from aviary_sandbox_exchange.units import fixed
from aviary_sandbox_exchange.ws.hub import Hub, user_topic
from aviary_sandbox_exchange.ws.trades import aggregate_event, trade_event

Json = dict[str, object]
Reason = Literal["ORDER", "FUNDING_FEE", "INSURANCE_CLEAR", "DEPOSIT", "WITHDRAW"]


class FuturesNews:
    def __init__(self, hub: Hub, wallets: Wallets, markets: Mapping[str, Market], marks: Marks, clock: Clock) -> None:
        self._hub = hub
        self._wallets = wallets
        self._markets = markets
        self._marks = marks
        self._clock = clock

    def order_changed(self, order: Order, execution: Execution, fill: Fill | None = None, request_id: str = "") -> None:  # noqa: ARG002
        if not self._hub.listened(user_topic("futures", order.account)):
            return
        self._tell(order.account, "ORDER_TRADE_UPDATE", order.updated_ms, {"o": order_update(order, execution, fill)})
        if fill is not None:
            self._account_updated(order.account, "ORDER", positions=[self._position(order)])

    def account_changed(self, account: str, assets: tuple[str, ...], symbol: str) -> None:
        """Orders by themselves change no futures wallet; fills have said so already."""

    def wallet_changed(self, account: str, reason: Reason, amount: int) -> None:
        """By something else than a trade; Binance names no position then."""
        self._account_updated(account, reason, amount)

    def leverage_changed(self, account: str, symbol: str, leverage: int) -> None:
        self._tell(account, "ACCOUNT_CONFIG_UPDATE", self._clock.now_ms(), {"ac": {"s": symbol, "l": leverage}})

    def margin_called(self, account: str, margin: Margin) -> None:
        held = [leg for leg in margin.legs if leg.position.quantity]
        positions = [
            {
                "s": leg.market.pair.symbol,
                "ps": leg.side,
                "pa": fixed(leg.position.quantity, leg.market.pair.quantity_decimals),
                "mt": "CROSSED",
                "iw": "0",
                "mp": fixed(leg.mark),
                "up": fixed(leg.unrealised),
                "mm": fixed(leg.maintenance),
            }
            for leg in held
        ]
        self._tell(account, "MARGIN_CALL", None, {"cw": fixed(margin.wallet), "p": positions})

    def _account_updated(self, account: str, reason: Reason, amount: int = 0, positions: Sequence[Json] = ()) -> None:
        wallet = fixed(self._wallets.of(account).amount)
        balance = {"a": "USDT", "wb": wallet, "cw": wallet, "bc": fixed(amount)}
        update = {"m": reason, "B": [balance], "P": list(positions)}
        self._tell(account, "ACCOUNT_UPDATE", self._clock.now_ms(), {"a": update})

    def _position(self, order: Order) -> Json:
        market = self._markets[order.pair.symbol]
        position = self._wallets.of(order.account).position(order.pair.symbol, order.position_side)
        return {
            "s": order.pair.symbol,
            "pa": fixed(position.quantity, order.pair.quantity_decimals),
            "ep": fixed(position.entry_price),
            "bep": fixed(position.entry_price),
            "cr": "0",
            "up": fixed(position.unrealised(self._marks.of(market))),
            "mt": "cross",
            "iw": "0",
            "ps": order.position_side,
        }

    def _tell(self, account: str, name: str, time_ms: int | None, body: Json) -> None:
        at = {} if time_ms is None else {"T": time_ms}
        self._hub.queue(user_topic("futures", account), {"e": name, "E": self._clock.now_ms(), **at, **body})

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
        "x": "CALCULATED" if order.kind == "LIQUIDATION" and execution == "TRADE" else execution,
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
        "ps": order.position_side,
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
