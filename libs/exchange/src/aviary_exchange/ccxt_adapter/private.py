"""One account at one connector through ccxt."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from aviary_common.rates.budget import Priority, SharedWindow
from aviary_exchange.catalogue import Connector
from aviary_exchange.ccxt_adapter import binance, fills, funding, outcomes, position_settings, reports
from aviary_exchange.ccxt_adapter.client_ids import ClientIds
from aviary_exchange.ccxt_adapter.legs import check_mode
from aviary_exchange.ccxt_adapter.look_up import find_order
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.orders import ID_PARAMS, NO_ID_PARAMS, needs_price_for_market_buy, order_arguments
from aviary_exchange.ccxt_adapter.public import CcxtPublicExchange
from aviary_exchange.ccxt_adapter.raw import Raw, plain, to_decimal
from aviary_exchange.ccxt_adapter.user_stream import user_events
from aviary_exchange.errors import Unsupported
from aviary_exchange.quantise import check_time_in_force
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import (
    Balance,
    Fill,
    FundingPayment,
    NewOrder,
    OrderReport,
    Outcome,
    Position,
    PositionMode,
    UserEvent,
)


class CcxtPrivateExchange(CcxtPublicExchange):
    def __init__(
        self,
        connector: Connector,
        credentials: Mapping[str, str],
        settings: ExchangeSettings,
        window: SharedWindow | None = None,
    ) -> None:
        super().__init__(connector, settings, credentials, window)
        self._ids = ClientIds(self._exchange.id)

    @property
    def _exchange(self) -> Any:
        return self._session.exchange

    @property
    def _connector(self) -> Connector:
        return self._session.connector

    async def check(self) -> None:
        await self.balances()

    def client_id_at_venue(self, client_order_id: str) -> str:
        return self._ids.to_venue(client_order_id)

    async def place(self, order: NewOrder) -> Outcome:
        async def send(table: MarketTable) -> Raw:
            listing = table.pairs.listing(order.trading_pair)
            self._check(order, table)
            arguments = order_arguments(
                order, listing, self._ids, ccxt_id=self._exchange.id, is_perpetual=self._connector.is_perpetual
            )
            price = arguments.price
            if needs_price_for_market_buy(self._exchange.id, self._connector, order):
                price = plain(await self._best_ask(listing.symbol))
            placed: Raw = await self._exchange.create_order(
                arguments.symbol, arguments.type, arguments.side, arguments.amount, price, dict(arguments.params)
            )
            return placed

        return outcomes.of_placing(await self._session.attempt(send, Priority.TRADING))

    async def cancel(self, trading_pair: str, client_order_id: str, exchange_order_id: str | None) -> Outcome:
        async def send(table: MarketTable) -> Raw:
            symbol = table.pairs.listing(trading_pair).symbol
            param = ID_PARAMS.get(self._exchange.id, NO_ID_PARAMS).cancel
            if param is None and exchange_order_id is None:
                raise Unsupported(f"{self.connector} cancels by the exchange's order id only, and that is not known.")
            params = {param: self._ids.to_venue(client_order_id)} if param else {}
            cancelled: Raw = await self._exchange.cancel_order(None if param else exchange_order_id, symbol, params)
            return cancelled

        return outcomes.of_cancelling(await self._session.attempt(send, Priority.TRADING), exchange_order_id)

    async def order(self, trading_pair: str, client_order_id: str) -> OrderReport | None:
        return await find_order(self._session, self._ids, trading_pair, client_order_id)

    async def open_orders(self, trading_pair: str | None = None) -> Sequence[OrderReport]:
        async def read(table: MarketTable) -> Sequence[OrderReport]:
            symbol = None if trading_pair is None else table.pairs.listing(trading_pair).symbol
            found = []
            for order in await self._exchange.fetch_open_orders(symbol):
                listing = table.pairs.of_symbol(order["symbol"])
                if listing is not None:
                    found.append(reports.order_report(order, listing, self._ids))
            return found

        return await self._session.ask(read, Priority.ACCOUNT)

    async def fills(self, trading_pair: str, *, since: datetime, order_id: str | None = None) -> Sequence[Fill]:
        if order_id is not None and self._session.binance_like:
            trades = await fills.trades_of_order(self._session, trading_pair, order_id)
        else:
            trades = await fills.trades_since(self._session, trading_pair, since)
        listing = (await self._session.table()).pairs.listing(trading_pair)
        found = [reports.fill(trade, listing, self._ids) for trade in trades]
        return [fill for fill in found if order_id in (None, fill.exchange_order_id) and fill.at >= since]

    async def balances(self) -> Sequence[Balance]:
        async def read(_: MarketTable) -> Sequence[Balance]:
            if self._exchange.id == "binanceusdm":
                return await binance.wallet(self._exchange)
            return reports.balances(await self._exchange.fetch_balance())

        return await self._session.ask(read, Priority.ACCOUNT)

    async def positions(self) -> Sequence[Position]:
        """Empty on a spot connector."""
        if not self._connector.is_perpetual:
            return []

        async def read(table: MarketTable) -> Sequence[Position]:
            if self._session.binance_like:
                return await binance.positions(self._exchange, table.pairs)
            found = [reports.position(raw, table.pairs) for raw in await self._exchange.fetch_positions()]
            return [position for position in found if position is not None]

        return await self._session.ask(read, Priority.ACCOUNT)

    async def leverage(self, trading_pair: str) -> Decimal | None:
        """``None`` on a spot connector, and where the venue does not tell."""
        if not self._connector.is_perpetual:
            return None

        async def read(table: MarketTable) -> Decimal | None:
            listing = table.pairs.listing(trading_pair)
            if self._session.binance_like:
                row = await binance.leverage(self._exchange, listing)
                return to_decimal(row.get("leverage")) if row else None
            if not self._exchange.has.get("fetchLeverage"):
                return None
            return to_decimal((await self._exchange.fetch_leverage(listing.symbol)).get("longLeverage"))

        return await self._session.ask(read, Priority.ACCOUNT)

    async def set_leverage(self, trading_pair: str, leverage: int) -> None:
        await position_settings.set_leverage(self._session, trading_pair, leverage)

    async def position_mode(self) -> PositionMode | None:
        return await position_settings.position_mode(self._session)

    async def set_position_mode(self, mode: PositionMode) -> None:
        await position_settings.set_position_mode(self._session, mode)

    async def funding_payments(self, *, since: datetime, trading_pair: str | None = None) -> Sequence[FundingPayment]:
        return await funding.funding_payments(self._session, since, trading_pair)

    def user_events(self) -> AsyncIterator[UserEvent]:
        return user_events(self._session, self._ids, self.balances)

    def _check(self, order: NewOrder, table: MarketTable) -> None:
        """What would go out and be refused, or mean something else there, does not go out."""
        rule = table.rules[table.pairs.listing(order.trading_pair).trading_pair]
        if reason := check_time_in_force(rule, order.order_type, order.time_in_force):
            raise Unsupported(reason)
        if self._connector.is_perpetual:
            check_mode(self._connector, order.position_mode)

    async def _best_ask(self, symbol: str) -> Decimal:
        ask = to_decimal((await self._exchange.fetch_ticker(symbol)).get("ask"))
        if ask is None:
            raise Unsupported("A market buy needs a price here, and there is no offer.")
        return ask
