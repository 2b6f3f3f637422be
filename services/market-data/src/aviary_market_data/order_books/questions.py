"""Questions to a book, answered on as many levels as they need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from aviary_exchange.types import Level
from aviary_market_data.feeds.book_text import plain
from aviary_market_data.order_books.analytics import (
    Walk,
    price_for_quote_volume,
    price_for_volume,
    reaches_beyond,
    volume_for_price,
    vwap_for_volume,
)
from aviary_market_data.order_books.service import LEVELS, LEVELS_MAX, BookRead, OrderBooks


@dataclass(frozen=True, slots=True)
class Answered:
    """``reason`` says why the walk has no price, or may lack levels."""

    walk: Walk
    read: BookRead
    reason: str | None


@dataclass(frozen=True, slots=True)
class Which:
    connector_name: str
    trading_pair: str
    is_buy: bool


class BookQuestions:
    def __init__(self, books: OrderBooks) -> None:
        self._books = books

    async def price_for_volume(self, which: Which, volume: Decimal) -> Answered:
        return await self._until_held(which, lambda levels: price_for_volume(levels, volume))

    async def vwap_for_volume(self, which: Which, volume: Decimal) -> Answered:
        return await self._until_held(which, lambda levels: vwap_for_volume(levels, volume))

    async def price_for_quote_volume(self, which: Which, quote_volume: Decimal) -> Answered:
        return await self._until_held(which, lambda levels: price_for_quote_volume(levels, quote_volume))

    async def up_to_price(self, which: Which, price: Decimal) -> Answered:
        """All levels that are not worse; both the volume and the quote volume."""
        read, levels = await self._levels(which, LEVELS)
        if not (reaches_beyond(levels, price, is_buy=which.is_buy) or read.book.is_whole(levels)):
            read, levels = await self._levels(which, LEVELS_MAX)
        walk = volume_for_price(levels, price, is_buy=which.is_buy)
        return Answered(walk, read, _why_not_to_price(which, levels, walk, price, whole=read.book.is_whole(levels)))

    async def _until_held(self, which: Which, walk_over: Callable[[Sequence[Level]], Walk]) -> Answered:
        read, levels = await self._levels(which, LEVELS)
        walk = walk_over(levels)
        if not walk.is_complete and not read.book.is_whole(levels):
            read, levels = await self._levels(which, LEVELS_MAX)
            walk = walk_over(levels)
        return Answered(walk, read, None if walk.is_complete else _too_thin(which, levels, walk))

    async def _levels(self, which: Which, depth: int) -> tuple[BookRead, Sequence[Level]]:
        read = await self._books.read(which.connector_name, which.trading_pair, depth)
        return read, read.book.exact_asks if which.is_buy else read.book.exact_bids


def _too_thin(which: Which, levels: Sequence[Level], walk: Walk) -> str:
    side = "asks" if which.is_buy else "bids"
    return (
        f"The {len(levels)} {side} of {which.trading_pair} hold {plain(walk.volume)} "
        f"worth {plain(walk.quote_volume)}, which is less than asked for."
    )


def _why_not_to_price(which: Which, levels: Sequence[Level], walk: Walk, price: Decimal, *, whole: bool) -> str | None:
    side, worse = ("ask", "above") if which.is_buy else ("bid", "below")
    if not levels:
        return f"{which.trading_pair} has no {side}s."
    if not walk.is_complete:
        return f"The best {side} is {plain(levels[0].price)}, {worse} the price."
    if not whole and not reaches_beyond(levels, price, is_buy=which.is_buy):
        return f"The {len(levels)} levels that were read end at {plain(levels[-1].price)}: there may be more."
    return None
