"""Prices fees that were paid in a third currency (an exchange's own coin, say) in the pair's quote currency."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from sqlalchemy import bindparam, func, select, text, update

from aviary_common.database import Database
from aviary_trading.fills.tables import fill
from aviary_trading.prices import Prices

AT_ONCE: Final = 500

# A batch of changes locks its orders by id as well: whoever locked them otherwise could wait for it in a circle.
_IN_ORDER: Final = text("select from trading_order where id = any(:orders) order by id for no key update")

_SUM_UP: Final = text(
    """
    update trading_order stored set fee_quote = sums.fee_quote, version = stored.version + 1
    from (
        select order_id, sum(fee_quote) as fee_quote from fill where order_id = any(:orders)
        group by order_id having bool_and(fee_quote is not null)
    ) sums
    where sums.order_id = stored.id
    """
)


class FeePricer:
    """Takes the price of the next sweep after the fill, which is at most half a minute later."""

    def __init__(self, account_name: str, connector_name: str, database: Database, prices: Prices) -> None:
        self._account = account_name
        self._connector = connector_name
        self._database = database
        self._prices = prices

    async def refresh(self) -> None:
        """What has no price now is tried again at the next turn."""
        async with self._database.single() as connection:
            query = select(fill.c.fee_currency, fill.c.trading_pair).distinct()
            pairs = (
                await connection.execute(
                    query.where(
                        fill.c.account_name == self._account,
                        fill.c.connector_name == self._connector,
                        fill.c.fee_quote.is_(None),
                    ).limit(AT_ONCE)
                )
            ).all()
        if not pairs:
            return
        wanted = {(row.fee_currency, row.trading_pair.partition("-")[2]) for row in pairs}
        prices = await self._prices_of(wanted)
        for row in pairs:
            price = prices.get((row.fee_currency, row.trading_pair.partition("-")[2]))
            if price is not None:
                await self._price(row.fee_currency, row.trading_pair, price)

    async def _price(self, currency: str, trading_pair: str, price: Decimal) -> None:
        """A venue's figure is rounded to what a column holds."""
        priced = (
            update(fill)
            .where(
                fill.c.account_name == self._account,
                fill.c.connector_name == self._connector,
                fill.c.fee_currency == currency,
                fill.c.trading_pair == trading_pair,
                fill.c.fee_quote.is_(None),
            )
            .values(fee_quote=func.round(fill.c.fee * bindparam("price", price), 18))
            .returning(fill.c.order_id)
        )
        async with self._database.transaction() as connection:
            orders = list(set(await connection.scalars(priced)))
            await connection.execute(_IN_ORDER, {"orders": orders})
            await connection.execute(_SUM_UP, {"orders": orders})

    async def _prices_of(self, wanted: set[tuple[str, str]]) -> Mapping[tuple[str, str], Decimal]:
        """Directly, or by way of USDT."""
        asked = {f"{fee}-{quote}" for fee, quote in wanted}
        asked |= {f"{currency}-USDT" for pair in wanted for currency in pair if currency != "USDT"}
        known = await self._prices.known(self._connector, asked)
        in_usdt = {currency: known.get(f"{currency}-USDT") for pair in wanted for currency in pair}
        in_usdt["USDT"] = Decimal(1)
        found = {}
        for fee, quote in wanted:
            fee_usdt, quote_usdt = in_usdt[fee], in_usdt[quote]
            if (direct := known.get(f"{fee}-{quote}")) is not None:
                found[fee, quote] = direct
            elif fee_usdt is not None and quote_usdt:
                found[fee, quote] = fee_usdt / quote_usdt
        return found
