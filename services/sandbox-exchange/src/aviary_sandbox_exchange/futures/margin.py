"""How much of a futures wallet is tied up, at the one leverage that exists so far."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.orders import Order
from aviary_sandbox_exchange.futures.wallets import Wallet, Wallets
from aviary_sandbox_exchange.units import notional

LEVERAGE = 20
MAINTENANCE_DIVISOR = 250
"""0.4 % of the position's notional."""


def mark_price(market: Market) -> int:
    """The middle of the book, else the last price."""
    bid, ask = market.best_bid, market.best_ask
    return (bid + ask) // 2 if bid and ask else market.tape.last_price


@dataclass(frozen=True, slots=True)
class Margin:
    """One account's state, in 1e-8 USDT."""

    wallet: int
    unrealised: int
    position_initial: int
    order_initial: int
    maintenance: int

    @property
    def available(self) -> int:
        return max(self.wallet + self.unrealised - self.position_initial - self.order_initial, 0)


class Margins:
    def __init__(
        self, wallets: Wallets, markets: dict[str, Market], open_orders: Callable[[str], Iterable[Order]]
    ) -> None:
        self._wallets = wallets
        self._markets = markets
        self._open_orders = open_orders

    def of(self, account: str, extra: Iterable[tuple[Order, int]] = ()) -> Margin:
        """``extra`` are orders, with a price each, that are to be counted as if they were open."""
        wallet = self._wallets.of(account)
        orders = [(order, order.price) for order in self._open_orders(account)]
        exposure = self._exposure(wallet, [*orders, *extra])
        unrealised = held = maintenance = 0
        for symbol, position in wallet.positions.items():
            mark = mark_price(self._markets[symbol])
            unrealised += position.unrealised(mark)
            worth = abs(notional(mark, position.quantity))
            held += worth // LEVERAGE
            maintenance += worth // MAINTENANCE_DIVISOR
        return Margin(wallet.amount, unrealised, held, max(exposure // LEVERAGE - held, 0), maintenance)

    def _exposure(self, wallet: Wallet, orders: list[tuple[Order, int]]) -> int:
        """Per symbol the greater of what it would be worth if all buys, or all sells, were filled."""
        buys: dict[str, int] = {}
        sells: dict[str, int] = {}
        for order, price in orders:
            if not order.reduce_only:
                side = buys if order.side == "BUY" else sells
                side[order.pair.symbol] = side.get(order.pair.symbol, 0) + notional(price, order.remaining)
        exposure = 0
        for symbol in {*buys, *sells, *wallet.positions}:
            position = wallet.positions.get(symbol)
            held = notional(mark_price(self._markets[symbol]), position.quantity) if position else 0
            exposure += max(abs(held + buys.get(symbol, 0)), abs(held - sells.get(symbol, 0)), abs(held))
        return exposure
