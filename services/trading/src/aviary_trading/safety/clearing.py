"""Taking an account off one venue: every open order cancelled, and positions closed if wanted."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aviary_common import context, logs
from aviary_common.cancelling import together
from aviary_common.errors import AviaryError
from aviary_exchange import catalogue
from aviary_exchange.port import PrivateExchange
from aviary_exchange.types import (
    Accepted,
    OrderReport,
    OrderType,
    Position,
    PositionAction,
    PositionSide,
    TradeType,
    TradingRule,
)
from aviary_trading.orders.record import Order
from aviary_trading.orders.recorder import Recorder
from aviary_trading.orders.schemas import PlaceOrder
from aviary_trading.orders.service import Orders
from aviary_trading.safety.schemas import Cleared, Closing
from aviary_trading.venues import Key, Venues

log = logs.get(__name__)

AT_ONCE: Final = 10
ROUNDS: Final = 3


class Clearing:
    def __init__(self, venues: Venues, recorder: Recorder, orders: Orders) -> None:
        self._venues = venues
        self._recorder = recorder
        self._orders = orders

    async def clear(self, key: Key, *, flatten: bool) -> Cleared:
        """What one venue does not do is told, and stops nothing at another."""
        done = Cleared(account_name=key[0], connector_name=key[1])
        try:
            exchange = await self._venues.private(*key)
            await self._cancel_everything(key, exchange, done)
            if flatten and catalogue.find(key[1]).is_perpetual:
                await self._close_positions(key, exchange, done)
        except AviaryError as error:
            done.problem = error.detail
        return done

    async def cancel_ours(self, key: Key) -> int:
        """How many of our own orders there are still open after trying to cancel them all."""
        await self._cancel_each(
            [order for order in await self._active(key) if order.order_type is not OrderType.MARKET]
        )
        return len(await self._active(key))

    async def _cancel_everything(self, key: Key, exchange: PrivateExchange, done: Cleared) -> None:
        """Ours by our own books, which know also what has not arrived yet; then whatever else the venue shows."""
        open_before = {order.client_order_id for order in await self._active(key)}
        for _ in range(ROUNDS):
            left = await self.cancel_ours(key)
            others = await self._others(key, exchange)
            done.cancelled += await _cancel_reports(exchange, others)
            done.still_open = left + len(await self._others(key, exchange))
            if not done.still_open:
                break
        done.cancelled += len(open_before) - len(
            open_before & {item.client_order_id for item in await self._active(key)}
        )

    async def _active(self, key: Key) -> list[Order]:
        return [order for order in await self._recorder.unsettled(*key) if not order.is_final]

    async def _others(self, key: Key, exchange: PrivateExchange) -> list[OrderReport]:
        """Open orders at the venue that are none of ours."""
        ours = {order.client_order_id for order in await self._recorder.unsettled(*key)}
        return [report for report in await exchange.open_orders() if report.client_order_id not in ours]

    async def _cancel_each(self, orders: list[Order]) -> None:
        waiting = asyncio.Semaphore(AT_ONCE)

        async def cancel(order: Order) -> None:
            async with waiting:
                try:
                    with context.about(client_order_id=order.client_order_id):
                        await self._orders.cancel(order.account_name, order.connector_name, order.client_order_id)
                except AviaryError as error:
                    log.warning("not cancelled yet", client_order_id=order.client_order_id, error=error.detail)

        await together(*(cancel(order) for order in orders))

    async def _close_positions(self, key: Key, exchange: PrivateExchange, done: Cleared) -> None:
        rules = await exchange.rules()
        for position in await exchange.positions():
            for amount in _portions(position.amount, rules[position.trading_pair]):
                with context.about():
                    order = await self._orders.place(_closing(key, position, amount), admitted=True)
                done.closing.append(
                    Closing(
                        trading_pair=position.trading_pair,
                        side=position.side,
                        amount=amount.normalize(),
                        order_id=order.client_order_id,
                    )
                )


async def _cancel_reports(exchange: PrivateExchange, reports: list[OrderReport]) -> int:
    outcomes = [
        await exchange.cancel(report.trading_pair, report.client_order_id, report.exchange_order_id)
        for report in reports
    ]
    return sum(isinstance(outcome, Accepted) for outcome in outcomes)


def _portions(amount: Decimal, rule: TradingRule) -> Iterator[Decimal]:
    """A position may be larger than the largest order."""
    largest = rule.max_amount or amount
    while amount > 0:
        yield min(amount, largest)
        amount -= largest


def _closing(key: Key, position: Position, amount: Decimal) -> PlaceOrder:
    return PlaceOrder(
        account_name=key[0],
        connector_name=key[1],
        trading_pair=position.trading_pair,
        trade_type=TradeType.SELL if position.side is PositionSide.LONG else TradeType.BUY,
        order_type=OrderType.MARKET,
        amount=amount,
        position_action=PositionAction.CLOSE,
    )
