"""A paper account as an exchange: the markets are a real venue's, the account is in our own tables."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from aviary_common.errors import Unavailable
from aviary_exchange.catalogue import FeeRates, find
from aviary_exchange.errors import ExchangeError, Unsupported
from aviary_exchange.port import PublicExchange
from aviary_exchange.quantise import check, check_time_in_force
from aviary_exchange.renamed import RenamedExchange
from aviary_exchange.types import (
    Accepted,
    Balance,
    Fill,
    FundingPayment,
    NewOrder,
    OrderBook,
    OrderReport,
    OrderType,
    Outcome,
    Position,
    PositionMode,
    Rejected,
    Unknown,
    UserEvent,
)
from aviary_trading.paper import reports
from aviary_trading.paper.desk import Declined, Desk, Repeated
from aviary_trading.paper.latency import Latency
from aviary_trading.paper.looks import Looks
from aviary_trading.paper.matching import WOULD_TAKE, would_take
from aviary_trading.paper.reserve import NO_OFFER, needed_for
from aviary_trading.paper.stream import PaperStream

USUAL_FEES: Final = FeeRates(maker=Decimal("0.001"), taker=Decimal("0.001"))
"""Where the catalogue knows none."""
NEEDS_BOOK: Final = frozenset({OrderType.MARKET, OrderType.LIMIT_MAKER})
NO_SUCH_ORDER: Final = "Unknown order sent."


class PaperExchange(RenamedExchange):
    """The market data are shared: whoever opened them closes them."""

    def __init__(
        self, connector_name: str, markets: PublicExchange, desk: Desk, looks: Looks, latency: Latency
    ) -> None:
        super().__init__(connector_name, markets)
        self._desk = desk
        self._looks = looks
        self._latency = latency
        self._something_new = asyncio.Event()

    async def check(self) -> None:
        """There is nothing to refuse."""

    def client_id_at_venue(self, client_order_id: str) -> str:
        return client_order_id

    async def place(self, order: NewOrder) -> Outcome:
        """The answer comes when the order has arrived; it is matched right after."""
        try:
            await self._check(order)
            await asyncio.sleep(self._latency.seconds(f"place {order.client_order_id}"))
            return await self._arrive(order)
        except Declined as reason:
            return Rejected(str(reason))
        except ExchangeError as error:
            return Rejected(error.detail, is_away=error.status == Unavailable.status)
        except Repeated as error:
            return Unknown(str(error))
        except Unavailable as error:
            return Unknown(error.detail)

    async def cancel(self, trading_pair: str, client_order_id: str, exchange_order_id: str | None) -> Outcome:  # noqa: ARG002
        """What fills while the cancellation is under way is filled."""
        await asyncio.sleep(self._latency.seconds(f"cancel {client_order_id}"))
        try:
            cancelled = await self._desk.cancel(client_order_id)
        except Unavailable as error:
            return Unknown(error.detail)
        if cancelled is None:
            return Rejected(NO_SUCH_ORDER)
        self._something_new.set()
        return Accepted(str(cancelled.id))

    async def order(self, trading_pair: str, client_order_id: str) -> OrderReport | None:  # noqa: ARG002
        found = await self._desk.order(client_order_id)
        return None if found is None else reports.report(found)

    async def open_orders(self, trading_pair: str | None = None) -> Sequence[OrderReport]:
        return [reports.report(order) for order in await self._desk.open_orders(trading_pair)]

    async def fills(self, trading_pair: str, *, since: datetime, order_id: str | None = None) -> Sequence[Fill]:
        wanted = None if order_id is None else int(order_id)
        return [reports.fill(order, item) for order, item in await self._desk.fills(trading_pair, since, wanted)]

    async def balances(self) -> Sequence[Balance]:
        return reports.balances(await self._desk.holdings())

    async def reset(self, balances: Mapping[str, Decimal]) -> int:
        """Begin anew; open orders are cancelled. How many those were."""
        cancelled = await self._desk.reset(balances)
        self._something_new.set()
        return cancelled

    def user_events(self) -> AsyncIterator[UserEvent]:
        rates = find(self.connector).fees or USUAL_FEES
        return PaperStream(self._desk, self, self._looks, rates, self._something_new).events()

    async def positions(self) -> Sequence[Position]:
        return []

    async def leverage(self, trading_pair: str) -> Decimal | None:  # noqa: ARG002
        return None

    async def set_leverage(self, trading_pair: str, leverage: int) -> None:  # noqa: ARG002
        raise Unsupported(f"{self.connector} has no leverage to set.")

    async def position_mode(self) -> PositionMode | None:
        return None

    async def set_position_mode(self, mode: PositionMode) -> None:  # noqa: ARG002
        raise Unsupported(f"{self.connector} has no positions.")

    async def funding_payments(self, *, since: datetime, trading_pair: str | None = None) -> Sequence[FundingPayment]:  # noqa: ARG002
        return []

    async def close(self) -> None:
        """Nothing of it is open."""

    async def _check(self, order: NewOrder) -> None:
        rule = (await self.rules()).get(order.trading_pair)
        if rule is None:
            raise Declined(f"{self.connector} does not list {order.trading_pair}.")
        reason = check(rule, order.order_type, order.amount, order.price, None)
        if reason := reason or check_time_in_force(rule, order.order_type, order.time_in_force):
            raise Declined(reason)

    async def _arrive(self, order: NewOrder) -> Outcome:
        book = await self._book(order.trading_pair) if order.order_type in NEEDS_BOOK else None
        if order.order_type is OrderType.LIMIT_MAKER and book is not None and would_take(order, book):
            raise Declined(WOULD_TAKE)
        need = needed_for(order, book if order.order_type is OrderType.MARKET else None)
        if need is None:
            raise Declined(NO_OFFER)
        order_id = await self._desk.place(order, need)
        self._something_new.set()
        return Accepted(str(order_id))

    async def _book(self, trading_pair: str) -> OrderBook:
        now = asyncio.get_running_loop().time()
        return (await self._looks.at(trading_pair, not_before=now, trades=False)).book
