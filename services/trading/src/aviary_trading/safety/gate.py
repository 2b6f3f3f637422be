"""What stands before the send of an order whose account is halted or has limits.

Accounts with neither never come here: the statement that writes an intent sees that itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from aviary_common.database import Database
from aviary_common.errors import Forbidden, Unavailable
from aviary_common.timestamps import utc_now
from aviary_trading.orders import writes
from aviary_trading.orders.record import Intent, Order
from aviary_trading.prices import Prices
from aviary_trading.safety import store
from aviary_trading.safety.limits import Exposure, RiskLimits, refusal


@dataclass(frozen=True, slots=True)
class _Worth:
    """In dollars; zero where no limit asks for it."""

    notional: Decimal
    daily_loss: Decimal


class Gate:
    def __init__(self, database: Database, prices: Prices, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._prices = prices
        self._clock = clock

    async def admit(self, intent: Intent, reference_price: Decimal | None) -> Order | None:
        """Write the intent if the account's limits allow it; one order of an account at a time, so that many at once
        do not slip through together. ``None`` when the client order id is taken.

        Raises ``Forbidden``, and ``Unavailable`` when a limit cannot be checked for want of a price.
        """
        worth = await self._worth(intent, reference_price)
        async with self._database.transaction() as connection:
            await store.hold_account(connection, intent.account_name)
            if (halted := await store.halt_of(connection, intent.account_name)) is not None:
                raise Forbidden(
                    f"Trading of {intent.account_name} is halted since {halted.at:%Y-%m-%d %H:%M:%S} UTC"
                    f" ({halted.reason}); release it first.",
                    code="trading_halted",
                )
            now = self._clock()
            limits = await store.limits_of(connection, intent.account_name)
            if limits is not None:
                exposure = Exposure(
                    notional=worth.notional,
                    daily_loss=worth.daily_loss,
                    open_orders=await store.open_orders(connection, intent.account_name),
                    orders_this_minute=await store.orders_since(
                        connection, intent.account_name, now - timedelta(minutes=1)
                    ),
                )
                if (reason := refusal(limits, intent, exposure)) is not None:
                    raise Forbidden(f"A limit of {intent.account_name} refuses the order: {reason}", code="risk_limit")
            (order,) = await writes.write_intents(connection, [intent], now, admitted=True)
            return order

    async def _worth(self, intent: Intent, reference_price: Decimal | None) -> _Worth:
        async with self._database.single() as connection:
            limits = await store.limits_of(connection, intent.account_name) or RiskLimits()
        notional, loss = Decimal(0), Decimal(0)
        if limits.max_order_notional is not None:
            notional = await self._notional(intent, reference_price)
        if limits.max_daily_loss is not None:
            loss = await self._daily_loss(intent.account_name)
        return _Worth(notional, loss)

    async def _notional(self, intent: Intent, reference_price: Decimal | None) -> Decimal:
        price = intent.price or reference_price
        if price is None:
            raise _no_price(intent.trading_pair)
        quote = intent.trading_pair.partition("-")[2]
        return intent.amount * price * await self._prices.in_usd(intent.connector_name, quote)

    async def _daily_loss(self, account_name: str) -> Decimal:
        """The day's trading, marked at the last price: quote received less quote paid, what is left of the base
        at its price now, less fees; summed over pairs in dollars. What the account held before does not count."""
        today = self._clock().replace(hour=0, minute=0, second=0, microsecond=0)
        async with self._database.single() as connection:
            flows = await store.flows_since(connection, account_name, today)
        result = Decimal(0)
        for flow in flows:
            price = await self._prices.of(flow.connector_name, flow.trading_pair) if flow.base else Decimal(0)
            if price is None:
                raise Unavailable(
                    "market-data", f"There is no price of {flow.trading_pair} to hold the limits against."
                )
            quote = flow.trading_pair.partition("-")[2]
            in_quote = flow.quote + flow.base * price - flow.fee_quote
            result += in_quote * await self._prices.in_usd(flow.connector_name, quote)
        return -result


def _no_price(trading_pair: str) -> Unavailable:
    return Unavailable("market-data", f"There is no price of {trading_pair} to hold the limits against.")
