"""The one way to talk to an exchange.

Everything raises :class:`aviary_exchange.errors.ExchangeError` or one of its children, except ``place`` and ``cancel``,
which answer with an outcome, because "it failed" is not something a caller may conclude from an exception.
Each call carries the deadline of its exchange's settings.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from aviary_exchange.types import (
    Balance,
    Candle,
    Fill,
    FundingInfo,
    FundingPayment,
    FundingRate,
    NewOrder,
    OrderBook,
    OrderReport,
    Outcome,
    Position,
    PositionMode,
    PublicTrade,
    StreamKind,
    Ticker,
    TradingRule,
    UserEvent,
)


class MarketData(Protocol):
    """What anybody may ask of one connector."""

    @property
    def connector(self) -> str: ...

    async def rules(self) -> Mapping[str, TradingRule]:
        """All pairs; kept in memory and refreshed at most once an hour."""
        ...

    async def tickers(self, trading_pairs: Sequence[str] | None = None) -> Mapping[str, Ticker]: ...

    async def order_book(self, trading_pair: str, depth: int) -> OrderBook: ...

    async def recent_trades(self, trading_pair: str, limit: int) -> Sequence[PublicTrade]:
        """The newest ones, oldest first, at most as many as the venue gives in one call."""
        ...

    async def funding_info(self, trading_pair: str) -> FundingInfo:
        """``Unsupported`` on a spot connector."""
        ...

    async def funding_infos(self, trading_pairs: Sequence[str]) -> Mapping[str, FundingInfo]:
        """Of several pairs, in one call where the venue can."""
        ...

    async def funding_rates(self, trading_pair: str, start: datetime, end: datetime) -> Sequence[FundingRate]:
        """All that were settled within both bounds, oldest first; ``Unsupported`` where the venue does not tell."""
        ...

    async def candles(
        self, trading_pair: str, interval: str, *, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[Candle]:
        """Oldest first, the still open candle included when the range reaches it; pages the venue as needed."""
        ...

    def intervals(self) -> Sequence[str]: ...

    async def close(self) -> None: ...


class PublicExchange(MarketData, Protocol):
    """Market data of one connector; needs no key and is shared by everybody in the process.

    A stream raises an ``ExchangeError`` when its connection was lost or fell silent, when what it missed could not be
    made up for, and when a message could not be read; open it again then. A quiet market is no error. Closing an
    iterator unsubscribes, where the venue can, and leaves the other streams of the connection alone. The next item is
    the newest there is, however long the caller took: only trades are kept for it, so many of them as fit.
    """

    def streams(self) -> frozenset[StreamKind]:
        """What the venue can stream; the rest must be polled."""
        ...

    def book_stream(self, trading_pair: str, levels: Callable[[], int]) -> AsyncGenerator[OrderBook]:
        """The best ``levels()`` levels of each side after every change; ``update_id`` rises.

        The first one comes once the snapshot and the diffs have met.
        """
        ...

    def trade_stream(self, trading_pair: str) -> AsyncGenerator[Sequence[PublicTrade]]:
        """New trades in the order in which they happened, none twice; their ids are those of ``recent_trades``."""
        ...

    def candle_stream(self, trading_pair: str, interval: str) -> AsyncGenerator[Sequence[Candle]]:
        """The candles that changed, oldest first, the open one last."""
        ...


class PrivateExchange(MarketData, Protocol):
    """One account at one connector."""

    async def check(self) -> None:
        """Ask the venue whether the credentials work; raises ``CredentialsRefused`` with the venue's words."""
        ...

    def client_id_at_venue(self, client_order_id: str) -> str:
        """The same id, or what always stands for it where the venue's alphabet does not allow it."""
        ...

    async def place(self, order: NewOrder) -> Outcome:
        """Send at most once. Never raises for anything the venue or the network does."""
        ...

    async def cancel(self, trading_pair: str, client_order_id: str, exchange_order_id: str | None) -> Outcome:
        """``Accepted``: cancelled now. ``Rejected``: the venue has no such open order. ``Unknown``: ask again."""
        ...

    async def order(self, trading_pair: str, client_order_id: str) -> OrderReport | None:
        """The order as the venue knows it, or ``None`` when the venue proves that it has none."""
        ...

    async def open_orders(self, trading_pair: str | None = None) -> Sequence[OrderReport]: ...

    async def fills(self, trading_pair: str, *, since: datetime, order_id: str | None = None) -> Sequence[Fill]:
        """Oldest first, complete since the given time (pages the venue as needed).

        ``order_id`` is the exchange's id of the one order whose fills are wanted.
        """
        ...

    async def balances(self) -> Sequence[Balance]:
        """Only what is not zero."""
        ...

    async def positions(self) -> Sequence[Position]: ...

    async def leverage(self, trading_pair: str) -> Decimal | None: ...

    async def set_leverage(self, trading_pair: str, leverage: int) -> None:
        """Of both legs, where there are two. ``ExchangeError`` with the venue's words when it refuses."""
        ...

    async def position_mode(self) -> PositionMode | None:
        """``None``: the venue cannot tell, or has no positions."""
        ...

    async def set_position_mode(self, mode: PositionMode) -> None:
        """For the whole account; "already so" is success. ``Unsupported`` names the connector's modes."""
        ...

    async def funding_payments(self, *, since: datetime, trading_pair: str | None = None) -> Sequence[FundingPayment]:
        """Oldest first, complete since the given time (pages the venue as needed); empty on a spot connector."""
        ...

    def user_events(self) -> AsyncIterator[UserEvent]:
        """Orders, fills and balances as they happen; reconnects by itself and then yields a ``StreamGap``.

        The first event is a ``StreamGap`` too, yielded once the stream is live: what happened before must be fetched.
        """
        ...
