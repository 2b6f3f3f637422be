"""The house's quotes on one pair: a tight touch around the fair price and a grid behind it."""

from random import Random

from aviary_sandbox_exchange.engine.desk import Desk
from aviary_sandbox_exchange.engine.draft import Draft
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.orders import Kind, Order, OrderSide, TimeInForce
from aviary_sandbox_exchange.ledger import HOUSE
from aviary_sandbox_exchange.units import SCALE

TOUCH_LEVELS = 3
GRID_LEVELS = 22
GRID_STEP = 0.0002
TOUCH_WORTH = 8_000
GRID_WORTH = 30_000
TAKE_WORTH = 500.0
BTC_IN_USDT = 65_000
ROUNDING = 1e-6
"""Of a tick: a price that is a whole number of ticks stays that, although it comes as a float."""


class Maker:
    """Grid levels sit on fixed prices, so that a small move replaces the touch only and the depth diffs stay small."""

    def __init__(self, desk: Desk, market: Market, random: Random) -> None:
        self._desk = desk
        self._market = market
        self._random = random
        self._quotes: dict[tuple[OrderSide, int], Order] = {}
        self._worth_of_one = SCALE // BTC_IN_USDT if market.pair.quote == "BTC" else SCALE

    def quote(self, fair: float) -> None:
        """Move the quotes around the fair price, trading through whatever users have resting beyond it."""
        pair = self._market.pair
        bid = max(int(fair * SCALE / pair.tick + ROUNDING), 1) * pair.tick
        ask = bid + pair.tick
        wanted: dict[tuple[OrderSide, int], int] = {}
        self._ladder(wanted, "BUY", bid)
        self._ladder(wanted, "SELL", ask)
        for key, order in list(self._quotes.items()):
            size = wanted.get(key)
            if size is not None and order.is_open and order.remaining * 2 > size:
                continue
            del self._quotes[key]
            if order.is_open:
                self._desk.cancel(order)
        self._sweep("SELL", ask)
        self._sweep("BUY", bid)
        for key, size in wanted.items():
            if key not in self._quotes:
                self._quotes[key] = self._send(key[0], "LIMIT", "GTC", key[1], size)

    def take(self, side: OrderSide, worth: float = 0.0) -> None:
        """A market order of the house: random, around ``TAKE_WORTH`` USDT, unless told otherwise."""
        pair = self._market.pair
        worth = worth or self._random.expovariate(1 / TAKE_WORTH)
        quantity = int(worth * self._worth_of_one * SCALE / self._market.tape.last_price / pair.step) * pair.step
        self._send(side, "MARKET", "IOC", 0, max(quantity, pair.step))

    def take_exactly(self, side: OrderSide, quantity: int) -> None:
        self._send(side, "MARKET", "IOC", 0, quantity)

    def _sweep(self, side: OrderSide, price: int) -> None:
        crossed = 0
        for level in self._market.book.opposite(side):
            if level.price < price if side == "SELL" else level.price > price:
                break
            crossed += level.total
        if crossed:
            self._send(side, "LIMIT", "IOC", price, crossed)

    def _ladder(self, wanted: dict[tuple[OrderSide, int], int], side: OrderSide, touch: int) -> None:
        pair = self._market.pair
        away = -1 if side == "BUY" else 1
        for level in range(TOUCH_LEVELS):
            self._want(wanted, side, touch + away * level * pair.tick, TOUCH_WORTH)
        gap = max(int(touch * GRID_STEP / pair.tick), 1) * pair.tick
        gap = 1 << (gap - 1).bit_length() if gap > 1 else gap
        gap = max(gap // pair.tick, 1) * pair.tick
        price = (touch + away * TOUCH_LEVELS * pair.tick) // gap * gap + (gap if side == "SELL" else 0)
        for _ in range(GRID_LEVELS):
            self._want(wanted, side, price, GRID_WORTH)
            price += away * gap

    def _want(self, wanted: dict[tuple[OrderSide, int], int], side: OrderSide, price: int, worth: int) -> None:
        if price <= 0:
            return
        pair = self._market.pair
        spread = (price // pair.tick * 2_654_435_761 >> 7) % 1_000
        worth_here = worth * self._worth_of_one * (250 + spread) // 1_000
        quantity = worth_here * SCALE // price // pair.step * pair.step
        wanted[side, price] = max(quantity, pair.step)

    def _send(self, side: OrderSide, kind: Kind, time_in_force: TimeInForce, price: int, quantity: int) -> Order:
        return self._desk.place_house(
            Draft(HOUSE, self._market.pair, side, kind, time_in_force, "", price, quantity, house=True)
        )
