"""The performance of a bot over its fills: read once, summed exactly, remembered thinly."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from aviary_orchestration.archives.columns import MILLIONTHS
from aviary_orchestration.archives.performance import Traded
from aviary_orchestration.archives.trades import Fill, Market, RawFill


@dataclass(frozen=True, slots=True)
class Point:
    """How things stood right after a fill, for the pair that was filled."""

    fill: Fill
    traded: Traded

    @property
    def market(self) -> Market:
        return Market(self.fill.connector_name, self.fill.trading_pair)

    @property
    def price(self) -> Decimal:
        return _once(self.fill.price)

    @property
    def amount(self) -> Decimal:
        return _once(self.fill.amount)

    @property
    def fee(self) -> Decimal:
        return _once(self.fill.fee_quote)

    @property
    def value(self) -> Decimal:
        return _twice(self.fill.price * self.fill.amount)


class _Running:
    """Python's own integers, in millionths and millionths of millionths: exact, without an end, and quick."""

    __slots__ = ("bought", "bought_value", "fees", "fills", "last", "sold", "sold_value", "volume")

    def __init__(self, last: int) -> None:
        self.last = last
        self.bought = self.bought_value = self.sold = self.sold_value = self.volume = self.fees = self.fills = 0

    def add(self, trade_type: str, price: int, amount: int, fee: int) -> int:
        """How many fills there are now."""
        value = price * amount
        self.volume += value
        self.fees += fee
        if trade_type == "BUY":
            self.bought += amount
            self.bought_value += value
        elif trade_type == "SELL":
            self.sold += amount
            self.sold_value += value
        self.fills += 1
        return self.fills

    def traded(self) -> Traded:
        return Traded(
            bought=_once(self.bought),
            bought_value=_twice(self.bought_value),
            sold=_once(self.sold),
            sold_value=_twice(self.sold_value),
            volume=_twice(self.volume),
            fees=_once(self.fees),
        )


def curve_of(fills: Iterable[RawFill], markets: Mapping[Market, int], max_points: int) -> Iterator[Point]:
    """Every nth point of each market and its last one, by their time; ``markets`` says how many fills each has.

    At most ``max_points``, or one of each market should those be more.
    """
    step = _step(sum(markets.values()), max_points - len(markets))
    running = {market: _Running(fills) for market, fills in markets.items()}
    for fill in fills:
        connector, pair, trade_type, _, price, amount, fee = fill
        state = running[connector, pair]  # type: ignore[index]  # equal to the Market, and a million times quicker
        filled = state.add(trade_type, price, amount, fee)
        if filled % step == 0 or filled == state.last:
            yield Point(Fill._make(fill), state.traded())


def _step(fills: int, room: int) -> int:
    """With no room only the last of each market is kept, which is kept in any case."""
    return max(1, -(-fills // room)) if room > 0 else fills + 1


def _once(millionths: int) -> Decimal:
    return Decimal(millionths).scaleb(MILLIONTHS)


def _twice(millionths_of_millionths: int) -> Decimal:
    return Decimal(millionths_of_millionths).scaleb(2 * MILLIONTHS)
